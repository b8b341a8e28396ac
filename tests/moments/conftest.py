"""Rows with missing answers, and what R makes of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

REFERENCE = Path(__file__).parents[1] / "reference"


@pytest.fixture(scope="session")
def missing_reference() -> dict[str, Any]:
    return json.loads((REFERENCE / "missing_reference.json").read_text())


@pytest.fixture(scope="session")
def incomplete(missing_reference) -> Callable[[str], pd.DataFrame]:
    bfi = pd.read_csv(REFERENCE / "bfi.csv").iloc[:, 1:26].astype(float)

    def rows(name: str) -> pd.DataFrame:
        if name == "airquality":
            return pd.DataFrame(missing_reference[name]["data"], dtype=float)
        if name in ("ten", "all"):
            return bfi.iloc[:, :10] if name == "ten" else bfi
        answered = pd.DataFrame(
            {item: list(bits) for item, bits in missing_reference[name]["answered"].items()}
        )
        return bfi[list(answered)].head(len(answered)).where(np.asarray(answered == "1"))

    return rows
