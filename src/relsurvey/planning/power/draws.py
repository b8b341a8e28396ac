"""Studies drawn at the level of scores: a worker score with error, workers, teams, answers."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from relsurvey.planning.power.design import Design
from relsurvey.planning.traits import experience_traits, worker_traits

__all__ = ["GROUP", "OUTCOME", "PREDICTOR", "TEAM", "covariate_names", "draw_rows"]

Columns = dict[str, npt.NDArray[np.float64] | npt.NDArray[np.int64]]
Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

PREDICTOR, OUTCOME, GROUP, TEAM = "worker_score", "experience", "worker_id", "team"


def covariate_names(design: Design) -> tuple[str, ...]:
    """Return the columns of the covariates: those of workers, then those within workers."""
    of_workers = [f"of_worker_{number}" for number in range(1, design.covariates + 1)]
    within = [f"within_{number}" for number in range(1, design.n_within + 1)]
    return (*of_workers, *within)


def draw_rows(design: Design, rng: np.random.Generator) -> Columns:
    """Draw the scores of one study, one row a service user who answers.

    Parameters
    ----------
    design : Design
        What to draw from.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    dict of str to numpy.ndarray
        Columns for the worker, the team where there are teams, the observed worker score, the
        observed outcome and the covariates. Scores have mean 0 and variance 1, but for a
        ceiling.

    Notes
    -----
    Traits are normal, drawn as in ``simulate_study``. What covariates explain is all in the
    first of them at each level.
    """
    team = _teams(design, rng)
    workers = len(team)
    traits = worker_traits(rng, team, design.correlation, design.team_share)
    reliable = design.reliability_predictor
    error = rng.standard_normal(workers)
    score = math.sqrt(reliable) * traits[:, 0] + math.sqrt(1.0 - reliable) * error
    sizes = design.sizes
    counts = rng.choice(sizes.values, size=workers, p=sizes.chances).astype(np.int64)
    worker = np.repeat(np.arange(workers), counts)
    between = design.between_observed
    answers = experience_traits(rng, traits[worker, 1], between)
    columns: Columns = {GROUP: worker, PREDICTOR: score[worker]}
    if design.teams is not None:
        columns[TEAM] = team[worker]
    names = iter(covariate_names(design))
    left = traits[:, 1] - design.correlation * math.sqrt(reliable) * score
    for number in range(design.covariates):
        share = design.r_squared_between if number == 0 else 0.0
        columns[next(names)] = _related(rng, left, share)[worker]
    own = answers - math.sqrt(between) * traits[worker, 1]
    # What covariates explain of the mean of a worker's service users goes too: that is what
    # their parts between workers are in the model for.
    kept = math.sqrt(1.0 - design.r_squared_within)
    answers = answers - (1.0 - kept) * _means(own, worker, workers)[worker]
    for number in range(design.n_within):
        drawn = _related(rng, own, design.r_squared_within if number == 0 else 0.0)
        columns[next(names)] = drawn - _means(drawn, worker, workers)[worker]
    if design.ceiling is not None:
        answers = np.minimum(answers, ndtri(1.0 - design.ceiling))
    columns[OUTCOME] = answers
    return columns


def _teams(design: Design, rng: np.random.Generator) -> Whole:
    """Return the team of each worker who answers; everybody in one where there are none."""
    places = np.arange(design.n_workers) % (design.teams or 1)
    team: Whole = rng.permutation(places)[: design.workers_answering].astype(np.int64)
    return team


def _related(rng: np.random.Generator, left: Floats, share: float) -> Floats:
    """Draw a covariate that explains a share of the variance of what is left."""
    drawn = rng.standard_normal(len(left))
    spread = float(left.std())
    if share == 0.0 or spread == 0.0:
        return drawn
    return math.sqrt(share) * left / spread + math.sqrt(1.0 - share) * drawn


def _means(values: Floats, worker: Whole, workers: int) -> Floats:
    counts = np.maximum(np.bincount(worker, minlength=workers), 1)
    means: Floats = np.bincount(worker, weights=values, minlength=workers) / counts
    return means
