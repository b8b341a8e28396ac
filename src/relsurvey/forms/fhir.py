"""Write a form as an HL7 FHIR R4 Questionnaire (JSON).

Codes stand as they are answered: a reverse-keyed item has the same ordinal values as its
neighbours, because FHIR has no sign for reverse-keying and a score made of turned values could
not be told from one made of answers. The description says in words how scores are made.

References
----------
HL7 FHIR R4 (4.0.1), resource Questionnaire; extensions ordinalValue (may stand
on the Coding, where it is written, or on the answerOption), translation and
questionnaire-itemControl.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from relsurvey.errors import InstrumentError, listed
from relsurvey.forms.fhir_checks import ITEM_CONTROL, ORDINAL, TRANSLATION, questionnaire_faults
from relsurvey.forms.form import Choice, Form, Question
from relsurvey.forms.printable import require_writable
from relsurvey.forms.remarks import worker_not_asked
from relsurvey.forms.variables import plain, scoring_in_words

__all__ = ["remarks", "write_fhir"]

_STATUS = {"published": "active", "draft": "draft"}
_TYPES = {"scale": "choice", "choice": "choice", "number": "decimal", "text": "text"}

Texts = Sequence[tuple[str, str]]  # language and text, the default language first


def write_fhir(forms: Sequence[Form]) -> dict[str, bytes]:
    """Write forms as one FHIR R4 Questionnaire.

    Parameters
    ----------
    forms : sequence of Form
        One instrument; further languages become translation extensions.

    Returns
    -------
    dict of str to bytes
        ``<id>.json``.

    Raises
    ------
    InstrumentError
        Where the forms do not belong together, or the Questionnaire would break a rule of
        FHIR; ``.failures`` lists ``where, fault``.

    Examples
    --------
    >>> from relsurvey.forms.form import forms_of
    >>> from relsurvey.instruments import load_instrument
    >>> files = write_fhir(forms_of(load_instrument("peech-sc")))
    >>> json.loads(files["peech-sc.json"])["item"][0]["item"][0]["linkId"]
    'SEC1'
    """
    first = require_writable(forms)
    document = _questionnaire(forms)
    faults = questionnaire_faults(document)
    if faults:
        raise InstrumentError(
            f"{first.instrument.id} cannot be written as a FHIR Questionnaire.",
            hint="Change the definition where the faults are.",
            failures=faults,
        )
    text = json.dumps(document, ensure_ascii=False, indent=2)
    return {f"{first.instrument.id}.json": f"{text}\n".encode()}


def remarks(forms: Sequence[Form]) -> tuple[str, ...]:
    """Say what FHIR has no place for."""
    instrument = forms[0].instrument
    reverse = (
        (
            "FHIR has no sign for reverse-keyed items: ordinal values are the codes as answered. "
            f"Turn {listed(instrument.reversed_items)} before adding up.",
        )
        if instrument.reversed_items
        else ()
    )
    address = (
        "The Questionnaire has no canonical address (url) and its codes no code system: they "
        "belong to whoever publishes it.",
    )
    return (*reverse, *address, *worker_not_asked(forms[0]))


def _questionnaire(forms: Sequence[Form]) -> dict[str, Any]:
    form, instrument = forms[0], forms[0].instrument
    scoring = (f"{one.id}: {scoring_in_words(instrument, one)}" for one in instrument.scales)
    licences = (f"{one.citation} {one.licence}" for one in instrument.sources)
    return {
        "resourceType": "Questionnaire",
        "language": form.locale,
        "identifier": [{"value": instrument.id}],
        "version": instrument.version,
        "title": instrument.title,
        "status": _STATUS[instrument.status],
        "description": "\n\n".join([instrument.description, *scoring]),
        "copyright": "\n\n".join(licences),
        "item": [_group(forms), *_questions(forms, "context")],
    }


def _group(forms: Sequence[Form]) -> dict[str, Any]:
    taken = {question.id for question in forms[0].questions}
    name = "items"
    while name in taken:
        name += "-group"
    # htable: questions are rows, answers are columns.
    grid = {
        "coding": [{"system": "http://hl7.org/fhir/questionnaire-item-control", "code": "htable"}]
    }
    return {
        "extension": [{"url": ITEM_CONTROL, "valueCodeableConcept": grid}],
        "linkId": name,
        **_translated("text", [(form.locale, form.instructions) for form in forms]),
        "type": "group",
        "item": _questions(forms, "items"),
    }


def _questions(forms: Sequence[Form], part: str) -> list[dict[str, Any]]:
    by_language = [getattr(form, part) for form in forms]
    return [_item(forms, versions) for versions in zip(*by_language, strict=True)]


def _item(forms: Sequence[Form], versions: tuple[Question, ...]) -> dict[str, Any]:
    question = versions[0]
    texts = [(form.locale, one.text) for form, one in zip(forms, versions, strict=True)]
    item: dict[str, Any] = {
        "linkId": question.id,
        **_translated("text", texts),
        "type": _TYPES[question.kind],
    }
    if item["type"] != "choice":
        return item
    scored = question.kind == "scale"
    choices = [
        form.choices if scored else one.choices for form, one in zip(forms, versions, strict=True)
    ]
    item["answerOption"] = [
        {"valueCoding": _coding(forms, same, ordinal=scored)} for same in _aligned(choices)
    ]
    return item


def _aligned(choices: Sequence[tuple[Choice, ...]]) -> list[list[Choice | None]]:
    """Put the same answer's versions in several languages side by side, found by code.

    A "don't know" may have a label in one language only; then the other form does not offer it.
    """
    by_code = [{choice.code: choice for choice in one} for one in choices]
    codes = dict.fromkeys(code for one in by_code for code in one)
    return [[one.get(code) for one in by_code] for code in codes]


def _coding(
    forms: Sequence[Form], versions: Sequence[Choice | None], *, ordinal: bool
) -> dict[str, Any]:
    choice = next(one for one in versions if one)
    labels = [
        (form.locale, one.label if one else "") for form, one in zip(forms, versions, strict=True)
    ]
    coding: dict[str, Any] = {}
    if ordinal and choice.value is not None:
        coding["extension"] = [{"url": ORDINAL, "valueDecimal": plain(choice.value)}]
    return {**coding, "code": choice.code, **_translated("display", labels)}


def _translated(key: str, texts: Texts) -> dict[str, Any]:
    """Return a text of FHIR with its translations; a language without it is left out."""
    (_, default), *others = texts
    element: dict[str, Any] = {key: default} if default else {}
    further = [_translation(language, text) for language, text in others if text]
    return {**element, f"_{key}": {"extension": further}} if further else element


def _translation(language: str, text: str) -> dict[str, Any]:
    parts = [{"url": "lang", "valueCode": language}, {"url": "content", "valueString": text}]
    return {"url": TRANSLATION, "extension": parts}
