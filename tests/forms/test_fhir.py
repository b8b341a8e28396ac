import dataclasses
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.errors import InstrumentError
from relsurvey.forms.fhir import remarks, write_fhir
from relsurvey.forms.fhir_checks import ORDINAL, TRANSLATION, questionnaire_faults
from relsurvey.forms.form import forms_of
from relsurvey.forms.printable import hidden_in
from relsurvey.instruments import load_instrument

ODD = Path(__file__).parent / "odd.yaml"


def written(source, locales=None):
    forms = forms_of(load_instrument(source), locales)
    (content,) = write_fhir(forms).values()
    return forms, json.loads(content)


@pytest.fixture(scope="module", params=["peech-sc", ODD], ids=["peech-sc", "odd"])
def pair(request):
    return written(request.param)


def items_of(document):
    group, *context = document["item"]
    return [*group["item"], *context]


def test_it_is_a_questionnaire_of_the_library_too(pair):
    from fhir.resources.R4B.questionnaire import Questionnaire

    _, document = pair
    parsed = Questionnaire.model_validate(document)
    assert json.loads(parsed.model_dump_json(by_alias=True, exclude_none=True)) == document


def test_our_checks_find_nothing(pair):
    assert questionnaire_faults(pair[1]) == []


def test_the_head():
    _, document = written("peech-sc")
    assert document["status"] == "draft"
    assert document["version"] == "0.1.0"
    assert document["language"] == "en-GB"
    assert document["title"].startswith("Patient Evaluation of Emotional Care")
    assert "publisher" not in document
    assert "at least 16 of 23 items answered" in document["description"]
    assert written(ODD)[1]["status"] == "active"


def test_one_file_named_by_the_instrument():
    assert list(write_fhir(forms_of(load_instrument(ODD)))) == ["odd_form-1.json"]


def test_every_question_is_there_by_id_with_its_text(pair):
    forms, document = pair
    found = {item["linkId"]: item["text"] for item in items_of(document)}
    assert found == {question.id: question.text for question in forms[0].questions}
    assert document["item"][0]["type"] == "group"
    assert document["item"][0]["text"] == forms[0].instructions


def test_types_follow_the_questions():
    _, document = written(ODD)
    types = {item["linkId"]: item["type"] for item in items_of(document)}
    assert types["A1"] == types["stage"] == "choice"
    assert (types["months"], types["remark"]) == ("decimal", "text")


def test_answers_have_codes_and_only_the_scale_has_ordinal_values():
    _, document = written(ODD)
    options = [option["valueCoding"] for option in items_of(document)[0]["answerOption"]]
    assert [one["code"] for one in options] == ["-1", "0.5", "2", "NA", "-77"]
    ordinals = [
        [entry["valueDecimal"] for entry in one.get("extension", ()) if entry["url"] == ORDINAL]
        for one in options
    ]
    assert ordinals == [[-1], [0.5], [2], [], []]
    stage = next(item for item in items_of(document) if item["linkId"] == "stage")
    assert all("extension" not in option["valueCoding"] for option in stage["answerOption"])


def test_a_reverse_keyed_item_has_the_codes_as_answered_and_a_remark_says_so():
    forms, document = written(ODD)
    first, second = (item["answerOption"] for item in items_of(document)[:2])
    assert first == second
    assert any("Turn A2, B2 before adding up" in remark for remark in remarks(forms))


def test_without_reverse_keyed_items_there_is_no_such_remark():
    instrument = load_instrument(ODD)
    kept = [item.model_copy(update={"reverse": False}) for item in instrument.items]
    changed = instrument.model_copy(update={"items": type(instrument.items)(kept)})
    assert not any("reverse-keyed" in remark for remark in remarks(forms_of(changed)))


def translations(element):
    return {
        part["extension"][0]["valueCode"]: part["extension"][1]["valueString"]
        for part in element["extension"]
        if part["url"] == TRANSLATION
    }


def test_further_languages_are_translations_of_every_text():
    forms, document = written(ODD)
    item = items_of(document)[0]
    assert translations(item["_text"]) == {form.locale: form.items[0].text for form in forms[1:]}
    coding = item["answerOption"][3]["valueCoding"]
    assert translations(coding["_display"]) == {
        "ar": "لا ينطبق",
        "en-GB-x-easy": "Not about me",
    }
    assert set(translations(document["item"][0]["_text"])) == {"ar", "en-GB-x-easy"}


def test_one_language_has_no_translation():
    _, document = written(ODD, ["ar"])
    assert TRANSLATION not in json.dumps(document)
    assert document["language"] == "ar"


def test_an_answer_of_one_language_only_is_a_translation_without_a_default():
    forms = list(forms_of(load_instrument(ODD), ["en-GB", "ar"]))
    forms[0] = dataclasses.replace(forms[0], choices=forms[0].choices[:-1])
    (content,) = write_fhir(forms).values()
    coding = items_of(json.loads(content))[0]["answerOption"][-1]["valueCoding"]
    assert coding["code"] == "-77"
    assert "display" not in coding
    assert set(translations(coding["_display"])) == {"ar"}


def test_an_item_called_items_does_not_meet_the_group():
    form = forms_of(load_instrument(ODD), ["en-GB"])[0]
    renamed = dataclasses.replace(form.items[0], id="items")
    (content,) = write_fhir([dataclasses.replace(form, items=(renamed, *form.items[1:]))]).values()
    assert json.loads(content)["item"][0]["linkId"] == "items-group"


def test_no_instructions_no_text_of_the_group():
    form = forms_of(load_instrument(ODD), ["en-GB"])[0]
    (content,) = write_fhir([dataclasses.replace(form, instructions="")]).values()
    assert "text" not in json.loads(content)["item"][0]


def test_a_code_that_fhir_forbids_stops_the_export():
    form = forms_of(load_instrument(ODD), ["en-GB"])[0]
    bad = dataclasses.replace(form.choices[0], code="two  spaces")
    broken = dataclasses.replace(form, choices=(bad, *form.choices[1:]))
    with pytest.raises(
        InstrumentError, match="cannot be written as a FHIR Questionnaire"
    ) as caught:
        write_fhir([broken])
    assert len(caught.value.failure_rows) == len(form.items)
    assert caught.value.failure_rows[0]["where"] == "A1, answer 1"


TEXTS = st.text(min_size=1, max_size=40).filter(lambda text: text.strip() and not hidden_in(text))


@given(text=TEXTS, label=TEXTS)
@settings(deadline=None, max_examples=25)
def test_any_text_comes_back_as_it_was(text, label):
    from fhir.resources.R4B.questionnaire import Questionnaire

    form = forms_of(load_instrument(ODD), ["en-GB"])[0]
    item = dataclasses.replace(form.items[0], text=text)
    choice = dataclasses.replace(form.choices[0], label=label)
    changed = dataclasses.replace(
        form, items=(item, *form.items[1:]), choices=(choice, *form.choices[1:])
    )
    (content,) = write_fhir([changed]).values()
    question = Questionnaire.model_validate_json(content).item[0].item[0]
    assert question.text == text
    assert question.answerOption[0].valueCoding.display == label
