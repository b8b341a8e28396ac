"""Make any text fit to be printed: no control characters, no halves of characters, not too long."""

from __future__ import annotations

import textwrap
import unicodedata

__all__ = ["plain", "shortened", "wrapped"]

ELLIPSIS = "…"


def plain(text: object) -> str:
    r"""Return text on one line, without control characters and lone surrogates.

    Examples
    --------
    >>> plain("a\tb\x00c\n d")
    'a bc d'
    """
    spaced = " ".join(str(text).split())
    kept = "".join(letter for letter in spaced if unicodedata.category(letter) != "Cc")
    return kept.encode("utf-8", "replace").decode("utf-8")


def shortened(text: object, most: int) -> str:
    """Return text of at most ``most`` characters, an ellipsis where it was cut.

    It is cut between words, unless that would take more than a third of it.

    Examples
    --------
    >>> shortened("Reflective capacity", 14), shortened("Reflective", 6)
    ('Reflective…', 'Refle…')
    """
    line = plain(text)
    if len(line) <= most:
        return line
    words = line[:most].rpartition(" ")[0]
    kept = words if 3 * len(words) >= 2 * (most - 1) else line[: most - 1]
    return kept.rstrip() + ELLIPSIS


def wrapped(text: object, width: int, lines: int) -> str:
    r"""Break text into lines for a drawing, and cut it after the last.

    Examples
    --------
    >>> wrapped("Afterwards: goes back over what was said and done", 20, 2)
    'Afterwards: goes\nback over what was…'
    """
    return "\n".join(
        textwrap.wrap(plain(text), width, max_lines=lines, placeholder=ELLIPSIS) or [""]
    )
