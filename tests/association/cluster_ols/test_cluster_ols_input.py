"""Cluster-robust regression on what cannot be fitted, or only in part: said in words."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import polars as pl
import pytest

from relsurvey.association.cluster_ols import cluster_ols, fit_cluster_ols
from relsurvey.association.cluster_ols.sandwich import cluster_products
from relsurvey.errors import ModelError
from relsurvey.moments.group_rows import group_sums


def frame(**changed) -> pd.DataFrame:
    random = np.random.default_rng(3)
    worker = np.repeat([f"w{code}" for code in range(6)], 5)
    x = np.repeat(random.normal(size=6), 5)
    columns = {"worker": worker, "x": x, "z": random.normal(size=30), "y": random.normal(size=30)}
    return pd.DataFrame({**columns, **changed})


def fit(predictors=(), vcov="CR2", **changed):
    return fit_cluster_ols(frame(**changed), "y", list(predictors), "worker", vcov=vcov)


def test_one_cluster_only() -> None:
    with pytest.raises(ModelError, match=r"All 30 rows have the same worker \('w1'\)"):
        fit(worker="w1")


def test_one_row_a_cluster_and_an_outcome_of_the_cluster_are_fitted() -> None:
    assert np.isfinite(
        fit(["x"], worker=[f"w{row}" for row in range(30)], x=range(30)).table.df
    ).all()
    assert np.isfinite(fit(["x"], y=np.repeat(np.arange(6.0) ** 2, 5)).table.df).all()


def test_unknown_estimator() -> None:
    with pytest.raises(ModelError, match="vcov cannot be 'CR4'") as caught:
        fit(["x"], vcov="CR4")
    assert "Allowed: CR0, CR1, CR1S, CR2, CR3" in str(caught.value)


def test_collinear_predictors_are_named() -> None:
    with pytest.raises(ModelError, match="'twice' follows from 'z'"):
        fit(["z", "twice"], twice=2 * frame()["z"] + 1)


def test_no_remainder() -> None:
    with pytest.raises(ModelError, match="without remainder"):
        fit(["z"], y=3 * frame()["z"] - 1)


def test_as_many_cluster_predictors_as_clusters() -> None:
    random = np.random.default_rng(1)
    of_clusters = {name: np.repeat(random.normal(size=6), 5) for name in "abcde"}
    with pytest.raises(ModelError, match="there are only 6 groups of worker"):
        fit(list("abcde"), **of_clusters)


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_confidence_is_a_share(confidence) -> None:
    with pytest.raises(ModelError, match="between 0 and 1"):
        fit_cluster_ols(frame(), "y", ["x"], "worker", confidence=confidence)


def test_infinite_values_and_unknown_columns() -> None:
    with pytest.raises(ModelError, match="nfinite"):
        fit(["z"], z=[np.inf, *range(29)])
    with pytest.raises(ModelError, match="not in the table"):
        fit(["zz"])


def test_two_clusters_are_fitted_and_said_to_be_too_few() -> None:
    result = fit(["z"], worker=np.repeat(["a", "b"], 15))
    assert result.n_groups == 2
    assert any("degrees of freedom below 4" in note for note in result.notes)
    assert "Too few clusters bear on" in result.summary()


def test_what_one_cluster_decides_is_said() -> None:
    only = np.where(frame()["worker"] == "w2", frame()["z"], 0.0)
    result = fit(["only"], only=only)
    assert any("One cluster of worker alone decides a part of only" in n for n in result.notes)


def test_a_coefficient_without_two_clusters_has_no_error() -> None:
    data = frame().assign(team=lambda d: np.where(d["worker"] < "w3", "t", "u"))
    data["of_team"] = (data["team"] == "t").astype(float)
    sums = group_sums(data, ["of_team", "y"], "worker", nested_in="team", each_within=True)
    result = cluster_ols(sums, "y", ("of_team",), by_parent=True)
    row = result.to_frame().iloc[1]
    assert np.isfinite(row["estimate"])
    assert row[["std_error", "df", "p_value", "conf_low"]].isna().all()
    assert any("No two clusters of team speak to" in note for note in result.notes)
    assert "n/a" in result.summary()
    json.dumps(result.to_dict(), allow_nan=False)


def test_old_estimators_with_few_clusters_are_warned_of() -> None:
    assert any("CR1S rejects too often" in note for note in fit(["x"], vcov="CR1S").notes)
    assert not fit(["x", "z"], worker=np.arange(30)).notes


def test_missing_rows_are_counted_and_polars_is_the_same() -> None:
    data = frame(y=[np.nan, *np.random.default_rng(1).normal(size=29)])
    result = fit_cluster_ols(data, "y", "z", "worker")
    assert (result.n_rows, result.n_dropped) == (29, 1)
    assert "1 row left out for missing values (y 1)" in result.summary()
    other = fit_cluster_ols(pl.from_pandas(data), "y", "z", "worker")
    pd.testing.assert_frame_equal(result.table, other.table)


def test_no_predictors_give_the_mean() -> None:
    table = fit().to_frame()
    assert table["term"].tolist() == ["(Intercept)"]
    assert table["estimate"][0] == pytest.approx(frame()["y"].mean())


def test_sums_have_to_hold_each_cluster() -> None:
    sums = group_sums(frame(), ["x", "y"], "worker")
    with pytest.raises(ValueError, match="each_within=True"):
        cluster_products(sums, ("x", "y"), by_parent=False)
    sums = group_sums(frame(), ["x", "y"], "worker", each_within=True)
    with pytest.raises(ValueError, match="nested_in"):
        cluster_products(sums, ("x", "y"), by_parent=True)
