"""Small simulated studies, as sums per worker."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from relsurvey.moments.group_rows import group_sums
from relsurvey.moments.groups import GroupSums

COLUMNS = ["x", "z", "v", "y"]
TERMS = ("x", "z (within)", "z (between)", "v")


def study(
    workers: int, users: float, *, teams: int = 0, seed: int = 1, slope: float = 0.3,
    between: float = 0.5,
) -> dict[str, np.ndarray]:  # fmt: skip
    """Rows of unequally many users a worker; every team has a worker."""
    random = np.random.default_rng(seed)
    worker = np.repeat(np.arange(workers), 1 + random.poisson(users - 1, workers))
    x, v = random.normal(size=(2, workers))
    z = random.normal(size=len(worker))
    team = np.arange(workers) % teams if teams else np.zeros(workers, dtype=int)
    y = slope * x[worker] + 0.3 * z + random.normal(size=len(worker))
    y += between * random.normal(size=workers)[worker]
    y += 0.4 * random.normal(size=max(teams, 1))[team[worker]] * (teams > 0)
    return {"worker": worker, "team": team[worker], "x": x[worker], "v": v[worker], "z": z, "y": y}


def sums_of(data: dict[str, np.ndarray], *, teams: bool = False) -> GroupSums:
    nested = "team" if teams else None
    sums = group_sums(data, COLUMNS, "worker", nested_in=nested, each_within=True)
    return sums.split(["z"])


def drawn_again(sums: GroupSums, weights: np.ndarray, *, level: str = "worker") -> GroupSums:
    """Return the sums of a study in which units stand as often as they were drawn."""
    workers = range(sums.n_groups)
    parents = np.zeros(sums.n_groups, int) if sums.parents is None else sums.parents
    copies: list[tuple[int, tuple[int, int]]] = []
    if level == "team":
        for team, times in enumerate(weights.astype(int)):
            copies += [(j, (team, k)) for k in range(times) for j in workers if parents[j] == team]
    else:
        copies = [(j, (int(parents[j]), 0)) for j in workers for _ in range(int(weights[j]))]
    index = np.array([j for j, _ in copies])
    labels = sorted({team for _, team in copies})
    taken = replace(
        sums, ids=np.arange(len(index)).astype(object), counts=sums.counts[index],
        sums=sums.sums[index], within=sums.within_each[index].sum(axis=0),
        within_each=sums.within_each[index], varies=sums.varies[index],
    )  # fmt: skip
    if sums.parents is None:
        return taken
    codes = np.array([labels.index(team) for _, team in copies])
    return replace(taken, parents=codes, parent_ids=np.arange(len(labels)).astype(object))
