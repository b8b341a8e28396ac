"""Sums of studies simulated from a fitted model, without simulating a row.

Given the predictors, the model needs of the outcome only the workers' means, its cross-products
with the predictors within workers, and its sum of squares within workers. Under the model

    mean_j = xbar_j b + v_team + u_j + e_j,    e_j ~ N(0, sigma^2 / n_j),
    X_d' e_d = sigma R' g,    e_d' e_d = sigma^2 (g'g + chi^2),

with X_d and e_d deviations from the workers' means, R'R = X_d'X_d, g standard normal, and chi^2
on (rows - workers - rank of R) degrees of freedom: each can be drawn at once, exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from relsurvey.association.models.likelihood import Floats
from relsurvey.association.resampling.maximum import Maximum
from relsurvey.association.resampling.three_levels import NestedBatch, maximise_nested
from relsurvey.association.resampling.two_levels import Batch, maximise
from relsurvey.moments.groups import GroupSums

__all__ = ["Truth", "simulate_and_fit"]

COLLINEAR = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """The model to simulate from, in the standardised columns.

    Attributes
    ----------
    effects : numpy.ndarray
        Shape (p,): the intercept first.
    residual_variance : float
        sigma^2.
    ratios : numpy.ndarray
        Shape (levels,): the other variances over it, workers first.
    """

    effects: Floats
    residual_variance: float
    ratios: Floats


def simulate_and_fit(
    sums: GroupSums,
    predictors: tuple[str, ...],
    truth: Truth,
    *,
    replicates: int,
    order: npt.NDArray[np.intp],
    generator: np.random.Generator,
) -> Maximum:
    """Simulate the outcome of studies with these workers and predictors, and fit each.

    Parameters
    ----------
    sums : GroupSums
        Two levels, or three where ``nested_in`` is set.
    predictors : tuple of str
        The p - 1 predictors of the model fitted.
    truth : Truth
        The model simulated from.
    replicates : int
        Studies; all at once.
    order : numpy.ndarray
        Shape (J,): the workers in the order in which chance is dealt out.
    generator : numpy.random.Generator
        Where chance comes from.

    Returns
    -------
    Maximum
        The fits, in the standardised columns.
    """
    columns = [sums.place(name) for name in predictors]
    design = np.column_stack([np.ones(sums.n_groups), sums.sums[:, columns] / sums.counts[:, None]])
    means = _worker_means(sums, design, truth, replicates, order, generator)
    inner = np.zeros((design.shape[1],) * 2)
    inner[1:, 1:] = sums.within[np.ix_(columns, columns)]
    within = _within(sums, inner, truth, replicates, generator)
    if sums.parents is None:
        return maximise(_two_level(sums.counts, design, means, within))
    nested = np.argsort(sums.parents, kind="stable")
    starts = np.flatnonzero(np.diff(sums.parents[nested], prepend=-1))
    columns_of = np.column_stack([design, np.zeros(sums.n_groups)])[nested]
    return maximise_nested(
        NestedBatch(
            sums.counts[nested], columns_of, starts, np.ones((1, sums.n_groups)),
            np.ones((replicates, sums.n_parents)), within, means[:, nested],
        )
    )  # fmt: skip


def _worker_means(
    sums: GroupSums, design: Floats, truth: Truth, replicates: int,
    order: npt.NDArray[np.intp], generator: np.random.Generator,
) -> Floats:  # fmt: skip
    """Draw the workers' means of the outcome, shape (B, J)."""
    means = np.empty((replicates, sums.n_groups))
    means[:, order] = generator.standard_normal(means.shape)
    means *= np.sqrt(truth.residual_variance * (1.0 / sums.counts + truth.ratios[0]))
    if sums.parents is not None:
        shift = np.empty((replicates, sums.n_parents))
        first = np.unique(sums.parents[order], return_index=True)[1]
        shift[:, np.argsort(first)] = generator.standard_normal(shift.shape)
        means += np.sqrt(truth.residual_variance * truth.ratios[1]) * shift[:, sums.parents]
    found: Floats = means + design @ truth.effects
    return found


def _within(
    sums: GroupSums, inner: Floats, truth: Truth, replicates: int, generator: np.random.Generator
) -> Floats:
    """Draw the cross-products within workers of [1 X y], shape (B, q, q)."""
    p = len(inner)
    scale = np.sqrt(np.where(np.diag(inner) > 0, np.diag(inner), 1.0))
    values, vectors = np.linalg.eigh(inner / np.outer(scale, scale))
    sure = values > COLLINEAR
    root = (vectors[:, sure] * np.sqrt(values[sure])).T * scale
    sigma = np.sqrt(truth.residual_variance)
    noise = sigma * generator.standard_normal((replicates, int(sure.sum())))
    freedom = sums.n_rows - sums.n_groups - int(sure.sum())
    rest = truth.residual_variance * generator.chisquare(max(freedom, 1), replicates)
    fitted = root @ truth.effects + noise
    within = np.empty((replicates, p + 1, p + 1))
    within[:, :p, :p] = inner
    within[:, :p, p] = within[:, p, :p] = fitted @ root
    within[:, p, p] = (fitted**2).sum(axis=1) + (rest if freedom > 0 else 0.0)
    return within


def _two_level(counts: Floats, design: Floats, means: Floats, within: Floats) -> Batch:
    """Gather workers with as many rows; only what the outcome is part of differs."""
    q = design.shape[1] + 1
    upper = np.triu_indices(q)
    order = np.argsort(counts, kind="stable")
    sizes, starts = np.unique(counts[order], return_index=True)
    totals, outcomes = (design * counts[:, None])[order], (means * counts)[:, order]
    between = np.empty((len(means), len(sizes), q, q))
    for place, (start, end) in enumerate(zip(starts, [*starts[1:], len(counts)], strict=True)):
        x, y = totals[start:end], outcomes[:, start:end]
        between[:, place, :-1, :-1] = x.T @ x
        between[:, place, :-1, -1] = y @ x
        between[:, place, -1, -1] = np.einsum("bj,bj->b", y, y)
    groups = np.diff(starts, append=len(counts)).astype(np.float64)
    return Batch(
        sizes,
        np.repeat(groups[None], len(means), axis=0),
        between[:, :, upper[0], upper[1]],
        within[:, upper[0], upper[1]],
    )
