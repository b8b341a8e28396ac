"""Write what was found into README.md: every number there comes from the results file.

Run: python simulations/report.py
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "type_one_error.csv"
README = HERE / "README.md"
BEGIN, END = "<!-- begin: written by report.py -->", "<!-- end -->"
NOMINAL, WIDE = 0.05, 1.96
OFTEN = 0.05  # share of fits with a variance of zero from which a design counts as on the boundary
WORKERS = (8, 12, 25, 60, 200)
TESTS = ("Satterthwaite", "Kenward-Roger", "CR2", "Wald z", "ordinary regression")
METHODS = (
    "Satterthwaite", "Kenward-Roger", "CR2", "permutation", "BCa bootstrap over workers",
    "BCa bootstrap over teams", "Pearson, worker means", "Spearman, worker means",
    "Kendall, worker means", "disattenuated correlation", "SIMEX", "plausible values",
    "cumulative logit", "top-box GEE", "Wald z", "ordinary regression",
)  # fmt: skip


def load() -> pd.DataFrame:
    """Return the results."""
    return pd.read_csv(RESULTS, dtype={"users": str})


def percent(share: float) -> str:
    """Return a share in percent, one decimal; nothing where there is none."""
    return "" if np.isnan(share) else f"{100 * share:.1f}"


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


def grid(rows: pd.DataFrame, column: str, across: str, order: Sequence[object]) -> list[str]:
    """Return a table of a share in percent: methods down, one design a column."""
    shown = rows.pivot_table(index="method", columns=across, values=column, sort=False)
    names = [name for name in METHODS if name in shown.index]
    head = [f"| {across.replace('_', ' ')} | " + " | ".join(str(one) for one in order) + " |"]
    head.append("|---|" + "---:|" * len(order))
    return head + [
        f"| {name} | " + " | ".join(percent(shown.loc[name].get(one, np.nan)) for one in order)
        + " |"
        for name in names
    ]  # fmt: skip


def two_levels(table: pd.DataFrame) -> list[str]:
    """Return the tables of designs without teams."""
    lines: list[str] = []
    usual = table.query("levels == 2 and correlation == 0 and users == '1 to 20'")
    for outcome, icc in (*(("normal", icc) for icc in (0.02, 0.10, 0.30)),
                         *(("ceiling", icc) for icc in (0.02, 0.10, 0.30))):  # fmt: skip
        rows = usual[(usual["outcome"] == outcome) & (usual["icc"] == icc)]
        if rows.empty:
            continue
        replicates = _range(rows["n_replicates"])
        lines += [
            f"{outcome.capitalize()} outcome, ICC {icc:.2f}, 1 to 20 users each; rejected, in "
            f"percent ({replicates} replicates):", "",
            *grid(rows, "rejection_rate", "workers", WORKERS), "",
        ]  # fmt: skip
    return lines


def _range(values: pd.Series) -> str:
    low, high = int(values.min()), int(values.max())
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def designs(rows: pd.DataFrame) -> pd.Series:
    """Return the designs with teams in words."""
    size = rows["workers"] // rows["teams"]
    words = rows["teams"].astype(str) + " teams of " + size.astype(str)
    words += ", " + rows["users"] + " users, team variance " + rows["team_variance"].astype(str)
    return words.where(rows["outcome"] == "normal", words + ", ceiling")


def three_levels(table: pd.DataFrame) -> list[str]:
    """Return the table of designs with teams: a row a design."""
    rows = table[table["levels"] == 3]
    rows = rows.assign(design=designs(rows))
    shown = rows.pivot_table(index="design", columns="method", values="rejection_rate", sort=False)
    size = rows.groupby("design")[["n_replicates", "boundary_share"]].max()
    names = [name for name in METHODS if name in shown.columns]
    lines = [
        "| design | replicates | a variance at zero | " + " | ".join(names) + " |",
        "|---|" + "---:|" * (2 + len(names)),
    ]
    for design in sorted(shown.index):
        cells = [
            f"{size.loc[design, 'n_replicates']:,}",
            percent(size.loc[design, "boundary_share"]),
        ]
        cells += [percent(shown.loc[design, name]) for name in names]
        lines.append(f"| {design} | " + " | ".join(cells) + " |")
    return [*lines, ""]


def boundary(table: pd.DataFrame) -> list[str]:
    """Return what holds where a variance is estimated as zero."""
    rows = table[
        (table["method"].isin(TESTS[:3]))
        & (table["correlation"] == 0)
        & (table["outcome"] == "normal")
        & (table["users"] != "1 to 5")
        & (table["boundary_share"] >= OFTEN)
    ].copy()
    away = rows["n_tested"] - rows["n_tested_at_boundary"]
    rows["else"] = (rows["n_rejected"] - rows["n_rejected_at_boundary"]) / away
    two = rows["workers"].astype(str) + " workers, ICC " + rows["icc"].map("{:.2f}".format)
    rows["design"] = designs(rows).where(rows["levels"] == 3, two)
    lines = [
        "| design | at zero | method | rejected | of fits at zero | of the others |",
        "|---|---:|---|---:|---:|---:|",
    ]
    rows["rank"] = rows["method"].map(TESTS.index)
    for row in rows.sort_values(["levels", "icc", "workers", "rank"]).to_dict("records"):
        lines.append(
            f"| {row['design']} | {percent(row['boundary_share'])} | {row['method']} | "
            f"{percent(row['rejection_rate'])} | {percent(row['rejection_rate_at_boundary'])} | "
            f"{percent(row['else'])} |"
        )
    return [*lines, ""]


def coverage(table: pd.DataFrame) -> list[str]:
    """Return how often intervals hold the truth where there is an association."""
    lines: list[str] = []
    for outcome in ("normal", "ceiling"):
        rows = table[(table["correlation"] > 0) & (table["outcome"] == outcome)]
        rows = rows[rows["n_intervals"] > 0]
        if rows.empty:
            continue
        lines += [
            f"{outcome.capitalize()} outcome, ICC 0.10, 1 to 20 users each, true correlation 0.5; "
            f"intervals that hold the true value, in percent ({_range(rows['n_intervals'])} "
            "intervals):", "",
            *grid(rows, "coverage", "workers", WORKERS), "",
        ]  # fmt: skip
    return lines


def claims(table: pd.DataFrame) -> list[str]:
    """Return what was found, in sentences; their numbers are of the table."""
    lines = []
    for method in TESTS[:2]:
        rows = steady(table, method)
        within = int((deviation(rows).abs() <= WIDE).sum())
        lines.append(
            f"- **{method}, two levels**, 12 workers or more, normal outcome, designs with less "
            f"than {100 * OFTEN:.0f}% of fits at zero: rejected {percent(rows['rejection_rate'].min())}% "
            f"to {percent(rows['rejection_rate'].max())}% over {len(rows)} designs; {within} of "
            f"them within the 95% Monte Carlo error of 5%, the farthest "
            f"{deviation(rows).abs().max():.1f} standard errors away."
        )
    for method in ("Kenward-Roger", "CR2", "Satterthwaite", "Wald z", "ordinary regression"):
        rows = in_teams(table, method)
        lines.append(
            f"- **{method}, workers in teams** that differ, from 6 teams of 4 up: rejected "
            f"{percent(rows['rejection_rate'].min())}% to {percent(rows['rejection_rate'].max())}% "
            f"over {len(rows)} designs ({_range(rows['n_replicates'])} replicates)."
        )
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
