"""Cholesky factors of many small matrices at once, the matrices along the last axis.

For matrices of three or ten columns, going through the columns in Python and through the
matrices in NumPy takes a fraction of the time of a call for each matrix.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from relsurvey.association.models.likelihood import Floats

__all__ = ["inverse_factor", "residual_within", "turned", "turned_diagonal", "unpacked"]

COLLINEAR = 1e-11  # share of a column that the earlier ones leave over


def unpacked(packed: Floats, q: int) -> Floats:
    """Turn upper triangles (..., q (q + 1) / 2) into symmetric matrices (q, q, ...)."""
    rows, columns = np.triu_indices(q)
    matrices = np.empty((q, q, *packed.shape[:-1]))
    for place, (row, column) in enumerate(zip(rows, columns, strict=True)):
        matrices[row, column] = matrices[column, row] = packed[..., place]
    return matrices


def inverse_factor(matrices: Floats) -> tuple[Floats, Floats]:
    """Return M with M A M' = I, lower triangular, and the squared pivots.

    Parameters
    ----------
    matrices : numpy.ndarray
        Shape (q, q, N): symmetric.

    Returns
    -------
    factor : numpy.ndarray
        Shape (q, q, N): the inverse of the Cholesky factor; not finite from the first column
        that the earlier ones make up.
    pivots : numpy.ndarray
        Shape (q, N): what each column has left after the earlier ones, squared.
    """
    q, _, n = matrices.shape
    lower = np.zeros_like(matrices)
    pivots = np.empty((q, n))
    inverse = np.zeros_like(matrices)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        for i in range(q):
            for j in range(i + 1):
                left = matrices[i, j].copy()
                for k in range(j):
                    left -= lower[i, k] * lower[j, k]
                if i == j:
                    pivots[i] = left
                    lower[i, i] = np.sqrt(left)
                else:
                    lower[i, j] = left / lower[j, j]
            inverse[i, i] = 1.0 / lower[i, i]
            for j in range(i):
                sum_ = lower[i, j] * inverse[j, j]
                for k in range(j + 1, i):
                    sum_ += lower[i, k] * inverse[k, j]
                inverse[i, j] = -sum_ * inverse[i, i]
    return inverse, pivots


def turned(factor: Floats, matrices: Floats) -> Floats:
    """Return M B M' for lower triangular M, both of shape (q, q, N)."""
    q = len(factor)
    half = np.empty_like(matrices)
    found = np.empty_like(matrices)
    for i in range(q):
        for j in range(q):
            half[i, j] = factor[i, 0] * matrices[0, j]
            for k in range(1, i + 1):
                half[i, j] += factor[i, k] * matrices[k, j]
    for i in range(q):
        for j in range(i + 1):
            found[i, j] = half[i, 0] * factor[j, 0]
            for k in range(1, j + 1):
                found[i, j] += half[i, k] * factor[j, k]
            found[j, i] = found[i, j]
    return found


def turned_diagonal(factor: Floats, matrices: Floats) -> Floats:
    """Return the diagonal of M B M' for lower triangular M, shape (q, N)."""
    q = len(factor)
    found = np.zeros((q, factor.shape[2]))
    for i in range(q):
        for j in range(i + 1):
            half = matrices[j, j] * factor[i, j]
            for k in range(j):
                half += 2.0 * matrices[k, j] * factor[i, k]
            found[i] += half * factor[i, j]
    return found


def residual_within(within: Floats) -> tuple[Floats, npt.NDArray[np.intp]]:
    """Take all columns but the last out of the last, passing over those with nothing left.

    Parameters
    ----------
    within : numpy.ndarray
        Shape (q, q, N): cross-products of deviations from group means.

    Returns
    -------
    residual, rank : numpy.ndarray
        Shape (N,): what is left of the last column, squared, and how many columns took part.
    """
    left = within.copy()
    rank = np.zeros(within.shape[2], dtype=np.intp)
    for i in range(len(within) - 1):
        sure = left[i, i] > COLLINEAR * within[i, i]
        share = np.where(sure, left[i] / np.where(sure, left[i, i], 1.0), 0.0)
        left = left - share[:, None] * left[i][None]
        rank += sure
    return left[-1, -1], rank
