"""The moderation figure: the fitted line at three values of the moderator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.axes import Axes

from relsurvey.reporting.figures.drawing import Drawing, as_picture
from relsurvey.reporting.figures.style import COLOURS, INK, MUTED, blank, styled
from relsurvey.reporting.labels import ScoreLabel
from relsurvey.reporting.numbers import number
from relsurvey.reporting.plain import shortened, wrapped

if TYPE_CHECKING:
    import pandas as pd

    from relsurvey.association.moderation import Moderation

__all__ = ["moderation_drawing", "plot_moderation"]

HEIGHT = 3.9
PLACE = (0.105, 0.15, 0.87, 0.7)
# Told apart by dashes and marks as well as by colour.
STYLES = (
    (COLOURS["service_user"], (0, (5, 2)), "v"),
    (MUTED, "solid", "o"),
    (COLOURS["worker"], (0, (1, 1)), "^"),
)
OUTER = (0, 2)
MARKS = 8


def plot_moderation(
    result: Moderation,
    axes: Axes | None = None,
    *,
    predictor: ScoreLabel | None = None,
    outcome: ScoreLabel | None = None,
    moderator: ScoreLabel | None = None,
) -> Axes:
    """Draw the fitted line where the moderator is at its mean, and one SD to both sides.

    Parameters
    ----------
    result : Moderation
        ``relsurvey.associate(..., moderator=...).moderation``.
    axes : matplotlib.axes.Axes, optional
        Where to draw; on a figure of its own if not given.
    predictor, outcome, moderator : ScoreLabel, optional
        Names and ranges; the columns' names if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Three lines over one SD of the predictor to both sides of its mean; the outer two in bands
        that are their intervals. No person and no team is a point of it.
    """
    predictor = predictor or ScoreLabel(result.predictor)
    outcome = outcome or ScoreLabel(result.outcome)
    moderator = moderator or ScoreLabel(result.moderator)
    with styled():
        if axes is None:
            axes = blank(height=HEIGHT).add_axes(PLACE)
        for place, (label, line) in enumerate(result.lines.groupby("at", sort=False)):
            _draw_line(axes, place, str(label), line)
        axes.grid(visible=True)
        axes.margins(y=0.15)
        axes.set_xlabel(wrapped(f"Worker's score: {predictor.with_range}", 80, 1))
        axes.set_ylabel(wrapped(outcome.with_range, 42, 1))
        axes.legend(
            title=f"Where {shortened(moderator.title, 50)} is at ...", loc="lower left",
            bbox_to_anchor=(0, 1.0), ncols=3, fontsize=9, borderaxespad=0.2, alignment="left",
        )  # fmt: skip
    return axes


def moderation_drawing(
    result: Moderation,
    names: tuple[ScoreLabel, ScoreLabel, ScoreLabel],
    name: str,
    alt: str,
) -> Drawing:
    """Draw a moderation as a picture; ``names`` are of predictor, outcome and moderator."""
    with styled():
        figure = blank(height=HEIGHT)
        plot_moderation(
            result, figure.add_axes(PLACE), predictor=names[0], outcome=names[1],
            moderator=names[2],
        )  # fmt: skip
        return as_picture(figure, name, alt)


def _draw_line(axes: Axes, place: int, label: str, line: pd.DataFrame) -> None:
    colour, dashes, mark = STYLES[place]
    x, expected, low, high = (
        line[name].to_numpy(dtype=float) for name in ("predictor", "expected", "low", "high")
    )
    if place in OUTER:
        axes.fill_between(x, low, high, color=colour, alpha=0.14, linewidth=0)
    at = number(float(line["moderator"].iloc[0]))
    axes.plot(
        x, expected, color=colour, linestyle=dashes, linewidth=2.0, marker=mark, markersize=5,
        markeredgecolor=INK, markeredgewidth=0.5, markevery=MARKS,
        label=f"{label.removesuffix(' the mean')} ({at})",
    )  # fmt: skip
