"""From one start to where it leads: scoring steps, damped where they have to be."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.linalg.lapack import dpotrf, dpotrs

from relsurvey.psychometrics.structure.estimators.protocol import (
    Estimator,
    Point,
    inverse_information,
)
from relsurvey.psychometrics.structure.table import SYMMETRIC

__all__ = ["Found", "Walk"]

Array: TypeAlias = npt.NDArray[np.float64]
Solver: TypeAlias = Callable[[Array], Array]

LEAST_DAMPING = 1e-3
ROUNDING = 1e-12
MOST_CUTS = 4  # of a step, each to a quarter
MEMORY = 6  # steps that tell of the curvature
# The squared length of the next step in standard errors at which the search has arrived:
# 1e-5 of a standard error.
NEAR = 1e-10


@dataclass(frozen=True, slots=True)
class Found:
    """The best values that any start has led to.

    Attributes
    ----------
    theta : ndarray, shape (q,)
        The values.
    value : float
        The objective there.
    information : ndarray, shape (q, q)
        The information there.
    converged : bool
        Whether the objective is finite, the next step would be no more than a hair of a
        standard error, and the information is positive definite.
    steps : int
        Steps from the start that led here.
    starts : int
        How many starts were tried.
    others : int
        How many of them ended in a worse place.
    reason : str
        Why it has not converged; an empty text where it has.
    lower : float
        The objective where a start came lower without arriving, in values that cannot be; NaN
        where none did.
    vanished : tuple of int
        Parameters that are best at 0, where there is no information on them: the loadings of
        factors that these data do not show.
    """

    theta: Array
    value: float
    information: Array
    converged: bool
    steps: int
    starts: int = 1
    others: int = 0
    reason: str = ""
    lower: float = math.nan
    vanished: tuple[int, ...] = ()


class Walk:
    """Scoring steps from one start, bent by what earlier steps told of the curvature.

    Where the model does not fit, the information is not the curvature, and plain scoring slows
    down; the last few steps and the changes of the gradient put that right (limited-memory BFGS
    about the information). Where a step leads up, it is damped (Levenberg-Marquardt).
    """

    def __init__(self, estimator: Estimator, start: Array) -> None:
        self.estimator = estimator
        self.theta, self.point = _possible(estimator, start)
        self.damping = 0.0
        self.steps = 0
        self.memory: list[tuple[Array, Array]] = []
        self.solve = _solver(self.point, self.damping)
        # What rounding does to a sum over rows; it must not make a last small step look bad.
        self.slack = ROUNDING * estimator.n

    def last_step(self) -> Array | None:
        """Return the next plain step where it is shorter than a hair of a standard error."""
        if self.damping or self.solve is None:
            return None
        step = -self.solve(self.point.gradient)
        return step if float(-step @ self.point.gradient) < NEAR else None

    def advance(self) -> None:
        """Take a step, a part of it, or damp the next one where all of it leads up."""
        self.steps += 1
        if self.solve is not None:
            step = -_bent(self.point.gradient, self.memory, self.solve)
            for _ in range(MOST_CUTS):
                after = self.estimator.objective(self.theta + step)
                if after.value <= self.point.value + self.slack:
                    self._keep(step, after)
                    return
                step = step / 4
        if not self.memory:
            self.damping = max(LEAST_DAMPING, 10 * self.damping)
        self.memory = []
        self.solve = _solver(self.point, self.damping)

    def _keep(self, step: Array, after: Point) -> None:
        change = after.gradient - self.point.gradient
        self.memory = [*self.memory[1 - MEMORY :], (step, change)]
        if not float(step @ change) > 0:
            self.memory = []
        self.theta, self.point = self.theta + step, after
        self.damping = 0.0 if self.damping <= LEAST_DAMPING else self.damping / 10
        self.solve = _solver(self.point, self.damping)

    def arrive(self, step: Array) -> Found:
        """Take the last step, and say whether the estimates are determined there."""
        theta = self.theta + step
        point = self.estimator.objective(theta)
        if point.value <= self.point.value + self.slack:
            self.theta, self.point = theta, point
        definite = bool(np.isfinite(inverse_information(self.point.information)).all())
        return self.end("" if definite else "the information is singular at the best values")

    def end(self, reason: str) -> Found:
        """Return where the walk is; it has converged where there is no reason against it."""
        value, information = self.point.value, self.point.information
        return Found(self.theta, value, information, not reason, self.steps, reason=reason)


def _bent(gradient: Array, memory: list[tuple[Array, Array]], solve: Solver) -> Array:
    """Return the inverse of the curvature times the gradient (two-loop recursion)."""
    found = gradient.copy()
    shares = []
    for step, change in reversed(memory):
        shares.append(float(step @ found) / float(step @ change))
        found = found - shares[-1] * change
    found = solve(found)
    for (step, change), share in zip(memory, reversed(shares), strict=True):
        found = found + step * (share - float(change @ found) / float(step @ change))
    return found


def _possible(estimator: Estimator, start: Array) -> tuple[Array, Point]:
    """Return a start with a finite objective: covariances are halved until there is one."""
    theta = start.copy()
    loose = [
        row.index
        for row in estimator.table.rows
        if row.free and row.matrix in SYMMETRIC and row.row != row.column
    ]
    point = estimator.objective(theta)
    for _ in range(6):
        if math.isfinite(point.value):
            break
        theta[loose] /= 2
        point = estimator.objective(theta)
    return theta, point


def _solver(point: Point, damping: float) -> Solver | None:
    """Return what multiplies by the inverse of the damped information; ``None`` if it has none."""
    size = np.diag(point.information)
    if not (size > 0).all():
        size = np.where(size > 0, size, 1.0)
        damping = max(damping, 1e-6)
    scale = np.sqrt(size)
    scaled = point.information / np.outer(scale, scale)
    if not np.isfinite(scaled).all():
        return None
    scaled[np.diag_indices_from(scaled)] += damping
    factor, failed = dpotrf(scaled, lower=1)
    if failed:
        return None

    def solve(vector: Array) -> Array:
        found: Array = dpotrs(factor, vector / scale, lower=1)[0] / scale
        return found

    return solve
