"""Which form of a REDCap project each column of an export belongs to."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from relsurvey.intake.platforms.redcap.dictionary import Field
from relsurvey.intake.platforms.redcap.headings import Heading, Kind
from relsurvey.intake.structure import Part

__all__ = ["parts_of"]


def parts_of(
    found: Sequence[Heading], fields: Sequence[Field | None], *, labels: bool
) -> tuple[Part, ...]:
    """Return the forms, each with the positions of its columns.

    Parameters
    ----------
    found : sequence of Heading
        The columns.
    fields : sequence of Field or None
        The field of each column, where a dictionary says.
    labels : bool
        Whether the headings are labels, which do not tell the form's name.

    Returns
    -------
    tuple of Part
        A form goes from one status to the next, unless the dictionary knows better; fields
        after the last status are in none.
    """
    forms: dict[str, list[int]] = {}
    for place, name in enumerate(_forms(found, fields, labels=labels)):
        if name:
            forms.setdefault(name, []).append(place)
    return tuple(_part(name, places, found) for name, places in forms.items())


def _part(name: str, places: Sequence[int], found: Sequence[Heading]) -> Part:
    def of_kind(kind: Kind) -> list[int]:
        return [place for place in places if found[place].kind == kind]

    return Part(
        f"form {name}",
        tuple(places),
        frozenset(of_kind("box")),
        next(iter(of_kind("status")), None),
        next(iter(of_kind("time")), None),
    )


def _forms(found: Sequence[Heading], fields: Sequence[Field | None], *, labels: bool) -> list[str]:
    """Return the name of the form of each column; empty where it is not known."""
    forms = [""] * len(found)
    for run in _runs(found):
        last = run[-1]
        ended = found[last].kind == "status"
        known = {place: one.form for place in run if (one := fields[place]) is not None}
        by_run = ""
        if ended and not labels:
            by_run = found[last].name
        elif ended:
            by_run = list(known.values())[-1] if known else f"in columns {run[0] + 1} to {last + 1}"
        for place in run:
            named = found[place].name if found[place].kind in ("time", "status") else ""
            forms[place] = named or known.get(place, by_run)
    return forms


def _runs(found: Sequence[Heading]) -> list[list[int]]:
    """Return the places of each run of a form's columns up to its status."""
    ends = itertools.accumulate(
        (one.kind == "status" for one in found), lambda so_far, end: so_far + end, initial=0
    )
    runs: dict[int, list[int]] = {}
    for place, run in zip(range(len(found)), ends, strict=False):
        if found[place].kind in ("field", "box", "time", "status"):
            runs.setdefault(run, []).append(place)
    return list(runs.values())
