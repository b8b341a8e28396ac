"""The few kinds of drawing that many results share: a forest, bars, a heat map, lines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

from relsurvey.reporting.figures.style import (
    COLOURS,
    GRID,
    INK,
    MUTED,
    WIDTH,
    blank,
    ink_on,
    styled,
)
from relsurvey.reporting.numbers import bounded
from relsurvey.reporting.plain import shortened, wrapped

__all__ = ["Look", "Point", "draw_bars", "draw_forest", "draw_heat", "draw_nothing", "room_for"]

Floats = npt.NDArray[np.float64]
Look: TypeAlias = Literal["main", "other", "hollow"]

ROW, HEAD = 0.27, 0.34  # inches for a row, and for the title of a group of rows
ABOVE, BELOW = 0.22, 0.62
LEFT, RIGHT = 2.5, 0.25
LONGEST, SURELY = 38, 16  # characters of a label, and of one that has room whatever its letters
LABEL_SIZE, POINTS, EDGE = 8.5, 72, 0.08  # type in points, points of an inch, inches kept free
SECOND_LINE = 0.45  # of a row
LOOKS: dict[Look, tuple[str, str, str]] = {
    "main": ("D", COLOURS["service_user"], COLOURS["service_user"]),
    "other": ("o", COLOURS["worker"], COLOURS["worker"]),
    "hollow": ("s", "white", INK),
}
_DIVERGING = LinearSegmentedColormap.from_list(
    "signed", (COLOURS["worker"], "#ffffff", COLOURS["service_user"])
)


@dataclass(frozen=True)
class Point:
    """One row of a forest.

    Attributes
    ----------
    label : str
        What it is.
    estimate, low, high : float
        Where it stands, and its interval; NaN where there is none.
    look : {"main", "other", "hollow"}
        A diamond, a filled dot or a hollow square: told apart by shape as well as by colour.
    group : str
        Title of the rows it stands among; empty where there is none.
    """

    label: str
    estimate: float
    low: float = math.nan
    high: float = math.nan
    look: Look = "other"
    group: str = ""


def room_for(depth: float, *, above: float = ABOVE, below: float = BELOW) -> Axes:
    """Return axes of so many inches on a figure of their own, with room for labels."""
    height = depth + above + below
    return blank(height=height).add_axes(
        (LEFT / WIDTH, below / height, (WIDTH - LEFT - RIGHT) / WIDTH, depth / height)
    )


def _places(groups: Sequence[str], labels: Sequence[str]) -> list[float]:
    """Return how far down each row stands, in rows; a group's title takes a row of its own.

    A label of two lines has half a line more above and below it.
    """
    found: list[float] = []
    depth, last = 0.0, ""
    for group, label in zip(groups, labels, strict=True):
        more = SECOND_LINE * label.count("\n") / 2
        depth += more + (HEAD / ROW if group != last else 0.0)
        last = group
        found.append(depth)
        depth += 1.0 + more
    return found


def _label(text: str) -> str:
    """Break the name of a row into two lines where it needs them."""
    return _fitted(text, 2, LABEL_SIZE)


def _fitted(text: str, lines: int, size: float, weight: str = "normal") -> str:
    """Break text into so many lines as wide as the room left of the axes; the rest is cut."""
    look = FontProperties(family="DejaVu Sans", weight=weight)
    for width in range(LONGEST, SURELY, -2):
        words = wrapped(text, width, lines) if lines > 1 else shortened(text, width)
        long = [line for line in words.split("\n") if len(line) > SURELY]
        ends = [TextPath((0, 0), line, size, prop=look).get_extents().x1 for line in long]
        if max(ends, default=0.0) <= POINTS * (LEFT - EDGE):
            return words
    return words


def draw_forest(
    points: Sequence[Point],
    axes: Axes | None = None,
    *,
    label: str,
    zero: float | None = 0.0,
    margin: float | None = None,
    bounds: tuple[float, float] | None = None,
) -> Axes:
    """Draw estimates with their intervals, row below row.

    Parameters
    ----------
    points : sequence of Point
        The first on top; one without an estimate is a row that says so.
    axes : matplotlib.axes.Axes, optional
        Where to draw; on a figure of its own, as tall as it needs, if not given.
    label : str
        What is along the axis.
    zero : float, optional
        Where the line of comparison stands.
    margin : float, optional
        Half the width of a band around it.
    bounds : tuple of float, optional
        Ends of the axis.

    Returns
    -------
    matplotlib.axes.Axes
        The drawing.
    """
    labels = [_label(point.label) for point in points]
    heights = _places([point.group for point in points], labels)
    with styled():
        if axes is None:
            axes = room_for(ROW * (max(heights, default=0.0) + 1.0))
        if margin is not None and zero is not None:
            axes.axvspan(zero - margin, zero + margin, color=MUTED, alpha=0.14, linewidth=0)
        if zero is not None:
            axes.axvline(zero, color=MUTED, linewidth=1.1, zorder=1)
        _intervals(points, heights, axes)
        _marks(points, heights, axes)
        if bounds is not None:
            axes.set_xlim(*bounds)
        _rows(axes, labels, heights)
        _titles(axes, [point.group for point in points], heights)
        axes.grid(visible=True, axis="x", color=GRID)
        axes.set_xlabel(wrapped(label, 62, 2), fontsize=9)
    return axes


def _intervals(points: Sequence[Point], heights: Sequence[float], axes: Axes) -> None:
    lines = [
        [(point.low, height), (point.high, height)]
        for point, height in zip(points, heights, strict=True)
        if math.isfinite(point.low) and math.isfinite(point.high)
    ]
    axes.add_collection(LineCollection(lines, colors=INK, linewidths=1.5, zorder=2))


def _marks(points: Sequence[Point], heights: Sequence[float], axes: Axes) -> None:
    for look, (marker, fill, edge) in LOOKS.items():
        pairs = [
            (point.estimate, height)
            for point, height in zip(points, heights, strict=True)
            if point.look == look and math.isfinite(point.estimate)
        ]
        if pairs:
            x, y = zip(*pairs, strict=True)
            axes.plot(
                x, y, linestyle="none", marker=marker, markersize=6.5, markerfacecolor=fill,
                markeredgecolor=edge, markeredgewidth=1.3, zorder=3,
            )  # fmt: skip
    for point, height in zip(points, heights, strict=True):
        if not math.isfinite(point.estimate):
            axes.text(
                0.5, height, "not known", transform=axes.get_yaxis_transform(), ha="center",
                va="center", fontsize=8.5, color=MUTED, style="italic",
            )  # fmt: skip


def _rows(axes: Axes, labels: Sequence[str], heights: Sequence[float]) -> None:
    """Name the rows of a drawing, the first on top."""
    axes.set_ylim(max(heights, default=0.0) + 0.6, -0.7)
    # A tick is five times as slow to draw as a text.
    axes.set_yticks([])
    for label, height in zip(labels, heights, strict=True):
        axes.text(
            -0.01, height, label, transform=axes.get_yaxis_transform(),
            ha="right", va="center", fontsize=LABEL_SIZE, color=INK, linespacing=0.95,
        )  # fmt: skip
    axes.spines["left"].set_visible(False)


def _titles(axes: Axes, groups: Sequence[str], heights: Sequence[float]) -> None:
    last = ""
    for group, height in zip(groups, heights, strict=True):
        if group != last:
            axes.text(
                -0.01, height - 1.0, _fitted(group, 1, 9, "bold"), ha="right", va="center",
                transform=axes.get_yaxis_transform(), weight="bold", fontsize=9,
            )  # fmt: skip
        last = group


def draw_bars(
    labels: Sequence[str],
    values: Sequence[float],
    axes: Axes | None = None,
    *,
    label: str,
    mark: float | None = None,
    bounds: tuple[float, float] | None = None,
    groups: Sequence[str] = (),
    texts: Sequence[str] = (),
) -> Axes:
    """Draw bars that lie, one below the other.

    Parameters
    ----------
    labels, values : sequence
        Name and length of each bar, the first on top; a bar of NaN is a row without one.
    axes : matplotlib.axes.Axes, optional
        Where to draw; on a figure of its own, as tall as it needs, if not given.
    label : str
        What is along the axis.
    mark : float, optional
        Where a dashed line stands, such as a criterion.
    bounds : tuple of float, optional
        Ends of the axis.
    groups : sequence of str, optional
        Titles of the rows each bar stands among.
    texts : sequence of str, optional
        What stands at the end of each bar.

    Returns
    -------
    matplotlib.axes.Axes
        The drawing.
    """
    groups = groups or [""] * len(labels)
    labels = [_label(name) for name in labels]
    heights = _places(groups, labels)
    lengths = np.asarray(values, dtype=float)
    with styled():
        if axes is None:
            axes = room_for(ROW * (max(heights, default=0.0) + 1.0))
        axes.barh(heights, np.nan_to_num(lengths), height=0.66, color=COLOURS["worker"])
        if mark is not None:
            axes.axvline(mark, color=INK, linewidth=1, linestyle=(0, (4, 3)))
        if bounds is not None:
            axes.set_xlim(*bounds)
        else:
            axes.margins(x=0.12 if texts else 0.05)
        for height, length, text in zip(heights, np.nan_to_num(lengths), texts, strict=False):
            axes.annotate(
                text, (length, height), xytext=(3 if length >= 0 else -3, 0),
                textcoords="offset points", va="center", ha="left" if length >= 0 else "right",
                fontsize=8.5, color=INK,
            )  # fmt: skip
        _rows(axes, labels, heights)
        _titles(axes, groups, heights)
        axes.axvline(0, color=MUTED, linewidth=0.8)
        axes.grid(visible=True, axis="x", color=GRID)
        axes.set_xlabel(wrapped(label, 62, 2), fontsize=9)
    return axes


def draw_heat(
    values: Floats,
    down: Sequence[str],
    across: Sequence[str],
    axes: Axes | None = None,
    *,
    label: str = "",
) -> Axes:
    """Draw a table of numbers between -1 and 1 as cells with the number in each.

    Parameters
    ----------
    values : ndarray, shape (rows, columns)
        NaN where a cell is left empty.
    down, across : sequence of str
        Names of rows and columns.
    axes : matplotlib.axes.Axes, optional
        Where to draw; on a figure of its own, as tall as it needs, if not given.
    label : str
        What is in the cells.

    Returns
    -------
    matplotlib.axes.Axes
        The drawing. The number in each cell has the sign, which grey would not tell.
    """
    with styled():
        if axes is None:
            axes = room_for(0.34 * len(down), above=0.6, below=0.4 if label else 0.08)
        heights, widths = np.arange(len(down) + 1) - 0.5, np.arange(len(across) + 1) - 0.5
        shown = np.ma.masked_invalid(values)
        axes.pcolormesh(
            widths, heights, shown, cmap=_DIVERGING, vmin=-1, vmax=1, edgecolors="white",
            linewidth=1.5,
        )  # fmt: skip
        for (row, column), value in np.ndenumerate(values):
            if math.isfinite(value):
                _cell(axes, row, column, float(value))
        axes.set_ylim(len(down) - 0.5, -0.5)
        axes.set_xlim(-0.5, len(across) - 0.5)
        axes.set_yticks(
            range(len(down)), [_fitted(one, 1, LABEL_SIZE) for one in down], fontsize=LABEL_SIZE
        )
        axes.set_xticks(range(len(across)), [_column(one, len(across)) for one in across])
        axes.tick_params(
            length=0, top=True, bottom=False, labeltop=True, labelbottom=False, labelsize=8
        )
        axes.spines[["left", "bottom"]].set_visible(False)
        axes.set_xlabel(wrapped(label, 62, 2), fontsize=9)
    return axes


def _column(name: str, count: int) -> str:
    """Break the name of a column so that it does not run into the next."""
    return wrapped(name, max(4, round(72 / max(count, 1))), 3)


def _cell(axes: Axes, row: int, column: int, value: float) -> None:
    colour = to_hex(_DIVERGING((value + 1) / 2))
    axes.text(
        column, row, bounded(value), ha="center", va="center", fontsize=8.5,
        color=ink_on(colour), weight="bold" if abs(value) >= 0.5 else "normal",
    )  # fmt: skip


def draw_nothing(words: str, axes: Axes | None = None) -> Axes:
    """Say in place of a drawing why there is none."""
    with styled():
        axes = axes or room_for(1.0)
        axes.set_axis_off()
        axes.text(
            0.5, 0.5, wrapped(words, 60, 4), transform=axes.transAxes, ha="center", va="center",
            color=INK,
        )  # fmt: skip
    return axes
