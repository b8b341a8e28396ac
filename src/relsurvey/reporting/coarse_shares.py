"""Shares coarse enough that they do not give away the number of people they are shares of.

Where counts are rounded, say to the nearest 5, five numbers of people look alike. A share in whole
percent would often fit one of them only, and so undo the rounding. So shares of few people are
written in coarser steps, and in coarser ones still where a share would fit one number alone.
"""

from __future__ import annotations

import math
from functools import lru_cache

__all__ = ["FINEST", "coarse_share", "nearest", "usual_step"]

FINEST = 0.01
STEPS = (FINEST, 0.05, 0.10, 0.25, 0.50)
USUAL = ((21, 0), (5, 1), (0, 2))  # of so many steps of rounding, the place in STEPS
MOST_PEOPLE = 2_000  # beyond, no share in whole percent fits one number of people alone


def nearest(count: int, base: int) -> int:
    """Round to the nearest multiple of ``base``; halfway goes up."""
    return base * math.floor(count / base + 0.5)


def usual_step(whole: int, base: int) -> float:
    """Return the step in which shares of so many people are written as a rule."""
    return STEPS[_usual(whole, base)]


def coarse_share(part: int, whole: int, threshold: int, base: int, finest: float = FINEST) -> float:
    """Return a share that fits at least two numbers of people with the same rounded count.

    Parameters
    ----------
    part, whole : int
        Exact counts; ``part`` and the rest are at least ``threshold``.
    threshold : int
        Smallest count that is shown.
    base : int
        To what counts are rounded.
    finest : float, optional
        A step of ``STEPS``; none finer is tried.

    Returns
    -------
    float
        The share in the finest step that tells nothing; none and all are 0 and 1; NaN where every
        step would tell the number of people.

    Examples
    --------
    >>> coarse_share(11, 43, 10, 5), coarse_share(30, 118, 10, 5)
    (0.25, 0.25)
    >>> coarse_share(49, 59, 10, 5), coarse_share(49, 59, 10, 5, finest=0.10)
    (0.85, 0.8)
    """
    if part in {0, whole}:
        return part / whole
    if whole > MOST_PEOPLE:
        return _written(part, whole, finest)
    # Twice: a first pass that looks at the steps alone, a second that knows what the first does.
    for step in _steps(whole, base, finest):
        share = _written(part, whole, step)
        alike = _alike(whole, threshold, base)
        if any(share in _all_first(other, threshold, base, finest) for other in alike):
            return share
    return math.nan


def _usual(whole: int, base: int) -> int:
    return next(place for least, place in USUAL if nearest(whole, base) >= least * base)


def _steps(whole: int, base: int, finest: float) -> tuple[float, ...]:
    return STEPS[max(_usual(whole, base), STEPS.index(finest)) :]


def _written(part: int, whole: int, step: float) -> float:
    return round(step * math.floor(part / whole / step + 0.5), 4)


def _alike(whole: int, threshold: int, base: int) -> list[int]:
    """Return the other numbers of people that are rounded to the same count."""
    middle = nearest(whole, base)
    near = range(max(middle - base // 2, 2 * threshold), middle + (base + 1) // 2)
    return [other for other in near if other != whole]


@lru_cache(maxsize=4096)
def _reach(whole: int, threshold: int, step: float) -> frozenset[float]:
    return frozenset(_written(n, whole, step) for n in range(threshold, whole - threshold + 1))


@lru_cache(maxsize=4096)
def _shared_by_others(whole: int, threshold: int, base: int, step: float) -> frozenset[float]:
    """Return the shares that other numbers of people with the same rounded count have."""
    reached = (_reach(other, threshold, step) for other in _alike(whole, threshold, base))
    return frozenset().union(*reached)


def _first(part: int, whole: int, threshold: int, base: int, finest: float) -> float | None:
    for step in _steps(whole, base, finest):
        share = _written(part, whole, step)
        if share in _shared_by_others(whole, threshold, base, step):
            return share
    return None


@lru_cache(maxsize=4096)
def _all_first(whole: int, threshold: int, base: int, finest: float) -> frozenset[float | None]:
    parts = range(threshold, whole - threshold + 1)
    return frozenset(_first(part, whole, threshold, base, finest) for part in parts)
