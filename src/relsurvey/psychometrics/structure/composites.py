"""Omega: how much of the variance of a sum of items a factor accounts for."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.psychometrics.structure.estimators.protocol import Estimator
from relsurvey.psychometrics.structure.implied import GroupModel, group_model

__all__ = ["omegas"]

Array: TypeAlias = npt.NDArray[np.float64]


def omegas(estimator: Estimator, theta: Array) -> list[dict[str, float]]:
    """Return omega of every factor in every group.

    Parameters
    ----------
    estimator : Estimator
        The data and the model.
    theta : ndarray, shape (q,)
        Estimates.

    Returns
    -------
    list of dict of str to float
        For a factor of items, the variance that it gives to the sum of its items, over the
        variance of that sum as seen (not as implied). For the general factor of a bifactor
        model that is omega hierarchical; for a group factor it is what the group adds beyond
        the general factor. For a factor of factors it is the share of the variance of the sum
        of all their items (omega hierarchical again). NaN for a single item.

    References
    ----------
    McDonald RP (1999). Test theory: a unified treatment. Erlbaum.
    Zinbarg RE, Revelle W, Yovel I, Li W (2005). Cronbach's alpha, Revelle's beta, and
    McDonald's omega H. Psychometrika 70(1):123-133. doi 10.1007/s11336-003-0974-7.
    """
    own = estimator.omega(theta)
    if own is not None:
        return own
    found = []
    for place, seen in enumerate(estimator.moments):
        model = group_model(estimator.table, theta, place)
        found.append(
            {
                factor: _omega(model, column, seen.covariance)
                for column, factor in enumerate(estimator.table.factors)
            }
        )
    return found


def _omega(model: GroupModel, column: int, covariance: Array) -> float:
    direct = model.loadings[:, column]
    # Of a factor of factors, the loadings are those through the factors below it.
    loadings = direct if direct.any() else model.all_loadings[:, column]
    inside = np.flatnonzero(loadings)
    if len(inside) < 2:
        return math.nan
    shared = float(loadings.sum()) ** 2 * float(model.factor_covariance[column, column])
    return shared / float(covariance[np.ix_(inside, inside)].sum())
