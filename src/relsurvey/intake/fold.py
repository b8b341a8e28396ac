"""Bring texts that a person would call the same to the same form, for comparison only."""

from __future__ import annotations

import html
import re

from relsurvey.instruments import INVISIBLE, fold_label
from relsurvey.personal import masked

__all__ = ["SPACE", "fold_heading", "shown", "trimmed", "without_html"]

SPACE = INVISIBLE + "".join(filter(str.isspace, map(chr, range(0x3001))))
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
    return fold_label(without_html(text))


def without_html(text: str) -> str:
    r"""Take HTML tags and entities out of a text, and the spaces around it.

    Examples
    --------
    >>> without_html("I felt <b>safe</b>&nbsp;here.<br/>")
    'I felt safe\xa0here.'
    """
    plain = _BREAKING_TAG.sub(" ", html.unescape(text))
    return trimmed(_TAG.sub("", plain))


def trimmed(text: str) -> str:
    r"""Take spaces and invisible characters off both ends, and leave the rest as it is.

    Examples
    --------
    >>> trimmed(" 007\u00a0")
    '007'
    """
    return text.strip(SPACE)


def shown(text: str) -> str:
    r"""Quote a text for a message: one line, not too long, and nothing that looks personal.

    Examples
    --------
    >>> shown("a\nb"), shown("sarah@example.org")
    ("'a\\nb'", '[looks like an e-mail address]')
    """
    safe = masked(text)
    if safe != text:
        return safe
    return repr(text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 3] + "...")
