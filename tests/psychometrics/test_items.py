"""Item tables against R psych, and what they say where there is nothing to say."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from relsurvey.psychometrics import item_analysis

PSYCH_TOLERANCE = 1e-8
NAMES = {
    "item_mean": "mean",
    "item_sd": "sd",
    "item_rest_r": "item_rest_r",
    "alpha_if_dropped": "alpha_if_dropped",
}
BFI = ["agree", "conscientious", "extraversion", "neuroticism", "openness"]


def of(frame, **settings):
    return item_analysis(frame, scales={"s": list(frame.columns)}, **settings).to_frame()


def test_bfi_items_are_those_of_psych(bfi, bfi_answers, bfi_reference):
    table = item_analysis(bfi_answers, bfi, scales=BFI).to_frame().set_index("item")
    assert len(table) == 25
    for key in BFI:
        for theirs, ours in NAMES.items():
            for item, expected in bfi_reference[key]["listwise"][theirs].items():
                assert table.loc[item, ours] == pytest.approx(expected, abs=PSYCH_TOLERANCE)
    assert table.index[table["reversed"]].tolist() == list(bfi.reversed_items)
    assert table.loc["A1", "gist"] == "Gist of A1"


@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
@pytest.mark.parametrize("key", ["attitude", "twelve", "wrong"])
def test_further_sets_are_those_of_psych(alpha_reference, key, missing):
    answers = pd.DataFrame(alpha_reference[key]["data"], dtype=float)
    table = of(answers, missing=missing)
    for theirs, ours in NAMES.items():
        expected = alpha_reference[key][missing][theirs]
        assert table[ours].tolist() == pytest.approx(expected, abs=PSYCH_TOLERANCE)


@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
def test_shares_are_counted_after_keying(bfi, bfi_answers, missing):
    table = item_analysis(bfi_answers, bfi, scales="agree", missing=missing).to_frame()
    used = bfi_answers[[f"A{i}" for i in range(1, 6)]]
    used = used.dropna() if missing == "listwise" else used
    row = table.set_index("item").loc["A1"]
    assert row["n"] == used["A1"].count()
    assert row["floor"] == (used["A1"] == 6).sum() / used["A1"].count()
    assert row["ceiling"] == (used["A1"] == 1).sum() / used["A1"].count()
    assert row["missing_share"] == pytest.approx(bfi_answers["A1"].isna().mean(), abs=1e-15)
    assert row["note"] == ""


def test_without_an_instrument_the_range_is_not_guessed():
    table = of(pd.DataFrame({"a": [1, 2, 3], "b": [1, 3, 2], "c": [2, 1, 3]}))
    assert table[["floor", "ceiling"]].isna().all(axis=None)
    assert table["note"].str.contains("not known without an instrument").all()
    assert table["gist"].tolist() == ["", "", ""]
    assert not table["reversed"].any()


CASES = [
    ({"a": [1, 2, 4]}, "a", "one item: there is no rest"),
    ({"a": [1, 2, 4], "b": [1, 2, 3]}, "a", "two items: alpha without one of them"),
    ({"a": [1, None], "b": [1, 2], "c": [2, 2]}, "b", "1 row has every item answered"),
    ({"a": [None] * 3, "b": [1, 2, 3]}, "b", "nobody answered a"),
    ({"a": [2, 2, 2], "b": [1, 2, 3], "c": [1, 3, 3]}, "a", "does not vary"),
    ({"a": [1, 2, 3], "b": [2, 2, 2], "c": [1, 1, 1]}, "a", "other items has no variance: no item"),
    ({"a": [1, 2, 3, 4], "b": [4, 3, 2, 2], "c": [1, 3, 3, 4]}, "b", "item-rest r is negative"),
    ({"a": [], "b": []}, "a", "no rows"),
]


@pytest.mark.parametrize(("cells", "item", "note"), CASES, ids=[note for *_, note in CASES])
def test_what_cannot_be_computed_has_its_reason(cells, item, note):
    row = of(pd.DataFrame(cells)).set_index("item").loc[item]
    assert note in row["note"]
    if "negative" not in note and "two items" not in note:
        assert np.isnan(row["item_rest_r"])


def test_an_item_nobody_answered_is_counted():
    row = of(pd.DataFrame({"a": [None, None], "b": [1, 2]})).set_index("item").loc["a"]
    assert (row["n"], row["missing_share"]) == (0, 1.0)
    assert np.isnan(row["mean"])


def test_the_summary_has_a_line_an_item_and_the_notes(bfi, bfi_answers):
    text = item_analysis(bfi_answers, bfi, scales="agree").summary().splitlines()
    assert text[0] == "Items (listwise)"
    assert text[2].startswith("agree  A1 (reversed)  2,709    0.6 %  4.59  1.40")
    assert len(text) == 7
    turned = item_analysis(bfi_answers, scales={"s": ["A1", "A2", "A3"]}).summary()
    assert "\ns A1: item-rest r is negative: check its keying" in turned


def test_omega_if_dropped_is_that_of_semtools(bfi, bfi_answers):
    golden = json.loads(
        (Path(__file__).parents[1] / "reference" / "reliability_reference.json").read_text()
    )["omega"]
    table = item_analysis(bfi_answers, bfi, scales=BFI).to_frame()
    for key in BFI:
        found = table.loc[table["scale"] == key, "omega_if_dropped"].tolist()
        assert found == pytest.approx(golden[key[0].upper()]["dropped"], abs=1e-5)


def test_three_items_have_no_omega_without_one():
    found = of(pd.DataFrame({"a": [1, 2, 4, 3], "b": [1, 2, 3, 3], "c": [2, 2, 3, 4]}))
    assert found["omega_if_dropped"].isna().all()
    assert found["note"].str.startswith("three items: two do not identify an omega").all()
    assert found["alpha_if_dropped"].notna().all()
