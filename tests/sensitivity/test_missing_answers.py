"""Missing answers imputed, the tipping point, and what is said of few workers."""

import math
import re

import numpy as np
import pandas as pd
import pytest

from relsurvey.errors import ModelError
from relsurvey.imputation import associate_imputed, delta_adjustment, impute
from relsurvey.sensitivity import check_sensitivity
from relsurvey.sensitivity.checks.unmeasured import check_unmeasured
from relsurvey.sensitivity.slope import Slope
from relsurvey.sensitivity.verdicts import versions_sentence

LEVELS = {"group": "worker_id", "team": "team"}


@pytest.fixture(scope="module")
def gappy(make_study):
    made = make_study(n_workers=36)
    generator = np.random.default_rng(3)
    y = made["y"].copy()
    y[generator.random(len(y)) < 0.2] = np.nan
    return {**made, "y": y}


@pytest.fixture(scope="module")
def result(gappy):
    return check_sensitivity(gappy, "y", "x", covariates=["stage"], imputations=3,
                             tipping_point=True, seed=5, **LEVELS)  # fmt: skip


def check(result, name):
    return next(one for one in result.checks if one.name == name)


def coded(data):
    ids = {name: pd.factorize(data[name], sort=True)[0].astype(float) for name in LEVELS.values()}
    return {**data, **ids}


def test_the_pooled_slope_is_that_of_associate_imputed(gappy, result):
    imputed = impute(coded(gappy), ["y", "x", "stage"], n_imputations=3, seed=5, **LEVELS)
    own = associate_imputed(imputed, "y", "x", covariates="stage")
    found = check(result, "missing answers").versions[0]
    assert found.name == "imputed 3 times"
    assert found.found.estimate == pytest.approx(own.slope, rel=1e-9)
    assert found.found.conf_low == pytest.approx(own.slope_low, rel=1e-9)
    # Fewer than ten workers have no complete answer: no count from which theirs would follow.
    assert math.isnan(found.found.n_service_users)
    assert "Fewer than 10 workers more" in found.found.note
    assert "missing answers: imputed 3 times" in result.summary()


def test_the_tipping_point_is_that_of_delta_adjustment(gappy, result):
    own = delta_adjustment(
        coded(gappy), "y", "x", covariates="stage", deltas=(-1, -0.5, 0.5, 1), seed=5,
        workers="below_median", n_imputations=3, **LEVELS,
    )  # fmt: skip
    found = check(result, "not missing at random")
    assert found.sentence == own.sentence
    shifted = own.table.loc[own.table["delta"] != 0, "slope"]
    np.testing.assert_allclose([one.found.estimate for one in found.versions], shifted, rtol=1e-9)
    # Nobody defends these: they are not among the slopes compared with the primary one.
    plain = check_sensitivity(gappy, "y", "x", covariates=["stage"], **LEVELS)
    assert result.n_slopes == plain.n_slopes + 1


def test_what_is_not_asked_for_or_not_missing_is_said(make_study, gappy):
    plain = check_sensitivity(gappy, "y", "x", **LEVELS)
    assert "--impute" in check(plain, "missing answers").needs
    assert "--delta" in check(plain, "not missing at random").needs
    full = check_sensitivity(make_study(n_workers=36), "y", "x", imputations=2, seed=1,
                             tipping_point=True, **LEVELS)  # fmt: skip
    assert "nothing is missing" in check(full, "missing answers").needs
    assert "no y of linked people is missing" in check(full, "not missing at random").needs


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"imputations": 1, "seed": 1}, "imputations has to be a whole number from 2"),
        ({"imputations": 5}, "seed has to be a whole number"),
        ({"tipping_point": True}, "seed has to be a whole number"),
        ({"tipping_point": "yes", "seed": 1}, "tipping_point must be True or False"),
    ],
)
def test_imputation_needs_a_seed_and_two_copies(gappy, options, words):
    with pytest.raises(ModelError, match=words):
        check_sensitivity(gappy, "y", "x", **LEVELS, **options)


def test_rows_without_a_category_stay_out_of_imputation(gappy):
    stage = gappy["stage"].copy()
    stage[:25] = None
    result = check_sensitivity({**gappy, "stage": stage}, "y", "x", covariates="stage",
                               imputations=2, seed=1, **LEVELS)  # fmt: skip
    found = check(result, "missing answers").versions[0].found
    assert math.isfinite(found.estimate)
    # Fewer than ten more rows or workers are not counted.
    assert math.isnan(found.n_service_users) or found.n_service_users == len(stage) - 25


def test_steps_are_told(gappy):
    told = []
    check_sensitivity(gappy, "y", "x", progress=told.append, **LEVELS)
    assert told[0] == "Number of service users"
    assert len(told) == len(set(told)) == 9


def test_with_few_workers_checks_neither_support_nor_refute(make_study):
    small = make_study(n_workers=8, teams=False)
    result = check_sensitivity(small, "y", "x", group="worker_id")
    assert "fewer than 10 workers" in result.sentence
    assert "neither support nor refute" in result.sentence
    assert "have its sign" not in result.sentence
    larger = make_study(n_workers=12, teams=False)
    assert "neither" not in check_sensitivity(larger, "y", "x", group="worker_id").sentence


def test_an_e_value_is_an_approximation_and_zero_in_the_interval_is_said():
    clear = check_unmeasured(Slope(0.5, 0.1, 50.0, 1e-5, 0.3, 0.7, 60, 300, per_sd=0.8)).sentence
    assert "rough approximation" in clear
    assert "could not" not in clear
    open_ = check_unmeasured(Slope(0.1, 0.1, 50.0, 0.3, -0.1, 0.3, 60, 300, per_sd=0.8)).sentence
    assert open_.startswith("The interval includes zero")
    assert "account for the estimate" not in open_
    assert "no interval" in check_unmeasured(Slope(0.1)).sentence


def test_sentences_name_versions_in_a_list(make_study):
    result = check_sensitivity(make_study(n_workers=36), "y", "x", minimum_users=(1, 50), **LEVELS)
    said = check(result, "minimum of users").sentence
    assert "No slope can be estimated here: at least 50 a worker." in said
    for unit in ("worker", "team"):
        left = check(result, f"one {unit} left out").sentence
        assert re.search(rf"never change|for \d+ of these {unit}s, leaving out that one", left)
    assert versions_sentence([], Slope(0.2)) == ""
