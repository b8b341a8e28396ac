"""The best of all maxima is found, zeros among them; three levels collapse to two and to one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from nested_by_matrices import drawn

import relsurvey as rs
from relsurvey.association.models.estimability import require_estimable
from relsurvey.association.models.nested_likelihood import nested_sums
from relsurvey.association.models.nested_search import grid_deviance, minimise_nested
from relsurvey.moments.group_rows import group_sums

COLLAPSED = 1e-10
INVARIANT = 1e-6  # the offset costs five digits, and flat likelihoods some more


def flat(frame: pd.DataFrame, level: str) -> pd.DataFrame:
    """Take the differences between the means of a level out of the outcome."""
    means = frame.groupby(level)["y"].transform("mean")
    return frame.assign(y=frame["y"] - means)


def tables_match(one, other, tolerance: float) -> None:
    columns = ["estimate", "std_error", "df"]
    np.testing.assert_allclose(one.table[columns], other.table[columns], tolerance)
    assert one.deviance == pytest.approx(other.deviance, rel=tolerance)


@pytest.mark.parametrize("reml", [True, False])
def test_no_variance_between_units_is_the_two_level_model(reml: bool) -> None:
    frame = flat(drawn(1, units=(3, 4, 5, 3, 4, 6)), "team")
    three = rs.fit_mixed(frame, "y", ["w", "x"], "worker", nested_in="team", reml=reml)
    two = rs.fit_mixed(frame, "y", ["w", "x"], "worker", reml=reml)
    assert three.variance["team"] == 0
    assert three.boundary
    assert not two.boundary
    tables_match(three, two, COLLAPSED)
    for level in ("worker", "residual"):
        assert three.variance[level] == pytest.approx(two.variance[level], rel=COLLAPSED)
    assert "variance between team beyond what the predictors account for is" in three.notes[0]
    assert "the model without the level of team" in three.notes[0]


@pytest.mark.parametrize("reml", [True, False])
def test_no_variance_between_groups_is_the_model_of_the_units(reml: bool) -> None:
    frame = drawn(2, units=(3, 4, 5, 3, 4, 6), unit_sd=0.0, group_sd=0.0)
    frame = flat(frame, "worker")
    frame["y"] += np.random.default_rng(1).normal(size=6)[frame["team"]]
    three = rs.fit_mixed(frame, "y", ["x"], "worker", nested_in="team", reml=reml)
    two = rs.fit_mixed(frame, "y", ["x"], "team", reml=reml)
    assert three.variance["worker"] == 0
    tables_match(three, two, COLLAPSED)
    assert three.variance["team"] == pytest.approx(two.variance["team"], rel=COLLAPSED)
    assert "The variance between worker of the same team" in three.notes[0]


@pytest.mark.parametrize("reml", [True, False])
def test_no_variance_at_all_is_ordinary_regression(reml: bool) -> None:
    frame = flat(drawn(3), "worker")
    result = rs.fit_mixed(frame, "y", ["w", "x"], "worker", nested_in="team", reml=reml)
    ols = sm.OLS(frame["y"], sm.add_constant(frame[["w", "x"]])).fit()
    assert [result.variance[level] for level in ("worker", "team")] == [0, 0]
    np.testing.assert_allclose(result.table["estimate"], ols.params, rtol=1e-9, atol=1e-12)
    factor = 1.0 if reml else np.sqrt((len(frame) - 3) / len(frame))
    np.testing.assert_allclose(result.table["std_error"], ols.bse * factor, 1e-9)
    np.testing.assert_array_equal(result.table["df"], len(frame) - (3 if reml else 0))
    assert "are both estimated as zero" in result.notes[0]


@pytest.mark.parametrize("seed", range(12))
def test_nothing_on_a_fine_grid_is_lower(seed: int) -> None:
    """Heavy tails and sizes far apart give likelihoods with several maxima."""
    random = np.random.default_rng(seed)
    units = random.integers(2, 5, random.integers(2, 7))
    sizes = random.choice([1, 1, 2, 30], units.sum())
    sizes[0] = 4
    group = np.repeat(np.arange(len(sizes)), sizes)
    unit = np.repeat(np.arange(len(units)), units)[group]
    y = random.choice([0, 1, 10]) * random.standard_t(1.5, len(sizes))[group]
    y = y + random.choice([0, 1, 10]) * random.standard_t(1.5, len(units))[unit]
    frame = pd.DataFrame({"g": group, "u": unit, "y": y + random.normal(size=len(group))})
    sums = group_sums(frame, ["y"], "g", nested_in="u")
    within = require_estimable(sums, "y", ())
    parts = nested_sums(sums, "y", ())
    axis = np.append(0.0, np.geomspace(1e-4, 1e6, 90))
    for reml in (True, False):
        best, converged = minimise_nested(parts, within, reml=reml)
        assert converged
        assert best.deviance <= grid_deviance(parts, axis, axis, reml=reml).min() + 1e-8
        at_zero = best.ratios == 0
        assert (best.slope[at_zero] >= 0).all()
        np.testing.assert_allclose((best.slope * best.ratios)[~at_zero], 0, atol=1e-7)


def test_the_better_of_two_maxima_is_taken() -> None:
    """Large groups close together, single rows far apart, in every unit alike."""
    found = set()
    for seed in range(40):
        random = np.random.default_rng(seed)
        worker = np.concatenate([np.repeat([0, 1, 2], 30), np.arange(3, 8)])
        y = random.normal(size=len(worker))
        y[90:] *= 3.2
        frame = pd.DataFrame({"worker": worker, "team": worker % 2, "y": y})
        sums = group_sums(frame, ["y"], "worker", nested_in="team")
        parts = nested_sums(sums, "y", ())
        axis = np.append(0.0, np.geomspace(1e-5, 1e3, 120))
        table = grid_deviance(parts, axis, axis[:1], reml=True)[:, 0]
        turns = np.flatnonzero((np.diff(table)[:-1] < 0) & (np.diff(table)[1:] >= 0))
        if table[1] <= table[0] or not len(turns):
            continue
        result = rs.fit_mixed(frame, "y", [], "worker", nested_in="team")
        full = grid_deviance(parts, axis, axis, reml=True)
        best, _ = minimise_nested(parts, require_estimable(sums, "y", ()), reml=True)
        assert best.deviance <= full.min() + 1e-9
        found.add(result.variance["worker"] == 0)
    assert found == {True, False}


@settings(max_examples=10, deadline=None)
@given(
    st.integers(0, 10**6), st.sampled_from([1e-6, 0.01, 300.0]), st.sampled_from([-1e4, 0.0, 40.0])
)
def test_scale_shift_order_and_labels_change_nothing(seed, scale, shift) -> None:
    frame = drawn(seed % 997)
    random = np.random.default_rng(seed)
    changed = frame.sample(frac=1, random_state=seed % 1000).assign(
        team=lambda rows: "team " + rows["team"].astype(str),
        worker=lambda rows: random.permutation(500)[rows["worker"]],
        y=lambda rows: scale * (rows["y"] + shift),
        w=lambda rows: rows["w"] / scale - 2.0,
    )
    for df in ("satterthwaite", "kenward_roger"):
        one, other = (
            rs.fit_mixed(data, "y", ["w", "x"], "worker", nested_in="team", df=df).table
            for data in (frame, changed)
        )
        factors = np.array([scale**2, scale])
        for name in ("estimate", "std_error"):
            np.testing.assert_allclose(other[name][1:], one[name][1:] * factors, INVARIANT)
        np.testing.assert_allclose(other["df"][1:], one["df"][1:], 1e-4)


def test_the_truth_is_recovered() -> None:
    random = np.random.default_rng(4)
    worker = np.repeat(np.arange(4000), 5)
    team = worker // 20
    x = random.normal(size=4000)[worker]
    y = 1 + 0.4 * x + 0.5 * random.normal(size=200)[team] + 0.8 * random.normal(size=4000)[worker]
    data = {"worker": worker, "team": team, "x": x, "y": y + random.normal(size=20000)}
    result = rs.fit_mixed(data, "y", ["x"], "worker", nested_in="team")
    assert result.variance["worker"] == pytest.approx(0.64, rel=0.1)
    assert result.variance["team"] == pytest.approx(0.25, rel=0.3)
    assert result.variance["residual"] == pytest.approx(1.0, rel=0.05)
    row = result.table.iloc[1]
    assert abs(row["estimate"] - 0.4) < 4 * row["std_error"]
