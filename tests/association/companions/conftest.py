"""Simulated studies of ordered answers, and what R makes of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

REFERENCE = Path(__file__).parents[2] / "reference" / "ordinal_outcome_reference.json"


@pytest.fixture(scope="session")
def golden() -> dict[str, Any]:
    return json.loads(REFERENCE.read_text(encoding="utf-8"))


@pytest.fixture
def study(golden):
    def of(name: str) -> pd.DataFrame:
        return pd.DataFrame(golden[name]["data"])

    return of
