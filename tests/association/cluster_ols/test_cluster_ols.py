"""Cluster-robust regression against clubSandwich, brute force and statsmodels."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from relsurvey.association.cluster_ols import cluster_ols, fit_cluster_ols
from relsurvey.association.cluster_ols.sandwich import ESTIMATORS
from relsurvey.moments.group_rows import group_sums

GOLDEN = json.loads(
    (Path(__file__).parents[2] / "reference" / "cluster_reference.json").read_text(encoding="utf-8")
)
HSB = Path(__file__).parents[2] / "reference"
SETS = [name for name in GOLDEN if name != "versions"]
ERROR = 1e-8
DEGREES = 1e-6


def regression(name: str, vcov: str):
    golden = GOLDEN[name]
    data = pd.DataFrame(golden["data"])
    if name != "teams":
        return fit_cluster_ols(data, "y", golden["predictors"], "group", vcov=vcov)
    columns = [*golden["predictors"], "y"]
    sums = group_sums(data, columns, "group", nested_in="team", each_within=True)
    terms = tuple(golden["predictors"])
    return cluster_ols(sums, "y", terms, vcov=vcov, by_parent=True)


@pytest.mark.parametrize("block", ["ols_cr2", "ols_cr2_few_clusters"])
def test_high_school_and_beyond(block) -> None:
    reference = json.loads((HSB / "hsb_reference.json").read_text(encoding="utf-8"))
    frame = pd.read_csv(HSB / "hsb.csv", dtype={"School": str})
    frame = frame.assign(
        catholic=frame["Sector"] == "Catholic",
        female=frame["Sex"] == "Female",
        minority=(frame["Minority"] == "Yes").astype(int),
    )
    if block == "ols_cr2_few_clusters":
        frame = frame[frame["School"].isin([str(s) for s in reference["few_clusters_schools"]])]
    wanted = reference[block]
    found = fit_cluster_ols(frame, "MathAch", wanted["names"][1:], "School").to_frame()
    assert found["term"].tolist() == wanted["names"]
    np.testing.assert_allclose(found["estimate"], wanted["estimate"], ERROR)
    np.testing.assert_allclose(found["std_error"], wanted["se"], ERROR)
    np.testing.assert_allclose(found["df"], wanted["df"], DEGREES)
    np.testing.assert_allclose(found["p_value"], wanted["p"], 1e-6)


@pytest.mark.parametrize("vcov", ESTIMATORS)
@pytest.mark.parametrize("name", SETS)
def test_simulated_studies_equal_clubsandwich(name, vcov) -> None:
    golden = GOLDEN[name]
    result = regression(name, vcov)
    found = result.to_frame()
    np.testing.assert_allclose(found["estimate"], golden["estimate"], ERROR)
    assert result.r_squared == pytest.approx(golden["r_squared"], rel=1e-9)
    if vcov not in golden:  # clubSandwich stops where a block of the residual maker is singular
        assert (name, vcov) == ("one_cluster", "CR3")
        assert any("alone decides" in note for note in result.notes)
        return
    np.testing.assert_allclose(found["std_error"], golden[vcov]["se"], ERROR)
    if vcov in ("CR2", "CR3"):
        np.testing.assert_allclose(found["df"], golden[vcov]["df"], DEGREES)
        np.testing.assert_allclose(found["p_value"], golden[vcov]["p"], 1e-6)
    else:
        assert (found["df"] == result.n_groups - 1).all()


@pytest.mark.parametrize("name", ["unbalanced", "few", "singles"])
def test_cr1s_equals_statsmodels(name) -> None:
    golden = GOLDEN[name]
    data = pd.DataFrame(golden["data"])
    design = sm.add_constant(data[golden["predictors"]])
    fit = sm.OLS(data["y"], design).fit(
        cov_type="cluster", cov_kwds={"groups": data["group"]}, use_t=True
    )
    found = fit_cluster_ols(data, "y", golden["predictors"], "group", vcov="CR1S").to_frame()
    np.testing.assert_allclose(found["std_error"], fit.bse, 1e-10)
    np.testing.assert_allclose(found["p_value"], fit.pvalues, 1e-9)


def test_singles_are_the_heteroscedasticity_robust_errors() -> None:
    golden = GOLDEN["singles"]
    data = pd.DataFrame(golden["data"])
    design = sm.add_constant(data[golden["predictors"]])
    for vcov, classic in (("CR0", "HC0"), ("CR2", "HC2"), ("CR3", "HC3")):
        wanted = sm.OLS(data["y"], design).fit(cov_type=classic).bse
        np.testing.assert_allclose(regression("singles", vcov).table["std_error"], wanted, 1e-10)


def dense_cr2(X, y, clusters, contrast):
    """Standard error and df from the n x n residual maker itself."""
    n = len(y)
    inverse = np.linalg.inv(X.T @ X)
    maker = np.eye(n) - X @ inverse @ X.T
    residuals = maker @ y
    vectors, variance = [], 0.0
    for cluster in np.unique(clusters):
        inside = clusters == cluster
        values, axes = np.linalg.eigh(maker[np.ix_(inside, inside)])
        power = np.where(values > 1e-10, values, np.inf) ** -0.5
        adjusted = (axes * power) @ axes.T @ X[inside] @ inverse @ contrast
        variance += (adjusted @ residuals[inside]) ** 2
        vectors.append(maker[:, inside] @ adjusted)
    table = np.array(vectors) @ np.array(vectors).T
    return np.sqrt(variance), np.trace(table) ** 2 / (table**2).sum()


@pytest.mark.parametrize("seed", range(5))
def test_equals_the_matrices_of_all_rows(seed) -> None:
    random = np.random.default_rng(seed)
    clusters = np.sort(random.integers(0, 9, 40))
    x, z = random.normal(size=(2, 40))
    y = x + random.normal(size=9)[clusters] + random.normal(size=40)
    data = {"g": clusters, "x": x, "z": z, "y": y}
    found = fit_cluster_ols(data, "y", ["x", "z"], "g").to_frame()
    X = np.column_stack([np.ones(40), x, z])
    for place, contrast in enumerate(np.eye(3)):
        error, degrees = dense_cr2(X, y, clusters, contrast)
        assert found["std_error"][place] == pytest.approx(error, rel=1e-10)
        assert found["df"][place] == pytest.approx(degrees, rel=1e-10)


def test_shift_scale_order_and_labels_change_nothing() -> None:
    golden = GOLDEN["unbalanced"]
    data = pd.DataFrame(golden["data"])
    plain = fit_cluster_ols(data, "y", ["w", "x"], "group").to_frame()
    moved = data.assign(
        group=["w" + str(9 * one) for one in data["group"]], w=data["w"] * 1000 + 1e6, y=-data["y"]
    ).sample(frac=1, random_state=1)
    found = fit_cluster_ols(moved, "y", ["w", "x"], "group").to_frame()
    np.testing.assert_allclose(-1000 * found["estimate"][1], plain["estimate"][1], 1e-7)
    np.testing.assert_allclose(1000 * found["std_error"][1], plain["std_error"][1], 1e-7)
    np.testing.assert_allclose(found["df"][1:], plain["df"][1:], 1e-7)


def test_teams_of_one_worker_are_workers() -> None:
    golden = GOLDEN["few"]
    data = pd.DataFrame(golden["data"]).assign(team=lambda d: d["group"] + 100)
    sums = group_sums(data, ["w", "x", "y"], "group", nested_in="team", each_within=True)
    by_team = cluster_ols(sums, "y", ("w", "x"), by_parent=True).table
    pd.testing.assert_frame_equal(by_team, cluster_ols(sums, "y", ("w", "x")).table)


def test_rejects_at_the_nominal_rate_with_twelve_clusters() -> None:
    random = np.random.default_rng(5)
    clusters = np.repeat(np.arange(12), 4)
    rejected = 0
    for _ in range(400):
        x = random.normal(size=12)[clusters]
        y = 0.5 * random.normal(size=12)[clusters] + random.normal(size=48)
        table = fit_cluster_ols({"g": clusters, "x": x, "y": y}, "y", ["x"], "g").table
        rejected += table["p_value"].iloc[1] < 0.05
    assert 0.025 < rejected / 400 < 0.075
