"""Reference values of R's factanal, psych and GPArotation, and the data they were made from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

REFERENCE = Path(__file__).parents[2] / "reference"


@pytest.fixture(scope="session")
def golden() -> dict[str, Any]:
    return json.loads((REFERENCE / "efa_reference.json").read_text())


@pytest.fixture(scope="session")
def answers_of(golden):
    """Return the answers of a set; correlations alone are known of Harman's tests."""
    bfi = pd.read_csv(REFERENCE / "bfi.csv").iloc[:, 1:26]

    def of(name: str) -> pd.DataFrame:
        if name == "bfi_5":
            return bfi
        if name.startswith("bfi_ten"):
            return bfi.iloc[:, :10]
        if name == "harman_4":
            return with_correlations(np.array(golden["data"]["harman"]), golden[name]["n"])
        return pd.DataFrame(golden["data"][name.split("_")[0]], dtype=float)

    return of


def with_correlations(matrix: np.ndarray, n: int, seed: int = 1) -> pd.DataFrame:
    """Return n rows whose correlations are exactly these."""
    noise = np.random.default_rng(seed).normal(size=(n, len(matrix)))
    white = np.linalg.qr(noise - noise.mean(axis=0))[0]
    rows = white @ np.linalg.cholesky(matrix).T
    return pd.DataFrame(rows, columns=[f"t{i}" for i in range(1, len(matrix) + 1)])


@pytest.fixture(scope="session")
def answers_with():
    return with_correlations


@pytest.fixture(scope="session")
def made_of():
    """Return a maker of answers that have exactly the correlations of a factor model."""

    def make(pattern, phi=None, n: int = 400, seed: int = 1) -> pd.DataFrame:
        loadings = np.array(pattern, dtype=float)
        common = loadings @ (np.eye(loadings.shape[1]) if phi is None else phi) @ loadings.T
        np.fill_diagonal(common, 1.0)
        return with_correlations(common, n, seed)

    return make
