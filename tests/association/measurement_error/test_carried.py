"""The whole answer: naive beside corrected, the budget, the words, and bad input."""

import json
import math
import re

import numpy as np
import pandas as pd
import pytest

from relsurvey.association.measurement_error import measurement_error
from relsurvey.association.models.mixed import fit_mixed
from relsurvey.errors import ModelError

FEW = {"remeasurements": 20, "draws": 5, "seed": 1, "group": "worker_id"}
CAUSAL = re.compile(r"\b(effect of|leads to|improves?|impact|causes?|because of|reduces)\b", re.I)


@pytest.fixture(scope="module")
def found(simulated):
    frame = simulated(7, of_covariate=0.4)
    return measurement_error(
        frame, "experience", "reflection", reliability=0.7, outcome_reliability=0.85,
        covariates="age", **FEW,
    )  # fmt: skip


def test_the_naive_slope_is_that_of_the_mixed_model(simulated, found):
    row = (
        fit_mixed(simulated(7, of_covariate=0.4), "experience", ["reflection", "age"], "worker_id")
        .to_frame()
        .iloc[1]
    )
    for name in ("estimate", "std_error", "df", "p_value", "conf_low", "conf_high"):
        assert getattr(found.naive, name) == pytest.approx(row[name], rel=1e-8)


def test_all_corrections_agree_and_are_larger(found):
    slopes = found.to_frame().set_index("method")["estimate"]
    assert list(slopes.index) == ["naive", "calibrated", "simex", "plausible"]
    assert (slopes[1:] > slopes["naive"]).all()
    assert slopes["simex"] == pytest.approx(slopes["calibrated"], rel=0.1)
    assert slopes["plausible"] == pytest.approx(slopes["calibrated"], rel=0.15)
    assert found.reliability == pytest.approx(0.7)
    assert found.conditional_reliability < 0.7
    assert 0 < found.fraction_missing < 1
    assert found.path["added"].tolist() == [0.0, 0.5, 1.0, 1.5, 2.0]


def test_reliability_of_one_changes_nothing(simulated):
    same = measurement_error(simulated(8), "experience", "reflection", reliability=1.0, **FEW)
    for slope in same.slopes:
        assert slope.estimate == pytest.approx(same.naive.estimate, rel=1e-9)
        assert slope.std_error == pytest.approx(same.naive.std_error, rel=1e-9)
        assert slope.standardised == pytest.approx(same.naive.standardised, rel=1e-9)
    assert "nothing is to be corrected" in same.sentence
    assert same.budget.table["slope"].nunique() == 1


def test_a_standard_error_of_measurement_says_the_same_as_its_reliability(simulated):
    frame = simulated(9)
    of_workers = frame.groupby("worker_id")["reflection"].first()
    sem = float(np.sqrt(0.3) * of_workers.std())
    kinds = [{"reliability": 0.7}, {"error_sd": sem}, {"error_sd": "sem"}]
    one, two, three = (
        measurement_error(frame.assign(sem=sem), "experience", "reflection", **kind, **FEW)
        for kind in kinds
    )
    assert two.reliability == pytest.approx(0.7)
    for other in (two, three):
        assert other.simex.estimate == pytest.approx(one.simex.estimate)
        assert other.plausible.estimate == pytest.approx(one.plausible.estimate)
    # With the error known and not the reliability, the spread of scores is estimated too.
    assert two.calibrated.std_error > one.calibrated.std_error


def test_row_order_and_ids_change_nothing(simulated):
    frame = simulated(10, teams=8)
    shuffled = frame.sample(frac=1.0, random_state=1).assign(
        worker_id=lambda rows: "w" + (1000 - rows["worker_id"]).astype(str)
    )
    one, other = (
        measurement_error(each, "experience", "reflection", reliability=0.7, **FEW)
        for each in (frame, shuffled)
    )
    assert other.calibrated.estimate == pytest.approx(one.calibrated.estimate)
    assert other.budget.table["correlation"].tolist() == pytest.approx(
        one.budget.table["correlation"].tolist()
    )


