"""Regression calibration, and maximum likelihood of the structural model in R lavaan.

Values and data: ``tests/reference/golden_measurement_error.R``.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from relsurvey.association.measurement_error.calibration import calibrate
from relsurvey.association.measurement_error.scores import Question, score_model
from relsurvey.association.models.fit import fit_sums
from relsurvey.errors import ModelError
from relsurvey.moments.group_rows import group_sums

GOLDEN = json.loads(
    (Path(__file__).parents[2] / "reference" / "measurement_error_reference.json").read_text()
)
LAVAAN = 1e-5  # its search stops at about 1e-6 of the optimum


@pytest.mark.parametrize(("name", "terms"), [("plain", ("w",)), ("with_covariate", ("w", "z"))])
def test_moments_of_ml_are_lavaans_structural_ml(name, terms):
    golden = GOLDEN[name]
    sums = group_sums(pd.DataFrame(GOLDEN["data"]), ["w", "z", "y"], "worker")
    errors = np.full(sums.n_groups, GOLDEN["error_variance"])
    question = Question(sums, "y", "w", terms, "satterthwaite", errors, False)
    model = score_model(question)
    assert fit_sums(sums, "y", terms, reml=False).effects[1] == pytest.approx(
        golden["naive"], rel=1e-6
    )
    # Maximum likelihood divides the scores' sum of squares by workers, REML by what is left.
    total = model.variance + GOLDEN["error_variance"]
    true_ml = total * model.df / sums.n_groups - GOLDEN["error_variance"]
    assert true_ml == pytest.approx(golden["true_variance"], rel=LAVAAN)
    kept = true_ml / (true_ml + GOLDEN["error_variance"])
    assert golden["naive"] / kept == pytest.approx(golden["slope"], rel=LAVAAN)
    found = calibrate(question, model)
    assert found.estimate == pytest.approx(golden["slope"], rel=0.02)
    assert found.std_error == pytest.approx(golden["std_error"], rel=0.05)


def test_with_equal_errors_it_is_the_naive_slope_over_the_reliability(simulated, asked):
    question = asked(simulated(1), 0.7)
    naive = question.slope(question.fit())
    found = calibrate(question, score_model(question))
    assert found.attenuation == pytest.approx(0.7)
    assert found.estimate == pytest.approx(naive["estimate"] / 0.7)
    assert found.std_error == pytest.approx(naive["std_error"] / 0.7)


def test_covariates_lower_the_reliability_by_what_they_explain(simulated, asked):
    question = asked(simulated(2, of_covariate=0.6), 0.7, covariates="age")
    model = score_model(question)
    scores = question.scores
    age = question.sums.means[:, question.sums.place("age")]
    left = np.polynomial.Polynomial.fit(age, scores, 1)
    residual = float(((scores - left(age)) ** 2).sum()) / (len(scores) - 2)
    assert model.reliability == pytest.approx(1 - 0.3 * scores.var(ddof=1) / residual)
    assert model.reliability < 0.7


@pytest.mark.parametrize(
    ("options", "how", "reliability"),
    [
        ({"of_covariate": 0.5}, {"covariates": "age"}, 0.7),
        ({"of_team": 0.4}, {"team": "team"}, 0.7),
        ({"of_team": 0.3, "of_covariate": 0.4, "unequal": True},
         {"team": "team", "covariates": "age"}, None),
    ],
    ids=["covariate", "teams", "all"],
)  # fmt: skip
def test_the_true_slope_comes_back_where_the_naive_one_is_too_small(
    simulated, asked, options, how, reliability
):
    naive, corrected = [], []
    for seed in range(15):
        frame = simulated(seed, teams=40, **options)
        question = asked(frame, reliability, **how)
        naive.append(question.slope(question.fit())["estimate"])
        corrected.append(calibrate(question, score_model(question)).estimate)
    error = 3 * np.std(corrected, ddof=1) / np.sqrt(len(corrected))
    assert abs(np.mean(corrected) - 0.5) < error < 0.1
    assert np.mean(naive) < 0.42


def test_a_team_of_one_worker_each_is_no_team(simulated, asked):
    frame = simulated(3, of_team=0.3)
    alone = frame.assign(team=frame["worker_id"])
    with_teams, without = asked(alone, 0.7, team="team"), asked(frame, 0.7)
    assert with_teams.teams is None
    one, other = (calibrate(each, score_model(each)) for each in (with_teams, without))
    assert one.estimate == pytest.approx(other.estimate)


def test_expected_scores_with_teams_are_those_of_the_full_covariance(simulated, asked):
    question = asked(simulated(4, teams=8, of_team=0.5), None, team="team")
    model = score_model(question)
    same = question.teams[:, None] == question.teams
    true = model.variance * np.eye(len(same)) + model.team_variance * same
    seen = true + np.diag(model.error_variance)
    off = question.scores - model.means
    expected = model.means + true @ np.linalg.solve(seen, off)
    assert model.team_variance > 0
    assert model.expected(question.scores) == pytest.approx(expected)


def test_an_error_as_large_as_the_score_is_refused(simulated, asked):
    with pytest.raises(ModelError, match=r"error variance of 'reflection'.*no smaller than the"):
        score_model(asked(simulated(5, of_covariate=0.9), 0.1, covariates="age"))
