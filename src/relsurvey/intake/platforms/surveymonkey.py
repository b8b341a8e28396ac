"""SurveyMonkey: the question in row 1, and in row 2 the row of a grid, a choice or "Response".

A question that fills several columns has its text over the first of them only. Exports that
were saved again may have lost the second row. Respondent and collector, times, addresses and
custom data stand first (SurveyMonkey Help, "Export file formats"; real exports). Custom data
may hold the code of a worker, and is an answer like any other. Exports hold the texts of the
answers, or their numbers from 1 in the order of the list, and then nothing says which is which.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from relsurvey.intake.export import Export, ExportColumn, Platform, Role
from relsurvey.intake.fold import fold_heading, shown, trimmed
from relsurvey.intake.log import LogEntry
from relsurvey.intake.platforms.blanks import blanks_left_open
from relsurvey.intake.platforms.known_headings import fields_at
from relsurvey.intake.respondents import read_records
from relsurvey.intake.table import RawTable

__all__ = ["SURVEYMONKEY"]

_NAMES: dict[str, tuple[str, ...]] = {
    "id": (
        "Respondent ID",
        "RespondentID",
        "respondent_id",
        "ID del encuestado",
        "ID de participant",
        "ID du répondant",
        "Befragten-ID",
        "Teilnehmer-ID",
        "ID do respondente",
        "ID rispondente",
        "ID respondent",
    ),
    "collector": ("Collector ID", "CollectorID", "collector_id", "Collector", "Collecteur ID"),
    "started": ("Start Date", "StartDate", "date_created", "Start Time", "Fecha de inicio"),
    "submitted": ("End Date", "EndDate", "date_modified", "End Time", "Fecha de finalización"),
    "ip address": ("IP Address", "ip_address", "Dirección IP", "Adresse IP", "IP-Adresse"),
    "email": ("Email Address", "email_address", "E-mail Address"),
    "first name": ("First Name", "first_name", "FirstName"),
    "last name": ("Last Name", "last_name", "LastName"),
    "status": ("Response Status", "response_status"),
}
_ROLES: dict[str, Role] = {
    "id": "record",
    "collector": "platform",
    "started": "record",
    "submitted": "record",
    "status": "record",
    "ip address": "personal",
    "email": "personal",
    "first name": "personal",
    "last name": "personal",
}
# What stands in row 2 under a question that has one column.
_ONE_COLUMN = frozenset(
    map(
        fold_heading,
        (
            "",
            "Response",
            "Open-Ended Response",
            "Respuesta",
            "Respuesta abierta",
            "Réponse",
            "Réponse ouverte",
            "Antwort",
            "Offene Antwort",
            "Risposta",
            "Risposta aperta",
            "Resposta",
            "Resposta aberta",
            "Antwoord",
            "Open antwoord",
            "Svar",
        ),
    )
)
_DIGITS_OF_AN_ID = 8
_WORDS_OF_A_SENTENCE = 4


def _recognise(table: RawTable) -> str | None:
    if table.described:
        return None
    fields = fields_at(table.heading, _NAMES)
    two_rows = _has_second_row(table)
    if two_rows:
        first = shown(trimmed(table.heading[0]))
        return f"Row 2 goes on with the questions of row 1, of which {first} is the first"
    if fields.get("id") != 0:
        return None
    name = shown(trimmed(table.heading[0]))
    if fields.keys() & {"collector"}:
        return f"{name} and {shown(trimmed(table.heading[fields['collector']]))} stand first"
    if {"started", "submitted"} <= fields.keys() or _is_saved_again(table):
        return f"{name} stands first, and what follows is as SurveyMonkey writes it"
    return None


def _has_second_row(table: RawTable) -> bool:
    """Say whether the first row under the heading belongs to it.

    It names no respondent, fills in where the heading is blank because a question has several
    columns, and says "Response" under the others.
    """
    below = table.row(0)
    headings = [trimmed(heading) for heading in table.heading]
    one = [cell for cell in below if cell and fold_heading(cell) in _ONE_COLUMN]
    continued = [
        place for place, text in enumerate(headings) if place and not text and below[place]
    ]
    known = fields_at(table.heading, _NAMES)
    if below[0] or not headings[0] or any(below[place] for place in known.values()):
        return False
    if "id" in known or "collector" in known:
        return bool(one or continued) or not any(below)
    return bool(one and continued)


def _is_saved_again(table: RawTable) -> bool:
    """Say whether a table with one heading holds SurveyMonkey's long ids and full questions."""
    ids = [row[0] for row in table.first_rows()]
    others = [trimmed(heading) for heading in table.heading[1:]]
    asked = sum(text.endswith("?") or len(text.split()) >= _WORDS_OF_A_SENTENCE for text in others)
    long = all(text.isdigit() and len(text) >= _DIGITS_OF_AN_ID for text in ids)
    return long and bool(others) and asked * 2 >= len(others)


def _read(table: RawTable, dictionary: Path | None) -> Export:
    del dictionary
    why = _recognise(table) or "Named as the platform"
    fields = fields_at(table.heading, _NAMES)
    below: Sequence[str] = [""] * len(table.heading)
    if _has_second_row(table):
        below = table.row(0)
        what = "Row 2 was read as part of the heading."
        entry = LogEntry("rows", "", 1, what, "It holds the rows of grids, and choices.")
        table = table.taken(slice(1, None)).with_entries(entry)
    columns = _columns(table.heading, below, fields)
    table = table.replaced(heading=tuple(column.name for column in columns))
    records, entries = read_records(
        table, started=fields.get("started"), submitted=fields.get("submitted")
    )
    table = table.with_entries(
        *entries, blanks_left_open("SurveyMonkey", ", nor whether a respondent reached the end")
    )
    return Export("surveymonkey", why, table, columns, records, fields.get("id"))


def _columns(
    headings: Sequence[str], below: Sequence[str], fields: dict[str, int]
) -> tuple[ExportColumn, ...]:
    named = {place: name for name, place in fields.items()}
    columns: list[ExportColumn] = []
    stem = ""
    for place, (heading, row) in enumerate(zip(headings, below, strict=True)):
        stem = trimmed(heading) or stem
        if place in named:
            columns.append(ExportColumn(stem, _ROLES[named[place]]))
        elif fold_heading(row) in _ONE_COLUMN:
            columns.append(ExportColumn(stem, text=stem, numbered=True))
        else:
            name = f"{stem} [{row}]"
            columns.append(ExportColumn(name, stem=stem, text=row, numbered=True))
    return tuple(columns)


SURVEYMONKEY = Platform("surveymonkey", "SurveyMonkey", _recognise, _read)
