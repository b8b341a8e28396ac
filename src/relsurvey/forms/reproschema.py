"""Write a form as ReproSchema 1.0.0: a protocol of one activity, and its items, as JSON-LD.

Scores are said in words in the activity's description and not as ``compute``: a jsExpression
gets no value, or zero, for an item that was skipped, and the number of "does not apply" as if it
were an answer, so no expression can keep the rule for missing answers on every player. A player
would show a wrong score; `relsurvey score` makes it from the answers.

References
----------
ReproSchema 1.0.0, classes Protocol, Activity, Item and ResponseOption.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from relsurvey.errors import InstrumentError, listed
from relsurvey.forms.form import Choice, Form, Question
from relsurvey.forms.printable import require_writable
from relsurvey.forms.remarks import worker_not_asked
from relsurvey.forms.variables import plain, scoring_in_words
from relsurvey.instruments import Item

__all__ = ["remarks", "write_reproschema"]

SCHEMA_VERSION = "1.0.0"
# The context is part of the format; a file names the release it was written for.
CONTEXT = (
    "https://raw.githubusercontent.com/ReproNim/reproschema/main/releases/"
    f"{SCHEMA_VERSION}/reproschema"
)
_INPUTS = {"scale": "radio", "choice": "radio", "number": "float", "text": "text"}


def write_reproschema(forms: Sequence[Form]) -> dict[str, bytes]:
    """Write forms as a ReproSchema protocol with one activity.

    Parameters
    ----------
    forms : sequence of Form
        One instrument; every text is a map from language to text.

    Returns
    -------
    dict of str to bytes
        ``<id>/<id>_schema`` (protocol), ``activities/<id>/<id>_schema`` and one file an item
        in ``activities/<id>/items/``.

    Raises
    ------
    InstrumentError
        Where the forms do not belong together, or two ids differ in case only and would be one
        file on some computers.

    Examples
    --------
    >>> from relsurvey.forms.form import forms_of
    >>> from relsurvey.instruments import load_instrument
    >>> files = write_reproschema(forms_of(load_instrument("peech-sc")))
    >>> len(files), sorted(files)[0]
    (31, 'activities/peech-sc/items/CON1')
    """
    first = require_writable(forms)
    _require_distinct_files(first)
    name = first.instrument.id
    folder = f"activities/{name}"
    documents = {
        f"{name}/{name}_schema": _protocol(first),
        f"{folder}/{name}_schema": _activity(forms),
    }
    for versions in zip(*(form.questions for form in forms), strict=True):
        documents[f"{folder}/items/{versions[0].id}"] = _item(forms, versions)
    return {path: _as_bytes(document) for path, document in documents.items()}


def remarks(forms: Sequence[Form]) -> tuple[str, ...]:
    """Say what was left out."""
    return (
        "Scores are described in words and not computed: a ReproSchema expression cannot tell "
        "an answer from one that was skipped or does not apply.",
        *worker_not_asked(forms[0]),
    )


def _as_bytes(document: dict[str, Any]) -> bytes:
    text = json.dumps({**document, "@context": CONTEXT}, ensure_ascii=False, indent=2)
    return f"{text}\n".encode()


def _require_distinct_files(form: Form) -> None:
    counts = Counter(question.id.casefold() for question in form.questions)
    alike = [one.id for one in form.questions if counts[one.id.casefold()] > 1]
    if alike:
        raise InstrumentError(
            f"Some ids of {form.instrument.id} differ in case only: {listed(alike)}.",
            hint="Each question is a file of its own, and some computers do not tell such names "
            "apart. Rename one of them.",
        )


def _protocol(form: Form) -> dict[str, Any]:
    instrument = form.instrument
    path = f"../activities/{instrument.id}/{instrument.id}_schema"
    activity = {
        "isAbout": path,
        "variableName": f"{instrument.id}_schema",
        "prefLabel": {instrument.languages[0]: instrument.short_title},
        "isVis": True,
    }
    return {
        "id": f"{instrument.id}_schema",
        "category": "reproschema:Protocol",
        **_labels(form),
        "ui": {"addProperties": [activity], "order": [path], "shuffle": False},
    }


def _activity(forms: Sequence[Form]) -> dict[str, Any]:
    form, instrument = forms[0], forms[0].instrument
    preamble = {one.locale: one.instructions for one in forms if one.instructions}
    scoring = (f"{one.id}: {scoring_in_words(instrument, one)}" for one in instrument.scales)
    citation = "\n".join(source.citation for source in instrument.sources)
    paths = {question.id: f"items/{question.id}" for question in form.questions}
    return {
        "id": f"{instrument.id}_schema",
        "category": "reproschema:Activity",
        **_labels(form),
        "description": {instrument.languages[0]: "\n".join([instrument.description, *scoring])},
        "citation": {instrument.languages[0]: citation},
        **({"preamble": preamble} if preamble else {}),
        "ui": {
            "order": list(paths.values()),
            "addProperties": [
                {"isAbout": path, "variableName": name, "isVis": True}
                for name, path in paths.items()
            ],
            "shuffle": False,
        },
    }


def _labels(form: Form) -> dict[str, Any]:
    instrument = form.instrument
    return {
        "prefLabel": {instrument.languages[0]: instrument.title},
        "schemaVersion": SCHEMA_VERSION,
        "version": instrument.version,
    }


def _item(forms: Sequence[Form], versions: tuple[Question, ...]) -> dict[str, Any]:
    question, instrument = versions[0], forms[0].instrument
    pairs = list(zip(forms, versions, strict=True))
    choices = [
        (form.locale, form.choices if one.kind == "scale" else one.choices) for form, one in pairs
    ]
    item: dict[str, Any] = {
        "id": question.id,
        "category": "reproschema:Item",
        "prefLabel": {instrument.languages[0]: question.gist},
        "question": {form.locale: one.text for form, one in pairs},
        "ui": {"inputType": _INPUTS[question.kind]},
        "responseOptions": _response(question.kind, choices),
    }
    if question.kind == "scale":
        item["additionalNotesObj"] = _notes(instrument.items[question.id])
    return item


def _notes(item: Item) -> list[dict[str, Any]]:
    """Keep what the format has no field for."""
    notes = {"reverse": item.reverse, "scored": item.scored}
    return [{"source": "relsurvey", "column": key, "value": value} for key, value in notes.items()]


def _response(kind: str, choices: Sequence[tuple[str, Sequence[Choice]]]) -> dict[str, Any]:
    if kind in {"number", "text"}:
        return {"valueType": ["xsd:decimal" if kind == "number" else "xsd:string"]}
    offered: dict[str, dict[str, Any]] = {}
    for locale, one_language in choices:
        for choice in one_language:
            entry = offered.setdefault(choice.code, {"name": {}, "value": _value(choice)})
            entry["name"][locale] = choice.label
    options: dict[str, Any] = {
        "valueType": _types(entry["value"] for entry in offered.values()),
        "multipleChoice": False,
        "choices": list(offered.values()),
    }
    numbers = [choice.value for choice in choices[0][1] if choice.value is not None]
    specials = [one for one in offered.values() if one["value"] not in numbers]
    # A range beside a number that is not on the scale would contradict it.
    if all(isinstance(one["value"], str) for one in specials):
        options |= {"minValue": plain(min(numbers)), "maxValue": plain(max(numbers))}
    return options


def _value(choice: Choice) -> int | float | str:
    """Return the code as a number where it is written like one, so that it is stored as such."""
    if choice.value is not None:
        return plain(choice.value)
    try:
        number = plain(float(choice.code))
    except (ValueError, OverflowError):
        return choice.code
    return number if str(number) == choice.code else choice.code


def _types(values: Iterable[int | float | str]) -> list[str]:
    names = {int: "xsd:integer", float: "xsd:decimal", str: "xsd:string"}
    return list(dict.fromkeys(names[type(value)] for value in values))
