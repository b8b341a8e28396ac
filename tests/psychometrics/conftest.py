"""The bfi data as an instrument, and the reference values from R psych."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from relsurvey.instruments import Instrument

REFERENCE = Path(__file__).parents[1] / "reference"
LETTERS = {
    "agree": "A",
    "conscientious": "C",
    "extraversion": "E",
    "neuroticism": "N",
    "openness": "O",
}
REVERSED = ("A1", "C4", "C5", "E1", "E2", "O2", "O5")


def _definition() -> dict[str, Any]:
    items = {key: [f"{letter}{i}" for i in range(1, 6)] for key, letter in LETTERS.items()}
    scales: list[dict[str, Any]] = [
        {"id": key, "title": key.title(), "items": names, "method": "mean", "minimum": 1,
         "maximum": 6, "minimum_answered": {"count": 3}}
        for key, names in items.items()
    ]  # fmt: skip
    everything = {"id": "all", "title": "All", "scales": list(items), "composite_of": "items"}
    return {
        "id": "bfi", "version": "1.0.0", "status": "published", "title": "bfi",
        "short_title": "bfi", "construct": "personality", "respondent": "worker",
        "description": "Twenty-five items.", "languages": ["en-GB"],
        "sources": [{"citation": "R package psych.", "licence": "Public teaching data."}],
        "response_scale": {
            "minimum": 1, "maximum": 6, "codes": [{"value": i} for i in range(1, 7)],
            "not_applicable": [{"code": "9"}],
        },
        "items": [
            {"id": name, "gist": f"Gist of {name}", "reverse": name in REVERSED}
            for names in items.values()
            for name in names
        ],
        "scales": [*scales, {**scales[0], "items": [], **everything}],
    }  # fmt: skip


@pytest.fixture(scope="session")
def bfi() -> Instrument:
    return Instrument.model_validate(_definition())


@pytest.fixture(scope="session")
def bfi_answers() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "bfi.csv")


@pytest.fixture(scope="session")
def bfi_reference() -> dict[str, Any]:
    return json.loads((REFERENCE / "bfi_reference.json").read_text())


@pytest.fixture(scope="session")
def alpha_reference() -> dict[str, Any]:
    return json.loads((REFERENCE / "alpha_reference.json").read_text())
