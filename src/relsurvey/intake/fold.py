"""Bring texts that a person would call the same to the same form, for comparison only."""

from __future__ import annotations

import html
import re

from relsurvey.instruments import INVISIBLE, fold_label
from relsurvey.personal import masked, masked_answer

__all__ = ["SPACE", "fold_heading", "shown", "shown_answer", "trimmed", "without_html"]

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


def shown(text: str, longest: int | None = _LONGEST_SHOWN) -> str:
    r"""Quote a text for a message: one line, not too long, and nothing that looks personal.

    Where there is no longest the text is quoted whole.

    Examples
    --------
    >>> shown("a\nb"), shown("sarah@example.org")
    ("'a\\nb'", '[looks like an e-mail address]')
    """
    safe = masked(text)
    if safe != text:
        return safe
    if longest is None or len(text) <= longest:
        return repr(text)
    return repr(f"{text[: longest - 3]}...")


def shown_answer(text: str) -> str:
    """Quote a cell that should hold an answer for a message; see `masked_answer`.

    Examples
    --------
    >>> shown_answer("Oftn"), shown_answer("she lives next to the church")
    ("'Oftn'", '[text, 28 characters]')
    """
    safe = masked_answer(text)
    return safe if safe != text else shown(text)
