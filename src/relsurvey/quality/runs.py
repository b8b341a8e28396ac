"""Runs of the same answer, and whether such a run says opposite things.

References
----------
Johnson JA (2005). Ascertaining the validity of individual protocols from web-based personality
inventories. Journal of Research in Personality 39(1):103-129. doi 10.1016/j.jrp.2004.09.009.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.quality.sheet import NOT_SHOWN, AnswerSheet

__all__ = ["contradictory_codes", "longest_runs", "mixed_scales", "uniform_contradiction"]

Counts: TypeAlias = npt.NDArray[np.int32]
Truths: TypeAlias = npt.NDArray[np.bool_]

# Of one number of 64 bits, a scale takes two: an item keyed one way was seen, and the other way.
SCALES_PER_WORD = 32
_FIRST_OF_TWO = np.uint64(0x5555_5555_5555_5555)


def mixed_scales(sheet: AnswerSheet) -> dict[str, npt.NDArray[np.intp]]:
    """Return the scales with items keyed both ways."""
    return {
        name: places
        for name, places in sheet.scales.items()
        if sheet.reversed[places].any() and not sheet.reversed[places].all()
    }


def contradictory_codes(n_codes: int) -> Truths:
    """Say which codes mean opposite things on an item and on a reverse-keyed one.

    Where the same code, once keyed, is more than one answer away from itself: "always" and
    "always" are opposites, the middle of a scale and its neighbours are not. With two or three
    answers the two ends are.

    Parameters
    ----------
    n_codes : int
        Answers on the response scale.

    Returns
    -------
    ndarray of bool, shape (n_codes,)

    Examples
    --------
    >>> contradictory_codes(4).tolist(), contradictory_codes(5).tolist()
    ([True, False, False, True], [True, True, False, True, True])
    """
    apart = np.abs(n_codes - 1 - 2 * np.arange(n_codes))
    return np.asarray((apart > 1) | (apart == n_codes - 1)) & (n_codes > 1)


def longest_runs(sheet: AnswerSheet) -> tuple[Counts, Counts]:
    """Return the longest run of one raw answer, and the longest that contradicts itself.

    Parameters
    ----------
    sheet : AnswerSheet
        Of n respondents.

    Returns
    -------
    longest : ndarray of int, shape (n,)
        Consecutive items, in the order asked, with the same answer. An item without an answer
        ends a run; one that was not shown does not, since it was not asked. 0 without any answer.
    contradicting : ndarray of int, shape (n,)
        The same among runs that hold, on one scale, items keyed both ways, with an answer that
        means opposite things on them; 0 where there is none.
    """
    longest, contradicting, run = (np.zeros(sheet.n, dtype=np.int32) for _ in range(3))
    last = np.full(sheet.n, -1, dtype=np.int32)
    opposite = contradictory_codes(len(sheet.codes)) if len(sheet.codes) else np.zeros(1, bool)
    seen = [np.zeros(sheet.n, dtype=np.uint64) for _ in _words(sheet)]
    marks = list(zip(*_words(sheet), strict=True)) or [()] * len(sheet.items)
    for item, given in enumerate(sheet.given):
        hidden = sheet.reasons[item] == NOT_SHOWN
        goes_on = (given == last) & (given >= 0)
        run = np.where(goes_on, run + 1, np.where(hidden, run, given >= 0)).astype(np.int32)
        np.maximum(longest, run, out=longest)
        both = np.zeros(sheet.n, dtype=bool)
        for word, mark in enumerate(marks[item]):
            kept = np.where(goes_on | hidden, seen[word], np.uint64(0))
            seen[word] = np.where(given >= 0, kept | mark, kept)
            both |= (seen[word] & (seen[word] >> np.uint64(1)) & _FIRST_OF_TWO) != 0
        told = both & opposite[given] & (given >= 0)
        np.maximum(contradicting, np.where(told, run, 0), out=contradicting)
        last = np.where(hidden, last, given)
    return longest, contradicting


def _words(sheet: AnswerSheet) -> Iterator[npt.NDArray[np.uint64]]:
    """Yield the bits of each item, for every 32 scales with items keyed both ways."""
    scales = list(mixed_scales(sheet).values())
    for start in range(0, len(scales), SCALES_PER_WORD):
        bits = np.zeros(len(sheet.items), dtype=np.uint64)
        for position, places in enumerate(scales[start : start + SCALES_PER_WORD]):
            shift = 2 * position + sheet.reversed[places].astype(np.uint64)
            bits[places] |= np.uint64(1) << shift.astype(np.uint64)
        yield bits


def uniform_contradiction(sheet: AnswerSheet, who: npt.NDArray[np.intp]) -> Truths:
    """Say of people who gave one answer throughout whether it contradicts itself.

    Parameters
    ----------
    sheet : AnswerSheet
        The answers.
    who : ndarray of int
        Respondents, each with a single raw answer.

    Returns
    -------
    ndarray of bool, shape (len(who),)
    """
    there = sheet.there[:, who]
    both = np.zeros(len(who), dtype=bool)
    for places in mixed_scales(sheet).values():
        turned = sheet.reversed[places]
        both |= there[places[turned]].any(axis=0) & there[places[~turned]].any(axis=0)
    if not len(sheet.codes) or not len(who):
        return both
    return np.asarray(both & contradictory_codes(len(sheet.codes))[sheet.given[:, who].max(axis=0)])
