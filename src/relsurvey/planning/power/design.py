"""A design: what is asked of whom, and the variances that follow from it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from relsurvey.planning.power.formula_three_levels import Stratum
from relsurvey.planning.power.sizes import Sizes, answering, user_sizes

__all__ = ["Design"]


@dataclass(frozen=True, slots=True)
class Design:
    """A study to be planned; the words are those of :func:`relsurvey.simulate_study`.

    Worker scores and answers, as observed, have variance 1.

    Attributes
    ----------
    n_workers : int
        Workers asked.
    users_per_worker : float
        Mean number of service users asked about each.
    correlation : float
        Between the workers' true scores and the true mean experience of their service users.
    icc : float
        Share of the true scores' variance that lies between workers.
    reliability_predictor, reliability_outcome : float
        Share of the variance of the worker score, and of one service user's score, that is true.
    n_teams : int or None
        Teams that the workers are spread over, as evenly as can be.
    workers_per_team : float or None
        Workers in a team, where the number of teams follows from it.
    team_share : float
        Share of the variance of both worker-level traits that lies between teams.
    attrition_workers, attrition_users : float
        Share of those asked who do not answer.
    covariates : int
        Covariates in the model, each with a part between workers and, where they explain
        something within workers, one within.
    r_squared_between, r_squared_within : float
        Share of the variance left between and within workers that the covariates explain.
    user_count_cv : float
        Coefficient of variation of the number of service users asked about a worker.
    ceiling : float or None
        Share of service users at the best possible score.
    alpha : float
        Level of the two-sided test.
    """

    n_workers: int
    users_per_worker: float
    correlation: float
    icc: float
    reliability_predictor: float = 1.0
    reliability_outcome: float = 1.0
    n_teams: int | None = None
    workers_per_team: float | None = None
    team_share: float = 0.0
    attrition_workers: float = 0.0
    attrition_users: float = 0.0
    covariates: int = 0
    r_squared_between: float = 0.0
    r_squared_within: float = 0.0
    user_count_cv: float = 0.0
    ceiling: float | None = None
    alpha: float = 0.05

    @property
    def workers_answering(self) -> int:
        """Workers who answer; a part of a worker does not."""
        return math.floor(self.n_workers * (1.0 - self.attrition_workers) + 1e-9)

    @property
    def teams(self) -> int | None:
        """Teams, or None where there are none."""
        if self.workers_per_team is None:
            return self.n_teams
        return max(round(self.n_workers / self.workers_per_team), 1)

    @property
    def sizes(self) -> Sizes:
        """Service users of a worker who answer, from 0."""
        return answering(
            user_sizes(self.users_per_worker, self.user_count_cv), self.attrition_users
        )

    @property
    def n_users(self) -> float:
        """Service users asked, all workers together."""
        return self.n_workers * self.users_per_worker

    @property
    def between_observed(self) -> float:
        """Variance between workers of the observed outcome: its ICC."""
        return self.icc * self.reliability_outcome

    @property
    def slope_observed(self) -> float:
        """Slope of the observed outcome on the observed worker score, both with variance 1."""
        return self.correlation * math.sqrt(self.between_observed * self.reliability_predictor)

    @property
    def between_left(self) -> float:
        """Variance left between workers by worker score and covariates."""
        left = self.between_observed - self.slope_observed**2
        return max(left, 0.0) * (1.0 - self.r_squared_between)

    @property
    def within_left(self) -> float:
        """Variance left within workers by the covariates."""
        return (1.0 - self.between_observed) * (1.0 - self.r_squared_within)

    @property
    def n_within(self) -> int:
        """Covariates that are in the model with a part within workers."""
        return self.covariates if self.r_squared_within > 0 else 0

    def strata(self, workers: int, teams: int, sizes: Sizes) -> tuple[Stratum, Stratum, float]:
        """Return the parts within teams and between them, and the floor of their variances.

        Parameters
        ----------
        workers, teams : int
            Workers with service users, and teams.
        sizes : Sizes
            Service users of a worker, from 1.
        """
        size, share, reliable = workers / teams, self.team_share, self.reliability_predictor
        of_score = 1.0 - reliable * share, reliable * share
        linked = self.slope_observed * (1.0 - share), self.slope_observed * share
        outcome = self.between_observed * (1.0 - share), self.between_observed * share
        slope = linked[0] / of_score[0]
        own = max(outcome[0] - slope**2 * of_score[0], 0.0) * (1.0 - self.r_squared_between)
        weights = 1.0 / (own + self.within_left / sizes.values)
        first, second = float(sizes.chances @ weights), float(sizes.chances @ weights**2)
        error = 1.0 / first - own
        # Of team means, all times the workers in a team.
        spread = of_score[0] + size * of_score[1]
        steep = (linked[0] + size * linked[1]) / spread
        total = outcome[0] + size * outcome[1]
        left = max(total - steep**2 * spread, 0.0) * (1.0 - self.r_squared_between)
        # Unequal numbers leave fewer degrees of freedom, with the same information in all.
        evenness = first**2 / second
        inside = (workers - teams - self.covariates) * evenness
        return (
            Stratum(slope, of_score[0] / evenness, own + error, inside),
            Stratum(steep, spread, max(left, own) + error, teams - 1.0),
            error,
        )
