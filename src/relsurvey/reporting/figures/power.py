"""The power figure: power by workers for several numbers of service users per worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from relsurvey.reporting.figures.style import COLOURS, INK, MUTED, blank, shades, styled
from relsurvey.reporting.plain import wrapped

if TYPE_CHECKING:
    from relsurvey.planning.power import PowerCurve, PowerResult

__all__ = ["plot_power"]

HEIGHT = 3.9
DASHED = (0, (4, 3))
LEAST_APART = 0.055  # of the height of the axes: one line of small text
TITLE_WIDTH = 84
LIGHTEST = 2  # shades that are too light for a line


def plot_power(result: PowerResult | PowerCurve, axes: Axes | None = None) -> Axes:
    """Draw the power by workers, one line a number of service users per worker.

    Parameters
    ----------
    result : PowerResult or PowerCurve
        What ``relsurvey.power`` or ``relsurvey.power_curve`` returned.
    axes : matplotlib.axes.Axes, optional
        Where to draw; on a figure of its own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Lines named at their ends, a broken line at the power wanted, the chosen design as a
        ring, and simulated designs as dots with their 95% Monte Carlo interval.
    """
    with styled():
        if axes is None:
            axes = blank(height=HEIGHT).add_axes((0.1, 0.14, 0.74, 0.72))
        _draw(result, axes)
    return axes


def _draw(result: PowerResult | PowerCurve, axes: Axes) -> None:
    curve = result.curve
    lines = {number: _line(curve, number) for number in sorted(curve["users_per_worker"].unique())}
    lines = {number: line for number, line in lines.items() if len(line) > 1}
    colours = shades("worker", len(lines) + LIGHTEST)[LIGHTEST:]
    for line, colour in zip(lines.values(), colours, strict=True):
        axes.plot(line["n_workers"], line["power"], color=colour, linewidth=1.8, zorder=3)
    ends = [(float(line["power"].iloc[-1]), _label(number)) for number, line in lines.items()]
    _draw_simulated(curve, axes)
    axes.set_ylim(0, 1.02)
    most = float(curve["n_workers"].max())
    axes.set_xlim(0, most)
    axes.axhline(result.wanted, color=MUTED, linewidth=1, linestyle=DASHED, zorder=1)
    axes.annotate(
        f"{100 * result.wanted:g}%", (0, result.wanted), xytext=(4, 3),
        textcoords="offset points", fontsize=8.5, color=INK,
    )  # fmt: skip
    _name_lines(ends, axes)
    _mark_chosen(result, axes)
    axes.grid(visible=True, axis="y")
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_xlabel("workers asked")
    axes.set_ylabel("power")
    axes.set_title(wrapped(_title(result), TITLE_WIDTH, 2), loc="left", fontsize=10, color=INK)


def _line(curve: pd.DataFrame, users: float) -> pd.DataFrame:
    """Return one line: by formula, or of the simulated designs where there is no formula."""
    own = curve[curve["users_per_worker"] == users]
    drawn = own[own["method"] == "formula"]
    return (drawn if len(drawn) else own).sort_values("n_workers")


def _draw_simulated(curve: pd.DataFrame, axes: Axes) -> None:
    drawn = curve[curve["method"] == "simulation"]
    workers, power, low, high = (
        drawn[name].to_numpy(dtype=float)
        for name in ("n_workers", "power", "power_low", "power_high")
    )
    colour = COLOURS["service_user"]
    axes.errorbar(
        workers, power, yerr=np.stack([power - low, high - power]), fmt="o", markersize=4.5,
        color=colour, ecolor=colour, elinewidth=1.4, capsize=3, zorder=5,
    )  # fmt: skip


def _label(users: float) -> str:
    return f"{users:g} user each" if users == 1 else f"{users:g} users each"


def _name_lines(ends: list[tuple[float, str]], axes: Axes) -> None:
    """Write what each line is beside its end, apart from each other."""
    place = 2.0
    for height, words in sorted(ends, reverse=True):
        place = min(height, place - LEAST_APART)
        axes.annotate(
            words, (1.0, place / 1.02), xycoords="axes fraction", xytext=(6, 0),
            textcoords="offset points", va="center", fontsize=8.5, color=INK,
            annotation_clip=False,
        )  # fmt: skip


def _mark_chosen(result: PowerResult | PowerCurve, axes: Axes) -> None:
    if result.chosen is None:
        return
    workers, users, power = result.chosen
    axes.plot(
        [workers], [power], marker="o", markersize=11, markerfacecolor="none",
        markeredgecolor=INK, markeredgewidth=1.4, linestyle="none", zorder=6,
    )  # fmt: skip
    right = workers < 0.6 * axes.get_xlim()[1]
    axes.annotate(
        f"{workers:,} workers, {_label(users)}", (workers, power),
        xytext=(10 if right else -10, -8), textcoords="offset points",
        ha="left" if right else "right", va="top", fontsize=8.5, color=INK, zorder=7,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5, "alpha": 0.85},
    )  # fmt: skip


def _title(result: PowerResult | PowerCurve) -> str:
    design = result.design
    simulated = (result.curve["method"] == "simulation").any()
    dots = "; dots: simulated, with 95% Monte Carlo interval" if simulated else ""
    return (
        f"Power to find a correlation of {design.correlation:.2g} at an ICC of "
        f"{design.icc:.2g}{dots}"
    )
