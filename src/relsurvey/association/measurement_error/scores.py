"""The workers' scores as they are measured: true score plus error, given the other terms."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.special import gammainc, gammaincinv

from relsurvey.association.models.fit import MixedFit, fit_sums
from relsurvey.association.models.likelihood import Floats
from relsurvey.errors import ModelError
from relsurvey.moments.group_rows import group_sums
from relsurvey.moments.groups import GroupSums
from relsurvey.text import percent, readable

__all__ = ["Codes", "Question", "ScoreModel", "harmonic_mean", "scaled_draw", "score_model"]

Codes = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A model and the error of the score in it.

    Attributes
    ----------
    sums : GroupSums
        Sums per worker of all terms and the outcome.
    outcome, focus : str
        The outcome, and the score measured with error: one value a worker.
    terms : tuple of str
        All predictors, ``focus`` among them.
    df : str
        How degrees of freedom are found.
    error_variance : numpy.ndarray
        Shape (J,): variance of the error of each worker's score, in squared points.
    by_reliability : bool
        Whether it was given as a share of the scores' variance, the reliability.
    """

    sums: GroupSums
    outcome: str
    focus: str
    terms: tuple[str, ...]
    df: str
    error_variance: Floats
    by_reliability: bool

    @property
    def scores(self) -> Floats:
        """The scores as measured, shape (J,)."""
        scores: Floats = self.sums.means[:, self.sums.place(self.focus)]
        return scores

    @property
    def others(self) -> tuple[str, ...]:
        """The other terms that differ between workers."""
        means = self.sums.means
        return tuple(
            name
            for name in self.terms
            if name != self.focus and np.ptp(means[:, self.sums.place(name)]) > 0
        )

    @property
    def teams(self) -> Codes | None:
        """The team of each worker, shape (J,), where the model has that level."""
        return self.sums.parents if self.sums.nested_in is not None else None

    def fit(self, scores: Floats | None = None, *, df: str | None = None) -> MixedFit:
        """Fit the model, with other scores in the place of the measured ones where given."""
        sums = self.sums if scores is None else self.sums.with_group_values(self.focus, scores)
        return fit_sums(sums, self.outcome, self.terms, df=df or self.df)

    def slope(self, fit: MixedFit, confidence: float = 0.95) -> dict[str, float]:
        """Return the estimate, standard error, df and test of the score's slope."""
        contrast = np.zeros((1, len(self.terms) + 1))
        contrast[0, 1 + self.terms.index(self.focus)] = 1.0
        return {name: float(value[0]) for name, value in fit.test(contrast, confidence).items()}


@dataclass(frozen=True, slots=True, eq=False)
class ScoreModel:
    """What is expected of a worker's true score, before and after the measured one is seen.

    Attributes
    ----------
    design : numpy.ndarray
        Shape (J, q): a column of ones and the other terms, centred.
    effects : numpy.ndarray
        Shape (q,): the mean of true scores by the other terms.
    covariance : numpy.ndarray
        Shape (q, q): of ``effects``.
    variance : float
        Variance of true scores around that mean, within teams where there are any.
    team_variance : float
        Variance of the teams' means around it.
    error_variance : numpy.ndarray
        Shape (J,): of the measurement.
    teams : numpy.ndarray or None
        Shape (J,): the team of each worker.
    df, team_df : float
        Degrees of freedom that the two variances rest on.
    """

    design: Floats
    effects: Floats
    covariance: Floats
    variance: float
    team_variance: float
    error_variance: Floats
    teams: Codes | None
    df: float
    team_df: float

    @property
    def means(self) -> Floats:
        """What is expected by the other terms alone, shape (J,)."""
        means: Floats = self.design @ self.effects
        return means

    @property
    def shares(self) -> Floats:
        """How much of a worker's deviation is true, given the other terms and the team, (J,)."""
        shares: Floats = self.variance / (self.variance + self.error_variance)
        return shares

    @property
    def reliability(self) -> float:
        """The same for a worker with the mean error variance: the conditional reliability."""
        return self.variance / (self.variance + float(self.error_variance.mean()))

    def team_part(self, scores: Floats) -> tuple[Floats, Floats]:
        """Return each worker's team deviation given the scores, and its variance, each (J,)."""
        if self.teams is None or self.team_variance == 0.0:
            return np.zeros(len(scores)), np.zeros(len(scores))
        precision = 1.0 / (self.variance + self.error_variance)
        weights = np.bincount(self.teams, weights=precision)
        pulls = np.bincount(self.teams, weights=precision * (scores - self.means))
        variance = np.asarray(1.0 / (1.0 / self.team_variance + weights), dtype=np.float64)
        return (variance * pulls)[self.teams], variance[self.teams]

    def expected(self, scores: Floats) -> Floats:
        """Return the best guess of the true scores from the measured ones, shape (J,)."""
        centre = self.means + self.team_part(scores)[0]
        expected: Floats = centre + self.shares * (scores - centre)
        return expected

    def drawn(self, random: np.random.Generator) -> ScoreModel:
        """Return the model with its mean and variances drawn from what is known of them."""
        noise = float(self.error_variance.mean())
        total = self.variance + noise
        drawn = scaled_draw(random, total, self.df, above=noise)
        variance, team_variance = drawn - noise, 0.0
        if self.teams is not None:
            size = harmonic_mean(np.bincount(self.teams))
            of_means = self.team_variance + total / size
            team_variance = max(scaled_draw(random, of_means, self.team_df) - drawn / size, 0.0)
        covariance = self.covariance * (drawn / total)
        return replace(
            self,
            effects=random.multivariate_normal(self.effects, covariance, method="svd"),
            covariance=covariance,
            variance=variance,
            team_variance=team_variance,
        )


