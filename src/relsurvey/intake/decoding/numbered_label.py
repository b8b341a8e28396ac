"""Cells that hold a number and its label: "4 - Agree", "4. Agree", "(4) Agree", "Agree (4)"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from relsurvey.intake.fold import trimmed

__all__ = ["number_and_label"]

_CODE = r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?"
_LINE = r"[-\u2010-\u2015\u2212]"
_LONGEST = 500
_FORMS = (
    re.compile(rf"(?P<number>{_CODE})\s*(?:{_LINE}|[.:=)])?\s+(?P<label>\S.*)", re.DOTALL),
    re.compile(rf"(?P<number>{_CODE})\s*(?:{_LINE}|[:=)])(?P<label>[^\s0-9].*)", re.DOTALL),
    re.compile(rf"[(\[](?P<number>{_CODE})[)\]]\s*(?P<label>\S.*)", re.DOTALL),
    re.compile(rf"(?P<label>.*\S)\s*[(\[](?P<number>{_CODE})[)\]]", re.DOTALL),
    re.compile(rf"(?P<label>.*\S)\s*(?:\s{_LINE}|[:=])\s*(?P<number>{_CODE})", re.DOTALL),
)


def number_and_label(text: str) -> Iterator[tuple[str, str]]:
    """Take a number and a label apart, in each way in which a cell may be read.

    Parameters
    ----------
    text : str
        A cell.

    Yields
    ------
    tuple of str
        The number and the label; nothing where the cell holds but one of them.

    Examples
    --------
    >>> list(number_and_label("4 - Agree")), list(number_and_label("Agree (4)"))
    ([('4', 'Agree')], [('4', 'Agree')])
    >>> list(number_and_label("Agree")), list(number_and_label("2.5"))
    ([], [])
    """
    cell = trimmed(text)
    # Every form has a digit at one of its ends; a long text has none of them.
    if len(cell) > _LONGEST or not any(sign.isdigit() for sign in (*cell[:3], *cell[-3:])):
        return
    for form in _FORMS:
        found = form.fullmatch(cell)
        if found:
            yield found["number"], found["label"]
