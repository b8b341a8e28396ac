"""Find the two variance ratios of the largest likelihood, among all its local maxima."""

from __future__ import annotations

import numpy as np

from relsurvey.association.models.bounded_steps import bounded_step, hollows
from relsurvey.association.models.likelihood import Floats, inverse_and_log_determinant
from relsurvey.association.models.nested_likelihood import NestedSums, products
from relsurvey.association.models.optimum import Optimum, at_point

__all__ = ["descend_nested", "minimise_nested"]

GRID_POINTS = 24  # for each ratio, above 0
SMALLEST_RATIO = 1e-2  # of 1 / (largest group): below it, little changes until 0
MOST_STARTS = 8
MOST_STEPS = 100
STEP_TOLERANCE = 1e-12
STALLED = 1e-8  # steps this small that do not become smaller are rounding
FLAT = 1e-7  # a fall of the deviance not to be told from rounding


def minimise_nested(
    sums: NestedSums, residual_within: float, *, reml: bool
) -> tuple[Optimum, bool]:
    """Find the ratios of the smallest deviance among all local minima, zeros included.

    A grid over both ratios, 0 among them, is looked through for points lower than all their
    neighbours; from each of these Newton's method with the bounds goes to the end.

    Parameters
    ----------
    sums : NestedSums
        The data.
    residual_within : float
        Residual sum of squares within groups, above 0; it bounds the ratios.
    reml : bool
        Restricted (REML) or full maximum likelihood.

    Returns
    -------
    best : Optimum
        At the best ratios; one at its bound is exactly 0.
    converged : bool
        Whether the search ended because the step became negligible.

    References
    ----------
    Henn, L., & Hodges, J. S. (2014). Multiple local maxima in restricted likelihoods and
    posterior distributions for mixed linear models. International Statistical Review, 82(1),
    90-105.
    """
    floor = SMALLEST_RATIO / np.array([sums.sizes.max(), sums.unit_sizes.max()])
    plain = _evaluate(sums, np.zeros(2), reml=reml)
    # Beyond this log|V| rises faster than the residual can still fall.
    highest = max(10.0 * sums.n_rows * plain.residual / residual_within, 1e3 * floor.max())
    axes = [np.append(0.0, np.geomspace(low, highest, GRID_POINTS)) for low in floor]
    deviances = grid_deviance(sums, axes[0], axes[1], reml=reml)
    ends = [
        _newton(sums, np.array([axes[0][i], axes[1][j]]), floor, reml=reml)
        for i, j in hollows(deviances[None], MOST_STARTS)[1]
    ]
    return min(ends, key=lambda end: end[0].deviance)


def descend_nested(sums: NestedSums, start: Floats, *, reml: bool) -> tuple[Optimum, bool]:
    """Go from given ratios down to the minimum next to them, as for data that changed little.

    Parameters
    ----------
    sums : NestedSums
        The data.
    start : numpy.ndarray
        Shape (2,): ratios, such as those of a fit to nearly the same data.
    reml : bool
        Restricted or full maximum likelihood.

    Returns
    -------
    tuple of Optimum and bool
        As from `minimise_nested`, which looks everywhere.
    """
    floor = SMALLEST_RATIO / np.array([sums.sizes.max(), sums.unit_sizes.max()])
    return _newton(sums, start, floor, reml=reml)


def grid_deviance(sums: NestedSums, groups: Floats, units: Floats, *, reml: bool) -> Floats:
    """Return the deviance at every pair of ratios, shape (len(groups), len(units)).

    For a given ratio of the groups the rest is a model of the units alone, so the groups are
    gone through once for each row of the table.
    """
    rows = []
    for ratio in groups.tolist():
        c = sums.sizes / (1.0 + sums.sizes * ratio)
        a = np.add.reduceat(c, sums.starts)
        mu = np.add.reduceat(sums.means * c[:, None], sums.starts) / a[:, None]
        off = sums.means - sums.of_groups(mu)
        base = sums.within + (off * c[:, None]).T @ off
        spread = units[:, None] * a
        q = len(base)
        squares = (mu[:, :, None] * mu[:, None, :]).reshape(-1, q * q)
        values = base + ((a / (1.0 + spread)) @ squares).reshape(-1, q, q)
        # log, not log1p: several times as fast, and no more is needed to compare.
        log_determinant = np.log(1.0 + sums.sizes * ratio).sum()
        log_determinant = log_determinant + np.log(1.0 + spread).sum(axis=1)
        rows.append((values, log_determinant))
    values = np.stack([row[0] for row in rows])
    return _deviance(values, np.stack([row[1] for row in rows]), sums.n_rows, reml=reml)


def _deviance(values: Floats, log_determinant: Floats, n_rows: int, *, reml: bool) -> Floats:
    shape, q = values.shape[:2], values.shape[-1]
    values = values.reshape(-1, q, q)
    inverse, of_effects = inverse_and_log_determinant(values[:, :-1, :-1])
    v = np.ones((len(values), q, 1))
    v[:, :-1] = -(inverse @ values[:, :-1, -1:])
    residual = (v * (values @ v)).sum(axis=(1, 2)).reshape(shape)
    divisor = n_rows - q + 1 if reml else n_rows
    deviance: Floats = divisor * (1.0 + np.log(2.0 * np.pi / divisor * residual)) + log_determinant
    return deviance + of_effects.reshape(shape) if reml else deviance


def _evaluate(sums: NestedSums, ratios: Floats, *, reml: bool) -> Optimum:
    return at_point(ratios, products(sums, ratios), sums.n_rows, reml=reml)


def _newton(sums: NestedSums, ratios: Floats, floor: Floats, *, reml: bool) -> tuple[Optimum, bool]:
    """Go down from a point to a minimum, each ratio at least 0."""
    here = _evaluate(sums, ratios, reml=reml)
    last = np.inf
    for _ in range(MOST_STEPS):
        step, fall = _step(here, np.maximum(here.ratios, floor))
        size = float(np.max(np.abs(step) / (here.ratios + floor)))
        if size <= STEP_TOLERANCE or STALLED > size >= last:
            return here, True
        last = size
        there = _evaluate(sums, _moved(here.ratios, step), reml=reml)
        for _ in range(MOST_STEPS):
            if fall < FLAT or there.deviance < here.deviance:
                break
            step, fall = step / 2.0, fall / 2.0
            there = _evaluate(sums, _moved(here.ratios, step), reml=reml)
        here = there
    return here, False


def _moved(ratios: Floats, step: Floats) -> Floats:
    moved: Floats = np.maximum(ratios + step, 0.0)
    return moved


def _step(here: Optimum, scale: Floats) -> tuple[Floats, float]:
    step, fall = bounded_step(
        here.slope[None], here.curvature[None], here.ratios[None], scale[None]
    )
    return step[0], float(fall[0])
