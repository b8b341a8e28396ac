"""Many drawn studies, each tested by the model that the real one will be given."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv, stdtr

from relsurvey.association.associate import primary_df
from relsurvey.association.cluster_ols.sandwich import fit_products
from relsurvey.association.models.estimability import require_regression
from relsurvey.association.models.fit import fit_sums
from relsurvey.association.prepared import Prepared, prepare
from relsurvey.errors import ModelError
from relsurvey.planning.power.backends import Runner
from relsurvey.planning.power.design import Design
from relsurvey.planning.power.draws import (
    GROUP,
    OUTCOME,
    PREDICTOR,
    TEAM,
    covariate_names,
    draw_rows,
)

__all__ = ["MonteCarlo", "StudyTest", "score_test", "score_tests", "simulated_power"]

Floats = npt.NDArray[np.float64]
# Design, seed and a range of studies in; out, shape (studies, 2): the p value, NaN where the
# model cannot be fitted, and whether a variance is zero.
StudyTest = Callable[[Design, int, range], Floats]

COVERAGE = 0.95
CHUNK = 25


@dataclass(frozen=True, slots=True)
class MonteCarlo:
    """What so many drawn studies came to.

    Attributes
    ----------
    replicates, rejected : int
        Studies, and those with p below alpha.
    failed : int
        Studies in which the model could not be fitted; they count as not significant.
    boundary : int
        Studies in which a variance was estimated as zero.
    """

    replicates: int
    rejected: int
    failed: int
    boundary: int
    power: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "power", self.rejected / self.replicates)

    @property
    def limits(self) -> tuple[float, float]:
        """The 95% Monte Carlo interval of the power.

        References
        ----------
        Clopper, C. J., & Pearson, E. S. (1934). The use of confidence or fiducial limits
        illustrated in the case of the binomial. Biometrika, 26(4), 404-413.
        """
        tail, n, k = (1.0 - COVERAGE) / 2.0, self.replicates, self.rejected
        low = float(betaincinv(k, n - k + 1, tail)) if k else 0.0
        high = float(betaincinv(k + 1, n - k, 1.0 - tail)) if k < n else 1.0
        return low, high


def simulated_power(
    design: Design, *, replicates: int, seed: int, runner: Runner, test: StudyTest | None = None
) -> MonteCarlo:
    """Return the power by drawing studies and testing each.

    Parameters
    ----------
    design : Design
        Complete: workers, service users and correlation are known.
    replicates : int
        Studies drawn.
    seed : int
        Study number i is drawn from stream i of this seed, whoever draws it.
    runner : Runner
        Where the studies are drawn.
    test : callable, optional
        What draws studies and tests them; at the level of scores if not given.

    Returns
    -------
    MonteCarlo
        The same for any number of jobs.
    """
    starts = range(0, replicates, CHUNK)
    tasks = [
        (design, seed, range(start, min(start + CHUNK, replicates)), test or score_tests)
        for start in starts
    ]
    found = np.concatenate(runner.run(_tested, tasks))
    p_values, boundary = found.T
    return MonteCarlo(
        replicates=replicates,
        rejected=int((p_values < design.alpha).sum()),
        failed=int(np.isnan(p_values).sum()),
        boundary=int(boundary.sum()),
    )


def _tested(task: tuple[Design, int, range, StudyTest]) -> Floats:
    design, seed, numbers, test = task
    return test(design, seed, numbers)


def score_tests(design: Design, seed: int, numbers: range) -> Floats:
    """Draw studies at the level of scores and test each; see ``StudyTest``."""
    found: Floats = np.empty((len(numbers), 2))
    for place, number in enumerate(numbers):
        try:
            found[place] = score_test(design, seed, number)
        except ModelError:
            found[place] = math.nan, 0.0  # counted, and said in the result's notes
    return found


def score_test(design: Design, seed: int, number: int) -> tuple[float, bool]:
    """Draw one study at the level of scores, and test it as ``associate`` would.

    Parameters
    ----------
    design : Design
        What to draw from.
    seed, number : int
        Of the stream of chance.

    Returns
    -------
    p_value : float
        Of the predictor.
    boundary : bool
        Whether a variance is estimated as zero.

    Raises
    ------
    ModelError
        Where the model cannot be fitted.
    """
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(number,)))
    rows: dict[str, Any] = draw_rows(design, rng)
    ready = prepare(
        rows,
        OUTCOME,
        PREDICTOR,
        covariates=covariate_names(design),
        group=GROUP,
        team=TEAM if TEAM in rows else None,
    )
    if ready.sums.counts.max() == 1:
        return _ordinary_p(ready), False
    fit = fit_sums(ready.sums, OUTCOME, ready.terms, df=primary_df(ready))
    contrast = np.zeros((1, len(ready.terms) + 1))
    contrast[0, 1] = 1.0
    return float(fit.test(contrast, COVERAGE)["p_value"][0]), bool(fit.boundary)


def _ordinary_p(ready: Prepared) -> float:
    """Return the p value of ordinary regression, where every worker has one service user."""
    require_regression(ready.sums, OUTCOME, ready.terms)
    places = [ready.sums.place(name) for name in (*ready.terms, OUTCOME)]
    rows = np.column_stack([np.ones(ready.sums.n_groups), ready.sums.sums[:, places]])
    fit = fit_products(rows[:, :, None] * rows[:, None, :], "CR0")
    df = len(rows) - len(fit.effects)
    # The test of independent rows with one variance: the robust one is not needed here.
    error = math.sqrt(fit.residual_squares / df * float(fit.whiten[:, 1] @ fit.whiten[:, 1]))
    return float(2.0 * stdtr(df, -abs(fit.effects[1]) / error)) if error > 0.0 else math.nan
