import json
from pathlib import Path

import pytest

from relsurvey.errors import InstrumentError
from relsurvey.forms.bids import remarks, write_bids
from relsurvey.forms.form import forms_of
from relsurvey.instruments import load_instrument

ODD = Path(__file__).parent / "odd.yaml"
KEYS = {"LongName", "Description", "Levels", "Derivative"}


@pytest.fixture(scope="module")
def files():
    return write_bids(forms_of(load_instrument(ODD), ["en-GB"]))


@pytest.fixture
def sidecar(files):
    return json.loads(files["phenotype/odd_form-1.json"])


def test_dictionary_and_table_have_the_same_name_and_columns(files, sidecar):
    assert list(files) == ["phenotype/odd_form-1.json", "phenotype/odd_form-1.tsv"]
    lines = files["phenotype/odd_form-1.tsv"].decode().split("\n")
    assert lines[1:] == [""]
    columns = lines[0].split("\t")
    assert columns[0] == "participant_id"
    assert columns == [name for name in sidecar if name != "MeasurementToolMetadata"]
    assert columns[1:] == [
        "A1",
        "A2",
        "B1",
        "B2",
        "X-9",
        "stage",
        "months",
        "remark",
        "A",
        "B",
        "C",
    ]


def test_only_keys_that_bids_knows(sidecar):
    tool = sidecar.pop("MeasurementToolMetadata")
    assert set(tool) == {"Description"}
    assert "version 2.1.0, published" in tool["Description"]
    assert "doi:10.1000/odd" in tool["Description"]
    for name, column in sidecar.items():
        assert set(column) <= KEYS, name
        assert column["LongName"]
        assert column["Description"]


def test_levels_hold_every_code_missing_ones_too(sidecar):
    assert sidecar["A1"]["Levels"] == {
        "-1": '=Never "ever"',
        "0.5": "<script>alert(1)</script>",
        "2": "+Always 🙂",
        "NA": "Does not apply",
        "-77": "Rather not say (prefers not to say)",
        "-99": "not shown",
    }
    assert sidecar["stage"]["Levels"] == {"1": "Start", "1234567": "End <end>"}
    assert "Levels" not in sidecar["months"]


def test_reverse_keying_is_said_in_words(sidecar):
    assert sidecar["A2"]["Description"] == "=1+1 (Reverse-keyed: scored as 1 - answer.)"
    assert sidecar["X-9"]["Description"].endswith("(Reverse-keyed: not scored.)")
    assert "Reverse" not in sidecar["A1"]["Description"]


def test_scores_are_derivatives_with_their_rule(sidecar):
    assert [name for name in sidecar if sidecar[name].get("Derivative")] == ["A", "B", "C"]
    assert "at least 1 of 2 items answered" in sidecar["A"]["Description"]
    assert sidecar["B"]["Description"].endswith("Range: -2 to 4.")


def test_an_id_that_bids_uses_is_refused():
    instrument = load_instrument(ODD)
    asked = [
        one.model_copy(update={"id": "session_id"}) if one.id == "months" else one
        for one in instrument.context
    ]
    renamed = instrument.model_copy(update={"context": type(instrument.context)(asked)})
    with pytest.raises(InstrumentError, match="mean something else in BIDS: session_id"):
        write_bids(forms_of(renamed, ["en-GB"]))


def test_the_other_language_has_its_own_words():
    files = write_bids(forms_of(load_instrument(ODD), ["ar"]))
    column = json.loads(files["phenotype/odd_form-1.json"])["A1"]
    assert column["Description"] == "قال العامل نعم."
    assert column["Levels"]["NA"] == "لا ينطبق (does not apply)"


def test_a_language_that_is_left_out_is_told():
    assert "ar, en-GB-x-easy" in remarks(forms_of(load_instrument(ODD)))[1]
