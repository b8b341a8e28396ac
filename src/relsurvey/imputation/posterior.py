"""One draw from the posterior of a random-intercept model, and what it predicts.

Given the ratios of the random intercepts' variances to the residual variance, everything in
the model is known in closed form; the ratios themselves are drawn from their posterior on a
grid. So each draw is independent of the last: nothing has to run in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Codes", "Drawing", "Floats", "Observed", "draw_parameters"]

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]

RIDGE = 1e-5  # of a column's sum of squares: keeps near-collinear columns apart
COARSE, FINE = {1: 24, 2: 10}, {1: 40, 2: 12}  # points along each axis, by number of levels
NEGLIGIBLE = 1e-4  # of the highest density: cells below it are left out of the fine grid


@dataclass(frozen=True, slots=True, eq=False)
class Observed:
    """The rows that have a value of the column to be imputed.

    Attributes
    ----------
    y : numpy.ndarray
        Shape (n,): standardised.
    x : numpy.ndarray
        Shape (n, p): standardised predictors, the first column of ones.
    groups : numpy.ndarray of int or None
        Shape (n,): the group of each row; ``None`` for a model without random intercepts.
    n_groups : int
        J, those without an observed row among them.
    parents : numpy.ndarray of int or None
        Shape (J,): the larger unit of each group, where there is a level for it.
    """

    y: Floats
    x: Floats
    groups: Codes | None = None
    n_groups: int = 0
    parents: Codes | None = None

    @property
    def n_levels(self) -> int:
        """Number of random intercepts: 0, 1 or 2."""
        return (self.groups is not None) + (self.parents is not None)


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """Parameters drawn, and their means given the same variance ratios.

    Attributes
    ----------
    effects, expected_effects : numpy.ndarray
        Shape (p,): drawn, and generalised least squares.
    intercepts, expected_intercepts : numpy.ndarray
        Shape (J,): of the groups, their larger units' included; shape (0,) without levels.
    residual_sd : float
        Drawn.
    """

    effects: Floats
    expected_effects: Floats
    intercepts: Floats
    expected_intercepts: Floats
    residual_sd: float


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """Sums per group of z = [x y]: what the posterior is worked out from."""

    counts: Floats
    means: Floats
    within: Floats
    parents: Codes | None
    n_rows: int

    @property
    def n_effects(self) -> int:
        return len(self.within) - 1


def draw_parameters(seen: Observed, rng: np.random.Generator) -> Drawing:
    """Draw all parameters of the model from their posterior, given the observed rows.

    Parameters
    ----------
    seen : Observed
        More rows than predictors.
    rng : numpy.random.Generator
        Where chance comes from.

    Returns
    -------
    Drawing
        In standardised units.

    Notes
    -----
    The priors: flat for the effects and the logarithm of the residual variance (Jeffreys);
    uniform for the share of variance between groups and, with two levels of them, for the
    part of that share that is between the larger units. The second is proper, so that few
    groups do no harm. A group without an observed row gets an intercept from the distribution
    of all groups.

    References
    ----------
    Schafer, J. L., & Yucel, R. M. (2002). Computational strategies for multivariate linear
    mixed-effects models with missing values. Journal of Computational and Graphical
    Statistics, 11(2), 437-457.
    Daniels, M. J. (1999). A prior for the variance in hierarchical models. Canadian Journal of
    Statistics, 27(3), 567-578.
    """
    sums = _sums(seen)
    ratios = _draw_ratios(sums, seen.n_levels, rng)
    products, _ = _products(sums, ratios[None, :])
    p = sums.n_effects
    inverse = np.linalg.inv(_ridged(products)[0, :p, :p])
    expected = inverse @ products[0, :p, p]
    left = max(float(products[0, p, p] - expected @ products[0, :p, p]), 0.0)
    sigma = float(np.sqrt(left / rng.chisquare(sums.n_rows - p)))
    effects = expected + sigma * (np.linalg.cholesky(inverse) @ rng.standard_normal(p))
    if seen.groups is None:
        return Drawing(effects, expected, np.empty(0), np.empty(0), sigma)
    noise = rng.standard_normal(seen.n_groups)
    of_units = rng.standard_normal(0 if seen.parents is None else int(seen.parents.max()) + 1)
    return Drawing(
        effects,
        expected,
        _intercepts(sums, effects, ratios, sigma * noise, sigma * of_units),
        _intercepts(sums, expected, ratios, 0.0 * noise, 0.0 * of_units),
        sigma,
    )


def _sums(seen: Observed) -> _Sums:
    z = np.column_stack([seen.x, seen.y])
    if seen.groups is None:
        return _Sums(np.empty(0), np.empty((0, z.shape[1])), z.T @ z, None, len(z))
    counts = np.bincount(seen.groups, minlength=seen.n_groups).astype(np.float64)
    totals = np.stack(
        [np.bincount(seen.groups, weights=one, minlength=seen.n_groups) for one in z.T], axis=1
    )
    means = totals / np.maximum(counts, 1.0)[:, None]
    deviations = z - means[seen.groups]
    return _Sums(counts, means, deviations.T @ deviations, seen.parents, len(z))


def _ratios(shares: Floats) -> Floats:
    """Turn shares (G, levels) into ratios (G, 2) of variances to the residual variance."""
    between = shares[:, 0] / (1.0 - shares[:, 0])
    of_units = shares[:, 1] if shares.shape[1] == 2 else np.zeros(len(shares))
    return np.column_stack([between * (1.0 - of_units), between * of_units])


def _products(sums: _Sums, ratios: Floats) -> tuple[Floats, Floats]:
    """Return z'V^-1 z, shape (G, q, q), and log|V|, shape (G,), at G pairs of ratios."""
    q = len(sums.within)
    if not len(sums.counts):
        return np.broadcast_to(sums.within, (len(ratios), q, q)), np.zeros(len(ratios))
    spread = np.outer(ratios[:, 0], sums.counts)
    weights = sums.counts / (1.0 + spread)
    outer = (sums.means[:, :, None] * sums.means[:, None, :]).reshape(-1, q * q)
    products = sums.within + (weights @ outer).reshape(-1, q, q)
    log_determinant = np.log1p(spread).sum(axis=1)
    if sums.parents is not None:
        totals, sizes = _of_units(sums.parents, sums.means, weights)
        shrink = ratios[:, 1, None] / (1.0 + ratios[:, 1, None] * sizes)
        products = products - np.einsum("gt,gti,gtj->gij", shrink, totals, totals, optimize=True)
        log_determinant = log_determinant + np.log1p(ratios[:, 1, None] * sizes).sum(axis=1)
    return products, log_determinant


