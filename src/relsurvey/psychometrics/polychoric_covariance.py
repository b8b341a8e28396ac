"""How sure thresholds and polychoric correlations are: their asymptotic covariance.

Each estimate is a mean of what single rows contribute to it (their influence), and what a row
contributes depends only on its answers to two items: a small table a pair. The variances
follow from those tables and the counts alone; only covariances between different pairs need
the rows again, and they go through them in chunks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import narwhals as nw
import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from relsurvey.errors import ModelError, listed
from relsurvey.frames import float_array
from relsurvey.moments.tables import ItemTables
from relsurvey.psychometrics.bivariate_normal import binormal_cdf, binormal_pdf
from relsurvey.psychometrics.polychoric_fit import PairCells, PolychoricFit, pair_cells
from relsurvey.psychometrics.polychoric_likelihood import LEAST, cell_sums

__all__ = [
    "Influence",
    "asymptotic_covariance",
    "asymptotic_variances",
    "influence_of",
    "require_estimates",
]

Array: TypeAlias = npt.NDArray[np.float64]
CHUNK_CELLS = 4_000_000  # of the array of influences, rows by estimates


@dataclass(frozen=True, slots=True, eq=False)
class Influence:
    """What a row contributes to each estimate, by its answers.

    Attributes
    ----------
    thresholds : ndarray, shape (k, c, c - 1)
        By item, its category and its threshold; 0 behind the last threshold of the item.
    correlations : ndarray, shape (p, c, c)
        By pair and the categories of both its items.
    cells : PairCells
        The p pairs.
    """

    thresholds: Array
    correlations: Array
    cells: PairCells


def influence_of(tables: ItemTables, fit: PolychoricFit) -> Influence:
    """Return what a row with given answers contributes to each estimate.

    The information is the mean of products of scores over the rows (not its expectation), as
    in lavaan.

    Parameters
    ----------
    tables : ItemTables
        Of k items; complete rows only.
    fit : PolychoricFit
        Of these tables.

    Returns
    -------
    Influence
        Of the pairs of items that have correlations; NaN where one is 1 or -1, because it has
        no standard error then.

    References
    ----------
    Muthén B (1984). A general structural equation model with dichotomous, ordered categorical,
    and continuous latent variable indicators. Psychometrika 49:115-132.
    doi 10.1007/BF02294210.
    Jöreskog KG (1994). On the estimation of polychoric correlations and their asymptotic
    covariance matrix. Psychometrika 59:381-389. doi 10.1007/BF02296131.
    """
    cells = pair_cells(tables, fit.usable)
    own = _threshold_influence(cells.bounds)
    rho = fit.correlation[cells.first, cells.second]
    rho = np.where(np.abs(rho) < 1, rho, np.nan)
    score, by_first, by_second = _scores(cells, rho)
    share = cells.counts / np.maximum(cells.counts.sum(axis=(1, 2), keepdims=True), 1)
    information = (share * score**2).sum(axis=(1, 2))
    # What the correlation owes to the thresholds having been estimated.
    cross_first = np.einsum("pab,pab,pabm->pm", share, score, by_first)
    cross_second = np.einsum("pab,pab,pabm->pm", share, score, by_second)
    owed = np.einsum("pm,pam->pa", cross_first, own[cells.first])[:, :, None]
    owed = owed + np.einsum("pm,pbm->pb", cross_second, own[cells.second])[:, None, :]
    correlations = (score - owed) / information[:, None, None]
    return Influence(own, correlations, cells)


def asymptotic_variances(influence: Influence, tables: ItemTables) -> tuple[Array, Array]:
    """Return n times the variances of thresholds and correlations, from the counts alone.

    Parameters
    ----------
    influence : Influence
        Of the tables.
    tables : ItemTables
        Of k items.

    Returns
    -------
    thresholds : ndarray, shape (t,)
        Item by item.
    correlations : ndarray, shape (p,)
        The lower triangle, read column by column.
    """
    thresholds = [np.empty(0)]  # nobody may have answered anything
    for i, codes in enumerate(tables.codes):
        if not len(codes):
            continue
        share = tables.counts(i) / tables.counts(i).sum()
        own = influence.thresholds[i, : len(codes), : len(codes) - 1]
        thresholds.append(share @ own**2)
    counts = influence.cells.counts
    share = counts / np.maximum(counts.sum(axis=(1, 2), keepdims=True), 1)
    return np.concatenate(thresholds), (share * influence.correlations**2).sum(axis=(1, 2))


def asymptotic_covariance(
    frame: nw.DataFrame[Any], tables: ItemTables, influence: Influence
) -> Array:
    """Return n times the covariance of all thresholds and correlations, from the rows.

    Parameters
    ----------
    frame : narwhals.DataFrame
        The rows the tables were counted from; those with a gap in the items are left out.
    tables : ItemTables
        Listwise, of k items.
    influence : Influence
        Of the tables.

    Returns
    -------
    ndarray, shape (t + p, t + p)
        The t thresholds item by item, then the lower triangle of correlations read column by
        column; what lavaan calls gamma or NACOV.

    References
    ----------
    As ``influence_of``.
    """
    picked = frame.select(*tables.columns)
    size = int(sum(len(codes) - 1 for codes in tables.codes)) + len(influence.cells.first)
    rows = max(1, CHUNK_CELLS // size)
    total = np.zeros((size, size))
    for start in range(0, len(frame), rows):
        answers = float_array(picked[start : start + rows])
        answers = answers[~np.isnan(answers).any(axis=1)]
        contributions = _contributions(answers, tables, influence)
        total += contributions.T @ contributions
    covariance: Array = total / tables.n
    return covariance


def require_estimates(fit: PolychoricFit) -> None:
    """Refuse a fit in which a correlation is missing or has no standard error.

    Raises
    ------
    ModelError
        ``.failures`` names every item and pair.
    """
    failures = [{"item": name, "why": why} for name, why in fit.unusable.items()]
    for pairs, why in (
        (fit.ordered, "in perfect order"),
        (fit.empty_pairs, "no rows with two categories of both"),
    ):
        failures += [{"item": f"{fit.columns[i]}, {fit.columns[j]}", "why": why} for i, j in pairs]
    if failures:
        raise ModelError(
            "Polychoric correlations without a standard error: "
            f"{listed([row['item'] for row in failures])}.",
            hint="Leave out items that do not vary or that say the same as another.",
            failures=failures,
        )


def _threshold_influence(bounds: Array) -> Array:
    """Return, by item and category, the influence on each threshold: shape (k, c, c - 1)."""
    limits = bounds[:, 1:-1]
    there = np.isfinite(limits)
    density = np.exp(-(np.where(there, limits, 0.0) ** 2) / 2) / np.sqrt(2 * np.pi)
    categories = np.arange(bounds.shape[1] - 1)
    below = categories[None, :, None] <= categories[None, None, :-1]
    influence: Array = np.where(
        there[:, None, :], (below - ndtr(limits)[:, None, :]) / density[:, None, :], 0.0
    )
    return influence


def _scores(cells: PairCells, rho: Array) -> tuple[Array, Array, Array]:
    """Return the scores of a row by its cell: for rho, and for the thresholds of either item.

    Shapes (p, c, c), (p, c, c, c - 1) twice.
    """
    across, r = cells.limits, rho[:, None, None]
    probability = np.maximum(cell_sums(binormal_cdf(*across, r)), LEAST)
    met = cells.counts > 0
    score = np.where(met, cell_sums(binormal_pdf(*across, r)) / probability, 0.0)
    # The derivative of a cell with respect to the limit of the first item, and of the second.
    first = np.diff(_edge(across[0], across[1], r), axis=2)[:, 1:-1]
    second = np.diff(_edge(across[1], across[0], r), axis=1)[:, :, 1:-1]
    size = cells.counts.shape[1]
    step = np.eye(size)[:, :-1] - np.eye(size, k=-1)[:, :-1]  # category by threshold
    by_first = np.einsum("am,pmb->pabm", step, first)
    by_second = np.einsum("bm,pam->pabm", step, second)
    weight = np.where(met, 1 / probability, 0.0)[..., None]
    return score, by_first * weight, by_second * weight


def _edge(along: Array, other: Array, r: Array) -> Array:
    """Return the derivative of the distribution function with respect to one of its limits."""
    there = np.isfinite(along)
    limit = np.where(there, along, 0.0)
    density = np.where(there, np.exp(-(limit**2) / 2) / np.sqrt(2 * np.pi), 0.0)
    edge: Array = density * ndtr((other - r * limit) / np.sqrt((1 - r) * (1 + r)))
    return edge


def _contributions(answers: Array, tables: ItemTables, influence: Influence) -> Array:
    """Return the influence of each row on each estimate, shape (rows, t + p)."""
    categories = [np.searchsorted(codes, answers[:, i]) for i, codes in enumerate(tables.codes)]
    columns = [
        influence.thresholds[i, own, : len(tables.codes[i]) - 1] for i, own in enumerate(categories)
    ]
    cells = influence.cells
    for pair, (i, j) in enumerate(zip(cells.first, cells.second, strict=True)):
        columns.append(influence.correlations[pair, categories[i], categories[j]][:, None])
    return np.concatenate(columns, axis=1)
