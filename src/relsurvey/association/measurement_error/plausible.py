"""Plausible values: true scores drawn as they may be, given the score and what it goes with."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from relsurvey.association.measurement_error.scores import (
    Codes,
    Question,
    ScoreModel,
    harmonic_mean,
    scaled_draw,
)
from relsurvey.association.models.likelihood import Floats
from relsurvey.association.models.names import RESIDUAL
from relsurvey.association.pooling import Pooled, pool_estimates
from relsurvey.association.resampling.draws import usual_plausible_values
from relsurvey.options import require_whole

__all__ = ["PlausibleValues", "plausible_values"]


@dataclass(frozen=True, slots=True, eq=False)
class PlausibleValues:
    """The slope pooled over plausible values of the true scores.

    Attributes
    ----------
    pooled : Pooled
        By Rubin's rules.
    slopes, variances : numpy.ndarray
        Shape (m,): of each draw.
    """

    pooled: Pooled
    slopes: Floats
    variances: Floats

    @property
    def monte_carlo_error(self) -> float:
        """Of the slope, from the number of draws alone: its standard error over other seeds."""
        return math.sqrt(self.pooled.between / self.pooled.n_draws)

    @property
    def uncertainty_of_error(self) -> float:
        """The same of the standard error, as a share of it (von Hippel 2020)."""
        return self.pooled.fraction_missing / math.sqrt(2.0 * (self.pooled.n_draws - 1))


@dataclass(frozen=True, slots=True, eq=False)
class _Outcome:
    """Parameters of the outcome's model given true scores, as drawn.

    ``residuals`` are the workers' mean outcomes less what the other terms and the intercept
    account for; of shape (J,).
    """

    slope: float
    residuals: Floats
    worker_variance: float
    team_variance: float
    row_variance: float


def plausible_values(
    question: Question, model: ScoreModel, *, draws: int | None = None, seed: int
) -> PlausibleValues:
    """Draw the true scores, fit the model to each draw, and pool.

    Parameters
    ----------
    question : Question
        The model and the error variances.
    model : ScoreModel
        What is known of true scores before the outcome is seen.
    draws : int, optional
        How many plausible values of each worker: 200 if not given, or 100 with teams, where each
        takes several times as long.
    seed : int
        Of the draws.

    Returns
    -------
    PlausibleValues
        The true scores are drawn given the measured score, the other terms, the team, and the
        worker's outcome: drawn without the outcome they would have no association with it
        beyond that of the measured score, and the slope would stay attenuated (Mislevy 1991).
        For each draw, the parameters are drawn too: mean and variances of true scores, the
        fixed effects, and the variances at each level of the outcome (from the scaled inverse
        chi-square of their estimates). The error variance is taken as known.

    Raises
    ------
    ModelError
        Where ``draws`` is below 2, or a model cannot be fitted.

    References
    ----------
    Mislevy, R. J. (1991). Randomization-based inference about latent variables from complex
    samples. Psychometrika, 56(2), 177-196.
    von Davier, M., Gonzalez, E., & Mislevy, R. J. (2009). What are plausible values and why are
    they useful? IERI Monograph Series, 2, 9-36.
    von Hippel, P. T. (2020). How many imputations do you need? A two-stage calculation using a
    quadratic rule. Sociological Methods & Research, 49(3), 699-718.
    Blackwell, M., Honaker, J., & King, G. (2017). A unified approach to measurement error and
    missing data. Sociological Methods & Research, 46(3), 303-341.
    """
    if draws is None:
        draws = usual_plausible_values(len(question.scores), teams=question.teams is not None)
    require_whole("draws", draws, lowest=2)
    random = np.random.default_rng(seed)
    found = []
    for _ in range(draws):
        # With no error there is nothing to draw: every value is the score.
        values = question.scores
        if question.error_variance.any():
            drawn = model.drawn(random)
            values = _true_scores(question, drawn, _outcome(question, drawn, random), random)
        found.append(question.slope(question.fit(values)))
    slopes = np.array([one["estimate"] for one in found])
    variances = np.array([one["std_error"] ** 2 for one in found])
    df = float(np.mean([one["df"] for one in found]))
    return PlausibleValues(pool_estimates(slopes, variances, df), slopes, variances)


def _outcome(question: Question, model: ScoreModel, random: np.random.Generator) -> _Outcome:
    """Draw the parameters of the outcome's model.

    They are those of the model with the expected true scores, in which the rest of the true
    score, that part of it which is not known, is in the variances between workers and teams.
    """
    sums, scores = question.sums, question.scores
    expected = model.expected(scores)
    fit = question.fit(expected, df="residual")
    row, worker, team, enlarged = _variances(question, fit.variances, random)
    effects = random.multivariate_normal(fit.effects, enlarged * fit.covariance, method="svd")
    slope = float(effects[1 + question.terms.index(question.focus)])
    others = [
        (effects[1 + place], sums.place(name))
        for place, name in enumerate(question.terms)
        if name != question.focus
    ]
    residuals = sums.means[:, sums.place(question.outcome)] - effects[0]
    for effect, place in others:
        residuals = residuals - effect * sums.means[:, place]
    unknown = model.shares * model.error_variance
    of_team = (1.0 - model.shares) ** 2 * model.team_part(scores)[1]
    return _Outcome(
        slope=slope,
        residuals=residuals,
        worker_variance=max(worker - slope**2 * float(unknown.mean()), 0.0),
        team_variance=max(team - slope**2 * float(of_team.mean()), 0.0),
        row_variance=row,
    )


def _variances(
    question: Question, estimated: dict[str, float], random: np.random.Generator
) -> tuple[float, float, float, float]:
    """Draw the variances of rows, workers and teams, and how much larger that of means became."""
    sums = question.sums
    size = harmonic_mean(sums.counts)
    row = scaled_draw(random, estimated[RESIDUAL], float(sums.n_rows - sums.n_groups))
    of_means = estimated[sums.group] + estimated[RESIDUAL] / size
    n_effects = 2 + len(question.others)
    drawn = scaled_draw(random, of_means, max(float(sums.n_groups - n_effects), 1.0))
    worker = max(drawn - row / size, 0.0)
    if question.teams is None or sums.nested_in is None:
        return row, worker, 0.0, drawn / of_means
    workers = harmonic_mean(np.bincount(question.teams))
    of_teams = estimated[sums.nested_in] + of_means / workers
    team = scaled_draw(random, of_teams, max(float(sums.n_parents - 1), 1.0)) - drawn / workers
    return row, worker, max(team, 0.0), drawn / of_means


def _true_scores(
    question: Question, model: ScoreModel, outcome: _Outcome, random: np.random.Generator
) -> Floats:
    """Draw the true scores given everything: the teams first, then each worker."""
    noise = outcome.worker_variance + outcome.row_variance / question.sums.counts
    scores, means, slope = question.scores, model.means, outcome.slope
    of_scores, of_outcome = np.zeros(len(scores)), np.zeros(len(scores))
    teams = question.teams
    if teams is not None:
        of_scores, of_outcome = _team_deviations(question, model, outcome, noise, teams, random)
    centre = means + of_scores
    left = outcome.residuals - of_outcome
    measured = model.error_variance > 0
    errors = np.where(measured, model.error_variance, 1.0)
    precision = 1.0 / model.variance + 1.0 / errors + slope**2 / noise
    mean = (centre / model.variance + scores / errors + slope * left / noise) / precision
    drawn = mean + random.standard_normal(len(scores)) / np.sqrt(precision)
    values: Floats = np.where(measured, drawn, scores)
    return values


def _team_deviations(
    question: Question,
    model: ScoreModel,
    outcome: _Outcome,
    noise: Floats,
    teams: Codes,
    random: np.random.Generator,
) -> tuple[Floats, Floats]:
    """Draw each team's deviations in true score and in outcome, given all of its workers."""
    slope, means = outcome.slope, model.means
    seen = np.stack([question.scores - means, outcome.residuals - slope * means], axis=1)
    spread = np.empty((len(seen), 2, 2))
    spread[:, 0, 0] = model.variance + model.error_variance
    spread[:, 0, 1] = spread[:, 1, 0] = slope * model.variance
    spread[:, 1, 1] = slope**2 * model.variance + noise
    loading = np.array([[1.0, 0.0], [slope, 1.0]])
    weighted = loading.T @ np.linalg.inv(spread)
    n_teams = int(teams.max()) + 1
    precision, pull = np.zeros((n_teams, 2, 2)), np.zeros((n_teams, 2))
    np.add.at(precision, teams, weighted @ loading)
    np.add.at(pull, teams, np.einsum("jab,jb->ja", weighted, seen))
    # In units of the teams' standard deviations, either of which may be zero.
    root = np.sqrt([model.team_variance, outcome.team_variance])
    inverse = np.linalg.inv(np.eye(2) + root[:, None] * precision * root)
    centre = np.einsum("tab,tb->ta", inverse, pull * root)
    noise_of_teams = random.standard_normal((n_teams, 2))
    drawn = root * (centre + np.einsum("tab,tb->ta", np.linalg.cholesky(inverse), noise_of_teams))
    return drawn[teams, 0], drawn[teams, 1]
