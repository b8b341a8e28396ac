"""A chi-square of weighted least squares brought to the mean and variance of a chi-square."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc

from relsurvey.psychometrics.structure.estimators.protocol import Test

__all__ = ["blocks", "scaled_difference", "scaled_test"]

Array: TypeAlias = npt.NDArray[np.float64]


def scaled_test(chisq: float, df: int, weights: Array, gammas: Sequence[Array]) -> Test:
    """Return a chi-square with its scaled and shifted form (mean and variance adjusted).

    Parameters
    ----------
    chisq : float
        Of the weighted least squares.
    df : int
        Degrees of freedom.
    weights : ndarray, shape (s, s)
        Residual weights U over the statistics of all groups.
    gammas : sequence of ndarray
        Asymptotic covariances of the statistics, a block each group.

    Returns
    -------
    Test
        ``scaled`` has ``chisq_scaled``, ``df_scaled``, ``p_value_scaled``, ``scaling_factor``
        and ``shift``; NaN without degrees of freedom.

    References
    ----------
    Asparouhov T, Muthén B (2010). Simple second order chi-square correction. Mplus technical
    appendix.
    """
    names = ("chisq_scaled", "df_scaled", "p_value_scaled", "scaling_factor", "shift")
    if df <= 0:
        return Test(chisq, df, dict(zip(names, (math.nan, df, *[math.nan] * 3), strict=True)))
    product = weights @ blocks(gammas)
    squares = float((product * product.T).sum())
    ratio = math.sqrt(df / squares) if squares > 0 else math.nan
    shift = df - ratio * float(np.trace(product))
    scaled = chisq * ratio + shift
    values = (scaled, float(df), float(chdtrc(df, max(scaled, 0.0))), 1 / ratio, shift)
    return Test(chisq, df, dict(zip(names, values, strict=True)))


def scaled_difference(
    chisq: float,
    freedom: float,
    weights: Array,
    gammas: Sequence[Array],
    slopes: tuple[Array, Array],
) -> float:
    """Return a difference of chi-squares, scaled and shifted to a chi-square.

    Parameters
    ----------
    chisq, freedom : float
        The difference as it is, and its degrees of freedom.
    weights : ndarray, shape (s,)
        Of the statistics of all groups, a row's share.
    gammas : sequence of ndarray
        As in `scaled_test`.
    slopes : tuple of two ndarray, shape (s, q) and (s, fewer)
        Derivatives of the statistics by the parameters of the larger model, and of the smaller.

    Returns
    -------
    float
        NaN where the restrictions are not regular.

    References
    ----------
    Satorra A (2000). Scaled and adjusted restricted tests in multi-sample analysis of moment
    structures. In Heijmans RDH, Pollock DSG, Satorra A, Innovations in multivariate statistical
    analysis, 233-247. doi 10.1007/978-1-4615-4603-0_17.
    """
    from scipy.linalg import null_space

    slope, slope_within = slopes
    # The directions in which the parameters of the larger model can move within the smaller one
    # are the columns of this; what is orthogonal to all of them is restricted.
    within = np.linalg.pinv(slope) @ slope_within
    restrictions = null_space(within.T).T
    if len(restrictions) != freedom:
        return math.nan
    inverse = np.linalg.inv(slope.T @ (weights[:, None] * slope))
    middle = restrictions @ inverse
    inner_part = middle.T @ np.linalg.solve(middle @ restrictions.T, middle)
    weighted = weights[:, None] * slope
    product = weighted @ inner_part @ weighted.T @ blocks(gammas)
    ratio = math.sqrt(freedom / float((product * product.T).sum()))
    return chisq * ratio + freedom - ratio * float(np.trace(product))


def blocks(parts: Sequence[Array]) -> Array:
    """Return one matrix with square ones along its diagonal and zeros elsewhere."""
    size = sum(len(part) for part in parts)
    whole, start = np.zeros((size, size)), 0
    for part in parts:
        end = start + len(part)
        whole[start:end, start:end] = part
        start = end
    return whole
