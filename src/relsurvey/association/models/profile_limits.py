"""Limits of a standard deviation from the profile of the likelihood."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import chdtri

from relsurvey.association.models.likelihood import Floats
from relsurvey.association.models.surface import Surface

__all__ = ["deviances", "profile_limits"]

NOTHING = 1e-5  # of all standard deviations together: one below it is zero
FARTHEST = 1e4  # times all standard deviations together: beyond it a limit is said not to exist
STEP = 1e-4  # of a variance, for slopes by differences
LOG_STEP = 1e-3  # of the log of a variance, for slopes and curvatures by differences
LONGEST_STEP = 1.0  # of the log of a variance
MOST_STEPS = 40
AS_WANTED = 1e-9  # of a deviance
LEVEL = 1e-5  # of a slope of the deviance


def deviances(surface: Surface, variances: Floats) -> Floats:
    """Return the deviance at variances, shape (G, levels), the residual one last."""
    return surface.deviance(variances[:, :-1] / variances[:, -1:], variances[:, -1])


def profile_limits(
    surface: Surface, variances: Floats, confidence: float
) -> list[tuple[float, float]]:
    """Find where the profiled deviance of each standard deviation leaves its minimum by a quantile.

    Parameters
    ----------
    surface : Surface
        The likelihood.
    variances : numpy.ndarray
        Shape (levels,): the best ones, of standardised columns, the residual one last.
    confidence : float
        Coverage.

    Returns
    -------
    list of tuple of float
        Lower and upper limit of each standard deviation; a lower one of 0 where no level at all
        is within the quantile, an upper one of infinity where there is none.

    Notes
    -----
    Both ends are first looked for by Newton's method on the deviance and its slopes at once; where
    that does not end inside (another variance falls to zero on the way), the profile itself is
    bracketed and solved.

    References
    ----------
    Venzon, D. J., & Moolgavkar, S. H. (1988). A method for computing profile-likelihood-based
    confidence intervals. Applied Statistics, 37(1), 87-94.
    """
    scale = float(variances.sum())
    target = float(deviances(surface, variances[None])[0] + chdtri(1, 1.0 - confidence))
    found = []
    for place in range(len(variances)):
        start = np.delete(variances, place) / scale

        def excess(std_dev: float, place: int = place, start: Floats = start) -> float:
            return _least(surface, place, std_dev**2 * scale, scale, start) - target

        estimate = math.sqrt(variances[place] / scale)
        residual = place == len(variances) - 1
        zero = not residual and (estimate <= NOTHING or excess(0.0) <= 0)
        ends = []
        for side in (-1, 1):
            end = 0.0 if zero and side < 0 else _newton(surface, variances, place, side, target)
            if end is None:
                solved = _below if side < 0 else _above
                end = solved(excess, estimate) * math.sqrt(scale)
            ends.append(end)
        found.append((ends[0], ends[1]))
    return found


def _newton(
    surface: Surface, variances: Floats, place: int, side: int, target: float
) -> float | None:
    """Return a limit of one standard deviation, or nothing where the search leaves the inside."""
    if variances[place] == 0:
        return None
    free = np.flatnonzero(variances > 0)
    own = int(np.flatnonzero(free == place)[0])
    others = np.delete(np.arange(len(free)), own)
    logs = np.log(variances[free])
    best = float(logs[own])
    _, _, curvature = _local(surface, variances, free, logs)
    along = np.zeros(len(free))
    along[own] = 1.0
    along[others] = -np.linalg.solve(curvature[np.ix_(others, others)], curvature[others, own])
    bend = float(along @ curvature @ along)
    if not bend > 0:
        return None
    rise = target - float(deviances(surface, variances[None])[0])
    logs = logs + along * side * min(math.sqrt(2.0 * rise / bend), LONGEST_STEP)
    for _ in range(MOST_STEPS):
        value, slope, curvature = _local(surface, variances, free, logs)
        miss = np.append(value - target, slope[others])
        if abs(miss[0]) < AS_WANTED and (np.abs(miss[1:]) < LEVEL).all():
            inside = side * (logs[own] - best) > 0 and _inside(surface, variances, free, logs)
            return math.exp(logs[own] / 2.0) if inside else None
        try:
            step = np.linalg.solve(np.vstack([slope, curvature[others]]), -miss)
        except np.linalg.LinAlgError:
            return None
        logs = logs + step * min(1.0, LONGEST_STEP / max(float(np.abs(step).max()), LONGEST_STEP))
        if np.ptp(logs) > 2.0 * math.log(FARTHEST):
            return None
    return None


def _local(
    surface: Surface, variances: Floats, free: Any, logs: Floats
) -> tuple[float, Floats, Floats]:
    """Return the deviance, its slopes and curvatures along log variances, by differences."""
    n_free = len(logs)
    unit = LOG_STEP * np.eye(n_free)
    pairs = [(i, j) for i in range(n_free) for j in range(i)]
    corners = [a * unit[i] + b * unit[j] for i, j in pairs for a, b in
               ((1, 1), (1, -1), (-1, 1), (-1, -1))]  # fmt: skip
    moved = np.tile(variances, (1 + 2 * n_free + len(corners), 1))
    moved[:, free] = np.exp(logs + np.vstack([np.zeros((1, n_free)), unit, -unit, *corners]))
    values = deviances(surface, moved)
    up, down = values[1 : n_free + 1], values[n_free + 1 : 2 * n_free + 1]
    slope = (up - down) / (2.0 * LOG_STEP)
    curvature = np.diag((up + down - 2.0 * values[0]) / LOG_STEP**2)
    signs = np.array([1.0, -1.0, -1.0, 1.0])
    for number, (i, j) in enumerate(pairs):
        four = values[2 * n_free + 1 + 4 * number :][:4]
        curvature[i, j] = curvature[j, i] = float(signs @ four) / (4.0 * LOG_STEP**2)
    return float(values[0]), slope, curvature


def _inside(surface: Surface, variances: Floats, free: Any, logs: Floats) -> bool:
    """Return whether no variance that is held at zero would rather be above it."""
    here = variances.copy()
    here[free] = np.exp(logs)
    zeros = np.flatnonzero(variances == 0)
    moved = np.tile(here, (1 + len(zeros), 1))
    moved[np.arange(1, 1 + len(zeros)), zeros] = STEP * float(here.sum())
    values = deviances(surface, moved)
    return bool((values[1:] >= values[0]).all())


def _below(excess: Callable[[float], float], estimate: float) -> float:
    from scipy.optimize import brentq

    below = estimate
    while excess(below := below * 0.6) <= 0:
        pass
    return float(brentq(excess, below, estimate, xtol=1e-11))


def _above(excess: Callable[[float], float], estimate: float) -> float:
    from scipy.optimize import brentq

    above = max(estimate, 0.05)
    while excess(above := above * 1.5) <= 0:
        if above > FARTHEST:
            return math.inf
    return float(brentq(excess, estimate, above, xtol=1e-11))


def _least(surface: Surface, place: int, held: float, scale: float, start: Floats) -> float:
    """Return the smallest deviance with one variance held, from more than one start.

    The others are searched as variances over ``scale``, the residual one as its log.
    """
    from scipy.optimize import minimize

    residual_free = place < len(start)
    bounds: list[tuple[float | None, float | None]] = [(0.0, None)] * len(start)
    first = start.copy()
    if residual_free:
        bounds[-1] = (-30.0, 30.0)
        first[-1] = math.log(first[-1])
    starts = [first]
    if len(start) > 1 or not residual_free:
        other = first.copy()
        other[: len(start) - residual_free] = 0.1
        starts.append(other)

    def spread_out(free: Floats) -> Floats:
        values = free.copy()
        if residual_free:
            values[:, -1] = np.exp(values[:, -1])
        return np.insert(values * scale, place, held, axis=1)

    def value_and_slope(free: Floats) -> tuple[float, Floats]:
        step = STEP * np.maximum(np.abs(free), 0.01)
        down = np.tile(free, (len(free), 1)) - np.diag(step)
        if residual_free:
            down[:, :-1] = np.maximum(down[:, :-1], 0.0)
        else:
            down = np.maximum(down, 0.0)
        up = np.tile(free, (len(free), 1)) + np.diag(step)
        values = deviances(surface, spread_out(np.vstack([free, up, down])))
        width = np.diag(up) - np.diag(down)
        n_free = len(free)
        return float(values[0]), (values[1 : n_free + 1] - values[n_free + 1 :]) / width

    options: Any = {"ftol": 1e-14, "gtol": 1e-9, "maxiter": 200}
    ends: list[Any] = [
        minimize(value_and_slope, one, jac=True, bounds=bounds, method="L-BFGS-B", options=options)
        for one in starts
    ]
    return min(float(end.fun) for end in ends)
