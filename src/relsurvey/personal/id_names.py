"""Ids of people that are written as they are: which of them cannot be told from a name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from relsurvey.personal.names import is_cjk_name, is_first_name
from relsurvey.personal.numbers import is_date
from relsurvey.personal.plain import unobscured

__all__ = ["naming_ids"]

_BETWEEN = re.compile(r"[\s,;]+|\.(?=[^\W\d_])")
_LETTERS = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*\.?")
_TEN = re.compile(r"\d{10}")
_MOBILE = re.compile(r"7[1-9]\d{8}")
_SHORTEST_NAME = 4


def naming_ids(texts: Sequence[str]) -> dict[int, str]:
    """Find ids that may say who somebody is.

    No list knows all names; so every id of two words of letters or more counts as one (an
    initial is a word), and so do a common first name and full dates. Ten digits count as mobile
    numbers without their zero where most ids of ten digits have that form.

    Parameters
    ----------
    texts : sequence of str
        Distinct ids of one column.

    Returns
    -------
    dict of int to str
        What the id looks like, by its place.

    Examples
    --------
    >>> naming_ids(["W17", "J. Smith", "1960-04-01", "worker 3"])
    {1: 'names (two words or more)', 2: 'dates'}
    """
    plain = [unobscured(text).strip() for text in texts]
    found = {place: kind for place, text in enumerate(plain) if (kind := _kind(text))}
    mobiles = [place for place, text in enumerate(plain) if _MOBILE.fullmatch(text)]
    if 2 * len(mobiles) > sum(_TEN.fullmatch(text) is not None for text in plain):
        found |= dict.fromkeys(mobiles, "phone")
    return found


def _kind(text: str) -> str:
    if is_date(text):
        return "dates"
    words = [word for word in _BETWEEN.split(text) if _LETTERS.fullmatch(word)]
    if len(words) > 1:
        return "names (two words or more)"
    known = len(text) >= _SHORTEST_NAME and is_first_name(text)
    return "name" if known or is_cjk_name(text) else ""
