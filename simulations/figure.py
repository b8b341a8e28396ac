"""Draw the figures from the results.

Run: python simulations/figure.py
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from relsurvey.reporting.figures.style import COLOURS, INK, MUTED, blank, shades, styled

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "type_one_error.csv"
FIGURES = HERE / "figures"
NOMINAL, WIDE = 0.05, 1.96
TICKS = (0.01, 0.02, 0.05, 0.10, 0.20, 0.50)
FLOOR, CEILING = 0.008, 0.9
MANY_ENOUGH = 100  # tests, for a band around 5%
WORKERS = (8, 12, 25, 60, 200)
ICCS = (0.02, 0.10, 0.30)
METHODS = (
    "Satterthwaite", "Kenward-Roger", "CR2", "permutation", "BCa bootstrap over workers",
    "Pearson, worker means", "Spearman, worker means", "Kendall, worker means",
    "disattenuated correlation", "SIMEX", "plausible values", "cumulative logit", "top-box GEE",
    "Wald z", "ordinary regression",
)  # fmt: skip
IN_TEAMS = (*METHODS[:5], "BCa bootstrap over teams", *METHODS[5:])
ACROSS = 5
BAND = "#e8ecf0"
NORMAL, SKEWED = shades("worker", 5)[2:], COLOURS["service_user"]


def two_levels(table: pd.DataFrame) -> Figure:
    """Draw the rejection rate by number of workers, a panel a method."""
    table = table.query("levels == 2 and correlation == 0 and users == '1 to 20'")
    down = -(-len(METHODS) // ACROSS)
    figure = blank(width=11.0, height=2.35 * down + 0.9)
    grid = figure.subplots(down, ACROSS, sharex=True, sharey=True).ravel()
    for axes, method in zip(grid, METHODS, strict=False):
        own = table[table["method"] == method]
        _frame(axes, method, int(own["n_tested"].clip(lower=MANY_ENOUGH).min()))
        for icc, colour in zip(ICCS, NORMAL, strict=True):
            _line(axes, own[(own["outcome"] == "normal") & (own["icc"] == icc)], colour, "o-")
        _line(axes, own[(own["outcome"] == "ceiling") & (own["icc"] == 0.10)], SKEWED, "s--")
    for axes in grid[-ACROSS:]:
        axes.set_xlabel("workers")
    for axes in grid[::ACROSS]:
        axes.set_ylabel("rejected at 5%")
    _key(figure)
    figure.subplots_adjust(left=0.07, right=0.985, top=0.88, bottom=0.065, hspace=0.28, wspace=0.1)
    return figure


def _frame(axes: Axes, title: str, replicates: int) -> None:
    half = WIDE * np.sqrt(NOMINAL * (1.0 - NOMINAL) / replicates)
    axes.axhspan(max(NOMINAL - half, FLOOR), NOMINAL + half, color=BAND, zorder=0)
    axes.axhline(NOMINAL, color=MUTED, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_ylim(FLOOR, CEILING)
    axes.set_xlim(6.5, 250)
    axes.xaxis.set_major_locator(FixedLocator(WORKERS))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_major_locator(FixedLocator(TICKS))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:g}%"))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_title(title, loc="left", fontsize=9.5, color=INK)


def _line(axes: Axes, rows: pd.DataFrame, colour: str, style: str) -> None:
    rows = rows.sort_values("workers")
    axes.plot(
        rows["workers"], rows["rejection_rate"].clip(lower=FLOOR), style, color=colour,
        markersize=4, linewidth=1.4, zorder=3,
    )  # fmt: skip


def _key(figure: Figure) -> None:
    """Say what the lines are, above the panels."""
    words = [f"normal, ICC {icc:.2f}" for icc in ICCS]
    entries = [*zip(words, NORMAL, "ooo", strict=True), ("ceiling, ICC 0.10", SKEWED, "s")]
    handles = [
        figure.axes[0].plot([], [], mark, color=colour, linestyle="--" if mark == "s" else "-",
                            markersize=4, label=label)[0]
        for label, colour, mark in entries
    ]  # fmt: skip
    figure.legend(
        handles=handles, loc="upper left", ncols=4, bbox_to_anchor=(0.06, 0.965), fontsize=9.5
    )
    figure.text(
        0.07, 0.972, "How often a slope of zero is rejected at 5%: two levels, 1 to 20 users each. "
        "Grey: Monte Carlo error (95%) around 5%.", fontsize=11, color=INK,
    )  # fmt: skip


def three_levels(table: pd.DataFrame) -> Figure:
    """Draw the rejection rate of each method in the designs with teams, a panel a design."""
    table = table.query("levels == 3 and correlation == 0")
    designs = table[["outcome", "users", "team_variance", "teams", "workers"]].drop_duplicates()
    ordered = designs.assign(long=designs["users"].str.len()).sort_values(
        ["outcome", "long", "teams"], ascending=[False, True, True]
    )
    designs = ordered.drop(columns="long").to_dict("records")
    methods = [name for name in reversed(IN_TEAMS) if (table["method"] == name).any()]
    height = 2 * (0.21 * len(methods) + 0.75) + 0.9
    figure = blank(width=11.0, height=height)
    grid = figure.subplots(2, -(-len(designs) // 2), sharex=True, sharey=True).ravel()
    for axes, design in zip(grid, designs, strict=False):
        own = table[np.logical_and.reduce([table[name] == design[name] for name in design])]
        _dots(axes, own.set_index("method"), methods, _words(design))
    for axes in grid[len(designs) :]:
        axes.set_visible(False)
    figure.text(
        0.01, 1.0 - 0.3 / height, "How often a slope of zero is rejected at 5%: workers in teams. "
        "Lines: 95% Monte Carlo interval. Grey: from 3% to 6%.", fontsize=11, color=INK,
    )  # fmt: skip
    figure.subplots_adjust(
        left=0.175, right=0.985, top=1.0 - 0.85 / height, bottom=0.4 / height, hspace=0.22,
        wspace=0.08,
    )  # fmt: skip
    return figure


def _words(design: dict[str, object]) -> str:
    outcome = "" if design["outcome"] == "normal" else "ceiling: "
    size = int(str(design["workers"])) // int(str(design["teams"]))
    return (
        f"{outcome}{design['teams']} teams of {size}, {design['users']} users\n"
        f"variance of teams {design['team_variance']:g}"
    )


def _dots(axes: Axes, own: pd.DataFrame, methods: Sequence[str], title: str) -> None:
    axes.axvspan(0.03, 0.06, color=BAND, zorder=0)
    axes.axvline(NOMINAL, color=MUTED, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    for height, method in enumerate(methods):
        if method not in own.index:
            continue
        rate, error = own.loc[method, ["rejection_rate", "rejection_rate_monte_carlo_se"]]
        ends = np.clip([rate - WIDE * error, rate + WIDE * error], FLOOR, CEILING)
        axes.plot(ends, [height, height], color=COLOURS["worker"], linewidth=1.4, zorder=2)
        axes.plot([max(rate, FLOOR)], [height], "o", color=COLOURS["worker"], markersize=4.5)
    axes.set_xscale("log")
    axes.set_xlim(FLOOR, CEILING)
    axes.xaxis.set_major_locator(FixedLocator(TICKS))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:g}%"))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_yticks(range(len(methods)), methods)
    axes.set_ylim(-0.7, len(methods) - 0.3)
    axes.set_title(title, loc="left", fontsize=9, color=INK)


def main() -> None:
    """Write both figures."""
    table = pd.read_csv(RESULTS, dtype={"users": str})
    for name, drawn in (("two_levels", two_levels), ("three_levels", three_levels)):
        with styled():
            figure = drawn(table)
            figure.savefig(FIGURES / f"{name}.svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
