"""Which way round a factor is: turned so that most of what it loads on rises with it.

A factor and its mirror image fit alike. Where nothing in the model says which one is meant, the
one whose standardised loadings have a positive sum is taken.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.psychometrics.structure.implied import group_model
from relsurvey.psychometrics.structure.parameters import Parameter, ParameterTable

__all__ = ["oriented"]

Array: TypeAlias = npt.NDArray[np.float64]


def oriented(table: ParameterTable, theta: Array) -> Array:
    """Turn the factors that are the wrong way round.

    Parameters
    ----------
    table : ParameterTable
        The model.
    theta : ndarray, shape (q,)
        Estimates.

    Returns
    -------
    ndarray, shape (q,)
        With the same fit. A factor stays as it is where turning it would break a fixed value
        or an equality.
    """
    groups = range(len(table.groups))
    for factor in range(len(table.factors)):
        # All groups at once where loadings are equal; each on its own where they are not.
        for turned in [[group] for group in groups] if len(groups) > 1 else []:
            theta = _turned(table, theta, factor, turned)
        theta = _turned(table, theta, factor, list(groups))
    return theta


def _turned(table: ParameterTable, theta: Array, factor: int, groups: list[int]) -> Array:
    if sum(_direction(table, theta, factor, group) for group in groups) >= 0:
        return theta
    signs = np.zeros(len(theta))
    for row in table.rows:
        sign = _sign(row, factor) if row.group in groups else 1.0
        if not row.free:
            if sign < 0 and row.value != 0:
                return theta
        elif signs[row.index] not in (0.0, sign):
            return theta
        else:
            signs[row.index] = sign
    turned: Array = theta * signs
    return turned


def _sign(row: Parameter, factor: int) -> float:
    """Return by what a cell is multiplied when the factor is turned."""
    if row.matrix == "lambda":
        turned = row.column == factor
    elif row.matrix == "alpha":
        turned = row.row == factor
    elif row.matrix in ("psi", "beta"):
        turned = (row.row == factor) != (row.column == factor)
    else:
        turned = False
    return -1.0 if turned else 1.0


def _direction(table: ParameterTable, theta: Array, factor: int, group: int) -> float:
    """Return the sum of the loadings on a factor, each in standard deviations of what loads."""
    model = group_model(table, theta, group)
    sizes = np.sqrt(np.abs(np.diag(model.covariance)))
    loadings = model.loadings[:, factor] / np.where(sizes > 0, sizes, 1.0)
    spread = np.sqrt(np.abs(np.diag(model.factor_covariance)))
    effects = model.effects[:, factor] / np.where(spread > 0, spread, 1.0)
    # Rounding must not turn a factor whose loadings cancel out.
    total = float(loadings.sum() + effects.sum())
    return total if abs(total) > 1e-9 else 0.0
