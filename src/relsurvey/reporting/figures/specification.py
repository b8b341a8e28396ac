"""The specification curve: sorted estimates above, the choices behind each below."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes

from relsurvey.reporting.figures.style import COLOURS, INK, MUTED, blank, styled
from relsurvey.reporting.plain import shortened
from relsurvey.sensitivity.curve.curve_result import chosen, option_text
from relsurvey.text import percent

if TYPE_CHECKING:
    from relsurvey.sensitivity import SpecificationCurve

__all__ = ["plot_specification_curve"]

Floats = npt.NDArray[np.float64]

ABOVE = 2.5  # inches for the estimates
LINE = 0.18  # inches for one option or heading
GAP = 0.35  # of a line, above the heading of a choice
FRAME = 0.8  # inches for legend and margins
LEFT = 0.34
LONGEST = 36
HEADINGS = {
    "outcome": "Outcome",
    "predictor": "Predictor",
    "covariates": "Held equal",
    "minimum_users": "Users per worker",
    "excluded": "Left out",
    "model": "Model",
}


def plot_specification_curve(result: SpecificationCurve, axes: Axes | None = None) -> Axes:
    """Draw the standardised slopes in order, with intervals, over the choices behind them.

    Parameters
    ----------
    result : SpecificationCurve
        What ``relsurvey.specification_curve`` returned.
    axes : matplotlib.axes.Axes, optional
        Where to draw, both parts in its place; on a figure of its own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        The upper part. Slopes whose interval excludes zero in the direction of the primary one
        are filled, the others hollow; the primary one is a diamond on a line down through the
        choices, which are marked in the lower part, each option on a line of its own (an
        exclusion wherever it was made, alone or with others).
    """
    with styled():
        lines = _lines(result)
        height = FRAME + ABOVE + LINE * _depth(lines)
        if axes is None:
            bottom, top = 0.15 / height, 1.0 - 0.5 / height
            axes = blank(height=height).add_axes((LEFT, bottom, 0.985 - LEFT, top - bottom))
        share = ABOVE / (ABOVE + LINE * _depth(lines))
        axes.set_axis_off()
        above = axes.inset_axes((0.0, 1.0 - share, 1.0, share))
        below = axes.inset_axes((0.0, 0.0, 1.0, 1.0 - share - 0.02))
        ordered = result.table.sort_values("estimate", kind="stable", ignore_index=True)
        _draw_estimates(above, ordered, result)
        _draw_choices(below, ordered, lines)
    return above


def _lines(result: SpecificationCurve) -> list[tuple[str, object]]:
    """Return choice and option of each line of the lower part, the primary one at least."""
    shown = result.options[["choice", "option"]].itertuples(index=False)
    found = [(str(choice), option) for choice, option in shown]
    return found or [("model", result.table["model"].iloc[0])]


def _depth(lines: list[tuple[str, object]]) -> float:
    """Return how many lines high the lower part is, headings and gaps included."""
    return len(lines) + (1.0 + GAP) * len({choice for choice, _ in lines}) + 0.3


def _draw_estimates(axes: Axes, ordered: pd.DataFrame, result: SpecificationCurve) -> None:
    place = np.arange(len(ordered))
    estimate, low, high = (
        ordered[name].to_numpy(dtype=float) for name in ("estimate", "conf_low", "conf_high")
    )
    sure = ordered["excludes_zero"].to_numpy(dtype=bool)
    size = float(np.clip(420 / len(ordered), 2.4, 5.0))
    axes.vlines(place, low, high, color=MUTED, alpha=0.4, linewidth=min(1.4, size / 2.5))
    axes.axhline(0, color=INK, linewidth=0.9)
    axes.axhline(result.median, color=MUTED, linewidth=1.0, linestyle=(0, (4, 2)), label="median")
    for part, shape, fill, words in (
        (sure, "o", COLOURS["worker"], f"{percent(result.confidence)} interval without zero"),
        (~sure, "s", "white", "with zero, or other sign"),
    ):
        if part.any():
            axes.plot(
                place[part], estimate[part], linestyle="none", marker=shape, markersize=size,
                color=COLOURS["worker"] if shape == "o" else INK, markerfacecolor=fill,
                markeredgewidth=0.7, label=words,
            )  # fmt: skip
    own = ordered["primary"].to_numpy(dtype=bool)
    axes.vlines(place[own], low[own], high[own], color=INK, linewidth=1.8, zorder=4)
    _mark_primary(axes, ordered, estimate, "primary")
    axes.set_xlim(*_ends(len(ordered)))
    axes.set_xticks([])
    axes.set_ylabel("Standardised slope")
    axes.legend(
        loc="lower right", bbox_to_anchor=(1.01, 1.0), ncols=4, fontsize=9, borderaxespad=0.2,
        columnspacing=1.2, handletextpad=0.5, markerscale=1.0,
    )  # fmt: skip


def _mark_primary(axes: Axes, ordered: pd.DataFrame, height: Floats, label: str = "") -> None:
    """Draw the line of the primary specification, and a diamond where it stands."""
    own = np.flatnonzero(ordered["primary"].to_numpy(dtype=bool))
    axes.axvline(own[0], color=COLOURS["service_user"], linewidth=1.0, zorder=0.8)
    axes.plot(
        own, height[own], linestyle="none", marker="D", markersize=7.0 if label else 5.5,
        zorder=5, color=COLOURS["service_user"], markeredgecolor=INK, markeredgewidth=0.7,
        label=label,
    )  # fmt: skip


def _ends(count: int) -> tuple[float, float]:
    return -0.02 * count - 0.6, count - 0.4 + 0.02 * count


def _draw_choices(axes: Axes, ordered: pd.DataFrame, lines: list[tuple[str, object]]) -> None:
    place = np.arange(len(ordered))
    tick = float(np.clip(150.0 / len(ordered), 0.6, 3.0))
    last, depth = "", 0.0
    for choice, option in lines:
        if choice != last:
            depth += 1.0 + GAP
            axes.axhline(-depth + 0.5 + GAP / 2, color="#d9dee3", linewidth=0.8)
            _write(axes, HEADINGS[choice], depth, bold=True)
        depth += 1.0
        has = chosen(ordered, choice, option)
        axes.plot(
            place[has], np.full(int(has.sum()), -depth), linestyle="none", marker="|",
            markersize=7.5, markeredgewidth=tick, color=INK,
        )  # fmt: skip
        if has[ordered["primary"].to_numpy(dtype=bool)].all():
            _mark_primary(axes, ordered, np.full(len(ordered), -depth))
        _write(axes, option_text(choice, option), depth, bold=False)
        last = choice
    axes.set_xlim(*_ends(len(ordered)))
    axes.set_ylim(-depth - 0.6, -0.6)
    axes.set_axis_off()


def _write(axes: Axes, text: str, depth: float, *, bold: bool) -> None:
    """Write to the left of a line."""
    axes.annotate(
        shortened(text, LONGEST), (0, -depth), xycoords=("axes fraction", "data"),
        xytext=(-6, 0), textcoords="offset points", va="center", ha="right", fontsize=9,
        fontweight="bold" if bold else "normal", annotation_clip=False,
    )  # fmt: skip
