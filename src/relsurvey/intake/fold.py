"""Bring texts that a person would call the same to the same form, for comparison only."""

from __future__ import annotations

import html
import re

from relsurvey.instruments import fold_label

__all__ = ["fold", "fold_heading", "shown", "trimmed"]

# Zero-width and direction marks, the soft hyphen, and the byte order mark inside a cell.
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_SPACE = _INVISIBLE + "".join(filter(str.isspace, map(chr, range(0x3001))))
_PLAIN = str.maketrans(
    {**dict.fromkeys(_INVISIBLE, ""), **dict.fromkeys("\u201a\u201b\u2032\u00b4\u0060", "'")}
)
_BREAKING_TAG = re.compile(r"</?(?:br|p|div|li|ul|ol|td|tr|h[1-6])\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_LONGEST_SHOWN = 60


def fold(text: str) -> str:
    r"""Fold case, spacing, invisible characters and curly quotes.

    Parameters
    ----------
    text : str
        A cell, a label or an id.

    Returns
    -------
    str
        Equal for texts that differ in nothing else.

    Examples
    --------
    >>> fold(" Strongly\u00a0 Agree\ufeff") == fold("strongly agree")
    True
    >>> fold("Don\u2019t know")
    "don't know"
    """
    return fold_label(text.translate(_PLAIN))


def fold_heading(text: str) -> str:
    """Fold a heading or a wording: as ``fold``, and without HTML tags and entities.

    Examples
    --------
    >>> fold_heading("I felt <b>safe</b>&nbsp;here.<br/>") == fold_heading("I felt safe here.")
    True
    """
    plain = _BREAKING_TAG.sub(" ", html.unescape(text))
    return fold(_TAG.sub("", plain))


def trimmed(text: str) -> str:
    r"""Take spaces and invisible characters off both ends, and leave the rest as it is.

    Examples
    --------
    >>> trimmed(" 007\u00a0")
    '007'
    """
    return text.strip(_SPACE)


def shown(text: str) -> str:
    r"""Quote a text for a message: one line, not too long.

    Examples
    --------
    >>> shown("a\nb")
    "'a\\nb'"
    """
    return repr(text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 3] + "...")
