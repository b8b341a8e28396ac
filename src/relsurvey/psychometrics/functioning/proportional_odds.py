"""The proportional-odds model of an ordinal answer, fitted to counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["OrdinalFit", "fit_proportional_odds", "intercepts_only"]

Array: TypeAlias = npt.NDArray[np.float64]

MOST_STEPS = 60
MOST_HALVINGS = 30
# Of the log-likelihood: what a further Newton step would gain.
GAIN_LEFT = 1e-12
# A standard error this large, with predictors of unit size, belongs to an estimate that runs off
# to infinity: nothing in the data holds it.
ENDLESS = 1e3


@dataclass(frozen=True, slots=True)
class OrdinalFit:
    """Maximum-likelihood estimates of a proportional-odds model with m answers, p predictors.

    Attributes
    ----------
    log_likelihood : float
        NaN where the estimates do not exist.
    coefficients, std_errors : ndarray, shape (p,)
        Log odds of a higher answer per unit of the predictor; NaN where they do not exist.
    problem : str
        Why there are no estimates; empty where there are.
    """

    log_likelihood: float
    coefficients: Array
    std_errors: Array
    problem: str = ""


def fit_proportional_odds(counts: Array, design: Array) -> OrdinalFit:
    """Fit ``logit P(answer <= k) = threshold_k - x'b`` to counted answers, by Newton's method.

    Parameters
    ----------
    counts : ndarray, shape (c, m)
        How often each of m >= 2 answers, in order, was given at each of c combinations of the
        predictors. Every answer was given by somebody.
    design : ndarray, shape (c, p)
        The predictors, without an intercept, of about unit size.

    Returns
    -------
    OrdinalFit
        With ``problem`` set where a predictor follows from the others, or where the answers are
        told apart perfectly, so that an estimate is infinite.

    Notes
    -----
    With ``u`` and ``v`` the upper and the lower threshold of an answer less ``x'b``, and F the
    logistic function, ``F(u) - F(v) = F(u) (1 - F(v)) (1 - exp(v - u))``. The log-likelihood is
    thus a sum of terms of binary logistic regressions and of terms in the distances of the
    thresholds, each of them concave, and none loses digits in the tails. Newton's method with
    halved steps finds the one maximum where there is one.

    References
    ----------
    McCullagh P (1980). Journal of the Royal Statistical Society B 42(2):109-142.
    doi 10.1111/j.2517-6161.1980.tb01109.x.
    Pratt JW (1981). Journal of the American Statistical Association 76(373):103-106.
    doi 10.1080/01621459.1981.10477613.

    Examples
    --------
    >>> counts = np.array([[30.0, 10.0], [10.0, 30.0]])  # two answers: logistic regression
    >>> fit = fit_proportional_odds(counts, np.array([[0.0], [1.0]]))
    >>> round(float(fit.coefficients[0]), 6), round(float(np.log(9)), 6)
    (2.197225, 2.197225)
    """
    n_predictors = design.shape[1]
    if np.linalg.matrix_rank(_centred(design, counts)) < n_predictors:
        return _nothing(n_predictors, "a predictor follows from the others")
    point = np.concatenate([_marginal_thresholds(counts), np.zeros(n_predictors)])
    value = _log_likelihood(point, counts, design)
    for _ in range(MOST_STEPS):
        gradient, information = _derivatives(point, counts, design)
        try:
            step: Array = np.asarray(np.linalg.solve(information, gradient), dtype=np.float64)
        except np.linalg.LinAlgError:
            return _nothing(n_predictors, "separation")
        gain = float(gradient @ step)
        if gain <= GAIN_LEFT:
            # The last step gains nothing in the likelihood, and digits in the estimates.
            return _finished(point + step, value, information, n_predictors)
        point, better = _improved(point, step, value, counts, design)
        if better <= value:
            # Rounding allows no further gain.
            return _finished(point, value, information, n_predictors)
        value = better
    return _nothing(n_predictors, "separation")


def intercepts_only(counts: Array) -> float:
    """Return the log-likelihood of the model without predictors."""
    totals = counts.sum(axis=0)
    return float(totals @ np.log(totals / totals.sum()))


def _finished(point: Array, value: float, information: Array, n_predictors: int) -> OrdinalFit:
    try:
        variances = np.diag(np.linalg.inv(information))
    except np.linalg.LinAlgError:
        return _nothing(n_predictors, "separation")
    if not np.all(variances > 0) or variances.max() > ENDLESS**2:
        return _nothing(n_predictors, "separation")
    errors = np.sqrt(variances)
    start = len(point) - n_predictors
    return OrdinalFit(value, point[start:], errors[start:])


def _nothing(n_predictors: int, problem: str) -> OrdinalFit:
    no = np.full(n_predictors, np.nan)
    return OrdinalFit(float("nan"), no, no, problem)


def _centred(design: Array, counts: Array) -> Array:
    weights = counts.sum(axis=1)
    centred: Array = design - weights @ design / weights.sum()
    return centred


def _marginal_thresholds(counts: Array) -> Array:
    below = np.cumsum(counts.sum(axis=0))
    share = below[:-1] / below[-1]
    thresholds: Array = np.log(share / (1 - share))
    return thresholds


def _improved(
    point: Array, step: Array, value: float, counts: Array, design: Array
) -> tuple[Array, float]:
    """Go along the step, half as far each time the likelihood does not rise."""
    length = 1.0
    for _ in range(MOST_HALVINGS):
        trial = point + length * step
        found = _log_likelihood(trial, counts, design)
        if found > value:
            return trial, found
        length /= 2
    return point, value


def _log_likelihood(point: Array, counts: Array, design: Array) -> float:
    thresholds, slopes = _split(point, counts)
    gaps = np.diff(thresholds)
    if np.any(gaps <= 0):
        return -np.inf
    place = thresholds - (design @ slopes)[:, None]
    upper = -np.logaddexp(0.0, -place)  # log F
    lower = -np.logaddexp(0.0, place)  # log (1 - F)
    between = counts.sum(axis=0)[1:-1] @ np.log(-np.expm1(-gaps))
    return float((counts[:, :-1] * upper).sum() + (counts[:, 1:] * lower).sum() + between)


def _derivatives(point: Array, counts: Array, design: Array) -> tuple[Array, Array]:
    """Return the gradient and the observed information, both exact."""
    thresholds, slopes = _split(point, counts)
    gaps = np.diff(thresholds)
    inner = counts.sum(axis=0)[1:-1]
    place = thresholds - (design @ slopes)[:, None]
    share = 0.5 * (1 + np.tanh(place / 2))  # F, without overflow
    pull = counts[:, :-1] * (1 - share) - counts[:, 1:] * share
    weight = (counts[:, :-1] + counts[:, 1:]) * share * (1 - share)
    spread = inner / np.expm1(gaps)
    curve = inner / (4 * np.sinh(gaps / 2) ** 2)
    gradient_at = pull.sum(axis=0)
    gradient_at[1:] += spread
    gradient_at[:-1] -= spread
    gradient = np.concatenate([gradient_at, -design.T @ pull.sum(axis=1)])
    block = np.diag(weight.sum(axis=0))
    at = np.arange(len(gaps))
    block[at, at] += curve
    block[at + 1, at + 1] += curve
    block[at, at + 1] -= curve
    block[at + 1, at] -= curve
    cross = -weight.T @ design
    slope_block = design.T @ (weight.sum(axis=1)[:, None] * design)
    return gradient, np.block([[block, cross], [cross.T, slope_block]])


def _split(point: Array, counts: Array) -> tuple[Array, Array]:
    last = counts.shape[1] - 1
    return point[:last], point[last:]
