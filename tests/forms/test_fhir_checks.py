import copy
import json
from pathlib import Path

import pytest

from relsurvey.forms.fhir import write_fhir
from relsurvey.forms.fhir_checks import ORDINAL, TRANSLATION, questionnaire_faults
from relsurvey.forms.form import forms_of
from relsurvey.instruments import load_instrument

ODD = Path(__file__).parent / "odd.yaml"


@pytest.fixture(scope="module")
def good():
    (content,) = write_fhir(forms_of(load_instrument(ODD))).values()
    return json.loads(content)


@pytest.fixture
def document(good):
    return copy.deepcopy(good)


def item(document, number=0):
    return document["item"][0]["item"][number]


def coding(document, number=0):
    return item(document)["answerOption"][number]["valueCoding"]


def faults_of(document):
    return [(row["where"], row["fault"]) for row in questionnaire_faults(document)]


BREAKS = {
    "resource": (
        lambda d: d.update(resourceType="Patient"),
        ("Questionnaire", "resourceType is not Questionnaire"),
    ),
    "status": (
        lambda d: d.update(status="published"),
        ("Questionnaire", "status 'published' is none of draft"),
    ),
    "no status": (lambda d: d.pop("status"), ("Questionnaire", "status None is none of")),
    "language": (
        lambda d: d.update(language="English (UK)"),
        ("Questionnaire", "language 'English (UK)' is not a language tag"),
    ),
    "no items": (lambda d: d.update(item=[]), ("Questionnaire", "there is no item")),
    "title": (lambda d: d.update(title="  "), ("Questionnaire", "title is empty")),
    "version": (lambda d: d.update(version=1.0), ("Questionnaire", "version is not text")),
    "control": (
        lambda d: d.update(description="a\x02b"),
        ("Questionnaire", "description holds U+0002, which FHIR forbids"),
    ),
    "type": (lambda d: item(d).update(type="banana"), ("A1", "type 'banana' is not an item type")),
    "R5 type": (lambda d: item(d).update(type="coding"), ("A1", "type 'coding' is not an item")),
    "no linkId": (lambda d: item(d).pop("linkId"), ("an item", "there is no linkId")),
    "linkId twice": (
        lambda d: item(d, 1).update(linkId="A1"),
        ("A1", "linkId stands 2 times; it has to be unique (que-2)"),
    ),
    "linkId twice, far away": (
        lambda d: d["item"][1].update(linkId="A1"),
        ("A1", "linkId stands 2 times"),
    ),
    "required": (
        lambda d: item(d).update(required="true"),
        ("A1", "required is not true or false"),
    ),
    "empty group": (lambda d: d["item"][0].update(item=[]), ("items", "has no items (que-1)")),
    "display with items": (
        lambda d: d["item"][0].update(type="display"),
        ("items", "a display item has items (que-1)"),
    ),
    "no text": (
        lambda d: [item(d).pop("text"), item(d).pop("_text")],
        ("A1", "a question has no text"),
    ),
    "no answers": (
        lambda d: item(d).pop("answerOption"),
        ("A1", "a choice has no answers to choose from"),
    ),
    "answers of a text": (
        lambda d: item(d).update(type="text"),
        ("A1", "an item of type 'text' has answerOption"),
    ),
    "both kinds of answers": (
        lambda d: item(d).update(answerValueSet="http://example.org/vs"),
        ("A1", "answerOption and answerValueSet (que-4)"),
    ),
    "value set of a number": (
        lambda d: d["item"][2].update(answerValueSet="http://example.org/vs"),
        ("months", "has answerValueSet (que-5)"),
    ),
    "two values": (
        lambda d: item(d)["answerOption"][0].update(valueString="x"),
        ("A1, answer 1", "it has to hold one of valueCoding"),
    ),
    "a decimal answer": (
        lambda d: item(d)["answerOption"].append({"valueDecimal": 1.5}),
        ("A1, answer 6", "it has to hold one of valueCoding"),
    ),
    "text as choice": (
        lambda d: item(d)["answerOption"].append({"valueString": "x"}),
        ("A1, answer 6", "has to be a valueCoding"),
    ),
    "ordinal of an answer as text": (
        lambda d: item(d)["answerOption"][0].update(
            extension=[{"url": ORDINAL, "valueDecimal": "1"}]
        ),
        ("A1, answer 1", "ordinalValue needs a number as valueDecimal"),
    ),
    "ordinal on the item": (
        lambda d: item(d).update(extension=[{"url": ORDINAL, "valueDecimal": 1}]),
        ("A1", "does not belong here"),
    ),
    "ordinal as text": (
        lambda d: coding(d)["extension"][0].update(valueDecimal="1"),
        ("A1, answer 1", "ordinalValue needs a number as valueDecimal"),
    ),
    "ordinal as truth": (
        lambda d: coding(d)["extension"][0].update(valueDecimal=True),
        ("A1, answer 1", "ordinalValue needs a number as valueDecimal"),
    ),
    "ordinal not finite": (
        lambda d: coding(d)["extension"][0].update(valueDecimal=float("nan")),
        ("A1, answer 1", "ordinalValue needs a number as valueDecimal"),
    ),
    "ordinal twice": (
        lambda d: coding(d)["extension"].append({"url": ORDINAL, "valueDecimal": 7}),
        ("A1, answer 1", "stands more than once"),
    ),
    "ordinal with two values": (
        lambda d: coding(d)["extension"][0].update(valueInteger=1),
        ("A1, answer 1", "needs one value, or extensions (ext-1)"),
    ),
    "unknown extension": (
        lambda d: coding(d)["extension"].append({"url": "http://x.org/y", "valueString": "z"}),
        ("A1, answer 1", "extension 'http://x.org/y' does not belong here"),
    ),
    "code with spaces": (
        lambda d: coding(d).update(code=" 1"),
        ("A1, answer 1", "code ' 1' is not a code"),
    ),
    "code as number": (
        lambda d: coding(d).update(code=1),
        ("A1, answer 1", "code 1 is not a code"),
    ),
    "code twice": (
        lambda d: coding(d, 1).update(code="-1"),
        ("A1", "the code '-1' stands 2 times among the answers"),
    ),
    "no display": (
        lambda d: [coding(d).pop("display"), coding(d).pop("_display")],
        ("A1, answer 1", "the coding has no display"),
    ),
    "control in display": (
        lambda d: coding(d).update(display="\x1b[31m"),
        ("A1, answer 1", "display holds U+001B"),
    ),
    "translation into nothing": (
        lambda d: item(d)["_text"]["extension"][0]["extension"].pop(0),
        ("A1, text", "a translation into None, which is not a language tag"),
    ),
    "empty translation": (
        lambda d: item(d)["_text"]["extension"][0]["extension"][1].update(valueString=""),
        ("A1, text", "translation is empty"),
    ),
    "translation on the item": (
        lambda d: item(d).update(extension=[{"url": TRANSLATION, "extension": []}]),
        ("A1", "does not belong here"),
    ),
    "control of nothing": (
        lambda d: d["item"][0]["extension"][0].pop("valueCodeableConcept"),
        ("items", "questionnaire-itemControl needs a valueCodeableConcept"),
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_every_broken_rule_is_found_where_it_is(document, name):
    change, (where, fault) = BREAKS[name]
    assert questionnaire_faults(document) == []
    change(document)
    found = faults_of(document)
    assert any(place == where and fault in words for place, words in found), found


def test_the_ordinal_value_may_stand_on_the_answer_too(document):
    option = item(document)["answerOption"][0]
    option["extension"] = option["valueCoding"].pop("extension")
    assert questionnaire_faults(document) == []


def test_all_faults_are_told_at_once(document):
    for name in ("status", "type", "ordinal as text", "code twice"):
        BREAKS[name][0](document)
    assert len(questionnaire_faults(document)) >= 4


def test_the_library_alone_would_accept_a_banana(document):
    """Why these checks exist."""
    from fhir.resources.R4B.questionnaire import Questionnaire

    item(document).update(type="banana")
    Questionnaire.model_validate(document)
    assert questionnaire_faults(document) != []
