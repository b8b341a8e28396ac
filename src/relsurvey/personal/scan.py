"""Many texts at once: which of them look personal, found in little more than one look at each.

Most columns of a big export hold ids, times and codes, all different. Asking a dozen patterns
about a million of them takes many seconds; so the texts are laid end to end as bytes, and array
operations leave those few that could be anything before a pattern sees them.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from relsurvey.personal.kinds import personal_kind
from relsurvey.personal.plain import unobscured

__all__ = ["personal_texts"]

_AT_ONCE = 1 << 15
# In texts of one piece these are as many as chance makes of any numbers and codes: one in eleven
# numbers of ten digits is a valid NHS number.
_BY_CHANCE = frozenset({"nhs_number", "phone", "postcode"})
_SHORTEST_CODE = 5


def personal_texts(texts: Sequence[str]) -> dict[int, str]:
    """Find the texts that look personal.

    Parameters
    ----------
    texts : sequence of str
        Distinct texts of one column.

    Returns
    -------
    dict of int to str
        The kind by the text's place, see `personal_kind`. Where a column holds codes of one
        piece and fewer than half of them look like a phone or NHS number or a postcode, those
        that do are taken for chance.

    Examples
    --------
    >>> personal_texts(["R_2xABC", "sarah@example.org", "2021-04-28 11:21:47"])
    {1: 'email'}
    """
    # Here, because no message that is masked needs arrays.
    from relsurvey.personal.candidates import candidates

    plain = texts if "".join(texts).isascii() else [unobscured(text) for text in texts]
    found: dict[int, str] = {}
    for first in range(0, len(plain), _AT_ONCE):
        block = plain[first : first + _AT_ONCE]
        for place in candidates(block):
            kind = personal_kind(block[place])
            if kind is not None:
                found[first + place] = kind
    return _without_chance(plain, found)


def _without_chance(texts: Sequence[str], found: dict[int, str]) -> dict[int, str]:
    suspects = [
        place for place, kind in found.items() if kind in _BY_CHANCE and _is_code(texts[place])
    ]
    if not suspects or not _more_codes(texts, 2 * len(suspects)):
        return found
    dropped = set(suspects)
    return {place: kind for place, kind in found.items() if place not in dropped}


def _more_codes(texts: Sequence[str], number: int) -> bool:
    """Say whether more than so many of the texts are codes; counts no further than that."""
    return next(itertools.islice(filter(_is_code, texts), number, None), None) is not None


def _is_code(text: str) -> bool:
    return len(text) >= _SHORTEST_CODE and len(text.split(None, 1)) == 1
