"""Correlations of items whose answers were dealt out anew, each item for itself.

Margins stay as they are and every relation goes: what is left is what chance makes of answers
like these.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.moments.items import cross_product

__all__ = ["canonical_answers", "permuted_answers", "permuted_correlations"]

Array: TypeAlias = npt.NDArray[np.float64]


def canonical_answers(rows: Array) -> Array:
    """Return complete answers in an order that no order of rows or keying changes.

    Parameters
    ----------
    rows : ndarray, shape (n, p)
        Answers without gaps; no item is constant.

    Returns
    -------
    ndarray, shape (p, n)
        Each item sorted for itself, at mean 0 and sum of squares 1, with its longer tail above.
        A random deal from it is as random as one from the rows.
    """
    centred = np.ascontiguousarray(rows.T) - rows.mean(axis=0)[:, None]
    centred /= np.sqrt((centred**2).sum(axis=1, keepdims=True))
    tail = (centred**3).sum(axis=1, keepdims=True)
    canonical: Array = np.sort(np.where(tail < 0, -centred, centred), axis=1)
    return canonical


def permuted_answers(answers: Array, draws: int, generator: np.random.Generator) -> Iterator[Array]:
    """Yield answers (p, n), each item dealt out anew; the same array is filled again each time."""
    dealt = answers.copy()
    for _ in range(draws):
        generator.permuted(dealt, axis=1, out=dealt)
        yield dealt


def permuted_correlations(answers: Array, draws: int, generator: np.random.Generator) -> Array:
    """Return the correlations of items dealt out anew.

    Parameters
    ----------
    answers : ndarray, shape (p, n)
        From ``canonical_answers``.
    draws : int
        How many times.
    generator : numpy.random.Generator
        Where chance comes from.

    Returns
    -------
    ndarray, shape (draws, p, p)

    Examples
    --------
    >>> answers = canonical_answers(np.array([[1.0, 2.0], [2.0, 5.0], [4.0, 1.0]]))
    >>> permuted_correlations(answers, 3, np.random.default_rng(1)).shape
    (3, 2, 2)
    """
    found = np.empty((draws, len(answers), len(answers)))
    for i, dealt in enumerate(permuted_answers(answers, draws, generator)):
        found[i] = cross_product(dealt, dealt)
    return found