def _of_units(parents: Codes, means: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return weighted totals (G, T, q) and weights (G, T) of the larger units."""
    member = (parents[:, None] == np.arange(parents.max() + 1)).astype(np.float64)
    spread_out = (member[:, :, None] * means[:, None, :]).reshape(len(member), -1)
    totals = (weights @ spread_out).reshape(len(weights), member.shape[1], -1)
    return totals, weights @ member


def _ridged(products: Floats) -> Floats:
    ridged = products.copy()
    places = np.arange(1, products.shape[1] - 1)  # neither the intercept nor the outcome
    ridged[:, places, places] *= 1.0 + RIDGE
    return ridged


def _log_density(sums: _Sums, shares: Floats) -> Floats:
    """Return the log posterior of the shares, up to a constant; effects and sigma integrated."""
    products, log_determinant = _products(sums, _ratios(shares))
    p = sums.n_effects
    ridged = _ridged(products)[:, :p, :p]
    cross = products[:, :p, p]
    solved = np.linalg.solve(ridged, cross[:, :, None])[:, :, 0]
    left = np.maximum(products[:, p, p] - (cross * solved).sum(axis=1), np.finfo(float).tiny)
    density: Floats = -0.5 * (
        (sums.n_rows - p) * np.log(left) + log_determinant + np.linalg.slogdet(ridged)[1]
    )
    return density


def _draw_ratios(sums: _Sums, n_levels: int, rng: np.random.Generator) -> Floats:
    """Draw the variance ratios: a coarse grid finds where the posterior is, a fine one draws."""
    if n_levels == 0:
        return np.zeros(2)
    low, high = np.zeros(n_levels), np.ones(n_levels)

    def density(shares: Floats) -> Floats:
        return _log_density(sums, shares)

    cells, density_of, width = _grid(density, low, high, COARSE[n_levels])
    kept = cells[density_of >= density_of.max() + np.log(NEGLIGIBLE)]
    low = np.maximum(kept.min(axis=0) - width, 0.0)
    high = np.minimum(kept.max(axis=0) + width, 1.0)
    cells, density_of, width = _grid(density, low, high, FINE[n_levels])
    chances = np.exp(density_of - density_of.max())
    cell = int(np.searchsorted(np.cumsum(chances / chances.sum()), rng.random()))
    drawn = cells[min(cell, len(cells) - 1)] + width * (rng.random(n_levels) - 0.5)
    ratios: Floats = _ratios(drawn[None, :])[0]
    return ratios


def _grid(
    density: Callable[[Floats], Floats], low: Floats, high: Floats, points: int
) -> tuple[Floats, Floats, Floats]:
    """Return the middles of the cells, the log density there, and the width of a cell."""
    width = (high - low) / points
    axes = [
        start + step * (np.arange(points) + 0.5) for start, step in zip(low, width, strict=True)
    ]
    cells = np.stack([axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")], axis=1)
    return cells, density(cells), width


def _intercepts(
    sums: _Sums, effects: Floats, ratios: Floats, noise: Floats, of_units: Floats
) -> Floats:
    """Return the groups' intercepts given all else; ``noise`` is in residual SDs."""
    residual = sums.means @ np.append(-effects, 1.0)
    group_ratio, unit_ratio = float(ratios[0]), float(ratios[1])
    weights = sums.counts / (1.0 + group_ratio * sums.counts)
    above = np.zeros(len(residual))
    if sums.parents is not None:
        sizes = np.bincount(sums.parents, weights=weights)
        totals = np.bincount(sums.parents, weights=weights * residual)
        shrink = unit_ratio / (1.0 + unit_ratio * sizes)
        above = (shrink * totals + np.sqrt(shrink) * of_units)[sums.parents]
    own: Floats = group_ratio * weights * (residual - above)
    own += np.sqrt(group_ratio / (1.0 + group_ratio * sums.counts)) * noise
    return above + own
