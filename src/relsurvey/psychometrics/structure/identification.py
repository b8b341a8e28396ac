"""Whether the parameters of a model can be told apart at all, and which cannot."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.errors import ModelError
from relsurvey.psychometrics.structure.estimators.protocol import SINGULAR, Estimator
from relsurvey.psychometrics.structure.parameters import ParameterTable
from relsurvey.psychometrics.structure.starts import generic_values

__all__ = ["entangled", "require_identified"]

Array: TypeAlias = npt.NDArray[np.float64]

SHARE = 0.05  # of the largest weight, from which a parameter counts as part of the tangle


def require_identified(estimator: Estimator) -> None:
    """Refuse a model whose parameters no data of this kind could tell apart.

    The information is taken at values of no particular kind: where it is singular there, it is
    singular nearly everywhere (Bekker & Wansbeek), and the fault is the model's. Where it is
    singular at the estimates only, it is these data's, and the result says so.

    Raises
    ------
    ModelError
        With the parameters concerned, and why where that can be seen.

    References
    ----------
    Bekker PA, Wansbeek T (2001). Identification in parametric models. In: A companion to
    theoretical econometrics, 144-161. Blackwell.
    """
    table = estimator.table
    if not table.n_free:
        raise ModelError("The model has no free parameter.", hint="Free some of them with NA*.")
    somewhere = generic_values(estimator)
    spare = estimator.test(somewhere).df
    names = entangled(table, estimator.objective(somewhere).information)
    if spare >= 0 and not names:
        return
    reasons = _reasons(table)
    counts = (
        f" It has {table.n_free} parameters, {-spare} more than there are "
        f"{'means and ' if table.means else ''}covariances to tell them from."
        if spare < 0
        else ""
    )
    raise ModelError(
        f"The model is not identified.{counts}"
        + (f" {' '.join(reasons)}" if reasons else "")
        + (" These parameters cannot be told apart:" if names else ""),
        hint="Give every factor three items or more, or fix or equate parameters in the text of "
        "the model: a*q1 + a*q2 for equal loadings, q1 ~~ 0*q1 for a residual variance of 0.",
        failures=[{"parameter": name} for name in names],
    )


def entangled(table: ParameterTable, information: Array) -> list[str]:
    """Return the parameters whose information is singular, named; none where it is not.

    Parameters
    ----------
    table : ParameterTable
        The model.
    information : ndarray, shape (q, q)
        At some values.
    """
    sizes = np.diag(information)
    if not np.isfinite(information).all():
        return []
    without = np.flatnonzero(sizes <= 0)
    if len(without):
        return [table.spoken(int(index)) for index in without]
    scale = np.sqrt(sizes)
    values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    null = np.abs(vectors[:, values <= SINGULAR])
    if not null.shape[1]:
        return []
    weights = null.max(axis=1)
    among = np.flatnonzero(weights > SHARE * weights.max())
    return [table.spoken(int(index)) for index in among]


def _reasons(table: ParameterTable) -> list[str]:
    """Say of factors with one or two items why they are not enough."""
    structure = table.structure
    reasons = []
    for factor in structure.factors:
        parts = [*structure.items_of(factor), *structure.parts_of(factor)]
        alone = not any(
            factor in (cell.row, cell.column) and cell.row != cell.column and cell.value != 0
            for cell in (*structure.of("psi"), *structure.of("beta"))
        )
        if len(parts) == 1:
            reasons.append(
                f"{factor} has one item, {parts[0]}: what it shares with the factor and what it "
                "has of its own cannot be told apart."
            )
        elif len(parts) == 2 and alone:
            reasons.append(
                f"{factor} has two items, {' and '.join(parts)}, and no correlated factor: one "
                "covariance cannot give two loadings."
            )
        elif len(parts) == 2 and structure.parts_of(factor):
            reasons.append(
                f"{factor} is made of two factors: one covariance cannot give two loadings."
            )
    return reasons
