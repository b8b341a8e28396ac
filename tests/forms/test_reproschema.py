import dataclasses
import json
from pathlib import Path

import pytest

from relsurvey.errors import InstrumentError
from relsurvey.forms.form import forms_of
from relsurvey.forms.reproschema import CONTEXT, remarks, write_reproschema
from relsurvey.instruments import load_instrument

ODD = Path(__file__).parent / "odd.yaml"


def written(source):
    forms = forms_of(load_instrument(source))
    files = write_reproschema(forms)
    return forms, {path: json.loads(content) for path, content in files.items()}


@pytest.fixture(scope="module", params=["peech-sc", ODD], ids=["peech-sc", "odd"])
def pair(request):
    return written(request.param)


def test_every_file_fits_the_models_of_the_library(pair):
    from reproschema.models import identify_model_class

    for path, document in pair[1].items():
        bare = {key: value for key, value in document.items() if key != "@context"}
        model = identify_model_class(bare["category"])(**bare)
        assert json.loads(model.model_dump_json(exclude_unset=True)) == bare, path


def test_the_context_is_that_of_a_release(pair):
    assert {document["@context"] for document in pair[1].values()} == {CONTEXT}
    assert "/releases/1.0.0/" in CONTEXT
    versions = {one["schemaVersion"] for one in pair[1].values() if "schemaVersion" in one}
    assert versions == {"1.0.0"}


def test_paths_inside_lead_to_files(pair):
    forms, documents = pair
    name = forms[0].instrument.id
    protocol = documents[f"{name}/{name}_schema"]
    (activity_path,) = protocol["ui"]["order"]
    activity = documents[activity_path.removeprefix("../")]
    folder = f"activities/{name}"
    assert [f"{folder}/{path}" for path in activity["ui"]["order"]] == [
        path for path in documents if "/items/" in path
    ]
    assert activity["ui"]["order"] == [f"items/{one.id}" for one in forms[0].questions]
    assert [one["isAbout"] for one in activity["ui"]["addProperties"]] == activity["ui"]["order"]


def test_the_id_of_a_document_is_its_file_name(pair):
    for path, document in pair[1].items():
        assert document["id"] == path.rsplit("/", 1)[1]


def test_texts_are_maps_of_languages():
    forms, documents = written(ODD)
    item = documents["activities/odd_form-1/items/A1"]
    assert item["question"] == {form.locale: form.items[0].text for form in forms}
    assert item["ui"] == {"inputType": "radio"}
    names = [choice["name"] for choice in item["responseOptions"]["choices"]]
    assert names[0] == {"en-GB": '=Never "ever"', "ar": "أبدا", "en-GB-x-easy": "No"}
    activity = documents["activities/odd_form-1/odd_form-1_schema"]
    assert activity["preamble"] == {form.locale: form.instructions for form in forms}


def test_codes_are_numbers_where_they_are_and_text_where_not():
    _, documents = written(ODD)
    options = documents["activities/odd_form-1/items/A1"]["responseOptions"]
    assert [choice["value"] for choice in options["choices"]] == [-1, 0.5, 2, "NA", -77]
    assert options["valueType"] == ["xsd:integer", "xsd:decimal", "xsd:string"]
    assert "minValue" not in options  # -77 is not on the scale
    stage = documents["activities/odd_form-1/items/stage"]["responseOptions"]
    assert (stage["minValue"], stage["maxValue"]) == (1, 1234567)
    assert stage["valueType"] == ["xsd:integer"]
    assert stage["multipleChoice"] is False


def test_context_questions_of_other_kinds():
    _, documents = written(ODD)
    months, remark = (
        documents[f"activities/odd_form-1/items/{one}"] for one in ("months", "remark")
    )
    assert months["ui"]["inputType"] == "float"
    assert months["responseOptions"] == {"valueType": ["xsd:decimal"]}
    assert remark["ui"]["inputType"] == "text"
    assert remark["responseOptions"] == {"valueType": ["xsd:string"]}


def test_reverse_keying_is_a_note_of_the_item():
    _, documents = written(ODD)
    notes = {
        path.rsplit("/", 1)[1]: {
            note["column"]: note["value"] for note in one["additionalNotesObj"]
        }
        for path, one in documents.items()
        if "additionalNotesObj" in one
    }
    assert notes["A1"] == {"reverse": False, "scored": True}
    assert notes["A2"] == {"reverse": True, "scored": True}
    assert notes["X-9"] == {"reverse": True, "scored": False}


def test_scores_are_words_and_not_expressions():
    forms, documents = written(ODD)
    activity = documents["activities/odd_form-1/odd_form-1_schema"]
    assert "compute" not in activity
    assert "A: Mean of A1, A2; reverse-keyed: A2 (1 - answer)" in activity["description"]["en-GB"]
    assert "not computed" in remarks(forms)[0]


def test_no_instructions_no_preamble():
    form = dataclasses.replace(forms_of(load_instrument(ODD))[0], instructions="")
    files = write_reproschema([form])
    assert "preamble" not in json.loads(files["activities/odd_form-1/odd_form-1_schema"])


def test_ids_that_differ_in_case_only_are_refused():
    form = forms_of(load_instrument(ODD))[0]
    alike = dataclasses.replace(form.items[1], id="a1")
    with pytest.raises(InstrumentError, match="differ in case only: A1, a1"):
        write_reproschema([dataclasses.replace(form, items=(form.items[0], alike))])
