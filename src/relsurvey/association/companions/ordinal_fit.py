"""Cumulative logit by Newton's method, and whether it has an estimate at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit, log_expit, logit

from relsurvey.association.models.likelihood import Floats

__all__ = ["OrdinalFit", "fit_ordinal", "is_separated"]

Codes = npt.NDArray[np.intp]
MOST_STEPS = 60
MOST_HALVINGS = 30
DECREMENT = 1e-14  # twice what the log-likelihood can still rise by
SUSPECT = 8.0  # log odds per standard deviation: hardly ever met without separation
SEPARATED = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class OrdinalFit:
    """A cumulative logit model; K categories, p slopes, q = K - 1 + p parameters.

    Attributes
    ----------
    parameters : numpy.ndarray
        Shape (q,): thresholds, then slopes.
    scores : numpy.ndarray
        Shape (n, q): each row's derivatives of the log-likelihood.
    inverse : numpy.ndarray
        Shape (q, q): of the observed information; NaN where that is singular.
    log_likelihood : float
        At its maximum.
    converged : bool
        Whether the search came to its end.
    """

    parameters: Floats
    scores: Floats
    inverse: Floats
    log_likelihood: float
    converged: bool

    def cluster_covariance(self, clusters: Codes) -> Floats:
        """Return the sandwich covariance of the parameters, times C / (C - 1) for C clusters."""
        influence = self.scores @ self.inverse
        summed = np.stack([np.bincount(clusters, column) for column in influence.T])
        count = summed.shape[1]
        covariance: Floats = summed @ summed.T * (count / (count - 1.0))
        return covariance


def fit_ordinal(codes: Codes, design: Floats) -> OrdinalFit:
    """Maximise the likelihood of logit P(Y <= k) = threshold_k - x'slopes.

    Parameters
    ----------
    codes : numpy.ndarray of int
        Shape (n,): categories from 0, each of them met.
    design : numpy.ndarray
        Shape (n, p): columns of mean 0 and standard deviation near 1, without a constant.

    Returns
    -------
    OrdinalFit
        Where the outcome is separated there is no maximum, and ``converged`` is False or the
        slopes are very large: see ``is_separated``.

    References
    ----------
    McCullagh, P. (1980). Regression models for ordinal data. Journal of the Royal Statistical
    Society B, 42(2), 109-142.
    """
    top = int(codes.max())
    below = np.cumsum(np.bincount(codes))[:-1] / len(codes)
    point = np.concatenate([logit(below), np.zeros(design.shape[1])])
    value, scores, hessian = _derivatives(point, codes, design, top)
    for _ in range(MOST_STEPS):
        gradient = scores.sum(axis=0)
        try:
            step = np.linalg.solve(-hessian, gradient)
        except np.linalg.LinAlgError:
            break
        if gradient @ step <= DECREMENT:
            inverse = np.linalg.inv(-hessian).astype(np.float64)
            return OrdinalFit(point, scores, inverse, value, converged=True)
        for _ in range(MOST_HALVINGS):
            trial = _derivatives(point + step, codes, design, top)
            # Near the maximum rounding alone can make a good step look like a loss.
            if trial[0] >= value - 1e-12 * abs(value):
                break
            step = step / 2.0
        point = point + step
        value, scores, hessian = trial
    missing = np.full_like(hessian, np.nan)
    return OrdinalFit(point, scores, missing, value, converged=False)


def _derivatives(
    point: Floats, codes: Codes, design: Floats, top: int
) -> tuple[float, Floats, Floats]:
    """Return the log-likelihood, each row's gradient, and the Hessian.

    With a and b the thresholds above and below a row's category, less its x'slopes, its
    probability is F(a) - F(b) = F(a) F(-b) (1 - exp(b - a)): no difference of near numbers.
    """
    edges = np.concatenate([[-np.inf], point[:top], [np.inf]])
    if not (np.diff(edges) > 0).all():
        q = len(point)
        return -np.inf, np.zeros((len(codes), q)), -np.eye(q)
    along = design @ point[top:]
    above, under = edges[codes + 1] - along, edges[codes] - along
    gap = edges[codes + 1] - edges[codes]
    with np.errstate(over="ignore"):
        steep = 1.0 / np.expm1(gap)
        value = float((log_expit(above) + log_expit(-under) + np.log(-np.expm1(-gap))).sum())
    bend = steep / -np.expm1(-gap)
    of_above, of_under = expit(-above) + steep, -expit(under) - steep
    above_2, under_2 = -expit(above) * expit(-above) - bend, -expit(under) * expit(-under) - bend
    here = codes[:, None] == np.arange(top)
    next_up = codes[:, None] == np.arange(1, top + 1)
    scores = np.column_stack(
        [here * of_above[:, None] + next_up * of_under[:, None],
         -(of_above + of_under)[:, None] * design]
    )  # fmt: skip
    thresholds = np.diag(above_2 @ here + under_2 @ next_up)
    between = (bend @ here)[1:]  # a row of category k bears on thresholds k and k - 1
    thresholds += np.diag(between, 1) + np.diag(between, -1)
    cross = -(here * (above_2 + bend)[:, None] + next_up * (under_2 + bend)[:, None]).T @ design
    slopes = (design * (above_2 + 2.0 * bend + under_2)[:, None]).T @ design
    return value, scores, np.block([[thresholds, cross], [cross.T, slopes]])


def is_separated(fit: OrdinalFit, codes: Codes, design: Floats) -> bool:
    """Whether the data are separated, so that the likelihood has no maximum.

    They are where the parameters can move without end in a direction along which no row's answer
    becomes less likely and some become likelier; a linear programme finds it. It is solved only
    where the search did not come to its end, or came to slopes that hardly occur otherwise.

    Parameters
    ----------
    fit : OrdinalFit
        What the search came to.
    codes, design : numpy.ndarray
        As in ``fit_ordinal``.

    References
    ----------
    Albert, A., & Anderson, J. A. (1984). On the existence of maximum likelihood estimates in
    logistic regression models. Biometrika, 71(1), 1-10.
    Konis, K. (2007). Linear programming algorithms for detecting separated data in binary
    logistic regression models. DPhil thesis, University of Oxford.
    """
    top = int(codes.max())
    if fit.converged and np.abs(fit.parameters[top:]).max(initial=0.0) < SUSPECT:
        return False
    from scipy.optimize import linprog

    rows = np.unique(np.column_stack([codes.astype(float), design]), axis=0)
    codes, design = rows[:, 0].astype(np.intp), rows[:, 1:]
    unit = np.eye(top)
    raised, lowered = codes < top, codes > 0
    limits = np.vstack([
        np.column_stack([-unit[codes[raised]], design[raised]]),
        np.column_stack([unit[codes[lowered] - 1], -design[lowered]]),
    ])  # fmt: skip
    found = linprog(limits.sum(axis=0), A_ub=limits, b_ub=np.zeros(len(limits)), bounds=(-1.0, 1.0))
    risen = -float(found.fun) if found.status == 0 and found.fun is not None else 0.0
    return risen > SEPARATED * len(limits)