def test_the_budget_goes_from_the_true_correlation_to_the_one_observed(simulated, found):
    frame = simulated(7, of_covariate=0.4)
    means = frame.groupby("worker_id")[["reflection", "experience"]].mean()
    observed = float(means.corr().iloc[0, 1])
    table = found.budget.table
    assert table["step"].tolist() == ["true", "score", "few_users", "outcome_scale"]
    assert table["correlation"].iloc[-1] == pytest.approx(observed)
    assert table["correlation_factor"].iloc[1] == pytest.approx(math.sqrt(0.7))
    assert table["correlation_factor"].prod() * table["correlation"].iloc[0] == pytest.approx(
        observed
    )
    null = fit_mixed(frame, "experience", None, "worker_id")
    between, row = null.variance["worker_id"], null.variance["residual"]
    counts = frame.groupby("worker_id").size().to_numpy()
    whole = between / (between + row * (1 / counts).mean())
    assert found.budget.mean_reliability == pytest.approx(whole)
    assert table["correlation_factor"].iloc[2:].prod() == pytest.approx(math.sqrt(whole))
    each = between / (between + row / counts)
    assert found.budget.mean_reliability_middle == pytest.approx(float(np.median(each)))
    assert table["slope"].iloc[0] == found.calibrated.estimate
    assert table["slope"].iloc[-1] == pytest.approx(found.naive.estimate)
    assert table["lost"].is_monotonic_increasing


def test_the_true_correlation_comes_back(simulated):
    true, seen = [], []
    for seed in range(10):
        frame = simulated(300 + seed, teams=60, slope=0.5)
        table = measurement_error(
            frame, "experience", "reflection", reliability=0.7, remeasurements=2, draws=2, seed=1,
            group="worker_id",
        ).budget.table  # fmt: skip
        true.append(table["correlation"].iloc[0])
        seen.append(table["correlation"].iloc[-1])
    # The worker's outcome is 0.5 true + 0.3 age + 0.4 of its own.
    expected = 0.5 / math.sqrt(0.25 + 0.09 + 0.16)
    assert np.mean(true) == pytest.approx(expected, abs=0.05)
    assert np.mean(seen) < expected - 0.15


def test_workers_who_do_not_differ_have_no_correlation_budget():
    worker = np.repeat(np.arange(20), 4)
    score = np.random.default_rng(1).normal(size=20)
    frame = {"worker_id": worker, "reflection": score[worker],
             "experience": np.tile([1.0, 2.0, 3.0, 4.0], 20)}  # fmt: skip
    nothing = measurement_error(frame, "experience", "reflection", reliability=0.8, **FEW)
    table = nothing.budget.table
    assert table["correlation"].isna().all()
    assert (table["note"] != "").all()
    assert any("estimated as zero" in note for note in nothing.budget.notes)
    assert nothing.naive.estimate == pytest.approx(0.0, abs=1e-12)
    assert "cannot be said" in nothing.budget.sentence


def test_the_words_are_careful_and_the_dictionary_is_ready_for_json(found):
    text = found.summary()
    assert found.sentence in text.replace("\n", " ")
    assert "it is no further evidence" in found.sentence
    assert any("Taken as known" in note for note in found.notes)
    assert not CAUSAL.search(text + found.budget.sentence)
    assert "error in the worker's score" in text
    data = json.loads(json.dumps(found.to_dict()))
    assert data["naive"]["estimate"] == found.naive.estimate
    assert data["budget"]["table"][0]["step"] == "true"


def test_teams_are_a_level_where_they_are_known(simulated):
    frame = simulated(11, teams=12, of_team=0.4)
    with_teams = measurement_error(
        frame, "experience", "reflection", team="team", reliability=0.7, **FEW
    )
    assert with_teams.team == "team"
    assert with_teams.conditional_reliability < 0.7
    assert any("Given the team" in note for note in with_teams.notes)


