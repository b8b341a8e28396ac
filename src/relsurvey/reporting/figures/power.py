"""The power figure: power by workers for several numbers of service users per worker."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.text import Annotation, Text
from matplotlib.ticker import PercentFormatter

from relsurvey.planning.power.solve import fewest_workers
from relsurvey.reporting.figures.style import COLOURS, INK, MUTED, blank, shades, styled
from relsurvey.reporting.plain import wrapped

if TYPE_CHECKING:
    from relsurvey.planning.power import PowerCurve, PowerResult

__all__ = ["plot_power"]

HEIGHT = 3.9
DASHED = (0, (4, 3))
LEAST_APART = 0.055  # of the height of the axes: one line of small text
TITLE_WIDTH = 84
ALONG = 400  # points of a line that words must not cover
AWAY = 0.02  # of words from a line or the frame, as a share of the axes
STEPS = 40
ELSEWHERE = 0.3  # how much further off a place may be that is to the right, or below
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
    numbers = sorted(curve["users_per_worker"].unique())
    lines = {number: _line(result, number) for number in numbers}
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
    _mark_chosen(result, lines.values(), axes)
    axes.grid(visible=True, axis="y")
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_xlabel("workers asked")
    axes.set_ylabel("power")
    axes.set_title(wrapped(_title(result), TITLE_WIDTH, 2), loc="left", fontsize=10, color=INK)


def _line(result: PowerResult | PowerCurve, users: float) -> pd.DataFrame:
    """Return one line: by formula, or of the simulated designs where there is no formula.

    It begins where six workers answer, if it goes on from there: below, power can fall as workers
    are added, and nobody is to plan on it.
    """
    own = result.curve[result.curve["users_per_worker"] == users]
    drawn = own[own["method"] == "formula"]
    line = (drawn if len(drawn) else own).sort_values("n_workers")
    enough = line[line["n_workers"] >= fewest_workers(result.design)]
    return enough if len(enough) > 1 else line


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


def _mark_chosen(
    result: PowerResult | PowerCurve, lines: Iterable[pd.DataFrame], axes: Axes
) -> None:
    """Ring the chosen design, and name it where no line runs."""
    if result.chosen is None:
        return
    workers, users, power = result.chosen
    axes.plot(
        [workers], [power], marker="o", markersize=11, markerfacecolor="none",
        markeredgecolor=INK, markeredgewidth=1.4, linestyle="none", zorder=6, clip_on=False,
    )  # fmt: skip
    words = axes.annotate(
        f"{workers:,} workers, {_label(users)}", (workers, power), xytext=(0.5, 0.1),
        textcoords="axes fraction", ha="center", va="center", fontsize=8.5, color=INK, zorder=7,
        arrowprops={"arrowstyle": "-", "color": MUTED, "linewidth": 0.8, "shrinkA": 2,
                    "shrinkB": 6},
    )  # fmt: skip
    words.set_position(_room(words, _drawn(result, lines, axes), axes))


def _drawn(
    result: PowerResult | PowerCurve, lines: Iterable[pd.DataFrame], axes: Axes
) -> npt.NDArray[np.float64]:
    """Return places on the lines, the intervals and the power wanted, as shares of the axes."""
    across = np.linspace(*axes.get_xlim(), ALONG)
    taken = [np.column_stack([across, np.full(ALONG, result.wanted)])]
    for line in lines:
        within = across[(across >= line["n_workers"].min()) & (across <= line["n_workers"].max())]
        taken.append(np.column_stack([within, np.interp(within, line["n_workers"], line["power"])]))
    for row in result.curve[result.curve["method"] == "simulation"].to_dict("records"):
        up = np.linspace(row["power_low"], row["power_high"], 12)
        taken.append(np.column_stack([np.full(12, row["n_workers"]), up]))
    return _shares(np.vstack(taken), axes)


def _shares(points: npt.ArrayLike, axes: Axes) -> npt.NDArray[np.float64]:
    """Return points of the data as shares of the width and the height of the axes."""
    return np.asarray((axes.transData - axes.transAxes).transform(points), dtype=np.float64)


def _room(words: Annotation, taken: npt.NDArray[np.float64], axes: Axes) -> tuple[float, float]:
    """Return the place nearest to what the words name where they cover nothing, as a share."""
    box = Text.get_window_extent(words)
    frame = axes.get_window_extent()  # after it: measuring words may set the resolution
    half = np.array([box.width / frame.width, box.height / frame.height]) / 2.0
    target = _shares([words.xy], axes)[0]
    free = [
        (x, y)
        for x in np.linspace(half[0] + AWAY, 1.0 - half[0] - AWAY, STEPS)
        for y in np.linspace(half[1] + AWAY, 1.0 - half[1] - AWAY, STEPS)
        if not (np.abs(taken - [x, y]) < half + AWAY).all(axis=1).any()
        and (np.abs(target - [x, y]) > half + AWAY).any()
    ]
    if not free:
        return 1.0 - half[0] - AWAY, half[1] + AWAY
    # Best is near, and rather to the right and below than over the rising lines.
    return min(
        free,
        key=lambda spot: (
            float(np.hypot(*(np.array(spot) - target)))
            + ELSEWHERE * ((spot[0] < target[0]) + (spot[1] > target[1]))
        ),
    )


def _title(result: PowerResult | PowerCurve) -> str:
    design = result.design
    simulated = (result.curve["method"] == "simulation").any()
    dots = "; dots: simulated, with 95% Monte Carlo interval" if simulated else ""
    return (
        f"Power to find a correlation of {design.correlation:.2g} at an ICC of "
        f"{design.icc:.2g}{dots}"
    )
