"""Tables as text for people: aligned, rounded, and with the notes below."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

__all__ = ["notes_below", "number", "share", "text_table"]

NOT_AVAILABLE = "n/a"


def number(value: float, digits: int = 3) -> str:
    """Write a number with fixed digits.

    Examples
    --------
    >>> number(0.70376), number(float("nan"))
    ('0.704', 'n/a')
    """
    if math.isnan(value):
        return NOT_AVAILABLE
    # Adding zero after rounding makes of "-0.000" the "0.000" it is.
    return f"{round(value, digits) + 0.0:.{digits}f}"


def share(value: float) -> str:
    """Write a share as a percentage.

    Examples
    --------
    >>> share(0.034)
    '3.4 %'
    """
    return NOT_AVAILABLE if math.isnan(value) else f"{100 * value:.1f} %"


def text_table(rows: Sequence[Mapping[str, str]], *, left: Iterable[str]) -> list[str]:
    """Align cells in columns, the heading first.

    Parameters
    ----------
    rows : sequence of mappings
        Cells by heading, the same headings in each.
    left : iterable of str
        Headings of the columns that are words; the others are aligned to the right.

    Returns
    -------
    list of str
        One line a row; no line where there are no rows.

    Examples
    --------
    >>> text_table([{"item": "a", "n": "10"}, {"item": "bb", "n": "9"}], left=["item"])
    ['item   n', 'a     10', 'bb     9']
    """
    if not rows:
        return []
    words = set(left)
    headings = list(rows[0])
    lines = [dict(zip(headings, headings, strict=True)), *rows]
    width = {name: max(len(line[name]) for line in lines) for name in headings}
    return [
        "  ".join(
            line[name].ljust(width[name]) if name in words else line[name].rjust(width[name])
            for name in headings
        ).rstrip()
        for line in lines
    ]


def notes_below(notes: Iterable[tuple[str, str]]) -> list[str]:
    """Return the notes that say something, each with what it is about.

    Examples
    --------
    >>> notes_below([("RIA", ""), ("SA", "one item")])
    ['', 'SA: one item']
    """
    lines = [f"{about}: {note}" for about, note in notes if note]
    return ["", *lines] if lines else []
