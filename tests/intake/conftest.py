"""A small questionnaire with everything an answer can be."""

from pathlib import Path

import pytest

from relsurvey.instruments import Instrument, load_instrument

DEFINITION = """
id: small
version: 1.0.0
status: draft
title: A small questionnaire
short_title: Small
construct: Anything
respondent: service_user
description: Made for tests.
sources:
  - {citation: None., licence: None.}
languages: [en-GB, de]
placeholders: {worker: my social worker}
response_scale:
  minimum: 1
  maximum: 4
  codes:
    - {value: 1, label: {en-GB: Never, de: Nie}}
    - {value: 2, label: {en-GB: Now and then, de: Ab und zu}, aliases: [Sometimes]}
    - {value: 3, label: {en-GB: Usually, de: Meistens}}
    - {value: 4, label: {en-GB: "Yes, always", de: Immer}}
  not_applicable:
    - {code: "9", label: {en-GB: Doesn't apply, de: Trifft nicht zu}}
  missing:
    - {code: "NA", reason: not_shown}
    - {code: "-99", reason: unanswered}
    - {code: "88", label: {en-GB: Don't know}, reason: dont_know}
    - {code: "77", label: {en-GB: Rather not say}, reason: prefer_not}
items:
  - id: Q1
    gist: Heard
    reverse: false
    wording: {en-GB: "{Worker} heard me.", de: "Man hörte mich."}
  - {id: Q2, gist: Feared, reverse: true, wording: {en-GB: "I was afraid of {worker}, at times."}}
  - {id: Q3, gist: Safe, reverse: false, wording: {en-GB: I felt safe.}}
  - {id: Q4, gist: Extra, reverse: false, scored: false, wording: {en-GB: Asked beside it.}}
context:
  - {id: months, gist: Months known, answer: number, wording: {en-GB: "How many months?"}}
scales:
  - id: S
    title: All
    items: [Q1, Q2, Q3]
    method: mean
    minimum: 1
    maximum: 4
    minimum_answered: {count: 2}
"""


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Instrument:
    path = tmp_path_factory.mktemp("instrument") / "small.yaml"
    path.write_text(DEFINITION, encoding="utf-8")
    return load_instrument(path)


@pytest.fixture
def export(tmp_path: Path):
    """Write a text file and return its path."""

    def write(content: str | bytes, name: str = "export.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write
