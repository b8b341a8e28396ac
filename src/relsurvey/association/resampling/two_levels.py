"""Many random-intercept fits at once: the likelihood of each replicate, and its maximum.

All replicates share the distinct numbers of rows that workers have, so their likelihoods need
the same few coefficients. For A(theta) of ``models.likelihood`` with A = L L' and M = L^-1, let
F = M A' M' and S = M A'' M'. The last row of M is (-b, 1) over the root of the residual sum of
squares r, so that

    r' / r = F_qq,    r'' / r = S_qq - 2 sum_{i<q} F_iq^2,
    (log|X'V^-1 X|)' = sum_{i<q} F_ii,    (...)'' = sum_{i<q} S_ii - sum_{i,k<q} F_ik^2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from relsurvey.association.models.likelihood import Floats
from relsurvey.association.resampling.factors import (
    inverse_factor,
    turned,
    turned_diagonal,
    unpacked,
)
from relsurvey.association.resampling.maximum import Maximum, blank, estimable, put

__all__ = ["Batch", "maximise"]

GRID_POINTS = 32
SMALLEST_RATIO = 1e-6  # of 1 / (largest group)
MOST_STEPS = 200
STEP_TOLERANCE = 1e-12
CELLS = 250_000  # numbers held at once in one array


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Sums of B replicates; m distinct group sizes, q columns of [1 X y], h = q (q + 1) / 2.

    Attributes
    ----------
    sizes : numpy.ndarray
        Shape (m,).
    groups : numpy.ndarray
        Shape (B, m): groups of each size.
    between : numpy.ndarray
        Shape (B, m, h): upper triangles of the sums of s s' over the groups of each size.
    within : numpy.ndarray
        Shape (B, h): upper triangles of the cross-products of deviations from group means.
    """

    sizes: Floats
    groups: Floats
    between: Floats
    within: Floats

    @property
    def q(self) -> int:
        """Number of columns."""
        return (math.isqrt(8 * self.within.shape[1] + 1) - 1) // 2

    @property
    def n_rows(self) -> Floats:
        """Rows of each replicate, shape (B,)."""
        rows: Floats = self.groups @ self.sizes
        return rows

    def take(self, replicates: npt.NDArray[np.intp]) -> Batch:
        """Return some of the replicates, each as often as it is named."""
        return Batch(
            self.sizes, self.groups[replicates], self.between[replicates], self.within[replicates]
        )


def maximise(batch: Batch, *, reml: bool = True) -> Maximum:
    """Fit every replicate as ``models.search.minimise`` fits one.

    Parameters
    ----------
    batch : Batch
        The replicates.
    reml : bool, default True
        The criterion.

    Returns
    -------
    Maximum
        Of the lowest deviance among all local minima and a variance of zero.
    """
    residual, ok = _estimable(batch)
    found = blank(len(ok), 1, batch.q - 1)
    good = np.flatnonzero(ok)
    if not len(good):
        return found
    part = batch.take(good)
    grid = np.append(0.0, _grid(part, residual[good]))
    where, theta, sure = _minima(part, grid, reml=reml)
    candidates = part.take(where)
    products, log_v = _at(candidates, theta)
    deviance = _derivatives(products, log_v, candidates.n_rows, batch.q, reml=reml)[0]
    order = np.lexsort([deviance, where])
    best, first = np.unique(where[order], return_index=True)
    chosen = order[first]
    factor, pivots = inverse_factor(unpacked(products[0][chosen], batch.q))
    put(
        found, good[best], theta[chosen, None], deviance[chosen], (factor, pivots),
        part.n_rows[best], sure[chosen], reml=reml,
    )  # fmt: skip
    return found


def _minima(
    batch: Batch, grid: Floats, *, reml: bool
) -> tuple[npt.NDArray[np.intp], Floats, npt.NDArray[np.bool_]]:
    """Find all local minima: of which replicate, where, and whether the search came to its end.

    Where the deviance still falls at the end of the grid, that end stands for the minimum.
    """
    slopes = _grid_slopes(batch, grid, reml=reml)
    falls = slopes < 0
    where, turn = np.nonzero(falls[:, :-1] & ~falls[:, 1:])
    low, high, guess = _brackets(grid, slopes, where, turn)
    theta, converged = _newton(batch.take(where), low, high, guess, reml=reml)
    at_zero, endless = np.flatnonzero(~falls[:, 0]), np.flatnonzero(falls[:, -1])
    return (
        np.concatenate([where, at_zero, endless]),
        np.concatenate([theta, np.zeros(len(at_zero)), np.full(len(endless), grid[-1])]),
        np.concatenate([converged, np.ones(len(at_zero), bool), np.zeros(len(endless), bool)]),
    )


def _estimable(batch: Batch) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return the residual sum of squares within groups, and which replicates have a fit."""
    within = unpacked(batch.within, batch.q)
    total = within + unpacked(np.einsum("bmh,m->bh", batch.between, 1.0 / batch.sizes), batch.q)
    return estimable(within, total, batch.n_rows, batch.groups.sum(axis=1))


def _grid(batch: Batch, residual: Floats) -> Floats:
    """Return ratios above 0 that bracket every minimum of nearly all replicates."""
    lowest = SMALLEST_RATIO / batch.sizes.max()
    total = batch.within[:, -1] + np.einsum("bm,m->b", batch.between[:, :, -1], 1.0 / batch.sizes)
    highest = 10.0 * batch.n_rows * total / residual
    # One replicate with hardly any residual must not make the grid coarse for all.
    top = float(np.quantile(highest, 0.99))
    return np.geomspace(lowest, max(top, 1e3 * lowest), GRID_POINTS)


def _coefficients(sizes: Floats, theta: Floats) -> Floats:
    """Return what the sums of each size count in A, A' and A'', shape (3, ..., m)."""
    shrink = 1.0 / (1.0 + theta[..., None] * sizes)
    square = shrink * shrink
    coefficients: Floats = np.stack([shrink / sizes, -square, 2.0 * sizes * square * shrink])
    return coefficients


