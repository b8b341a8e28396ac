"""Sums of items by missing-data pattern, from one pass over the rows.

A normal likelihood of incomplete rows needs no rows: of the rows that answer the same items it
needs their number, their means and their covariances. As in ``moments.items``, rows are read in
chunks and a rough centre is taken off first, so that the sums of whole-number codes are exact
and do not depend on the order of the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.moments.items import ROUNDING, answer_chunks, cross_product, rough_centre

__all__ = ["PatternMoments", "pattern_moments", "pattern_table"]

Array: TypeAlias = npt.NDArray[np.float64]
Counts: TypeAlias = npt.NDArray[np.int64]
Places: TypeAlias = npt.NDArray[np.intp]
Truths: TypeAlias = npt.NDArray[np.bool_]

# Rows of one pattern in a chunk from which a matrix product of their own is the quicker way.
MANY_ROWS = 128


@dataclass(frozen=True, slots=True)
class PatternMoments:
    """What is left of the rows of k items, by the items that a row answers.

    Attributes
    ----------
    columns : tuple of str, length k
        The items.
    n : int
        Rows with at least one answer.
    n_total : int
        Rows given.
    n_empty : int
        Rows without any answer; they are in no pattern.
    observed : ndarray of bool, shape (patterns, k)
        Which items the rows of a pattern answer. The pattern with the most rows stands first;
        of patterns with as many, the one that answers the earlier items.
    counts : ndarray of int, shape (patterns,)
        Rows of each pattern; at least one.
    mean : ndarray, shape (patterns, k)
        Of the rows of the pattern; NaN for an item it does not answer.
    covariance : ndarray, shape (m, k, k)
        Of the rows of the pattern, with their number as divisor; NaN for an item it does not
        answer. Only for the first m patterns, those of two rows or more: one row has no spread.
    """

    columns: tuple[str, ...]
    n: int
    n_total: int
    n_empty: int
    observed: Truths
    counts: Counts
    mean: Array
    covariance: Array

    @property
    def answered(self) -> Counts:
        """Rows with an answer to each item: shape (k,)."""
        found: Counts = self.counts @ self.observed.astype(np.int64)
        return found

    @property
    def pair_n(self) -> Counts:
        """Rows that answer both of two items: shape (k, k)."""
        there = self.observed.astype(np.int64)
        found: Counts = (there * self.counts[:, None]).T @ there
        return found

    def item_moments(self) -> tuple[Array, Array]:
        """Return the mean and the variance (divisor n) of each item over its own answers.

        Returns
        -------
        (ndarray, ndarray)
            Both of shape (k,); NaN for an item that nobody answered.
        """
        weight = self.observed * self.counts[:, None].astype(np.float64)
        total = weight.sum(axis=0)
        total[total == 0] = np.nan
        mean: Array = (weight * self._filled_mean()).sum(axis=0) / total
        apart = np.where(self.observed, self.mean - mean, 0.0)
        square = (weight * apart**2).sum(axis=0)
        within = np.nan_to_num(np.diagonal(self.covariance, axis1=1, axis2=2))
        square += self.counts[: len(within)].astype(np.float64) @ within
        return mean, square / total

    def _filled_mean(self) -> Array:
        filled: Array = np.where(self.observed, self.mean, 0.0)
        return filled


def pattern_moments(frame: nw.DataFrame[Any], columns: Sequence[str]) -> PatternMoments:
    """Go over the rows once and keep the moments of every missing-data pattern.

    Parameters
    ----------
    frame : narwhals.DataFrame, n rows
        Numeric columns; null and NaN are no answer.
    columns : sequence of str
        The items, each once.

    Returns
    -------
    PatternMoments
        Rows without any answer are counted apart.

    Examples
    --------
    >>> rows = pd.DataFrame({"a": [1.0, 3, 2, None], "b": [1.0, 5, None, None]})
    >>> moments = pattern_moments(nw.from_native(rows), ["a", "b"])
    >>> moments.counts.tolist(), moments.n_empty, moments.observed.tolist()
    ([2, 1], 1, [[True, True], [True, False]])
    >>> moments.covariance.tolist()
    [[[1.0, 2.0], [2.0, 4.0]]]
    """
    sums = _Pass(columns)
    for chunk in answer_chunks(frame, columns):
        sums.add(chunk)
    return sums.moments()


def pattern_table(moments: PatternMoments) -> pd.DataFrame:
    """Return the patterns as a table, one row each, the most frequent first.

    Parameters
    ----------
    moments : PatternMoments
        Of k items.

    Returns
    -------
    pandas.DataFrame
        ``pattern`` (1 answered, 0 not, in the order of the items), ``missing`` (the items
        without an answer, by name), ``n_missing``, ``count`` and ``share`` (of all rows). Rows
        without any answer stand last.

    Examples
    --------
    >>> rows = pd.DataFrame({"a": [1.0, 3, 2, None], "b": [1.0, 5, None, None]})
    >>> pattern_table(pattern_moments(nw.from_native(rows), ["a", "b"]))
      pattern missing  n_missing  count  share
    0      11                  0      2   0.50
    1      10       b          1      1   0.25
    2      00    a, b          2      1   0.25
    """
    observed, counts = moments.observed, moments.counts.tolist()
    if moments.n_empty:
        observed = np.vstack([observed, np.zeros((1, len(moments.columns)), dtype=bool)])
        counts.append(moments.n_empty)
    missing = [
        [name for name, there in zip(moments.columns, pattern, strict=True) if not there]
        for pattern in observed
    ]
    return pd.DataFrame(
        {
            "pattern": pd.array(
                ["".join("1" if there else "0" for there in row) for row in observed], dtype="str"
            ),
            "missing": pd.array([", ".join(names) for names in missing], dtype="str"),
            "n_missing": np.array([len(names) for names in missing], dtype=np.int64),
            "count": np.array(counts, dtype=np.int64),
            "share": np.array(counts, dtype=np.float64) / max(moments.n_total, 1),
        }
    )


class _Pass:
    """One pass over the rows: running sums of centred answers by pattern.

    A pattern is known by its bits, packed into bytes, and has a place in the arrays of sums,
    which are made longer as patterns turn up. Of the products only the lower triangle is kept.
    """

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = tuple(columns)
        k = len(self.columns)
        self.n_total = 0
        self.n_empty = 0
        self.centre: Array | None = None
        self.places: dict[bytes, int] = {}
        self.triangle = np.tril_indices(k)
        self.counts = np.zeros(0, dtype=np.int64)
        self.first = np.zeros((0, k))
        self.product = np.zeros((0, len(self.triangle[0])))

    def add(self, chunk: Array) -> None:
        there = ~np.isnan(chunk)
        self.n_total += chunk.shape[1]
        if self.centre is None:
            self.centre = rough_centre(chunk, there)
        some = there.any(axis=0)
        if not some.all():
            self.n_empty += int(np.count_nonzero(~some))
            chunk, there = chunk.compress(some, axis=1), there.compress(some, axis=1)
        if not chunk.shape[1]:
            return
        filled = np.where(there, chunk - self.centre[:, None], 0.0)
        keys, order, starts, counts = _by_pattern(there)
        places = self._places_of(keys)
        ordered = filled.take(order, axis=1)
        self.counts[places] += counts
        self.first[places] += np.add.reduceat(ordered, starts, axis=1).T
        self._add_products(ordered, places, starts, counts)

    def _places_of(self, keys: list[bytes]) -> Places:
        for key in keys:
            self.places.setdefault(key, len(self.places))
        if len(self.places) > len(self.counts):
            more = max(len(self.places), 2 * len(self.counts)) - len(self.counts)
            self.counts = np.concatenate([self.counts, np.zeros(more, dtype=np.int64)])
            self.first = _longer(self.first, more)
            self.product = _longer(self.product, more)
        return np.array([self.places[key] for key in keys], dtype=np.intp)

    def _add_products(self, ordered: Array, places: Places, starts: Places, counts: Counts) -> None:
        for group in np.flatnonzero(counts >= MANY_ROWS):
            rows = ordered[:, starts[group] : starts[group] + counts[group]]
            self.product[places[group]] += cross_product(rows, rows)[self.triangle]
        few = counts < MANY_ROWS
        if not few.any():
            return
        rows = ordered.compress(np.repeat(few, counts), axis=1)
        begin = np.concatenate([[0], np.cumsum(counts[few])[:-1]])
        products = np.empty((len(begin), self.product.shape[1]))
        for pair, (i, j) in enumerate(zip(*self.triangle, strict=True)):
            np.add.reduceat(rows[i] * rows[j], begin, out=products[:, pair])
        self.product[places[few]] += products

    def moments(self) -> PatternMoments:
        k, used = len(self.columns), len(self.places)
        packed = np.frombuffer(b"".join(self.places), dtype=np.uint8).reshape(used, -(-k // 8))
        observed = np.unpackbits(packed, axis=1, count=k).astype(bool)
        counts = self.counts[:used]
        # The bits of a pattern are its rank among patterns with as many rows.
        order = np.lexsort((*(~observed).T[::-1], -counts))
        observed, counts = observed[order], counts[order]
        mean = self.first[:used][order] / counts[:, None]
        several = int(np.count_nonzero(counts > 1))
        covariance = self._covariance(order[:several], counts[:several], mean[:several])
        covariance[~(observed[:several, :, None] & observed[:several, None, :])] = np.nan
        centre = np.zeros(k) if self.centre is None else self.centre
        return PatternMoments(
            columns=self.columns,
            n=self.n_total - self.n_empty,
            n_total=self.n_total,
            n_empty=self.n_empty,
            observed=observed,
            counts=counts,
            mean=np.where(observed, mean + centre, np.nan),
            covariance=covariance,
        )

    def _covariance(self, places: Places, counts: Counts, mean: Array) -> Array:
        k = len(self.columns)
        product = self.product[places] / counts[:, None]
        covariance = np.empty((len(places), k, k))
        i, j = self.triangle
        covariance[:, i, j] = product - mean[:, i] * mean[:, j]
        covariance[:, j, i] = covariance[:, i, j]
        square = product[:, i == j]
        constant = np.diagonal(covariance, axis1=1, axis2=2) <= ROUNDING * square
        covariance[constant[:, :, None] | constant[:, None, :]] = 0.0
        return covariance


def _by_pattern(there: Truths) -> tuple[list[bytes], Places, Places, Counts]:
    """Sort rows by pattern: the patterns' bits, the order, where each begins, how many it has."""
    packed = np.packbits(there, axis=0)
    # Every 8 bytes become one number, and numbers are sorted.
    words = np.zeros((there.shape[1], -(-len(packed) // 8) * 8), dtype=np.uint8)
    words[:, : len(packed)] = packed.T
    numbers = words.view(np.uint64)
    order = np.lexsort(numbers.T) if numbers.shape[1] > 1 else np.argsort(numbers[:, 0])
    ordered = numbers[order]
    new = np.concatenate([[True], (ordered[1:] != ordered[:-1]).any(axis=1)])
    starts = np.flatnonzero(new)
    counts = np.diff(np.concatenate([starts, [len(order)]])).astype(np.int64)
    keys = [bytes(row) for row in packed[:, order[starts]].T]
    return keys, order, starts, counts


def _longer(sums: Array, more: int) -> Array:
    return np.concatenate([sums, np.zeros((more, sums.shape[1]))])
