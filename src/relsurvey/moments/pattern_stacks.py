"""Patterns of missing answers side by side: what a normal model makes of each of them.

Matrices of many patterns are stacked and worked on together; so many at a time that memory does
not grow with the number of patterns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.moments.patterns import PatternMoments

__all__ = ["LARGE_STACK", "STACK_SIZE", "Stack", "stacks"]

Array: TypeAlias = npt.NDArray[np.float64]
Truths: TypeAlias = npt.NDArray[np.bool_]

# Numbers in one stack of matrices: more would leave the processor's cache for nothing.
STACK_SIZE = 500_000
# Where every stack costs as much again as its patterns do, there should be few of them.
LARGE_STACK = 4_000_000


@dataclass(frozen=True, slots=True)
class Stack:
    """Some patterns of k items.

    Attributes
    ----------
    rows : ndarray, shape (patterns,)
    inverse : ndarray, shape (patterns, k, k)
        W: of the covariance of the items that are answered; zero for the others.
    log_determinant : ndarray, shape (patterns,)
        Of that covariance.
    spread : ndarray, shape (patterns, k, k)
        T: the covariance of the rows (divisor n) about the mean of the model; zero likewise.
    distance, pulled : ndarray, shape (patterns, k)
        The mean of the rows less that of the model, zero likewise; and W times that.
    """

    rows: Array
    inverse: Array
    log_determinant: Array
    spread: Array
    distance: Array
    pulled: Array

    @property
    def misfit(self) -> Array:
        """The trace of W T."""
        found: Array = np.einsum("pij,pij->p", self.inverse, self.spread)
        return found


def stacks(
    moments: PatternMoments, mean: Array, covariance: Array, numbers: int
) -> Iterator[Stack]:
    """Yield the patterns, some at a time, as a model of k items sees them.

    Parameters
    ----------
    moments : PatternMoments
        Of k items.
    mean : ndarray, shape (k,)
        Of the model.
    covariance : ndarray, shape (k, k)
        Of the model.
    numbers : int
        How many numbers a stack of matrices may hold.

    Yields
    ------
    Stack
        In the order of the patterns.

    Raises
    ------
    numpy.linalg.LinAlgError
        Where the covariance is not positive definite.
    """
    size = max(1, numbers // len(mean) ** 2)
    root = np.linalg.cholesky(covariance)
    whole = (
        np.asarray(np.linalg.inv(covariance), dtype=np.float64),
        2 * float(np.log(np.diag(root)).sum()),
    )
    for start in range(0, len(moments.counts), size):
        part = slice(start, start + size)
        there = moments.observed[part]
        inverse, log_determinant = _inverses(there, covariance, whole)
        distance = np.where(there, moments.mean[part] - mean, 0.0)
        spread = distance[:, :, None] * distance[:, None, :]
        within = moments.covariance[part]
        spread[: len(within)] += np.nan_to_num(within)
        yield Stack(
            rows=moments.counts[part].astype(np.float64),
            inverse=inverse,
            log_determinant=log_determinant,
            spread=spread,
            distance=distance,
            pulled=(inverse @ distance[:, :, None])[:, :, 0],
        )


def _inverses(there: Truths, covariance: Array, whole: tuple[Array, float]) -> tuple[Array, Array]:
    """Invert the covariance of the items of each pattern, and take its log determinant.

    Patterns with as many answers go together. Where most items are answered, the inverse is
    that of all items less what the missing ones have in it; else it is made anew.
    """
    n, k = there.shape
    inverse, log_determinant = np.zeros((n, k, k)), np.zeros(n)
    answers = np.count_nonzero(there, axis=1)
    for count in np.unique(answers):
        same = np.flatnonzero(answers == count)
        few = k - count < count
        places = np.nonzero(there[same] != few)[1].reshape(len(same), -1)
        down, across = places[:, :, None], places[:, None, :]
        block = (whole[0] if few else covariance)[down, across]
        root = np.linalg.cholesky(block)
        log_determinant[same] = 2 * np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
        if few:
            log_determinant[same] += whole[1]
            rest = whole[0][places]
            inverse[same] = whole[0] - rest.transpose(0, 2, 1) @ np.linalg.solve(block, rest)
            inverse[same[:, None], places] = 0.0
            inverse[same[:, None], :, places] = 0.0
        else:
            inverse[same[:, None, None], down, across] = np.linalg.inv(block)
    return inverse, log_determinant
