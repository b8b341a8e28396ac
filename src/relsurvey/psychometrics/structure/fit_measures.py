"""How well a model fits: chi-square, and indices against the saturated and the baseline model."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc

from relsurvey.psychometrics import fit_indices as indices
from relsurvey.psychometrics.structure.estimators.protocol import Estimator, SampleMoments, Test
from relsurvey.psychometrics.structure.implied import group_model

__all__ = [
    "FIT_NAMES",
    "SCALED_NAMES",
    "comparative_fit",
    "fit_measures",
    "residual_correlations",
    "rmsea",
    "rmsea_limits",
    "standardised_residual",
    "tucker_lewis",
]

Array: TypeAlias = npt.NDArray[np.float64]

FIT_NAMES = (
    "chisq",
    "df",
    "p_value",
    "cfi",
    "tli",
    "rmsea",
    "rmsea_low",
    "rmsea_high",
    "srmr",
    "aic",
    "bic",
    "log_likelihood",
    "n_parameters",
)
# What an estimator with a scaled test has in a scaled form as well.
SCALED_NAMES = tuple(f"{name}_scaled" for name in FIT_NAMES[:8])


def fit_measures(estimator: Estimator, theta: Array) -> dict[str, float]:
    """Return the fit of a model at its estimates.

    Parameters
    ----------
    estimator : Estimator
        The data and the model.
    theta : ndarray, shape (q,)
        Estimates.

    Returns
    -------
    dict of str to float
        ``FIT_NAMES``, and what the estimator adds. Without degrees of freedom nothing was
        tested: p, CFI, TLI and RMSEA are NaN.

    References
    ----------
    Bentler PM (1990). Comparative fit indexes in structural models. Psychological Bulletin
    107(2):238-246. doi 10.1037/0033-2909.107.2.238.
    Tucker LR, Lewis C (1973). A reliability coefficient for maximum likelihood factor
    analysis. Psychometrika 38(1):1-10. doi 10.1007/BF02291170.
    Steiger JH (1998). A note on multiple sample extensions of the RMSEA fit index. Structural
    Equation Modeling 5(4):411-419. doi 10.1080/10705519809540115.
    Browne MW, Cudeck R (1992). Alternative ways of assessing model fit. Sociological Methods &
    Research 21(2):230-258. doi 10.1177/0049124192021002005.
    """
    test, baseline = estimator.test(theta), estimator.baseline()
    groups, n = len(estimator.moments), estimator.n
    low, high = rmsea_limits(test, n, groups)
    likelihood = estimator.log_likelihood(theta)
    q = estimator.table.n_free
    fit: dict[str, float] = {
        "chisq": test.chisq,
        "df": test.df,
        "p_value": float(chdtrc(test.df, max(test.chisq, 0.0))) if test.df > 0 else math.nan,
        "cfi": comparative_fit(test, baseline),
        "tli": tucker_lewis(test, baseline),
        "rmsea": rmsea(test, n, groups),
        "rmsea_low": low,
        "rmsea_high": high,
        "srmr": standardised_residual(estimator, theta),
        "aic": -2 * likelihood + 2 * q,
        "bic": -2 * likelihood + q * math.log(n),
        "log_likelihood": likelihood,
        "n_parameters": q,
    }
    return {**fit, **test.scaled, **estimator.more_fit(theta, dict(fit))}


def comparative_fit(test: Test, baseline: Test) -> float:
    """Return CFI of a test; see ``fit_indices``."""
    return indices.comparative_fit(test.chisq, test.df, baseline.chisq, baseline.df)


def tucker_lewis(test: Test, baseline: Test) -> float:
    """Return TLI of a test; see ``fit_indices``."""
    return indices.tucker_lewis(test.chisq, test.df, baseline.chisq, baseline.df)


def rmsea(test: Test, n: int, groups: int) -> float:
    """Return RMSEA of a test, with the root of the groups as in Steiger (1998)."""
    return indices.rmsea(test.chisq, test.df, n / groups)


def rmsea_limits(test: Test, n: int, groups: int) -> tuple[float, float]:
    """Return the limits of the 90 % interval of RMSEA of a test."""
    return indices.rmsea_limits(test.chisq, test.df, n / groups)


def standardised_residual(estimator: Estimator, theta: Array) -> float:
    """Return SRMR: the root mean square of residual correlations (and standardised means)."""
    total = 0.0
    table = estimator.table
    for place, seen in enumerate(estimator.moments):
        model = group_model(table, theta, place)
        residual = residual_correlations(seen, model.covariance)
        if table.thresholds:
            np.fill_diagonal(residual, 0.0)
        squares = list(residual[np.tril_indices(len(residual))] ** 2)
        if table.means and not table.thresholds:
            squares += list((seen.mean - model.mean) ** 2 / np.diag(seen.covariance))
        total += seen.n * math.sqrt(float(np.mean(squares)))
    return total / estimator.n


def residual_correlations(seen: SampleMoments, covariance: Array) -> Array:
    """Return covariances as seen less as implied, over the standard deviations as seen."""
    deviations = np.sqrt(np.diag(seen.covariance))
    found: Array = (seen.covariance - covariance) / np.outer(deviations, deviations)
    return found
