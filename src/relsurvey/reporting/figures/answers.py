"""The answer figure: which answers each item got, in shares of those who gave one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.textpath import TextPath

from relsurvey.reporting.figures.style import (
    MUTED,
    WIDTH,
    Drawing,
    as_picture,
    blank,
    ink_on,
    shades,
    styled,
)
from relsurvey.reporting.plain import shortened, wrapped

__all__ = ["AnswerRow", "Part", "answers_drawing", "draw_answers"]

ROW = 0.335
GAP = 0.3
LEGEND_ROW, ABOVE, BELOW = 0.19, 0.4, 0.42
MOST_IN_ROW, LEGEND_SIZE = 6, 8
LEFT, RIGHT = 2.75, 1.12
SMALLEST_LABELLED = 7
ASIDE = {1: (1.12,), 2: (1.085, 1.27)}
HEADINGS = ("does not\napply", "no\nanswer")


@dataclass(frozen=True)
class Part:
    """Neighbouring answers that are shown as one, because a smaller part would tell too much.

    Attributes
    ----------
    codes : range
        Positions of the answers on the response scale.
    percent : int
        Whole percent of those who answered.
    text : str
        The same in words.
    """

    codes: range
    percent: int
    text: str


@dataclass(frozen=True)
class AnswerRow:
    """One item of the figure.

    Attributes
    ----------
    label : str
        Its id and gist.
    parts : tuple of Part
        The answers, lowest first; they add up to about 100. Empty where too few people
        answered.
    aside : tuple of str
        Shares of all respondents, as words: "does not apply" where it can be said, no answer.
    group : str
        Title of its scale.
    reverse : bool
        Whether it is reverse-keyed.
    """

    label: str
    parts: tuple[Part, ...]
    aside: tuple[str, ...]
    group: str
    reverse: bool = False


def answers_drawing(
    rows: Sequence[AnswerRow], labels: Sequence[str], role: str, name: str, alt: str
) -> Drawing:
    """Draw every item's answers, item below item, as a picture."""
    places = _places(rows)
    depth = places[-1] + ROW / 2
    with styled():
        handles = _legend(rows, labels, role)
        columns = _legend_columns([str(handle.get_label()) for handle in handles])
        lines = max(str(handle.get_label()).count("\n") for handle in handles) + 1
        above = ABOVE + LEGEND_ROW * -(-len(handles) // columns) * (0.3 + 0.7 * lines)
        height = above + depth + BELOW
        figure = blank(height=height)
        axes = figure.add_axes(
            (LEFT / WIDTH, BELOW / height, (WIDTH - LEFT - RIGHT) / WIDTH, depth / height)
        )
        axes.set_ylim(depth, 0)
        draw_answers(rows, labels, role, axes, places)
        _name_columns(axes, rows)
        figure.legend(
            handles=handles,
            loc="upper left",
            bbox_to_anchor=(0.0, 1.0),
            ncols=columns,
            fontsize=LEGEND_SIZE,
            handlelength=1.2,
            handleheight=1.0,
            columnspacing=1.4,
            borderaxespad=0.2,
        )
        return as_picture(figure, name, alt)


def draw_answers(
    rows: Sequence[AnswerRow],
    labels: Sequence[str],
    role: str,
    axes: Axes,
    places: Sequence[float] | None = None,
) -> Axes:
    """Draw stacked bars of answer shares on an Axes.

    Parameters
    ----------
    rows : sequence of AnswerRow
        The items.
    labels : sequence of str
        The answers of the response scale, lowest first.
    role : str
        "worker" or "service_user", for the colours.
    axes : matplotlib.axes.Axes
        Where to draw.
    places : sequence of float, optional
        Where each bar stands; one below the other by default.

    Returns
    -------
    matplotlib.axes.Axes
        The same.
    """
    colours = shades(role, len(labels))
    places = places or _places(rows)
    for row, place in zip(rows, places, strict=True):
        start = 0.0
        # Shares are rounded one by one; the bar is full all the same.
        full = 100 / max(sum(part.percent for part in row.parts), 1)
        for part in row.parts:
            _part(axes, part, (start, full * part.percent), place, colours)
            start += full * part.percent
    axes.set_xlim(0, 100)
    axes.set_xticks([0, 25, 50, 75, 100], ["0%", "25%", "50%", "75%", "100%"])
    axes.set_yticks(list(places), [wrapped(row.label, 42, 2) for row in rows], fontsize=8)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("Share of those who gave an answer", fontsize=8.5, color=MUTED)
    return axes


def _places(rows: Sequence[AnswerRow]) -> list[float]:
    """Return the height of each bar, with room for a heading where a new scale begins."""
    places: list[float] = []
    depth, group = 0.0, None
    for row in rows:
        depth += GAP if row.group != group else 0
        group = row.group
        places.append(depth + ROW / 2)
        depth += ROW
    return places


def _part(
    axes: Axes, part: Part, span: tuple[float, float], place: float, colours: Sequence[str]
) -> None:
    """Draw one part from where it starts, as long as it is."""
    start, length = span
    if part.percent == 0:
        return
    several = len(part.codes) > 1
    colour = colours[part.codes[len(part.codes) // 2]]
    axes.barh(
        place,
        length,
        left=start,
        height=ROW * 0.74,
        color=colour,
        edgecolor="white",
        linewidth=0.8,
        hatch="///" if several else None,
    )
    if part.percent >= SMALLEST_LABELLED:
        ink = ink_on(colour)
        axes.text(
            start + length / 2,
            place,
            str(part.percent),
            ha="center",
            va="center_baseline",
            fontsize=8,
            color=ink,
            bbox={"facecolor": colour, "edgecolor": "none", "pad": 2.2} if several else None,
        )


def _name_columns(axes: Axes, rows: Sequence[AnswerRow]) -> None:
    """Write the scales' titles over their items, and the two columns right of the bars."""
    across = axes.get_yaxis_transform()
    places = _places(rows)
    group = None
    for row, place in zip(rows, places, strict=True):
        if row.group != group:
            axes.text(
                -LEFT / (WIDTH - LEFT - RIGHT) + 0.01,
                place - ROW / 2 - GAP * 0.32,
                shortened(row.group, 60),
                transform=across,
                weight="bold",
                fontsize=9,
                va="center",
            )
        group = row.group
        for x, words in zip(ASIDE[len(row.aside)], row.aside, strict=True):
            axes.text(
                x, place, words, transform=across, ha="center", va="center_baseline", fontsize=8
            )
    count = len(rows[0].aside)
    for x, words in zip(ASIDE[count], HEADINGS[-count:], strict=True):
        axes.text(
            x, 0.0, words, transform=across, ha="center", va="bottom", fontsize=7.5, color=MUTED
        )


def _legend_columns(labels: Sequence[str]) -> int:
    """Return how many columns fit, each as wide as its widest label with its patch."""
    room = 72 * WIDTH - 0.8 * LEGEND_SIZE
    widths = [
        max(TextPath((0, 0), line, size=LEGEND_SIZE).get_extents().width for line in lines)
        + 3.6 * LEGEND_SIZE
        for lines in (label.split("\n") for label in labels)
    ]
    for columns in range(min(len(labels), MOST_IN_ROW), 1, -1):
        if sum(max(column) for column in np.array_split(widths, columns)) <= room:
            return columns
    return 1


def _legend(rows: Sequence[AnswerRow], labels: Sequence[str], role: str) -> list[Patch]:
    handles = [
        Patch(facecolor=colour, edgecolor="white", label=wrapped(label, 44, 2))
        for colour, label in zip(shades(role, len(labels)), labels, strict=True)
    ]
    if any(len(part.codes) > 1 for row in rows for part in row.parts):
        handles.append(
            Patch(
                facecolor="#9aa5b1",
                edgecolor="white",
                hatch="///",
                label="neighbouring answers put together",
            )
        )
    return handles
