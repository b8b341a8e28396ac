"""The intraclass correlation of the null model, by restricted maximum likelihood."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import brentq
from scipy.special import chdtri

from relsurvey.agreement.intraclass import Estimate, OneWay
from relsurvey.association.models.fit import fit_sums
from relsurvey.association.models.likelihood import likelihood_sums, profile
from relsurvey.moments.groups import GroupSums

__all__ = ["restricted_icc"]

NEAREST_ONE = 1.0 - 1e-12
NAN = float("nan")


def restricted_icc(sums: GroupSums, outcome: str, anova: OneWay, confidence: float) -> Estimate:
    """Estimate the share of variance between groups from the random-intercept model.

    Parameters
    ----------
    sums : GroupSums
        With the outcome among its columns.
    outcome : str
        The outcome.
    anova : OneWay
        Of the same sums.
    confidence : float
        Coverage of the limits.

    Returns
    -------
    Estimate
        From 0 to 1. The limits are where the restricted deviance, profiled over everything but
        the share, is so much above its least as a chi-square with one degree of freedom allows;
        the lower one is 0 where 0 is not excluded. NaN where the analysis of variance has no
        ICC, or nobody differs within any group.

    References
    ----------
    Bates D, Mächler M, Bolker B, Walker S (2015). Journal of Statistical Software 67(1):1-48,
    section 5.1 (profiling).
    """
    if anova.obstacle or anova.ms_within == 0:
        return Estimate(NAN)
    best = fit_sums(sums, outcome, ()).best
    theta, least = float(best.ratios[0]), best.deviance
    parts = likelihood_sums(sums, outcome, ())
    allowed = float(chdtri(1, 1.0 - confidence))

    def excess(share: float) -> float:
        ratio = np.array([share / (1.0 - share)])
        return float(profile(parts, ratio, reml=True).deviance[0]) - least - allowed

    icc = theta / (1.0 + theta)
    low = _crossing(excess, 0.0, icc) if excess(0.0) > 0 else 0.0
    high = _crossing(excess, icc, NEAREST_ONE) if excess(NEAREST_ONE) > 0 else 1.0
    return Estimate(icc, low, high)


def _crossing(excess: Callable[[float], float], start: float, end: float) -> float:
    return float(brentq(excess, start, end, xtol=1e-13, rtol=1e-13))
