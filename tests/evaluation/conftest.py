"""People over three waves, half of the teams trained, and what R makes of them."""

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
def people() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "change.csv")


@pytest.fixture(scope="session")
def reference() -> dict[str, Any]:
    return json.loads((REFERENCE / "change_reference.json").read_text(encoding="utf-8"))


@pytest.fixture
def made() -> Callable[..., pd.DataFrame]:
    """Teams of workers with people who answer before and after."""

    def make(
        seed: int = 1,
        *,
        teams: int = 10,
        workers: int = 3,
        users: int = 5,
        change: float = 0.0,
        more_if_trained: float = 0.0,
        team_by_wave: float = 0.0,
    ) -> pd.DataFrame:
        rng = np.random.default_rng(seed)
        n = teams * workers * users
        team, worker = np.arange(n) // (workers * users), np.arange(n) // users
        start = 3 + rng.normal(0, 0.3, teams)[team] + rng.normal(0, 0.3, teams * workers)[worker]
        start += rng.normal(0, 0.4, n)
        waves = []
        for place, wave in enumerate(("before", "after")):
            score = start + rng.normal(0, 0.5, n) + place * change
            score += place * more_if_trained * (team < teams // 2)
            score += rng.normal(0, team_by_wave, teams)[team]
            waves.append(
                pd.DataFrame(
                    {
                        "person": [f"p{one}" for one in range(n)],
                        "worker_id": [f"w{one}" for one in worker],
                        "team": [f"t{one}" for one in team],
                        "trained": team < teams // 2,
                        "wave": wave,
                        "score": score,
                    }
                )
            )
        return pd.concat(waves, ignore_index=True)

    return make
