"""The information that rows with gaps hold on parameters, added up stack by stack."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.moments.items import PRODUCT_SIZE
from relsurvey.moments.pattern_stacks import Stack

__all__ = ["Bend", "Kind"]

Array: TypeAlias = npt.NDArray[np.float64]
Kind: TypeAlias = Literal["expected", "observed"]

# The side of a tile of a matrix product.
TILE = 64


class Bend:
    """The information on some parameters, as stacks are added up."""

    def __init__(self, changes: tuple[Array, Array], kind: Kind) -> None:
        self.by_mean, self.by_covariance = changes
        self.kind = kind
        # Parameters that move the mean alone have no part in most of the work.
        self.moving = np.flatnonzero(self.by_covariance.any(axis=(1, 2)))
        self.moved = np.ascontiguousarray(self.by_covariance[self.moving])
        k = self.by_mean.shape[1]
        self.means = np.zeros((k, k))
        self.mixed = np.zeros((k * k, k))
        self.pairs = np.zeros((len(self.moving), len(self.moving)))

    def add(self, stack: Stack) -> None:
        """Add what the patterns of a stack hold."""
        k = len(self.means)
        flat = stack.inverse.reshape(-1, k * k)
        weighted = flat * stack.rows[:, None]
        self.means += weighted.sum(axis=0).reshape(k, k)
        partner = 0.5 * flat
        if self.kind == "observed":
            seen = stack.inverse @ stack.spread @ stack.inverse
            partner = seen.reshape(-1, k * k) - partner
            self.mixed += _product(weighted.T, stack.pulled)
        self.pairs += _between_covariances(weighted, partner, self.moved)

    def found(self) -> Array:
        """Return the information of all stacks added, one row and column a parameter."""
        q, k = self.by_mean.shape
        information: Array = self.by_mean @ self.means @ self.by_mean.T
        if self.kind == "observed":
            changed = self.by_covariance.reshape(q, -1)
            across = _product(_product(self.by_mean, self.mixed.reshape(k, k * k)), changed.T)
            information += across + across.T
        information[self.moving[:, None], self.moving] += (self.pairs + self.pairs.T) / 2
        return information


def _between_covariances(weighted: Array, partner: Array, changes: Array) -> Array:
    """Return the sum over patterns of tr(W A K B) for all changes A and B.

    One row of W at a time: nothing of k to the power of four is ever held. K is symmetric, so
    that its lower triangle will do.
    """
    q, k, _ = changes.shape
    i, j = np.tril_indices(k)
    where = np.empty((k, k), dtype=np.intp)
    where[i, j] = where[j, i] = np.arange(len(i))
    triangle = partner.reshape(-1, k, k)[:, i, j]
    total = np.zeros((q, q))
    for item in range(k):
        row = weighted[:, item * k : (item + 1) * k]
        product = _product(row.T, triangle)[:, where].reshape(k * k, k)
        total += _product(_product(changes.reshape(q, -1), product), changes[:, :, item].T)
    return total


def _product(left: Array, right: Array) -> Array:
    """Return ``left @ right`` in tiles that BLAS computes on one core (see ``moments.items``)."""
    (m, n), p = left.shape, right.shape[1]
    if m * n * p <= PRODUCT_SIZE:
        return left @ right
    down, along = min(m, TILE), min(n, TILE)
    across = max(1, PRODUCT_SIZE // (down * along))
    total = np.zeros((m, p))
    for top in range(0, m, down):
        for first in range(0, p, across):
            tile = total[top : top + down, first : first + across]
            for begin in range(0, n, along):
                inner = slice(begin, begin + along)
                tile += left[top : top + down, inner] @ right[inner, first : first + across]
    return total
