"""Notes that computations made: what they say of how many people there are is taken out.

A note is words of another room, which knows no disclosure control. Every one of them goes through
here before a report prints it.
"""

from __future__ import annotations

import re

__all__ = ["uncounted"]

_PEOPLE = (
    "rows?|people|persons?|respondents?|workers?|(?:service )?users?|staff|groups?|teams?|clusters?"
    "|ratings?|pairs?|answers?|cases?|units?|observations?"
)
_NUMBER = r"(?<![\w.,])\d[\d,]*"
# How many a criterion asks for is no count of anybody.
_COUNT = (
    rf"{_NUMBER}(?: of (?:the )?\d[\d,]*)? (?P<what>(?:[a-z]+[ -]){{0,2}}?(?:{_PEOPLE}))\b"
    r"(?! would be needed)"
)
# What is found, and what stands there instead.
_INSTEAD = (
    (rf"\b(?P<what>{_PEOPLE}) \(\d[\d,]*\)", r"\g<what>"),
    (rf"{_COUNT}(?= (?:is|are) too few)", r"the \g<what>"),
    (rf"(?:[Oo]nly )?{_COUNT}(?= for \d)", r"too few \g<what>"),
    (rf"{_COUNT}", r"some \g<what>"),
    (rf"{_NUMBER} of (?:the )?(?=some )", ""),
)


def uncounted(note: str) -> str:
    """Take numbers of people, or of rows, workers and teams, out of a note.

    Parameters
    ----------
    note : str
        Of a result.

    Returns
    -------
    str
        The same without them; numbers of other things, such as items, stay.

    Examples
    --------
    >>> uncounted("13 complete rows are too few for 16 items: there is no fit")
    'the complete rows are too few for 16 items: there is no fit'
    >>> uncounted("15 rows for 38 parameters: no omega")
    'too few rows for 38 parameters: no omega'
    >>> uncounted("There are fewer rows (1,015) than parameters (1,038)")
    'There are fewer rows than parameters (1,038)'
    >>> uncounted("3 of 106 rows with an item left unanswered were not used")
    'some rows with an item left unanswered were not used'
    >>> uncounted("15 rows: at least 112 rows would be needed")
    'some rows: at least 112 rows would be needed'
    """
    for found, instead in _INSTEAD:
        note = re.sub(found, instead, note)
    return note
