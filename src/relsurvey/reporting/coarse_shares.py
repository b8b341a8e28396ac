"""Shares coarse enough that they do not give away the number of people they are shares of.

Where counts are rounded to the nearest 5, five numbers of people look alike. A share in whole
percent would often fit one of them only, and so undo the rounding. So shares of few people are
written in coarser steps, and in coarser ones still where a share would fit one number alone.
"""

from __future__ import annotations

import math
from functools import lru_cache

__all__ = ["BASE", "FINEST", "coarse_share", "nearest", "usual_step"]

BASE = 5
FINEST = 0.01
STEPS = (FINEST, 0.05, 0.10, 0.25, 0.50)
USUAL = ((105, 0), (25, 1), (0, 2))  # of so many people (rounded), the place in STEPS
MOST_PEOPLE = 2_000  # beyond, no share in whole percent fits one number of people alone


def nearest(count: int) -> int:
    """Round to the nearest 5."""
    return BASE * math.floor(count / BASE + 0.5)


def usual_step(whole: int) -> float:
    """Return the step in which shares of so many people are written as a rule."""
    return STEPS[_usual(whole)]


def coarse_share(part: int, whole: int, threshold: int) -> float:
    """Return a share that fits at least two numbers of people with the same rounded count.

    Parameters
    ----------
    part, whole : int
        Exact counts; ``part`` and the rest are at least ``threshold``.
    threshold : int
        Smallest count that is shown.

    Returns
    -------
    float
        The share in the finest step that tells nothing; none and all are 0 and 1.

    Examples
    --------
    >>> coarse_share(11, 43, 10), coarse_share(30, 118, 10)
    (0.25, 0.25)
    """
    if part in {0, whole}:
        return part / whole
    if whole > MOST_PEOPLE:
        return _written(part, whole, FINEST)
    # Twice: a first pass that looks at the steps alone, a second that knows what the first does.
    for step in STEPS[_usual(whole) :]:
        share = _written(part, whole, step)
        if any(share in _all_first(other, threshold) for other in _alike(whole, threshold)):
            return share
    return share


def _usual(whole: int) -> int:
    return next(place for least, place in USUAL if nearest(whole) >= least)


def _written(part: int, whole: int, step: float) -> float:
    return round(step * math.floor(part / whole / step + 0.5), 4)


def _alike(whole: int, threshold: int) -> list[int]:
    """Return the other numbers of people that are rounded to the same count."""
    middle = nearest(whole)
    near = range(max(middle - BASE // 2, 2 * threshold), middle + BASE // 2 + 1)
    return [other for other in near if other != whole]


@lru_cache(maxsize=4096)
def _reach(whole: int, threshold: int, step: float) -> frozenset[float]:
    return frozenset(_written(n, whole, step) for n in range(threshold, whole - threshold + 1))


def _first(part: int, whole: int, threshold: int) -> float | None:
    for step in STEPS[_usual(whole) :]:
        share = _written(part, whole, step)
        if any(share in _reach(other, threshold, step) for other in _alike(whole, threshold)):
            return share
    return None


@lru_cache(maxsize=4096)
def _all_first(whole: int, threshold: int) -> frozenset[float | None]:
    parts = range(threshold, whole - threshold + 1)
    return frozenset(_first(part, whole, threshold) for part in parts)
