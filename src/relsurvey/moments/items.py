"""Numbers of answers, means and covariances of items, from one pass over the rows.

Every statistic on items starts from these. Rows are read in chunks, so that memory does not
grow with their number, and a rough centre is taken off before anything is multiplied, so that
large means with small variances keep their digits. For whole-number codes the sums are exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

import narwhals as nw
import numpy as np
import numpy.typing as npt

from relsurvey.errors import ModelError
from relsurvey.frames import float_array

__all__ = ["ItemMoments", "MissingRule", "item_moments"]

Array: TypeAlias = npt.NDArray[np.float64]
Truths: TypeAlias = npt.NDArray[np.bool_]
Ends: TypeAlias = Array | None
Counts: TypeAlias = npt.NDArray[np.int64]
MissingRule: TypeAlias = Literal["listwise", "pairwise"]

CHUNK_ROWS = 32_768
# Multiplications in one product. Above this, BLAS splits a product between cores, which gains
# nothing where there are few items, and can cost a hundredfold while another core is busy.
PRODUCT_SIZE = 250_000
# A variance this small beside the mean square is what rounding leaves of a constant.
ROUNDING = 1e-13


@dataclass(frozen=True, slots=True)
class ItemMoments:
    """What is left of the rows of one scale of k items.

    Attributes
    ----------
    columns : tuple of str, length k
        The items.
    n : int
        Rows used: listwise, those with every item answered; pairwise, the smallest number of
        rows that two of the items share (one item: its answers).
    n_total : int
        Rows given.
    answered : ndarray of int, shape (k,)
        Rows with an answer to the item, whatever the others hold.
    used : ndarray of int, shape (k,)
        Answers behind each mean, variance, floor and ceiling: n of them listwise, ``answered``
        pairwise.
    pair_n : ndarray of int, shape (k, k)
        Rows behind each covariance.
    mean : ndarray, shape (k,)
        NaN where no answer was used.
    covariance : ndarray, shape (k, k)
        With the number of rows less one below; NaN where there are fewer than two rows.
        Pairwise, each entry is centred at the means of its own rows, as in R's
        ``cov(use = "pairwise")``, and the matrix need not be positive definite. The diagonal is
        of all answers to an item, so that what follows from the matrix is not the correlation
        within the rows of a pair: that is ``pair_correlations``.
    floor, ceiling : ndarray of int, shape (k,), or None
        Answers used that are at the lowest and the highest code; ``None`` where the range was
        not given.
    """

    columns: tuple[str, ...]
    n: int
    n_total: int
    answered: Counts
    used: Counts
    pair_n: Counts
    mean: Array
    covariance: Array
    floor: Counts | None
    ceiling: Counts | None


@dataclass(slots=True)
class _Sums:
    """Running sums of centred answers to k items, over the pairs of items that share rows.

    ``pairs[i, j]`` rows hold both; ``first[i, j]`` is the sum of item i over them and
    ``product[i, j]`` that of the products. Rows without gaps fill all of ``pairs`` alike.
    """

    pairs: Array
    first: Array
    product: Array
    floor: Array
    ceiling: Array

    @classmethod
    def empty(cls, k: int) -> _Sums:
        return cls(*(np.zeros((k, k)) for _ in range(3)), *(np.zeros(k) for _ in range(2)))

    def add_complete(self, centred: Array, ends: Ends) -> None:
        """Add columns of ``centred`` (items by rows) that have no gap."""
        self.pairs += centred.shape[1]
        self.first += centred.sum(axis=1)[:, None]
        self.product += cross_product(centred, centred)
        self._add_ends(centred, ends)

    def add_gappy(self, centred: Array, there: Truths, ends: Ends) -> None:
        """Add columns with gaps: zero where there is no answer, and counted by pairs."""
        filled = np.where(there, centred, 0.0)
        present = there.astype(np.float64)
        self.pairs += cross_product(present, present)
        self.first += cross_product(filled, present)
        self.product += cross_product(filled, filled)
        self._add_ends(centred, ends)

    def _add_ends(self, centred: Array, ends: Ends) -> None:
        if ends is None:
            return
        for i, answers in enumerate(centred):
            self.floor[i] += np.count_nonzero(answers == ends[0][i])
            self.ceiling[i] += np.count_nonzero(answers == ends[1][i])

    def part(self, positions: Sequence[int]) -> _Sums:
        square = np.ix_(positions, positions)
        return _Sums(
            self.pairs[square],
            self.first[square],
            self.product[square],
            self.floor[positions],
            self.ceiling[positions],
        )

    def __iadd__(self, other: _Sums) -> _Sums:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self


def item_moments(
    frame: nw.DataFrame[Any],
    scales: Mapping[str, Sequence[str]],
    *,
    missing: MissingRule = "listwise",
    ends: tuple[float, float] | None = None,
) -> dict[str, ItemMoments]:
    """Go over the rows once and keep the moments of every scale.

    Parameters
    ----------
    frame : narwhals.DataFrame, n rows
        Numeric columns; null and NaN are no answer.
    scales : mapping of str to sequence of str
        The columns of each scale. A column may be in several scales.
    missing : {"listwise", "pairwise"}
        Whether a scale uses the rows that answer all its items, or for every mean, variance
        and covariance all rows it can be had from.
    ends : (float, float), optional
        The lowest and the highest code, to count the answers there.

    Returns
    -------
    dict of str to ItemMoments
        By scale, in the order given.

    Raises
    ------
    ModelError
        Where ``missing`` is neither word.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = nw.from_native(pd.DataFrame({"a": [1.0, 2, 3], "b": [1.0, None, 5]}))
    >>> moments = item_moments(frame, {"s": ["a", "b"]})["s"]
    >>> moments.n, moments.mean.tolist(), moments.covariance.tolist()
    (2, [2.0, 3.0], [[2.0, 4.0], [4.0, 8.0]])
    """
    if missing not in get_args(MissingRule):
        raise ModelError(
            f"missing cannot be {missing!r}.", hint=f"Allowed: {', '.join(get_args(MissingRule))}."
        )
    columns = list(dict.fromkeys(name for names in scales.values() for name in names))
    places = {name: place for place, name in enumerate(columns)}
    positions = {key: [places[name] for name in names] for key, names in scales.items()}
    sums = _Pass(columns, positions, missing, ends)
    for chunk in answer_chunks(frame, columns):
        sums.add(chunk)
    return {key: sums.moments(key) for key in scales}


def answer_chunks(frame: nw.DataFrame[Any], columns: Sequence[str]) -> Iterator[Array]:
    """Yield the answers as arrays of items by rows: an item's answers lie side by side."""
    picked = frame.select(*columns)
    for start in range(0, len(frame), CHUNK_ROWS):
        rows = float_array(picked[start : start + CHUNK_ROWS])
        yield np.ascontiguousarray(rows.T)


