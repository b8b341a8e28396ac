"""Regression of an outcome that cannot go above a value, with errors that allow for clusters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import log_ndtr

from relsurvey.errors import ModelError

__all__ = ["CensoredFit", "fit_censored"]

Floats = npt.NDArray[np.float64]
MOST_STEPS = 100
NEGLIGIBLE = 1e-12  # half the squared Newton decrement, in units of the log-likelihood
LOG_ROOT_TWO_PI = 0.5 * float(np.log(2.0 * np.pi))


@dataclass(frozen=True, slots=True, eq=False)
class CensoredFit:
    """Coefficients of the uncensored outcome, and their cluster-robust covariance.

    Attributes
    ----------
    effects : numpy.ndarray
        Shape (p,): in units of the outcome.
    covariance : numpy.ndarray
        Shape (p, p).
    sigma : float
        Standard deviation of the residuals.
    n_clusters : int
        Clusters.
    """

    effects: Floats
    covariance: Floats
    sigma: float
    n_clusters: int


def fit_censored(
    y: Floats, design: Floats, top: float, clusters: npt.NDArray[np.intp]
) -> CensoredFit:
    """Fit a normal regression, censored from above, by maximum likelihood.

    Parameters
    ----------
    y : numpy.ndarray
        Shape (rows,): the outcome; ``top`` and more count as "at least top".
    design : numpy.ndarray
        Shape (rows, p), with the intercept.
    top : float
        The highest value there can be.
    clusters : numpy.ndarray of int
        Shape (rows,): codes from 0 of what the errors are clustered by.

    Returns
    -------
    CensoredFit
        The covariance is the sandwich of scores summed by cluster, times C / (C - 1).

    Raises
    ------
    ModelError
        Where no answer or every answer is at the top, or the search does not end.

    Notes
    -----
    In terms of effects / sigma and 1 / sigma the log-likelihood is concave (Olsen, 1978), so
    Newton's steps, halved where they overshoot, find its one maximum.

    References
    ----------
    Olsen, R. J. (1978). Note on the uniqueness of the maximum likelihood estimator for the Tobit
    model. Econometrica, 46(5), 1211-1215.
    Tobin, J. (1958). Estimation of relationships for limited dependent variables. Econometrica,
    26(1), 24-36.

    Examples
    --------
    >>> x = np.arange(12.0)
    >>> y = np.minimum(1.0 + 0.5 * x + np.tile([0.4, -0.4, 0.1], 4), 5.0)
    >>> design = np.column_stack([np.ones(12), x])
    >>> fit = fit_censored(y, design, 5.0, np.arange(12) // 3)
    >>> fit.effects.round(2).tolist(), fit.n_clusters
    ([1.05, 0.5], 4)
    """
    free = y < top
    if not free.any() or free.all():
        which = "Every" if not free.any() else "No"
        raise ModelError(f"{which} answer is at the top: nothing to be learnt of censoring.")
    unit = float(y.std())
    values = (np.where(free, y, top) - top) / unit
    signed = np.column_stack([-design, values])  # times (effects / sigma, 1 / sigma): residual
    parameters = _start(design, values)
    height = _log_likelihood(signed, parameters, free)
    for _ in range(MOST_STEPS):
        slopes, bend = _derivatives(signed, parameters, free)
        step = np.linalg.solve(bend, slopes.sum(axis=0))
        decrement = float(slopes.sum(axis=0) @ step)
        if decrement < 2 * NEGLIGIBLE:
            return _in_units(parameters, slopes, bend, clusters, (unit, top))
        share = 1.0
        while share > NEGLIGIBLE:
            tried = parameters + share * step
            reached = _log_likelihood(signed, tried, free)
            if tried[-1] > 0 and reached >= height:
                parameters, height = tried, reached
                break
            share /= 2.0
        else:
            # No step goes higher any more: rounding.
            return _in_units(parameters, slopes, bend, clusters, (unit, top))
    raise ModelError("The search for the censored regression did not come to its end.")


def _start(design: Floats, values: Floats) -> Floats:
    effects, *_ = np.linalg.lstsq(design, values, rcond=None)
    precision = 1.0 / float(np.std(values - design @ effects))
    return np.array([*(effects * precision), precision])


def _log_likelihood(signed: Floats, parameters: Floats, free: npt.NDArray[np.bool_]) -> float:
    if parameters[-1] <= 0:
        return -np.inf
    residual = signed @ parameters
    at_top = log_ndtr(-residual[~free]).sum()
    below = (np.log(parameters[-1]) - LOG_ROOT_TWO_PI - 0.5 * residual[free] ** 2).sum()
    return float(at_top + below)


def _derivatives(
    signed: Floats, parameters: Floats, free: npt.NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Return the score of each row, (rows, p + 1), and minus the second derivatives."""
    residual = signed @ parameters
    # The hazard phi(r) / Phi(-r), from logarithms, so that it holds far in the tail.
    hazard = np.exp(-0.5 * residual**2 - LOG_ROOT_TWO_PI - log_ndtr(-residual))
    pull = np.where(free, residual, hazard)
    weight = np.where(free, 1.0, hazard * (hazard - residual))
    slopes = -signed * pull[:, None]
    precision = parameters[-1]
    slopes[free, -1] += 1.0 / precision
    bend = (signed * weight[:, None]).T @ signed
    bend[-1, -1] += free.sum() / precision**2
    return slopes, bend


def _in_units(
    parameters: Floats,
    slopes: Floats,
    bend: Floats,
    clusters: npt.NDArray[np.intp],
    scale: tuple[float, float],
) -> CensoredFit:
    """Turn scaled parameters into effects, by the delta method for their covariance."""
    unit, top = scale
    n_clusters = int(clusters.max()) + 1
    by_cluster = np.zeros((n_clusters, slopes.shape[1]))
    np.add.at(by_cluster, clusters, slopes)
    bread = np.linalg.inv(bend)
    covariance = bread @ (by_cluster.T @ by_cluster) @ bread * n_clusters / (n_clusters - 1)
    sigma = 1.0 / parameters[-1]
    effects = parameters[:-1] * sigma
    turned = np.column_stack([np.eye(len(effects)) * sigma, -effects * sigma])
    own = unit * effects
    own[0] += top
    return CensoredFit(own, unit**2 * (turned @ covariance @ turned.T), unit * sigma, n_clusters)
