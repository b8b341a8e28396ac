"""Bring texts that a person would call the same to the same form, for comparison only."""

from __future__ import annotations

import html
import re

from relsurvey.instruments import INVISIBLE, fold_label

__all__ = ["fold_heading", "shown", "trimmed"]

_SPACE = INVISIBLE + "".join(filter(str.isspace, map(chr, range(0x3001))))
_BREAKING_TAG = re.compile(r"</?(?:br|p|div|li|ul|ol|td|tr|h[1-6])\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_LONGEST_SHOWN = 60


def fold_heading(text: str) -> str:
    """Fold a heading or a wording: as ``fold_label``, and without HTML tags and entities.

    Examples
    --------
    >>> fold_heading("I felt <b>safe</b>&nbsp;here.<br/>") == fold_heading("I felt safe here.")
    True
    """
    plain = _BREAKING_TAG.sub(" ", html.unescape(text))
    return fold_label(_TAG.sub("", plain))


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
