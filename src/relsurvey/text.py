"""Text for people: counts, numbers and lists in a sentence, aligned tables, wrapped remarks."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence

__all__ = [
    "WIDTH",
    "aligned",
    "and_list",
    "counted",
    "digits_beside",
    "notes_below",
    "number",
    "p_value_text",
    "percent",
    "readable",
    "remark",
    "share",
    "wrapped",
]

MOST_DIGITS = 6

WIDTH = 88

NOT_AVAILABLE = "n/a"
_NARROWEST = 30


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """Write a count with its noun in the right number.

    Parameters
    ----------
    count : int
        How many.
    noun : str
        What is counted, in the singular.
    plural : str, optional
        Its plural where an "s" at its end does not make it.

    Returns
    -------
    str
        Thousands are set apart by commas.

    Examples
    --------
    >>> counted(1, "row"), counted(2000, "row"), counted(2, "entry", "entries")
    ('1 row', '2,000 rows', '2 entries')
    """
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def and_list(words: Sequence[str]) -> str:
    """Join words as they are listed in a sentence.

    Examples
    --------
    >>> and_list(["age"]), and_list(["age", "team", "role"]), and_list([])
    ('age', 'age, team and role', '')
    """
    *first, last = words or [""]
    return f"{', '.join(first)} and {last}" if first else last


def number(value: float, digits: int = 2) -> str:
    """Write a number with fixed digits for a table, ``n/a`` where there is none.

    Examples
    --------
    >>> number(0.8333), number(0.70376, 3), number(float("nan"))
    ('0.83', '0.704', 'n/a')
    """
    # Adding zero after rounding makes of "-0.0" the "0.0" it is.
    return NOT_AVAILABLE if math.isnan(value) else f"{round(value, digits) + 0.0:.{digits}f}"


def share(value: float) -> str:
    """Write a share for a table, as a percentage with one decimal.

    Examples
    --------
    >>> share(0.034), share(float("nan"))
    ('3.4 %', 'n/a')
    """
    return NOT_AVAILABLE if math.isnan(value) else f"{100 * value:.1f} %"


def readable(value: float) -> str:
    """Write a number for a sentence: two decimals, or two significant digits where it is small.

    Examples
    --------
    >>> readable(5.8635), readable(-0.00421), readable(float("nan")), readable(-0.0)
    ('5.86', '-0.0042', 'not available', '0.00')
    """
    if not math.isfinite(value):
        return "not available" if math.isnan(value) else str(value)
    if abs(value) >= 0.1 or value == 0:
        return f"{value + 0.0:,.2f}"
    return f"{value:.2g}"


def digits_beside(value: float, bar: float, digits: int) -> int:
    """Return how many decimals a number needs so as not to look on the other side of a criterion.

    Examples
    --------
    >>> digits_beside(0.0797, 0.08, 3), digits_beside(0.071, 0.08, 3), digits_beside(0.7, 0.7, 2)
    (4, 3, 2)
    """
    if not math.isfinite(value) or value == bar:
        return digits
    while digits < MOST_DIGITS and (round(value, digits) - bar) * (value - bar) <= 0:
        digits += 1
    return digits


def percent(value: float) -> str:
    """Write a share for a sentence, as a percentage with the digits it needs, four at most.

    Examples
    --------
    >>> percent(0.95), percent(0.999)
    ('95%', '99.9%')
    """
    return f"{100 * value:.4g}%"


def p_value_text(p_value: float) -> str:
    """Write a p value as it is reported.

    Examples
    --------
    >>> p_value_text(0.0321), p_value_text(4e-35)
    ('p = .032', 'p < .001')
    """
    if math.isnan(p_value):
        return "p not available"
    return "p < .001" if p_value < 0.001 else "p = " + f"{p_value:.3f}".removeprefix("0")


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
        pieces = textwrap.wrap(line[last], max(WIDTH - len(start), _NARROWEST)) or [""]
        indents = [start, *[" " * len(start)] * (len(pieces) - 1)]
        text += [(indent + piece).rstrip() for indent, piece in zip(indents, pieces, strict=True)]
    return text


def _cell(text: str, width: int, *, left: bool) -> str:
    return text.ljust(width) if left else text.rjust(width)


def notes_below(notes: Iterable[tuple[str, str]]) -> list[str]:
    """Return the notes that say something, each with what it is about, under an empty line.

    Examples
    --------
    >>> notes_below([("RIA", ""), ("SA", "one item")])
    ['', 'SA: one item']
    """
    lines = [f"{about}: {note}" for about, note in notes if note]
    return ["", *lines] if lines else []


def wrapped(text: str, *, indent: str = "", hanging: str | None = None) -> list[str]:
    """Break a text into lines of at most `WIDTH` characters.

    Parameters
    ----------
    text : str
        The text.
    indent : str
        What stands before the first line.
    hanging : str, optional
        What stands before the further lines; ``indent`` if not given.

    Returns
    -------
    list of str
        The lines; a word is broken only where it is longer than a line.

    Examples
    --------
    >>> wrapped("All is well.", indent="  ")
    ['  All is well.']
    """
    following = indent if hanging is None else hanging
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=following,
        break_on_hyphens=False,
    )


def remark(text: str, *, indent: str = "  ", bullet: str = "- ") -> list[str]:
    """Wrap a remark under a bullet.

    Examples
    --------
    >>> remark("All is well.")
    ['  - All is well.']
    """
    return wrapped(text, indent=indent + bullet, hanging=indent + " " * len(bullet))
