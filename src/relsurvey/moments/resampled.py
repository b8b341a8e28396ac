"""Moments of resampled rows: what alpha needs, for many bootstrap samples at once.

A row that is drawn w times adds w times its sums, so that a bootstrap sample is a vector of
weights, and its variances are a product of those weights with a few sums kept for each row. No
frame is resampled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import narwhals as nw
import numpy as np
import numpy.typing as npt

from relsurvey.frames import float_array
from relsurvey.moments.items import MissingRule

__all__ = ["ResampledMoments", "resampled_moments"]

Array: TypeAlias = npt.NDArray[np.float64]
Counts: TypeAlias = npt.NDArray[np.int64]
Truths: TypeAlias = npt.NDArray[np.bool_]

# Draws held at once: some 60 MB with their weights, whatever the number of rows.
DRAWS = 2_000_000
# Drawing a count for a pattern of answers costs about as much as drawing this many rows.
ROWS_PER_PATTERN = 12


@dataclass(frozen=True, slots=True)
class ResampledMoments:
    """What alpha needs of each of B bootstrap samples of a scale.

    Attributes
    ----------
    trace : ndarray, shape (B,)
        Sum of the items' variances.
    total : ndarray, shape (B,)
        Sum of all entries of the covariance matrix: listwise, the variance of the sum of the
        items. NaN in both where a sample has fewer than two rows to compute one from.
    """

    trace: Array
    total: Array


def resampled_moments(
    frame: nw.DataFrame[Any],
    scales: Mapping[str, Sequence[str]],
    *,
    replicates: int,
    seed: int,
    missing: MissingRule = "listwise",
) -> dict[str, ResampledMoments]:
    """Draw rows with replacement, as many as there are, and keep the moments of each sample.

    Parameters
    ----------
    frame : narwhals.DataFrame, n rows
        Numeric columns; null and NaN are no answer.
    scales : mapping of str to sequence of str
        The k columns of each scale, in an order of the caller's that does not depend on that of
        the frame: the rows are sorted by them before any is drawn, so that neither the order of
        rows nor that of columns changes the result.
    replicates : int
        Samples, B.
    seed : int
        Of the draws. A scale's samples are the same whichever other scales there are.
    missing : {"listwise", "pairwise"}
        Rows are drawn with their gaps; each sample is then treated as the data are.

    Returns
    -------
    dict of str to ResampledMoments

    Notes
    -----
    Where answers repeat so often that there are few different patterns, the counts of the
    patterns are drawn (multinomial) instead of the rows, which is the same distribution.

    References
    ----------
    Efron B, Tibshirani RJ (1993). An introduction to the bootstrap. Chapman and Hall.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = nw.from_native(pd.DataFrame({"a": [1.0, 2, 4, 5], "b": [2.0, 1, 4, 5]}))
    >>> found = resampled_moments(frame, {"s": ["a", "b"]}, replicates=3, seed=1)["s"]
    >>> found.trace.shape, bool((found.total >= 0).all())
    ((3,), True)
    """
    n = len(frame)
    parts = {
        key: _part(float_array(frame.select(*names)), missing) for key, names in scales.items()
    }
    found: dict[str, list[ResampledMoments]] = {key: [] for key in parts}
    by_row = [key for key, part in parts.items() if part.counts is None]
    for weights in _row_weights(n, replicates if by_row else 0, seed):
        for key in by_row:
            found[key].append(parts[key].moments(weights))
    for key, part in parts.items():
        if part.counts is not None:
            for weights in _pattern_weights(part.counts, replicates, seed):
                found[key].append(part.moments(weights))
    return {key: _joined(blocks) for key, blocks in found.items()}


def _joined(blocks: Sequence[ResampledMoments]) -> ResampledMoments:
    return ResampledMoments(
        np.concatenate([block.trace for block in blocks]),
        np.concatenate([block.total for block in blocks]),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """The sorted answers of one scale: every row, or every pattern and its number of rows.

    ``centred`` has zeros where ``there`` is false; both have shape (rows or patterns, k).
    """

    centred: Array
    there: Truths
    counts: Counts | None
    missing: MissingRule

    def moments(self, weights: Array) -> ResampledMoments:
        """Return the moments of samples in which rows have these weights, shape (B, rows)."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return self._listwise(weights) if self.missing == "listwise" else self._pair(weights)

    def _listwise(self, weights: Array) -> ResampledMoments:
        full: Truths = np.logical_and.reduce(self.there, axis=1)
        kept = self.centred * full[:, None]
        own = np.column_stack([full, kept, (kept**2).sum(axis=1), kept.sum(axis=1) ** 2])
        drawn = weights @ own
        n, first, square, product = drawn[:, 0], drawn[:, 1:-2], drawn[:, -2], drawn[:, -1]
        freedom = np.where(n > 1, n - 1, np.nan)
        return ResampledMoments(
            trace=(square - (first**2).sum(axis=1) / n) / freedom,
            total=(product - first.sum(axis=1) ** 2 / n) / freedom,
        )

    def _pair(self, weights: Array) -> ResampledMoments:
        """Centre every covariance at the means of the rows that answer both items."""
        there = self.there.astype(np.float64)
        k = there.shape[1]
        trace, total = np.zeros(len(weights)), np.zeros(len(weights))
        # An item after the other, so that no array has more than rows by items.
        for i in range(k):
            present, answer = there[:, i : i + 1], self.centred[:, i : i + 1]
            here, answers = there[:, i:], self.centred[:, i:]
            own = np.hstack([present * here, answer * here, present * answers, answer * answers])
            n, first, second, product = np.hsplit(weights @ own, 4)
            covariance = (product - first * second / n) / np.where(n > 1, n - 1, np.nan)
            trace += covariance[:, 0]
            total += covariance[:, 0] + 2 * covariance[:, 1:].sum(axis=1)
        return ResampledMoments(trace, total)


