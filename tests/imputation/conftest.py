"""Clustered data with answers missing at random, and what R makes of them."""

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
def simulated() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "imputation.csv")


@pytest.fixture(scope="session")
def r_completed() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "imputation_completed.csv")


@pytest.fixture(scope="session")
def reference() -> dict[str, Any]:
    return json.loads((REFERENCE / "imputation_reference.json").read_text(encoding="utf-8"))


@pytest.fixture
def gappy() -> Callable[..., dict[str, Any]]:
    def make(seed: int = 1, workers: int = 20, users: int = 5) -> dict[str, Any]:
        rng = np.random.default_rng(seed)
        worker = np.repeat(np.arange(workers), users)
        x = rng.normal(size=workers)
        z = rng.normal(size=len(worker))
        y = 3 + 0.5 * x[worker] + 0.3 * z + rng.normal(0, 0.4, workers)[worker]
        y += rng.normal(size=len(worker))
        y[rng.random(len(worker)) < 0.2] = np.nan
        z[rng.random(len(worker)) < 0.1] = np.nan
        reflection = np.where(np.isin(np.arange(workers), [3, 7]), np.nan, x)[worker]
        return {"worker_id": worker, "team": worker // 4, "y": y, "z": z, "x": reflection}

    return make
