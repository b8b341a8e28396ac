"""A factor whose loadings are best at 0: found at the boundary, where there is no information.

A factor that is uncorrelated with all others and its mirror image fit alike, so that at loadings
of 0 the objective is always level in them, and so are the covariances: scoring cannot arrive
there. Whether 0 is where the objective is lowest is told by how it curves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.psychometrics.structure.estimators.protocol import Estimator
from relsurvey.psychometrics.structure.implied import group_model
from relsurvey.psychometrics.structure.table import FIXED, ParameterTable
from relsurvey.psychometrics.structure.walk import Found

__all__ = ["at_zero", "filled", "settled_at_zero", "vanished", "without"]

Array: TypeAlias = npt.NDArray[np.float64]
Places: TypeAlias = npt.NDArray[np.intp]

SMALL = 0.1  # a standardised loading, above which none is taken to be on its way to 0
STEP = 1e-3  # of the differences that give the curvature, in standard deviations of an item
CURVED = 1e-6  # second derivative for a row and a standardised loading, from which it is one


def at_zero(table: ParameterTable, theta: Array) -> Places:
    """Return the free loadings that are small, of factors that can vanish, as parameters.

    Such a factor is uncorrelated with every other one and no part of one, has a fixed variance
    and a mean of 0, and all its loadings are free.

    Parameters
    ----------
    table : ParameterTable
        The model.
    theta : ndarray, shape (q,)
        Where a search has ended.

    Returns
    -------
    ndarray of int
        None where a loading of them is equal to one that is not among them.
    """
    ways = set(_small_factors(table, theta))
    inside: set[int] = set()
    outside: set[int] = set()
    for row in table.rows:
        if row.free:
            mine = row.matrix == "lambda" and (row.column, row.group) in ways
            (inside if mine else outside).add(row.index)
    return np.array([] if inside & outside else sorted(inside), dtype=np.intp)


def _small_factors(table: ParameterTable, theta: Array) -> Iterator[tuple[int, int]]:
    """Yield factors and groups, by position."""
    for group in range(len(table.groups)):
        model = group_model(table, theta, group)
        sizes = _deviations(np.diag(model.covariance))
        spread = np.sqrt(np.abs(np.diag(model.psi)))
        small = (np.abs(model.loadings) * spread <= SMALL * sizes[:, None]).all(axis=0)
        for column in np.flatnonzero(small):
            if _can_vanish(table, int(column), group):
                yield int(column), group


def _deviations(variances: Array) -> Array:
    return np.sqrt(np.where(variances > 0, variances, 1.0))


def _can_vanish(table: ParameterTable, column: int, group: int) -> bool:
    rows = [row for row in table.rows if row.group == group]
    loadings = [row for row in rows if row.matrix == "lambda" and row.column == column]
    latent = [
        row
        for row in rows
        if (row.matrix in ("psi", "beta") and column in (row.row, row.column))
        or (row.matrix == "alpha" and row.row == column)
    ]
    own = [row for row in latent if row.matrix == "psi" and row.row == row.column]
    others = [row for row in latent if row not in own]
    return (
        bool(loadings)
        and all(row.free for row in loadings)
        and not any(row.free or row.value != 0 for row in others)
        and not any(row.free for row in own)
    )


def without(table: ParameterTable, gone: Places) -> ParameterTable:
    """Return the table with these parameters fixed at 0."""
    kept = np.delete(np.arange(table.n_free), gone)
    place = {int(index): number for number, index in enumerate(kept)}
    rows = []
    for row in table.rows:
        if row.free and row.index in place:
            rows.append(replace(row, index=place[row.index]))
        else:
            rows.append(replace(row, index=FIXED, value=0.0) if row.free else row)
    return replace(table, rows=tuple(rows))


def filled(values: Array, gone: Places, nothing: float = 0.0) -> Array:
    """Return values of the other parameters (a vector or a square) with those gone put back."""
    size = len(values) + len(gone)
    kept = np.delete(np.arange(size), gone)
    found = np.full((size,) * values.ndim, nothing)
    found[np.ix_(*[kept] * values.ndim)] = values
    return found


def settled_at_zero(estimator: Estimator, gone: Places, rest: Found) -> Found | None:
    """Return a solution without some loadings as one with them, where 0 is best for them.

    Parameters
    ----------
    estimator : Estimator
        With all parameters.
    gone : ndarray of int
        The parameters that are 0.
    rest : Found
        The solution for the others.

    Returns
    -------
    Found or None
        ``None`` where the objective would fall if they moved off 0.
    """
    theta = filled(rest.theta, gone)
    if not _lowest(estimator, theta, gone):
        return None
    information = filled(rest.information, gone)
    return replace(rest, theta=theta, information=information, vanished=tuple(map(int, gone)))


def _lowest(estimator: Estimator, theta: Array, gone: Places) -> bool:
    """Whether the objective curves upwards in all directions of some parameters."""
    units = np.ones(len(theta))
    for row in estimator.table.rows:
        if row.free and row.matrix == "lambda":
            seen = estimator.moments[row.group].covariance
            units[row.index] = _deviations(np.diag(seen))[row.row]
    bends = []
    for index in gone:
        step = np.zeros(len(theta))
        step[index] = STEP * units[index]
        ahead, behind = estimator.objective(theta + step), estimator.objective(theta - step)
        bends.append((ahead.gradient - behind.gradient)[gone] * units[gone] / (2 * STEP))
    bend = np.array(bends)
    if not np.isfinite(bend).all():
        return False
    return bool(np.linalg.eigvalsh((bend + bend.T) / 2)[0] > CURVED * estimator.n)


def vanished(table: ParameterTable, gone: Places | tuple[int, ...]) -> list[tuple[str, int]]:
    """Return the factors, with the group by position, whose loadings are among these."""
    found = {
        (table.factors[row.column], row.group): None
        for row in table.rows
        if row.matrix == "lambda" and row.free and row.index in set(gone)
    }
    return list(found)
