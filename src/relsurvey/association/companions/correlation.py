"""The correlation over workers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from relsurvey.association.models.likelihood import Floats
from relsurvey.with_pingouin import pearson

__all__ = ["Correlation", "correlate"]

SAME = 64 * float(np.finfo(np.float64).eps)  # of a value: nothing but rounding
FEWEST = 4  # Fisher's interval needs n - 3 > 0


@dataclass(frozen=True, slots=True)
class Correlation:
    """Pearson's r with its interval and p value; NaN, with the reason in ``note``, if none."""

    r: float
    low: float
    high: float
    p_value: float
    note: str

    @classmethod
    def none(cls, note: str) -> Correlation:
        """Return no correlation, for the reason given."""
        missing = float("nan")
        return cls(missing, missing, missing, missing, note)


def correlate(x: Floats, y: Floats, confidence: float) -> Correlation:
    """Correlate two columns of worker values.

    Parameters
    ----------
    x, y : numpy.ndarray
        Shape (workers,), without missing values.
    confidence : float
        Coverage of the interval.

    Returns
    -------
    Correlation
        r and p are pingouin's. Its interval is rounded to six decimals, so the interval, by
        Fisher's z, is computed here in full.

    References
    ----------
    Fisher, R. A. (1921). On the "probable error" of a coefficient of correlation deduced from
    a small sample. Metron, 1, 3-32.
    Vallat, R. (2018). Pingouin: statistics in Python. Journal of Open Source Software, 3(31),
    1026.

    Examples
    --------
    >>> found = correlate(np.array([1.0, 2, 3, 4, 5]), np.array([2.0, 1, 4, 3, 5]), 0.95)
    >>> round(found.r, 3), round(found.low, 3), round(found.high, 3), round(found.p_value, 3)
    (0.8, -0.28, 0.986, 0.104)
    """
    if len(x) < FEWEST:
        return Correlation.none(f"fewer than {FEWEST} workers")
    if any(np.ptp(values) <= SAME * np.abs(values).max() for values in (x, y)):
        return Correlation.none("all workers have the same value")
    r, p_value = pearson(x, y)
    if abs(r) >= 1.0:
        return Correlation(r, r, r, p_value, "")
    half = ndtri(0.5 + confidence / 2.0) / np.sqrt(len(x) - 3)
    low, high = np.tanh(np.arctanh(r) + np.array([-half, half]))
    return Correlation(r, float(low), float(high), p_value, "")
