"""The best rotation of loadings: many random starts at once, the best of them refined.

A rotation is a matrix T that lies on a surface: orthogonal, or with columns of length one.
Each surface says how the criterion changes there and how a small step is taken; the search is
the same for both. All starts are moved together, as one stack of small matrices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["Found", "Oblique", "Orthogonal", "Surface", "search"]

Array: TypeAlias = npt.NDArray[np.float64]

STARTS = 30
SEED = 20240531
SCREEN_STEPS = 100
SCREEN_SLOPE = 1e-2
REFINED = 4  # starts whose criterion is lowest after screening
NEWTON_STEPS = 200
FLAT = 1e-8  # of a slope
HALVINGS = 30
SCREENED = 1e-3  # what a screened start may have left to fall
DIFFERENCE = 1e-6  # step of the differences that give the second derivatives


class _At(NamedTuple):
    """Criterion (s,) and slope in the coordinates of the surface (s, q) at a stack of points."""

    value: Array
    slope: Array


class Surface(Protocol):
    """Where the rotations lie."""

    def at(self, rotations: Array) -> _At:
        """Return criterion and slope at a stack of rotations, shape (s, k, k)."""
        ...

    def moved(self, rotations: Array, step: Array) -> Array:
        """Return the rotations a step (s, q) along the surface away."""
        ...


class Orthogonal:
    """Orthogonal rotations under the varimax criterion (minus a quarter of it).

    References
    ----------
    Kaiser HF (1958). The varimax criterion for analytic rotation in factor analysis.
    Psychometrika 23(3):187-200. doi 10.1007/BF02289233.
    """

    def __init__(self, loadings: Array) -> None:
        self.loadings = loadings
        self.above = np.triu_indices(loadings.shape[1], 1)

    def at(self, rotations: Array) -> _At:
        """Return criterion and slope at a stack of rotations, shape (s, k, k)."""
        rotated = self.loadings @ rotations
        squares = rotated**2
        centred = squares - squares.mean(axis=-2, keepdims=True)
        value = -0.25 * (centred**2).sum(axis=(-2, -1))
        inner = rotated.swapaxes(-2, -1) @ (-rotated * centred)
        turn = inner - inner.swapaxes(-2, -1)
        return _At(value, turn[..., self.above[0], self.above[1]])

    def moved(self, rotations: Array, step: Array) -> Array:
        """Return the rotations a step (s, q) along the surface away."""
        k = self.loadings.shape[1]
        half = np.zeros((len(step), k, k))
        half[:, self.above[0], self.above[1]] = 0.5 * step
        half = half - half.swapaxes(-2, -1)
        one = np.eye(k)
        turned: Array = rotations @ np.linalg.solve(one - half, one + half)  # Cayley
        return turned


class Oblique:
    """Columns of length one under the quartimin criterion, oblimin with gamma 0.

    References
    ----------
    Jennrich RI, Sampson PF (1966). Rotation for simple loadings. Psychometrika 31(3):313-323.
    doi 10.1007/BF02289465.
    Jennrich RI (2002). A simple general method for oblique rotation. Psychometrika 67(1):7-19.
    doi 10.1007/BF02294706.
    """

    def __init__(self, loadings: Array) -> None:
        self.loadings = loadings

    def at(self, rotations: Array) -> _At:
        """Return criterion and slope at a stack of rotations, shape (s, k, k)."""
        inverse = np.linalg.inv(rotations)
        pattern = self.loadings @ inverse.swapaxes(-2, -1)
        squares = pattern**2
        others = squares.sum(axis=-1, keepdims=True) - squares
        value = 0.25 * (squares * others).sum(axis=(-2, -1))
        free = -(pattern.swapaxes(-2, -1) @ (pattern * others) @ inverse).swapaxes(-2, -1)
        along = free - rotations * (rotations * free).sum(axis=-2, keepdims=True)
        return _At(value, along.reshape(len(along), -1))

    def moved(self, rotations: Array, step: Array) -> Array:
        """Return the rotations a step (s, q) along the surface away."""
        columns = rotations + step.reshape(rotations.shape)
        scaled: Array = columns / np.sqrt((columns**2).sum(axis=-2, keepdims=True))
        return scaled


@dataclass(frozen=True, slots=True)
class Found:
    """The best rotation that was found.

    Attributes
    ----------
    rotation : ndarray, shape (k, k)
        T.
    value : float
        The criterion, lower is better.
    converged : bool
        Whether its slope vanishes there.
    agreeing : float
        Share of the starts refined or screened that lead to this optimum.
    """

    rotation: Array
    value: float
    converged: bool
    agreeing: float


def search(surface: Surface, k: int) -> Found:
    """Find the rotation with the lowest criterion.

    Parameters
    ----------
    surface : Surface
        Orthogonal or oblique, with its criterion.
    k : int
        Factors, two or more.

    Returns
    -------
    Found
        The best of 30 seeded random orthogonal starts and no rotation: all go down by
        gradient projection, and the lowest are refined by Newton's method.

    References
    ----------
    Bernaards CA, Jennrich RI (2005). Gradient projection algorithms and software for arbitrary
    rotation criteria in factor analysis. Educational and Psychological Measurement
    65(5):676-696. doi 10.1177/0013164404272507.
    """
    draws = np.random.default_rng(SEED).normal(size=(STARTS, k, k))
    starts = np.concatenate([np.eye(k)[None], np.linalg.qr(draws)[0]])
    rotations, values = _go_down(surface, starts)
    order = np.argsort(values, kind="stable")
    refined = [_refine(surface, rotations[place]) for place in order[:REFINED]]
    best = min(refined, key=lambda found: (round(found[1], 12), not found[2]))
    # A screened start above the best by less than it had left to fall counts with it.
    near = values - best[1] <= max(SCREENED, 1e-2 * abs(best[1]))
    return Found(*best, agreeing=float(near.mean()))


def _go_down(surface: Surface, rotations: Array) -> tuple[Array, Array]:
    """Move all starts down their slopes, each by steps of its own length."""
    length = np.ones(len(rotations))
    here = surface.at(rotations)
    value, slope = here.value.copy(), here.slope.copy()
    for _ in range(SCREEN_STEPS):
        steep = np.sqrt((slope**2).sum(axis=1))
        moving = np.flatnonzero(steep > SCREEN_SLOPE)
        if not len(moving):
            break
        length[moving] *= 2
        for _ in range(HALVINGS):
            tried = surface.moved(rotations[moving], -length[moving, None] * slope[moving])
            there = surface.at(tried)
            enough = value[moving] - there.value > 0.5 * steep[moving] ** 2 * length[moving]
            done = moving[enough]
            rotations[done], value[done] = tried[enough], there.value[enough]
            slope[done] = there.slope[enough]
            moving = moving[~enough]
            length[moving] /= 2
            if not len(moving):
                break
    return rotations, value


def _refine(surface: Surface, rotation: Array) -> tuple[Array, float, bool]:
    """Go on by Newton's method until the slope vanishes."""
    value, slope = (part[0] for part in surface.at(rotation[None]))
    for _ in range(NEWTON_STEPS):
        steepest = float(np.abs(slope).max())
        if steepest < FLAT * 1e-2:
            break
        step = _newton(surface, rotation, slope)
        sizes = 0.5 ** np.arange(HALVINGS)
        tried = surface.moved(np.repeat(rotation[None], HALVINGS, axis=0), sizes[:, None] * step)
        there = surface.at(tried)
        falls = there.value <= value + 1e-4 * sizes * float(slope @ step) + 1e-14
        if not falls.any():
            break
        first = int(np.argmax(falls))
        rotation, value, slope = tried[first], there.value[first], there.slope[first]
    return rotation, float(value), bool(np.abs(slope).max() < FLAT)


def _newton(surface: Surface, rotation: Array, slope: Array) -> Array:
    """Return a Newton step, with second derivatives from differences of the slope."""
    q = len(slope)
    steps = DIFFERENCE * np.concatenate([np.eye(q), -np.eye(q)])
    around = surface.moved(np.repeat(rotation[None], 2 * q, axis=0), steps)
    slopes = surface.at(around).slope
    bend = (slopes[:q] - slopes[q:]) / (2 * DIFFERENCE)
    roots, vectors = np.linalg.eigh(0.5 * (bend + bend.T))
    # Directions that lead off the surface have neither slope nor bend.
    size = np.maximum(np.abs(roots), 1e-6 * np.abs(roots).max())
    step: Array = -vectors @ ((vectors.T @ slope) / size)
    longest = float(np.abs(step).max())
    return step / max(1.0, longest / 0.5)
