"""Text for people: aligned tables, wrapped remarks, numbers with fixed digits."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence

__all__ = ["WIDTH", "aligned", "counted", "number", "remark"]

WIDTH = 88


def aligned(rows: Sequence[Mapping[str, str]], *, left: Iterable[str]) -> list[str]:
    """Align cells in columns, the headings first; a long last column is wrapped in its place.

    Parameters
    ----------
    rows : sequence of mappings
        Cells by heading, the same headings in each.
    left : iterable of str
        Headings of the columns that are words; the others are aligned to the right.

    Returns
    -------
    list of str
        No line where there are no rows.

    Examples
    --------
    >>> aligned([{"item": "a", "n": "10"}, {"item": "bb", "n": "9"}], left=["item"])
    ['item   n', 'a     10', 'bb     9']
    """
    if not rows:
        return []
    words = set(left)
    *heads, last = list(rows[0])
    lines = [{name: name for name in rows[0]}, *rows]
    width = {name: max(len(line[name]) for line in lines) for name in rows[0]}
    text: list[str] = []
    for line in lines:
        cells = [_cell(line[name], width[name], left=name in words) for name in heads]
        start = "".join(f"{cell}  " for cell in cells)
        if last not in words:
            text.append(start + line[last].rjust(width[last]))
            continue
        # Never so narrow that every word stands on a line of its own.
        room = max(WIDTH - len(start), 30)
        pieces = textwrap.wrap(line[last], room) or [""]
        indents = [start, *[" " * len(start)] * (len(pieces) - 1)]
        text += [(indent + piece).rstrip() for indent, piece in zip(indents, pieces, strict=True)]
    return text


def remark(text: str, *, indent: str = "  ", bullet: str = "- ") -> list[str]:
    """Wrap a remark under a bullet.

    Examples
    --------
    >>> remark("All is well.")
    ['  - All is well.']
    """
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent + bullet,
        subsequent_indent=indent + " " * len(bullet),
        break_on_hyphens=False,
    )


def number(value: float, digits: int = 2) -> str:
    """Write a number with fixed digits, ``n/a`` where there is none.

    Examples
    --------
    >>> number(0.8333), number(float("nan"))
    ('0.83', 'n/a')
    """
    # Adding zero after rounding makes of "-0.0" the "0.0" it is.
    return "n/a" if math.isnan(value) else f"{round(value, digits) + 0.0:.{digits}f}"


def counted(count: int, noun: str) -> str:
    """Write a count with its noun.

    Examples
    --------
    >>> counted(1, "item"), counted(2, "item")
    ('1 item', '2 items')
    """
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _cell(text: str, width: int, *, left: bool) -> str:
    return text.ljust(width) if left else text.rjust(width)
