"""Wording in files of platforms: shown as it was written, whatever signs it is made of.

The wording of a definition is plain text. Most platforms take question texts as HTML and have
signs of their own for references; both would change what people read, so such signs are written
as HTML entities. The same is done with a first sign that a spreadsheet would run as a formula.
"""

from __future__ import annotations

import re

from relsurvey.tables import FORMULA_STARTS

__all__ = ["as_html", "one_line"]

_SPACE = re.compile(r"[ \t\r\n]+")
_BREAK = re.compile(r"[ \t]*(?:\r\n|\r|\n)\s*")
_LOOKS_LIKE_ENTITY = re.compile(r"&(?=#?\w+;)")


def one_line(text: str) -> str:
    r"""Return the text on one line, without tabs.

    Examples
    --------
    >>> one_line(" How often\n was\tthis true? ")
    'How often was this true?'
    """
    return _SPACE.sub(" ", text).strip(" ")


def as_html(text: str, signs: str = "") -> str:
    r"""Return a plain text as one line of HTML that reads the same.

    Parameters
    ----------
    text : str
        Plain text; a line end becomes ``<br>``.
    signs : str
        Characters that mean something to the platform, written as entities as well.

    Returns
    -------
    str
        HTML. What needs no entity has none, so that a person can still read the file.

    Examples
    --------
    >>> as_html("5 < 6 & 7\n{yes}", signs="{}")
    '5 &lt; 6 & 7<br>&#123;yes&#125;'
    >>> as_html("=1+1")
    '&#61;1+1'
    """
    escaped = _LOOKS_LIKE_ENTITY.sub("&amp;", text.strip()).replace("<", "&lt;")
    for sign in signs:
        escaped = escaped.replace(sign, f"&#{ord(sign)};")
    escaped = _BREAK.sub("<br>", escaped).replace("\t", " ")
    first = escaped[:1]
    return f"&#{ord(first)};{escaped[1:]}" if first and first in FORMULA_STARTS else escaped
