"""The score figure: how the scores of each scale of a questionnaire are distributed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relsurvey.reporting.figures.drawing import Drawing, as_picture
from relsurvey.reporting.figures.style import COLOURS, INK, MUTED, WIDTH, blank, styled
from relsurvey.reporting.numbers import number
from relsurvey.reporting.plain import shortened, wrapped
from relsurvey.reporting.summaries import Bars, ScoreSummary

__all__ = ["ScoreRow", "draw_scores", "scores_drawing"]

ROW = 0.92
BELOW = 0.62
ABOVE = 0.02
LEFT, MIDDLE = 1.75, 3.75
LOWEST_BAR = 0.05
END_WIDTH, END_LINES, END_LINE = 26, 4, 0.15


@dataclass(frozen=True)
class ScoreRow:
    """One scale's scores and their histogram (``None`` where too few people have a score)."""

    summary: ScoreSummary
    bars: Bars | None


def scores_drawing(
    rows: Sequence[ScoreRow], role: str, ends: tuple[str, str], name: str, alt: str
) -> Drawing:
    """Draw every scale's distribution, one below the other, as a picture."""
    words = tuple(wrapped(end, END_WIDTH, END_LINES) for end in ends)
    below = BELOW + END_LINE * max(end.count("\n") for end in words)
    height = ROW * len(rows) + below + ABOVE
    with styled():
        figure = blank(height=height)
        for position, row in enumerate(rows):
            bottom = (below + ROW * (len(rows) - 1 - position)) / height
            size = ROW * 0.78 / height
            axes = figure.add_axes((LEFT / WIDTH, bottom, MIDDLE / WIDTH, size))
            draw_scores(row, role, axes)
            _words(figure, row, bottom + size * 0.42)
            if position == len(rows) - 1:
                _name_ends(axes, words)
            elif not _ends_same(row, rows[position + 1 :]):
                _name_ends(axes, tuple(shortened(end, END_WIDTH) for end in ends))
            else:
                axes.tick_params(labelbottom=False)
        return as_picture(figure, name, alt)


def draw_scores(row: ScoreRow, role: str, axes: Axes) -> Axes:
    """Draw one scale's distribution on an Axes: bars, the mean, and one SD to each side.

    Parameters
    ----------
    row : ScoreRow
        Summary and bars.
    role : str
        "worker" or "service_user", for the colour.
    axes : matplotlib.axes.Axes
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes
        The same.
    """
    scale = row.summary.scale
    margin = (scale.maximum - scale.minimum) * 0.06
    axes.set_xlim(scale.minimum - margin, scale.maximum + margin)
    axes.spines["left"].set_visible(False)
    axes.set_yticks([])
    if row.bars is None:
        axes.set_ylim(0, 1)
        return axes
    heights = row.bars.heights
    top = float(heights.max())
    there = heights > 0
    axes.bar(
        row.bars.edges[:-1][there],
        np.maximum(heights[there], LOWEST_BAR * top),
        width=np.diff(row.bars.edges)[there],
        align="edge",
        color=COLOURS[role],
        alpha=0.8 if row.summary.composite else 0.5,
        edgecolor="white",
        linewidth=0.5,
    )
    mean, sd = round(row.summary.mean, 2), round(row.summary.sd, 2)
    low, high = max(mean - sd, scale.minimum), min(mean + sd, scale.maximum)
    axes.plot([low, high], [top * 1.14] * 2, color=INK, linewidth=1.4, solid_capstyle="butt")
    axes.plot([mean], [top * 1.14], marker="D", color=INK, markersize=5.5, linestyle="none")
    axes.set_ylim(0, top * 1.28)
    return axes


def _words(figure: Figure, row: ScoreRow, middle: float) -> None:
    """Write the scale's title left of its bars, mean and standard deviation right of them."""
    summary = row.summary
    figure.text(
        0.005,
        middle,
        wrapped(summary.scale.title, 22, 2),
        va="center",
        weight="bold" if summary.composite else "normal",
        linespacing=1.15,
    )
    values = f"mean {number(summary.mean)}\nSD {number(summary.sd)}"
    figure.text(
        (LEFT + MIDDLE + 0.12) / WIDTH,
        middle,
        "too few people" if row.bars is None else values,
        va="center",
        fontsize=9,
        linespacing=1.3,
    )


def _ends_same(row: ScoreRow, following: Sequence[ScoreRow]) -> bool:
    """Say whether the next row has the same range, so that one axis does for both."""
    if not following:
        return False
    here, there = row.summary.scale, following[0].summary.scale
    return (here.minimum, here.maximum) == (there.minimum, there.maximum)


def _name_ends(axes: Axes, ends: Sequence[str]) -> None:
    """Write the labels of the lowest and the highest answer below the ends of the axis."""
    low, high = axes.get_xlim()
    margin = (high - low) * 0.06 / 1.12
    for x, words in ((low + margin, ends[0]), (high - margin, ends[1])):
        axes.annotate(
            words,
            xy=(x, 0),
            xycoords=("data", "axes fraction"),
            xytext=(0, -19),
            textcoords="offset points",
            ha="center",
            va="top",
            fontsize=8.5,
            color=MUTED,
        )