def _part(answers: Array, missing: MissingRule) -> _Part:
    answers, counts = _sorted(answers)
    there = ~np.isnan(answers)
    centre = np.where(there, answers, 0.0).sum(axis=0) / np.maximum(there.sum(axis=0), 1)
    centred = np.where(there, answers - centre, 0.0)
    return _Part(centred, there, counts, missing if not there.all() else "listwise")


def _sorted(answers: Array) -> tuple[Array, Counts | None]:
    """Return the rows in order; where they repeat often, each pattern once and how often."""
    n = len(answers)
    # A gap is the largest answer, so that it has a place in the order.
    filled = np.where(np.isnan(answers), np.inf, answers)
    order = np.lexsort(filled.T[::-1])
    filled = filled[order]
    new = np.ones(n, dtype=bool)
    np.any(filled[1:] != filled[:-1], axis=1, out=new[1:])
    if np.count_nonzero(new) * ROWS_PER_PATTERN >= n:
        return answers[order], None
    return answers[order[new]], np.diff(np.append(np.flatnonzero(new), n))


def _row_weights(n: int, replicates: int, seed: int) -> Iterator[Array]:
    """Yield how often each row is drawn: some of the samples by n rows."""
    draw = np.random.default_rng(seed)
    block = max(1, DRAWS // max(n, 1))
    for start in range(0, replicates, block):
        weights = np.empty((min(block, replicates - start), n))
        for sample in weights:
            sample[:] = np.bincount(draw.integers(0, n, size=n, dtype=np.int32), minlength=n)
        yield weights


def _pattern_weights(counts: Counts, replicates: int, seed: int) -> Iterator[Array]:
    """Yield how often each pattern is drawn: some of the samples by patterns."""
    draw = np.random.default_rng(seed)
    n = int(counts.sum())
    block = max(1, DRAWS // len(counts))
    for start in range(0, replicates, block):
        samples = min(block, replicates - start)
        yield draw.multinomial(n, counts / n, size=samples).astype(np.float64)
