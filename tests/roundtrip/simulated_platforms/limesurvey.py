"""LimeSurvey: imports a structure file, exports in its three heading modes.

Headings and values as LimeSurvey's own export writes them, seen in real exports: texts without
tags and with entities resolved, ``N/A`` for what a condition hid where answers are in full.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from made_people import Person

from relsurvey.forms.form import Form
from simulated_platforms.asked import Asked, Option, Survey, as_csv, cell, flat

_OWN = {
    "id": "Response ID",
    "submitdate": "Date submitted",
    "lastpage": "Last page",
    "startlanguage": "Start language",
    "seed": "Seed",
    "startdate": "Date started",
    "datestamp": "Date last action",
}


def imported(file: bytes) -> Survey:
    """Read the structure: one row a setting, question, row or answer, and a language."""
    rows = list(csv.DictReader(io.StringIO(file.decode("utf-8-sig")), delimiter="\t"))
    base, *others = (
        text
        for name in ("language", "additional_languages")
        for one in rows
        if (one["class"], one["name"]) == ("S", name)
        for text in one["text"].split()
    )
    languages = [base, *others]
    questions: list[Asked] = []
    stem, name = {}, ""
    for one in (one for one in rows if (one["class"], one["language"]) == ("Q", base)):
        options = tuple(
            Option(answer["name"], _texts(rows, answer, languages))
            for answer in _under(rows, "A", "id", one)
        )
        if one["type/scale"] == "F":
            name, stem = one["name"], _texts(rows, one, languages)
            questions += [
                Asked(row["name"], _texts(rows, row, languages), options, in_grid=True)
                for row in _under(rows, "SQ", "related_id", one)
            ]
        else:
            questions.append(Asked(one["name"], _texts(rows, one, languages), options))
    return Survey(name, stem, tuple(questions))


def _under(
    rows: Sequence[Mapping[str, str]], kind: str, key: str, one: Mapping[str, str]
) -> list[Mapping[str, str]]:
    same = (kind, one["id"], one["language"])
    return [row for row in rows if (row["class"], row[key], row["language"]) == same]


def _texts(
    rows: Sequence[Mapping[str, str]], one: Mapping[str, str], languages: Sequence[str]
) -> dict[str, str]:
    """Return the text in all languages: the row with the same place and name."""
    key = ("class", "id", "related_id", "name")
    alike = [row for row in rows if all(row[part] == one[part] for part in key)]
    return {row["language"]: row["text"] for row in alike if row["language"] in languages}


def exported(
    survey: Survey,
    forms: Mapping[str, Form],
    people: Sequence[Person],
    *,
    heading: str = "code",
    labels: bool = False,
    language: str = "",
    semicolon: bool = False,
) -> bytes:
    """Write the CSV; headings are "code", "both" or "full", answers are codes or labels."""
    language = language or next(iter(forms))
    codes = [*_OWN, *(_code(survey, one) for one in survey.questions), "workercode"]
    texts = [*_OWN.values(), *(_text(survey, one, language) for one in survey.questions)]
    texts.append("Worker code")
    headings = {
        "code": codes,
        "full": texts,
        "both": [f"{code}. {text}" for code, text in zip(codes, texts, strict=True)],
    }[heading]
    rows = []
    for person in people:
        own = next(one for one, form in forms.items() if form.locale == person.locale)
        given = survey.answered(forms[own], person, own)
        hidden = "N/A" if labels else ""
        cells = [flat(cell(one, labels=language if labels else "", hidden=hidden)) for one in given]
        rows.append([*_record(person, own), *cells, person.worker])
    text = as_csv([headings, *rows], ";" if semicolon else ",", end="\n")
    return text.encode("utf-8-sig")


def _code(survey: Survey, one: Asked) -> str:
    return f"{survey.name}[{one.name}]" if one.in_grid else one.name


def _text(survey: Survey, one: Asked, language: str) -> str:
    text = flat(one.texts[language])
    return f"{flat(survey.stem[language])} [{text}]" if one.in_grid else text


def _record(person: Person, language: str) -> list[str]:
    submitted = f"{person.submitted:%Y-%m-%d %H:%M:%S}"
    return [
        person.id,
        submitted if person.finished else "",
        "1" if person.finished else "",
        language,
        "1984",
        f"{person.started:%Y-%m-%d %H:%M:%S}",
        submitted,
    ]
