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
from relsurvey.frames import float_columns
from relsurvey.moments.answer_bits import MOST_CODES, AnswerBits, ItemCodes, Words, ones
from relsurvey.moments.items import MissingRule
from relsurvey.options import require_choice

__all__ = ["MOST_CODES", "ItemTables", "item_tables"]

Array: TypeAlias = npt.NDArray[np.float64]
Counts: TypeAlias = npt.NDArray[np.int64]

CHUNK_ROWS = 262_144


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
    items = ItemCodes(len(columns))
    counts = {
        key: _Scale([places[name] for name in names], missing) for key, names in scales.items()
    }
    picked = frame.select(*columns)
    for start in range(0, len(frame), CHUNK_ROWS):
        bits = items.bits_of(float_columns(picked[start : start + CHUNK_ROWS]))
        for scale in counts.values():
            scale.add(bits)
    return {key: scale.tables(columns, items, len(frame)) for key, scale in counts.items()}


class _Scale:
    """What is counted for one scale; codes that turn up later are added at the end."""

    def __init__(self, places: Sequence[int], missing: MissingRule) -> None:
        self.places = list(places)
        self.listwise = missing == "listwise"
        self.full = 0
        self.pair_n = np.zeros((len(places), len(places)), dtype=np.int64)
        self.joint = np.zeros((0, 0), dtype=np.int64)
        # By item, where in ``joint`` its codes are.
        self.slots: list[list[int]] = [[] for _ in places]

    def add(self, bits: AnswerBits) -> None:
        answered = np.concatenate([bits.answered[place] for place in self.places])
        categories = [bits.categories[place] for place in self.places]
        slots = self._slots([len(words) for words in categories])
        if self.listwise:
            full = np.bitwise_and.reduce(answered, axis=0, keepdims=True)
            counted = _complete(categories, full)
            self.full += int(ones(full)[0])
        else:
            counted = _together(categories)
            for i, words in enumerate(answered):
                self.pair_n[i] += ones(words & answered)
        self.joint[np.ix_(slots, slots)] += counted

    def _slots(self, sizes: Sequence[int]) -> list[int]:
        """Return where the codes met so far are counted, and make room for new ones."""
        for own, size in zip(self.slots, sizes, strict=True):
            new = max(0, size - len(own))
            own += range(len(self.joint), len(self.joint) + new)
            self.joint = np.pad(self.joint, (0, new))
        return [slot for own, n in zip(self.slots, sizes, strict=True) for slot in own[:n]]

    def tables(self, columns: Sequence[str], items: ItemCodes, n_total: int) -> ItemTables:
        k = len(self.places)
        given = np.diag(self.joint)
        slots, codes = [], []
        for own, place in zip(self.slots, self.places, strict=True):
            met = np.array(items.codes[place])
            order = [c for c in np.argsort(met) if given[own[c]] > 0]
            slots.append([own[c] for c in order])
            codes.append(met[order])
        together = [slot for own in slots for slot in own]
        return ItemTables(
            columns=tuple(columns[place] for place in self.places),
            codes=tuple(codes),
            joint=self.joint[np.ix_(together, together)],
            starts=np.cumsum([0, *map(len, slots)], dtype=np.int64),
            n=self.full if self.listwise else int(self.pair_n.min(initial=n_total)),
            n_total=n_total,
            answered=items.answered[self.places],
            measures=tuple(columns[p] for p in self.places if p in items.measures) if k else (),
        )


def _complete(categories: Sequence[Words], full: Words) -> Counts:
    """Count rows that answer every item; what is no other answer to an item is its last one.

    Only the others are counted, and the last follows from the number of rows and their margins.
    """
    counted = _together([words[:-1] & full for words in categories])
    c = len(counted)
    known = np.empty((c + 1, c + 1))
    known[0, 0], known[0, 1:], known[1:, 0] = ones(full)[0], np.diag(counted), np.diag(counted)
    known[1:, 1:] = counted
    # By answer: which of the whole and the counted answers it is the sum of.
    sums = np.zeros((sum(len(words) for words in categories), c + 1))
    row, column = 0, 1
    for words in categories:
        others = max(len(words) - 1, 0)
        sums[np.arange(row, row + others), np.arange(column, column + others)] = 1
        if len(words):
            sums[row + others, 0], sums[row + others, column : column + others] = 1, -1
        row, column = row + len(words), column + others
    # Counts are whole numbers far below 2^53: floating point is exact here, and quick.
    return np.asarray(sums @ known @ sums.T, dtype=np.int64)


def _together(categories: Sequence[Words]) -> Counts:
    """Count how often each two answers to different items go together, and each by itself."""
    stacked = np.concatenate(categories)
    both = np.empty_like(stacked)
    counted = np.diag(ones(stacked))
    end = 0
    for words in categories:
        start, end = end, end + len(words)
        rest = stacked[end:]
        for place in range(start, end) if len(rest) else ():
            shared = ones(np.bitwise_and(stacked[place], rest, out=both[: len(rest)]))
            counted[place, end:] = counted[end:, place] = shared
    return counted
