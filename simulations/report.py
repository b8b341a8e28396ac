"""Write what was found into README.md: every number there comes from the results file.

Run: python simulations/report.py
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from tables import (
    METHODS,
    OFTEN,
    TESTS,
    boundary,
    coverage,
    percent,
    spread,
    three_levels,
    two_levels,
)

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "type_one_error.csv"
README = HERE / "README.md"
BEGIN, END = "<!-- begin: written by report.py -->", "<!-- end -->"
NOMINAL, WIDE = 0.05, 1.96


def load() -> pd.DataFrame:
    """Return the results."""
    return pd.read_csv(RESULTS, dtype={"users": str})


def steady(table: pd.DataFrame, method: str) -> pd.DataFrame:
    """Return two-level designs of 12 workers and more whose variance is seldom estimated as zero.

    The outcome is normal and the slope zero.
    """
    return table[
        (table["levels"] == 2)
        & (table["method"] == method)
        & (table["workers"] >= 12)
        & (table["outcome"] == "normal")
        & (table["correlation"] == 0)
        & (table["boundary_share"] < OFTEN)
    ]


def deviation(rows: pd.DataFrame) -> pd.Series:
    """Return how many Monte Carlo standard errors each rejection rate is from 5%."""
    error = np.sqrt(NOMINAL * (1.0 - NOMINAL) / rows["n_tested"])
    return (rows["rejection_rate"] - NOMINAL) / error


def in_teams(table: pd.DataFrame, method: str) -> pd.DataFrame:
    """Return the designs with teams that differ, from 6 teams of 4 workers up; slope zero."""
    return table[
        (table["levels"] == 3)
        & (table["method"] == method)
        & (table["team_variance"] > 0)
        & (table["outcome"] == "normal")
    ]


def rejected(rows: pd.DataFrame) -> str:
    """Return the lowest and the highest rejection rate of some designs in words."""
    low, high = (
        percent(one) for one in (rows["rejection_rate"].min(), rows["rejection_rate"].max())
    )
    if len(rows) == 1:
        return f"rejected {low}% in 1 design"
    return f"rejected {low}% to {high}% in {len(rows)} designs"


def claims(table: pd.DataFrame) -> list[str]:
    """Return what was found, in sentences; their numbers are of the table."""
    lines = [
        f"A design counts as off the boundary where less than {100 * OFTEN:.0f}% of the fits have "
        "a variance of zero. The true slope is zero; the outcomes of the first seven lines are "
        "normal.",
        "",
    ]
    for method in TESTS[:2]:
        rows = steady(table, method)
        away = deviation(rows).abs()
        lines.append(
            f"- **{method}, two levels**, off the boundary, 12 workers or more: {rejected(rows)}; "
            f"{int((away <= WIDE).sum())} of them are within the 95% Monte Carlo error of 5%, the "
            f"farthest is {away.max():.1f} standard errors away."
        )
    for method in ("Kenward-Roger", "CR2", *TESTS[:1], *TESTS[3:]):
        rows = in_teams(table, method)
        lines.append(
            f"- **{method}, workers in teams** that differ, from 6 teams of 4 up: "
            f"{rejected(rows)} ({spread(rows['n_replicates'])} replicates each)."
        )
    for method in METHODS[3:-2]:
        rows = table[(table["method"] == method) & (table["correlation"] == 0)]
        for levels, words in ((2, "two levels"), (3, "workers in teams")):
            own = rows[rows["levels"] == levels]
            if len(own):
                size = f"{spread(own['n_tested'])} replicates each"
                lines.append(f"- {method}, {words}, all designs tried: {rejected(own)} ({size}).")
    return [*lines, ""]


def text(table: pd.DataFrame) -> str:
    """Return everything between the two marks of the README."""
    parts = [
        "### What was found", "", *claims(table), "### Two levels", "", *two_levels(table),
        "### Workers in teams", "", *three_levels(table),
        "### Where a variance is estimated as zero", "", *boundary(table),
        "### Where there is an association", "", *coverage(table),
    ]  # fmt: skip
    return "\n".join([BEGIN, "", *parts, END])


def renewed(document: str, table: pd.DataFrame) -> str:
    """Return the document with what is between the marks written anew."""
    before, _, rest = document.partition(BEGIN)
    return before + text(table) + rest.partition(END)[2]


def main() -> None:
    """Renew the README."""
    README.write_text(renewed(README.read_text(encoding="utf-8"), load()), encoding="utf-8")


if __name__ == "__main__":
    main()
