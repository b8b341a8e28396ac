"""Intervals from bootstrap replicates: percentile, and bias-corrected and accelerated (BCa)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from relsurvey.association.models.likelihood import Floats

__all__ = ["Bca", "bca_interval", "quantile"]


@dataclass(frozen=True, slots=True)
class Bca:
    """An interval by bias correction and acceleration, and the plain percentile one.

    Attributes
    ----------
    low, high : float
        The BCa interval; NaN where it is not defined.
    percentile_low, percentile_high : float
        The percentile interval.
    z0, acceleration : float
        The bias correction and the acceleration.
    p_value : float
        Two-sided, for a value of zero: the level at which the BCa interval would end there.
    at_the_end : bool
        Whether an end of the interval is the smallest or largest replicate.
    """

    low: float
    high: float
    percentile_low: float
    percentile_high: float
    z0: float
    acceleration: float
    p_value: float
    at_the_end: bool


def quantile(replicates: Floats, share: float) -> tuple[float, bool]:
    """Return a quantile of sorted replicates, and whether it is the first or last of them.

    Between two replicates the normal quantile is interpolated (Davison & Hinkley 1997,
    equation 5.8).

    Examples
    --------
    >>> quantile(np.arange(1.0, 100.0), 0.25)
    (25.0, False)
    """
    n = len(replicates)
    rank = (n + 1) * share
    below = int(np.floor(rank))
    if below < 1 or below >= n:
        return float(replicates[0 if below < 1 else -1]), True
    if rank == below:
        return float(replicates[below - 1]), False
    low, here, high = ndtri(np.array([below / (n + 1), share, (below + 1) / (n + 1)]))
    start, end = replicates[below - 1], replicates[below]
    return float(start + (here - low) / (high - low) * (end - start)), False


def bca_interval(replicates: Floats, estimate: float, left_out: Floats, confidence: float) -> Bca:
    """Return the interval of an estimate from its replicates.

    Parameters
    ----------
    replicates : numpy.ndarray
        Shape (B,): finite.
    estimate : float
        From the data as they are.
    left_out : numpy.ndarray
        Shape (n,): the estimate with each unit left out.
    confidence : float
        Coverage.

    Returns
    -------
    Bca
        NaN where the estimate lies beyond all replicates, or the acceleration is not defined.

    Notes
    -----
    The p value inverts the interval (Efron & Tibshirani 1993, chapter 15).

    References
    ----------
    Davison, A. C., & Hinkley, D. V. (1997). Bootstrap methods and their application. Cambridge
    University Press, section 5.3.2.
    Efron, B. (1987). Better bootstrap confidence intervals. Journal of the American Statistical
    Association, 82(397), 171-185.
    Efron, B., & Tibshirani, R. J. (1993). An introduction to the bootstrap. Chapman & Hall.
    """
    ordered = np.sort(replicates)
    tail = (1.0 - confidence) / 2.0
    (low, _), (high, _) = quantile(ordered, tail), quantile(ordered, 1.0 - tail)
    influence = left_out.mean() - left_out
    size = float((influence**2).sum()) ** 1.5
    acceleration = float((influence**3).sum()) / (6.0 * size) if size > 0 else float("nan")
    # Ties with the estimate count half, so that a lump of them is no bias.
    below = (ordered < estimate).sum() + 0.5 * (ordered == estimate).sum()
    z0 = float(ndtri(below / len(ordered)))
    none = float("nan")
    if not (np.isfinite(z0) and np.isfinite(acceleration)):
        return Bca(none, none, low, high, z0, acceleration, none, at_the_end=False)
    z = z0 + ndtri(np.array([tail, 1.0 - tail]))
    shares = ndtr(z0 + z / (1.0 - acceleration * z))
    (bca_low, first), (bca_high, last) = (quantile(ordered, float(share)) for share in shares)
    return Bca(
        bca_low, bca_high, low, high, z0, acceleration,
        _p_value(ordered, z0, acceleration), at_the_end=first or last,
    )  # fmt: skip


def _p_value(ordered: Floats, z0: float, acceleration: float) -> float:
    """Return the two-sided level at which the interval ends at zero."""
    n = len(ordered)
    below = float((ordered < 0).sum() + 0.5 * (ordered == 0).sum())
    share = np.clip(below, 1.0, n) / (n + 1)
    shift = float(ndtri(share)) - z0
    level = float(ndtr(shift / (1.0 + acceleration * shift) - z0))
    return float(np.clip(2.0 * min(level, 1.0 - level), 2.0 / (n + 1), 1.0))