def _grid_slopes(batch: Batch, grid: Floats, *, reml: bool) -> Floats:
    """Return the slope of the deviance at common ratios, shape (B, G)."""
    m, h = batch.between.shape[1:]
    coefficients = _coefficients(batch.sizes, grid)[:2].reshape(-1, m)
    found = np.empty((len(batch.within), len(grid)))
    step = max(1, CELLS // (len(coefficients) * h))
    log_slope = batch.groups @ _log_slopes(batch.sizes, grid).T
    for start in range(0, len(batch.within), step):
        part = slice(start, start + step)
        products = np.matmul(coefficients, batch.between[part]).reshape(-1, 2, len(grid), h)
        products[:, 0] += batch.within[part, None]
        value, first = unpacked(products.transpose(1, 0, 2, 3), batch.q).swapaxes(0, 2)
        shape = value.shape
        factor = inverse_factor(value.reshape(*shape[:2], -1))[0]
        turns = turned_diagonal(factor, first.reshape(*shape[:2], -1))
        divisor = batch.n_rows[part, None] - ((batch.q - 1) if reml else 0)
        found[part] = divisor * turns[-1].reshape(shape[2:]) + log_slope[part]
        if reml:
            found[part] += turns[:-1].sum(axis=0).reshape(shape[2:])
    return found


def _log_slopes(sizes: Floats, theta: Floats) -> Floats:
    """Return what a group of each size adds to the derivative of log|V|, shape (G, m)."""
    slopes: Floats = sizes / (1.0 + theta[:, None] * sizes)
    return slopes


def _derivatives(products: Floats, log_v: Floats, n_rows: Floats, q: int, *, reml: bool) -> Floats:
    """Return deviance, slope and curvature, shape (3, N), from A, A', A'' (3, N, h)."""
    factor, pivots = inverse_factor(unpacked(products[0], q))
    first = turned(factor, unpacked(products[1], q))
    second = turned(factor, unpacked(products[2], q))
    divisor = n_rows - (q - 1) if reml else n_rows
    rate = first[-1, -1]
    bend = second[-1, -1] - 2.0 * (first[:-1, -1] ** 2).sum(axis=0) - rate**2
    with np.errstate(invalid="ignore", divide="ignore"):
        deviance = divisor * (1.0 + np.log(2.0 * np.pi / divisor * pivots[-1])) + log_v[0]
        if reml:
            deviance = deviance + np.log(pivots[:-1]).sum(axis=0)
    slope, curvature = divisor * rate + log_v[1], divisor * bend + log_v[2]
    if reml:
        slope = slope + np.einsum("iin->n", first[:-1, :-1])
        curvature = curvature + np.einsum("iin->n", second[:-1, :-1])
        curvature -= (first[:-1, :-1] ** 2).sum(axis=(0, 1))
    return np.stack([deviance, slope, curvature])


def _brackets(
    grid: Floats, slopes: Floats, where: npt.NDArray[np.intp], turn: npt.NDArray[np.intp]
) -> tuple[Floats, Floats, Floats]:
    """Return the ends of each bracket, and where a line in log theta crosses zero."""
    low, high = grid[turn], grid[turn + 1]
    start, end = low * slopes[where, turn], high * slopes[where, turn + 1]
    first = low == 0
    share = np.where(first, 0.5, start / np.where(first, 1.0, start - end))
    start_log = np.log(np.where(first, high, low))
    guess = np.exp(start_log + share * (np.log(high) - start_log))
    return low, high, np.where((low < guess) & (guess < high), guess, 0.5 * (low + high))


def _at(batch: Batch, theta: Floats) -> tuple[Floats, Floats]:
    """Return A, A', A'' (3, N, h) and log|V| (3, N) at one ratio a replicate."""
    coefficients = _coefficients(batch.sizes, theta).transpose(1, 0, 2)
    products = np.matmul(coefficients, batch.between).transpose(1, 0, 2)
    products[0] += batch.within
    spread = theta[:, None] * batch.sizes
    weighted = batch.sizes / (1.0 + spread)
    log_v = np.stack([np.log1p(spread), weighted, -(weighted**2)])
    return products, (log_v * batch.groups).sum(axis=2)


def _newton(
    batch: Batch, low: Floats, high: Floats, theta: Floats, *, reml: bool
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Solve slope = 0 in each bracket; halve where Newton leaves it."""
    found, converged = theta.copy(), np.zeros(len(theta), dtype=np.bool_)
    left, part = np.arange(len(theta)), batch
    for _ in range(MOST_STEPS):
        if not len(left):
            break
        products, log_v = _at(part, theta)
        _, slope, curvature = _derivatives(products, log_v, part.n_rows, batch.q, reml=reml)
        low, high = np.where(slope < 0, theta, low), np.where(slope < 0, high, theta)
        convex = curvature > 0
        step = np.where(convex, slope / np.where(convex, curvature, 1.0), high - low)
        done = np.minimum(np.abs(step), high - low) <= STEP_TOLERANCE * theta
        found[left], converged[left[done]] = theta, True
        next_ = theta - step
        theta = np.where((low < next_) & (next_ < high), next_, 0.5 * (low + high))
        keep = np.flatnonzero(~done)
        if len(keep) < len(left):
            left, low, high, theta = left[keep], low[keep], high[keep], theta[keep]
            part = part.take(keep)
    return found, converged
