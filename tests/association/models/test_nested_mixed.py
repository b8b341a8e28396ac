"""fit_mixed with three levels as a user meets it: what it says, and what it refuses."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from nested_by_matrices import drawn

import relsurvey as rs
from relsurvey.errors import ModelError


def fit(frame, predictors=(), **options):
    return rs.fit_mixed(frame, "y", list(predictors), "worker", nested_in="team", **options)


def test_summary_names_the_three_levels() -> None:
    result = fit(drawn(0), ["w"])
    text = result.summary()
    assert "in 17 groups of worker in 6 units of team" in text
    assert "between worker within team" in text
    assert "shares: team" in text
    assert "Only 6 units of team" in text
    assert sum(result.shares.values()) == pytest.approx(1)
    assert result.icc == pytest.approx(1 - result.shares["residual"])


def test_the_dictionary_can_be_written_and_leaves_the_fit_out() -> None:
    written = fit(drawn(0), ["w"]).to_dict()
    assert json.loads(json.dumps(written))["n_parents"] == 6
    assert "_fit" not in written


def test_a_unit_with_one_group_is_fine() -> None:
    frame = drawn(0)
    assert (frame.groupby("team")["worker"].nunique() == 1).any()
    assert fit(frame, ["x"]).converged


def test_one_group_in_each_unit() -> None:
    frame = drawn(0)
    with pytest.raises(ModelError, match="Each team has one worker only"):
        fit(frame.assign(team=frame["worker"]))


def test_one_unit() -> None:
    with pytest.raises(ModelError, match=r"All 17 groups of worker are in the same team \(5\)"):
        fit(drawn(0).assign(team=5))


def test_a_group_in_two_units() -> None:
    frame = drawn(0)
    frame.loc[frame.index[-1], "team"] = 0
    with pytest.raises(ModelError, match="worker"):
        fit(frame)


def test_as_many_unit_predictors_as_units() -> None:
    frame = drawn(0, units=(4, 4, 4))
    values = np.random.default_rng(1).normal(size=(2, 3))
    frame = frame.assign(a=values[0][frame["team"]], b=values[1][frame["team"]])
    with pytest.raises(ModelError, match="there are only 3 units of team") as caught:
        fit(frame, ["a", "b", "x"])
    assert "'a', 'b' and the intercept" in str(caught.value)
    assert fit(frame, ["a", "x"]).converged


def test_predictors_that_leave_groups_and_units_alike() -> None:
    frame = drawn(0, units=(2, 1, 1, 2, 1, 1))
    random = np.random.default_rng(1)
    for name in ("a", "b"):
        frame[name] = random.normal(size=8)[frame["worker"]]
    with pytest.raises(ModelError, match="With 'a', 'b' in the model, nothing is left to tell"):
        fit(frame, ["a", "b"])
    assert fit(frame, ["a"]).converged


def test_collinear_columns_are_named() -> None:
    frame = drawn(0).assign(sum=lambda rows: rows["w"] + 2 * rows["x"])
    with pytest.raises(ModelError, match="'sum' follows from 'w', 'x'"):
        fit(frame, ["w", "x", "sum"])


def test_more_fixed_effects_than_groups_is_said() -> None:
    random = np.random.default_rng(3)
    frame = drawn(3, units=(2, 2))
    for name in "abcd":
        frame[name] = random.normal(size=len(frame))
    result = fit(frame, list("abcd"))
    assert any("more fixed effects (5, with the intercept) than groups" in n for n in result.notes)


def test_a_level_may_not_be_called_residual() -> None:
    frame = drawn(0).rename(columns={"team": "residual"})
    with pytest.raises(ModelError, match="The nested_in column is called 'residual'"):
        rs.fit_mixed(frame, "y", [], "worker", nested_in="residual")


def test_ids_of_mixed_type_infinite_values_and_missing_teams() -> None:
    frame = drawn(0)
    with pytest.raises(ModelError, match="Infinite values in 'x'"):
        fit(frame.assign(x=np.where(frame.index == 3, np.inf, frame["x"])), ["x"])
    gaps = frame.assign(team=frame["team"].astype("float").where(frame.index != 0))
    assert fit(gaps, ["x"]).n_dropped == 1


def test_an_outcome_with_two_values_is_fitted() -> None:
    frame = drawn(0)
    result = fit(frame.assign(y=(frame["y"] > frame["y"].median()).astype(int)), ["x"])
    assert np.isfinite(result.table.drop(columns="term").to_numpy()).all()


def test_df_residual_counts_rows() -> None:
    frame = drawn(0)
    result = fit(frame, ["x"], df="residual")
    assert isinstance(result.table, pd.DataFrame)
    np.testing.assert_array_equal(result.table["df"], len(frame) - 2)
