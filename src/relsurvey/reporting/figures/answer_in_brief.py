"""The answer at a glance: what people's scores come to with two kinds of worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from relsurvey.reporting.figures.drawing import Drawing, as_picture
from relsurvey.reporting.figures.style import COLOURS, INK, MUTED, NARROW, blank, styled
from relsurvey.reporting.labels import ScoreLabel
from relsurvey.reporting.plain import wrapped

__all__ = ["BriefRow", "brief_drawing"]

HEIGHT = 1.7
LEFT = 0.34  # share of the width that the labels take
LETTERS = 18


@dataclass(frozen=True)
class BriefRow:
    """One kind of worker.

    Attributes
    ----------
    label : str
        Which.
    mean, low, high : float
        The score expected with them, and its interval.
    words : str
        The score, written.
    """

    label: str
    mean: float
    low: float
    high: float
    words: str


def brief_drawing(rows: Sequence[BriefRow], outcome: ScoreLabel, name: str, alt: str) -> Drawing:
    """Draw each kind of worker as a point with its interval, on the whole scale.

    Parameters
    ----------
    rows : sequence of BriefRow
        From top to bottom.
    outcome : ScoreLabel
        Name and range of the score; the axis shows the whole range where it is known, so that a
        small difference looks small.
    name : str
        Id of the drawing.
    alt : str
        The same in words.

    Returns
    -------
    Drawing
        Every number in it stands in ``alt`` too.
    """
    with styled():
        figure = blank(NARROW, HEIGHT)
        axes = figure.add_axes((LEFT, 0.32, 0.97 - LEFT, 0.66))
        for place, row in enumerate(rows):
            _draw_row(axes, row, -place)
        axes.set_yticks([-place for place in range(len(rows))])
        axes.set_yticklabels([wrapped(row.label, LETTERS, 2) for row in rows], fontsize=10.5)
        axes.tick_params(axis="y", length=0)
        axes.set_ylim(0.45 - len(rows), 0.75)
        axes.spines["left"].set_visible(False)
        if outcome.minimum is not None and outcome.maximum is not None:
            axes.set_xlim(outcome.minimum, outcome.maximum)
        axes.set_xlabel(wrapped(outcome.with_range, 38, 1))
        axes.grid(visible=True, axis="x")
        return as_picture(figure, name, alt)


def _draw_row(axes: Axes, row: BriefRow, y: float) -> None:
    axes.plot(
        [row.low, row.high], [y, y], color=COLOURS["service_user"], alpha=0.45, linewidth=9,
        solid_capstyle="butt", zorder=2,
    )  # fmt: skip
    axes.plot([row.mean], [y], marker="D", color=INK, markersize=6, zorder=3)
    axes.annotate(
        row.words, (row.mean, y), xytext=(0, 8), textcoords="offset points", ha="center",
        fontsize=10.5, weight="bold", color=INK,
    )  # fmt: skip
    axes.axhline(y, color=MUTED, linewidth=0.6, zorder=1)
