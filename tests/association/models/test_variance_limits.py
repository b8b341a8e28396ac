"""Limits of variances equal lme4's profile, and say so in words where they are at zero."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from relsurvey.association.models.mixed import fit_mixed
from relsurvey.association.models.variance_limits import variance_intervals
from relsurvey.errors import ModelError

# lme4 gives limits from a spline through a few points of the profile: good to 1e-3 of the
# standard deviation. The same deviance of lme4's, solved by root finding, agrees far closer.
SPLINE = 1e-3
EXACT = 1e-6
DATA = json.loads((Path(__file__).parents[2] / "reference" / "mixed_reference.json").read_text())
LIMITS = ["std_dev_low", "std_dev_high"]
CASES = ["adjusted", "few", "areas", "district", "dyestuff", "dyestuff2"]


@pytest.fixture(scope="module")
def fits(schools, few_schools):
    ses = ["MEANSES", "SES"]
    adjusted = ["MEANSES", "catholic", "SES", "female", "minority"]
    frames = {name: pd.DataFrame(DATA[name]["data"]) for name in ("dyestuff", "dyestuff2")}

    def nested(column):
        return fit_mixed(schools, "MathAch", ses, "School", nested_in=column, reml=False)

    return {
        "adjusted": fit_mixed(schools, "MathAch", adjusted, "School", reml=False),
        "few": fit_mixed(few_schools, "MathAch", ses, "School", reml=False),
        "areas": nested("area"),
        "district": nested("district"),
        **{name: fit_mixed(data, "y", None, "group", reml=False) for name, data in frames.items()},
    }


@pytest.fixture(scope="module")
def limits(fits):
    return {name: variance_intervals(fit) for name, fit in fits.items()}


@pytest.mark.parametrize("name", CASES)
def test_profile_equals_lme4(name, limits, around) -> None:
    golden = around["limits"][name]
    found = limits[name]
    assert found["std_dev"].to_numpy() == pytest.approx(np.array(golden["sd"]), rel=1e-5, abs=1e-9)
    exact = np.array(golden["exact"])
    assert found[LIMITS].to_numpy() == pytest.approx(exact, rel=EXACT, abs=1e-9)
    if golden["spline"]:
        assert found[LIMITS].to_numpy() == pytest.approx(np.array(golden["spline"]), rel=SPLINE)


@pytest.mark.parametrize("name", ["few", "areas"])
def test_wald_equals_the_curvature_of_lme4s_deviance(name, fits, around) -> None:
    golden = around["wald"][name]
    found = variance_intervals(fits[name], method="wald")
    assert found["std_dev_low"].tolist() == pytest.approx(golden["low"], rel=1e-5)
    assert found["std_dev_high"].tolist() == pytest.approx(golden["high"], rel=1e-5)


def test_at_zero_it_is_said_and_there_is_an_upper_limit(limits) -> None:
    row = limits["district"].set_index("level").loc["district"]
    assert row["variance"] == row["low"] == row["std_dev_low"] == 0.0
    assert row["std_dev_high"] > 0.5
    assert "zero is within the limits" in row["note"]


def test_wald_has_no_limits_at_zero(fits) -> None:
    row = variance_intervals(fits["dyestuff2"], method="wald").set_index("level").loc["group"]
    assert np.isnan(row["low"])
    assert np.isnan(row["high"])
    assert "method='profile'" in row["note"]


def test_note_names_the_likelihood(few_schools, limits) -> None:
    reml = variance_intervals(fit_mixed(few_schools, "MathAch", ["MEANSES", "SES"], "School"))
    assert reml["note"].str.contains("restricted likelihood").all()
    assert limits["few"]["note"].str.contains("full likelihood").all()
    assert (reml["std_dev_high"] > limits["few"]["std_dev_high"]).all()


def test_a_third_level_without_variance_changes_nothing_for_the_residual(limits, schools) -> None:
    two = variance_intervals(
        fit_mixed(schools, "MathAch", ["MEANSES", "SES"], "School", reml=False)
    )
    ends = [frame.set_index("level").loc["residual", LIMITS] for frame in (two, limits["district"])]
    assert ends[0].tolist() == pytest.approx(ends[1].tolist(), rel=1e-7)


@pytest.mark.parametrize("method", ["profile", "wald"])
def test_limits_follow_the_scale_and_forget_the_shift(few_schools, method) -> None:
    moved = few_schools.assign(MathAch=1e4 + 8.0 * few_schools["MathAch"])
    plain, scaled = (
        variance_intervals(fit_mixed(frame, "MathAch", ["SES"], "School"), method=method)
        for frame in (few_schools, moved)
    )
    assert scaled[LIMITS].to_numpy() == pytest.approx(8.0 * plain[LIMITS].to_numpy(), rel=1e-6)


def test_a_higher_coverage_is_wider_and_that_of_the_fit_is_used(few_schools) -> None:
    fit = fit_mixed(few_schools, "MathAch", ["SES"], "School", confidence=0.9)
    own, wide = variance_intervals(fit), variance_intervals(fit, confidence=0.99)
    assert (wide["high"] > own["high"]).all()
    assert own["high"].tolist() == variance_intervals(fit, confidence=0.9)["high"].tolist()


def test_coverage_of_simulated_variances() -> None:
    random = np.random.default_rng(20)
    group = np.repeat(np.arange(30), 8)
    covered = np.zeros(2)
    for _ in range(25):
        y = 0.8 * random.normal(size=30)[group] + 2.0 * random.normal(size=240)
        found = variance_intervals(fit_mixed({"g": group, "y": y}, "y", None, "g"))
        covered += (found["std_dev_low"] <= [0.8, 2.0]) & (found["std_dev_high"] >= [0.8, 2.0])
    # 25 runs of 95%: fewer than 20 has a probability below 0.001.
    assert covered.min() >= 20


def test_two_groups_still_have_limits_or_the_reason() -> None:
    data = {"g": list("aaabbb"), "y": [1.0, 2.0, 3.0, 8.0, 9.0, 10.5]}
    row = variance_intervals(fit_mixed(data, "y", None, "g")).set_index("level").loc["g"]
    assert row["low"] <= row["variance"] <= row["high"]


def test_bad_options(few_schools) -> None:
    fit = fit_mixed(few_schools, "MathAch", ["SES"], "School")
    with pytest.raises(ModelError, match="method cannot be 'profil'"):
        variance_intervals(fit, method="profil")
    with pytest.raises(ModelError, match="confidence must be a number between 0 and 1"):
        variance_intervals(fit, confidence=95)
    with pytest.raises(ModelError, match="A fitted mixed model is needed; this is a dict"):
        variance_intervals({})