def scaled_draw(
    random: np.random.Generator, variance: float, df: float, *, above: float = 0.0
) -> float:
    """Draw a variance from the scaled inverse chi-square of its estimate, above a limit.

    References
    ----------
    Gelman, A., Carlin, J. B., Stern, H. S., et al. (2013). Bayesian data analysis (3rd ed.).
    CRC Press, section 3.2.
    """
    most = float(gammainc(df / 2.0, df * variance / (2.0 * above))) if above > 0.0 else 1.0
    at = max(random.uniform() * most, np.finfo(float).tiny)
    return float(variance * df / (2.0 * gammaincinv(df / 2.0, at)))


def harmonic_mean(counts: npt.NDArray[np.integer] | Floats) -> float:
    """Return the harmonic mean of sizes."""
    return float(len(counts) / (1.0 / counts).sum())


def score_model(question: Question) -> ScoreModel:
    """Estimate the distribution of true scores, given the other terms and the team.

    Parameters
    ----------
    question : Question
        Scores, other terms, teams, and the error variance, taken as known.

    Returns
    -------
    ScoreModel
        Least squares over workers, one value each; with teams, a random-intercept model (REML).
        The variance of true scores is what is left of that of the measured ones.

    Raises
    ------
    ModelError
        Where the error is as large as what the other terms leave of the scores.

    References
    ----------
    Fuller, W. A. (1987). Measurement error models. Wiley, sections 1.2 and 2.2.
    """
    scores = question.scores
    means = question.sums.means[:, [question.sums.place(name) for name in question.others]]
    design = np.column_stack([np.ones(len(scores)), means - means.mean(axis=0)])
    teams = question.teams
    if teams is None:
        effects, covariance, total, df = _least_squares(scores, design)
        between, team_df = 0.0, 1.0
    else:
        effects, covariance, total, between = _with_teams(scores, design, teams)
        team_df = float(teams.max())
        df = max(float(len(scores) - 1) - team_df, 1.0)
    noise = float(question.error_variance.mean())
    # What is left of nothing but rounding is nothing: a reliability of 1 stays exactly that.
    if total <= noise * (1.0 + 1e-9):
        raise ModelError(_too_much_error(question, noise, total), hint=_TOO_MUCH)
    return ScoreModel(
        design, effects, covariance, total - noise, between, question.error_variance, teams, df,
        team_df,
    )  # fmt: skip


def _least_squares(scores: Floats, design: Floats) -> tuple[Floats, Floats, float, float]:
    effects, _, rank, _ = np.linalg.lstsq(design, scores, rcond=None)
    df = max(float(len(scores) - rank), 1.0)
    residual = scores - design @ effects
    total = float(residual @ residual) / df
    covariance = np.asarray(total * np.linalg.pinv(design.T @ design), dtype=np.float64)
    return np.asarray(effects, dtype=np.float64), covariance, total, df


def _with_teams(
    scores: Floats, design: Floats, teams: Codes
) -> tuple[Floats, Floats, float, float]:
    names = [f"term {place}" for place in range(1, design.shape[1])]
    table = {"team": teams, "score": scores, **dict(zip(names, design.T[1:], strict=True))}
    sums = group_sums(table, [*names, "score"], "team")
    fit = fit_sums(sums, "score", tuple(names), df="residual")
    return fit.effects, fit.covariance, fit.residual_variance, fit.between_variance


_TOO_MUCH = (
    "Give a higher reliability (or a smaller error), or leave out covariates that nearly give the "
    "score away: no correction is possible where nothing but error is left of it."
)


def _too_much_error(question: Question, noise: float, total: float) -> str:
    given = " given the other terms" if question.others else ""
    within = f" within {question.sums.nested_in}" if question.teams is not None else ""
    return (
        f"The error variance of {question.focus!r}, {readable(noise)}, is no smaller than the "
        f"variance of the score itself{given}{within}, {readable(total)}: "
        f"{percent(round(noise / total, 4)) if total > 0 else 'all'} of it would be error."
    )
