"""How a report looks on paper: page, sizes of type, and how wide the columns of a table are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from relsurvey.reporting.writers.letters import is_wordy, xml_text
from relsurvey.views import Audience, Cell, Table

__all__ = ["A4", "FONT", "LOOKS", "MARGIN", "Fit", "Look", "fitted", "page_width"]

FONT = "Arial"
A4 = (21.0, 29.7)  # cm
MARGIN = 1.75  # cm; leaves a figure of 6.9 inches the width it was drawn for
POINTS = 72 / 2.54  # in a cm
PADDING = 8.0  # points of a cell, left and right together
ROOM = 9.0  # ems that a column of words gets before type is made smaller
LONGEST_WORD = 22.0  # ems; a longer one is broken

# What a letter takes of the type size in Arial; all others, and all capitals, take the usual.
_WIDTHS = {
    **dict.fromkeys("ijl|'’.,:;! ", 0.28),
    **dict.fromkeys("frtI()[]-/–", 0.34),
    **dict.fromkeys("mwMW%—…", 0.87),
    **dict.fromkeys("0123456789abcdeghknopqsuvxyz", 0.56),
}
_USUAL = 0.7
_FULL = 1.05  # letters beyond the Latin, Greek, Cyrillic and Semitic ones
_FULL_FROM = "\u1100"
_HEADING = 1.08  # bold type is wider


@dataclass(frozen=True)
class Look:
    """Sizes of type for one reader.

    Attributes
    ----------
    body, table : float
        Points.
    spacing, gap : float
        Of lines; of paragraphs, in parts of the usual.
    display : float
        How much larger titles are than the body, in parts of the usual.
    contents : bool
        Whether a table of contents is given.
    numbered : bool
        Whether tables and figures have numbers.
    tallest : float
        Height of a figure, in cm, that is not exceeded.
    """

    body: float
    table: float
    spacing: float
    gap: float
    display: float
    contents: bool
    numbered: bool
    tallest: float


LOOKS: dict[Audience, Look] = {
    "technical": Look(10, 9, 1.15, 1.0, 1.0, contents=True, numbered=True, tallest=21.0),
    "service": Look(10.5, 9.5, 1.1, 1.0, 1.0, contents=False, numbered=True, tallest=9.0),
    "plain": Look(14, 14, 1.0, 0.6, 0.35, contents=False, numbered=False, tallest=7.0),
}


@dataclass(frozen=True)
class Fit:
    """How a table fits on paper.

    Attributes
    ----------
    size : float
        Points of its type.
    widths : tuple of float
        Points of each column.
    landscape : bool
        Whether it needs the long side of the page.
    """

    size: float
    widths: tuple[float, ...]
    landscape: bool


def page_width(*, landscape: bool) -> float:
    """Return how much of the page can be written on, in points."""
    return (A4[landscape] - 2 * MARGIN) * POINTS


def fitted(table: Table, size: float) -> Fit:
    """Find type and columns with which no word of a table is broken and nothing is cut.

    Smaller type is tried first, then the long side of the page.

    Parameters
    ----------
    table : Table
        What has to fit.
    size : float
        Points of type where there is room.
    """
    least, most = _needs(table)
    tries = [(size * part, landscape) for landscape in (False, True) for part in (1.0, 0.89, 0.78)]
    for points, landscape in tries:
        available = page_width(landscape=landscape) - PADDING * len(least)
        if sum(least) * points <= available:
            break
    return Fit(points, _shared(least, most, available, points), landscape)


def _shared(
    least: list[float], most: list[float], available: float, points: float
) -> tuple[float, ...]:
    """Give each column what it needs, and what is left to those that want it."""
    needed = [points * width for width in least]
    wanted = [points * (high - low) for low, high in zip(least, most, strict=True)]
    left = available - sum(needed)
    share = min(1.0, max(left, 0.0) / (sum(wanted) or 1.0))
    squeezed = min(1.0, available / sum(needed))
    return tuple(
        PADDING + squeezed * need + share * want for need, want in zip(needed, wanted, strict=True)
    )


def _needs(table: Table) -> tuple[list[float], list[float]]:
    """Return what each column needs at least and at most, in ems."""
    least = [_HEADING * _longest_word(name) for name in table.columns]
    most = [_HEADING * _width(name) for name in table.columns]
    for row in table.rows:
        place = 0
        for entry in row:
            text, span = (entry.text, entry.span) if isinstance(entry, Cell) else (entry, 1)
            if span == 1:
                whole = _width(text)
                words = place in table.text_columns or is_wordy(text)
                narrow = max(_longest_word(text), min(whole, ROOM)) if words else whole
                least[place], most[place] = max(least[place], narrow), max(most[place], whole)
            place += span
    least = [min(max(width, 1.0), LONGEST_WORD) for width in least]
    return least, [max(pair) for pair in zip(least, most, strict=True)]


def _longest_word(text: str) -> float:
    return max((_width(word) for word in text.split()), default=0.0)


@lru_cache(maxsize=65_536)
def _width(text: str) -> float:
    """Return about how wide a text is, in ems."""
    return sum(
        _FULL if letter >= _FULL_FROM else _WIDTHS.get(letter, _USUAL) for letter in xml_text(text)
    )
