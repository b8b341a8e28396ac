"""The power of a design, without simulation."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln, xlog1py, xlogy

from relsurvey.errors import ModelError
from relsurvey.planning.power.design import Design
from relsurvey.planning.power.formula_three_levels import three_level_power
from relsurvey.planning.power.formula_two_levels import two_level_power
from relsurvey.planning.power.sizes import Sizes

__all__ = ["formula_power", "no_value"]

Floats = npt.NDArray[np.float64]

FEW = 30
RARE = 1e-4  # a number of workers left that is less likely plays no part


def formula_power(design: Design) -> float:
    """Return the power of the test that the association will be given.

    Parameters
    ----------
    design : Design
        Complete: workers, service users and correlation are known.

    Returns
    -------
    float
        Probability of p < alpha in the random-intercept model with Satterthwaite's degrees of
        freedom, or those of Kenward and Roger where there are teams. Workers who are left
        without any service user drop out, and how many do is left to chance. NaN where numbers
        of service users differ so much, with so few workers, that the approximation to their
        information has no meaning (see ``no_value``).

    Examples
    --------
    >>> round(formula_power(Design(100, 8, 0.5, 0.12)), 2)
    0.96
    """
    sizes = design.sizes
    asked = design.workers_answering
    if sizes.none == 0.0:
        return min(_given(design, asked, sizes), 1.0)  # weights sum to 1 but for rounding
    some = sizes.of_those_with_any()
    numbers, chances = _workers_left(asked, sizes.none)
    found = [_given(design, int(number), some) for number in numbers]
    return min(float(chances @ np.array(found)), 1.0)


def no_value(design: Design) -> ModelError:
    """Return the error of a design for which there is no formula."""
    return ModelError(
        f"There is no formula for {design.n_workers:,} workers with {design.users_per_worker:g} "
        "service users each whose numbers differ so much (coefficient of variation "
        f"{design.sizes.of_those_with_any().variation:.2g} among those who answer): a few workers "
        "would hold nearly all that is known.",
        hint="Plan more workers, more service users each, or more equal numbers (a user_count_cv "
        "of 0.3 to 0.8 is usual); or, with all else given, simulate.",
    )


def _workers_left(asked: int, none: float) -> tuple[Floats, Floats]:
    """Return numbers of workers who have service users, and how likely each is."""
    if asked > FEW:
        # Power hardly bends over the few numbers that are likely: the expected one stands for all.
        expected = asked * (1.0 - none)
        low = math.floor(expected)
        return np.array([low, low + 1.0]), np.array([low + 1.0 - expected, expected - low])
    left = np.arange(asked + 1.0)
    logs = (
        gammaln(asked + 1.0) - gammaln(left + 1.0) - gammaln(asked - left + 1.0)
        + xlog1py(left, -none) + xlogy(asked - left, none)
    )  # fmt: skip
    chances = np.exp(logs)
    likely = chances > RARE
    return left[likely], chances[likely] / chances[likely].sum()


def _given(design: Design, workers: int, sizes: Sizes) -> float:
    """Return the power with a number of workers who all have service users."""
    if workers < 3:
        return 0.0
    teams = design.teams
    if teams is None or not 1 < teams < workers:
        return two_level_power(
            design.slope_observed,
            between=design.between_left,
            within=design.within_left,
            n_workers=workers,
            sizes=sizes,
            n_between=design.covariates,
            n_within=design.n_within,
            alpha=design.alpha,
        )
    inside, between, floor = design.strata(workers, teams, sizes)
    return three_level_power(inside, between, floor=floor, alpha=design.alpha)
