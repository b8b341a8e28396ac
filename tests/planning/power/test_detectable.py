"""The smallest association that a collected study can find."""

import math

import numpy as np
import pytest
from scipy import stats

from relsurvey.association import associate
from relsurvey.errors import ModelError
from relsurvey.planning.power import smallest_detectable
from relsurvey.planning.power.detectable import noncentrality


@pytest.fixture
def rows():
    rng = np.random.default_rng(5)
    worker = np.repeat(np.arange(40), rng.integers(2, 9, 40))
    score, level = rng.normal(2, 0.5, 40), rng.normal(0, 0.6, 40)
    outcome = 0.4 * score[worker] + level[worker] + rng.normal(size=len(worker))
    return {"worker_id": worker, "team": worker % 8, "score": score[worker], "outcome": outcome}


@pytest.mark.parametrize("df", [4.0, 23.5, 300.0])
def test_the_noncentral_t_has_the_power_asked_for(df):
    shift = noncentrality(df, 0.8, 0.05)
    critical = stats.t.ppf(0.975, df)
    found = stats.nct.sf(critical, df, shift) + stats.nct.cdf(-critical, df, shift)
    assert found == pytest.approx(0.8, abs=1e-4)


def test_the_slope_is_so_many_standard_errors(rows):
    found = associate(rows, "outcome", "score", group="worker_id")
    smallest = smallest_detectable(found)
    assert smallest.slope == pytest.approx(noncentrality(found.df, 0.8, 0.05) * found.std_error)
    low = math.sqrt(found.df / stats.chi2.ppf(0.975, found.df))
    assert smallest.slope_low == pytest.approx(smallest.slope * low)
    assert smallest.slope_low < smallest.slope < smallest.slope_high
    ratio = found.predictor_sd / found.outcome_sd
    assert smallest.standardised_slope == pytest.approx(smallest.slope * ratio)


def test_rows_and_their_association_give_the_same(rows):
    found = associate(rows, "outcome", "score", group="worker_id", team="team")
    direct = smallest_detectable(rows, "outcome", "score", group="worker_id", team="team")
    assert direct.to_dict() == smallest_detectable(found).to_dict()
    assert direct.n_teams == 8


def test_it_does_not_move_with_the_association_that_was_found(rows):
    steeper = {**rows, "outcome": rows["outcome"] + 3.0 * rows["score"]}
    plain = smallest_detectable(rows, "outcome", "score", group="worker_id")
    moved = smallest_detectable(steeper, "outcome", "score", group="worker_id")
    assert moved.slope == pytest.approx(plain.slope, rel=1e-6)
    assert moved.correlation == pytest.approx(plain.correlation, rel=1e-5)


def test_units_pass_through(rows):
    plain = smallest_detectable(rows, "outcome", "score", group="worker_id")
    scaled = {**rows, "outcome": 10 * rows["outcome"] - 5, "score": rows["score"] / 2}
    moved = smallest_detectable(scaled, "outcome", "score", group="worker_id")
    assert moved.slope == pytest.approx(20 * plain.slope, rel=1e-6)
    assert moved.correlation == pytest.approx(plain.correlation, rel=1e-6)


def test_an_unreliable_score_needs_a_stronger_association(rows):
    plain = smallest_detectable(rows, "outcome", "score", group="worker_id")
    weak = smallest_detectable(
        rows, "outcome", "score", group="worker_id", reliability_predictor=0.64
    )
    assert weak.slope == pytest.approx(plain.slope / 0.64)
    assert weak.correlation == pytest.approx(plain.correlation / 0.8)


def test_more_power_needs_a_stronger_association(rows):
    found = associate(rows, "outcome", "score", group="worker_id")
    slopes = [smallest_detectable(found, power=wanted).slope for wanted in (0.5, 0.8, 0.95)]
    assert slopes == sorted(slopes)


def test_it_warns_that_it_is_not_observed_power(rows):
    found = smallest_detectable(rows, "outcome", "score", group="worker_id")
    assert "not 'observed power'" in " ".join(found.summary().split())
    assert "40 workers" in found.sentence
    assert found.to_frame()["quantity"].tolist() == ["slope", "standardised_slope", "correlation"]


def test_without_variance_between_workers_there_is_no_correlation(rows):
    worker = rows["worker_id"]
    centred = rows["outcome"] - (np.bincount(worker, rows["outcome"]) / np.bincount(worker))[worker]
    found = smallest_detectable(
        {**rows, "outcome": centred + 0.01 * rows["score"]}, "outcome", "score", group="worker_id"
    )
    assert math.isnan(found.correlation)
    assert "estimated as zero" in found.notes[0]
    assert found.to_frame()["note"].iloc[2] == found.notes[0]


def test_all_faults_are_said_at_once(rows):
    with pytest.raises(ModelError, match="4 options cannot be used") as caught:
        smallest_detectable(rows, power=1.5, alpha=0, reliability_predictor=0.0, predictor="score")
    assert set(caught.value.failures["option"]) == {
        "power", "alpha", "reliability_predictor", "outcome",
    }  # fmt: skip
    with pytest.raises(ModelError, match="above alpha"):
        smallest_detectable(rows, "outcome", "score", group="worker_id", power=0.04)
