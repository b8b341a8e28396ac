"""Fits of many replicates of a study, made by drawing its workers or teams again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from relsurvey.association.models.likelihood import Floats
from relsurvey.association.resampling.maximum import Maximum
from relsurvey.association.resampling.three_levels import NestedBatch, maximise_nested
from relsurvey.association.resampling.two_levels import Batch, maximise
from relsurvey.moments.groups import GroupSums

__all__ = [
    "Replicates",
    "joined",
    "raw_units",
    "refit_weighted",
    "replicates_at_once",
    "three_level_batch",
    "two_level_batch",
]

CELLS = 2_000_000  # numbers held at once: 16 MB in each of a handful of arrays


@dataclass(frozen=True, slots=True, eq=False)
class Replicates:
    """Fits of B replicates, in raw units; rows of NaN where there is none.

    Attributes
    ----------
    effects, std_errors : numpy.ndarray
        Shape (B, p): fixed effects, the intercept first, and their standard errors with the
        variances taken as known.
    variances : numpy.ndarray
        Shape (B, levels + 1): of the workers, of the teams where they are a level, residual.
    deviance : numpy.ndarray
        Shape (B,): of the standardised columns, so that replicates can be compared.
    boundary : numpy.ndarray of bool
        Shape (B,): whether a variance is zero.
    converged, degenerate : numpy.ndarray of bool
        Shape (B,): whether the search came to its end; whether there is no fit, as the workers
        drawn leave nothing to estimate it from.
    """

    effects: Floats
    std_errors: Floats
    variances: Floats
    deviance: Floats
    boundary: npt.NDArray[np.bool_]
    converged: npt.NDArray[np.bool_]
    degenerate: npt.NDArray[np.bool_]


def refit_weighted(
    sums: GroupSums,
    outcome: str,
    predictors: tuple[str, ...],
    weights: Floats,
    *,
    level: str = "worker",
    reml: bool = True,
) -> Replicates:
    """Fit the model once for each row of weights of the workers, or of the teams.

    Parameters
    ----------
    sums : GroupSums
        Made with ``each_within=True``; three levels where ``nested_in`` is set.
    outcome : str
        The outcome.
    predictors : tuple of str
        The predictors.
    weights : numpy.ndarray
        Shape (B, J), or (B, T) with ``level="team"``: how often each is in each replicate; a
        worker drawn twice counts as two workers with the same rows (in the same team), a team
        drawn twice as two teams with the same workers.
    level : {"worker", "team"}
        Whose weights they are.
    reml : bool, default True
        The criterion.

    Returns
    -------
    Replicates
        As ``fit_sums`` gives them one after the other.
    """
    step = replicates_at_once(sums, len(predictors) + 2)
    parts = []
    for start in range(0, len(weights), step):
        part = weights[start : start + step]
        if sums.nested_in is None:
            found = maximise(two_level_batch(sums, outcome, predictors, part), reml=reml)
        else:
            batch = three_level_batch(sums, outcome, predictors, part, level)
            found = maximise_nested(batch, reml=reml)
        parts.append(raw_units(found, sums, outcome, predictors))
    return joined(parts)


def replicates_at_once(sums: GroupSums, q: int) -> int:
    """Return how many replicates keep within the memory allowed."""
    half = q * (q + 1) // 2
    if sums.nested_in is not None:
        return max(16, CELLS // (4 * q * sums.n_groups))
    return max(16, CELLS // max(sums.n_groups, len(np.unique(sums.counts)) * half))


def three_level_batch(
    sums: GroupSums, outcome: str, predictors: tuple[str, ...], weights: Floats, level: str
) -> NestedBatch:
    """Arrange the workers team after team, with the weights of each replicate."""
    if sums.within_each is None or sums.parents is None:
        raise ValueError("weights need sums of workers in teams made with each_within=True")
    columns = [sums.place(name) for name in (*predictors, outcome)]
    order = np.argsort(sums.parents, kind="stable")
    teams = sums.parents[order]
    means = np.ones((sums.n_groups, len(columns) + 1))
    means[:, 1:] = sums.sums[order][:, columns] / sums.counts[order, None]
    q = len(columns) + 1
    each = np.zeros((sums.n_groups, q, q))
    each[:, 1:, 1:] = sums.within_each[order][:, columns][:, :, columns]
    by_worker = weights[:, teams] if level == "team" else weights[:, order]
    within = (by_worker @ each.reshape(-1, q * q)).reshape(-1, q, q)
    ones = np.ones((len(weights), sums.n_parents))
    copies, drawn = (np.ones((1, len(order))), weights) if level == "team" else (by_worker, ones)
    starts = np.flatnonzero(np.diff(teams, prepend=-1))
    return NestedBatch(sums.counts[order], means, starts, copies, drawn, within)


def two_level_batch(
    sums: GroupSums, outcome: str, predictors: tuple[str, ...], weights: Floats
) -> Batch:
    """Sum the workers of each replicate, those with as many rows together."""
    if sums.within_each is None:
        raise ValueError("weights need sums made with each_within=True")
    columns = [sums.place(name) for name in (*predictors, outcome)]
    q = len(columns) + 1
    upper = np.triu_indices(q)
    order = np.argsort(sums.counts, kind="stable")
    totals = np.column_stack([sums.counts, sums.sums[:, columns]])
    squares = (totals[:, :, None] * totals[:, None, :])[:, upper[0], upper[1]][order]
    within = np.zeros((sums.n_groups, q, q))
    within[:, 1:, 1:] = sums.within_each[:, columns][:, :, columns]
    sizes, starts = np.unique(sums.counts[order], return_index=True)
    groups = np.empty((len(weights), len(sizes)))
    between = np.empty((len(weights), len(sizes), len(upper[0])))
    ordered = weights[:, order]
    for place, (start, end) in enumerate(zip(starts, [*starts[1:], sums.n_groups], strict=True)):
        groups[:, place] = ordered[:, start:end].sum(axis=1)
        between[:, place] = ordered[:, start:end] @ squares[start:end]
    return Batch(sizes, groups, between, weights @ within[:, upper[0], upper[1]])


def raw_units(
    found: Maximum, sums: GroupSums, outcome: str, predictors: tuple[str, ...]
) -> Replicates:
    """Turn fits of the standardised columns into those of the columns as they are."""
    chosen, own = [sums.place(name) for name in predictors], sums.place(outcome)
    to_standard = np.diag([1.0, *(1.0 / sums.units[chosen])])
    to_standard[0, 1:] = -sums.centres[chosen] / sums.units[chosen]
    effects = sums.units[own] * (found.effects @ to_standard.T)
    effects[:, 0] += sums.centres[own]
    spread = np.einsum("ij,bjk,ik->bi", to_standard, found.covariance, to_standard)
    residual = found.residual_variance * sums.units[own] ** 2
    ratios = np.column_stack([found.ratios, np.ones(len(residual))])
    return Replicates(
        effects=effects,
        std_errors=np.sqrt(residual[:, None] * spread),
        variances=ratios * residual[:, None],
        deviance=found.deviance,
        boundary=(found.ratios == 0).any(axis=1),
        converged=found.converged,
        degenerate=found.degenerate,
    )


def joined(parts: Iterable[Replicates] | Iterator[Replicates]) -> Replicates:
    """Put replicates one after the other."""
    found = list(parts)
    return Replicates(
        **{
            field.name: np.concatenate([getattr(part, field.name) for part in found])
            for field in fields(Replicates)
        }
    )
