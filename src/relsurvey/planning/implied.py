"""Population values of the scores, worked out from the parameters instead of drawn.

Two answers are cut from a bivariate normal pair with correlation r. Mehler's expansion writes
their covariance as a power series in r, with the Hermite coefficients of each cut variable as
weights; so all covariances of all items come from one matrix product a term.

References
----------
Mehler FG (1866). Journal fuer die reine und angewandte Mathematik 66:161-176.
Olsson U, Drasgow F, Dorans NJ (1982). The polyserial correlation coefficient.
Psychometrika 47(3):337-347.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from relsurvey.instruments import Instrument
from relsurvey.planning.items import ItemParameters

__all__ = ["Side", "answer_covariance", "implied_values", "item_moments", "scale_weights"]

Real = npt.NDArray[np.float64]

# The series is cut where r^m falls below this; the terms after it add less than it.
SMALLEST_TERM = 1e-10
MOST_TERMS = 4_000


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two questionnaires: its definition, its items, its general share.

    Attributes
    ----------
    instrument : Instrument
        The definition.
    items : ItemParameters
        What its items are drawn from.
    general_share : float
        Share of a domain's variance that is general; 1 where there is a single domain.
    """

    instrument: Instrument
    items: ItemParameters
    general_share: float


def implied_values(
    workers: Side, service_users: Side, *, correlation: float, icc: float
) -> dict[str, Any]:
    """Work out what the scores of an endless study without holes would come to.

    Parameters
    ----------
    workers, service_users : Side
        The two questionnaires.
    correlation : float
        Between a worker's reflective capacity and mean experience.
    icc : float
        Of the general experience.

    Returns
    -------
    dict
        ``workers`` and ``service_users``: by scale, ``mean``, ``sd``, ``alpha`` and, for
        service users, ``icc``; ``slope``: by worker scale and service-user scale, the change
        in the expected service-user score for one point of the worker score; ``correlation``:
        the same two, between the worker's score and the mean of endlessly many service users.
        NaN where it is not defined (alpha of one item).
    """
    between, across = _covariances_of_general_parts(workers, service_users, correlation, icc)
    w_weights = scale_weights(workers.instrument)
    u_weights = scale_weights(service_users.instrument)
    w_scores = _scales(workers, w_weights, None)
    u_scores = _scales(service_users, u_weights, between)
    slope: dict[str, dict[str, float]] = {name: {} for name in w_weights}
    worker_level: dict[str, dict[str, float]] = {name: {} for name in w_weights}
    for (predictor, w), (outcome, u) in product(w_weights.items(), u_weights.items()):
        covariance, x, y = float(w @ across @ u), w_scores[predictor], u_scores[outcome]
        true_sd = y["sd"] * math.sqrt(y["icc"])
        slope[predictor][outcome] = _ratio(covariance, x["sd"] ** 2)
        worker_level[predictor][outcome] = _ratio(covariance, x["sd"] * true_sd)
    return {
        "workers": w_scores,
        "service_users": u_scores,
        "slope": slope,
        "correlation": worker_level,
    }


def _covariances_of_general_parts(
    workers: Side, service_users: Side, correlation: float, icc: float
) -> tuple[Real, Real]:
    """Return answers' covariances of two service users of a worker, and of worker and user."""
    w, u = workers.items, service_users.items
    of_two = icc * service_users.general_share
    linked = correlation * math.sqrt(icc * workers.general_share * service_users.general_share)
    n_w, n_u = len(w.item_ids), len(u.item_ids)
    return (
        answer_covariance(u, u, np.full((n_u, n_u), of_two)),
        answer_covariance(w, u, np.full((n_w, n_u), linked)),
    )


def _person_covariance(side: Side) -> Real:
    """Return the covariance of one person's keyed answers, shape (items, items)."""
    domain = side.items.domain
    same = domain[:, np.newaxis] == domain[np.newaxis, :]
    covariance = answer_covariance(side.items, side.items, np.where(same, 1.0, side.general_share))
    np.fill_diagonal(covariance, item_moments(side.items)[1])
    return covariance


