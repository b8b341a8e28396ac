"""The data and the values of R lavaan that factor models are checked against."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

REFERENCE = Path(__file__).parents[2] / "reference"
REVERSED = ("A1", "C4", "C5", "E1", "E2", "O2", "O5")
Simulate = Callable[[int, Any, Any, int], pd.DataFrame]


@pytest.fixture(scope="session")
def raw() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "bfi.csv")


@pytest.fixture(scope="session")
def keyed(raw: pd.DataFrame) -> pd.DataFrame:
    return raw.assign(**{name: 7 - raw[name] for name in REVERSED})


@pytest.fixture(scope="session")
def nine_tests() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "holzinger1939.csv")


@pytest.fixture(scope="session")
def lavaan() -> dict[str, Any]:
    return json.loads((REFERENCE / "cfa_reference.json").read_text())["models"]


@pytest.fixture(scope="session")
def simulated() -> Simulate:
    """Draw n answers with unit variances from loadings and factor correlations, by a seed."""

    def draw_answers(n: int, loadings: Any, correlation: Any, seed: int) -> pd.DataFrame:
        draw = np.random.default_rng(seed)
        pattern, between = np.asarray(loadings), np.asarray(correlation)
        factors = draw.multivariate_normal(np.zeros(len(between)), between, size=n)
        explained = np.einsum("ij,jk,ik->i", pattern, between, pattern)
        noise = draw.normal(size=(n, len(pattern))) * np.sqrt(1 - explained)
        columns = [f"q{i + 1}" for i in range(len(pattern))]
        return pd.DataFrame(factors @ pattern.T + noise, columns=columns)

    return draw_answers
