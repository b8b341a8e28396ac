"""Studies simulated with workers whose true scores are known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from relsurvey.association.measurement_error.scores import Question
from relsurvey.association.prepared import prepare


@pytest.fixture(scope="session")
def simulated() -> Callable[..., pd.DataFrame]:
    """Simulate service users of workers in teams; half the score's variance may be the team's."""

    def simulate(
        seed: int,
        *,
        teams: int = 20,
        workers: int = 5,
        slope: float = 0.5,
        reliability: float = 0.7,
        of_team: float = 0.0,
        of_covariate: float = 0.0,
        unequal: bool = False,
    ) -> pd.DataFrame:
        random = np.random.default_rng(seed)
        n = teams * workers
        team = np.repeat(np.arange(teams), workers)
        age = random.normal(size=n)
        own = np.sqrt(1 - of_team - of_covariate**2)
        true = of_covariate * age + own * random.normal(size=n)
        true += np.sqrt(of_team) * random.normal(size=teams)[team]
        error = np.full(n, np.sqrt(1 / reliability - 1))
        if unequal:
            error = error * np.sqrt(random.choice([0.3, 1.7], n))
        score = true + error * random.normal(size=n)
        row = np.repeat(np.arange(n), random.integers(1, 9, n))
        y = slope * true[row] + 0.3 * age[row] + 0.4 * random.normal(size=n)[row]
        y += np.sqrt(of_team / 3) * random.normal(size=teams)[team[row]]
        y += random.normal(size=len(row))
        return pd.DataFrame({"worker_id": row, "team": team[row], "reflection": score[row],
                             "true": true[row], "age": age[row], "error": error[row],
                             "experience": y})  # fmt: skip

    return simulate


@pytest.fixture(scope="session")
def asked() -> Callable[..., Question]:
    """Make a question of a table, as ``measurement_error`` does."""

    def ask(frame: pd.DataFrame, reliability: float | None = None, **how: Any) -> Question:
        team = how.get("team")
        ready = prepare(frame, "experience", "reflection", group="worker_id", **how)
        sums = ready.sums
        scores = sums.means[:, sums.place("reflection")]
        if reliability is None:
            by_worker = frame.groupby("worker_id", sort=False)["error"].first()
            errors = by_worker.loc[sums.ids].to_numpy() ** 2
        else:
            errors = np.full(sums.n_groups, (1 - reliability) * scores.var(ddof=1))
        df = "satterthwaite" if team is None else "kenward_roger"
        return Question(
            sums, "experience", "reflection", ready.terms, df, errors, reliability is not None
        )

    return ask
