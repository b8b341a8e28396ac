"""One common factor by maximum likelihood: small enough to be written out and fitted at once.

Reliability asks for this model again and again (every scale, every item left out). Its gradient
and its information have a closed form, so that a fit takes a millisecond. Where no factor is to
be found, the search gives up as quickly. The general engine, for any structure, is in
``structure``; it comes to the same estimates.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.linalg.lapack import dposv, dpotrf, dpotri

from relsurvey.psychometrics.structure.estimators.protocol import Test
from relsurvey.psychometrics.structure.fit_measures import comparative_fit, rmsea, tucker_lewis

__all__ = ["OneFactor", "fit_measures_of", "one_factor"]

Array: TypeAlias = npt.NDArray[np.float64]

STEPS = 150
NEAR = 1e-16  # expected gain of the next step, of the discrepancy
WORTH = 1e-13
MOST_DAMPING = 1e10
LARGEST = 0.95
SINGULAR = 1e-6  # smallest eigenvalue of the information, for standardised items
FARTHEST = 30.0  # a loading or residual variance on its way to infinity
MODERATE = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class OneFactor:
    """The one-factor model of k standardised items.

    Attributes
    ----------
    loadings : ndarray, shape (k,)
        Their sum is not negative.
    residuals : ndarray, shape (k,)
        Residual variances; nothing keeps them above 0.
    discrepancy : float
        Of maximum likelihood, at the estimates.
    """

    loadings: Array
    residuals: Array
    discrepancy: float


def one_factor(correlation: Array) -> OneFactor | None:
    """Fit one factor to a correlation matrix by maximum likelihood.

    Parameters
    ----------
    correlation : ndarray, shape (k, k)
        Positive definite; three items or more.

    Returns
    -------
    OneFactor or None
        The better end of two starts; ``None`` where neither came to an end at which the data
        tell all parameters apart, as when items are uncorrelated.

    References
    ----------
    Jöreskog KG (1967). Some contributions to maximum likelihood factor analysis. Psychometrika
    32(4):443-482. doi 10.1007/BF02289658.

    Examples
    --------
    >>> own = np.array([0.8, 0.6, 0.5, 0.7])
    >>> found = one_factor(np.outer(own, own) + np.diag(1 - own**2))
    >>> found.loadings.round(6).tolist()
    [0.8, 0.6, 0.5, 0.7]
    """
    values, vectors = np.linalg.eigh(correlation)
    component = vectors[:, -1] * math.sqrt(values[-1])
    level = np.where(component < 0, -MODERATE, MODERATE)
    found = [
        end
        for start in (np.clip(component, -LARGEST, LARGEST), level)
        if (end := _search(correlation, start)) is not None
    ]
    return min(found, key=lambda end: end.discrepancy) if found else None


def fit_measures_of(found: OneFactor, correlation: Array, n: int) -> dict[str, float]:
    """Return chi-square, df, CFI, TLI, RMSEA and SRMR of the model for n rows.

    Three items leave no degrees of freedom: nothing is tested, and CFI, TLI and RMSEA are NaN.
    """
    k = len(correlation)
    test = Test(n * max(found.discrepancy, 0.0), k * (k + 1) // 2 - 2 * k)
    baseline = Test(-n * float(np.linalg.slogdet(correlation)[1]), k * (k - 1) // 2)
    implied = np.outer(found.loadings, found.loadings) + np.diag(found.residuals)
    residual = (correlation - implied)[np.tril_indices(k)]
    return {
        "chisq": test.chisq,
        "df": test.df,
        "cfi": comparative_fit(test, baseline),
        "tli": tucker_lewis(test, baseline),
        "rmsea": rmsea(test, n, 1),
        "srmr": float(np.sqrt(np.mean(residual**2))),
    }


def _search(correlation: Array, start: Array) -> OneFactor | None:
    """Go down by scoring steps, damped where they lead up."""
    k = len(correlation)
    theta = np.concatenate([start, 1 - start**2])
    # What a perfect fit would give: the discrepancy is the distance from it.
    own = float(np.linalg.slogdet(correlation)[1]) + k
    here = _inverse(theta)
    value = _discrepancy(here, correlation, own)
    damping = 0.0
    for _ in range(STEPS):
        gradient, information = _slope(here[1], theta[:k], correlation)
        step = _step(gradient, information, damping)
        if step is None or np.abs(theta).max() > FARTHEST:
            return None
        gain = float(-step @ gradient)
        if damping == 0 and gain < NEAR * max(1.0, value):
            return _end(theta, value) if _identified(information) else None
        after = _inverse(theta + step)
        there = _discrepancy(after, correlation, own)
        if there <= value + WORTH:
            theta, value, here = theta + step, there, after
            damping = 0.0 if damping < 1e-3 else damping / 10
        elif damping > MOST_DAMPING:
            return None
        else:
            damping = max(1e-3, 10 * damping)
    return None


def _step(gradient: Array, information: Array, damping: float) -> Array | None:
    if damping:
        information = information + damping * np.diag(np.diag(information))
    _, step, failed = dposv(information, -gradient, lower=1)
    return None if failed else step


def _identified(information: Array) -> bool:
    """Say whether the data tell all parameters apart at the estimates."""
    return float(np.linalg.eigvalsh(information)[0]) > SINGULAR


def _end(theta: Array, value: float) -> OneFactor:
    loadings, residuals = np.split(theta, 2)
    return OneFactor(loadings if loadings.sum() >= 0 else -loadings, residuals, value)


def _inverse(theta: Array) -> tuple[float, Array]:
    """Return the log determinant and the inverse of the implied matrix; infinite where none."""
    loadings, residuals = np.split(theta, 2)
    implied = np.outer(loadings, loadings) + np.diag(residuals)
    factor, failed = dpotrf(implied, lower=1)
    if failed:
        return math.inf, implied
    inverse, _ = dpotri(factor, lower=1)
    lower = inverse * np.tri(len(loadings))
    whole = lower + lower.T
    whole.flat[:: len(loadings) + 1] /= 2
    return 2 * float(np.log(np.diag(factor)).sum()), whole


def _discrepancy(here: tuple[float, Array], correlation: Array, own: float) -> float:
    log_determinant, inverse = here
    if not math.isfinite(log_determinant):
        return math.inf
    return log_determinant + float((inverse * correlation).sum()) - own


def _slope(inverse: Array, loadings: Array, correlation: Array) -> tuple[Array, Array]:
    """Return the gradient of the discrepancy and its expected second derivatives.

    With P the inverse and D_i the derivative of the implied matrix by a parameter: the trace of
    P D_i P D_j, D being e l' + l e' for a loading and e e' for a residual variance.
    """
    residual = inverse - inverse @ correlation @ inverse
    gradient = np.concatenate([2 * residual @ loadings, np.diag(residual)])
    pulled = inverse @ loadings
    of_loadings = 2 * (float(loadings @ pulled) * inverse + np.outer(pulled, pulled))
    crossed = 2 * inverse * pulled
    information = np.block([[of_loadings, crossed], [crossed.T, inverse**2]])
    return gradient, information
