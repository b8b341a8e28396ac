"""Newton's method between bounds, for smooth functions of a few dozen numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["UNDEFINED", "Minimum", "Point", "minimise"]

Array: TypeAlias = npt.NDArray[np.float64]
Truths: TypeAlias = npt.NDArray[np.bool_]

MOST_STEPS = 500
MOST_HALVINGS = 40
SMALL = 1e-9  # of a gradient, where the function is of the order of one
LONGEST = 1.0  # of a step, in any coordinate
FLAT = 1e-12  # a second derivative that is none
MODERATE = 0.3  # second derivatives here are of the order of one
ROUNDING = 1e-13  # of the value, below which a rise is none
ENOUGH = 1e-4  # of the fall that the gradient promises


class Point(NamedTuple):
    """A function at a point.

    Attributes
    ----------
    value : float
        Infinite where it is not defined.
    gradient : ndarray, shape (p,)
        Of first derivatives.
    hessian : ndarray, shape (p, p)
        Of second derivatives.
    """

    value: float
    gradient: Array
    hessian: Array


UNDEFINED = Point(np.inf, np.empty(0), np.empty((0, 0)))


@dataclass(frozen=True, slots=True)
class Minimum:
    """Where a search ended.

    Attributes
    ----------
    at : ndarray
        The point.
    value : float
        Of the function there.
    converged : bool
        Whether the gradient vanishes there, but for coordinates at a bound that push outwards.
    """

    at: Array
    value: float
    converged: bool


def minimise(
    function: Callable[[Array], Point], start: Array, lower: float, upper: float
) -> Minimum:
    """Find a local minimum of a function between bounds.

    Parameters
    ----------
    function : callable
        Gives the ``Point`` at an array of shape (p,).
    start : ndarray, shape (p,)
        Where to begin.
    lower, upper : float
        The same bounds for every coordinate.

    Returns
    -------
    Minimum
        Coordinates at a bound that the function would cross are held there, step by step; the
        others take a Newton step, made shorter until the function falls. A direction in which
        the function bends downwards is followed down, by its slope and a moderate bend.

    References
    ----------
    Bertsekas DP (1982). Projected Newton methods for optimization problems with simple
    constraints. SIAM Journal on Control and Optimization 20(2):221-246. doi 10.1137/0320018.

    Examples
    --------
    >>> def bowl(x):
    ...     bend = 2 * np.eye(len(x))
    ...     return Point(float((x - 2) @ (x - 2)), 2 * (x - 2), bend)
    >>> minimise(bowl, np.array([0.5, 0.5]), 0.0, 1.0).at.tolist()
    [1.0, 1.0]
    """
    at = np.clip(start, lower, upper)
    here = function(at)
    for _ in range(MOST_STEPS):
        if not np.isfinite(here.value):
            return Minimum(at, here.value, converged=False)
        slope = here.gradient
        free = ~(((at <= lower) & (slope > 0)) | ((at >= upper) & (slope < 0)))
        steepest = float(np.abs(slope[free]).max(initial=0.0))
        if steepest < SMALL:
            return Minimum(at, here.value, converged=True)
        step = _inner_step(at, here, free, (lower, upper))
        reached = _shortened(function, at, here, step, (lower, upper))
        if reached is None:
            # Nothing lower can be told from the value here: rounding decides.
            return Minimum(at, here.value, converged=steepest < 1e3 * SMALL)
        at, here = reached
    return Minimum(at, here.value, converged=False)


def _inner_step(at: Array, here: Point, free: Truths, bounds: tuple[float, float]) -> Array:
    """Return a step that leaves no bound outwards: what would is held, and the rest anew."""
    while True:
        step = np.zeros(len(at))
        step[free] = _newton(here.gradient[free], here.hessian[np.ix_(free, free)])
        outwards = ((at <= bounds[0]) & (step < 0)) | ((at >= bounds[1]) & (step > 0))
        if not outwards.any() or outwards[free].all():
            return step
        free = free & ~outwards


def _newton(gradient: Array, hessian: Array) -> Array:
    try:
        root = np.linalg.inv(np.linalg.cholesky(hessian))
        step: Array = -root.T @ (root @ gradient)
    except np.linalg.LinAlgError:
        roots, vectors = np.linalg.eigh(hessian)
        size = np.where(roots > FLAT, roots, np.clip(-roots, FLAT, MODERATE))
        step = -vectors @ ((vectors.T @ gradient) / size)
    return step * min(1.0, LONGEST / float(np.abs(step).max()))


def _shortened(
    function: Callable[[Array], Point],
    at: Array,
    here: Point,
    step: Array,
    bounds: tuple[float, float],
) -> tuple[Array, Point] | None:
    """Halve a step until the function falls enough; nothing where it does not fall."""
    size = 1.0
    for _ in range(MOST_HALVINGS):
        tried = np.clip(at + size * step, *bounds)
        there = function(tried)
        fall = ENOUGH * float(here.gradient @ (tried - at)) + ROUNDING
        if there.value <= here.value + fall and (tried != at).any():
            return tried, there
        size *= 0.5
    return None
