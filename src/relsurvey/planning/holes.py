"""Answers that are not there: cells left blank, and "does not apply"."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["blank_cells", "not_applicable_cells"]

Flags = npt.NDArray[np.bool_]
Real = npt.NDArray[np.float64]

# Blanks cluster in people: most leave none, a few leave many. At 8, with 3 % blank over all,
# about one person in twenty-five leaves more than a sixth of the items out.
BLANK_CONCENTRATION = 8.0


def blank_cells(rng: np.random.Generator, n_people: int, n_items: int, share: float) -> Flags:
    """Choose the cells that are left blank, unrelated to any trait.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    n_people, n_items : int
        Shape of the table.
    share : float
        Expected share of all cells. Each person's own share is drawn from a beta distribution
        with this mean.

    Returns
    -------
    numpy.ndarray of bool, shape (n_people, n_items)
    """
    if share == 0:
        return np.zeros((n_people, n_items), dtype=bool)
    shape = (BLANK_CONCENTRATION * share, BLANK_CONCENTRATION * (1.0 - share))
    own = rng.beta(*shape, size=n_people)
    return rng.random((n_people, n_items)) < own[:, np.newaxis]


def not_applicable_cells(rng: np.random.Generator, n_people: int, shares: Real) -> Flags:
    """Choose the cells that would be answered "does not apply", unrelated to any trait.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    n_people : int
        Rows of the table.
    shares : numpy.ndarray, shape (n_items,)
        Share of each item's answers.

    Returns
    -------
    numpy.ndarray of bool, shape (n_people, n_items)
    """
    return rng.random((n_people, shares.size)) < shares
