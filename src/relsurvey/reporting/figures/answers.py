"""The answer figure: which answers each item got, in shares of those who gave one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from relsurvey.reporting.figures.style import (
    MUTED,
    WIDTH,
    blank,
    ink_on,
    shades,
    styled,
    to_svg,
)
from relsurvey.reporting.plain import shortened, wrapped

__all__ = ["AnswerRow", "Part", "answers_svg", "draw_answers"]

ROW = 0.335
GAP = 0.3
LEGEND_ROW, ABOVE, BELOW = 0.19, 0.4, 0.42
MOST_IN_ROW = 5
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
    """

    codes: range
    percent: int


@dataclass(frozen=True)
class AnswerRow:
    """One item of the figure.

    Attributes
    ----------
    label : str
        Its id and gist.
    parts : tuple of Part
        The answers, lowest first; they add up to 100. Empty where too few people answered.
    aside : tuple of str
        Shares of all respondents, as words: "does not apply" where it can be said, no answer.
    group : str
        Title of its scale.
    """

    label: str
    parts: tuple[Part, ...]
    aside: tuple[str, ...]
    group: str


def answers_svg(
    rows: Sequence[AnswerRow], labels: Sequence[str], role: str, name: str, alt: str
) -> str:
    """Draw every item's answers, item below item, as an SVG element."""
    places = _places(rows)
    depth = places[-1] + ROW / 2
    handles = _legend(rows, labels, role)
    height = ABOVE + LEGEND_ROW * -(-len(handles) // MOST_IN_ROW) + depth + BELOW
    with styled():
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
            ncols=min(len(handles), 4 if len(handles) > MOST_IN_ROW else MOST_IN_ROW),
            fontsize=8,
            handlelength=1.2,
            handleheight=1.0,
            columnspacing=1.4,
            borderaxespad=0.2,
        )
        return to_svg(figure, name, alt)


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
        start = 0
        for part in row.parts:
            _part(axes, part, start, place, colours)
            start += part.percent
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


def _part(axes: Axes, part: Part, start: int, place: float, colours: Sequence[str]) -> None:
    if part.percent == 0:
        return
    several = len(part.codes) > 1
    colour = colours[part.codes[len(part.codes) // 2]]
    axes.barh(
        place,
        part.percent,
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
            start + part.percent / 2,
            place,
            str(part.percent),
            ha="center",
            va="center_baseline",
            fontsize=8,
            color=ink,
            bbox={"facecolor": colour, "edgecolor": "none", "pad": 1.0} if several else None,
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


def _legend(rows: Sequence[AnswerRow], labels: Sequence[str], role: str) -> list[Patch]:
    handles = [
        Patch(facecolor=colour, edgecolor="white", label=shortened(label, 24))
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
