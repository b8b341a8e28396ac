"""The cumulative logit: R, derivatives, separation, bands, two categories, proportional odds."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import polars as pl
import pytest
import statsmodels.api as sm
from scipy.optimize import approx_fprime
from statsmodels.miscmodels.ordinal_model import OrderedModel

from relsurvey.association.companions.cumulative_logit import cumulative_logit
from relsurvey.association.companions.ordinal_fit import _derivatives, fit_ordinal, is_separated
from relsurvey.association.prepared import prepare
from relsurvey.errors import ModelError

EXACT = 1e-7


def ready(frame, predictor="w", covariates=("x",), **options):
    options = {"group": "group", "split_covariates": False, **options}
    return prepare(frame, "y", predictor, covariates=covariates, **options)


@pytest.mark.parametrize("name", ["two", "three", "five"])
def test_equals_r(name, golden, study) -> None:
    wanted = golden[name].get("clm") or golden[name]["glm"]
    found = cumulative_logit(ready(study(name)))
    thresholds = found.thresholds["estimate"].to_numpy()
    if name == "two":
        thresholds = -thresholds  # R's intercept is for the upper answer
    estimates = [*thresholds, *found.table["estimate"]]
    errors = [*found.thresholds["std_error"], *found.table["std_error"]]
    np.testing.assert_allclose(estimates, wanted["estimate"], EXACT)
    np.testing.assert_allclose(errors, wanted["se"], EXACT)
    assert found.log_likelihood == pytest.approx(wanted["log_likelihood"], rel=1e-10)
    assert found.converged


def test_equals_statsmodels_and_its_clustered_logit(study) -> None:
    frame = study("five")
    slopes = cumulative_logit(ready(frame)).table["estimate"]
    model = OrderedModel(frame["y"], frame[["w", "x"]], distr="logit")
    other = model.fit(method="bfgs", disp=False, gtol=1e-8).params
    np.testing.assert_allclose(slopes, other.iloc[:2], rtol=1e-4)
    frame = study("two")
    fit = sm.Logit(frame["y"] - 1, sm.add_constant(frame[["w", "x"]])).fit(
        disp=False, cov_type="cluster", cov_kwds={"groups": frame["group"], "use_correction": False}
    )
    found = cumulative_logit(ready(frame))
    clusters = found.n_clusters
    np.testing.assert_allclose(
        found.table["std_error"], fit.bse.iloc[1:] * math.sqrt(clusters / (clusters - 1)), 1e-6
    )


def test_derivatives_are_those_of_the_likelihood(study) -> None:
    frame = study("five")
    codes = (frame["y"] - 1).to_numpy()
    design = frame[["w", "x"]].to_numpy()
    point = np.array([-2.0, -1.0, 0.3, 1.2, 0.4, -0.3])
    value, scores, hessian = _derivatives(point, codes, design, 4)
    chances = np.diff(
        1 / (1 + np.exp(-np.column_stack([
            np.full(len(codes), -np.inf), point[:4] - (design @ point[4:])[:, None],
            np.full(len(codes), np.inf),
        ]))), axis=1,
    )  # fmt: skip
    assert value == pytest.approx(np.log(chances[np.arange(len(codes)), codes]).sum(), rel=1e-12)
    slope = approx_fprime(point, lambda at: _derivatives(at, codes, design, 4)[0], 1e-6)
    np.testing.assert_allclose(scores.sum(axis=0), slope, atol=1e-3)
    curve = [
        approx_fprime(point, lambda at, k=k: _derivatives(at, codes, design, 4)[1].sum(axis=0)[k])
        for k in range(6)
    ]
    np.testing.assert_allclose(hessian, curve, rtol=1e-4, atol=1e-3)


def test_interval_and_test_are_those_of_t(study) -> None:
    found = cumulative_logit(ready(study("three")))
    row = found.table.iloc[0]
    assert row["df"] == 24 - 3
    assert row["odds_ratio"] == pytest.approx(math.exp(row["estimate"]))
    assert row["odds_ratio_low"] == pytest.approx(math.exp(row["conf_low"]))
    line = found.to_companion()
    assert (line.estimate, line.conf_high) == (row["odds_ratio"], row["odds_ratio_high"])
    assert line.scale == "odds ratio"
    json.dumps(found.to_dict(), allow_nan=False)


def test_units_order_and_labels_change_nothing(study) -> None:
    frame = study("five")
    plain = cumulative_logit(ready(frame)).table
    moved = frame.assign(w=frame["w"] * 100 + 5e4, group=[f"g{g}" for g in frame["group"]])
    found = cumulative_logit(ready(pl.from_pandas(moved.sample(frac=1, random_state=2)))).table
    assert 100 * found["estimate"][0] == pytest.approx(plain["estimate"][0], rel=1e-7)
    assert 100 * found["std_error"][0] == pytest.approx(plain["std_error"][0], rel=1e-7)
    turned = cumulative_logit(ready(frame.assign(y=10 - frame["y"]))).table
    np.testing.assert_allclose(turned["estimate"], -plain["estimate"], 1e-7)


def test_bands_are_the_categories_they_hold(study) -> None:
    frame = study("five")
    scored = frame.assign(y=frame["y"] * 10 + np.linspace(0, 1, len(frame)))
    banded = cumulative_logit(ready(scored), cuts=[20, 30, 40, 50])
    np.testing.assert_allclose(
        banded.table["estimate"], cumulative_logit(ready(frame)).table["estimate"], 1e-10
    )
    assert banded.categories[0] == "below 20"
    empty = cumulative_logit(ready(scored), cuts=[0, 20, 30, 40, 50, 70])
    assert any("2 bands of y are empty" in note for note in empty.notes)
    with pytest.raises(ModelError, match="too many for categories"):
        cumulative_logit(ready(scored))


def test_an_answer_that_nobody_gave_is_said(study) -> None:
    frame = study("five")
    found = cumulative_logit(ready(frame[frame["y"] != 3]))
    assert any("Nobody answered 3 on y" in note for note in found.notes)
    assert found.categories == ("1", "2", "4", "5")


@pytest.mark.parametrize("cuts", [[], [3, 2], [2, 2], ["2"], [math.inf]])
def test_cuts_ascend(cuts, study) -> None:
    with pytest.raises(ModelError, match="cuts have to be numbers that ascend"):
        cumulative_logit(ready(study("five")), cuts=cuts)


def test_one_category_and_one_cluster_are_refused(study) -> None:
    frame = study("five")
    with pytest.raises(ModelError, match="are in one category"):
        cumulative_logit(ready(frame), cuts=[100])
    with pytest.raises(ModelError, match="of one group"):
        cumulative_logit(ready(frame.assign(group=1, w=2.0)))
    with pytest.raises(ModelError, match="collinear"):
        cumulative_logit(ready(frame.assign(v=2 * frame["w"]), covariates=("x", "v")))


def test_another_outcome_with_its_own_missing_rows(study) -> None:
    frame = study("five")
    item = frame["y"].where(frame.index % 7 > 0)
    found = cumulative_logit(ready(frame.assign(item=item)), outcome="item")
    direct = cumulative_logit(ready(frame.assign(y=item)))
    assert found.n_rows == item.notna().sum()
    np.testing.assert_allclose(found.table["estimate"], direct.table["estimate"], 1e-10)


def separated_study() -> pd.DataFrame:
    group = np.repeat(np.arange(12), 4)
    w = group / 12.0
    y = np.where(group < 6, 1, 2) + (group == 11)
    return pd.DataFrame({"group": group, "w": w, "y": y + 0.0})


def test_separation_is_found_and_said() -> None:
    found = cumulative_logit(ready(separated_study(), covariates=()))
    assert not found.converged
    assert found.table.drop(columns=["term", "df"]).isna().all(axis=None)
    assert "separate the answers" in found.summary()
    assert "separate the answers" in found.to_companion().note
    assert found.proportional_odds is None


def test_a_large_slope_is_not_separation() -> None:
    random = np.random.default_rng(3)
    x = random.normal(size=4000)
    codes = (10 * x + random.logistic(size=4000) > 0).astype(int)
    design = ((x - x.mean()) / x.std())[:, None]
    fit = fit_ordinal(codes, design)
    assert fit.parameters[1] > 8
    assert not is_separated(fit, codes, design)
    assert is_separated(fit_ordinal((x > 0).astype(int), design), (x > 0).astype(int), design)


def test_proportional_odds_are_not_questioned_where_they_hold() -> None:
    random = np.random.default_rng(8)
    rejected = 0
    group = np.repeat(np.arange(40), 8)
    for _ in range(40):
        w = random.normal(size=40)[group]
        latent = 0.6 * w + 0.5 * random.normal(size=40)[group] + random.logistic(size=320)
        frame = pd.DataFrame({"group": group, "w": w, "y": np.digitize(latent, [-1, 0, 1])})
        check = cumulative_logit(ready(frame, covariates=())).proportional_odds
        rejected += check.p_value < 0.05
    assert rejected <= 6


def test_unequal_odds_are_found_and_said() -> None:
    random = np.random.default_rng(9)
    group = np.repeat(np.arange(60), 20)
    w = random.normal(size=60)[group]
    low = random.logistic(size=1200) > -0.2
    high = 1.5 * w + random.logistic(size=1200) > 0
    frame = pd.DataFrame({"group": group, "w": w, "y": low.astype(int) + (low & high)})
    found = cumulative_logit(ready(frame, covariates=()))
    assert found.proportional_odds.p_value < 0.001
    assert any("not the same at every cut" in note for note in found.notes)
    assert found.proportional_odds.table["odds_ratio"].is_monotonic_increasing


def test_two_categories_are_logistic_regression(study) -> None:
    found = cumulative_logit(ready(study("two")))
    assert any("this is logistic regression" in note for note in found.notes)
    assert math.isnan(found.proportional_odds.p_value)


def test_teams_are_the_clusters_where_there_is_a_level_for_them(study) -> None:
    frame = study("five").assign(team=lambda d: d["group"] // 4)
    found = cumulative_logit(ready(frame, team="team"))
    assert (found.by, found.n_clusters, found.n_groups) == ("team", 11, 40)
    alone = cumulative_logit(ready(frame))
    np.testing.assert_allclose(found.table["estimate"], alone.table["estimate"], 1e-10)
    assert found.table["df"][0] == 8


def test_split_covariates_enter_as_in_the_primary(study) -> None:
    frame = study("five")
    found = cumulative_logit(ready(frame, split_covariates=True))
    assert found.table["term"].tolist() == ["w", "x (within)", "x (between)"]
    means = frame.groupby("group")["x"].transform("mean")
    by_hand = frame.assign(within=frame["x"] - means, between=means)
    other = cumulative_logit(ready(by_hand, covariates=("within", "between")))
    np.testing.assert_allclose(found.table["estimate"], other.table["estimate"], 1e-8)


def test_few_clusters_are_said(study) -> None:
    few = cumulative_logit(ready(study("three")))
    assert any("With 24 clusters of group this test rejects" in note for note in few.notes)


def test_too_few_clusters_have_no_test(study) -> None:
    frame = study("five")
    few = frame[frame["group"] <= 3]
    found = cumulative_logit(ready(few, covariates=("x",)))
    assert found.table["p_value"].isna().all()
    assert any("too few clusters of group" in note for note in found.notes)
    assert np.isfinite(found.table["estimate"]).all()
