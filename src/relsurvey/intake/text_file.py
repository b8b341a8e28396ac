"""Read delimited text (CSV and its relatives) into a raw table.

The csv module is used strictly: a quote that is not closed, a record with more or fewer cells
than the heading, or a cell beyond that module's limit stops the reading with the row.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from relsurvey.errors import IntakeError
from relsurvey.intake.delimiter import DELIMITERS, declared_delimiter, find_delimiter
from relsurvey.intake.encoding import find_encoding
from relsurvey.intake.fold import trimmed
from relsurvey.intake.log import LogEntry
from relsurvey.intake.records import Records
from relsurvey.intake.table import RawTable, TableBuilder, TextColumn, counted

__all__ = ["read_text_file"]

_SAMPLE = 1 << 20


def read_text_file(path: Path) -> RawTable:
    """Read a CSV file; encoding and delimiter are found from the file.

    Excel's first line ``sep=;`` names the delimiter and is not the heading.

    Parameters
    ----------
    path : pathlib.Path
        A file that is there.

    Returns
    -------
    RawTable
        Every cell as text. Blank lines, empty rows at the end, and the empty column that a
        delimiter at the end of each line makes are left out and logged.

    Raises
    ------
    IntakeError
        Where the file is not such a table; for rows of a wrong width ``.failures`` has
        ``row, cells, expected``.
    """
    encoding = find_encoding(path)
    with path.open(encoding=encoding.codec, newline="") as stream:
        sample = stream.read(_SAMPLE)
    declared = declared_delimiter(sample)
    delimiter = declared or find_delimiter(sample)
    with path.open(encoding=encoding.codec, newline="") as stream:
        if declared:
            # Spreadsheets do not show this line, so that the heading stays row 1.
            stream.readline()
        reader = csv.reader(stream, delimiter=delimiter, strict=True)
        records = Records(path, reader, lines_before=1 if declared else 0)
        builder = TableBuilder(len(records.heading))
        records.read_into(builder)
    columns, rows = builder.finish()
    source = f"{encoding.name} text with {DELIMITERS[delimiter]}"
    table = RawTable(path, tuple(records.heading), columns, rows, source)
    table, end_entries = _without_empty_end(table, records.uneven_end)
    table, row_entries = _without_empty_rows(table, records.blank_lines)
    read = LogEntry(
        "file",
        "",
        len(table.rows),
        f"{path.name} was read as {source}: {counted(len(table.rows), 'row')}, "
        f"{counted(len(table.heading), 'column')}.",
        encoding.why,
    )
    what = f"The first line names the delimiter: {DELIMITERS[delimiter]}."
    line = [LogEntry("file", "", 1, what, "It was taken from there.")] if declared else []
    return table.with_entries(read, *line, *row_entries, *end_entries)


def _without_empty_end(table: RawTable, uneven_end: str) -> tuple[RawTable, list[LogEntry]]:
    """Leave out the last column where a delimiter at the end of the lines made it."""
    why = "A delimiter at the end of a line begins a cell that is not there."
    if uneven_end == "heading":
        what = "The empty cell at the end of the heading was left out."
        return table, [LogEntry("columns", "", 1, what, why)]
    if len(table.heading) < 2 or trimmed(table.heading[-1]):
        return table, []
    filled = ~table.columns[-1].blank
    if not filled.any():
        what = "The empty column at the end was left out."
        shorter = table.replaced(heading=table.heading[:-1], columns=table.columns[:-1])
        return shorter, [LogEntry("columns", "", 1, what, why)]
    if uneven_end == "records":
        width = len(table.heading) - 1
        raise IntakeError(
            f"{table.path.name}: {counted(int(filled.sum()), 'row')} with more cells than the "
            f"heading, which has {width}.",
            hint="Most often a text with a delimiter in it was not put in quotes.",
            failures=[
                {"row": int(row), "cells": width + 1, "expected": width}
                for row in table.rows[filled]
            ],
        )
    return table, []


def _without_empty_rows(table: RawTable, blank_lines: int) -> tuple[RawTable, list[LogEntry]]:
    """Leave out the rows of empty cells that a spreadsheet saves below the last respondent."""
    entries = []
    if blank_lines:
        what = f"{counted(blank_lines, 'blank line')} skipped."
        entries.append(LogEntry("rows", "", blank_lines, what, "Nothing stands there."))
    if not len(table.rows) or not table.ends_blank:
        return table, entries
    ends = [np.flatnonzero(~column.blank)[-1:] for column in table.columns]
    kept = int(max((end[0] for end in ends if len(end)), default=-1)) + 1
    gone = len(table.rows) - kept
    columns = tuple(TextColumn(column.texts, column.codes[:kept]) for column in table.columns)
    what = f"{counted(gone, 'row')} of empty cells at the end of the file left out."
    entries.append(LogEntry("rows", "", gone, what, "A spreadsheet saves such rows."))
    return table.replaced(columns=columns, rows=table.rows[:kept]), entries
