"""What a reader has to know before using estimates, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.errors import listed
from relsurvey.psychometrics.structure.estimators.protocol import Estimator
from relsurvey.psychometrics.structure.identification import entangled
from relsurvey.psychometrics.structure.implied import GroupModel, group_model
from relsurvey.psychometrics.structure.parameters import ParameterTable
from relsurvey.psychometrics.structure.sample_checks import in_group
from relsurvey.psychometrics.structure.search import Found
from relsurvey.text import number

__all__ = ["estimate_notes"]

Array: TypeAlias = npt.NDArray[np.float64]

# A variance this far below zero, as a share of the whole, is more than rounding.
BELOW = 1e-8


def estimate_notes(estimator: Estimator, found: Found) -> tuple[str, ...]:
    """Return what is to be said of the estimates.

    Parameters
    ----------
    estimator : Estimator
        The data and the model.
    found : Found
        Where the search ended.

    Returns
    -------
    tuple of str
        On convergence, other optima, negative variances, impossible factor correlations,
        factors of two items, degrees of freedom and rows.
    """
    notes = [*estimator.notes, *_on_search(estimator, found)]
    for place, seen in enumerate(estimator.moments):
        model = group_model(estimator.table, found.theta, place)
        where = in_group(seen.label)
        notes += _negative_residuals(estimator, model, seen.covariance, where)
        notes += _impossible_factors(estimator.table.factors, model, where)
    return (*notes, *_on_design(estimator, found))


def _on_search(estimator: Estimator, found: Found) -> Iterator[str]:
    if not found.converged:
        names = entangled(estimator.table, found.information)
        among = f": these data cannot tell apart {listed(names, most=12)}" if names else ""
        yield (
            f"The estimation did not converge ({found.reason}{among}). No fit or standard error "
            "is given; the values shown are where the search stopped and are not results."
        )
    elif found.others:
        yield (
            f"{found.others} of {found.starts} starts of the search ended in a worse solution; "
            "the best one is shown. Such a model is fragile in these data."
        )


def _negative_residuals(
    estimator: Estimator, model: GroupModel, covariance: Array, where: str
) -> Iterator[str]:
    table = estimator.table
    residual, whole = np.diag(model.theta).copy(), np.diag(covariance)
    ordinal = [i for i, item in enumerate(table.items) if item in table.thresholds]
    explained = np.diag(model.covariance) - residual
    residual[ordinal] = model.delta[ordinal] ** -2.0 - explained[ordinal]
    for i in np.flatnonzero(residual < -BELOW * whole):
        yield (
            f"The residual variance of {table.items[i]} is negative ({number(residual[i], 3)})"
            f"{where}, which cannot be: an improper solution (Heywood case). Its loading and all "
            "that rests on it are not to be trusted. The usual reasons are too few rows or items, "
            "an item that nearly repeats another, or a wrong model."
        )


def _impossible_factors(factors: tuple[str, ...], model: GroupModel, where: str) -> Iterator[str]:
    covariance = model.factor_covariance
    variances = np.diag(covariance)
    psi = np.diag(model.psi)
    negative = np.flatnonzero((psi < 0) | (variances <= 0))
    for i in negative:
        yield (
            f"The variance of {factors[i]} is {'negative' if psi[i] < 0 else 'zero'} "
            f"({number(psi[i], 3)}){where}, which no factor has: an improper solution."
        )
    if len(negative):
        return
    scale = np.sqrt(variances)
    correlation = covariance / np.outer(scale, scale)
    if np.linalg.eigvalsh(correlation)[0] > BELOW:
        return
    beyond = np.argwhere(np.triu(np.abs(correlation), 1) >= 1 - BELOW)
    pairs = [
        f"{factors[i]} and {factors[j]} correlate {number(correlation[i, j], 3)}" for i, j in beyond
    ]
    yield (
        f"The factor correlations are not positive definite{where}"
        f"{f' ({listed(pairs)})' if pairs else ''}: an improper solution. The factors cannot all "
        "be told apart in these data; fewer factors may do."
    )


def _on_design(estimator: Estimator, found: Found) -> Iterator[str]:
    table, structure = estimator.table, estimator.table.structure
    for factor in structure.factors:
        parts = [*structure.items_of(factor), *structure.parts_of(factor)]
        loadings = [cell for cell in structure.cells if cell.matrix in ("lambda", "beta")]
        labels = {cell.label for cell in loadings if cell.column == factor}
        held = len(labels) == 1 and labels != {""}
        if len(parts) == 2 and held:
            yield f"{factor} has two items; its loadings are held equal, else it is not identified."
        elif len(parts) == 2:
            yield (
                f"{factor} has two items: its loadings are known only through its correlations "
                "with other factors."
            )
    for factor, part in _scaled_twice(table):
        yield (
            f"The scale of {factor} is set twice, by its variance and by the fixed loading of "
            f"{part}; write {factor} ~~ NA*{factor} in the text of the model if only the loading "
            "is meant."
        )
    if not estimator.test(found.theta).df:
        yield (
            "There are no degrees of freedom: the model fits any data of these items, so that its "
            "fit says nothing (no p, CFI, TLI or RMSEA)."
        )
    if estimator.n < table.n_free:
        yield (
            f"There are fewer rows ({estimator.n:,}) than parameters ({table.n_free}): estimates "
            "and fit are not to be relied on."
        )


def _scaled_twice(table: ParameterTable) -> Iterator[tuple[str, str]]:
    """Yield factors whose variance is fixed and which have a fixed loading, with what loads."""
    fixed = [row for row in table.rows if not row.free and row.group == 0 and row.value != 0]
    held = {row.row for row in fixed if row.matrix == "psi" and row.row == row.column}
    for place in sorted(held):
        loading = next(
            (r for r in fixed if r.matrix in ("lambda", "beta") and r.column == place), None
        )
        if loading is not None:
            factor, _, part = table.named(loading)
            yield factor, part
