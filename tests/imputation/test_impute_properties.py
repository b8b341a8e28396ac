"""What has to hold of any imputation: nothing given changes, chance by seed, truth recovered."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from relsurvey.association.associate import associate
from relsurvey.imputation import associate_imputed, impute
from relsurvey.imputation.draws import Levels, draw_missing
from relsurvey.imputation.posterior import Observed, draw_parameters

COLUMNS = ["y", "x", "z"]
SETTINGS = {"group": "worker_id", "n_imputations": 4, "iterations": 3}


@pytest.mark.parametrize("team", [None, "team"])
@pytest.mark.parametrize("method", ["normal", "matched"])
def test_observed_values_never_change_and_no_gap_is_left(gappy, team, method):
    data = gappy()
    methods = dict.fromkeys(COLUMNS, method)
    imputed = impute(data, COLUMNS, team=team, seed=1, methods=methods, **SETTINGS)
    for number in range(1, 5):
        done = imputed.completed(number)
        assert not done.isna().any(axis=None)
        for name in COLUMNS:
            seen = ~np.isnan(data[name])
            assert np.array_equal(done[name].to_numpy()[seen], data[name][seen])
        assert done.groupby("worker_id")["x"].nunique().eq(1).all()
        if method == "matched":
            assert set(done["y"]) == set(data["y"][~np.isnan(data["y"])])


def test_the_same_seed_gives_the_same_and_more_imputations_add_to_it(gappy):
    few = impute(gappy(), COLUMNS, seed=5, **SETTINGS)
    more = impute(gappy(), COLUMNS, seed=5, **{**SETTINGS, "n_imputations": 6})
    other = impute(gappy(), COLUMNS, seed=6, **SETTINGS)
    pd.testing.assert_frame_equal(few.completed(3), more.completed(3))
    assert not few.completed(3).equals(other.completed(3))
    assert not few.completed(3).equals(few.completed(2))


def test_nothing_missing_is_the_complete_answer_exactly(gappy):
    data = {name: np.nan_to_num(values) for name, values in gappy().items()}
    imputed = impute(data, COLUMNS, seed=1, **SETTINGS)
    result = associate_imputed(imputed, "y", "x", covariates="z")
    alone = associate(data, "y", "x", covariates="z", group="worker_id")
    assert imputed.complete
    assert (result.slope, result.std_error, result.df) == (alone.slope, alone.std_error, alone.df)
    assert result.p_value == pytest.approx(alone.p_value, rel=1e-12)
    assert result.fraction_missing == 0
    assert "No answer was missing" in result.sentence


def test_missing_at_random_biases_complete_cases_and_not_the_pooled_answer():
    naive, pooled, held = [], [], 0
    for seed in range(12):
        rng = np.random.default_rng(100 + seed)
        worker = np.repeat(np.arange(60), 6)
        x = rng.normal(size=60)
        ease = 0.8 * x[worker] + rng.normal(size=360)
        y = 0.5 * x[worker] + 0.8 * (ease - 0.8 * x[worker]) + rng.normal(0, 0.3, 60)[worker]
        y += rng.normal(0, 0.5, 360)
        y[ease + x[worker] > rng.normal(0.5, 0.3, 360)] = np.nan
        data = {"worker_id": worker, "x": x[worker], "y": y, "ease": ease}
        imputed = impute(
            data, ["y", "x"], predictors="ease", group="worker_id", n_imputations=8, seed=seed
        )
        result = associate_imputed(imputed, "y", "x")
        assert result.complete_table is not None
        naive.append(result.complete_table["estimate"][1])
        pooled.append(result.slope)
        held += result.slope_low < 0.5 < result.slope_high
    # Means over 12 samples, with their own Monte Carlo error.
    assert abs(np.mean(naive) - 0.5) > 0.1
    assert abs(np.mean(pooled) - 0.5) < 3.5 * np.std(pooled, ddof=1) / np.sqrt(12) + 0.01
    assert abs(np.mean(pooled) - 0.5) < abs(np.mean(naive) - 0.5) / 2
    assert held >= 9


def test_without_levels_the_parameters_are_those_of_bayesian_regression():
    rng = np.random.default_rng(3)
    x = np.column_stack([np.ones(30), rng.normal(size=30)])
    y = x @ [0.2, 0.5] + rng.normal(size=30)
    drawn = [draw_parameters(Observed(y, x), rng) for _ in range(4000)]
    slopes = np.array([one.effects[1] for one in drawn])
    fit = stats.linregress(x[:, 1], y)
    spread = fit.stderr * np.sqrt(28 / 26)  # of a t with 28 degrees of freedom
    assert slopes.mean() == pytest.approx(fit.slope, abs=4 * spread / np.sqrt(4000))
    assert slopes.std() == pytest.approx(spread, rel=0.05)


def test_variances_are_drawn_around_the_truth():
    rng = np.random.default_rng(4)
    groups, parents = np.repeat(np.arange(200), 8), np.arange(200) // 5
    y = rng.normal(0, 0.7, 40)[parents][groups] + rng.normal(0, 0.5, 200)[groups]
    y += rng.normal(0, 1.0, 1600)
    seen = Observed(y, np.ones((1600, 1)), groups, 200, parents)
    drawn = [draw_parameters(seen, rng) for _ in range(60)]
    residual = np.mean([one.residual_sd for one in drawn])
    assert residual == pytest.approx(1.0, abs=0.06)
    intercepts = np.stack([one.intercepts for one in drawn])
    assert intercepts.var(axis=1).mean() == pytest.approx(0.49 + 0.25, rel=0.3)
    means = np.bincount(groups, weights=y) / 8
    assert np.corrcoef(intercepts.mean(axis=0), means)[0, 1] > 0.95


def test_one_worker_a_team_is_two_levels_and_answers_are_alike():
    rng = np.random.default_rng(5)
    groups = np.repeat(np.arange(40), 5)
    y = rng.normal(0, 0.6, 40)[groups] + rng.normal(size=200)
    missing = np.zeros(200, dtype=bool)
    missing[::7] = True
    nothing = np.empty((200, 0))
    two, three = (
        np.array([
            draw_missing(y, nothing, missing, Levels(groups, 40, parents), "normal",
                         np.random.default_rng(seed)) for seed in range(300)
        ])
        for parents in (None, np.arange(40))
    )  # fmt: skip
    assert two.mean(axis=0) == pytest.approx(three.mean(axis=0), abs=0.3)
    assert two.std() == pytest.approx(three.std(), rel=0.05)


def test_imputed_people_are_as_alike_within_workers_as_those_seen():
    rng = np.random.default_rng(6)
    worker = np.repeat(np.arange(80), 10)
    y = rng.normal(0, 1, 80)[worker] + rng.normal(0, 1, 800)
    gaps = y.copy()
    gaps[rng.random(800) < 0.4] = np.nan
    gaps[worker < 5] = np.nan
    imputed = impute({"worker_id": worker, "y": gaps}, "y", seed=1, **SETTINGS)
    shares = []
    for number in range(1, 5):
        done = imputed.completed(number)
        groups = done.groupby("worker_id")["y"]
        between = groups.mean().var() - groups.var().mean() / 10
        shares.append(between / (between + groups.var().mean()))
    assert np.mean(shares) == pytest.approx(0.5, abs=0.1)
    assert imputed.iterations == 1


def test_chains_that_settle_are_said_to(gappy):
    imputed = impute(gappy(), COLUMNS, seed=2, **{**SETTINGS, "iterations": 10})
    table = imputed.to_frame()
    assert table["settled_mean"].max() < 1.3
    assert len(imputed.trace) == 4 * 10 * 3
    assert imputed.trace.groupby("column")["mean"].count().eq(40).all()


def test_a_worker_of_whom_nothing_is_known_gets_values(gappy):
    data = gappy()
    data["y"][data["worker_id"] == 0] = np.nan
    data["x"][data["worker_id"] == 0] = np.nan
    imputed = impute(data, COLUMNS, seed=2, **SETTINGS)
    assert np.isfinite(imputed.completed(1).loc[:4, ["x", "y"]]).all(axis=None)


def test_row_order_plays_no_part_in_what_is_observed_and_results_name_nobody(gappy):
    data = gappy()
    data["worker_id"] = np.array([f"KW-{one}" for one in data["worker_id"]], dtype=object)
    imputed = impute(data, COLUMNS, seed=2, **SETTINGS)
    result = associate_imputed(imputed, "y", "x")
    for one in (imputed, result):
        assert "KW-" not in one.summary() + json.dumps(one.to_dict()) + str(one.to_frame())
    assert set(result.to_frame()["analysis"]) == {"imputed", "complete cases"}
