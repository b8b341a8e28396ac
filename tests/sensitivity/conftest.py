"""The High School and Beyond data, what R makes of them, and a simulated study."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

REFERENCE = Path(__file__).parents[1] / "reference"


@pytest.fixture(scope="session")
def hsb() -> pd.DataFrame:
    frame = pd.read_csv(REFERENCE / "hsb.csv", dtype={"School": str})
    return frame.assign(catholic=(frame["Sector"] == "Catholic").astype(float))


@pytest.fixture(scope="session")
def reference() -> dict[str, Any]:
    return json.loads((REFERENCE / "sensitivity_reference.json").read_text(encoding="utf-8"))


def made(seed=1, n_workers=60, slope=0.4, teams=True, largest=8):
    """Return a linked table of which the slope is known."""
    generator = np.random.default_rng(seed)
    counts = generator.integers(1, largest, n_workers)
    worker = np.repeat(np.arange(n_workers), counts)
    team = worker // 6
    x = generator.normal(4.0, 1.0, n_workers)[worker]
    n_rows = len(worker)
    y = (
        3.0
        + slope * x
        + generator.normal(0, 0.5, n_workers)[worker]
        + generator.normal(size=n_rows)
    )
    if teams:
        y = y + generator.normal(0, 0.3, n_workers)[team]
    return {
        "worker_id": np.array([f"W{code:03d}" for code in worker], dtype=object),
        "team": np.array([f"T{code}" for code in team], dtype=object),
        "x": x,
        "y": y,
        "y2": y + generator.normal(size=n_rows),
        "age": generator.normal(45, 10, n_rows),
        "proxy": (generator.random(n_rows) < 0.2).astype(float),
        "present": (generator.random(n_rows) < 0.3).astype(float),
        "length": generator.exponential(2.0, n_rows),
        "stage": np.array(["start", "middle", "end"], dtype=object)[
            generator.integers(0, 3, n_rows)
        ],
        "tenure": generator.normal(size=n_workers)[worker],
    }


@pytest.fixture(scope="session")
def study() -> dict[str, Any]:
    return made()


@pytest.fixture(scope="session")
def make_study():
    return made
