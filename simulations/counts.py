"""What is counted over replicates, and the table of rates made of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
import pandas as pd
from cells import Cell

DESIGN = [
    "levels", "outcome", "users", "icc", "team_variance", "correlation", "teams", "workers",
    "method",
]  # fmt: skip
RATES = {
    # a rate, of how many, and how many of these
    "rejection_rate": ("n_tested", "n_rejected"),
    "coverage": ("n_intervals", "n_covered"),
    "boundary_share": ("n_replicates", "n_boundary"),
    "rejection_rate_at_boundary": ("n_tested_at_boundary", "n_rejected_at_boundary"),
    "coverage_at_boundary": ("n_intervals_at_boundary", "n_covered_at_boundary"),
}
PLACES = 5


@dataclass(slots=True)
class Counts:
    """How often something happened in the replicates of one design and method."""

    n_replicates: int = 0
    n_tested: int = 0
    n_rejected: int = 0
    n_intervals: int = 0
    n_covered: int = 0
    n_boundary: int = 0
    n_tested_at_boundary: int = 0
    n_rejected_at_boundary: int = 0
    n_intervals_at_boundary: int = 0
    n_covered_at_boundary: int = 0
    draws: int = 0

    def __add__(self, more: Counts) -> Counts:
        """Add the replicates of another run; draws are those of each."""
        both = {
            one.name: getattr(self, one.name) + getattr(more, one.name) for one in fields(Counts)
        }
        return Counts(**both | {"draws": max(self.draws, more.draws)})


Key = tuple[Cell, str]
COUNTED = [one.name for one in fields(Counts)]


def to_frame(counts: dict[Key, Counts]) -> pd.DataFrame:
    """Return one row a design and method, with rates and their Monte Carlo standard errors."""
    rows = [{**_design(cell, method), **asdict(found)} for (cell, method), found in counts.items()]
    table = pd.DataFrame(rows).sort_values(DESIGN, ignore_index=True)
    for rate, (of, those) in RATES.items():
        size = table[of].where(table[of] > 0)
        table[rate] = (table[those] / size).round(PLACES)
        if rate in ("rejection_rate", "coverage"):
            error = np.sqrt(table[rate] * (1.0 - table[rate]) / size)
            table[f"{rate}_monte_carlo_se"] = error.round(PLACES)
    return table


def _design(cell: Cell, method: str) -> dict[str, object]:
    return {
        "levels": 3 if cell.teams else 2,
        "outcome": cell.outcome,
        "users": cell.users,
        "icc": cell.icc,
        "team_variance": cell.team_variance,
        "correlation": cell.correlation,
        "teams": cell.teams,
        "workers": cell.workers,
        "method": method,
    }


def write(counts: dict[Key, Counts], path: Path) -> None:
    """Write the table whole or not at all."""
    spare = path.with_suffix(".part")
    to_frame(counts).to_csv(spare, index=False)
    spare.replace(path)


def read(path: Path) -> dict[Key, Counts]:
    """Read what has been counted before; nothing where there is no file."""
    if not path.exists():
        return {}
    table = pd.read_csv(path, dtype={"users": str})
    found = {}
    for row in table.to_dict("records"):
        least, _, most = row["users"].partition(" to ")
        cell = Cell(
            workers=row["workers"], least=int(least), most=int(most or least), icc=row["icc"],
            outcome=row["outcome"], correlation=row["correlation"], teams=row["teams"],
            team_variance=row["team_variance"],
        )  # fmt: skip
        found[cell, row["method"]] = Counts(**{name: row[name] for name in COUNTED})
    return found
