"""The parametric bootstrap: sums drawn as rows would give them, and R's within chance."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.special import stdtr

from relsurvey.association.models.fit import fit_sums
from relsurvey.association.resampling.parametric import parametric_bootstrap
from relsurvey.association.resampling.simulated_sums import Truth, simulate_and_fit
from relsurvey.errors import ModelError
from relsurvey.moments.group_rows import group_sums

from .studies import TERMS, study, sums_of


@pytest.mark.parametrize(("teams", "runs"), [(0, 200), (5, 60)])
def test_simulated_sums_give_what_simulated_rows_give(teams, runs) -> None:
    """Mean and spread of estimates from drawn sums beside those from drawn rows."""
    data = study(15, 3, teams=teams)
    sums = sums_of(data, teams=teams > 0)
    fit = fit_sums(sums, "y", TERMS)
    truth = Truth(
        fit.best.effects, fit.best.residual_variance, np.array([0.5, 0.3])[: 1 + bool(teams)]
    )
    drawn = simulate_and_fit(
        sums, TERMS, truth, replicates=4000, order=np.arange(15),
        generator=np.random.default_rng(1),
    )  # fmt: skip
    random, unit, center = np.random.default_rng(2), sums.units[-1], sums.centres[-1]
    sigma = np.sqrt(truth.residual_variance)
    means = np.array([data["z"][data["worker"] == w].mean() for w in data["worker"]])
    place = [sums.place(name) for name in TERMS]
    X = np.column_stack([data["x"], data["z"] - means, means, data["v"]])
    X = np.column_stack([np.ones(len(X)), (X - sums.centres[place]) / sums.units[place]])
    found = []
    for _ in range(runs):
        y = X @ truth.effects + sigma * random.normal(size=len(X))
        y += sigma * np.sqrt(0.5) * random.normal(size=15)[data["worker"]]
        if teams:
            y += sigma * np.sqrt(0.3) * random.normal(size=teams)[data["team"]]
        one = fit_sums(sums_of({**data, "y": center + unit * y}, teams=teams > 0), "y", TERMS)
        found.append([*one.effects[1:], one.residual_variance])
    found = np.array(found)
    raw = fit.to_standard @ drawn.effects.T * unit
    here = np.column_stack([raw[1:].T, drawn.residual_variance * unit**2])
    error = found.std(axis=0) / np.sqrt(runs)
    np.testing.assert_array_less(np.abs(here.mean(axis=0) - found.mean(axis=0)), 4 * error)
    np.testing.assert_allclose(here.std(axis=0), found.std(axis=0), rtol=4 / np.sqrt(2 * runs))


def test_agrees_with_bootmer_within_chance(hsb, resampling_reference) -> None:
    chosen = hsb[hsb["School"].isin(resampling_reference["schools"])]
    sums = group_sums(chosen, ["SES", "MEANSES", "MathAch"], "School")
    for focus in ("SES", "MEANSES"):
        expected = resampling_reference["bootmer"][focus]
        found = parametric_bootstrap(
            sums, "MathAch", ("SES", "MEANSES"), focus, replicates=4000, seed=1
        )
        error = expected["sd"]
        assert found.std_error == pytest.approx(error, rel=0.06)
        assert found.estimate + found.bias == pytest.approx(expected["mean"], abs=0.1 * error)
        low, *_, high = expected["quantiles"]
        assert found.conf_low == pytest.approx(low, abs=0.18 * error)
        assert found.conf_high == pytest.approx(high, abs=0.18 * error)


def test_p_agrees_with_pbkrtest_within_chance(hsb, resampling_reference) -> None:
    expected = resampling_reference["weaker"]
    chosen = hsb[hsb["School"].isin(resampling_reference["schools"])]
    weaker = chosen.assign(MathAch=chosen["MathAch"] - expected["shift"] * chosen["MEANSES"])
    sums = group_sums(weaker, ["SES", "MEANSES", "MathAch"], "School")
    found = parametric_bootstrap(
        sums, "MathAch", ("SES", "MEANSES"), "MEANSES", replicates=4000, seed=1
    )
    # Its statistic is the likelihood ratio, ours the slope over its standard error.
    spread = np.sqrt(expected["p"] * (1 - expected["p"]) * 2 / 2000)
    assert found.p_value == pytest.approx(expected["p"], abs=4 * spread + 0.01)


def test_p_is_that_of_student_where_that_is_exact() -> None:
    """As many users for each worker, and a variance far from zero: t on workers - 2."""
    random = np.random.default_rng(6)
    worker = np.repeat(np.arange(7), 6)
    x = random.normal(size=7)[worker]
    y = 0.9 * x + 3.0 * random.normal(size=7)[worker] + random.normal(size=42)
    sums = group_sums({"worker": worker, "x": x, "y": y}, ["x", "y"], "worker")
    found = parametric_bootstrap(sums, "y", ("x",), "x", replicates=8000, seed=1)
    exact = 2 * stdtr(5, -abs(found.statistic))
    assert 0.05 < exact < 0.9
    assert found.p_value == pytest.approx(exact, abs=4 * found.p_std_error)


def test_a_predictor_within_workers_can_be_asked_about_too() -> None:
    found = parametric_bootstrap(
        sums_of(study(20, 5)), "y", TERMS, "z (within)", replicates=499, seed=1
    )
    assert found.conf_low < found.estimate < found.conf_high
    assert found.p_value <= 0.01


def test_order_of_rows_does_not_matter_and_the_seed_alone_decides() -> None:
    data = study(20, 4, slope=0.1, teams=6)
    order = np.random.default_rng(1).permutation(len(data["y"]))
    moved = {name: column[order] for name, column in data.items()}
    first, second, third = (
        parametric_bootstrap(sums_of(one, teams=True), "y", ("x",), "x", replicates=199, seed=seed)
        for one, seed in ((data, 1), (moved, 1), (data, 2))
    )
    assert first.p_value == second.p_value
    assert first.conf_low == pytest.approx(second.conf_low, rel=1e-6)
    assert first.conf_low != third.conf_low


def test_zero_variance_is_said() -> None:
    data = study(10, 4, between=0.0)
    mean = np.array([data["y"][data["worker"] == w].mean() for w in data["worker"]])
    data["y"] = data["y"] - mean
    found = parametric_bootstrap(sums_of(data), "y", ("x",), "x", replicates=199, seed=1)
    assert "estimated as zero" in found.note
    assert 0.3 < found.boundary < 1.0


def test_result_goes_out_in_every_form() -> None:
    calls: list[tuple[int, int]] = []
    found = parametric_bootstrap(
        sums_of(study(20, 4)), "y", ("x",), "x", replicates=199, seed=1,
        progress=lambda done, of: calls.append((done, of)),
    )  # fmt: skip
    assert calls[-1] == (398, 398)
    json.dumps(found.to_dict())
    assert found.to_frame().loc[0, "p_value"] == found.p_value
    assert "twice 199 simulated studies of 20 workers" in found.summary()
    assert found.to_companion().p_value == found.p_value


@pytest.mark.parametrize(
    ("options", "message"),
    [({"replicates": 1}, "replicates has to be"), ({"seed": "a"}, "seed has to be"),
     ({"confidence": 0}, "confidence must be")],
)  # fmt: skip
def test_bad_options_are_refused(options, message) -> None:
    with pytest.raises(ModelError, match=message):
        parametric_bootstrap(sums_of(study(10, 4)), "y", ("x",), "x", **{"seed": 1, **options})
