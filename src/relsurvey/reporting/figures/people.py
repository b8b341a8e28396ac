"""Ten little people a row, some of them filled, with the same in words beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyBboxPatch

from relsurvey.reporting.figures.drawing import Drawing, as_picture
from relsurvey.reporting.figures.style import COLOURS, INK, NARROW, blank, styled
from relsurvey.reporting.plain import wrapped

__all__ = ["PeopleRow", "people_drawing"]

ROW_HEIGHT = 0.56
TEN = 10
FIRST, APART = 2.45, 0.27  # inches: where the first stands, and how far the next
LETTERS = 21  # of a label on a line
UP, DOWN = 0.09, 0.14  # inches from the middle of a row to its label, and to its words


@dataclass(frozen=True)
class PeopleRow:
    """One row.

    Attributes
    ----------
    label : str
        What the row is about.
    filled : int
        How many of the ten are filled.
    words : str
        The same in words.
    """

    label: str
    filled: int
    words: str


def people_drawing(rows: Sequence[PeopleRow], name: str, alt: str) -> Drawing:
    """Draw rows of ten people.

    Parameters
    ----------
    rows : sequence of PeopleRow
        From top to bottom.
    name : str
        Id of the drawing.
    alt : str
        The same in words.

    Returns
    -------
    Drawing
        Filled ones are told from empty ones without any colour.
    """
    height = ROW_HEIGHT * len(rows)
    with styled():
        figure = blank(NARROW, height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, NARROW), ylim=(0, height))
        axes.set_axis_off()
        for place, row in enumerate(rows):
            _draw_row(axes, row, height - (place + 0.5) * ROW_HEIGHT)
        return as_picture(figure, name, alt)


def _draw_row(axes: Axes, row: PeopleRow, y: float) -> None:
    label = wrapped(row.label, LETTERS, 2)
    # Their words stand below the label, so that the finding is what a small screen shows first.
    axes.text(0.02, y + UP * (2 - label.count("\n")) / 2, label, va="center", fontsize=12)
    lower = y - DOWN - 0.09 * label.count("\n")
    axes.text(0.02, lower, wrapped(row.words, LETTERS, 1), va="center", fontsize=12, weight="bold")
    for place in range(TEN):
        _draw_person(axes, FIRST + place * APART, y, filled=place < row.filled)


def _draw_person(axes: Axes, x: float, y: float, *, filled: bool) -> None:
    colour = COLOURS["service_user"] if filled else "white"
    look: dict[str, Any] = {"facecolor": colour, "edgecolor": INK, "linewidth": 0.9}
    axes.add_patch(Circle((x, y + 0.115), 0.055, **look))
    body = "round,pad=0,rounding_size=0.06"
    axes.add_patch(FancyBboxPatch((x - 0.075, y - 0.17), 0.15, 0.21, boxstyle=body, **look))
