"""The tests of every item of a scale, with a matching score of the items thought to be fair."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.errors import listed
from relsurvey.moments.answer_cells import answer_cells
from relsurvey.psychometrics.functioning.item_tests import ItemTest, item_tests, untested
from relsurvey.psychometrics.functioning.settings import Matching

__all__ = ["ScaleTests", "scale_tests"]

Array: TypeAlias = npt.NDArray[np.float64]
Codes: TypeAlias = npt.NDArray[np.intp]
Places: TypeAlias = tuple[int, ...]
Flag: TypeAlias = Callable[[Sequence[ItemTest]], list[bool]]

MOST_ROUNDS = 10
FEWEST_FAIR = 2


@dataclass(frozen=True, slots=True)
class ScaleTests:
    """Tests of k items, and what they were matched on.

    Attributes
    ----------
    tests : list of ItemTest
        One an item.
    fair : tuple of str
        The items in the matching score (less the tested one where it is the rest score).
    note : str
        How purification ended, where it did not come to rest.
    """

    tests: list[ItemTest]
    fair: tuple[str, ...]
    note: str = ""


def scale_tests(
    items: Sequence[str],
    answers: Array,
    codes: Codes,
    groups: tuple[str, ...],
    *,
    matching: Matching,
    flag: Flag | None = None,
) -> ScaleTests:
    """Test every item of a scale.

    Parameters
    ----------
    items : sequence of str, length k
        The columns.
    answers : ndarray, shape (n, k)
        Keyed, without gaps.
    codes : ndarray of int, shape (n,)
        Position in ``groups``.
    groups : tuple of str
        Labels; each has rows.
    matching : {"rest", "scale"}
        Whether the tested item is left out of the score that people are matched on.
    flag : callable, optional
        Says of each test whether the item functions differently. With it, such items leave the
        matching score and all are tested again, until the same ones are found (purification).

    Returns
    -------
    ScaleTests
    """

    def tested(fair: Places) -> list[ItemTest]:
        score = answers[:, fair].sum(axis=1)
        kept = set(fair)
        return [
            _one(item, answers[:, place], score, codes, groups,
                 apart=matching == "rest" and place in kept, alone=len(kept - {place}) == 0)
            for place, item in enumerate(items)
        ]  # fmt: skip

    every = tuple(range(len(items)))
    if flag is None:
        return ScaleTests(tested(every), tuple(items))
    fair, tests, note = _purified(items, tested, flag)
    return ScaleTests(tests, tuple(items[place] for place in fair), note)


def _purified(
    items: Sequence[str], tested: Callable[[Places], list[ItemTest]], flag: Flag
) -> tuple[Places, list[ItemTest], str]:
    """Leave the items flagged out of the matching score until the same ones are flagged."""
    fair: Places = tuple(range(len(items)))
    tests, seen = tested(fair), [fair]
    for _ in range(MOST_ROUNDS):
        flags = flag(tests)
        found = tuple(place for place, flagged in enumerate(flags) if not flagged)
        if found == fair:
            return fair, tests, ""
        if len(found) < FEWEST_FAIR:
            why = "purification stopped: fewer than two items would be left to match on"
            return fair, tests, why
        if found in seen:
            names = listed([items[place] for place in sorted(set(found) ^ set(fair))])
            why = f"purification did not come to rest: it goes to and fro over {names}"
            return fair, tests, why
        seen.append(found)
        fair, tests = found, tested(found)
    return fair, tests, f"purification did not come to rest in {MOST_ROUNDS} rounds"


def _one(
    item: str,
    answers: Array,
    score: Array,
    codes: Codes,
    groups: tuple[str, ...],
    *,
    apart: bool,
    alone: bool,
) -> ItemTest:
    if alone:
        return untested(len(groups), "one item: there are no others to match people on")
    return item_tests(
        item, answer_cells(answers, score - answers if apart else score, codes), groups
    )
