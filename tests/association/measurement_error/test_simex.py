"""Simulation-extrapolation: fits at once, the extrapolant, and what it recovers."""

import numpy as np
import pytest
from scipy.stats import t as student

from relsurvey.association.measurement_error.calibration import calibrate
from relsurvey.association.measurement_error.remeasured import refit_scores
from relsurvey.association.measurement_error.scores import score_model
from relsurvey.association.measurement_error.simex import simex
from relsurvey.errors import ModelError


@pytest.mark.parametrize("how", [{}, {"covariates": "age"}, {"covariates": "age", "team": "team"}])
def test_fits_at_once_are_those_one_after_the_other(simulated, asked, how):
    question = asked(simulated(1, teams=8, of_team=0.3), 0.7, **how)
    random = np.random.default_rng(1)
    scores = question.scores + random.normal(size=(6, question.sums.n_groups))
    slopes, variances = refit_scores(question, scores)
    one = [question.slope(question.fit(each, df="residual")) for each in scores]
    assert slopes == pytest.approx([found["estimate"] for found in one], rel=1e-8)
    assert variances == pytest.approx([found["std_error"] ** 2 for found in one], rel=1e-8)


@pytest.mark.parametrize("how", [{}, {"team": "team", "covariates": "age"}])
def test_without_error_it_is_the_naive_slope(simulated, asked, how):
    question = asked(simulated(2, teams=10, of_team=0.3), 1.0, **how)
    naive = question.slope(question.fit())
    found = simex(question, seed=1)
    assert (found.estimate, found.std_error) == (naive["estimate"], naive["std_error"])
    assert found.monte_carlo_error == 0.0


def test_a_little_error_changes_little(simulated, asked):
    question = asked(simulated(2, teams=10), 0.9999)
    naive = question.slope(question.fit())
    found = simex(question, remeasurements=20, seed=1)
    assert found.estimate == pytest.approx(naive["estimate"], rel=1e-3)
    assert found.std_error == pytest.approx(naive["std_error"], rel=1e-3)


@pytest.mark.parametrize("how", [{}, {"covariates": "age"}, {"covariates": "age", "team": "team"}])
def test_the_pole_is_where_the_weighted_scores_are_all_error(simulated, asked, how):
    question = asked(simulated(3, teams=10, of_team=0.3, unequal=True), None, **how)
    fit = question.fit(df="residual")
    sums, variances = question.sums, list(fit.variances.values())
    workers = np.repeat(np.arange(sums.n_groups), sums.counts.astype(int))
    same = workers[:, None] == workers
    covariance = variances[-1] * np.eye(len(workers)) + variances[0] * same
    if question.teams is not None:
        teams = question.teams[workers]
        covariance += variances[1] * (teams[:, None] == teams)
    others = sums.means[workers][:, [sums.place(name) for name in question.others]]
    design = np.column_stack([np.ones(len(workers)), others])
    inverse = np.linalg.inv(covariance)
    turned = inverse @ design
    projected = inverse - turned @ np.linalg.solve(design.T @ turned, turned.T)
    by_worker = np.eye(sums.n_groups)[workers]
    scores = question.scores
    form = by_worker.T @ projected @ by_worker
    added = float(np.diag(form) @ question.error_variance)
    found = simex(question, remeasurements=2, seed=1)
    assert found.pole == pytest.approx(float(scores @ form @ scores) / added, rel=1e-6)


def test_slopes_follow_the_extrapolant(simulated, asked):
    question = asked(simulated(4, teams=60), 0.7)
    found = simex(question, remeasurements=200, seed=1)
    expected = found.slopes[0] * found.pole / (found.pole + found.lambdas)
    assert found.slopes == pytest.approx(expected, rel=0.02)
    assert found.estimate_quadratic < found.estimate
    assert found.estimate == pytest.approx(
        calibrate(question, score_model(question)).estimate, rel=0.05
    )
    again = simex(question, remeasurements=200, seed=2)
    assert abs(again.estimate - found.estimate) < 5 * found.monte_carlo_error
    assert again.estimate != found.estimate
    assert simex(question, remeasurements=200, seed=1).estimate == found.estimate


@pytest.mark.parametrize(
    ("slope", "how"), [(0.5, {}), (0.0, {}), (0.5, {"covariates": "age", "team": "team"})]
)
def test_the_true_slope_comes_back_and_the_interval_covers_it(simulated, asked, slope, how):
    naive, corrected, covered = [], [], []
    options = {"of_covariate": 0.4, "of_team": 0.3} if how else {}
    studies = 10 if how else 25  # three levels take longer
    for seed in range(studies):
        frame = simulated(100 + seed, teams=16, slope=slope, **options)
        question = asked(frame, 0.7, **how)
        first = question.slope(question.fit())
        found = simex(question, remeasurements=12 if how else 25, seed=seed)
        naive.append(first["estimate"])
        corrected.append(found.estimate)
        half = student.ppf(0.975, first["df"]) * found.std_error
        covered.append(abs(found.estimate - slope) < half)
    error = np.std(corrected, ddof=1) / np.sqrt(len(corrected))
    assert abs(np.mean(corrected) - slope) < 3 * error
    if slope:
        assert np.mean(naive) < slope - 3 * error
    assert sum(covered) >= 0.8 * studies


def test_units_of_the_score_and_the_outcome_change_nothing_but_units(simulated, asked):
    frame = simulated(5, teams=10)
    moved = frame.assign(
        reflection=1000 + 10 * frame["reflection"], experience=5 - 2 * frame["experience"]
    )
    one, other = (simex(asked(each, 0.7), remeasurements=10, seed=3) for each in (frame, moved))
    assert other.estimate == pytest.approx(-0.2 * one.estimate, rel=1e-6)
    assert other.std_error == pytest.approx(0.2 * one.std_error, rel=1e-6)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"remeasurements": 1}, r"remeasurements has to be a whole number from 2; it is 1"),
        ({"lambdas": [1.0]}, r"lambdas have to be two or more rising numbers above 0"),
        ({"lambdas": [0.5, 0.5]}, r"rising numbers"),
        ({"lambdas": [-1.0, 1.0]}, r"rising numbers above 0"),
    ],
)
def test_options_that_make_no_sense_are_refused(simulated, asked, options, text):
    with pytest.raises(ModelError, match=text):
        simex(asked(simulated(1, teams=4), 0.7), seed=1, **options)
