"""From an estimator to a result: identified, estimated, and everything that follows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from relsurvey.psychometrics.structure.composites import omegas
from relsurvey.psychometrics.structure.estimators import Estimator
from relsurvey.psychometrics.structure.fit_measures import FIT_NAMES, fit_measures
from relsurvey.psychometrics.structure.identification import require_identified
from relsurvey.psychometrics.structure.orientation import oriented
from relsurvey.psychometrics.structure.post_checks import estimate_checks
from relsurvey.psychometrics.structure.result import CfaResult, no_fit
from relsurvey.psychometrics.structure.search import Found, minimise
from relsurvey.psychometrics.structure.tables import (
    factor_correlations,
    item_residuals,
    parameter_frames,
)
from relsurvey.psychometrics.structure.vanishing import filled, without

__all__ = ["fit_estimator", "solve"]


def solve(estimator: Estimator) -> Found:
    """Find the estimates: identified, best of several starts, each factor the right way round.

    Raises
    ------
    ModelError
        Where the model is not identified.
    """
    require_identified(estimator)
    found = minimise(estimator)
    theta = oriented(estimator.table, found.theta)
    if (theta == found.theta).all():
        return found
    return replace(found, theta=theta, information=estimator.objective(theta).information)


def fit_estimator(estimator: Estimator, *, equal: tuple[str, ...] = ()) -> CfaResult:
    """Fit what an estimator holds, and put the result together.

    Parameters
    ----------
    estimator : Estimator
        The data and the model.
    equal : tuple of str
        What was held equal, to be reported.

    Returns
    -------
    CfaResult
    """
    found = solve(estimator)
    table, theta = estimator.table, found.theta
    # What is at the boundary has no error, and the errors of the rest are those without it.
    gone = np.array(found.vanished, dtype=np.intp)
    free = estimator.with_table(without(table, gone)) if len(gone) else estimator
    inside = np.delete(theta, gone)
    covariance = filled(free.covariance(inside), gone, np.nan)
    if found.converged:
        fit = fit_measures(estimator, theta)
    else:
        covariance = np.full_like(covariance, np.nan)
        fit = no_fit(FIT_NAMES, estimator.test(theta).df, table.n_free)
    parameters, loadings = parameter_frames(table, theta, covariance)
    groups = table.groups if len(table.groups) > 1 else ()
    omega = omegas(estimator, theta)
    checks = estimate_checks(estimator, found)
    return CfaResult(
        model=table.structure.name,
        estimator=estimator.name,
        groups=groups,
        equal=equal,
        n=estimator.n,
        n_total=estimator.n_total,
        group_n=tuple(seen.n for seen in estimator.moments) if groups else (),
        items=table.items,
        factors=table.factors,
        converged=found.converged,
        fit=fit,
        parameters=parameters,
        loadings=loadings,
        factor_correlations=factor_correlations(estimator, theta),
        omega=dict(zip(groups, omega, strict=True)) if groups else omega[0],
        residuals=item_residuals(estimator, theta),
        improper=checks.improper,
        notes=checks.notes,
        _estimator=free,
        _theta=inside,
    )
