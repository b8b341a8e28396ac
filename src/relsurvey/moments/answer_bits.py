"""Answers as bits: a column of bits for every category of an item, a row a bit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["MOST_CODES", "AnswerBits", "ItemCodes", "Words", "ones"]

Array: TypeAlias = npt.NDArray[np.float64]
Truths: TypeAlias = npt.NDArray[np.bool_]
Counts: TypeAlias = npt.NDArray[np.int64]
Words: TypeAlias = npt.NDArray[np.uint64]

WORD_BITS = 64
# An item with more different answers than this is a measure, not a rating in ordered steps.
MOST_CODES = 20


@dataclass(slots=True)
class AnswerBits:
    """One chunk: a row of words for every category of an item, and one for its answers."""

    categories: list[Words]
    answered: list[Words]


class ItemCodes:
    """The codes met so far, an item each, in the order in which they were met."""

    def __init__(self, k: int) -> None:
        self.codes: list[list[float]] = [[] for _ in range(k)]
        self.answered = np.zeros(k, dtype=np.int64)
        self.measures: set[int] = set()

    def bits_of(self, columns: Sequence[Array]) -> AnswerBits:
        """Return the bits of one chunk, a column of answers an item."""
        bits = AnswerBits([], [])
        for item, answers in enumerate(columns):
            there = answers == answers
            found = int(np.count_nonzero(there))
            self.answered[item] += found
            equal = [answers == code for code in self.codes[item]]
            if sum(int(np.count_nonzero(flags)) for flags in equal) < found:
                equal += self._new(item, answers, there)
            if item in self.measures:
                equal = []
            bits.categories.append(_packed(equal, len(answers)))
            bits.answered.append(_packed([there], len(answers)))
        return bits

    def _new(self, item: int, answers: Array, there: Truths) -> list[Truths]:
        """Take up the codes that were not met before; one item may have too many of them."""
        known = self.codes[item]
        if item in self.measures:
            return []
        fresh = [float(code) for code in np.unique(answers[there]) if code not in known]
        if len(known) + len(fresh) > MOST_CODES:
            self.measures.add(item)
            self.codes[item] = []
            return []
        known += fresh
        return [answers == code for code in fresh]


def _packed(flags: Sequence[Truths], rows: int) -> Words:
    """Pack truth values to words of 64 rows; the last word is filled with zeros."""
    words = -(-rows // WORD_BITS)
    packed = np.zeros((len(flags), words * WORD_BITS // 8), dtype=np.uint8)
    for place, column in enumerate(flags):
        octets = np.packbits(column)
        packed[place, : len(octets)] = octets
    return packed.view(np.uint64)


def ones(words: Words) -> Counts:
    """Count the ones of each row of words."""
    ones: Counts = np.bitwise_count(words).sum(axis=1, dtype=np.uint32).astype(np.int64)
    return ones
