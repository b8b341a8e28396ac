"""What a reader has to know before using estimates, in words."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.errors import listed
from relsurvey.psychometrics.structure.admissible import BELOW, residual_variances
from relsurvey.psychometrics.structure.estimators.protocol import Estimator
from relsurvey.psychometrics.structure.identification import entangled
from relsurvey.psychometrics.structure.implied import GroupModel, group_model
from relsurvey.psychometrics.structure.parameters import ParameterTable
from relsurvey.psychometrics.structure.sample_checks import in_group
from relsurvey.psychometrics.structure.search import Found
from relsurvey.psychometrics.structure.vanishing import vanished
from relsurvey.text import number

__all__ = ["Checks", "estimate_checks"]

Array: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Checks:
    """What is to be said of estimates.

    Attributes
    ----------
    notes : tuple of str
        On convergence, other optima, factors that vanish, negative variances, impossible factor
        correlations, factors of two items, degrees of freedom and rows.
    improper : bool
        Whether a variance is negative or a correlation of factors impossible.
    """

    notes: tuple[str, ...]
    improper: bool


def estimate_checks(estimator: Estimator, found: Found) -> Checks:
    """Look at estimates for what a reader has to know.

    Parameters
    ----------
    estimator : Estimator
        The data and the model.
    found : Found
        Where the search ended.

    Returns
    -------
    Checks
    """
    impossible: list[str] = []
    for place, seen in enumerate(estimator.moments):
        model = group_model(estimator.table, found.theta, place)
        where = in_group(seen.label)
        impossible += _negative_residuals(estimator, model, seen.covariance, where)
        impossible += _impossible_factors(estimator.table.factors, model, where)
    notes = [*estimator.notes, *_on_search(estimator, found), *_on_vanished(estimator, found)]
    return Checks((*notes, *impossible, *_on_design(estimator, found)), bool(impossible))


def _on_search(estimator: Estimator, found: Found) -> Iterator[str]:
    if not found.converged:
        names = entangled(estimator.table, found.information)
        among = f": these data cannot tell apart {listed(names, most=12)}" if names else ""
        yield (
            f"The estimation did not converge ({found.reason}{among}). No fit or standard error "
            "is given; the values shown are where the search stopped and are not results."
        )
    elif math.isfinite(found.lower):
        yield (
            "The solution shown is a local one: another start of the search came lower without "
            "arriving anywhere, with a negative variance that grew and grew. No possible solution "
            "is better, but the model is fragile in these data."
        )
    elif found.others:
        yield (
            f"{found.others} of {found.starts} starts of the search ended in a worse solution; "
            "the best one is shown. Such a model is fragile in these data."
        )


def _on_vanished(estimator: Estimator, found: Found) -> Iterator[str]:
    table = estimator.table
    for factor, group in vanished(table, found.vanished):
        items = listed(table.structure.items_of(factor))
        yield (
            f"{factor} vanishes{in_group(table.groups[group])}: its loadings are 0, which fits "
            f"best. These data show nothing that {items} have in common beyond the other factors "
            "(of a method factor: no common method effect). The standard errors of its loadings "
            "are not known, and the test of the model is rough."
        )


def _negative_residuals(
    estimator: Estimator, model: GroupModel, covariance: Array, where: str
) -> Iterator[str]:
    table = estimator.table
    residual, whole = residual_variances(table, model), np.diag(covariance)
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
    baseline = estimator.baseline()
    if found.converged and not baseline.chisq > baseline.df:
        yield "The items are no more related than by chance, so that there is no TLI."
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
