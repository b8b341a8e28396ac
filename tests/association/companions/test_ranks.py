"""Correlations over workers: R, pingouin and scipy, ties, and reasons for none."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from relsurvey.association.companions.companion import Companion
from relsurvey.association.companions.ranks import (
    correlate_ranks,
    rank_interval,
    worker_correlations,
)
from relsurvey.errors import ModelError
from relsurvey.moments.group_rows import group_sums


def of(frame, predictor="x", outcome="y", group="worker", confidence=0.95, team=None):
    sums = group_sums(frame, [predictor, outcome], group, nested_in=team)
    return worker_correlations(sums, predictor, outcome, confidence)


def test_school_means_equal_r(hsb, reference) -> None:
    wanted = reference["school_mean_correlation"]
    found = of(hsb, "MEANSES", "MathAch", "School")
    pearson, spearman, kendall = found.companions
    assert pearson.estimate == pytest.approx(wanted["pearson"], rel=1e-10)
    assert (pearson.conf_low, pearson.conf_high) == pytest.approx(tuple(wanted["ci"]), rel=1e-10)
    assert pearson.p_value == pytest.approx(wanted["p"], rel=1e-8)
    assert spearman.estimate == pytest.approx(wanted["spearman"], rel=1e-10)
    assert kendall.estimate == pytest.approx(wanted["kendall"], rel=1e-10)
    assert found.n_groups == wanted["n"]


@pytest.mark.parametrize("name", ["two", "three", "five"])
def test_means_with_ties_equal_r(name, golden, study) -> None:
    """Means of few whole answers tie; summed about a centre they differ by rounding."""
    wanted = golden[name]["correlations"]
    pearson, spearman, kendall = of(study(name), "w", "y", "group").companions
    assert pearson.estimate == pytest.approx(wanted["pearson"], rel=1e-9)
    assert pearson.p_value == pytest.approx(wanted["pearson_p"], rel=1e-8)
    for found, method in ((spearman, "spearman"), (kendall, "kendall")):
        assert found.estimate == pytest.approx(wanted[method], rel=1e-9)
        assert found.p_value == pytest.approx(wanted[f"{method}_p"], rel=1e-8)


def test_statistics_give_their_p_values_and_intervals_their_formulas() -> None:
    x, y = np.random.default_rng(4).normal(size=(2, 30))
    spearman = correlate_ranks(x, x + y, "Spearman", 0.9)
    kendall = correlate_ranks(x, x + y, "Kendall tau-b", 0.9)
    assert 2 * stats.t.sf(abs(spearman.statistic), spearman.df) == pytest.approx(spearman.p_value)
    z = stats.norm.ppf(0.95)
    for found, variance in (
        (spearman, (1 + spearman.estimate**2 / 2) / 27), (kendall, 0.437 / 26)
    ):  # fmt: skip
        limits = np.tanh(np.arctanh(found.estimate) + np.array([-z, z]) * np.sqrt(variance))
        assert (found.conf_low, found.conf_high) == pytest.approx(tuple(limits), rel=1e-12)
    row = pingouin.corr(x, x + y, method="kendall").iloc[0]
    assert (kendall.estimate, kendall.p_value) == pytest.approx((row["r"], row["p_val"]))


@pytest.mark.parametrize("method", ["Spearman", "Kendall tau-b"])
def test_intervals_hold_the_truth_as_often_as_they_say(method) -> None:
    random = np.random.default_rng(11)
    rho, held = 0.5, 0
    spearman = method == "Spearman"
    truth = 6 / np.pi * np.arcsin(rho / 2) if spearman else 2 / np.pi * np.arcsin(rho)
    for _ in range(1000):
        x, noise = random.normal(size=(2, 30))
        y = rho * x + np.sqrt(1 - rho**2) * noise
        ranks = [np.argsort(np.argsort(one)) for one in (x, y)]
        order = np.sign(np.subtract.outer(x, x)) * np.sign(np.subtract.outer(y, y))
        r = np.corrcoef(ranks)[0, 1] if spearman else order.sum() / (30 * 29)
        low, high = rank_interval(r, 30, method, 0.95)
        held += low < truth < high
    assert 0.93 < held / 1000 < 0.97


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10_000), st.floats(0.1, 100), st.floats(-1e3, 1e3))
def test_ranks_do_not_know_units(seed, unit, shift) -> None:
    x, y = np.random.default_rng(seed).normal(size=(2, 12))
    for method in ("Spearman", "Kendall tau-b"):
        plain = correlate_ranks(x, y, method, 0.95)
        moved = correlate_ranks(x, shift - unit * y, method, 0.95)
        assert moved.estimate == pytest.approx(-plain.estimate, abs=1e-12)
        assert moved.p_value == pytest.approx(plain.p_value, rel=1e-9)


def test_reasons_for_none_are_given() -> None:
    few = of({"worker": list("abcd"), "x": [1, 2, 3, 4], "y": [1.0, 3, 2, 5]})
    assert np.isfinite(few.companions[0].estimate)
    assert few.companions[1].note == "fewer than 5 workers"
    assert np.isnan(few.companions[2].estimate)
    same = of(
        {"worker": list("aabbccddee"), "x": [1, 1, 2, 2, 3, 3, 4, 4, 5, 5], "y": [1.0, 3] * 5}
    )
    assert {one.note for one in same.companions} == {"all workers have the same mean outcome"}
    x = np.arange(9.0)
    full = correlate_ranks(x, 2 * x, "Kendall tau-b", 0.95)
    assert full.estimate == pytest.approx(1)
    assert np.isnan(full.conf_low)
    assert "agree throughout" in full.note
    assert correlate_ranks(x, np.ones(9), "Spearman", 0.95).note.startswith("all workers")


def test_few_workers_and_teams_are_said() -> None:
    data = {"worker": list("abcdefg"), "x": range(7), "y": [1.0, 3, 2, 5, 3, 6, 2],
            "team": list("ttttuuu")}  # fmt: skip
    found = of(data, team="team")
    assert "rough with so few workers" in found.companions[1].note
    assert any("differences between team are not allowed for" in note for note in found.notes)
    assert "Kendall tau-b" in found.summary()


def test_the_table_is_the_companions() -> None:
    data = {"worker": list("abcdefg"), "x": range(7), "y": [1.0, 3, 2, 5, 3, 6, 2]}
    found = of(data)
    frame = found.to_frame()
    assert frame.columns.tolist() == list(Companion.__dataclass_fields__)
    assert frame["estimate"].tolist() == [one.estimate for one in found.companions]
    json.dumps(found.to_dict(), allow_nan=False)
    assert isinstance(frame, pd.DataFrame)
    with pytest.raises(ModelError, match="between 0 and 1"):
        of(data, confidence=95)
