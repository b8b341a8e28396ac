"""Hold a FHIR R4 Questionnaire against the rules that a check of its shape alone does not see.

A model of the resource accepts any text as a type, a status or a code; these checks know the
value sets that bind them, the invariants of Questionnaire that touch what this package writes,
and where the extensions belong.

References
----------
HL7 FHIR R4 (4.0.1): Questionnaire, Coding, Extension, data types; value sets publication-status
and item-type.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from relsurvey.forms.printable import hidden_in

__all__ = ["ITEM_CONTROL", "ORDINAL", "TRANSLATION", "questionnaire_faults"]

_BASE = "http://hl7.org/fhir/StructureDefinition"
ORDINAL = f"{_BASE}/ordinalValue"
TRANSLATION = f"{_BASE}/translation"
ITEM_CONTROL = f"{_BASE}/questionnaire-itemControl"

STATUSES = ("draft", "active", "retired", "unknown")
TYPES = (
    *("group", "display", "boolean", "decimal", "integer", "date", "dateTime", "time", "string"),
    *("text", "url", "choice", "open-choice", "attachment", "reference", "quantity"),
)
_WITH_CHOICES = ("choice", "open-choice")
_OPTIONS = (
    "valueCoding",
    "valueInteger",
    "valueDate",
    "valueTime",
    "valueString",
    "valueReference",
)
_TEXTS = ("title", "description", "copyright", "version", "text", "display", "linkId", "code")
_CODE = re.compile(r"[^\s]+(\s[^\s]+)*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")

Faults = Iterator[tuple[str, str]]


def questionnaire_faults(document: Mapping[str, Any]) -> list[dict[str, str]]:
    """Find what is wrong with a Questionnaire.

    Parameters
    ----------
    document : mapping
        The resource, as read from JSON.

    Returns
    -------
    list of dict
        ``where`` and ``fault``, one a fault; empty where all is well.

    Examples
    --------
    >>> item = {"linkId": "A1", "type": "banana", "text": "How are you?"}
    >>> broken = {"resourceType": "Questionnaire", "status": "draft", "item": [item]}
    >>> [(fault["where"], fault["fault"][:35]) for fault in questionnaire_faults(broken)]
    [('A1', "type 'banana' is not an item type o")]
    """
    faults = [*_head(document), *_link_ids(document)]
    for item in document.get("item", ()):
        faults += _item(item)
    return [{"where": where, "fault": fault} for where, fault in faults]


def _head(document: Mapping[str, Any]) -> Faults:
    where = "Questionnaire"
    if document.get("resourceType") != "Questionnaire":
        yield where, "resourceType is not Questionnaire"
    if document.get("status") not in STATUSES:
        yield where, f"status {document.get('status')!r} is none of {', '.join(STATUSES)}"
    language = document.get("language")
    if language is not None and not _is_language(language):
        yield where, f"language {language!r} is not a language tag"
    if not document.get("item"):
        yield where, "it asks nothing: there is no item"
    yield from _texts(where, document)


def _link_ids(document: Mapping[str, Any]) -> Faults:
    counts = Counter(str(item.get("linkId")) for item in _all_items(document))
    for name, count in counts.items():
        if count > 1:
            yield name, f"linkId stands {count} times; it has to be unique (que-2)"


def _all_items(parent: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for item in parent.get("item", ()):
        yield item
        yield from _all_items(item)


def _item(item: Mapping[str, Any]) -> Faults:
    where, kind = str(item.get("linkId", "an item")), item.get("type")
    if not item.get("linkId"):
        yield where, "there is no linkId"
    if kind not in TYPES:
        yield where, f"type {kind!r} is not an item type of R4"
    for flag in ("required", "repeats", "readOnly"):
        if not isinstance(item.get(flag, False), bool):
            yield where, f"{flag} is not true or false"
    nested = item.get("item", ())
    if kind == "group" and not nested:
        yield where, "a group has no items (que-1)"
    if kind == "display" and nested:
        yield where, "a display item has items (que-1)"
    if kind != "group" and not (item.get("text") or item.get("_text")):
        yield where, "a question has no text"
    yield from _texts(where, item)
    yield from _extensions(where, item, allowed=(ITEM_CONTROL,))
    yield from _answers(where, item)
    for child in nested:
        yield from _item(child)


def _answers(where: str, item: Mapping[str, Any]) -> Faults:
    kind, options = item.get("type"), item.get("answerOption", ())
    if options and "answerValueSet" in item:
        yield where, "it has answerOption and answerValueSet (que-4)"
    if kind in _WITH_CHOICES and not options and "answerValueSet" not in item:
        yield where, "a choice has no answers to choose from"
    if options and kind not in (*_WITH_CHOICES, "integer", "date", "time", "string"):
        yield where, f"an item of type {kind!r} has answerOption"
    if "answerValueSet" in item and kind not in _WITH_CHOICES:
        yield where, f"an item of type {kind!r} has answerValueSet (que-5)"
    for position, option in enumerate(options, start=1):
        yield from _option(f"{where}, answer {position}", option, kind)
    codings = [option["valueCoding"] for option in options if "valueCoding" in option]
    codes = Counter((coding.get("system"), coding.get("code")) for coding in codings)
    for (_, code), count in codes.items():
        if count > 1:
            yield where, f"the code {code!r} stands {count} times among the answers"


def _option(where: str, option: Mapping[str, Any], kind: Any) -> Faults:
    values = [key for key in option if key.startswith("value")]
    if len(values) != 1 or values[0] not in _OPTIONS:
        yield where, f"it has to hold one of {', '.join(_OPTIONS)}"
    elif kind == "choice" and values[0] != "valueCoding":
        yield where, "an answer of a choice has to be a valueCoding"
    yield from _extensions(where, option, allowed=(ORDINAL,))
    if "valueCoding" in option:
        yield from _coding(where, option["valueCoding"])


def _coding(where: str, coding: Mapping[str, Any]) -> Faults:
    code = coding.get("code")
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        yield where, f"code {code!r} is not a code: no spaces at the ends, none doubled"
    if not (coding.get("display") or coding.get("_display")):
        yield where, "the coding has no display"
    yield from _texts(where, coding)
    yield from _extensions(where, coding, allowed=(ORDINAL,))


def _texts(where: str, element: Mapping[str, Any]) -> Faults:
    for key in _TEXTS:
        if key in element:
            yield from _text(where, key, element[key])
        if f"_{key}" in element:
            yield from _extensions(f"{where}, {key}", element[f"_{key}"], allowed=(TRANSLATION,))


def _text(where: str, key: str, text: Any) -> Faults:
    if not isinstance(text, str):
        yield where, f"{key} is not text"
    elif not text.strip():
        yield where, f"{key} is empty; leave it out"
    elif hidden_in(text):
        yield where, f"{key} holds {hidden_in(text)}, which FHIR forbids"


def _extensions(where: str, element: Mapping[str, Any], allowed: tuple[str, ...] = ()) -> Faults:
    extensions = element.get("extension", ())
    for extension in extensions:
        url = extension.get("url")
        values = [key for key in extension if key.startswith("value")]
        if len(values) + ("extension" in extension) != 1:
            yield where, f"extension {url!r} needs one value, or extensions (ext-1)"
        if url not in allowed:
            yield where, f"extension {url!r} does not belong here"
        elif url == ORDINAL and not _is_decimal(extension.get("valueDecimal")):
            yield where, "ordinalValue needs a number as valueDecimal"
        elif url == ITEM_CONTROL and "valueCodeableConcept" not in extension:
            yield where, "questionnaire-itemControl needs a valueCodeableConcept"
        elif url == TRANSLATION:
            yield from _translation(where, extension)
    for url in (ORDINAL, ITEM_CONTROL):
        if sum(extension.get("url") == url for extension in extensions) > 1:
            yield where, f"extension {url!r} stands more than once"


def _translation(where: str, extension: Mapping[str, Any]) -> Faults:
    parts = {part.get("url"): part for part in extension.get("extension", ())}
    language = parts.get("lang", {}).get("valueCode")
    if not _is_language(language):
        yield where, f"a translation into {language!r}, which is not a language tag"
    content = parts.get("content", {})
    yield from _text(where, "translation", content.get("valueString", content.get("valueMarkdown")))


def _is_language(tag: Any) -> bool:
    return isinstance(tag, str) and _LANGUAGE.fullmatch(tag) is not None


def _is_decimal(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
