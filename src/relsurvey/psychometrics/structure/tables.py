"""The tables of a result: parameters, loadings, factor correlations and residuals."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr, ndtri

from relsurvey.psychometrics.structure.estimators.protocol import Estimator
from relsurvey.psychometrics.structure.fit_measures import residual_correlations
from relsurvey.psychometrics.structure.implied import group_model
from relsurvey.psychometrics.structure.parameters import ParameterTable
from relsurvey.psychometrics.structure.standardised import row_values, standardise

__all__ = [
    "factor_correlations",
    "item_residuals",
    "parameter_frames",
]

Array: TypeAlias = npt.NDArray[np.float64]

CONFIDENCE = 0.95


def parameter_frames(
    table: ParameterTable, theta: Array, covariance: Array
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return every parameter with its standard error, test, interval and standardised value.

    Parameters
    ----------
    table : ParameterTable
        The model.
    theta : ndarray, shape (q,)
        Estimates.
    covariance : ndarray, shape (q, q)
        Their covariances.

    Returns
    -------
    parameters : pandas.DataFrame
        ``group`` (where there are several), ``left, operator, right`` (``=~`` is measured by,
        ``~~`` variance or covariance, ``~1`` intercept or mean, ``|`` threshold, ``~*~``
        scale), ``label``, ``free``, ``estimate``, ``std_error``, ``statistic``, ``p_value``,
        ``conf_low``, ``conf_high`` (95 %), ``standardised``, ``standardised_std_error``. A
        fixed parameter has no error, test or interval.
    loadings : pandas.DataFrame
        The loadings among them, left and right being called ``factor`` and ``item``.
    """
    named = np.array([table.named(row) for row in table.rows], dtype=object).reshape(-1, 3)
    columns: dict[str, npt.NDArray[Any]] = {}
    if len(table.groups) > 1:
        columns["group"] = np.empty(len(named), dtype=object)
        columns["group"][:] = [table.groups[row.group] for row in table.rows]
    columns["left"], columns["operator"], columns["right"] = named.T
    columns["label"] = np.array([row.label for row in table.rows], dtype=object)
    columns |= _figures(table, theta, covariance)
    loading = columns["operator"] == "=~"
    within = {
        {"left": "factor", "right": "item"}.get(name, name): values[loading]
        for name, values in columns.items()
        if name not in ("operator", "label", "free")
    }
    return _frame(columns), _frame(within)


def _frame(columns: dict[str, npt.NDArray[Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(columns)
    # Labels of groups get the type they have: whole numbers stay numbers.
    return frame.assign(group=frame["group"].infer_objects()) if "group" in frame else frame


def _figures(table: ParameterTable, theta: Array, covariance: Array) -> dict[str, npt.NDArray[Any]]:
    free = np.array([row.free for row in table.rows], dtype=bool)
    index = np.array([row.index for row in table.rows], dtype=np.intp)
    estimate = row_values(table, theta)
    with np.errstate(invalid="ignore", divide="ignore"):
        errors = np.sqrt(np.diag(covariance))
        error = np.where(free, errors[index], math.nan)
        statistic = estimate / error
    wide = float(ndtri(0.5 + CONFIDENCE / 2)) * error
    scaled = standardise(table, theta, covariance)
    return {
        "free": free,
        "estimate": estimate,
        "std_error": error,
        "statistic": statistic,
        "p_value": 2 * ndtr(-np.abs(statistic)),
        "conf_low": estimate - wide,
        "conf_high": estimate + wide,
        "standardised": scaled.value,
        "standardised_std_error": scaled.std_error,
    }


def factor_correlations(estimator: Estimator, theta: Array) -> pd.DataFrame:
    """Return the correlations of the factors; NaN where a factor has no positive variance.

    Returns
    -------
    pandas.DataFrame
        Square, by factor; with several groups one block a group, rows by (group, factor).
    """
    names = list(estimator.table.factors)
    blocks: dict[Any, pd.DataFrame] = {}
    for place, label in enumerate(estimator.table.groups):
        covariance = group_model(estimator.table, theta, place).factor_covariance
        variances = np.diag(covariance)
        scale = np.sqrt(np.where(variances > 0, variances, math.nan))
        blocks[label] = pd.DataFrame(covariance / np.outer(scale, scale), names, names)
    return _stacked(blocks, "factor")


def item_residuals(estimator: Estimator, theta: Array) -> pd.DataFrame:
    """Return correlations as seen less those implied, by item; stacked where there are groups."""
    names = list(estimator.table.items)
    blocks: dict[Any, pd.DataFrame] = {}
    for place, seen in enumerate(estimator.moments):
        model = group_model(estimator.table, theta, place)
        residual = residual_correlations(seen, model.covariance)
        if estimator.table.thresholds:
            np.fill_diagonal(residual, 0.0)
        blocks[seen.label] = pd.DataFrame(residual, names, names)
    return _stacked(blocks, "item")


def _stacked(blocks: dict[Any, pd.DataFrame], name: str) -> pd.DataFrame:
    if len(blocks) == 1:
        return next(iter(blocks.values()))
    stacked: pd.DataFrame = pd.concat(blocks, names=["group", name])
    return stacked
