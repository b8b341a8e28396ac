"""fit_mixed without R: closed forms, brute force, other programs, invariance, recovery."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal
from statsmodels.regression.mixed_linear_model import MixedLM

import relsurvey as rs
from relsurvey.association.models.likelihood import likelihood_sums, profile
from relsurvey.moments.group_rows import group_sums

EXACT = 1e-9  # closed forms; the search stops at 1e-12, rounding does the rest
INVARIANT = 1e-7
OTHER_PROGRAM = 1e-4  # statsmodels' own stopping rule
OTHER_ERRORS = 5e-3  # it inverts the Hessian of effects and variances together
LARGE_OFFSET = 1e-8


def drawn(
    seed: int = 1, sizes: tuple[int, ...] = (1, 4, 9, 3, 12, 5, 8, 2, 6, 7), between: float = 1.0
) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    worker = np.repeat(np.arange(len(sizes)), sizes)
    x = random.normal(size=len(sizes))[worker]
    z = random.normal(size=len(worker))
    shift = np.sqrt(between) * random.normal(size=len(sizes))[worker]
    y = 2.0 + 0.5 * x - 0.3 * z + shift + random.normal(size=len(worker))
    return pd.DataFrame({"worker": worker, "x": x, "z": z, "y": y})


def flat() -> pd.DataFrame:
    """Workers whose means differ less than chance would make them."""
    random = np.random.default_rng(5)
    worker = np.repeat(np.arange(6), [3, 5, 4, 6, 2, 7])
    y, x = random.normal(size=(2, len(worker)))
    y -= pd.Series(y).groupby(worker).transform("mean").to_numpy()
    return pd.DataFrame({"worker": worker, "x": x, "y": y})


def sums_of(frame: pd.DataFrame, *predictors: str):
    return likelihood_sums(group_sums(frame, [*predictors, "y"], "worker"), "y", predictors)


def dense_deviance(frame, predictors, between, residual, *, reml: bool) -> float:
    """Return -2 log-likelihood from the full covariance matrix; the effects are profiled out."""
    X = np.column_stack([np.ones(len(frame)), *(frame[name] for name in predictors)])
    same = frame["worker"].to_numpy()[:, None] == frame["worker"].to_numpy()
    V = residual * np.eye(len(frame)) + between * same
    inverse = np.linalg.inv(V)
    effects = np.linalg.solve(X.T @ inverse @ X, X.T @ inverse @ frame["y"])
    deviance = -2 * multivariate_normal(X @ effects, V).logpdf(frame["y"])
    if reml:
        p = X.shape[1]
        deviance += np.linalg.slogdet(X.T @ inverse @ X)[1] - p * np.log(2 * np.pi)
    return float(deviance)


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_deviance_is_that_of_the_full_covariance_matrix_and_its_minimum(seed, reml) -> None:
    frame = drawn(seed)
    result = rs.fit_mixed(frame, "y", ["x", "z"], "worker", reml=reml)
    between, residual = result.variance["worker"], result.variance["residual"]
    found = dense_deviance(frame, ["x", "z"], between, residual, reml=reml)
    assert result.deviance == pytest.approx(found, abs=1e-8)
    for b, r in ((1.02, 1.0), (0.98, 1.0), (1.0, 1.02), (1.0, 0.98)):
        other = dense_deviance(frame, ["x", "z"], b * between, r * residual, reml=reml)
        assert other > found


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("theta", [1e-3, 0.3, 4.0, 500.0])
def test_derivatives_are_those_of_finite_differences(theta: float, reml: bool) -> None:
    sums = sums_of(drawn(3), "x", "z")
    step = 1e-4 * theta
    low, here, high = profile(sums, theta + step * np.array([-1.0, 0.0, 1.0]), reml=reml).slope
    curvature = profile(sums, np.array([theta]), reml=reml).curvature[0]
    assert (high - low) / (2 * step) == pytest.approx(curvature, rel=1e-5)
    below, above = profile(sums, theta + step * np.array([-1.0, 1.0]), reml=reml).deviance
    assert (above - below) / (2 * step) == pytest.approx(here, rel=1e-5, abs=1e-6)


def test_satterthwaite_df_are_those_of_a_numerical_hessian() -> None:
    frame = drawn(7)
    result = rs.fit_mixed(frame, "y", ["x"], "worker")
    best = np.array([result.variance["worker"], result.variance["residual"]])

    def deviance(v):
        return dense_deviance(frame, ["x"], v[0], v[1], reml=True)

    def variances(v):
        X = np.column_stack([np.ones(len(frame)), frame["x"]])
        same = frame["worker"].to_numpy()[:, None] == frame["worker"].to_numpy()
        V = v[1] * np.eye(len(frame)) + v[0] * same
        return np.diag(np.linalg.inv(X.T @ np.linalg.inv(V) @ X))

    steps = np.diag(1e-3 * best)
    hessian = np.array(
        [
            [
                (deviance(best + a + b) - deviance(best + a - b)
                 - deviance(best - a + b) + deviance(best - a - b)) / (4 * a.sum() * b.sum())
                for b in steps
            ]
            for a in steps
        ]
    )  # fmt: skip
    gradient = np.array(
        [(variances(best + a) - variances(best - a)) / (2 * a.sum()) for a in steps]
    )
    spread = np.einsum("ik,ij,jk->k", gradient, 2 * np.linalg.inv(hessian), gradient)
    np.testing.assert_allclose(result.table["df"], 2 * variances(best) ** 2 / spread, rtol=1e-4)


def test_balanced_groups_give_the_anova_estimates() -> None:
    frame = drawn(2, sizes=(6,) * 15)
    result = rs.fit_mixed(frame, "y", [], "worker")
    means = frame.groupby("worker")["y"].mean()
    between = 6 * means.var()
    within = ((frame["y"] - frame["worker"].map(means)) ** 2).sum() / (90 - 15)
    assert result.variance["residual"] == pytest.approx(within, rel=EXACT)
    assert result.variance["worker"] == pytest.approx((between - within) / 6, rel=EXACT)
    assert result.icc == pytest.approx((between - within) / (between + 5 * within), rel=EXACT)
    row = result.table.iloc[0]
    assert row["estimate"] == pytest.approx(frame["y"].mean(), rel=EXACT)
    assert row["std_error"] == pytest.approx(np.sqrt(between / 90), rel=EXACT)
    assert row["df"] == pytest.approx(14, rel=1e-6)


def test_a_group_predictor_in_balanced_groups_is_the_regression_of_means() -> None:
    frame = drawn(4, sizes=(5,) * 20)
    row = rs.fit_mixed(frame, "y", ["x"], "worker").table.iloc[1]
    means = frame.groupby("worker")[["x", "y"]].mean()
    ols = sm.OLS(means["y"], sm.add_constant(means["x"])).fit()
    assert row["estimate"] == pytest.approx(ols.params["x"], rel=EXACT)
    assert row["std_error"] == pytest.approx(ols.bse["x"], rel=EXACT)
    assert row["df"] == pytest.approx(18, rel=1e-6)
    assert row["p_value"] == pytest.approx(ols.pvalues["x"], rel=1e-6)


@pytest.mark.parametrize("reml", [True, False])
def test_no_variance_between_groups_is_ordinary_regression(reml: bool) -> None:
    frame = flat()
    result = rs.fit_mixed(frame, "y", ["x"], "worker", reml=reml)
    ols = sm.OLS(frame["y"], sm.add_constant(frame["x"])).fit()
    assert result.boundary
    assert result.variance["worker"] == 0
    np.testing.assert_allclose(result.table["estimate"], ols.params, EXACT)
    np.testing.assert_array_equal(result.table["df"], len(frame) - (2 if reml else 0))
    factor = 1.0 if reml else np.sqrt((len(frame) - 2) / len(frame))
    np.testing.assert_allclose(result.table["std_error"], ols.bse * factor, EXACT)
    if reml:
        np.testing.assert_allclose(result.table["p_value"], ols.pvalues, EXACT)
        np.testing.assert_allclose(result.table[["conf_low", "conf_high"]], ols.conf_int(), EXACT)
    else:
        assert result.log_likelihood == pytest.approx(ols.llf, rel=EXACT)
    assert "estimated as zero" in result.notes[0]


@pytest.mark.parametrize(
    ("seed", "at_zero"), [(3, True), (40, True), (55, True), (1, False), (15, False), (29, False)]
)
def test_the_better_of_two_minima_is_taken(seed: int, at_zero: bool) -> None:
    """Large groups close together, single rows far apart: a minimum at 0 and one above."""
    random = np.random.default_rng(seed)
    worker = np.concatenate([np.repeat([0, 1, 2], 30), np.arange(3, 8)])
    y = random.normal(size=len(worker))
    y[90:] *= 3.2
    frame = pd.DataFrame({"worker": worker, "y": y})
    grid = np.concatenate([[0.0], np.geomspace(1e-5, 1e3, 4000)])
    path = profile(sums_of(frame), grid, reml=True)
    turns = np.flatnonzero((path.slope[:-1] < 0) & (path.slope[1:] >= 0))
    assert path.slope[0] >= 0
    assert len(turns) == 1
    result = rs.fit_mixed(frame, "y", [], "worker")
    assert result.boundary is at_zero
    between, residual = result.variance["worker"], result.variance["residual"]
    found = profile(sums_of(frame), np.array([between / residual]), reml=True).deviance[0]
    assert found <= path.deviance.min() + 1e-9


def test_statsmodels_agrees() -> None:
    frame = drawn(11, sizes=tuple(range(2, 32)))
    result = rs.fit_mixed(frame, "y", ["x", "z"], "worker")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = MixedLM(frame["y"], sm.add_constant(frame[["x", "z"]]), frame["worker"]).fit()
    np.testing.assert_allclose(result.table["estimate"], other.fe_params, OTHER_PROGRAM)
    np.testing.assert_allclose(result.table["std_error"], other.bse_fe, OTHER_ERRORS)
    assert result.variance["residual"] == pytest.approx(other.scale, rel=OTHER_PROGRAM)
    assert result.log_likelihood >= other.llf - 1e-8


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.floats(-5, 5), st.floats(0.1, 50), st.floats(0.1, 50))
def test_order_shift_and_scale_change_nothing_that_matters(seed, shift, stretch, unit) -> None:
    frame = drawn(seed)
    one = rs.fit_mixed(frame, "y", ["x", "z"], "worker")
    order = np.random.default_rng(seed).permutation(len(frame))
    moved = frame.assign(
        x=stretch * frame["x"] + shift, y=unit * frame["y"] - 7 * shift, worker=9 - frame["worker"]
    ).iloc[order]
    two = rs.fit_mixed(moved, "y", ["x", "z"], "worker")
    assert one.boundary == two.boundary
    slopes = one.table["estimate"][1:] * unit / np.array([stretch, 1.0])
    np.testing.assert_allclose(two.table["estimate"][1:], slopes, INVARIANT, atol=1e-9)
    np.testing.assert_allclose(two.table["statistic"][1:], one.table["statistic"][1:], INVARIANT)
    np.testing.assert_allclose(two.table["df"][1:], one.table["df"][1:], 1e-5)
    assert two.icc == pytest.approx(one.icc, rel=INVARIANT)


def test_a_huge_offset_costs_no_digits_that_the_data_have() -> None:
    frame = drawn(6)
    one = rs.fit_mixed(frame, "y", ["x"], "worker")
    two = rs.fit_mixed(frame.assign(y=frame["y"] + 1e6, x=frame["x"] + 1e6), "y", ["x"], "worker")
    for column in ("estimate", "std_error", "df"):
        assert two.table[column][1] == pytest.approx(one.table[column][1], rel=LARGE_OFFSET)
    assert two.variance["worker"] == pytest.approx(one.variance["worker"], rel=LARGE_OFFSET)
    assert two.deviance == pytest.approx(one.deviance, abs=LARGE_OFFSET * len(frame))


def test_nearly_all_variance_between_groups() -> None:
    frame = drawn(8, sizes=(4,) * 12)
    frame["y"] = 1e5 * frame["worker"] + frame["y"]
    result = rs.fit_mixed(frame, "y", [], "worker")
    means = frame.groupby("worker")["y"].transform("mean")
    within = ((frame["y"] - means) ** 2).sum() / 36
    assert result.variance["residual"] == pytest.approx(within, rel=1e-7)
    assert result.icc > 1 - 1e-9
    assert result.table["df"][0] == pytest.approx(11, rel=1e-4)


def test_truth_is_recovered_and_intervals_cover_it() -> None:
    slopes, covered, between = [], 0, []
    for seed in range(200):
        result = rs.fit_mixed(drawn(seed, sizes=(3, 8, 5, 12, 7) * 6), "y", ["x", "z"], "worker")
        row = result.table.iloc[1]
        slopes.append(row["estimate"])
        covered += row["conf_low"] <= 0.5 <= row["conf_high"]
        between.append(result.variance["worker"])
    assert np.mean(slopes) == pytest.approx(0.5, abs=0.05)
    assert np.mean(between) == pytest.approx(1.0, abs=0.07)
    assert 0.91 <= covered / 200 <= 0.985


def test_residual_degrees_of_freedom() -> None:
    frame = drawn()
    result = rs.fit_mixed(frame, "y", ["x"], "worker", df="residual")
    assert (result.table["df"] == len(frame) - 2).all()


def test_confidence_sets_the_interval() -> None:
    frame = drawn()
    wide = rs.fit_mixed(frame, "y", ["x"], "worker", confidence=0.99).table.iloc[1]
    usual = rs.fit_mixed(frame, "y", ["x"], "worker").table.iloc[1]
    assert wide["conf_low"] < usual["conf_low"] < usual["conf_high"] < wide["conf_high"]


def test_frames_of_every_kind_and_linked_give_the_same_fit() -> None:
    frame = drawn()
    wanted = rs.fit_mixed(frame, "y", "x", "worker").table
    columns = {name: column.to_numpy() for name, column in frame.items()}
    polars = pl.DataFrame(columns)
    workers = frame.groupby("worker")["x"].first().reset_index()
    linked = rs.link(workers, frame.drop(columns="x"), on="worker")
    for data in (columns, polars, polars.lazy(), linked):
        pd.testing.assert_frame_equal(rs.fit_mixed(data, "y", "x", "worker").table, wanted)


def test_rows_with_missing_values_are_left_out_counted_and_told() -> None:
    frame = drawn()
    frame.loc[[3, 7], "y"] = np.nan
    frame.loc[[7, 9], "z"] = np.nan
    result = rs.fit_mixed(frame, "y", ["z"], "worker")
    same = rs.fit_mixed(frame.dropna(), "y", ["z"], "worker")
    pd.testing.assert_frame_equal(result.table, same.table)
    assert result.n_dropped == 3
    assert result.notes[0] == (
        "3 rows left out for missing values (z 2, y 2; some miss more than one)."
    )


def test_summary_frame_and_html_show_the_same_model() -> None:
    result = rs.fit_mixed(drawn(sizes=(5,) * 9), "y", ["x"], "worker")
    text = result.summary()
    assert "Random-intercept model of y (REML), 45 rows in 9 groups of worker" in text
    assert "Only 9 groups of worker" in text
    assert result.to_frame().columns.tolist() == [
        "term", "estimate", "std_error", "df", "statistic", "p_value", "conf_low", "conf_high",
    ]  # fmt: skip
    assert "(Intercept)" in result._repr_html_()
    assert set(result.to_dict()["variance"]) == {"worker", "residual"}
