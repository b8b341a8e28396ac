"""What R's boot, lme4 and pbkrtest make of sixteen schools; see tests/reference/README.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

REFERENCE = Path(__file__).parents[2] / "reference"


@pytest.fixture(scope="session")
def resampling_reference() -> dict[str, Any]:
    return json.loads((REFERENCE / "resampling_reference.json").read_text(encoding="utf-8"))