def test_few_workers_and_little_reliability_are_said(simulated):
    few = measurement_error(
        simulated(1, teams=2, workers=3), "experience", "reflection", reliability=0.7, **FEW
    )
    assert any(note.startswith("With 6 workers the spread of true") for note in few.notes)
    weak = measurement_error(simulated(13), "experience", "reflection", reliability=0.15, **FEW)
    assert any("Most of what is left of the score is error" in note for note in weak.notes)


def test_a_category_is_a_covariate_as_in_the_primary(simulated):
    frame = simulated(14, teams=10)
    frame["role"] = np.array(["nurse", "carer"])[frame["worker_id"] % 2]
    with_role = measurement_error(
        frame, "experience", "reflection", covariates="role", error_sd="error", **FEW
    )
    assert with_role.covariates == ("role",)
    assert any(note.startswith("role is a category") for note in with_role.notes)


BAD = [
    ({}, r"has to be given in one way"),
    ({"reliability": 0.7, "error_sd": 0.3}, r"has to be given in one way"),
    ({"reliability": 0.0}, r"reliability has to be a number above 0 and at most 1; it is 0\.0"),
    ({"reliability": 70}, r"reliability has to be .* it is 70"),
    ({"reliability": math.nan}, r"reliability has to be .* it is nan"),
    ({"reliability": True}, r"reliability has to be .* it is True"),
    ({"error_sd": -0.1}, r"error_sd has to be a number from 0, or a column; it is -0\.1"),
    ({"error_sd": 5.0}, r"error variance of 'reflection', 25\.00, is no smaller"),
    ({"error_sd": "sems"}, r"sems"),
    ({"error_sd": "uneven"}, r"does not hold one standard error of measurement for each worker_id"),
    ({"reliability": 0.7, "outcome_reliability": 2}, r"outcome_reliability has to be .* it is 2"),
    ({"reliability": 0.7, "seed": -1}, r"seed has to be a whole number from 0"),
    ({"reliability": 0.7, "confidence": 95}, r"confidence must be a number between 0 and 1"),
    ({"reliability": 0.7, "group": "worker"}, r"worker"),
]


@pytest.mark.parametrize(("options", "text"), BAD, ids=[str(one) for one, _ in BAD])
def test_bad_input_is_refused(simulated, options, text):
    frame = simulated(12, teams=6)
    frame["uneven"] = np.arange(len(frame)) * -1.0
    with pytest.raises(ModelError, match=text):
        measurement_error(frame, "experience", "reflection", **{**FEW, **options})


@pytest.mark.parametrize(
    ("frame", "text"),
    [
        ({"worker_id": [1, 1, 2, 2], "reflection": [1, 1, 2, 2], "experience": [1.0, 2, 2, 4]},
         "there are only 2 groups"),
        ({"worker_id": range(5), "reflection": range(5), "experience": [1.0, 2, 2, 4, 1]},
         "one row only"),
        ({"worker_id": [1, 1, 2, 2], "reflection": [1, 2, 2, 2], "experience": [1.0, 2, 2, 4]},
         "is not a property of worker_id"),
        ({"worker_id": [1, 1, 2, 2], "reflection": [1, 1, np.inf, 2], "experience": [1.0, 2, 2, 4]},
         "Infinite values in 'reflection'"),
    ],
)  # fmt: skip
def test_data_without_an_answer_say_so(frame, text):
    with pytest.raises(ModelError, match=text):
        measurement_error(pd.DataFrame(frame), "experience", "reflection", reliability=0.8, **FEW)


def test_how_far_another_seed_may_lead_is_said(simulated, found):
    text = " ".join(found.summary().split())
    assert "Monte Carlo error of the slope" in text
    assert "by 5 plausible values of each worker" in text
    assert 0 < found.plausible_monte_carlo_error < found.plausible.std_error
    assert found.to_dict()["draws"] == 5
    sure = measurement_error(simulated(8), "experience", "reflection", reliability=1.0, **FEW)
    assert "Monte Carlo" not in sure.summary()
