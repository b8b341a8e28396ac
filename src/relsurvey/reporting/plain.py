"""Make any text fit to be printed: no control characters, no halves of characters, not too long."""

from __future__ import annotations

import textwrap
import unicodedata

__all__ = ["LONGEST_TITLE", "plain", "shortened", "wrapped"]

ELLIPSIS = "…"
LONGEST_TITLE = 200  # letters of a study's title above a report; the whole stands in its background
# Embeddings, overrides and isolates (Unicode Standard Annex 9), by number: they do not show.
TURNING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))


def plain(text: object) -> str:
    r"""Return text on one line, without control characters and lone surrogates.

    Signs that turn the direction of what follows go too: a label that ends within one would turn
    the words of others beside it. Letters of a script read from the right need none.

    Examples
    --------
    >>> plain("a\tb\x00c\n d"), plain("a\u202ebc\u2066")
    ('a bc d', 'abc')
    """
    spaced = " ".join(str(text).split())
    kept = "".join(
        letter
        for letter in spaced
        if unicodedata.category(letter) != "Cc" and letter not in TURNING
    )
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
