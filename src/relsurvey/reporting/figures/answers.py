"""The answer figure: which answers each item got, to either side of the middle of the scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.patches import Patch
from matplotlib.textpath import TextPath

from relsurvey.reporting.figures.drawing import Drawing, picture_of
from relsurvey.reporting.figures.style import INK, MUTED, WIDTH, blank, ink_on, shades, styled
from relsurvey.reporting.plain import shortened, wrapped

__all__ = ["AnswerRow", "Part", "answers_drawing", "draw_all_answers", "draw_answers"]

ROW = 0.335
GAP = 0.3
LEGEND_ROW, ABOVE, BELOW = 0.19, 0.4, 0.42
MOST_IN_ROW, LEGEND_SIZE = 6, 8
LEFT, RIGHT = 2.75, 1.12
SMALLEST_LABELLED = 7
STEP = 25  # percent between marks of the axis
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
    return picture_of(draw_all_answers(rows, labels, role), name, alt)


def draw_all_answers(
    rows: Sequence[AnswerRow], labels: Sequence[str], role: str, axes: Axes | None = None
) -> Axes:
    """Draw every item's answers with their legend and who gave none.

    Parameters
    ----------
    rows : sequence of AnswerRow
        The items.
    labels : sequence of str
        The answers of the response scale, lowest first.
    role : str
        "worker" or "service_user", for the colours.
    axes : matplotlib.axes.Axes, optional
        Where to draw; on a figure of its own, as tall as it needs, if not given.

    Returns
    -------
    matplotlib.axes.Axes
        The drawing.
    """
    with styled():
        handles = _legend(rows, labels, role)
        columns = _legend_columns([str(handle.get_label()) for handle in handles])
        lines = max(str(handle.get_label()).count("\n") for handle in handles) + 1
        above = ABOVE + LEGEND_ROW * -(-len(handles) // columns) * (0.3 + 0.7 * lines)
        depth = _places(rows)[-1] + ROW / 2
        if axes is None:
            height = above + depth + BELOW
            axes = blank(height=height).add_axes(
                (LEFT / WIDTH, BELOW / height, (WIDTH - LEFT - RIGHT) / WIDTH, depth / height)
            )
        axes.set_ylim(depth, 0)
        draw_answers(rows, labels, role, axes)
        _name_columns(axes, rows)
        axes.legend(
            handles=handles,
            loc="upper left",
            # From the left edge of the figure, over the names of the items.
            bbox_to_anchor=(-LEFT / (WIDTH - LEFT - RIGHT), 1.0 + above / depth),
            ncols=columns,
            fontsize=LEGEND_SIZE,
            handlelength=1.2,
            handleheight=1.0,
            columnspacing=1.4,
            borderaxespad=0.2,
        )
    return axes


def draw_answers(rows: Sequence[AnswerRow], labels: Sequence[str], role: str, axes: Axes) -> Axes:
    """Draw bars of answer shares to either side of the middle of the response scale.

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

    Returns
    -------
    matplotlib.axes.Axes
        The same. Answers below the middle of the scale stand left of the line, those above it
        right of it; a middle answer, or answers put together over the middle, stand astride.
    """
    places = _places(rows)
    spans = [_spans(row, len(labels)) for row in rows]
    _bars(axes, rows, spans, places, shades(role, len(labels)))
    ends = [end for span in spans for pair in span for end in pair]
    low, high = (
        STEP * np.ceil(max([STEP, *(sign * end for end in ends)]) / STEP) for sign in (-1, 1)
    )
    # Below the bars: it would strike through the number of a middle answer.
    axes.axvline(0, color=INK, linewidth=0.9, zorder=0.8)
    axes.set_xlim(-low, high)
    ticks = np.arange(-low, high + STEP / 2, STEP)
    axes.set_xticks(ticks, [f"{abs(tick):.0f}%" for tick in ticks])
    # A tick is five times as slow to draw as a text.
    axes.set_yticks([])
    for row, place in zip(rows, places, strict=True):
        axes.text(
            -0.01, place, wrapped(row.label, 42, 2), transform=axes.get_yaxis_transform(),
            ha="right", va="center", multialignment="right", fontsize=8, color=INK,
        )  # fmt: skip
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(
        "Share of those who gave an answer, either side of the middle", fontsize=8.5, color=MUTED
    )
    return axes


def _spans(row: AnswerRow, count: int) -> list[tuple[float, float]]:
    """Return where each part begins and ends; answers below the middle are below zero."""
    # Shares are rounded one by one; the bar is full all the same.
    full = 100 / max(sum(part.percent for part in row.parts), 1)
    start = -full * sum(part.percent * _below(part.codes, count) for part in row.parts)
    spans = []
    for part in row.parts:
        spans.append((start, start + full * part.percent))
        start += full * part.percent
    return spans


def _below(codes: range, count: int) -> float:
    """Return which share of a part's answers is below the middle; the middle one is so by half."""
    middle = (count - 1) / 2
    return sum(1.0 if code < middle else 0.5 if code == middle else 0.0 for code in codes) / len(
        codes
    )


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


def _bars(
    axes: Axes,
    rows: Sequence[AnswerRow],
    spans: Sequence[Sequence[tuple[float, float]]],
    places: Sequence[float],
    colours: Sequence[str],
) -> None:
    """Draw the parts of all rows, those of one look at once, and write how large they are."""
    boxes: dict[tuple[str, bool], list[list[tuple[float, float]]]] = {}
    for row, span, place in zip(rows, spans, places, strict=True):
        for part, (start, end) in zip(row.parts, span, strict=True):
            if not part.percent:
                continue
            colour, several = colours[part.codes[len(part.codes) // 2]], len(part.codes) > 1
            top, bottom = place - ROW * 0.37, place + ROW * 0.37
            box = [(start, top), (end, top), (end, bottom), (start, bottom)]
            boxes.setdefault((colour, several), []).append(box)
            if part.percent >= SMALLEST_LABELLED:
                _size(axes, part, ((start + end) / 2, place), colour)
    for (colour, several), shapes in boxes.items():
        axes.add_collection(
            PolyCollection(
                shapes, facecolors=colour, edgecolors="white", linewidths=0.8,
                hatch="///" if several else None,
            ),
            autolim=False,
        )  # fmt: skip


def _size(axes: Axes, part: Part, where: tuple[float, float], colour: str) -> None:
    """Write a part's percent on it."""
    box = {"facecolor": colour, "edgecolor": "none", "pad": 2.2} if len(part.codes) > 1 else None
    axes.text(
        *where, str(part.percent), ha="center", va="center_baseline", fontsize=8,
        color=ink_on(colour), bbox=box,
    )  # fmt: skip


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
