"""Internal consistency as functions of one covariance or correlation matrix.

Arrays in, numbers out; nothing here knows of rows, missing answers or instruments. A value
that is not defined for the matrix is NaN; saying why is the caller's part.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import fdtri

__all__ = [
    "alpha_if_dropped",
    "correlation_of",
    "cronbach_alpha",
    "feldt_interval",
    "guttman_lambda6",
    "item_rest_correlation",
    "mean_correlation",
    "smallest_eigenvalue",
]

Array: TypeAlias = npt.NDArray[np.float64]

# A variance or an eigenvalue this small beside its scale is what rounding leaves of zero.
ROUNDING = 1e-12


def cronbach_alpha(covariance: Array) -> float:
    """Return k / (k - 1) (1 - sum of variances / variance of the sum).

    Of a correlation matrix it is the standardised alpha.

    Parameters
    ----------
    covariance : ndarray, shape (k, k)
        Covariances (or correlations) of the items.

    Returns
    -------
    float
        NaN for one item, and where the sum of the items has no variance.

    References
    ----------
    Cronbach LJ (1951). Coefficient alpha and the internal structure of tests. Psychometrika
    16(3):297-334. doi 10.1007/BF02310555.

    Examples
    --------
    >>> round(cronbach_alpha(np.array([[1.0, 0.5], [0.5, 1.0]])), 4)
    0.6667
    """
    k = len(covariance)
    total, trace = float(covariance.sum()), float(np.trace(covariance))
    if k < 2 or not total > ROUNDING * trace:
        return math.nan
    return k / (k - 1) * (1 - trace / total)


def feldt_interval(alpha: float, n: int, k: int, confidence: float) -> tuple[float, float]:
    """Return the confidence interval of alpha.

    (1 - alpha of the population) / (1 - alpha of the sample) follows F with n - 1 and
    (n - 1)(k - 1) degrees of freedom where items are parallel.

    Parameters
    ----------
    alpha : float
        Cronbach's alpha.
    n : int
        Rows it was computed from.
    k : int
        Items.
    confidence : float
        Such as 0.95.

    Returns
    -------
    (float, float)
        Lower and upper limit; NaN where n or k is below two or alpha is not a number up to 1.

    References
    ----------
    Feldt LS (1965). The approximate sampling distribution of Kuder-Richardson reliability
    coefficient twenty. Psychometrika 30(3):357-370. doi 10.1007/BF02289499.

    Examples
    --------
    >>> low, high = feldt_interval(0.8, 100, 5, 0.95)
    >>> round(low, 3), round(high, 3)
    (0.731, 0.856)
    """
    if n < 2 or k < 2 or not alpha <= 1:
        return math.nan, math.nan
    tail = (1 - confidence) / 2
    between, within = n - 1, (n - 1) * (k - 1)
    low = 1 - (1 - alpha) * float(fdtri(between, within, 1 - tail))
    high = 1 - (1 - alpha) * float(fdtri(between, within, tail))
    return low, high


def correlation_of(covariance: Array) -> Array:
    """Return the correlations; NaN in the rows and columns of an item without variance."""
    variances = np.diag(covariance)
    deviations = np.sqrt(np.where(variances > 0, variances, np.nan))
    correlation: Array = covariance / np.outer(deviations, deviations)
    return correlation


def mean_correlation(correlation: Array) -> float:
    """Return the mean of the correlations between different items; NaN for one item."""
    k = len(correlation)
    if k < 2:
        return math.nan
    return float((correlation.sum() - np.trace(correlation)) / (k * (k - 1)))


def smallest_eigenvalue(correlation: Array) -> float:
    """Return the smallest eigenvalue; NaN where a correlation is NaN."""
    if not np.isfinite(correlation).all():
        return math.nan
    return float(np.linalg.eigvalsh(correlation)[0])


def guttman_lambda6(correlation: Array) -> float:
    """Return 1 - sum of (1 - squared multiple correlation) / sum of all correlations.

    Parameters
    ----------
    correlation : ndarray, shape (k, k)
        Correlations of the items.

    Returns
    -------
    float
        NaN for one item, where the matrix is not positive definite (an item follows from the
        others), and where the standardised sum has no variance.

    References
    ----------
    Guttman L (1945). A basis for analyzing test-retest reliability. Psychometrika
    10(4):255-282. doi 10.1007/BF02288892.

    Examples
    --------
    >>> round(guttman_lambda6(np.array([[1.0, 0.5], [0.5, 1.0]])), 4)
    0.5
    """
    k, total = len(correlation), float(correlation.sum())
    if k < 2 or not smallest_eigenvalue(correlation) > ROUNDING * k or not total > ROUNDING * k:
        return math.nan
    unexplained = 1 / np.diag(np.linalg.inv(correlation))
    return float(1 - unexplained.sum() / total)


def item_rest_correlation(covariance: Array) -> Array:
    """Return each item's correlation with the sum of the other items.

    Parameters
    ----------
    covariance : ndarray, shape (k, k)
        Covariances of the items.

    Returns
    -------
    ndarray, shape (k,)
        NaN where the item, or the sum of the others, has no variance.
    """
    variances = np.diag(covariance)
    with_rest = covariance.sum(axis=1) - variances
    rest = covariance.sum() - 2 * with_rest - variances
    scale = ROUNDING * np.trace(covariance)
    defined = (variances > 0) & (rest > scale)
    product = np.where(defined, variances * rest, np.nan)
    correlation: Array = with_rest / np.sqrt(product)
    return correlation


def alpha_if_dropped(covariance: Array) -> Array:
    """Return the alpha of the other items, for each item left out.

    Parameters
    ----------
    covariance : ndarray, shape (k, k)
        Covariances of the items.

    Returns
    -------
    ndarray, shape (k,)
        NaN where fewer than two items are left or their sum has no variance.
    """
    k = len(covariance)
    return np.array(
        [
            cronbach_alpha(np.delete(np.delete(covariance, item, axis=0), item, axis=1))
            for item in range(k)
        ]
    )
