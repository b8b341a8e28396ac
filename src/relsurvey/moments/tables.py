"""How often every answer, and every pair of answers, was given: tables of items from one pass.

Every category of every item becomes a column of bits, a row a bit; how often two answers go
together is the number of ones in the AND of their columns. Rows are read in chunks, so that
memory does not grow with their number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, get_args

import narwhals as nw
import numpy as np
import numpy.typing as npt

from relsurvey.errors import ModelError
from relsurvey.frames import float_array
from relsurvey.moments.items import MissingRule
from relsurvey.options import require_choice

__all__ = ["MOST_CODES", "ItemTables", "item_tables"]

Array: TypeAlias = npt.NDArray[np.float64]
Truths: TypeAlias = npt.NDArray[np.bool_]
Counts: TypeAlias = npt.NDArray[np.int64]
Words: TypeAlias = npt.NDArray[np.uint64]

CHUNK_ROWS = 131_072
WORD_BITS = 64
# An item with more different answers than this is a measure, not a rating in ordered steps.
MOST_CODES = 20


@dataclass(frozen=True, slots=True)
class ItemTables:
    """The answers to k items as counts.

    Attributes
    ----------
    columns : tuple of str, length k
        The items.
    codes : tuple of ndarray, length k
        The different answers to each item among the rows used, lowest first. Empty where
        nobody answered, and where the item is among ``measures``.
    joint : ndarray of int, shape (c, c)
        With c the number of codes of all items together: rows used that gave both answers.
        On the diagonal the counts of single answers. The codes of item i have the places
        ``starts[i]`` up to ``starts[i + 1]``.
    starts : ndarray of int, shape (k + 1,)
    n : int
        Rows used: listwise, those with every item answered; pairwise, the smallest number of
        rows that two of the items share (one item: its answers).
    n_total : int
        Rows given.
    answered : ndarray of int, shape (k,)
        Rows with an answer to the item, whatever the others hold.
    measures : tuple of str
        Items with more than ``MOST_CODES`` different answers, which were not counted.
    """

    columns: tuple[str, ...]
    codes: tuple[Array, ...]
    joint: Counts
    starts: Counts
    n: int
    n_total: int
    answered: Counts
    measures: tuple[str, ...]

    def counts(self, item: int) -> Counts:
        """Return how often each code of an item was given, shape (codes,)."""
        here = slice(self.starts[item], self.starts[item + 1])
        return np.diag(self.joint)[here].copy()

    def table(self, row: int, column: int) -> Counts:
        """Return the table of two items, shape (codes of the one, codes of the other)."""
        rows = slice(self.starts[row], self.starts[row + 1])
        return self.joint[rows, self.starts[column] : self.starts[column + 1]].copy()

    def part(self, items: Sequence[int]) -> ItemTables:
        """Return the tables of some of the items, in the order given, from the same rows."""
        sizes = np.diff(self.starts)[list(items)]
        places = [place for i in items for place in range(self.starts[i], self.starts[i + 1])]
        columns = tuple(self.columns[i] for i in items)
        return ItemTables(
            columns=columns,
            codes=tuple(self.codes[i] for i in items),
            joint=self.joint[np.ix_(places, places)],
            starts=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
            n=self.n,
            n_total=self.n_total,
            answered=self.answered[list(items)],
            measures=tuple(name for name in columns if name in self.measures),
        )


def item_tables(
    frame: nw.DataFrame[Any],
    scales: Mapping[str, Sequence[str]],
    *,
    missing: MissingRule = "listwise",
) -> dict[str, ItemTables]:
    """Go over the rows once and count the answers of every scale.

    Parameters
    ----------
    frame : narwhals.DataFrame, n rows
        Numeric columns; null and NaN are no answer. A code may be any number.
    scales : mapping of str to sequence of str
        The columns of each scale. A column may be in several scales.
    missing : {"listwise", "pairwise"}
        Whether a scale uses the rows that answer all its items, or for single answers and for
        each pair all rows they can be had from.

    Returns
    -------
    dict of str to ItemTables
        By scale, in the order given. Items that nobody answered, that did not vary, or that
        have too many codes are there too: what to say of them is the caller's part.

    Raises
    ------
    ModelError
        Where ``missing`` is neither word.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = nw.from_native(pd.DataFrame({"a": [1.0, 2, 2, 1], "b": [3.0, 5, 5, None]}))
    >>> tables = item_tables(frame, {"s": ["a", "b"]})["s"]
    >>> tables.n, tables.counts(0).tolist(), tables.table(0, 1).tolist()
    (3, [1, 2], [[1, 0], [0, 2]])
    """
    require_choice("missing", missing, get_args(MissingRule), ModelError)
    columns = list(dict.fromkeys(name for names in scales.values() for name in names))
    places = {name: place for place, name in enumerate(columns)}
    items = _Items(len(columns))
    counts = {
        key: _Scale([places[name] for name in names], missing) for key, names in scales.items()
    }
    picked = frame.select(*columns)
    for start in range(0, len(frame), CHUNK_ROWS):
        bits = items.bits_of(float_array(picked[start : start + CHUNK_ROWS]))
        for scale in counts.values():
            scale.add(bits)
    return {key: scale.tables(columns, items, len(frame)) for key, scale in counts.items()}


@dataclass(slots=True)
class _Bits:
    """One chunk: a row of words for every category of an item, and one for its answers."""

    categories: list[Words]
    answered: list[Words]


class _Items:
    """The codes met so far, an item each, in the order in which they were met."""

    def __init__(self, k: int) -> None:
        self.codes: list[list[float]] = [[] for _ in range(k)]
        self.answered = np.zeros(k, dtype=np.int64)
        self.measures: set[int] = set()

    def bits_of(self, rows: Array) -> _Bits:
        bits = _Bits([], [])
        for item, answers in enumerate(np.ascontiguousarray(rows.T)):
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


class _Scale:
    """What is counted for one scale; codes that turn up later are added at the end."""

    def __init__(self, places: Sequence[int], missing: MissingRule) -> None:
        self.places = list(places)
        self.listwise = missing == "listwise"
        self.full = 0
        self.pair_n = np.zeros((len(places), len(places)), dtype=np.int64)
        # By pair of items, the later one's codes in the columns.
        self.joint: dict[tuple[int, int], Counts] = {}

    def add(self, bits: _Bits) -> None:
        answered = np.concatenate([bits.answered[place] for place in self.places])
        full = np.bitwise_and.reduce(answered, axis=0)
        self.full += int(np.bitwise_count(full).sum(dtype=np.int64))
        categories = [bits.categories[place] for place in self.places]
        if self.listwise:
            categories = [words & full for words in categories]
        else:
            for i, words in enumerate(answered):
                self.pair_n[i] += _ones(words & answered)
        sizes = [len(words) for words in categories]
        ends = np.cumsum(sizes)
        stacked = np.concatenate(categories)
        for i, words in enumerate(categories):
            self._count(i, i, np.diag(_ones(words)))
            rest = stacked[ends[i] :]
            counted = np.array([_ones(column & rest) for column in words], dtype=np.int64)
            counted = counted.reshape(sizes[i], len(rest))
            for j in range(i + 1, len(categories)):
                end = ends[j] - ends[i]
                self._count(i, j, counted[:, end - sizes[j] : end])

    def _count(self, i: int, j: int, table: Counts) -> None:
        before = self.joint.get((i, j), np.zeros((0, 0), dtype=np.int64))
        if before.shape[0] > table.shape[0] or before.shape[1] > table.shape[1]:
            before = before[: table.shape[0], : table.shape[1]]  # found to be a measure
        total = table.copy()
        total[: before.shape[0], : before.shape[1]] += before
        self.joint[i, j] = total

    def tables(self, columns: Sequence[str], items: _Items, n_total: int) -> ItemTables:
        k = len(self.places)
        orders, codes = [], []
        for i, place in enumerate(self.places):
            met = np.array(items.codes[place])
            used = np.diag(self.joint.get((i, i), np.zeros((0, 0), dtype=np.int64)))
            order = np.array([c for c in np.argsort(met) if used[c] > 0], dtype=np.int64)
            orders.append(order)
            codes.append(met[order])
        sizes = [len(order) for order in orders]
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        joint = np.zeros((starts[-1], starts[-1]), dtype=np.int64)
        for (i, j), table in self.joint.items():
            ordered = table[np.ix_(orders[i], orders[j])]
            rows, across = slice(starts[i], starts[i + 1]), slice(starts[j], starts[j + 1])
            joint[rows, across], joint[across, rows] = ordered, ordered.T
        names = tuple(columns[place] for place in self.places)
        return ItemTables(
            columns=names,
            codes=tuple(codes),
            joint=joint,
            starts=starts,
            n=self.full if self.listwise else int(self.pair_n.min(initial=n_total)),
            n_total=n_total,
            answered=items.answered[self.places],
            measures=tuple(columns[p] for p in self.places if p in items.measures) if k else (),
        )


def _packed(flags: Sequence[Truths], rows: int) -> Words:
    """Pack truth values to words of 64 rows; the last word is filled with zeros."""
    words = -(-rows // WORD_BITS)
    packed = np.zeros((len(flags), words * WORD_BITS // 8), dtype=np.uint8)
    for place, column in enumerate(flags):
        octets = np.packbits(column)
        packed[place, : len(octets)] = octets
    return packed.view(np.uint64)


def _ones(words: Words) -> Counts:
    """Count the ones of each row of words."""
    ones: Counts = np.bitwise_count(words).sum(axis=1, dtype=np.uint32).astype(np.int64)
    return ones
