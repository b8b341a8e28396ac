"""The likelihood of a polychoric correlation given the thresholds, and its highest point."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.psychometrics.bivariate_normal import binormal_cdf, binormal_pdf

__all__ = ["EDGE", "LEAST", "PairLikelihood", "cell_sums", "highest"]

Array: TypeAlias = npt.NDArray[np.float64]
Places: TypeAlias = npt.NDArray[np.int64]

# A likelihood may have two hills where a table has two diagonals: the climb begins at the best
# of these, and stays between its neighbours.
STARTS = (-0.95, -0.7, -0.35, 0.0, 0.35, 0.7, 0.95)
STEPS = 80
CLOSE = 1e-13  # of a step
EDGE = 1 - 1e-10
LEAST = 1e-100  # what rounding may leave of the probability of a cell


class PairLikelihood:
    """The log-likelihood of each of p tables as a function of its correlation.

    Parameters
    ----------
    counts : ndarray, shape (p, c, c)
        Rows by cell.
    x : ndarray, shape (p, c + 1, 1)
        Thresholds of the first item between minus and plus infinity.
    y : ndarray, shape (p, 1, c + 1)
        Those of the second item.
    """

    def __init__(self, counts: Array, x: Array, y: Array) -> None:
        self.counts, self.x, self.y = counts, x, y

    def value(self, pairs: Places, rho: Array) -> Array:
        """Return the log-likelihood of some of the tables."""
        probability = self._probability(pairs, rho)
        total: Array = (self.counts[pairs] * np.log(probability)).sum(axis=(1, 2))
        return total

    def slopes(self, pairs: Places, rho: Array) -> tuple[Array, Array, Array]:
        """Return the first and second derivative, and the expected information."""
        x, y, r = self.x[pairs], self.y[pairs], rho[:, None, None]
        probability = self._probability(pairs, rho)
        density = binormal_pdf(x, y, r)
        first = cell_sums(density)
        second = cell_sums(density * _growth(x, y, r))
        counts = self.counts[pairs]
        ratio = first / probability
        gradient = (counts * ratio).sum(axis=(1, 2))
        curvature = (counts * (second / probability - ratio**2)).sum(axis=(1, 2))
        possible = probability > LEAST
        information = counts.sum(axis=(1, 2)) * (first * ratio * possible).sum(axis=(1, 2))
        return gradient, curvature, information

    def _probability(self, pairs: Places, rho: Array) -> Array:
        whole = binormal_cdf(self.x[pairs], self.y[pairs], rho[:, None, None])
        return np.maximum(cell_sums(whole), LEAST)


def cell_sums(corners: Array) -> Array:
    """Return what a function of the upper limits gives for each cell, shape (p, c, c)."""
    rows = corners[:, 1:] - corners[:, :-1]
    between: Array = rows[:, :, 1:] - rows[:, :, :-1]
    return between


def _growth(x: Array, y: Array, r: Array) -> Array:
    """Return the derivative of the logarithm of the density with respect to rho."""
    there = np.isfinite(x) & np.isfinite(y)
    x, y = np.where(there, x, 0.0), np.where(there, y, 0.0)
    rest = (1 - r) * (1 + r)
    growth: Array = (r + (x * y * (1 + r * r) - r * (x * x + y * y)) / rest) / rest
    return growth


def highest(likelihood: PairLikelihood, pairs: Places) -> Array:
    """Return the correlations at which the likelihoods of these pairs are largest.

    Parameters
    ----------
    likelihood : PairLikelihood
        Of all tables.
    pairs : ndarray of int
        Those to climb.

    Returns
    -------
    ndarray
        One correlation a pair, between -1 and 1.
    """
    values = np.array(
        [likelihood.value(pairs, np.full(len(pairs), start)) for start in STARTS]
    ).reshape(len(STARTS), len(pairs))
    best = values.argmax(axis=0)
    fence = np.array([-1.0, *STARTS, 1.0])
    low, rho, high = fence[best], fence[best + 1], fence[best + 2]
    moving = np.arange(len(pairs))
    for _ in range(STEPS):
        if not len(moving):
            break
        at = rho[moving]
        gradient, curvature, information = likelihood.slopes(pairs[moving], at)
        low[moving] = np.where(gradient > 0, at, low[moving])
        high[moving] = np.where(gradient < 0, at, high[moving])
        with np.errstate(divide="ignore", invalid="ignore"):
            slope = np.where(curvature < 0, -curvature, information)
            wanted = at + np.where(gradient == 0, 0.0, gradient / slope)
        inside = (wanted > low[moving]) & (wanted < high[moving])
        middle = (low[moving] + high[moving]) / 2
        to = np.where(inside | (gradient == 0), wanted, middle)
        rho[moving] = np.clip(to, -EDGE, EDGE)
        moving = moving[(np.abs(to - at) > CLOSE) & (np.abs(rho[moving]) < EDGE)]
    return np.asarray(rho, dtype=np.float64)
