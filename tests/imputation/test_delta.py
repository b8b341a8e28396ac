"""Answers missing not at random: shifts, tipping points, words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from relsurvey.errors import ModelError
from relsurvey.imputation import associate_imputed, delta_adjustment, impute
from relsurvey.imputation.delta import _tipping

SETTINGS = {"group": "worker_id", "n_imputations": 4, "iterations": 2, "seed": 3}


@pytest.fixture
def unanswered():
    rng = np.random.default_rng(12)
    worker = np.repeat(np.arange(50), 6)
    x = rng.normal(size=50)[worker]
    y = 3 + 0.35 * x + rng.normal(0, 0.3, 50)[worker] + rng.normal(size=300)
    y[rng.random(300) < 0.25] = np.nan
    return {"worker_id": worker, "x": x, "y": y}


def test_delta_zero_is_the_usual_analysis(unanswered):
    found = delta_adjustment(unanswered, "y", "x", deltas=[-0.5], **SETTINGS)
    usual = associate_imputed(impute(unanswered, ["y", "x"], **SETTINGS), "y", "x")
    assert found.primary.slope == usual.slope
    assert found.table.set_index("delta").loc[0.0, "slope"] == usual.slope


def test_imputed_values_are_shifted_by_delta_and_observed_ones_are_not(unanswered):
    plain = impute(unanswered, ["y", "x"], **SETTINGS).completed(2)
    shifted = impute(unanswered, ["y", "x"], delta={"y": -0.5}, **SETTINGS).completed(2)
    gap = np.isnan(unanswered["y"])
    amount = -0.5 * np.nanstd(unanswered["y"], ddof=1)
    difference = (shifted["y"] - plain["y"]).to_numpy()
    assert difference[gap] == pytest.approx(amount)
    assert (difference[~gap] == 0).all()


def test_a_shift_of_one_side_moves_the_slope_and_of_all_hardly(unanswered):
    slopes = {
        workers: delta_adjustment(
            unanswered, "y", "x", deltas=[-1, 1], workers=workers, **SETTINGS
        ).table["slope"].to_numpy()
        for workers in ("all", "below_median", "above_median")
    }  # fmt: skip
    assert slopes["below_median"][0] > slopes["below_median"][1] + 0.1
    assert slopes["above_median"][0] < slopes["above_median"][1] - 0.1
    assert np.ptp(slopes["all"]) < 0.05


def test_the_tipping_point_is_where_the_interval_meets_zero(unanswered):
    found = delta_adjustment(
        unanswered, "y", "x", deltas=[0.5, 1, 1.5, 2, 2.5, 3], workers="below_median", **SETTINGS
    )
    assert found.verdict == "higher"
    assert np.isnan(found.tipping_below)
    before = found.table[found.table["delta"] < found.tipping_above]
    after = found.table[found.table["delta"] >= found.tipping_above]
    assert (before["verdict"] == "higher").all()
    assert after["verdict"].iloc[0] == "not shown"
    at = delta_adjustment(
        unanswered, "y", "x", deltas=[found.tipping_above], workers="below_median", **SETTINGS
    ).table.set_index("delta")
    assert at.loc[found.tipping_above, "conf_low"] == pytest.approx(0, abs=0.02)
    assert "This would change if the answers missing from workers below the median" in (
        found.sentence
    )


def test_a_tipping_point_by_hand():
    away = pd.DataFrame(
        {"delta": [0.0, 0.5, 1.0], "verdict": ["not shown", "not shown", "lower"],
         "conf_low": [-1.0, -1.5, -2.0], "conf_high": [0.6, 0.3, -0.1]}
    )  # fmt: skip
    assert _tipping(away) == pytest.approx(0.5 + 0.5 * 0.3 / 0.4)
    assert np.isnan(_tipping(away.head(2)))


def test_what_cannot_be_asked(unanswered):
    full = unanswered | {"y": np.nan_to_num(unanswered["y"])}
    with pytest.raises(ModelError, match="No value of 'y' is missing"):
        delta_adjustment(full, "y", "x", **SETTINGS)
    with pytest.raises(ModelError, match="deltas has to be a list of numbers"):
        delta_adjustment(unanswered, "y", "x", deltas=["much"], **SETTINGS)
    with pytest.raises(ModelError, match="workers cannot be 'low'"):
        delta_adjustment(unanswered, "y", "x", workers="low", **SETTINGS)
