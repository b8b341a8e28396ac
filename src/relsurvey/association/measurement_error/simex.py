"""Simulation-extrapolation: add error to the scores on purpose, and read off what none gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from relsurvey.association.measurement_error.remeasured import refit_scores
from relsurvey.association.measurement_error.scores import Question
from relsurvey.association.models.fit import MixedFit
from relsurvey.association.models.likelihood import Floats
from relsurvey.association.resampling.draws import usual_remeasurements
from relsurvey.errors import ModelError
from relsurvey.options import require_whole

__all__ = ["LAMBDAS", "Simex", "simex"]

LAMBDAS = (0.5, 1.0, 1.5, 2.0)
NO_ERROR = -1.0  # times the error variance that would have to be added for none to be left


@dataclass(frozen=True, slots=True, eq=False)
class Simex:
    """What simulation-extrapolation gives for one slope.

    Attributes
    ----------
    estimate, std_error : float
        The slope by the rational extrapolant. The standard error is NaN where the extrapolated
        variance is not above zero.
    estimate_quadratic : float
        The slope by the quadratic extrapolant, which takes out too little.
    monte_carlo_error : float
        Standard error of ``estimate`` that comes of the number of remeasurements alone.
    lambdas : numpy.ndarray
        Shape (L + 1,): how many times the error variance was added, 0 first.
    slopes, variances : numpy.ndarray
        Shape (L + 1,): mean slope, and mean sampling variance less the variance of the slopes
        over remeasurements (Stefanski & Cook 1995), at each of them.
    pole : float
        Of the rational extrapolant: as many times the error variance as the score varies,
        given the other terms.
    remeasurements : int
        How many at each lambda.
    """

    estimate: float
    std_error: float
    estimate_quadratic: float
    monte_carlo_error: float
    lambdas: Floats
    slopes: Floats
    variances: Floats
    pole: float
    remeasurements: int


def simex(
    question: Question,
    *,
    remeasurements: int | None = None,
    lambdas: Sequence[float] = LAMBDAS,
    seed: int,
) -> Simex:
    """Correct a slope for the error of the score by simulation-extrapolation.

    Parameters
    ----------
    question : Question
        The model and the error variances, which are taken as known.
    remeasurements : int, optional
        How often the scores are measured anew at each lambda; the whole model is fitted to each.
    lambdas : sequence of float
        How many times the error variance is added; above 0, rising.
    seed : int
        Of the added errors: the same are used at every lambda.

    Returns
    -------
    Simex
        The primary extrapolant is the rational one, a + b / (c + lambda), which in a linear
        model is the form that the slope takes. Its pole -c is not fitted but known: with S the
        generalised sum of squares of the scores given the other terms, and D what the error
        adds to it, slopes go with 1 / (S + lambda D), so c = S / D. A pole fitted to slopes
        near zero would be arbitrary. Variances go with that to the powers 1 and 2.

    Raises
    ------
    ModelError
        Where an option is not allowed, or a model cannot be fitted.

    Notes
    -----
    The standard error extrapolates, in the same way, the mean of the models' variances less
    the variance of the slopes over remeasurements. Where the models' standard errors are
    Kenward and Roger's, their share of enlargement in the naive fit is kept.

    References
    ----------
    Cook, J. R., & Stefanski, L. A. (1994). Simulation-extrapolation estimation in parametric
    measurement error models. Journal of the American Statistical Association, 89(428),
    1314-1328.
    Stefanski, L. A., & Cook, J. R. (1995). Simulation-extrapolation: the measurement error
    jackknife. Journal of the American Statistical Association, 90(432), 1247-1256.
    Wang, N., Lin, X., Gutierrez, R. G., & Carroll, R. J. (1998). Bias analysis and SIMEX
    approach in generalized linear mixed measurement error models. Journal of the American
    Statistical Association, 93(441), 249-261.
    """
    if remeasurements is None:
        remeasurements = usual_remeasurements(question.sums.n_groups)
    require_whole("remeasurements", remeasurements, lowest=2)
    added = _checked_lambdas(lambdas)
    naive = question.fit(df="residual")
    first = question.slope(naive)
    places = np.concatenate([[0.0], added])
    if not question.error_variance.any():
        return _without_error(question, first, places, remeasurements)
    errors = np.sqrt(question.error_variance) * np.random.default_rng(seed).standard_normal(
        (remeasurements, question.sums.n_groups)
    )
    slopes, squares = _refitted(question, errors, added)
    path = np.concatenate([[first["estimate"]], slopes.mean(axis=1)])
    spread = np.concatenate([[0.0], slopes.var(axis=1, ddof=1)])
    variances = np.concatenate([[first["std_error"] ** 2], squares.mean(axis=1)]) - spread
    pole = _pole(question, naive)
    weights = _extrapolation(pole + places, (0, 1), pole + NO_ERROR)
    of_each = weights[1:] @ slopes  # the part of the estimate that each remeasurement makes
    variance = float(_extrapolation(pole + places, (1, 2), pole + NO_ERROR) @ variances)
    inflation = question.slope(question.fit())["std_error"] / first["std_error"]
    return Simex(
        estimate=float(weights @ path),
        std_error=inflation * float(np.sqrt(variance)) if variance > 0 else float("nan"),
        estimate_quadratic=float(_extrapolation(places, (0, -1, -2), NO_ERROR) @ path),
        monte_carlo_error=float(of_each.std(ddof=1) / np.sqrt(remeasurements)),
        lambdas=places,
        slopes=path,
        variances=variances,
        pole=pole,
        remeasurements=remeasurements,
    )


def _checked_lambdas(lambdas: Any) -> Floats:
    added = np.asarray(lambdas, dtype=np.float64)
    good = added.ndim == 1 and len(added) > 1 and np.isfinite(added).all() and added.min() > 0
    if not good or (np.diff(added) <= 0).any():
        raise ModelError(
            f"lambdas have to be two or more rising numbers above 0; they are {lambdas!r}.",
            hint="Usual are 0.5, 1, 1.5 and 2 times the error variance.",
        )
    return added


def _refitted(question: Question, errors: Floats, added: Floats) -> tuple[Floats, Floats]:
    """Return slopes and their sampling variances, each of shape (L, remeasurements)."""
    remeasured = question.scores + np.sqrt(added)[:, None, None] * errors
    slopes, squares = refit_scores(question, remeasured.reshape(-1, errors.shape[1]))
    shape = (len(added), len(errors))
    return slopes.reshape(shape), squares.reshape(shape)


def _extrapolation(places: Floats, powers: Sequence[int], target: float) -> Floats:
    """Return the weights by which values at some places give the least-squares value at another.

    The curve is a sum of the places to the negative ``powers``.
    """
    design = np.stack([places ** -float(power) for power in powers], axis=1)
    wanted = np.array([target ** -float(power) for power in powers])
    weights: Floats = wanted @ np.linalg.pinv(design)
    return weights


def _pole(question: Question, naive: MixedFit) -> float:
    """Return S / D: how many times the error the scores vary, as the model weighs workers."""
    sums, best = naive.sums, naive.best
    chosen = [sums.place(name) for name in question.terms]
    focus = 1 + question.terms.index(question.focus)
    inverse = best.inverse
    # The inverse of Z'V^-1 Z of the other terms, which the score is then held against.
    rest = inverse - np.outer(inverse[:, focus], inverse[focus]) / inverse[focus, focus]
    totals = np.column_stack([sums.counts, sums.sums[:, chosen]])
    shrunk = 1.0 / (1.0 + sums.counts * best.ratios[0])
    weight = sums.counts * shrunk
    pulled = totals * shrunk[:, None]
    own = weight
    if sums.parents is not None and len(best.ratios) > 1:
        weights = np.bincount(sums.parents, weights=weight)
        share = (best.ratios[1] / (1.0 + best.ratios[1] * weights))[sums.parents]
        of_team = np.stack([np.bincount(sums.parents, weights=one) for one in pulled.T], axis=1)
        own = weight - share * weight**2
        pulled = pulled - (share * weight)[:, None] * of_team[sums.parents]
    each = own - np.einsum("ji,ik,jk->j", pulled, rest, pulled)
    unit = sums.units[sums.place(question.focus)]
    return float(unit**2 / (inverse[focus, focus] * (each @ question.error_variance)))


def _without_error(
    question: Question, naive: dict[str, float], places: Floats, remeasurements: int
) -> Simex:
    slope = naive["estimate"]
    squares = np.full(len(places), naive["std_error"] ** 2)
    return Simex(
        estimate=slope,
        std_error=question.slope(question.fit())["std_error"],
        estimate_quadratic=slope,
        monte_carlo_error=0.0,
        lambdas=places,
        slopes=np.full(len(places), slope),
        variances=squares,
        pole=float("inf"),
        remeasurements=remeasurements,
    )
