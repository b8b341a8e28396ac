import csv
import dataclasses
import io
import json
from pathlib import Path

import pytest

from relsurvey.errors import InstrumentError
from relsurvey.forms.form import forms_of
from relsurvey.forms.psych_ds import remarks, write_psych_ds
from relsurvey.forms.psych_ds_checks import psych_ds_faults
from relsurvey.instruments import load_instrument

ODD = Path(__file__).parent / "odd.yaml"
DESCRIPTION, DATA = "dataset_description.json", "data/study-oddform1_data.csv"


@pytest.fixture(scope="module")
def files():
    return write_psych_ds(forms_of(load_instrument(ODD), ["en-GB"]))


@pytest.fixture
def variables(files):
    document = json.loads(files[DESCRIPTION])
    return {one["name"]: one for one in document["variableMeasured"]}


def test_the_files_pass_our_checks(files):
    assert list(files) == [DESCRIPTION, DATA]
    assert psych_ds_faults(files) == []


def test_every_column_of_the_answers_is_described(files, variables):
    columns = ["respondent_id", "A1", "A2", "B1", "B2", "X-9", "stage", "months", "remark"]
    assert list(variables) == columns
    assert list(csv.reader(io.StringIO(files[DATA].decode()))) == [columns]


def test_the_head(files):
    document = json.loads(files[DESCRIPTION])
    assert (document["@context"], document["@type"]) == ("https://schema.org/", "Dataset")
    assert document["name"] == 'Answers to Odd & "quoted" <b>title</b>'
    assert document["inLanguage"] == "en-GB"


def test_an_item_has_wording_range_and_labels(variables):
    item = variables["A2"]
    assert item["@type"] == "PropertyValue"
    assert (item["minValue"], item["maxValue"]) == (-1, 2)
    assert item["value"].startswith('-1 = =Never "ever"; 0.5 = <script>')
    assert item["description"].startswith("=1+1 Reverse-keyed: scored as 1 - answer.")
    assert "NA = Does not apply" in item["description"]
    assert "-99 = not shown" in item["description"]
    assert "Reverse" not in variables["A1"]["description"]


def test_context_questions_have_no_range(variables):
    assert variables["stage"]["value"] == "1 = Start; 1234567 = End <end>"
    assert "minValue" not in variables["months"]


def test_a_language_that_is_left_out_is_told():
    assert "ar, en-GB-x-easy" in remarks(forms_of(load_instrument(ODD)))[1]
    assert len(remarks(forms_of(load_instrument(ODD), ["ar"]))) == 1


def change(document, key, value):
    document[key] = value


METADATA = {
    "type": (lambda d: change(d, "@type", "Thing"), "@type is not Dataset"),
    "context": (lambda d: d.pop("@context"), "@context is not schema.org"),
    "name": (lambda d: d.pop("name"), "name is required"),
    "description": (lambda d: change(d, "description", " "), "description is required"),
    "nothing": (lambda d: change(d, "variableMeasured", []), "names no column"),
    "twice": (
        lambda d: d["variableMeasured"].append(d["variableMeasured"][1]),
        "names 'A1' 2 times",
    ),
    "no PropertyValue": (
        lambda d: d["variableMeasured"][1].pop("@type"),
        "'A1' is not a PropertyValue",
    ),
    "range upside down": (
        lambda d: change(d["variableMeasured"][1], "minValue", 5),
        "minValue above its maxValue",
    ),
    "range in words": (
        lambda d: change(d["variableMeasured"][1], "maxValue", "two"),
        "that is not a number",
    ),
    "a column short": (
        lambda d: d["variableMeasured"].pop(),
        "'remark' is not in variableMeasured",
    ),
}


@pytest.mark.parametrize("name", METADATA)
def test_a_broken_description_is_found(files, name):
    alter, words = METADATA[name]
    document = json.loads(files[DESCRIPTION])
    alter(document)
    faults = psych_ds_faults({**files, DESCRIPTION: json.dumps(document).encode()})
    assert any(words in row["fault"] for row in faults), faults


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"respondent_id,A1\n", "'A2', which is not a column"),
        (b"", "no heading row"),
        (b"A1,A1\n", "the column 'A1' stands 2 times"),
        (b"other\n", "'other' is not in variableMeasured"),
    ],
)
def test_a_broken_table_is_found(files, content, words):
    faults = psych_ds_faults({**files, DATA: content})
    assert any(words in row["fault"] for row in faults), faults


def test_broken_files_are_found(files):
    description = {DESCRIPTION: files[DESCRIPTION]}
    assert psych_ds_faults({DATA: files[DATA]})[0]["fault"] == "there is no such file"
    assert psych_ds_faults({**files, DESCRIPTION: b"\xff{"})[0]["fault"].startswith(
        "it is not JSON"
    )
    assert psych_ds_faults(description) == [{"where": "data", "fault": "there is no data file"}]
    wrong = psych_ds_faults({**description, "data/answers.csv": files[DATA]})
    assert "its name is not made of keywords" in wrong[0]["fault"]


def test_what_breaks_the_rules_is_not_written():
    form = forms_of(load_instrument(ODD), ["en-GB"])[0]
    instrument = form.instrument.model_copy(update={"description": ""})
    with pytest.raises(InstrumentError, match="cannot be written as Psych-DS"):
        write_psych_ds([dataclasses.replace(form, instrument=instrument)])
