"""Headings that end in the row of a grid, in brackets: ``How often? [My worker listened]``."""

from __future__ import annotations

import re

from relsurvey.intake.fold import trimmed

__all__ = ["split_rows"]

# Programs that save a table again number the headings that stand twice: "How often? [Row].1".
_COUNTED = re.compile(r"(?<=\])\.\d+$")


def split_rows(heading: str) -> tuple[str, tuple[str, ...]]:
    """Take what stands in brackets at the end of a heading from the question before it.

    Parameters
    ----------
    heading : str
        As it stands in the file. Brackets inside a row are part of it.

    Returns
    -------
    stem : str
        The question; the whole heading where it does not end in a bracket.
    rows : tuple of str
        The row; two where a second bracket follows at once, as the scales of a dual array do.

    Examples
    --------
    >>> split_rows("How often? [Listened [to me]]")
    ('How often?', ('Listened [to me]',))
    >>> split_rows("How often? [Listened][Scale 1]")
    ('How often?', ('Listened', 'Scale 1'))
    >>> split_rows("Note [old] here")
    ('Note [old] here', ())
    """
    rest = _COUNTED.sub("", trimmed(heading))
    rows: list[str] = []
    while rest.endswith("]"):
        start = _opening(rest)
        if start < 0:
            break
        rows.insert(0, trimmed(rest[start + 1 : -1]))
        rest = rest[:start]
    return trimmed(rest), tuple(rows)


def _opening(text: str) -> int:
    """Return where the bracket that closes a text opens; -1 where it does nowhere."""
    depth = 0
    for place in range(len(text) - 1, -1, -1):
        depth += {"]": 1, "[": -1}.get(text[place], 0)
        if not depth:
            return place
    # A row with a stray closing bracket in it still begins at the last opening one.
    return text.rfind("[")
