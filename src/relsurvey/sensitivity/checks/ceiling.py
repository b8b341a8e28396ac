"""How many answers are as high as can be, and what the slope is if that is allowed for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.special import stdtr, stdtrit

from relsurvey.errors import ModelError
from relsurvey.sensitivity.censored import fit_censored
from relsurvey.sensitivity.check import Check, Version, slope_phrase
from relsurvey.sensitivity.design import design_matrix
from relsurvey.sensitivity.question import Floats, Question
from relsurvey.sensitivity.slope import Slope
from relsurvey.text import percent

__all__ = ["ASKED", "NAME", "check_ceiling"]

NAME = "ceiling"
ASKED = "Do many answers stand at the top of the scale, and does that hide or make the slope?"
RANKS = "rank of the outcome"


def check_ceiling(question: Question, primary: Slope, highest: float) -> Check:
    """Give the share of answers at the top, and slopes that allow for it.

    Parameters
    ----------
    question : Question
        The primary question.
    primary : Slope
        Its answer.
    highest : float
        The highest value the outcome can have; from the instrument, never from the data.

    Returns
    -------
    Check
        The share at the top; the slope of a normal regression censored at the top (points of
        what would have been said if the scale went on), standard errors clustered by team where
        there is that level and by worker otherwise, t with clusters less terms that differ
        between clusters as degrees of freedom; and the slope of ranks, from 0 to 1, by the
        primary model, which needs no distances between answers.

    Raises
    ------
    ModelError
        Where an answer is above ``highest``.

    Notes
    -----
    Leaving out answers at the top would be wrong: it selects on the outcome.

    References
    ----------
    Austin, P. C., Escobar, M., & Kopec, J. A. (2000). The use of the Tobit model for analyzing
    measures of health status. Quality of Life Research, 9(8), 901-910.
    Conover, W. J., & Iman, R. L. (1981). Rank transformations as a bridge between parametric and
    nonparametric statistics. The American Statistician, 35(3), 124-129.
    """
    used = question.only(question.used())
    values = used.columns[used.outcome]
    if (values > highest).any():
        raise ModelError(
            f"highest is {highest:g}, but {used.outcome!r} goes up to {values.max():g}.",
            hint="Give the highest value that the scale has.",
        )
    at_top = float((values >= highest).mean()) if len(values) else float("nan")
    censored = Version("as censored at the top", _censored(used, highest))
    versions = (
        Version(
            "answers at the top",
            Slope(estimate=at_top, n_workers=primary.n_workers,
                  n_service_users=primary.n_service_users),
            "share",
        ),
        censored,
        Version("ranks of answers", _ranks(used), "ranks (0 to 1) per point"),
    )  # fmt: skip
    phrase = slope_phrase(censored, primary)
    share = percent(round(at_top, 3))
    return Check(
        NAME, ASKED, versions, f"{share} of answers are at the top; allowing for it, {phrase}."
    )


def _censored(used: Question, highest: float) -> Slope:
    try:
        ready = used.prepared()
        clusters = used.columns[ready.team or ready.group]
        _, codes = np.unique(clusters, return_inverse=True)
        design = design_matrix(used, ready.terms)
        fit = fit_censored(used.columns[used.outcome], design, highest, codes)
    except (ModelError, np.linalg.LinAlgError) as problem:
        said = problem.message if isinstance(problem, ModelError) else "terms are collinear"
        return Slope(note=f"not estimable: {said}")
    place = 1 + ready.terms.index(ready.predictor)
    of_clusters = 1 + sum(not ready.sums.varying[ready.sums.place(name)] for name in ready.terms)
    degrees = fit.n_clusters - of_clusters
    estimate, std_error = fit.effects[place], float(np.sqrt(fit.covariance[place, place]))
    if degrees < 1:
        return Slope(estimate=float(estimate), note="too few clusters for an interval")
    half = stdtrit(degrees, 0.5 + used.confidence / 2.0) * std_error
    return Slope(
        estimate=float(estimate),
        std_error=std_error,
        df=float(degrees),
        p_value=float(2.0 * stdtr(degrees, -abs(estimate) / std_error)),
        conf_low=float(estimate - half),
        conf_high=float(estimate + half),
        n_workers=ready.sums.n_groups,
        n_service_users=ready.sums.n_rows,
    )


def _ranks(used: Question) -> Slope:
    ranked = used.having(**{RANKS: _mean_ranks(used.columns[used.outcome])})
    return replace(ranked, outcome=RANKS).slope()


def _mean_ranks(values: Floats) -> Floats:
    """Return ranks from 0 to 1, equal values at their mean rank."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks: Floats = ((ends - (counts - 1) / 2.0 - 0.5) / len(values))[place]
    return ranks
