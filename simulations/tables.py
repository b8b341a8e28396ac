"""The tables of the README, made of the results."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

OFTEN = 0.05  # share of fits with a variance of zero from which a design counts as on the boundary
WORKERS = (8, 12, 25, 60, 200)
TESTS = ("Satterthwaite", "Kenward-Roger", "CR2", "Wald z", "ordinary regression")
METHODS = (
    "Satterthwaite", "Kenward-Roger", "CR2", "permutation", "BCa bootstrap over workers",
    "BCa bootstrap over teams", "Pearson, worker means", "Spearman, worker means",
    "Kendall, worker means", "disattenuated correlation", "SIMEX", "plausible values",
    "cumulative logit", "top-box GEE", "Wald z", "ordinary regression",
)  # fmt: skip


def percent(share: float) -> str:
    """Return a share in percent, one decimal; nothing where there is none."""
    return "" if np.isnan(share) else f"{100 * share:.1f}"


def spread(values: pd.Series) -> str:
    """Return the smallest and the largest of some counts in words."""
    low, high = int(values.min()), int(values.max())
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


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
        replicates = spread(rows["n_replicates"])
        lines += [
            f"{outcome.capitalize()} outcome, ICC {icc:.2f}, 1 to 20 users each; rejected, in "
            f"percent ({replicates} replicates):", "",
            *grid(rows, "rejection_rate", "workers", WORKERS), "",
        ]  # fmt: skip
    return lines


def designs(rows: pd.DataFrame) -> pd.Series:
    """Return the designs with teams in words."""
    size = rows["workers"] // rows["teams"].clip(lower=1)
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
    rates = ("rejection_rate", "rejection_rate_at_boundary", "else")
    for row in rows.sort_values(["levels", "icc", "workers", "rank"]).to_dict("records"):
        cells = [row["design"], percent(row["boundary_share"]), row["method"]]
        lines += ["| " + " | ".join([*cells, *(percent(row[name]) for name in rates)]) + " |"]
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
            f"intervals that hold the true value, in percent ({spread(rows['n_intervals'])} "
            "intervals):", "",
            *grid(rows, "coverage", "workers", WORKERS), "",
        ]  # fmt: skip
    return lines
