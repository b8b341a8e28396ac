"""Kenward and Roger's test: dense matrices, closed forms, what it refuses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from nested_by_matrices import Dense, drawn

import relsurvey as rs
from relsurvey.errors import ModelError


@pytest.mark.parametrize("nested_in", [None, "team"])
@pytest.mark.parametrize("seed", [0, 2, 4])
def test_it_is_that_of_full_matrices(seed, nested_in) -> None:
    frame = drawn(seed)
    result = rs.fit_mixed(frame, "y", ["w", "x"], "worker", nested_in=nested_in, df="kenward_roger")
    levels = ("worker", "team") if nested_in else ("worker",)
    dense = Dense(frame, ["w", "x"], levels)
    covariance, df = dense.kenward_roger([result.variance[n] for n in ("residual", *levels)])
    np.testing.assert_allclose(result.table["std_error"], np.sqrt(np.diag(covariance)), 1e-8)
    np.testing.assert_allclose(result.table["df"], df, 1e-8)


@pytest.mark.parametrize("kept", [(), ("worker",), ("team",)])
def test_a_zero_component_stays_in_the_information(kept) -> None:
    sd = {name: 1.5 if name in kept else 0.0 for name in ("worker", "team")}
    frames = (drawn(s, unit_sd=sd["team"], group_sd=sd["worker"]) for s in range(60))
    for frame in frames:
        result = rs.fit_mixed(
            frame, "y", ["w", "x"], "worker", nested_in="team", df="kenward_roger"
        )
        if {name for name in sd if result.variance[name] > 0} == set(kept):
            break
    else:
        pytest.fail("no study with these variances at zero")
    variances = [result.variance[name] for name in ("residual", "worker", "team")]
    covariance, df = Dense(frame, ["w", "x"]).kenward_roger(variances)
    np.testing.assert_allclose(result.table["std_error"], np.sqrt(np.diag(covariance)), 1e-8)
    np.testing.assert_allclose(result.table["df"], df, 1e-8)
    assert result.boundary
    assert any("Kenward and Roger's tests still allow" in note for note in result.notes)


def test_balanced_three_levels_have_the_anova_degrees_of_freedom() -> None:
    random = np.random.default_rng(2)
    team, worker = np.repeat(np.arange(9), 12), np.repeat(np.arange(36), 3)
    y = random.normal(size=9)[team] + 0.7 * random.normal(size=36)[worker]
    frame = pd.DataFrame({"team": team, "worker": worker, "y": y + random.normal(size=108)})
    for df in ("kenward_roger", "satterthwaite"):
        result = rs.fit_mixed(frame, "y", [], "worker", nested_in="team", df=df)
        means = frame.groupby("team")["y"].mean()
        assert not result.boundary
        assert result.table["df"][0] == pytest.approx(8, rel=1e-6)
        assert result.table["std_error"][0] == pytest.approx(means.std() / 3, rel=1e-9)


def test_it_needs_reml() -> None:
    with pytest.raises(ModelError, match="'kenward_roger' is defined for REML only"):
        rs.fit_mixed(drawn(0), "y", ["x"], "worker", reml=False, df="kenward_roger")


def test_standard_errors_never_shrink() -> None:
    for seed in range(5):
        plain, adjusted = (
            rs.fit_mixed(drawn(seed), "y", ["w", "x"], "worker", nested_in="team", df=df).table
            for df in ("satterthwaite", "kenward_roger")
        )
        assert (adjusted["std_error"] >= plain["std_error"] * (1 - 1e-12)).all()
