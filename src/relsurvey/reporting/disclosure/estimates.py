"""Which of several estimates may stand beside each other: two of nearly the same people tell.

Who has the slope of everybody, and that of everybody but three, can work out what the three said.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

__all__ = ["People", "side_by_side"]

# Workers and service users behind an estimate; NaN where their number is withheld already.
People: TypeAlias = tuple[float, float]


def side_by_side(people: Sequence[People], threshold: int) -> list[bool]:
    """Say which estimates can be shown together, the first one in any case.

    Parameters
    ----------
    people : sequence of (float, float)
        Workers and service users behind each estimate, in the order in which they are to be
        shown; NaN where the numbers are withheld, so that anything can be.
    threshold : int
        Fewest people of whom something is said.

    Returns
    -------
    list of bool
        False where fewer than ``threshold`` workers, or service users, but at least one, are in
        an estimate and not in one that is shown before it.

    Examples
    --------
    >>> side_by_side([(106, 771), (106, 771), (104, 769), (95, 752), (90, 700)], 10)
    [True, True, False, True, False]
    >>> side_by_side([(106, 771), (float("nan"), float("nan"))], 10)
    [True, False]
    """
    shown: list[People] = []
    kept = []
    for one in people:
        kept.append(not any(_few_apart(one, other, threshold) for other in shown))
        if kept[-1]:
            shown.append(one)
    return kept


def _few_apart(one: People, other: People, threshold: int) -> bool:
    gaps = [abs(a - b) for a, b in zip(one, other, strict=True)]
    return any(math.isnan(gap) or 0 < gap < threshold for gap in gaps)
