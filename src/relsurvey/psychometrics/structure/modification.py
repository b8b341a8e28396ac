"""Modification indices: what would change if a parameter that is fixed were estimated."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.psychometrics.structure.estimators.protocol import Estimator, inverse_information
from relsurvey.psychometrics.structure.implied import group_model
from relsurvey.psychometrics.structure.parameters import (
    FIXED,
    SYMMETRIC,
    Parameter,
    ParameterTable,
)
from relsurvey.psychometrics.structure.specification import Matrix

__all__ = ["modification_indices"]

Array: TypeAlias = npt.NDArray[np.float64]

# A share of the information of a parameter that rounding leaves of none.
NOTHING_NEW = 1e-8
COLUMNS = (
    "left",
    "operator",
    "right",
    "modification_index",
    "expected_change",
    "standardised_change",
)


def modification_indices(estimator: Estimator, theta: Array) -> pd.DataFrame:
    """Return the score test of every loading and covariance that the model leaves out.

    Parameters
    ----------
    estimator : Estimator
        The data and the model.
    theta : ndarray, shape (q,)
        Estimates.

    Returns
    -------
    pandas.DataFrame
        One row a candidate, the largest index first: ``left, operator, right`` (and ``group``
        where there are several), ``modification_index`` (about how much chi-square would
        fall, one degree of freedom), ``expected_change`` of the parameter and
        ``standardised_change``. Candidates that could not be told apart from the model's own
        parameters are left out.

    References
    ----------
    Sörbom D (1989). Model modification. Psychometrika 54(3):371-384. doi 10.1007/BF02294623.
    Saris WE, Satorra A, Sörbom D (1987). The detection and correction of specification errors
    in structural equation models. Sociological Methodology 17:105-129. doi 10.2307/271030.
    """
    table = estimator.table
    candidates = _candidates(table)
    larger = estimator.with_table(table.extended(candidates))
    start = np.array([_present(table, row) for row in candidates])
    gradient, information = larger.score(np.concatenate([theta, start]))
    q = table.n_free
    known = inverse_information(information[:q, :q])
    crossed = information[q:, :q]
    own = np.diag(information)[q:]
    with np.errstate(invalid="ignore", divide="ignore"):
        spare = own - np.einsum("ij,ij->i", crossed @ known, crossed)
        new = (own > 0) & (spare > NOTHING_NEW * own)
        change = np.where(new, -gradient[q:] / spare, math.nan)
        index = np.where(new, gradient[q:] ** 2 / spare, math.nan)
    frame = pd.DataFrame(
        {
            "group": [table.groups[row.group] for row in candidates],
            **_names(table, candidates),
            "modification_index": index,
            "expected_change": change,
            "standardised_change": change * _standardising(estimator, theta, candidates),
        }
    )
    frame = frame[np.isfinite(index)]
    if len(table.groups) == 1:
        frame = frame[list(COLUMNS)]
    return frame.sort_values(
        "modification_index", ascending=False, kind="stable", ignore_index=True
    )


def _names(table: ParameterTable, rows: list[Parameter]) -> dict[str, list[str]]:
    named = [table.named(row) for row in rows]
    return {name: [entry[i] for entry in named] for i, name in enumerate(COLUMNS[:3])}


def _candidates(table: ParameterTable) -> list[Parameter]:
    """Return every loading, residual covariance and factor covariance that is not free."""
    p, m = len(table.items), len(table.factors)
    places: list[tuple[Matrix, int, int]] = []
    places += [("lambda", i, j) for j in range(m) for i in range(p)]
    places += [("theta", i, j) for i, j in combinations(range(p), 2)]
    places += [("psi", i, j) for i, j in combinations(range(m), 2)]
    free = set()
    for row in table.rows:
        if row.free:
            free.add((row.matrix, row.row, row.column, row.group))
            if row.matrix in SYMMETRIC:
                free.add((row.matrix, row.column, row.row, row.group))
    return [
        Parameter(matrix, i, j, group, FIXED, 0.0)
        for group in range(len(table.groups))
        for matrix, i, j in places
        if (matrix, i, j, group) not in free
    ]


def _present(table: ParameterTable, row: Parameter) -> float:
    return float(table.cells(row.matrix, row.group).base[row.row, row.column])


def _standardising(estimator: Estimator, theta: Array, rows: list[Parameter]) -> Array:
    """Return by what a change is multiplied.

    A loading is brought to unit variances, a covariance between residuals to a correlation
    between them (NaN where a residual variance is negative).
    """
    table = estimator.table
    scales = []
    for group in range(len(table.groups)):
        model = group_model(table, theta, group)
        explained = np.diag(model.covariance - model.theta)
        ordinal = np.array([item in table.thresholds for item in table.items])
        residual = np.where(ordinal, model.delta**-2.0 - explained, np.diag(model.theta))
        variances = (explained + residual, np.diag(model.factor_covariance))
        with np.errstate(invalid="ignore"):
            scales.append([np.sqrt(v) for v in (*variances, residual, np.diag(model.psi))])
    found = []
    for row in rows:
        items, factors, residuals, disturbances = scales[row.group]
        if row.matrix == "lambda":
            found.append(factors[row.column] / items[row.row])
        else:
            own = residuals if row.matrix == "theta" else disturbances
            found.append(1 / (own[row.row] * own[row.column]))
    return np.array(found)
