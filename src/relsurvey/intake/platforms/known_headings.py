"""Find the columns a platform adds, by what it calls them in the languages it speaks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from relsurvey.intake.fold import fold_heading

__all__ = ["fields_at", "looks_like_time"]

_TIME = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\D+\d{1,2}[:.]\d{2}(?!\d)")


def fields_at(headings: Sequence[str], names: Mapping[str, Sequence[str]]) -> dict[str, int]:
    r"""Find which columns are a platform's own.

    Parameters
    ----------
    headings : sequence of str
        As they stand in the file; case, spaces and HTML do not matter.
    names : mapping of str to sequence of str
        What each field may be called.

    Returns
    -------
    dict of str to int
        The first position by field, for the fields that are there.

    Examples
    --------
    >>> fields_at(["ID", "Heure de\u00a0fin"], {"submitted": ["Completion time", "Heure de fin"]})
    {'submitted': 1}
    """
    fields = {fold_heading(name): field for field, called in names.items() for name in called}
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        field = fields.get(fold_heading(heading))
        if field is not None:
            found.setdefault(field, place)
    return found


def looks_like_time(cell: str) -> bool:
    """Say whether a cell begins with a date and a time, in whichever order.

    Examples
    --------
    >>> looks_like_time("12/24/2019 8:41"), looks_like_time("2019-12-24")
    (True, False)
    """
    return _TIME.match(cell) is not None
