"""The family figure: standardised slopes of all outcomes, predictor by predictor."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from relsurvey.reporting.figures.style import COLOURS, GRID, INK, MUTED, WIDTH, blank, styled
from relsurvey.reporting.plain import shortened, wrapped

if TYPE_CHECKING:
    import pandas as pd

    from relsurvey.association.family import FamilyResult

__all__ = ["plot_family"]

ROW, GAP = 0.27, 1.0  # inches a row; rows between predictors, one of which holds their name
ABOVE, BELOW = 0.62, 0.55
LEFT, RIGHT = 1.95, 0.25
FARTHEST = 1.0  # standard deviations; wider intervals end in an arrow, so that others can be read


def plot_family(result: FamilyResult, axes: Axes | None = None) -> Axes:
    """Draw a forest of standardised slopes with their intervals, grouped by predictor.

    Parameters
    ----------
    result : FamilyResult
        What ``relsurvey.associate_family`` returned.
    axes : matplotlib.axes.Axes, optional
        Where to draw; on a figure of its own, as tall as it needs, if not given.

    Returns
    -------
    matplotlib.axes.Axes
        The drawing. The primary pair is a diamond; of the others a filled point stands after
        adjustment (``stands`` of the table). The band is the smallest effect that would matter.
        A pair that cannot be fitted has a row that says so.
    """
    places, ticks, heads = _places(result.table)
    depth = max(places) + 1.0
    with styled():
        if axes is None:
            height = ROW * depth + ABOVE + BELOW
            axes = blank(height=height).add_axes(
                (LEFT / WIDTH, BELOW / height, (WIDTH - LEFT - RIGHT) / WIDTH, ROW * depth / height)
            )
        limit = _limit(result)
        _background(result, axes)
        for row, place in zip(result.table.to_dict("records"), places, strict=True):
            _draw(row, place, axes, limit)
        axes.set_xlim(-1.04 * limit, 1.04 * limit)
        axes.set_ylim(depth - 0.4, -0.6)
        axes.set_yticks(list(ticks), [shortened(name, 30) for name in ticks.values()])
        for place, name in heads.items():
            axes.text(
                -0.01, place, shortened(name, 34), transform=axes.get_yaxis_transform(),
                ha="right", va="center", weight="bold", fontsize=9.5,
            )  # fmt: skip
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.grid(visible=True, axis="x", color=GRID)
        percentage = f"{100 * result.confidence:g}%"
        words = f"Standard deviations of the outcome per standard deviation ({percentage} interval)"
        axes.set_xlabel(wrapped(words, 80, 1))
        _legend(result, axes)
    return axes


def _places(table: pd.DataFrame) -> tuple[list[float], dict[float, str], dict[float, str]]:
    """Return where each row of the table stands, and outcomes and predictors by place.

    Where covariates are not the same for all, they stand with the outcome.
    """
    varied = len(set(table["covariates"])) > 1
    places = [0.0] * len(table)
    ticks: dict[float, str] = {}
    heads: dict[float, str] = {}
    place = 0.0
    for predictor in dict.fromkeys(table["predictor"]):
        heads[place] = predictor
        for row in np.flatnonzero((table["predictor"] == predictor).to_numpy()):
            place += 1.0
            places[row] = place
            given = table["covariates"].iloc[row] if varied else ""
            ticks[place] = table["outcome"].iloc[row] + (f", given {given}" if given else "")
        place += GAP + 0.3
    return places, ticks, heads


def _background(result: FamilyResult, axes: Axes) -> None:
    if result.smallest_effect is not None:
        margin = result.smallest_effect
        axes.axvspan(-margin, margin, color=MUTED, alpha=0.14, linewidth=0, zorder=0)
    axes.axvline(0.0, color=MUTED, linewidth=1.1, zorder=1)


def _limit(result: FamilyResult) -> float:
    """Return how far the axis reaches either way: to all slopes, and to most intervals."""
    table = result.table
    ends = table[["standardised_low", "standardised_high"]].abs().max(axis=1)
    slopes = 1.1 * float(table["standardised"].abs().max())
    return max(slopes, min(1.02 * float(ends.max()), FARTHEST), result.smallest_effect or 0.0)


def _draw(row: Mapping[Any, Any], place: float, axes: Axes, limit: float) -> None:
    slope, low, high = (row[f"standardised{end}"] for end in ("", "_low", "_high"))
    if not math.isfinite(slope):
        axes.text(
            0.72, place, "cannot be fitted", transform=axes.get_yaxis_transform(), ha="center",
            va="center", fontsize=8.5, color=MUTED, style="italic",
        )  # fmt: skip
        return
    role = "service_user" if row["primary"] else "worker"
    span = [max(low, -limit), min(high, limit)]
    for end, whole, marker in ((span[0], low, "<"), (span[1], high, ">")):
        if end != whole:
            axes.plot([end], [place], marker=marker, markersize=5, color=INK, zorder=2)
    axes.plot(span, [place] * 2, color=INK, linewidth=1.5, solid_capstyle="butt", zorder=2)
    filled = row["stands"] or row["primary"]
    axes.plot(
        [slope], [place], linestyle="none", marker="D" if row["primary"] else "o", markersize=6.5,
        markerfacecolor=COLOURS[role] if filled else "white", markeredgecolor=COLOURS[role],
        markeredgewidth=1.4, zorder=3,
    )  # fmt: skip


def _legend(result: FamilyResult, axes: Axes) -> None:
    def mark(role: str, marker: str, label: str, *, filled: bool) -> Line2D:
        return Line2D(
            [], [], linestyle="none", marker=marker, markersize=6.5, label=label,
            markerfacecolor=COLOURS[role] if filled else "white", markeredgecolor=COLOURS[role],
            markeredgewidth=1.4,
        )  # fmt: skip

    handles: list[Line2D | Patch] = []
    if result.primary is not None:
        handles.append(mark("service_user", "D", "primary", filled=True))
    handles += [
        mark("worker", "o", "stands after adjustment", filled=True),
        mark("worker", "o", "does not stand", filled=False),
    ]
    if result.smallest_effect is not None:
        label = f"too small to matter (below {result.smallest_effect:g})"
        handles.append(Patch(facecolor=MUTED, alpha=0.14, label=label))
    axes.legend(
        handles=handles, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, fontsize=8.5,
        borderaxespad=0.2, columnspacing=1.4, handletextpad=0.5,
    )  # fmt: skip
