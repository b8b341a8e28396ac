"""Whether estimates are possible values: no negative variance, no correlation beyond 1."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.psychometrics.structure.estimators.protocol import Estimator
from relsurvey.psychometrics.structure.implied import GroupModel, group_model
from relsurvey.psychometrics.structure.table import ParameterTable

__all__ = ["BELOW", "admissible", "residual_variances"]

Array: TypeAlias = npt.NDArray[np.float64]

# A variance this far below zero, as a share of the whole, is more than rounding.
BELOW = 1e-8


def residual_variances(table: ParameterTable, model: GroupModel) -> Array:
    """Return what the factors leave of each item, shape (p,).

    For ordinal items it is what they leave of the variance of the answer behind the categories.
    """
    residual = np.diag(model.theta).copy()
    ordinal = [i for i, item in enumerate(table.items) if item in table.thresholds]
    explained = np.diag(model.covariance) - residual
    residual[ordinal] = model.delta[ordinal] ** -2.0 - explained[ordinal]
    return residual


def admissible(estimator: Estimator, theta: Array) -> bool:
    """Whether no residual variance is negative and the factors have a possible covariance."""
    for place, seen in enumerate(estimator.moments):
        model = group_model(estimator.table, theta, place)
        low = residual_variances(estimator.table, model) < -BELOW * np.diag(seen.covariance)
        if low.any() or np.linalg.eigvalsh(model.factor_covariance)[0] < -BELOW:
            return False
    return True
