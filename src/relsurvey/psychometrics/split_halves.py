"""Split halves: how far the two halves of a scale agree, over all ways of halving it.

The halves are those of the standardised items, as in R psych; a half-sum correlation stepped up
to the whole length is 4 times the covariance of the halves by the variance of their sum.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.psychometrics.consistency import ROUNDING

__all__ = ["DRAWN", "MOST_ENUMERATED", "SplitHalves", "canonical_order", "split_halves"]

Array: TypeAlias = npt.NDArray[np.float64]
Halves: TypeAlias = npt.NDArray[np.bool_]

MOST_ENUMERATED = 12  # items; with one more there are 1,716 splits, and soon millions
DRAWN = 10_000
_BLOCK = 1_000


@dataclass(frozen=True, slots=True)
class SplitHalves:
    """Split-half reliabilities, stepped up to the whole length; NaN where there are none.

    Attributes
    ----------
    low, mean, high : float
        Over the splits that R psych's ``splitHalf`` goes through. It takes the first half of
        the list of ways to choose half the items. With an even number of items these are all
        splits; with an odd number no split is listed twice, and it leaves out half of them.
    all_low, all_mean, all_high : float
        Over every split. The same where the number of items is even or above
        ``MOST_ENUMERATED``.
    """

    low: float
    mean: float
    high: float
    all_low: float
    all_mean: float
    all_high: float


def split_halves(correlation: Array, items: Sequence[str], *, seed: int = 0) -> SplitHalves:
    """Return the lowest, mean and highest split-half reliability.

    Parameters
    ----------
    correlation : ndarray, shape (k, k)
        Correlations of the items.
    items : sequence of str, length k
        Their names. The list of splits, and the splits drawn, start from the items in the order
        of their names, so that nothing depends on the order of columns.
    seed : int
        Of the splits drawn where there are more than ``MOST_ENUMERATED`` items.

    Returns
    -------
    SplitHalves
        NaN for one item, where an item does not vary, and where the sum of the standardised
        items has no variance.

    Notes
    -----
    With an odd number of items one half has one item more, and the figures are not corrected
    for it; they stay somewhat below alpha.

    References
    ----------
    Guttman L (1945). A basis for analyzing test-retest reliability. Psychometrika
    10(4):255-282. doi 10.1007/BF02288892.
    Revelle W, Zinbarg RE (2009). Coefficients alpha, beta, omega, and the glb: comments on
    Sijtsma. Psychometrika 74(1):145-154. doi 10.1007/s11336-008-9102-z.

    Examples
    --------
    >>> r = np.array([[1.0, 0.5, 0.2], [0.5, 1.0, 0.4], [0.2, 0.4, 1.0]])
    >>> found = split_halves(r, ["a", "b", "c"])
    >>> [round(value, 3) for value in (found.all_low, found.all_mean, found.all_high)]
    [0.462, 0.564, 0.692]
    """
    k, total = len(correlation), float(correlation.sum())
    if k < 2 or not total > ROUNDING * k:
        return SplitHalves(*[math.nan] * 6)
    order = canonical_order(items)
    ordered = correlation[np.ix_(order, order)]
    halves, listed_first = _halves(k, seed)
    found = 4 * _between(ordered, halves) / total
    first = found[:listed_first]
    return SplitHalves(
        float(first.min()),
        float(first.mean()),
        float(first.max()),
        float(found.min()),
        float(found.mean()),
        float(found.max()),
    )


def canonical_order(items: Sequence[str]) -> list[int]:
    """Return the places of the items in the order of their names, numbers counted as numbers.

    Examples
    --------
    >>> canonical_order(["q10", "q9", "a"])
    [2, 1, 0]
    """

    def key(place: int) -> tuple[list[tuple[int, int, str]], str]:
        pieces = [piece for piece in re.split(r"([0-9]+)", items[place]) if piece]
        parts = [(0, int(p), "") if p[0] in "0123456789" else (1, 0, p) for p in pieces]
        return parts, items[place]

    return sorted(range(len(items)), key=key)


def _between(correlation: Array, halves: Halves) -> Array:
    """Return the covariance of the two halves for each row of ``halves``."""
    blocks = [
        ((part @ correlation) * ~part).sum(axis=1)
        for part in (halves[i : i + _BLOCK] for i in range(0, len(halves), _BLOCK))
    ]
    return np.concatenate(blocks)


@lru_cache(maxsize=32)
def _halves(k: int, seed: int) -> tuple[Halves, int]:
    """Return which items are in the first half, and how many of the splits psych goes through."""
    size = k // 2
    if k > MOST_ENUMERATED:
        ranks = np.random.default_rng(seed).random((DRAWN, k)).argsort(axis=1)
        return _kept(ranks < size), DRAWN
    chosen = list(itertools.combinations(range(k), size))
    # An even number of items: the second half of the list has the same splits, sides swapped.
    listed_first = -(-len(chosen) // 2)
    used = chosen if k % 2 else chosen[:listed_first]
    halves = np.zeros((len(used), k), dtype=bool)
    halves[np.arange(len(used))[:, None], np.array(used)] = True
    return _kept(halves), listed_first


def _kept(halves: Halves) -> Halves:
    halves.flags.writeable = False  # every later call gets this very array
    return halves
