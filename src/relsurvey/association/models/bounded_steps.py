"""Steps of a search in two dimensions that may not go below zero, many at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from relsurvey.association.models.likelihood import Floats

__all__ = ["bounded_step", "hollows"]

EIGENVALUE_RATIO = 1e-10
LONGEST_STEP = 4.0  # in units of the ratio itself


def hollows(tables: Floats, most: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Find the places no higher than all around them.

    Parameters
    ----------
    tables : numpy.ndarray
        Shape (N, rows, columns).
    most : int
        How many of one table, at most.

    Returns
    -------
    where : numpy.ndarray
        Shape (found,): which table; each at least once, its lowest place first.
    places : numpy.ndarray
        Shape (found, 2).
    """
    n, rows, columns = tables.shape
    around = np.full((n, rows + 2, columns + 2), np.inf)
    around[:, 1:-1, 1:-1] = tables
    lowest = tables
    for i in range(3):
        for j in range(3):
            lowest = np.minimum(lowest, around[:, i : i + rows, j : j + columns])
    deep = np.where(tables <= lowest, tables, np.inf).reshape(n, -1)
    order = np.argsort(deep, axis=1, kind="stable")[:, :most]
    there = np.isfinite(np.take_along_axis(deep, order, axis=1))
    where, rank = np.nonzero(there)
    return where, np.stack(np.unravel_index(order[where, rank], (rows, columns)), axis=1)


def bounded_step(
    slope: Floats, curvature: Floats, ratios: Floats, scale: Floats
) -> tuple[Floats, Floats]:
    """Return steps to the bottom of a parabola above the bounds, and the fall they promise.

    Parameters
    ----------
    slope, ratios, scale : numpy.ndarray
        Shape (N, 2): derivatives, where each point is (at least 0), and units of its steps.
    curvature : numpy.ndarray
        Shape (N, 2, 2); where it is not positive, its eigenvalues' sizes are taken, which keeps
        the step downhill.

    Returns
    -------
    step : numpy.ndarray
        Shape (N, 2).
    fall : numpy.ndarray
        Shape (N,).
    """
    slope = slope * scale
    values, vectors = np.linalg.eigh(curvature * scale[:, :, None] * scale[:, None, :])
    values = np.abs(values)
    least = EIGENVALUE_RATIO * values.max(axis=1, keepdims=True)
    values = np.maximum(values, np.maximum(least, np.finfo(np.float64).tiny))
    bowl = (vectors * values[:, None, :]) @ vectors.transpose(0, 2, 1)
    lower = -ratios / scale
    free = -np.einsum(
        "nij,nj->ni", (vectors / values[:, None, :]) @ vectors.transpose(0, 2, 1), slope
    )
    edges = [_edge(slope, bowl, lower, held) for held in (0, 1)]
    heights = [
        (slope * edge).sum(axis=1) + np.einsum("ni,nij,nj->n", edge, bowl, edge) / 2.0
        for edge in edges
    ]
    edge = np.where((heights[0] <= heights[1])[:, None], *edges)
    step = np.where((free >= lower).all(axis=1)[:, None], free, edge)
    length = np.maximum(np.abs(step).max(axis=1, keepdims=True), LONGEST_STEP)
    step = step * (LONGEST_STEP / length)
    return step * scale, -(slope * step).sum(axis=1)


def _edge(slope: Floats, bowl: Floats, lower: Floats, held: int) -> Floats:
    """Return the bottom along the bound of one ratio."""
    other = 1 - held
    edge = lower.copy()
    along = -(slope[:, other] + bowl[:, held, other] * lower[:, held]) / bowl[:, other, other]
    edge[:, other] = np.maximum(along, lower[:, other])
    return edge
