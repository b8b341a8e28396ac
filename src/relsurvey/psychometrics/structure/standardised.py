"""Estimates with all variances brought to 1, and their standard errors.

Every standardised value is the estimate times square roots of two variances (or of one, twice):
a loading is multiplied by the standard deviation of the factor and divided by that of the item.
So its derivative follows from those of the estimate and of the variances.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.psychometrics.structure.implied import (
    GroupModel,
    directions,
    group_model,
    latent_directions,
)
from relsurvey.psychometrics.structure.parameters import Parameter, ParameterTable
from relsurvey.psychometrics.structure.specification import Matrix

__all__ = ["Standardised", "row_values", "standardise"]

Array: TypeAlias = npt.NDArray[np.float64]

STILL = 1e-10  # a slope that is no more than rounding


@dataclass(frozen=True, slots=True)
class Standardised:
    """Standardised values of every row of the table.

    Attributes
    ----------
    value : ndarray, shape (rows,)
        NaN where a variance that it is divided by is not positive.
    std_error : ndarray, shape (rows,)
        By the delta method; NaN where the value is fixed by the standardisation itself.
    """

    value: Array
    std_error: Array


def row_values(table: ParameterTable, theta: Array) -> Array:
    """Return the value of every row of the table, free or fixed."""
    return np.array([theta[row.index] if row.free else row.value for row in table.rows])


def standardise(table: ParameterTable, theta: Array, covariance: Array) -> Standardised:
    """Standardise items and factors.

    Parameters
    ----------
    table : ParameterTable
        The model.
    theta : ndarray, shape (q,)
        Estimates.
    covariance : ndarray, shape (q, q)
        Their covariances; NaN where there are none.

    Returns
    -------
    Standardised
        Covariances between two residuals become correlations between them; a variance becomes
        its share of the whole variance.
    """
    values = row_values(table, theta)
    found, errors = np.empty(len(values)), np.empty(len(values))
    for group in range(len(table.groups)):
        places = [i for i, row in enumerate(table.rows) if row.group == group]
        rows = [table.rows[i] for i in places]
        variances, moved = _variances(table, theta, group)
        first, second, power = _scaling(table, rows)
        with np.errstate(invalid="ignore", divide="ignore"):
            roots = np.sqrt(variances)
            factor = roots[first] ** power[:, 0] * roots[second] ** power[:, 1]
            relative = power[:, :1] * (moved / variances).T[first]
            relative += power[:, 1:] * (moved / variances).T[second]
            value = values[places] * factor
            slope = 0.5 * value[:, None] * relative
        free = np.array([row.free for row in rows], dtype=bool)
        index = np.array([row.index for row in rows], dtype=np.intp)
        slope[np.flatnonzero(free), index[free]] += factor[free]
        found[places] = value
        errors[places] = _errors(slope, covariance)
    return Standardised(found, errors)


def _errors(slope: Array, covariance: Array) -> Array:
    """Return standard errors; NaN where a value cannot vary or its slope is unknown."""
    # A parameter without an error leaves without one only what moves with it.
    unknown = np.isnan(np.diag(covariance))
    without = (np.abs(slope[:, unknown]) > STILL).any(axis=1)
    known = np.where(unknown | unknown[:, None], 0.0, covariance)
    with np.errstate(invalid="ignore"):
        variance = np.einsum("ij,ij->i", slope @ known, slope)
        # What rounding leaves of a value that standardisation fixes is no error.
        still = np.abs(slope).max(axis=1, initial=0.0) < STILL
        return np.sqrt(np.where(still | without | (variance < 0), np.nan, variance))


def _variances(table: ParameterTable, theta: Array, group: int) -> tuple[Array, Array]:
    """Return variances of items, of factors, and their residual variances, with derivatives.

    Shapes (2 p + 2 m,) and (q, 2 p + 2 m).
    """
    model = group_model(table, theta, group)
    way = directions(table, model, group)
    q = table.n_free
    items = np.diag(model.covariance).copy()
    moved = np.zeros((q, len(items)))
    np.add.at(moved, way.index, 2 * way.u * way.v)
    residual = np.diag(model.theta).copy()
    residual_moved = _diagonal_moves(table, "theta", group, len(items))
    _ordinal_variances(table, model, group, (items, moved), (residual, residual_moved))
    factors = np.diag(model.factor_covariance)
    factors_moved = latent_directions(table, model, group)
    psi = np.diag(model.psi)
    psi_moved = _diagonal_moves(table, "psi", group, len(psi))
    return (
        np.concatenate([items, factors, residual, psi]),
        np.concatenate([moved, factors_moved, residual_moved, psi_moved], axis=1),
    )


def _diagonal_moves(table: ParameterTable, matrix: Matrix, group: int, size: int) -> Array:
    cells = table.cells(matrix, group)
    found = np.zeros((table.n_free, size))
    on = cells.rows == cells.columns
    found[cells.index[on], cells.rows[on]] = 1.0
    return found


def _ordinal_variances(
    table: ParameterTable,
    model: GroupModel,
    group: int,
    whole: tuple[Array, Array],
    residual: tuple[Array, Array],
) -> None:
    """Set the variances of ordinal items, which follow from their scales, in place."""
    ordinal = [i for i, item in enumerate(table.items) if item in table.thresholds]
    if not ordinal:
        return
    explained, explained_moved = whole[0][ordinal].copy(), whole[1][:, ordinal].copy()
    scale = model.delta[ordinal]
    whole[0][ordinal] = scale**-2.0
    whole[1][:, ordinal] = 0.0
    cells = table.cells("delta", group)
    whole[1][cells.index, cells.rows] = -2 * model.delta[cells.rows] ** -3.0
    residual[0][ordinal] = whole[0][ordinal] - explained
    residual[1][:, ordinal] = whole[1][:, ordinal] - explained_moved


def _scaling(
    table: ParameterTable, rows: list[Parameter]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Array]:
    """Return which two variances scale each row, and by which power of their roots."""
    p, m = len(table.items), len(table.factors)
    item, factor, residual, disturbance = 0, p, p + m, 2 * p + m
    first, second, power = [], [], []
    for row in rows:
        i, j = row.row, row.column
        if row.matrix == "lambda":
            entry = (factor + j, item + i, 1, -1)
        elif row.matrix == "beta":
            entry = (factor + j, factor + i, 1, -1)
        elif row.matrix in ("psi", "theta"):
            whole, own = (factor, disturbance) if row.matrix == "psi" else (item, residual)
            start = whole if i == j else own
            entry = (start + i, start + j, -1, -1)
        elif row.matrix == "delta":
            entry = (item + i, item + i, 1, 0)
        else:
            start = factor if row.matrix == "alpha" else item
            entry = (start + i, start + i, -1, 0)
        first.append(entry[0])
        second.append(entry[1])
        power.append(entry[2:])
    return (
        np.array(first, dtype=np.intp),
        np.array(second, dtype=np.intp),
        np.array(power, dtype=np.float64).reshape(-1, 2),
    )
