"""Data with groups, and what R makes of them; see tests/reference/README.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

REFERENCE = Path(__file__).parents[1] / "reference"
REVERSED = ("A1", "C4", "C5", "E1", "E2", "O2", "O5")


@pytest.fixture(scope="session")
def golden() -> dict[str, Any]:
    return json.loads((REFERENCE / "agreement_reference.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def hsb() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "hsb.csv")


@pytest.fixture(scope="session")
def bfi() -> pd.DataFrame:
    frame = pd.read_csv(REFERENCE / "bfi.csv")
    for name in REVERSED:
        frame[name] = 7 - frame[name]
    items = [f"A{i}" for i in range(1, 6)]
    return frame.assign(A=frame[items].mean(axis=1).where(frame[items].notna().all(axis=1)))


@pytest.fixture(scope="session")
def teams() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "agreement_teams.csv")


@pytest.fixture(scope="session")
def made_up():
    """Return a maker of groups of given sizes with a known ICC."""

    def make(sizes, icc, seed=1, mean=3.0):
        rng = np.random.default_rng(seed)
        group = np.repeat(np.arange(len(sizes)), sizes)
        effect = rng.normal(0, np.sqrt(icc), len(sizes))
        y = mean + effect[group] + rng.normal(0, np.sqrt(1 - icc), len(group))
        return pd.DataFrame({"worker": group, "y": y})

    return make
