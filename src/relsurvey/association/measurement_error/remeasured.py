"""Many fits at once of one model, each with other scores of the workers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from relsurvey.association.measurement_error.scores import Question
from relsurvey.association.models.likelihood import Floats
from relsurvey.association.resampling.maximum import Maximum
from relsurvey.association.resampling.replicates import (
    Replicates,
    joined,
    raw_units,
    replicates_at_once,
)
from relsurvey.association.resampling.three_levels import NestedBatch, maximise_nested
from relsurvey.association.resampling.two_levels import Batch, maximise
from relsurvey.errors import ModelError

__all__ = ["refit_scores"]


@dataclass(frozen=True, slots=True, eq=False)
class _NestedScores(NestedBatch):
    """Workers in teams whose scores differ between replicates.

    Attributes
    ----------
    scores : numpy.ndarray or None
        Shape (B, J): standardised, in the order of the batch.
    place : int
        Which of the columns they stand in.
    """

    scores: Floats | None = None
    place: int = 1

    def columns(self) -> Floats:
        """Return the workers' means of all columns, shape (B, J, q)."""
        if self.scores is None:
            return self.means[None]
        columns = np.repeat(self.means[None], len(self.scores), axis=0)
        columns[:, :, self.place] = self.scores
        return columns

    def take(self, replicates: npt.NDArray[np.intp]) -> _NestedScores:
        """Return some of the replicates, each as often as it is named."""
        return _NestedScores(
            self.sizes, self.means, self.starts, self.copies, self.teams[replicates],
            self.within[replicates], None,
            None if self.scores is None else self.scores[replicates], self.place,
        )  # fmt: skip


def refit_scores(question: Question, scores: Floats) -> tuple[Floats, Floats]:
    """Fit the model once for each row of scores.

    Parameters
    ----------
    question : Question
        The model.
    scores : numpy.ndarray
        Shape (B, J): scores of the workers in the place of the measured ones.

    Returns
    -------
    slopes, variances : numpy.ndarray
        Shape (B,): as ``question.fit`` gives them one after the other, the variances of the
        model taken as known.

    Raises
    ------
    ModelError
        Where one of the models has no fit.
    """
    sums = question.sums
    step = replicates_at_once(sums, len(question.terms) + 2)
    fit = _two_levels if question.teams is None else _three_levels
    parts = [
        raw_units(
            fit(question, scores[start : start + step]), sums, question.outcome, question.terms
        )
        for start in range(0, len(scores), step)
    ]
    found: Replicates = joined(parts)
    failed = int((found.degenerate | ~found.converged).sum())
    if failed:
        raise ModelError(
            f"{failed} of {len(scores)} models with remeasured scores could not be fitted.",
            hint="There are too few workers for the terms of the model: leave out covariates.",
        )
    own = 1 + question.terms.index(question.focus)
    return found.effects[:, own], found.std_errors[:, own] ** 2


def _standard(question: Question, scores: Floats) -> Floats:
    place = question.sums.place(question.focus)
    standard: Floats = (scores - question.sums.centres[place]) / question.sums.units[place]
    return standard


def _two_levels(question: Question, scores: Floats) -> Maximum:
    """Sum the workers of each replicate, those with as many rows together."""
    sums = question.sums
    names = (*question.terms, question.outcome)
    columns = [sums.place(name) for name in names]
    own = 1 + names.index(question.focus)
    upper = np.triu_indices(len(names) + 1)
    order = np.argsort(sums.counts, kind="stable")
    sizes, starts = np.unique(sums.counts[order], return_index=True)
    totals = np.column_stack([sums.counts, sums.sums[:, columns]])[order]
    drawn = (sums.counts * _standard(question, scores))[:, order]
    between = np.empty((len(scores), len(sizes), len(upper[0])))
    for place, (one, other) in enumerate(zip(*upper, strict=True)):
        left = drawn if one == own else totals[None, :, one]
        right = drawn if other == own else totals[None, :, other]
        between[:, :, place] = np.add.reduceat(left * right, starts, axis=1)
    within = np.zeros((len(names) + 1,) * 2)
    within[1:, 1:] = sums.within[np.ix_(columns, columns)]
    within[own] = within[:, own] = 0.0
    groups = np.diff(starts, append=sums.n_groups).astype(np.float64)
    n = len(scores)
    return maximise(Batch(sizes, np.tile(groups, (n, 1)), between, np.tile(within[upper], (n, 1))))


def _three_levels(question: Question, scores: Floats) -> Maximum:
    """Arrange the workers team after team, with the scores of each replicate."""
    sums, teams = question.sums, question.teams
    if teams is None:
        raise ValueError("three levels need teams")
    names = (*question.terms, question.outcome)
    columns = [sums.place(name) for name in names]
    own = 1 + names.index(question.focus)
    order = np.argsort(teams, kind="stable")
    means = np.ones((sums.n_groups, len(names) + 1))
    means[:, 1:] = (sums.sums[:, columns] / sums.counts[:, None])[order]
    within = np.zeros((len(names) + 1,) * 2)
    within[1:, 1:] = sums.within[np.ix_(columns, columns)]
    within[own] = within[:, own] = 0.0
    starts = np.flatnonzero(np.diff(teams[order], prepend=-1))
    n = len(scores)
    batch = _NestedScores(
        sums.counts[order], means, starts, np.ones((1, sums.n_groups)),
        np.ones((n, sums.n_parents)), np.tile(within, (n, 1, 1)), None,
        _standard(question, scores)[:, order], own,
    )  # fmt: skip
    return maximise_nested(batch)
