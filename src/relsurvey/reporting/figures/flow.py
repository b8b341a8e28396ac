"""The flow figure: who answered, who could be linked, who is in the main analysis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from relsurvey.reporting.figures.drawing import Drawing, as_picture
from relsurvey.reporting.figures.style import COLOURS, INK, MUTED, NARROW, blank, styled

__all__ = ["FlowStep", "draw_flow", "flow_drawing"]

HEIGHT = 3.9
BOX = (2.05, 0.66)
COLUMNS = (1.05, 3.95)
ROWS = (3.2, 1.95)
LAST = 0.6
LONGEST, MANY_LINES = 18, 3  # characters, and lines that need smaller type
NEXT_LINE = "\n"


@dataclass(frozen=True)
class FlowStep:
    """One survey's way into the main analysis, every count as it may be shown.

    Attributes
    ----------
    role : str
        "worker" or "service_user".
    people : str
        Who answered, as a word.
    answered, linked : str
        How many.
    not_linked, left_out : str
        How many were lost at each step.
    excluded : str
        How many were left out before linking, by rules on their answers; empty where nobody was.
    """

    role: str
    people: str
    answered: str
    linked: str
    not_linked: str
    left_out: str
    excluded: str = ""


def flow_drawing(steps: Sequence[FlowStep], last: str, name: str, alt: str) -> Drawing:
    """Draw the flow of both surveys as a picture."""
    with styled():
        figure = blank(NARROW, HEIGHT)
        axes = figure.add_axes((0, 0, 1, 1))
        draw_flow(steps, last, axes)
        return as_picture(figure, name, alt)


def draw_flow(steps: Sequence[FlowStep], last: str, axes: Axes) -> Axes:
    """Draw the flow of both surveys on an Axes.

    Parameters
    ----------
    steps : sequence of FlowStep
        Workers first.
    last : str
        What stands in the last box.
    axes : matplotlib.axes.Axes
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes
        The same.
    """
    axes.set(xlim=(0, NARROW), ylim=(0, HEIGHT))
    axes.set_axis_off()
    for step, x, side in zip(steps, COLUMNS, (1, -1), strict=True):
        colour = COLOURS[step.role]
        _box(axes, x, ROWS[0], f"{step.people.capitalize()} who answered", step.answered, colour)
        _box(axes, x, ROWS[1], f"{step.people.capitalize()} linked", step.linked, colour)
        _arrow(axes, (x, ROWS[0]), (x, ROWS[1]))
        _arrow(axes, (x, ROWS[1]), (x, LAST))
        excluded = [(step.excluded, "left out by rules")] if step.excluded else []
        before = [*excluded, (step.not_linked, "not linked")]
        _losses(axes, x, (ROWS[0] + ROWS[1]) / 2, before, side)
        _losses(axes, x, (ROWS[1] + LAST) / 2, [(step.left_out, "left out")], side)
    centre = sum(COLUMNS) / 2
    _box(
        axes,
        centre,
        LAST,
        "In the main analysis",
        last,
        INK,
        width=COLUMNS[1] - COLUMNS[0] + BOX[0],
    )
    return axes


def _box(
    axes: Axes, x: float, y: float, what: str, count: str, colour: str, *, width: float = BOX[0]
) -> None:
    height = BOX[1]
    axes.add_patch(
        FancyBboxPatch(
            (x - width / 2, y - height / 2),
            width,
            height,
            boxstyle="round,pad=0,rounding_size=0.06",
            facecolor="white",
            edgecolor=colour,
            linewidth=1.6,
            zorder=3,
        )
    )
    axes.text(x, y + 0.14, what, ha="center", va="center", fontsize=9.5, color=MUTED, zorder=4)
    axes.text(x, y - 0.12, count, ha="center", va="center", fontsize=12, weight="bold", zorder=4)


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    half = BOX[1] / 2
    axes.annotate(
        "",
        xy=(end[0], end[1] + half),
        xytext=(start[0], start[1] - half),
        arrowprops={
            "arrowstyle": "-|>",
            "color": MUTED,
            "linewidth": 1.2,
            "shrinkA": 0,
            "shrinkB": 0,
        },
    )


def _losses(axes: Axes, x: float, y: float, losses: Sequence[tuple[str, str]], side: int) -> None:
    """Write beside an arrow, towards the middle of the figure, how many were lost there.

    The other survey's stand beside them: a long one takes two lines.
    """
    words = "\n".join(
        f"{count}{' ' if len(count) + len(what) < LONGEST else NEXT_LINE}{what}"
        for count, what in losses
    )
    axes.text(
        x + 0.14 * side,
        y,
        words,
        ha="left" if side > 0 else "right",
        va="center",
        fontsize=10 if words.count("\n") < MANY_LINES else 8.5,
        color=MUTED,
    )
