"""Against R multilevel, nlme and lme4."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from relsurvey.agreement import aggregation
from relsurvey.agreement.needed import mean_reliability

Q = ["q1", "q2", "q3", "q4"]


def limits(result, name):
    row = result.icc.set_index("coefficient").loc[name]
    return [row["conf_low"], row["conf_high"]]


@pytest.mark.parametrize("name", ["hsb", "bfi", "teams", "balanced"])
def test_intraclass_correlations_are_those_of_r(name, golden, hsb, bfi, teams):
    data, outcome, group = {
        "hsb": (hsb, "MathAch", "School"),
        "bfi": (bfi, "A", "age"),
        "teams": (teams, "score", "team"),
        "balanced": (pd.DataFrame(golden["balanced"]["data"]), "y", "g"),
    }[name]
    expected = golden[name]
    found = aggregation(data, outcome, group)
    assert (found.n_rows, found.n_groups) == (expected["n"], expected["groups"])
    for one in ("icc1", "icc2", "icc1_n0", "n0"):
        assert getattr(found, one) == pytest.approx(expected[one], abs=1e-8)
    for key, there in (("f_statistic", "f"), ("ms_between", "ms_between"),
                       ("ms_within", "ms_within")):  # fmt: skip
        assert found.test[key] == pytest.approx(expected[there], rel=1e-9)
    assert found.test["p_value"] == pytest.approx(expected["p"], rel=1e-8)
    for one in ("icc1", "icc2", "icc1_n0"):
        assert limits(found, one) == pytest.approx(expected[f"{one}_ci"], abs=1e-8)
    assert found.icc_reml == pytest.approx(expected["icc_reml"], abs=1e-7)
    assert limits(found, "icc_reml") == pytest.approx(expected["icc_reml_profile"], abs=1e-6)


def test_hsb_to_eight_digits_against_the_older_file(hsb):
    path = Path(__file__).parents[1] / "reference" / "hsb_reference.json"
    expected = json.loads(path.read_text())["aggregation"]
    found = aggregation(hsb, "MathAch", "School")
    assert found.icc1 == pytest.approx(expected["icc1_anova"], abs=1e-8)
    assert found.icc2 == pytest.approx(expected["icc2_anova"], abs=1e-8)


def test_negative_coefficients_are_kept_as_in_r(golden):
    expected = golden["negative"]
    found = aggregation(pd.DataFrame(expected["data"]), "y", "g", categories=5)
    assert found.icc1 == pytest.approx(expected["icc1"], abs=1e-10)
    assert found.icc2 == pytest.approx(expected["icc2"], abs=1e-10)
    assert found.icc1 < 0
    assert found.icc_reml == 0
    assert found.to_frame()["reliability"].tolist() == [0.0] * 5
    assert any("kept as it is" in note for note in found.notes)


def by_group(result):
    return result.to_frame().assign(group=lambda frame: frame["group"].astype(str)).set_index(
        "group"
    )  # fmt: skip


def same(frame, column, expected, value):
    there = pd.Series(expected[value], index=expected["grpid"], dtype=float)
    found = frame.loc[there.index, column]
    assert found.to_numpy() == pytest.approx(there.to_numpy(), abs=1e-10, nan_ok=True)
    assert there.notna().sum() > 10


def test_agreement_within_groups_is_that_of_multilevel(golden, teams):
    expected = golden["teams_within"]
    frame = by_group(aggregation(teams, "score", "team", items=Q, categories=5))
    same(frame, "rwg_j", expected["rwg_j"], "rwg.j")
    same(frame, "rwg_j_slightly_skewed", expected["rwg_j_slight"], "rwg.j")
    same(frame, "rwg_j_heavily_skewed", expected["rwg_j_heavy"], "rwg.j")
    same(frame, "rwg_j_lindell", expected["lindell"], "rwg.lindell")
    same(frame, "ad_mean", expected["ad_mean"], "AD.M")
    same(frame, "ad_median", expected["ad_median"], "AD.M")
    single = by_group(aggregation(teams, "q1", "team", categories=5))
    same(single, "rwg", expected["rwg_q1"], "rwg")


def test_six_categories_on_bfi(golden, bfi):
    items = [f"A{i}" for i in range(1, 6)]
    frame = by_group(aggregation(bfi, "A", "age", items=items, categories=6))
    same(frame, "rwg_j", golden["bfi_within"]["rwg_j"], "rwg.j")
    same(frame, "ad_median", golden["bfi_within"]["ad_median"], "AD.M")


def test_reliability_of_each_mean_is_that_of_gmeanrel(golden, teams):
    expected = golden["gmeanrel_teams"]
    assert mean_reliability(expected["icc"], expected["n"]) == pytest.approx(
        expected["reliability"], abs=1e-13
    )
    frame = by_group(aggregation(teams, "score", "team"))
    found = frame.loc[expected["group"], "reliability_reml"]
    # nlme stops its search two digits before lme4 and this package do.
    assert found.to_numpy() == pytest.approx(np.array(expected["reliability"]), abs=1e-7)
