"""REDCap: raw and label exports, with the project's data dictionary where there is one.

Sources: exports and dictionaries of the test projects of REDCapR and redcapAPI; what a blank
and a 0 mean, from threads of REDCapR and REDCapTidieR and from these files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from relsurvey.errors import IntakeError
from relsurvey.intake.export import Export, ExportColumn, Platform, Role
from relsurvey.intake.fold import shown, trimmed
from relsurvey.intake.log import LogEntry
from relsurvey.intake.platforms.redcap.dictionary import Field, column_of, is_dictionary
from relsurvey.intake.platforms.redcap.fit import find_dictionary
from relsurvey.intake.platforms.redcap.forms import parts_of
from relsurvey.intake.platforms.redcap.headings import (
    BOX_TEXTS,
    Heading,
    fields_of,
    headings_of,
    is_status,
    reads_as_labels,
)
from relsurvey.intake.platforms.redcap.hidden import Hidden
from relsurvey.intake.platforms.redcap.records import read_form_records
from relsurvey.intake.respondents import no_records
from relsurvey.intake.structure import Structure, row_kinds
from relsurvey.intake.table import RawTable
from relsurvey.intake.text_column import Coded, TextColumn
from relsurvey.text import counted

__all__ = ["REDCAP"]

_ROLES: Mapping[str, Role] = {
    "record": "record",
    "event": "record",
    "repeat": "record",
    "instance": "record",
    "group": "record",
    "identifier": "personal",
    "time": "platform",
    "status": "platform",
    "own": "platform",
}


def _recognise(table: RawTable) -> str | None:
    heading = [trimmed(text) for text in table.heading]
    if is_dictionary(heading):
        return "Its headings are those of a data dictionary"
    own = next((text for text in heading if text.startswith("redcap_")), None)
    if own:
        return f"It has a column {own}"
    cells = table.first_rows()
    return _labels_told(heading, cells) if reads_as_labels(heading) else _raw_told(heading, cells)


def _labels_told(heading: Sequence[str], cells: Sequence[Sequence[str]]) -> str | None:
    last = (
        len(heading) - 1 - [*reversed(heading)].index("Complete?")
        if ("Complete?" in heading)
        else None
    )
    if last and is_status([row[last] for row in cells]):
        return "It has a column Complete? that holds the status of a form"
    for place, text in enumerate(heading):
        box = "(choice=" in text and {row[place].lower() for row in cells} <= BOX_TEXTS
        if box:
            return f"It has a column {shown(text)} for a box to tick"
    repeats = {"Repeat Instrument", "Repeat Instance"} & set(heading)
    return "It has the columns of repeated forms" if len(repeats) == 2 else None


def _raw_told(heading: Sequence[str], cells: Sequence[Sequence[str]]) -> str | None:
    # Names of fields are in lower case, and begin with a letter; REDCap takes no others.
    if not all(text == text.lower() and text.replace("_", "a").isalnum() for text in heading):
        return None
    for place, text in enumerate(heading):
        name, marks, code = text.partition("___")
        if name and marks and code and {row[place].lower() for row in cells} <= BOX_TEXTS:
            return f"It has a column {text} for a box to tick"
    ids = [row[0] for row in cells]
    last = heading[-1]
    if (
        len(heading) > 2
        and last.endswith("_complete")
        and any(row[-1] for row in cells)
        and is_status([row[-1] for row in cells])
        and all(ids)
        and len(set(ids)) == len(ids)
    ):
        return f"Its last column, {last}, holds the status of a form"
    return None


def _read(table: RawTable, dictionary: Path | None) -> Export:
    why = _recognise(table)
    if is_dictionary(table.heading):
        raise IntakeError(
            f"{table.path.name} is the data dictionary of a REDCap project, not its answers.",
            hint="Give the exported data as the file, and this one as --dictionary / dictionary=.",
        )
    if why is None:
        raise IntakeError(
            f"{table.path.name} is no export of REDCap: it has no redcap_ column, no column "
            "<form>_complete or Complete? with the status of a form, and no box to tick "
            "(name___code, or choice= in the heading).",
            hint="Export the data again as CSV, raw or labels; csv reads a table as it stands.",
        )
    labels = reads_as_labels(table.heading)
    fields, entries = find_dictionary(table, dictionary, labels=labels)
    found = headings_of(table, fields)
    of_columns = fields_of(found, fields, labels=labels)
    table = _dotted(table, of_columns)
    columns = tuple(
        _column(heading, one, field)
        for heading, one, field in zip(table.heading, found, of_columns, strict=True)
    )
    parts = parts_of(found, of_columns, labels=labels)
    kinds, names = row_kinds(
        table.columns[place] for place, one in enumerate(found) if one.kind in ("event", "repeat")
    )
    if not names:
        kinds, names = np.zeros(len(table.rows), dtype=np.intp), ("all rows",)
    asked = frozenset(place for place, one in enumerate(found) if one.kind == "field")
    record = 0 if found[0].kind == "record" else None
    hidden = Hidden(tuple(found), tuple(of_columns))
    structure = Structure(parts, kinds, names, read_form_records, record, asked, hidden)
    return Export(
        "redcap",
        why,
        table.with_entries(*entries, *_told(columns, found, of_columns)),
        columns,
        no_records(table),
        record,
        structure.narrow,
    )


def _column(heading: str, one: Heading, field: Field | None) -> ExportColumn:
    name = trimmed(heading)
    if one.kind in _ROLES:
        ids = (field.name,) if field is not None and field.name != name else ()
        return ExportColumn(name, _ROLES[one.kind], ids)
    if field is not None:
        return column_of(field, name, one.code)
    if one.kind == "box":
        return ExportColumn(name, stem=one.name, text=one.code)
    return ExportColumn(name)


def _told(
    columns: Sequence[ExportColumn], found: Sequence[Heading], fields: Sequence[Field | None]
) -> list[LogEntry]:
    """Say what such an export cannot tell."""
    boxes = sum(one.kind == "box" for one in found)
    hidden = sum(field is not None and field.conditional for field in fields)
    personal = sum(column.role == "personal" for column in columns)
    entries = [
        LogEntry(
            "answers",
            "",
            hidden,
            "A blank cell may be not answered, or hidden by branching logic.",
            "REDCap does not tell them apart."
            + (f" {counted(hidden, 'column')} may be hidden." if hidden else ""),
        ),
        LogEntry(
            "respondents",
            "",
            0,
            "There is no time of starting, and no duration.",
            "REDCap records when a survey was submitted, and nothing else.",
        ),
    ]
    if boxes:
        what = f"{counted(boxes, 'column')} with a box to tick: 0 is not ticked or not answered."
        why = "REDCap writes 0 for both; they cannot be told apart after the export."
        entries.append(LogEntry("answers", "", boxes, what, why))
    if personal:
        what = f"{counted(personal, 'column')} left out as personal."
        why = "Marked as identifiers, or made for such things as e-mail addresses."
        entries.append(LogEntry("columns", "", personal, what, why))
    return entries


def _dotted(table: RawTable, fields: Sequence[Field | None]) -> RawTable:
    """Write the numbers of fields with a decimal comma with a point."""
    places = [place for place, one in enumerate(fields) if one is not None and one.decimal_comma]
    if not places:
        return table
    columns = list(table.columns)
    for place in places:
        columns[place] = TextColumn.of(_Dotted(columns[place]))
    what = f"{counted(len(places), 'column')} of numbers with a decimal comma read with a point."
    entry = LogEntry("columns", "", len(places), what, "The dictionary says so.")
    return table.replaced(columns=tuple(columns)).with_entries(entry)


class _Dotted:
    """Cells with a point for a comma, made when somebody asks for them."""

    def __init__(self, column: TextColumn) -> None:
        self._column = column

    def __len__(self) -> int:
        return len(self._column)

    def text(self, place: int) -> str:
        return self._column.text(place).replace(",", ".")

    def coded(self) -> Coded:
        return tuple(text.replace(",", ".") for text in self._column.texts), self._column.codes


REDCAP = Platform(
    "redcap", "REDCap", _recognise, _read, dictionary="the data dictionary of the project"
)
