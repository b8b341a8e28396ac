"""Measurement invariance against R lavaan, and what is declared, disputed and refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest

from relsurvey.criteria import invariance_step, judged_step
from relsurvey.errors import ModelError, ScoringError
from relsurvey.psychometrics.structure import ladder_steps
from relsurvey.psychometrics.structure.ladder import invariance

REFERENCE = Path(__file__).parents[2] / "reference"
GOLDEN = json.loads((REFERENCE / "invariance_reference.json").read_text())
FIT = {
    "chisq": ("chisq", 1e-4), "df": ("df", 0), "pvalue": ("p_value", 1e-6), "cfi": ("cfi", 1e-6),
    "tli": ("tli", 1e-6), "rmsea": ("rmsea", 1e-6), "rmsea.ci.lower": ("rmsea_low", 1e-6),
    "rmsea.ci.upper": ("rmsea_high", 1e-6), "srmr": ("srmr", 1e-6), "aic": ("aic", 1e-4),
    "bic": ("bic", 1e-4),
}  # fmt: skip
TWO = {"agree": [f"A{i}" for i in range(1, 6)], "conscientious": [f"C{i}" for i in range(1, 6)]}
NINE = {"visual": ["x1", "x2", "x3"], "textual": ["x4", "x5", "x6"], "speed": ["x7", "x8", "x9"]}


@pytest.fixture(scope="module")
def keyed():
    data = pd.read_csv(REFERENCE / "bfi.csv")
    turned = ["A1", "C4", "C5", "E1", "E2", "O2", "O5"]
    data[turned] = 7 - data[turned]
    return data


@pytest.fixture(scope="module")
def nine():
    return pd.DataFrame(GOLDEN["nine_by_school"]["data"])


@pytest.fixture(scope="module")
def by_gender(keyed):
    return invariance(keyed, TWO, group="gender")


@pytest.fixture(scope="module")
def by_education(keyed):
    return invariance(keyed, TWO, group="education")


@pytest.fixture(scope="module")
def by_school(nine):
    return invariance(nine, NINE, group="school")


def agrees(result, golden):
    table = result.to_frame().set_index("step")
    assert list(table.index) == list(golden["steps"])
    for step, expected in golden["steps"].items():
        for theirs, (ours, tolerance) in FIT.items():
            assert table.loc[step, ours] == pytest.approx(expected[theirs], abs=tolerance), theirs
    for step, expected in golden["difference"].items():
        row = table.loc[step]
        assert row["delta_chisq"] == pytest.approx(expected["chisq"], abs=1e-4)
        assert row["delta_df"] == expected["df"]
        assert row["delta_p"] == pytest.approx(expected["p"], rel=1e-4)
    used = result.groups[result.groups["used"]]
    assert dict(zip(used["group"], used["n"], strict=True)) == golden["n"]


def test_bfi_by_gender_is_that_of_lavaan(by_gender):
    agrees(by_gender, GOLDEN["bfi_two_by_gender"])


def test_five_unequal_groups_are_those_of_lavaan(by_education):
    agrees(by_education, GOLDEN["bfi_two_by_education"])


def test_another_data_set_is_that_of_lavaan(by_school):
    agrees(by_school, GOLDEN["nine_by_school"])


def test_the_first_reference_file_says_the_same(by_gender):
    golden = json.loads((REFERENCE / "bfi_reference.json").read_text())
    table = by_gender.to_frame().set_index("step")
    for step, expected in golden["invariance_two_factor_by_gender"].items():
        for name, value in expected.items():
            assert table.loc[step, name] == pytest.approx(value, abs=1e-3)


def test_ordinal_items_are_those_of_lavaan(keyed):
    golden = GOLDEN["bfi_two_by_gender_wlsmv"]
    result = invariance(keyed, TWO, group="gender", estimator="WLSMV")
    table = result.to_frame().set_index("step")
    assert list(table.index) == ["configural", "metric", "scalar"]
    assert table.loc["scalar", "equal"] == "loadings, thresholds"
    for step, expected in golden["steps"].items():
        for name in ("chisq", "chisq.scaled"):
            found = table.loc[step, name.replace(".", "_")]
            assert found == pytest.approx(expected[name], rel=1e-5)
        for name in ("cfi", "rmsea", "srmr", "cfi.scaled", "tli.scaled", "rmsea.scaled"):
            found = table.loc[step, name.replace(".", "_")]
            assert found == pytest.approx(expected[name], abs=1e-5)
    # The scaled difference (Satorra 2000), which is not the difference of the scaled figures.
    for step, expected in golden["difference"].items():
        assert table.loc[step, "delta_chisq"] == pytest.approx(expected["chisq"], rel=1e-5)
        assert table.loc[step, "delta_df"] == expected["df"]
        assert table.loc[step, "delta_p"] == pytest.approx(expected["p"], rel=1e-3)


def test_scalar_invariance_is_not_declared_where_the_test_denies_it(by_gender):
    verdicts = by_gender.to_frame().set_index("step")["verdict"]
    assert verdicts.to_dict() == {
        "configural": "holds", "metric": "holds", "scalar": "disputed", "strict": "disputed"
    }  # fmt: skip
    assert by_gender.level == "metric"
    text = " ".join(by_gender.summary().split())
    assert "scalar: the criteria disagree: the change in fit allows it, the chi-square" in text
    assert "it is not declared to hold" in text
    assert "Level shown: metric." in text


def test_scalar_invariance_fails_where_fit_and_test_say_so(by_school, by_education):
    for result in (by_school, by_education):
        assert result.to_frame().set_index("step").loc["scalar", "verdict"] == "fails"
        assert result.level in ("configural", "metric")


NAN = float("nan")
READ = [
    ((-0.002, 0.001, 0.2), "", "met", "every criterion allows it"),
    ((-0.002, 0.001, 0.01), "", "not known", "the criteria disagree: the change in fit allows it"),
    ((-0.02, 0.001, 0.2), "", "not known", "the change in fit speaks against it, the chi-square"),
    ((-0.02, 0.001, 0.01), "", "not met", "and so does the chi-square difference"),
    ((-0.002, 0.02, 0.01), "", "not met", "and so does the chi-square difference"),
    ((-0.002, 0.001, NAN), "", "met", "the difference is not tested"),
    ((-0.02, 0.001, NAN), "", "not met", "the change in fit speaks against it"),
    ((-0.002, 0.001, 0.2), "metric invariance", "not known", "it rests on metric invariance"),
    ((-0.02, 0.02, 0.01), "metric invariance", "not met", "speaks against it"),
    ((NAN, NAN, NAN), "", "not known", "could not be compared"),
]


@pytest.mark.parametrize(("change", "rests_on", "verdict", "because"), READ)
def test_a_step_is_read_by_fit_and_test_both(change, rests_on, verdict, because):
    reading = invariance_step("scalar", *change, rests_on=rests_on)
    assert reading.verdict == verdict
    assert because in reading.because


def people(n=1500, *, seed=4, shift=0.0, weak=1.0, groups=("a", "b")):
    """Five items of one factor; in the second group, q5 is shifted and weaker as told."""
    rng = np.random.default_rng(seed)
    second = np.repeat([False, True], n // 2)
    trait = rng.normal(size=n) * np.where(second, 1.3, 1) + 0.5 * second
    items = {f"q{i}": 0.8 * trait + rng.normal(0, 0.6, size=n) for i in range(1, 6)}
    items["q5"] = np.where(second, items["q5"] * weak + shift, items["q5"])
    return pd.DataFrame(items).assign(group=np.where(second, groups[1], groups[0]))


ONE = {"f": [f"q{i}" for i in range(1, 6)]}


def test_what_is_invariant_is_found_so_though_the_groups_differ_in_the_trait():
    result = invariance(people(), ONE, group="group")
    assert result.to_frame()["verdict"].tolist() == ["holds"] * 4
    assert result.level == "strict"


def test_a_shifted_item_breaks_scalar_invariance_and_not_metric():
    result = invariance(people(shift=0.5), ONE, group="group")
    verdicts = result.to_frame().set_index("step")["verdict"]
    assert verdicts["metric"] == "holds"
    assert verdicts["scalar"] == "fails"
    assert verdicts["strict"] == "open"
    assert result.level == "metric"


def test_a_weaker_item_breaks_metric_invariance():
    result = invariance(people(weak=0.4), ONE, group="group")
    assert result.to_frame().set_index("step").loc["metric", "verdict"] == "fails"
    assert result.level == "configural"


def test_nothing_is_shown_where_the_model_fits_no_group():
    data = people(seed=9)
    data["q6"] = data["q5"] + np.random.default_rng(1).normal(0, 0.1, len(data))
    data["q7"] = data["q4"] + np.random.default_rng(2).normal(0, 0.1, len(data))
    result = invariance(data, {"f": [f"q{i}" for i in range(1, 8)]}, group="group")
    assert result.level == "none"
    assert result.to_frame()["verdict"].iloc[0] == "fails"


COLUMNS = ["chisq", "df", "cfi", "delta_p"]


def kinds():
    data = people(400)
    second = data["group"] == "b"
    yield "integers", data.assign(group=second.astype(int))
    yield "floats", data.assign(group=second.astype(float))
    yield "booleans", data.assign(group=second)
    yield "category", data.assign(group=data["group"].astype("category"))
    yield "nullable", data.assign(group=second.astype("Int64"))
    yield "polars", pl.from_pandas(data)
    yield "lazy", pl.from_pandas(data).lazy()
    yield "shuffled", data.sample(frac=1, random_state=3)
    yield "columns turned round", data[data.columns[::-1]]
    read_only = data[ONE["f"]].to_numpy()
    read_only.flags.writeable = False
    frame = pd.DataFrame(read_only, columns=ONE["f"])
    yield "read-only", frame.assign(group=data["group"])


@pytest.fixture(scope="module")
def expected():
    return invariance(people(400), ONE, group="group").to_frame()[COLUMNS]


@pytest.mark.parametrize(("kind", "data"), list(kinds()), ids=[kind for kind, _ in kinds()])
def test_labels_and_frames_of_any_kind_give_the_same(kind, data, expected):
    found = invariance(data, ONE, group="group").to_frame()[COLUMNS]
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6, err_msg=kind)


def test_a_small_group_is_left_out_and_its_size_not_to_be_had():
    data = people(600)
    data.loc[data.index[:7], "group"] = "rare"
    result = invariance(data, ONE, group="group")
    without = invariance(data.iloc[7:], ONE, group="group")
    np.testing.assert_allclose(result.to_frame()["chisq"], without.to_frame()["chisq"])
    rare = result.groups.set_index("group").loc["rare"]
    assert pd.isna(rare["n"])
    assert not rare["used"]
    assert "left out, fewer than 10 rows: rare" in result.notes
    assert "600" not in result.summary()


def test_few_rows_for_the_parameters_are_said():
    data = people(400)
    few = pd.concat([data[data["group"] == "a"], data[data["group"] == "b"].iloc[:12]])
    result = invariance(few, ONE, group="group")
    assert any("fewer rows than the model has parameters in a group (15): b (12)" in note
               for note in result.notes)  # fmt: skip
    (size,) = [r for r in result.readings if "smallest group" in r.figure]
    assert (size.verdict, size.because) == ("not met", "at least 100 rows would be needed")


def test_an_improper_solution_is_no_evidence_of_invariance():
    data = people(400)
    data["q1"] = data["q2"] + 0.02 * np.random.default_rng(3).normal(size=len(data))
    data["q1"] = data["q1"] + 0.3 * (data["q3"] + data["q4"] + data["q5"])
    result = invariance(data, ONE, group="group")
    first = result.to_frame().iloc[0]
    assert first["note"] == "the solution is improper, see the notes"
    assert first["verdict"] == "not known"
    assert result.level == "none"
    assert any("negative" in note for note in result.notes)


def flat(data):
    return data.assign(q3=data["q3"].where(data["group"] == "a", 2.0))


REFUSED = [
    (people(400), {"group": "grop"}, "There is no column 'grop'[^D]*Did you mean 'group'"),
    (people(400), {"group": "q1"}, "'q1' is one of the items"),
    (people(400).assign(group="a"), {}, "Fewer than two groups by 'group' are large enough"),
    (people(16), {}, "Fewer than two groups"),
    (flat(people(400)), {}, "In a group by 'group' the answers to q3 do not vary"),
    (people(400), {"estimator": "MLR"}, "estimator cannot be 'MLR'"),
    (people(400), {"minimum_group": 3}, "whole number of at least 10"),
    (people(400), {"model": {"f": ["q1", "q2", "q33"]}}, "1 item is in the model and not in the"),
    (people(400).assign(q1=np.nan), {}, "Fewer than two groups"),
]


@pytest.mark.parametrize(("data", "options", "text"), REFUSED, ids=[text for *_, text in REFUSED])
def test_what_cannot_be_is_refused(data, options, text):
    with pytest.raises((ModelError, ScoringError), match=text):
        invariance(data, **({"model": ONE, "group": "group"} | options))


def test_a_step_that_cannot_be_fitted_is_said_and_not_declared():
    # Two items of one factor: nothing is known of the loadings until they are equal.
    result = invariance(people(400), {"f": ["q1", "q2"]}, group="group")
    first = result.to_frame().iloc[0]
    assert np.isnan(first["chisq"])
    assert "not identified" in first["note"]
    assert result.level == "none"


def test_the_result_goes_out_in_all_ways(by_gender):
    json.dumps(by_gender.to_dict(), allow_nan=False)
    assert "<table" in by_gender._repr_html_()
    text = by_gender.summary()
    assert "Groups: 1 (867), 2 (1,765)" in text
    assert "Cheung & Rensvold" in text
    assert [r.verdict for r in by_gender.readings] == [
        "met", "met", "not known", "not known", "met"
    ]  # fmt: skip


def test_an_instrument_turns_its_items_in_every_group(bfi, bfi_answers, by_gender):
    result = invariance(bfi_answers, TWO, group="gender", instrument=bfi)
    np.testing.assert_allclose(result.to_frame()["chisq"], by_gender.to_frame()["chisq"], rtol=1e-8)


@pytest.mark.parametrize("value", [None, 5, ["group"], b"group", ""])
def test_a_group_that_is_no_name_of_a_column_is_refused(value):
    with pytest.raises(ModelError, match="group has to be the name of a column"):
        invariance(people(200), ONE, group=value)


def test_a_dispute_is_a_fact_and_not_a_word():
    assert judged_step(-0.0069, -0.0009, 5.4e-7).disputed
    assert not judged_step(-0.0242, 0.0161, 1e-9).disputed
    assert not judged_step(-0.0242, 0.0161, np.nan).disputed
    assert judged_step(np.nan, 0.0, 0.5) == (None, None)
    # The name of a step that it rests on says "disagree", and no criterion does.
    row = {"note": "", "delta_cfi": 0.0, "delta_rmsea": 0.0, "delta_p": 0.9}
    reading = invariance_step("strict", 0.0, 0.0, 0.9, rests_on="disagreement")
    assert "disagree" in reading.because
    assert ladder_steps._verdict(row, reading) == "open"


def test_a_few_left_out_cannot_be_told_from_a_total():
    data = people(600)
    data.loc[data.index[:7], "group"] = "rare"
    result = invariance(data, ONE, group="group")
    assert result.groups["n"].isna().all()
    said = result.summary()
    written = json.dumps(result.to_dict(), allow_nan=False)
    for size in (293, 300, 593):  # the smallest group alone is read beside its criterion
        assert str(size) not in written.replace("293 rows", "")
        assert str(size) not in said.replace("293 rows", "")
    assert any("sizes of the groups are not shown" in note for note in result.notes)
    assert "Groups: a, b" in said


def test_where_many_are_left_out_the_sizes_are_shown():
    data = people(600)
    data.loc[data.index[:7], "group"] = "rare"
    data.loc[data.index[-8:], "group"] = "seldom"
    result = invariance(data, ONE, group="group")
    assert result.groups.set_index("group")["n"].to_dict() == pytest.approx(
        {"a": 293, "b": 292, "rare": np.nan, "seldom": np.nan}, nan_ok=True
    )


def test_which_group_does_not_vary_is_not_said():
    with pytest.raises(ModelError, match="do not vary") as refused:
        invariance(flat(people(400)), ONE, group="group")
    assert refused.value.failures.to_dict("records") == [{"item": "q3"}]
