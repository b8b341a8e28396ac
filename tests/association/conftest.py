"""The High School and Beyond data and what R makes of them; see tests/reference/README.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

REFERENCE = Path(__file__).parents[1] / "reference"


@pytest.fixture(scope="session")
def hsb() -> pd.DataFrame:
    frame = pd.read_csv(REFERENCE / "hsb.csv", dtype={"School": str})
    return frame.assign(
        catholic=frame["Sector"] == "Catholic",
        female=frame["Sex"] == "Female",
        minority=(frame["Minority"] == "Yes").astype(int),
    )


@pytest.fixture(scope="session")
def reference() -> dict[str, Any]:
    return json.loads((REFERENCE / "hsb_reference.json").read_text(encoding="utf-8"))
