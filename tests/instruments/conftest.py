from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from relsurvey.errors import InstrumentError
from relsurvey.instruments import Instrument, load_instrument

SMALL = """\
id: small
version: 1.0.0
status: draft
title: A small questionnaire
short_title: Small
construct: Smallness
respondent: worker
description: Four items on two scales and their composite.
sources:
  - {citation: Nobody (2020), licence: free}
languages: [en-GB]
placeholders: {worker: my worker}
response_scale:
  minimum: 1
  maximum: 3
  codes:
    - {value: 1, label: {en-GB: Never}, aliases: [not ever]}
    - {value: 2, label: {en-GB: Sometimes}}
    - {value: 3, label: {en-GB: Always}}
  not_applicable:
    - {code: "9", label: {en-GB: Does not apply}}
  missing:
    - {code: "-99", reason: not_shown}
items:
  - {id: A1, reverse: false, gist: one, wording: {en-GB: "{Worker} is one."}}
  - {id: A2, reverse: true, gist: two}
  - {id: B1, reverse: false, gist: three}
  - {id: B2, reverse: false, gist: four}
context:
  - {id: months, gist: months known, answer: number}
scales:
  - {id: A, title: Ay, items: [A1, A2], method: mean, minimum: 1, maximum: 3,
     minimum_answered: {count: 1}}
  - {id: B, title: Bee, items: [B1, B2], method: sum, minimum: 2, maximum: 6,
     minimum_answered: {share: "1/2"}}
  - {id: C, title: Cee, scales: [A, B], composite_of: items, method: mean, minimum: 1, maximum: 3,
     minimum_answered: {count: 3}}
models:
  two: {title: Two, kind: correlated, factors: {FA: [A1, A2], FB: [B1, B2]}}
bands:
  - {scale: A, minimum: 1, maximum: 2, level: red, label: {en-GB: low}, reason: none}
published:
  - {statistic: alpha, of: A, scale: A, value: 0.8, sample: some, n: 10, source: Nobody}
adaptation:
  original: Large
  subscales: {old: Old}
  changes:
    - {id: shorter, change: Shorter., reason: Time.}
  items:
    - {item: A1, subscale: old, operation: kept, reason: as it was, changes: [shorter]}
"""

Faults = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def small_file(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.fixture
def small(small_file: Path) -> Instrument:
    return load_instrument(small_file)


@pytest.fixture
def faults_of(tmp_path: Path) -> Faults:
    """Give a function: swap pieces of the small file, load it, return the faults."""

    def swap_and_load(*swaps: tuple[str, str]) -> list[dict[str, Any]]:
        text = SMALL
        for old, new in swaps:
            assert text.count(old) >= 1, f"{old!r} does not stand in the small file"
            text = text.replace(old, new, 1)
        path = tmp_path / "swapped.yaml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InstrumentError, match="not a valid instrument") as caught:
            load_instrument(path)
        return caught.value.failures.to_dict(orient="records")

    return swap_and_load
