"""A text as a person sees it: no invisible signs, plain digits, plain spaces and dashes."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["unobscured", "without_accents"]

_DASHES = re.compile(r"[‐-―−﹘﹣－]")
_QUOTES = re.compile(r"[‘’ʼ＇]")


def unobscured(text: str) -> str:
    r"""Undo what hides a number or an address from a search, but not from a reader.

    Wide and other scripts' digits become 0 to 9, no-break and thin spaces become spaces, and
    zero-width signs and marks of writing direction are taken out.

    Examples
    --------
    >>> unobscured("０７７００\u00a0900\u200b123")
    '07700 900123'
    """
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKC", text)
    plain = _QUOTES.sub("'", _DASHES.sub("-", plain))
    return "".join(_plain_sign(sign) for sign in plain)


def _plain_sign(sign: str) -> str:
    if sign < "\x7f":
        return sign
    category = unicodedata.category(sign)
    if category == "Cf":
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(sign))
    return " " if category in ("Zs", "Zl", "Zp", "Cc") else sign


def without_accents(text: str) -> str:
    """Take the accents off letters.

    Examples
    --------
    >>> without_accents("siân"), without_accents("josé")
    ('sian', 'jose')
    """
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in apart if not unicodedata.combining(sign))
