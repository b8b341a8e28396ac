"""The bootstrap over workers and teams: R boot's numbers from the same draws, and its limits."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from relsurvey.association.models.fit import fit_sums
from relsurvey.association.resampling.bca import bca_interval, quantile
from relsurvey.association.resampling.bootstrap import bootstrap_slope
from relsurvey.association.resampling.replicates import refit_weighted
from relsurvey.errors import ModelError
from relsurvey.moments.group_rows import group_sums

from .studies import study, sums_of

TERMS = ("SES", "MEANSES")


@pytest.fixture(scope="module")
def schools(hsb, resampling_reference):
    chosen = hsb[hsb["School"].isin(resampling_reference["schools"])]
    return group_sums(chosen, [*TERMS, "MathAch"], "School", each_within=True)


@pytest.fixture(scope="module")
def slopes(schools, resampling_reference) -> np.ndarray:
    place = {name: j for j, name in enumerate(schools.ids)}
    order = [place[name] for name in resampling_reference["schools"]]
    weights = np.zeros((len(resampling_reference["indices"]), len(order)))
    for row, drawn in zip(weights, resampling_reference["indices"], strict=True):
        np.add.at(row, [order[j - 1] for j in drawn], 1.0)
    return refit_weighted(schools, "MathAch", TERMS, weights).effects[:, 2]


def test_every_replicate_is_that_of_lme4(slopes, resampling_reference) -> None:
    np.testing.assert_allclose(slopes, resampling_reference["slopes"], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(("confidence", "suffix"), [(0.95, ""), (0.90, "90")])
def test_intervals_are_those_of_boot(
    slopes, schools, resampling_reference, confidence, suffix
) -> None:
    without = refit_weighted(schools, "MathAch", TERMS, 1.0 - np.eye(schools.n_groups))
    estimate = float(fit_sums(schools, "MathAch", TERMS).effects[2])
    found = bca_interval(slopes, estimate, without.effects[:, 2], confidence)
    assert estimate == pytest.approx(resampling_reference["estimate"], rel=1e-6)
    np.testing.assert_allclose(
        [found.low, found.high], resampling_reference[f"bca{suffix}"], rtol=1e-5
    )
    np.testing.assert_allclose(
        [found.percentile_low, found.percentile_high],
        resampling_reference[f"percentile{suffix}"], rtol=1e-5,
    )  # fmt: skip


def test_own_draws_agree_with_boot_within_chance(schools, resampling_reference) -> None:
    found = bootstrap_slope(schools, "MathAch", TERMS, "MEANSES", replicates=4000, seed=1)
    error = resampling_reference["se"]
    assert found.std_error == pytest.approx(error, rel=0.12)
    assert found.bias == pytest.approx(resampling_reference["bias"], abs=4 * error / 599**0.5)
    assert found.conf_low == pytest.approx(resampling_reference["bca"][0], abs=0.4 * error)
    assert found.conf_high == pytest.approx(resampling_reference["bca"][1], abs=0.4 * error)


def test_quantile_interpolates_on_the_normal_scale() -> None:
    replicates = np.arange(1.0, 100.0)
    assert quantile(replicates, 0.5) == (50.0, False)
    value, at_the_end = quantile(replicates, 0.255)
    assert 25.0 < value < 26.0
    assert value != 25.5
    assert not at_the_end
    assert quantile(replicates, 0.001) == (1.0, True)
    assert quantile(replicates, 0.999) == (99.0, True)


def test_a_symmetric_bootstrap_needs_no_correction() -> None:
    replicates = np.linspace(-2.0, 2.0, 1999)
    found = bca_interval(replicates, 0.0, np.array([-1.0, 0, 1]), 0.9)
    assert found.z0 == pytest.approx(0.0)
    assert found.acceleration == pytest.approx(0.0)
    assert found.low == pytest.approx(found.percentile_low)
    assert found.p_value == pytest.approx(1.0, abs=1e-3)


def test_p_is_the_level_at_which_the_interval_ends_at_zero() -> None:
    replicates = np.random.default_rng(1).normal(0.5, 0.3, 9999)
    left_out = np.random.default_rng(2).gamma(2.0, size=30)
    p_value = bca_interval(replicates, 0.48, left_out, 0.95).p_value
    at_p = bca_interval(replicates, 0.48, left_out, 1.0 - p_value)
    assert min(abs(at_p.low), abs(at_p.high)) < 0.005


def test_estimates_beyond_all_replicates_have_no_interval() -> None:
    found = bca_interval(np.linspace(0, 1, 200), 2.0, np.array([1.0, 2, 3]), 0.95)
    assert math.isnan(found.low)
    assert math.isnan(found.p_value)
    assert math.isfinite(found.percentile_low)


@pytest.fixture(scope="module")
def teams():
    return sums_of(study(36, 4, teams=12), teams=True)


def test_teams_are_drawn_where_they_are_a_level_and_it_is_said(teams) -> None:
    top = bootstrap_slope(teams, "y", ("x",), "x", replicates=299, seed=1)
    workers = bootstrap_slope(teams, "y", ("x",), "x", replicates=299, seed=1, level="worker")
    assert (top.level, top.n_units, top.top) == ("team", 12, True)
    assert (workers.level, workers.n_units, workers.top) == ("worker", 36, False)
    assert "over teams is the one to read" in workers.note
    assert "With 12 teams the bootstrap is not to be trusted" in top.note
    assert not top.to_companion().able
    assert workers.to_companion().able
    assert top.to_companion().name == "BCa bootstrap over teams"


def test_few_units_are_said() -> None:
    found = bootstrap_slope(sums_of(study(8, 4)), "y", ("x",), "x", replicates=299, seed=1)
    assert "With 8 workers the bootstrap is not to be trusted" in found.note


def test_degenerate_replicates_are_left_out_and_said() -> None:
    data = study(9, 4)
    data["x"] = np.array([0.0, 0, 0, 0, 0, 0, 0, 1, 1])[data["worker"]]
    found = bootstrap_slope(sums_of(data), "y", ("x",), "x", replicates=999, seed=1)
    # No worker with the other score: (7/9)^9 = 10.4%.
    assert found.degenerate == pytest.approx((7 / 9) ** 9, abs=0.03)
    assert "leave nothing to estimate the slope from; they were left out" in found.note
    assert np.isnan(found.slopes).mean() == pytest.approx(found.degenerate)


def test_too_many_degenerate_replicates_give_no_interval() -> None:
    data = study(9, 4)
    data["x"] = (data["worker"] == 4).astype(float)
    found = bootstrap_slope(sums_of(data), "y", ("x",), "x", replicates=499, seed=1)
    assert math.isnan(found.conf_low)
    assert math.isnan(found.percentile_low)
    assert found.note.startswith("Not computed: in ")
    assert math.isfinite(found.estimate)


def test_a_worker_without_whom_there_is_no_model_gives_no_acceleration() -> None:
    data = study(30, 3)
    data["v"] = (data["worker"] == 4).astype(float)
    found = bootstrap_slope(sums_of(data), "y", ("x", "v"), "x", replicates=299, seed=1)
    assert math.isnan(found.conf_low)
    assert "Not computed" in found.note


def test_order_of_rows_does_not_matter_and_scale_scales() -> None:
    data = study(25, 4)
    first = bootstrap_slope(sums_of(data), "y", ("x",), "x", replicates=299, seed=5)
    order = np.random.default_rng(1).permutation(len(data["y"]))
    moved = {name: column[order] for name, column in data.items()}
    moved["x"], moved["y"] = 100 + 7 * moved["x"], 3 * moved["y"] - 40
    second = bootstrap_slope(sums_of(moved), "y", ("x",), "x", replicates=299, seed=5)
    assert second.conf_low == pytest.approx(3 / 7 * first.conf_low, rel=1e-7)
    assert second.p_value == pytest.approx(first.p_value)


def test_the_seed_alone_decides_and_work_is_told() -> None:
    calls: list[tuple[int, int]] = []
    sums = sums_of(study(25, 4))
    found = [
        bootstrap_slope(
            sums, "y", ("x",), "x", replicates=299, seed=s,
            progress=lambda done, of: calls.append((done, of)),
        ).conf_low
        for s in (1, 1, 2)
    ]  # fmt: skip
    assert found[0] == found[1] != found[2]
    assert calls[-1] == (299, 299)


def test_result_goes_out_in_every_form() -> None:
    found = bootstrap_slope(sums_of(study(25, 4)), "y", ("x",), "x", replicates=299, seed=1)
    assert "_slopes" not in json.loads(json.dumps(found.to_dict()))
    assert found.to_frame().loc[0, "conf_low"] == found.conf_low
    assert "95% BCa interval" in found.summary()
    assert "299 replicates of 25 workers" in found.summary()
    line = found.to_companion()
    assert (line.estimate, line.conf_low) == (found.estimate, found.conf_low)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"replicates": 5}, "replicates has to be a whole number from 99"),
        ({"seed": 1.5}, "seed has to be"),
        ({"confidence": 95}, "confidence must be"),
        ({"level": "group"}, "level cannot be 'group'"),
        ({"level": "team"}, "which team"),
    ],
)
def test_bad_options_are_refused(options, message) -> None:
    with pytest.raises(ModelError, match=message):
        bootstrap_slope(sums_of(study(10, 4)), "y", ("x",), "x", **{"seed": 1, **options})


def test_sums_without_each_worker_apart_are_refused() -> None:
    data = study(10, 4)
    with pytest.raises(ModelError, match="each worker apart"):
        bootstrap_slope(group_sums(data, ["x", "y"], "worker"), "y", ("x",), "x", seed=1)
