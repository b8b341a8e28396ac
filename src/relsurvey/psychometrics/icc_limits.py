"""Confidence limits of intraclass correlations, from the mean squares of targets and raters."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import fdtri

__all__ = ["ROUNDING", "icc_limits"]

Floats: TypeAlias = npt.NDArray[np.float64]

# A mean square this small beside the whole variation is what rounding leaves of zero.
ROUNDING = 1e-12


def icc_limits(table: Floats, confidence: float) -> Floats:
    """Return the limits of the six intraclass correlations.

    Parameters
    ----------
    table : ndarray, shape (n, k)
        Ratings of n targets by k raters, without gaps.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    ndarray, shape (6, 2)
        Of ICC(1,1), ICC(A,1), ICC(C,1), and of the same for the mean of the k ratings.

    References
    ----------
    McGraw KO, Wong SP (1996). Forming inferences about some intraclass correlation
    coefficients. Psychological Methods 1(1):30-46. doi 10.1037/1082-989X.1.1.30.
    """
    n, k = table.shape
    tail = (1 + confidence) / 2
    between, rater, error, within = _mean_squares(table)
    with np.errstate(invalid="ignore", divide="ignore"):
        own = _ratio_limits(between, within, k, (n - 1, n * (k - 1)), tail)
        consistent = _ratio_limits(between, error, k, (n - 1, (n - 1) * (k - 1)), tail)
        agreeing = _agreement_limits((between, rater, error), n, k, tail)
        single = np.array([own, agreeing, consistent])
        # The mean of k ratings, by Spearman and Brown.
        mean = k * single / (1 + (k - 1) * single)
    return np.vstack([single, mean])


def _mean_squares(table: Floats) -> tuple[float, float, float, float]:
    """Return the mean squares of targets, raters, residual, and raters with residual."""
    n, k = table.shape
    centred = table - table.mean()
    of_targets, of_raters = centred.mean(axis=1), centred.mean(axis=0)
    rest = centred - of_targets[:, None] - of_raters
    targets, raters = k * float(of_targets @ of_targets), n * float(of_raters @ of_raters)
    residual = float((rest**2).sum())
    if residual <= ROUNDING * (targets + raters):
        residual = 0.0
    freedom = (n - 1) * (k - 1)
    within = (raters + residual) / (n * (k - 1))
    return targets / (n - 1), raters / (k - 1), residual / freedom, within


def _ratio_limits(
    between: float, within: float, k: int, df: tuple[int, int], tail: float
) -> tuple[float, float]:
    """Invert the F test of one mean square over another (Shrout and Fleiss, cases 1 and 3)."""
    widest = float(fdtri(df[0], df[1], tail))
    narrowest = 1 / float(fdtri(df[1], df[0], tail))
    low, high = (
        np.divide(between - q * within, between + (k - 1) * q * within) for q in (widest, narrowest)
    )
    return float(low), float(high)


def _agreement_limits(
    squares: tuple[float, float, float], n: int, k: int, tail: float
) -> tuple[float, float]:
    """Return the limits of ICC(A,1), whose degrees of freedom are Satterthwaite's."""
    between, rater, error = squares
    point = np.divide(between - error, between + (k - 1) * error + k * (rater - error) / n)
    # McGraw and Wong (1996), table 7, the ratio of mean squares multiplied out so that an
    # error of zero is no special case.
    raters = k * point * rater
    errors = (n * (1 + (k - 1) * point) - k * point) * error
    spread = (n - 1) * raters**2 + errors**2
    # Without any disagreement both limits are 1, whatever the degrees of freedom.
    freedom = (k - 1) * (n - 1) * ((raters + errors) ** 2 / spread if spread > 0 else 1.0)
    upper, lower = fdtri(n - 1, freedom, tail), fdtri(freedom, n - 1, tail)
    rest = k * rater + (k * n - k - n) * error
    low = np.divide(n * (between - upper * error), upper * rest + n * between)
    high = np.divide(n * (lower * between - error), rest + n * lower * between)
    return float(low), float(high)
