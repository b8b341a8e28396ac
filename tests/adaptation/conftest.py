from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

SMALL = """\
id: small
version: 1.0.0
status: draft
title: A small questionnaire
short_title: SMALL-4
construct: Smallness
respondent: service_user
description: Four items.
sources:
  - {citation: Nobody (2020), licence: free}
languages: [en-GB, sv]
placeholders: {worker: my worker}
instructions: {en-GB: Think of {worker} and the last three months.}
response_scale:
  minimum: 1
  maximum: 3
  codes:
    - {value: 1, label: {en-GB: Never}}
    - {value: 2, label: {en-GB: Some of the time}}
    - {value: 3, label: {en-GB: Always}}
  not_applicable:
    - {code: "9", label: {en-GB: Does not apply}}
items:
  - {id: S1, reverse: false, gist: calm, wording: {en-GB: "{Worker} stayed calm.", sv: Lugn.}}
  - {id: S2, reverse: false, gist: quick, wording: {en-GB: "{Worker} got back to me quickly."}}
  - {id: S3, reverse: true, gist: afraid, wording: {en-GB: "I was afraid of {worker}."}}
  - {id: S4, reverse: false, gist: bare}
scales:
  - {id: S, title: Ess, items: [S1, S2, S3, S4], method: mean, minimum: 1, maximum: 3,
     minimum_answered: {count: 3}}
"""
SMALL = SMALL.replace("{en-GB: Think of {worker} and", "\n  en-GB: Think of {worker} and").replace(
    "three months.}", "three months."
)

Made = Callable[..., Path]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Give a function: swap pieces of the small definition and write it under a name."""

    def write(name: str, *swaps: tuple[str, str]) -> Path:
        text = SMALL
        for old, new in swaps:
            assert old in text, f"{old!r} does not stand in the small definition"
            text = text.replace(old, new)
        path = tmp_path / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write
