"""How often each answer was given, by group and by a matching score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["AnswerCells", "answer_cells"]

Array: TypeAlias = npt.NDArray[np.float64]
Codes: TypeAlias = npt.NDArray[np.intp]
# Sums of codes that are decimals differ in their last digits with the order of adding.
SAME_SCORE = 10  # decimals


@dataclass(frozen=True, slots=True)
class AnswerCells:
    """Answers to one item, counted: as good as the rows for any model with these predictors.

    Attributes
    ----------
    matching : ndarray, shape (c,)
        The matching score of each cell.
    group : ndarray of int, shape (c,)
        Its group.
    counts : ndarray, shape (c, m)
        How often each of the m answers was given there.
    answers : ndarray, shape (m,)
        The codes that were given at all, lowest first.
    """

    matching: Array
    group: Codes
    counts: Array
    answers: Array


def answer_cells(answers: Array, matching: Array, group: Codes) -> AnswerCells:
    """Count the answers to one item in every combination of matching score and group.

    Parameters
    ----------
    answers, matching : ndarray, shape (n,)
        Without gaps.
    group : ndarray of int, shape (n,)
        From 0.

    Returns
    -------
    AnswerCells
        Only combinations that somebody is in, by matching score, then by group.

    Examples
    --------
    >>> cells = answer_cells(np.array([1.0, 2, 2]), np.array([5.0, 5, 6]), np.array([0, 0, 1]))
    >>> cells.matching.tolist(), cells.group.tolist(), cells.counts.tolist()
    ([5.0, 6.0], [0, 1], [[1.0, 1.0], [0.0, 1.0]])
    """
    scores, score = np.unique(np.round(matching, SAME_SCORE), return_inverse=True)
    codes, code = np.unique(answers, return_inverse=True)
    n_groups = int(group.max(initial=-1)) + 1
    size = len(scores) * n_groups * len(codes)
    place = (score * n_groups + group) * len(codes) + code
    counts = np.bincount(place, minlength=size).reshape(len(scores) * n_groups, -1)
    there = np.flatnonzero(counts.any(axis=1)) if size else np.zeros(0, dtype=np.intp)
    return AnswerCells(
        scores[there // max(n_groups, 1)],
        there % max(n_groups, 1),
        counts[there].astype(np.float64) if size else np.zeros((0, len(codes))),
        codes,
    )