def cross_product(left: Array, right: Array) -> Array:
    """Return ``left @ right.T``, in blocks of rows that BLAS computes on one core."""
    k, rows = left.shape
    block = max(64, PRODUCT_SIZE // k**2)
    product = np.zeros((k, k))
    for start in range(0, rows, block):
        product += left[:, start : start + block] @ right[:, start : start + block].T
    return product


class _Pass:
    """One pass over the rows: what is summed, and about which centre."""

    def __init__(
        self,
        columns: Sequence[str],
        positions: Mapping[str, Sequence[int]],
        missing: MissingRule,
        ends: tuple[float, float] | None,
    ) -> None:
        self.columns = columns
        self.positions = positions
        self.missing = missing
        self.ends = ends
        self.n_total = 0
        self.answered = np.zeros(len(columns), dtype=np.int64)
        self.centre: Array | None = None
        self.whole = _Sums.empty(len(columns))
        self.own = {key: _Sums.empty(len(places)) for key, places in positions.items()}

    def add(self, chunk: Array) -> None:
        there = ~np.isnan(chunk)
        full = there.all(axis=0)
        self.n_total += chunk.shape[1]
        self.answered += [np.count_nonzero(answers) for answers in there]
        if self.centre is None:
            self.centre = rough_centre(chunk, there)
        ends = None if self.ends is None else np.subtract.outer(self.ends, self.centre)
        centred = chunk - self.centre[:, None]
        # Rows without any gap serve every scale at once; only the others are gone through
        # scale by scale.
        self.whole.add_complete(centred.compress(full, axis=1), ends)
        rest, rest_there = centred.compress(~full, axis=1), there.compress(~full, axis=1)
        if self.missing == "pairwise":
            self.whole.add_gappy(rest, rest_there, ends)
            return
        for key, places in self.positions.items():
            if len(places) < len(self.columns):
                rows = rest_there[places].all(axis=0)
                part = rest[places].compress(rows, axis=1)
                self.own[key].add_complete(part, None if ends is None else ends[:, places])

    def moments(self, key: str) -> ItemMoments:
        places = list(self.positions[key])
        sums = self.whole.part(places)
        sums += self.own[key]
        centre = np.zeros(len(self.columns)) if self.centre is None else self.centre
        pair_n = sums.pairs.astype(np.int64)
        used = np.diag(pair_n).copy()
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.diag(sums.first) / used + centre[places]
        return ItemMoments(
            columns=tuple(self.columns[place] for place in places),
            n=int(pair_n.min()),
            n_total=self.n_total,
            answered=self.answered[places],
            used=used,
            pair_n=pair_n,
            mean=mean,
            covariance=_covariance(sums),
            floor=sums.floor.astype(np.int64) if self.ends else None,
            ceiling=sums.ceiling.astype(np.int64) if self.ends else None,
        )


def rough_centre(chunk: Array, there: Truths) -> Array:
    """Return whole numbers near the means, so that centred codes stay whole numbers."""
    count = np.maximum(np.count_nonzero(there, axis=1), 1)
    centre: Array = np.rint(np.where(there, chunk, 0.0).sum(axis=1) / count)
    return centre


def _covariance(sums: _Sums) -> Array:
    n = np.where(sums.pairs > 1, sums.pairs, np.nan)
    covariance: Array = (sums.product - sums.first * sums.first.T / n) / (n - 1)
    square = np.diag(sums.product) / np.diag(n)
    constant = np.diag(covariance) <= ROUNDING * square
    covariance[constant, :] = np.where(np.isnan(covariance[constant, :]), np.nan, 0.0)
    covariance[:, constant] = np.where(np.isnan(covariance[:, constant]), np.nan, 0.0)
    return covariance
