"""Models side by side: against R lavaan, on the same rows, and what is said of them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from relsurvey.errors import InstrumentError, ModelError
from relsurvey.instruments import load_instrument
from relsurvey.psychometrics.structure.compare import compare_models

REFERENCE = Path(__file__).parents[2] / "reference"
GOLDEN = json.loads((REFERENCE / "invariance_reference.json").read_text())
NINE = {"visual": ["x1", "x2", "x3"], "textual": ["x4", "x5", "x6"], "speed": ["x7", "x8", "x9"]}
TESTS = [f"x{i}" for i in range(1, 10)]
MODELS = {
    "one": {"g": TESTS},
    "two": {"vt": TESTS[:6], "speed": TESTS[6:]},
    "three": NINE,
    "second": {**NINE, "g": list(NINE)},
}
NAMES = {
    "chisq": "chisq", "df": "df", "pvalue": "p_value", "cfi": "cfi", "tli": "tli",
    "rmsea": "rmsea", "rmsea.ci.lower": "rmsea_low", "rmsea.ci.upper": "rmsea_high",
    "srmr": "srmr", "aic": "aic", "bic": "bic", "npar": "n_parameters",
}  # fmt: skip


@pytest.fixture(scope="module")
def nine():
    return pd.DataFrame(GOLDEN["nine_by_school"]["data"])


@pytest.fixture(scope="module")
def compared(nine):
    return compare_models(nine, models=MODELS)


@pytest.mark.parametrize("model", list(MODELS))
def test_every_model_is_that_of_lavaan(compared, model):
    row = compared.to_frame().set_index("model").loc[model]
    for theirs, ours in NAMES.items():
        assert row[ours] == pytest.approx(GOLDEN["nine_compared"][model][theirs], abs=1e-5), theirs
    assert row["converged"]


def test_nested_pairs_are_tested_as_in_lavaan(compared):
    table = compared.nested.set_index(["inner", "outer"])
    golden = GOLDEN["one_in_three"]
    row = table.loc[("one", "three")]
    assert row["delta_chisq"] == pytest.approx(golden["chisq"], abs=1e-5)
    assert row["delta_df"] == golden["df"]
    assert row["p_value"] == pytest.approx(golden["p"], rel=1e-6)
    assert ("three", "one") not in table.index
    # Three first-order factors: the second-order model says the same as the correlated one.
    assert ("second", "two") not in table.index
    assert np.isnan(table.loc[("second", "three"), "p_value"])
    assert "same degrees of freedom" in table.loc[("second", "three"), "note"]


def test_the_best_is_said_with_caution(compared):
    assert compared.best == "three"
    text = " ".join(compared.summary().split())
    assert "three and second have the same BIC" in text
    assert "only theory can choose" in text
    two = compare_models(pd.DataFrame(GOLDEN["nine_by_school"]["data"]),
                         models={"two": MODELS["two"], "three": NINE})  # fmt: skip
    assert any("clearly lower than that of two" in note for note in two.notes)
    assert any("not a good one" in note for note in two.notes)


def test_order_of_models_rows_and_columns_does_not_matter(nine, compared):
    turned = nine.sample(frac=1, random_state=1)[nine.columns[::-1]]
    again = compare_models(turned, models=dict(reversed(MODELS.items())))
    columns = ["chisq", "cfi", "rmsea", "bic"]
    found = again.to_frame().set_index("model").loc[list(MODELS), columns]
    np.testing.assert_allclose(found, compared.to_frame()[columns], rtol=1e-6)
    assert len(again.nested) == len(compared.nested)


def test_all_models_have_the_same_rows(nine):
    holes = nine.assign(x9=nine["x9"].where(nine.index >= 40))
    models = {"all": {"g": TESTS}, "some": {"g": TESTS[:8]}}
    result = compare_models(holes, models=models)
    assert {fit.n for fit in result.fits.values()} == {len(nine) - 40} == {result.n}
    assert result.n_total == len(nine)
    assert any("40 rows of 301" in note for note in result.notes)
    assert result.best == ""
    assert any("not of the same items" in note for note in result.notes)
    assert result.nested.empty
    full = compare_models(holes, models=models, estimator="FIML")
    assert {fit.n for fit in full.fits.values()} == {len(nine)}


def test_ordinal_items_have_a_scaled_difference_and_no_bic(bfi, bfi_answers):
    # lavTestLRT of a model with equal loadings, which is tested by group in test_ladder.py,
    # goes through the same function; here the figures have to agree with themselves.
    items = [f"A{i}" for i in range(1, 6)] + [f"C{i}" for i in range(1, 6)]
    models = {"one": {"g": items}, "two": {"a": items[:5], "c": items[5:]}}
    result = compare_models(bfi_answers, bfi, models, estimator="WLSMV")
    assert result.best == ""
    assert "cfi_scaled" in result.to_frame()
    (row,) = result.nested.to_dict("records")
    assert row["delta_df"] == 1
    fits = result.fits
    assert 0 < row["delta_chisq"] < fits["one"].fit["chisq"] - fits["two"].fit["chisq"]
    turned = compare_models(bfi_answers, bfi, {
        "one": {"g": items[::-1]}, "two": {"c": items[5:], "a": items[:5]}
    }, estimator="WLSMV")  # fmt: skip
    assert turned.nested["delta_chisq"].iloc[0] == pytest.approx(row["delta_chisq"], rel=1e-5)


def test_the_models_of_an_instrument_are_all_fitted():
    instrument = load_instrument("peech-sc")
    rng = np.random.default_rng(8)
    total = rng.normal(size=600)
    scales = {key: 0.8 * total + 0.6 * rng.normal(size=600) for key in ("SEC", "KNO", "VAL", "CON")}
    answers = pd.DataFrame(
        {
            item: np.digitize(scales[item[:3]] + rng.normal(0, 0.9, 600), [-1.5, -0.3, 0.8])
            for item in instrument.item_ids
        }
    )
    for item in instrument.reversed_items:
        answers[item] = 3 - answers[item]
    result = compare_models(answers, "peech-sc")
    table = result.to_frame().set_index("model")
    assert list(table.index) == list(instrument.models)
    assert table.loc["four-factors", "title"] == "Four correlated factors"
    assert result.best in ("second-order", "four-factors")
    assert table.loc["one-factor", "bic"] > table.loc["four-factors", "bic"] + 100
    fair = table[table["converged"]]
    assert result.readings[0].figure == "600 rows for 23 items"
    assert len(fair) >= 5
    # What has no fit shows no figure and says why.
    lost = table[~table["converged"]]
    assert lost["cfi"].isna().all()
    assert (lost["note"] != "").all()
    only = compare_models(answers, "peech-sc", "four-factors")
    assert only.to_frame()["chisq"].iloc[0] == pytest.approx(table.loc["four-factors", "chisq"])


def test_a_model_that_cannot_be_fitted_is_said_beside_the_others(nine):
    models = {"three": NINE, "two-items": {"a": TESTS[:1], "b": TESTS[1:]}}
    result = compare_models(nine, models=models)
    lost = result.to_frame().set_index("model").loc["two-items"]
    assert not lost["fitted"]
    assert "not identified" in lost["note"]
    assert result.best == "three"
    assert "two-items (no fit)" in result.summary()


def test_a_heywood_case_is_said():
    rng = np.random.default_rng(2)
    trait = rng.normal(size=60)
    data = pd.DataFrame({f"q{i}": 0.3 * trait + rng.normal(size=60) for i in range(4)})
    data["q0"] = trait
    data["q1"] = trait + 0.05 * rng.normal(size=60)
    result = compare_models(data, models={"f": {"f": ["q0", "q1", "q2", "q3"]}})
    note = result.to_frame()["note"].iloc[0]
    assert "residual variance of q0 is negative" in note
    assert any("give reason for doubt: The residual variance of q0" in one for one in result.notes)
    (_, reading) = result.readings
    assert (reading.verdict, reading.because) == (
        "not known", "the solution is improper, see the notes"
    )  # fmt: skip


REFUSED = [
    ({"models": None}, ModelError, "Without an instrument, the models have to be given"),
    ({"models": {}}, ModelError, "No model was given"),
    ({"models": {"m": {"f": ["x1", "x2", "y3"]}}}, ModelError, "1 item is in the model and not"),
    ({"models": MODELS, "estimator": "GLS"}, ModelError, "estimator cannot be 'GLS'"),
    ({"instrument": "peech", "models": None}, InstrumentError, "no instrument with the id"),
    ({"instrument": "peech-sc", "models": "five"}, ModelError, "peech-sc has no model 'five'"),
]


@pytest.mark.parametrize(("options", "error", "text"), REFUSED, ids=[text for *_, text in REFUSED])
def test_what_cannot_be_is_refused(nine, options, error, text):
    with pytest.raises(error, match=text):
        compare_models(nine, **options)


def test_no_complete_row_is_said(nine):
    empty = nine.assign(x1=np.nan)
    with pytest.raises(ModelError, match=r"No row answers every item.*Nobody answered x1"):
        compare_models(empty, models=MODELS)


def test_the_result_goes_out_in_all_ways(compared):
    json.dumps(compared.to_dict(), allow_nan=False)
    assert "<table" in compared._repr_html_()
    assert "Factor models (ML, 301 rows, 9 items)" in compared.summary()
    assert [r.verdict for r in compared.readings] == ["met", "not met", "not met", "met", "met"]


def test_a_name_with_improper_in_it_is_no_improper_solution(nine):
    renamed = {"improper_use": TESTS[:3], "disagree": TESTS[3:]}
    result = compare_models(nine, models={"improper": renamed, "three": NINE})
    assert not result.table["improper"].any()
    assert not result.fits["improper"].improper
    assert {reading.verdict for reading in result.readings} == {"met", "not met"}
    text = "improper_use =~ x1 + x2\ndisagree =~ x4 + x5 + x6"
    (fit,) = compare_models(nine, models={"pair": text}).fits.values()
    assert any("improper_use" in note for note in fit.notes)
    assert not fit.improper
    assert fit.readings[0].verdict == "met"


def test_an_improper_solution_is_judged_alike_everywhere(nine):
    twin = nine.assign(x1=nine["x2"] + 0.02 * np.random.default_rng(3).normal(size=len(nine)))
    twin["x1"] = twin["x1"] + 0.3 * (twin["x3"] + twin["x4"])
    model = {"f": ["x1", "x2", "x3", "x4"]}
    result = compare_models(twin, models={"one": model})
    (fit,) = result.fits.values()
    assert fit.improper
    assert result.table["improper"].tolist() == [True]
    assert isinstance(fit.readings, tuple)
    assert fit.readings[0].verdict == "not known"
    assert fit.readings[0].because == "the solution is improper, see the notes"
    assert result.readings[1].because == fit.readings[0].because
    assert fit.to_dict()["improper"] is True


@pytest.mark.parametrize("models", [5, [], [5], [None]])
def test_models_that_are_no_names_are_refused(models):
    codes = pd.DataFrame(np.ones((5, 23)), columns=list(load_instrument("peech-sc").item_ids))
    with pytest.raises(ModelError, match="models has to be a name, or several"):
        compare_models(codes, "peech-sc", models)