def _scales(
    side: Side, weights: dict[str, Real], between: Real | None
) -> dict[str, dict[str, float]]:
    """Return each scale's values; ``between``: answers' covariances of one worker's users."""
    within = _person_covariance(side)
    means, variances = item_moments(side.items)
    values: dict[str, dict[str, float]] = {}
    for name, weight in weights.items():
        members, variance = weight > 0, float(weight @ within @ weight)
        k, total = int(members.sum()), float(within[np.ix_(members, members)].sum())
        alpha = (1.0 - _ratio(float(variances[members].sum()), total)) * k / max(k - 1, 1)
        values[name] = {
            "mean": float(weight @ means),
            "sd": math.sqrt(variance),
            "alpha": alpha if k > 1 else math.nan,
        }
        if between is not None:
            values[name]["icc"] = _ratio(float(weight @ between @ weight), variance)
    return values


def _ratio(above: float, below: float) -> float:
    return above / below if below > 0 else math.nan


def item_moments(items: ItemParameters) -> tuple[Real, Real]:
    """Return the mean and the variance of the keyed answer to each item, each shape (items,)."""
    means = (items.shares * items.keyed_values).sum(axis=1)
    squares = (items.shares * items.keyed_values**2).sum(axis=1)
    return means, squares - means**2


def answer_covariance(left: ItemParameters, right: ItemParameters, traits: Real) -> Real:
    """Return the covariance of the keyed answers to every pair of items.

    Parameters
    ----------
    left, right : ItemParameters
        The items.
    traits : numpy.ndarray, shape (items of left, items of right)
        Correlation of the two items' domain traits.

    Returns
    -------
    numpy.ndarray, shape (items of left, items of right)
        In squared score points, for two different answers; the variance of a single answer
        is given by :func:`item_moments`.
    """
    correlations = traits * np.outer(left.loadings, right.loadings)
    largest = float(np.abs(correlations).max(initial=0.0))
    if largest == 0.0:
        return np.zeros_like(correlations)
    n_terms = min(MOST_TERMS, math.ceil(math.log(SMALLEST_TERM) / math.log(largest)) + 1)
    on_left, on_right = _hermite(left, n_terms), _hermite(right, n_terms)
    total = np.zeros_like(correlations)
    for term in reversed(range(n_terms)):
        total = (total + np.outer(on_left[term], on_right[term])) * correlations
    return total


def _hermite(items: ItemParameters, n_terms: int) -> Real:
    """Return Hermite coefficients 1..n_terms of each cut variable, shape (n_terms, items)."""
    cuts = items.thresholds
    steps = np.diff(items.keyed_values, axis=1) * np.exp(-0.5 * cuts**2) / math.sqrt(2 * math.pi)
    previous, current = np.zeros_like(cuts), np.ones_like(cuts)
    coefficients = np.empty((n_terms, cuts.shape[0]))
    for term in range(1, n_terms + 1):
        coefficients[term - 1] = (steps * current).sum(axis=1) / math.sqrt(term)
        # Normalised Hermite polynomials: the plain ones overflow after some 150 terms.
        following = (cuts * current - math.sqrt(term - 1) * previous) / math.sqrt(term)
        previous, current = current, following
    return coefficients


def scale_weights(instrument: Instrument) -> dict[str, Real]:
    """Return each scale's weights over the items: its score is weights times keyed answers.

    Parameters
    ----------
    instrument : Instrument
        The instrument.

    Returns
    -------
    dict of str to numpy.ndarray, shape (items,)
        By scale id. A composite of scores weighs its scales, any other its items.
    """
    place = {item: number for number, item in enumerate(instrument.item_ids)}
    weights: dict[str, Real] = {}

    def of(scale_id: str) -> Real:
        scale = instrument.scales[scale_id]
        if scale.scales and scale.composite_of == "scores":
            parts = [of(part) for part in scale.scales]
        else:
            parts = [np.eye(len(place))[place[item]] for item in instrument.items_of(scale_id)]
        total: Real = np.sum(parts, axis=0)
        return total / len(parts) if scale.method == "mean" else total

    for scale in instrument.scales:
        weights[scale.id] = of(scale.id)
    return weights
