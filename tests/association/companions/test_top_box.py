"""The best answer: the GEE of R, its small-sample errors by hand, separation, all or none."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from relsurvey.association.companions.top_box import top_box
from relsurvey.association.prepared import prepare
from relsurvey.errors import ModelError

OTHER_DIVISOR = 0.02  # geepack divides by n, statsmodels by n - p, in the working correlation


def ready(frame, covariates=("x",), **options):
    options = {"group": "group", "split_covariates": False, **options}
    return prepare(frame, "y", "w", covariates=covariates, **options)


def by_hand(frame, best, alpha):
    """Estimates and Mancl and DeRouen's errors at a given working correlation."""
    gave = (frame["y"] >= best).to_numpy(float)
    X = np.column_stack([np.ones(len(frame)), frame["w"], frame["x"]])
    places = [np.flatnonzero(frame["group"] == one) for one in frame["group"].unique()]
    beta = np.zeros(3)

    def parts(place):
        chance = expit(X[place] @ beta)
        spread = chance * (1 - chance)
        D = X[place] * spread[:, None]
        working = (1 - alpha) * np.eye(len(place)) + alpha
        V = np.sqrt(np.outer(spread, spread)) * working
        return D, np.linalg.inv(V), gave[place] - chance

    for _ in range(60):
        pieces = [parts(place) for place in places]
        bread = np.linalg.inv(sum(D.T @ V @ D for D, V, _ in pieces))
        beta = beta + bread @ sum(D.T @ V @ e for D, V, e in pieces)
    meat = np.zeros((3, 3))
    for D, V, e in pieces:
        leverage = D @ bread @ D.T @ V
        score = D.T @ V @ np.linalg.solve(np.eye(len(e)) - leverage, e)
        meat += np.outer(score, score)
    return beta, np.sqrt(np.diag(bread @ meat @ bread))


@pytest.mark.parametrize("name", ["two", "three", "five"])
def test_equals_r_and_the_equations(name, golden, study) -> None:
    wanted, frame = golden[name]["gee"], study(name)
    found = top_box(ready(frame), best=wanted["best"])
    assert found.working_correlation == pytest.approx(wanted["alpha"], abs=OTHER_DIVISOR)
    np.testing.assert_allclose(found.table["estimate"], wanted["estimate"][1:], atol=OTHER_DIVISOR)
    np.testing.assert_allclose(
        found.table["std_error"], wanted["se_bias_reduced"][1:], rtol=OTHER_DIVISOR
    )
    beta, errors = by_hand(frame, wanted["best"], found.working_correlation)
    np.testing.assert_allclose(found.table["estimate"], beta[1:], rtol=1e-6)
    np.testing.assert_allclose(found.table["std_error"], errors[1:], rtol=1e-6)
    r_beta, r_errors = by_hand(frame, wanted["best"], wanted["alpha"])
    np.testing.assert_allclose(r_beta, wanted["estimate"], rtol=1e-5)
    np.testing.assert_allclose(r_errors, wanted["se_bias_reduced"], rtol=1e-5)


def test_df_and_interval_are_those_of_t(study) -> None:
    found = top_box(ready(study("five")), best=5)
    row = found.table.iloc[0]
    assert row["df"] == 40 - 3
    assert row["odds_ratio_low"] == pytest.approx(math.exp(row["conf_low"]))
    assert found.share == pytest.approx((study("five")["y"] == 5).mean())
    line = found.to_companion()
    assert (line.estimate, line.df, line.scale) == (row["odds_ratio"], 37, "odds ratio")
    json.dumps(found.to_dict(), allow_nan=False)
    assert "in a hundred give the best answer" in found.summary()


def test_the_difference_is_the_average_slope_of_the_probability(study) -> None:
    frame = study("five")
    found = top_box(ready(frame), best=5)
    beta, _ = by_hand(frame, 5, found.working_correlation)
    X = np.column_stack([np.ones(len(frame)), frame["w"], frame["x"]])
    step = np.array([0, 1e-5, 0])
    slope = (expit((X + step) @ beta) - expit((X - step) @ beta)).mean() / 2e-5
    assert found.difference == pytest.approx(slope, rel=1e-5)
    assert found.difference_low < found.difference < found.difference_high
    doubled = top_box(ready(frame.assign(w=2 * frame["w"])), best=5)
    assert 2 * doubled.difference == pytest.approx(found.difference, rel=1e-6)
    assert 2 * doubled.difference_std_error == pytest.approx(found.difference_std_error, rel=1e-6)


@pytest.mark.parametrize(("best", "who"), [(9, "Nobody"), (0, "Everybody")])
def test_all_or_none_is_said(best, who, study) -> None:
    found = top_box(ready(study("five")), best=best)
    assert found.notes[0].startswith(f"{who} gave the best answer")
    end = study("five")["y"].max() if who == "Nobody" else study("five")["y"].min()
    assert f"counts from {best:g}, and the " in found.notes[0]
    assert f"est value of y is {end:g}. No odds ratio" in found.notes[0]
    assert found.table[["estimate", "df", "p_value"]].isna().all(axis=None)
    assert math.isnan(found.difference)
    assert found.notes[0] in found.to_companion().note
    json.dumps(found.to_dict(), allow_nan=False)


def test_separation_is_said() -> None:
    group = np.repeat(np.arange(12), 4)
    frame = pd.DataFrame({"group": group, "w": group / 12, "y": (group >= 6) + 0.0})
    found = top_box(ready(frame, covariates=()), best=1)
    assert not found.converged
    assert "separate those who gave the best answer" in found.summary()
    assert found.table["odds_ratio"].isna().all()


def test_nearly_all_on_one_side_is_said(study) -> None:
    frame = study("five")
    rare = frame["y"].where(frame.index >= 8, 6.0)
    found = top_box(ready(frame.assign(y=rare)), best=6)
    assert any("Nearly all are on one side" in note for note in found.notes)
    assert not top_box(ready(frame), best=5).notes


def test_teams_are_the_clusters_where_there_is_a_level_for_them(study) -> None:
    frame = study("five").assign(team=lambda d: d["group"] // 4)
    found = top_box(ready(frame, team="team"), best=5)
    assert (found.by, found.n_clusters) == ("team", 11)


def test_too_few_clusters_have_no_test(study) -> None:
    frame = study("five")
    found = top_box(ready(frame[frame["group"] <= 3]), best=4)
    assert found.table["p_value"].isna().all()
    assert any("too few clusters" in note for note in found.notes)


def test_what_cannot_be_asked_is_refused(study) -> None:
    frame = study("five")
    for best in ("5", math.nan, None):
        with pytest.raises(ModelError, match="best has to be a number"):
            top_box(ready(frame), best=best)
    with pytest.raises(ModelError, match="of one group"):
        top_box(ready(frame.assign(group=1, w=2.0)), best=5)
    with pytest.raises(ModelError, match="not in the table"):
        top_box(ready(frame), best=5, outcome="item")


def test_order_and_labels_change_nothing(study) -> None:
    frame = study("three")
    plain = top_box(ready(frame), best=3).table
    moved = frame.assign(group=[f"g{one}" for one in frame["group"]]).sample(frac=1, random_state=1)
    np.testing.assert_allclose(
        top_box(ready(moved), best=3).table["std_error"], plain["std_error"], 1e-8
    )
