"""Alchemer, once SurveyGizmo: its own columns first, and grids as ``row:question``.

The row or the choice stands before the question, which may hold a colon itself; which part is
the question shows only by the other columns that end in it. What the headings are called is
taken from programs that read such exports: no openly licensed file was found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from relsurvey.intake.export import Export, ExportColumn, Platform, Role
from relsurvey.intake.fold import shown, trimmed
from relsurvey.intake.log import LogEntry
from relsurvey.intake.platforms.blanks import blanks_left_open
from relsurvey.intake.platforms.known_headings import fields_at
from relsurvey.intake.respondents import read_records
from relsurvey.intake.table import RawTable
from relsurvey.text import counted

__all__ = ["ALCHEMER"]

_ROLES: dict[str, Role] = {
    "Response ID": "record",
    "Time Started": "record",
    "Date Submitted": "record",
    "Status": "record",
    "Language": "record",
    "Contact ID": "personal",
    "IP Address": "personal",
    "Longitude": "personal",
    "Latitude": "personal",
    "Country": "personal",
    "City": "personal",
    "Region": "personal",
    "State/Region": "personal",
    "Postal": "personal",
    "Legacy Comments": "platform",
    "Comments": "platform",
    "Referer": "platform",
    "Extended Referer": "platform",
    "SessionID": "platform",
    "User Agent": "platform",
    "Extended User Agent": "platform",
    "Tags": "platform",
    "Link Name": "platform",
    "URL Variable: sglocale": "platform",
}
_NAMES = {name: (name,) for name in _ROLES}
_SIGNS = ("Response ID", "Time Started", "Date Submitted")
_FINISHED = {"complete": True, "partial": False, "disqualified": False}


def _recognise(table: RawTable) -> str | None:
    if table.described or not set(_SIGNS) <= fields_at(table.heading, _NAMES).keys():
        return None
    return "Its headings hold Alchemer's own: 'Response ID', 'Time Started', 'Date Submitted'"


def _read(table: RawTable, dictionary: Path | None) -> Export:
    del dictionary
    why = _recognise(table) or "Named as the platform"
    fields = fields_at(table.heading, _NAMES)
    columns = _columns(table.heading, fields)
    status = fields.get("Status")
    records, entries = read_records(
        table,
        started=fields.get("Time Started"),
        submitted=fields.get("Date Submitted"),
        finished=None if status is None else (status, _FINISHED),
        language=fields.get("Language"),
    )
    if status is not None:
        entries += _unfinished(table, status)
    table = table.with_entries(*entries, blanks_left_open("Alchemer"))
    return Export("alchemer", why, table, columns, records, fields.get("Response ID"))


def _unfinished(table: RawTable, status: int) -> list[LogEntry]:
    """Count the responses that are not complete, by the word for it; none is left out."""
    column = table.columns[status]
    counts = np.bincount(column.codes, minlength=len(column.texts)).tolist()
    heading = table.heading[status]
    return [
        LogEntry(
            "respondents",
            heading,
            count,
            f"{counted(count, 'response')} with the status {shown(text)}; kept.",
            "See 'finished'.",
        )
        for text, count in zip(column.trimmed, counts, strict=True)
        if count and text.lower() != "complete"
    ]


def _columns(headings: Sequence[str], fields: dict[str, int]) -> tuple[ExportColumn, ...]:
    named = {place: name for name, place in fields.items()}
    questions = Counter(question for heading in headings for _, question in _splits(heading))
    columns = []
    for place, heading in enumerate(headings):
        if place in named:
            columns.append(ExportColumn(heading, _ROLES[named[place]]))
            continue
        grids = (part for part in _splits(heading) if questions[part[1]] > 1)
        text, stem = next(grids, (trimmed(heading), ""))
        columns.append(ExportColumn(heading, stem=stem, text=text))
    return tuple(columns)


def _splits(heading: str) -> Iterator[tuple[str, str]]:
    """Yield the ways to take row and question apart, the longest question first."""
    parts = heading.split(":")
    for place in range(1, len(parts)):
        row, question = trimmed(":".join(parts[:place])), trimmed(":".join(parts[place:]))
        if row and question:
            yield row, question


ALCHEMER = Platform("alchemer", "Alchemer", _recognise, _read)
