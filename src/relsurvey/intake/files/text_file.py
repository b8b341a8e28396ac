"""Read delimited text (CSV and its relatives) into a raw table.

The csv module is used strictly: a quote that is not closed, a record with more or fewer cells
than the heading, or a cell beyond that module's limit stops the reading with the row. A big file
that is proven to be plain is read through Arrow instead, in a tenth of the time and to the same
table.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from relsurvey.errors import IntakeError
from relsurvey.intake.files.delimiter import DELIMITERS, declared_delimiter, find_delimiter
from relsurvey.intake.files.encoding import find_encoding
from relsurvey.intake.files.records import Records
from relsurvey.intake.fold import trimmed
from relsurvey.intake.log import LogEntry
from relsurvey.intake.table import ColumnsFound, RawTable, TableBuilder
from relsurvey.intake.text_column import TextColumn
from relsurvey.text import counted

__all__ = ["read_text_file"]

# Smaller files are read in a blink either way.
FAST_FROM = 1 << 22
_SAMPLE = 1 << 20


def read_text_file(path: Path, columns_found: ColumnsFound | None = None) -> RawTable:
    """Read a CSV file; encoding and delimiter are found from the file.

    Excel's first line ``sep=;`` names the delimiter and is not the heading.

    Parameters
    ----------
    path : pathlib.Path
        A file that is there.
    columns_found : callable, optional
        Not needed here: a text file has one table.

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
    del columns_found
    encoding = find_encoding(path)
    with path.open(encoding=encoding.codec, newline="") as stream:
        sample = stream.read(_SAMPLE)
    declared = declared_delimiter(sample)
    delimiter = declared or find_delimiter(sample)
    how = _Format(encoding.codec, delimiter, declares_delimiter=declared is not None)
    big = path.stat().st_size >= FAST_FROM
    content = (_fast_content(path, how) if big else None) or _strict_content(path, how)
    source = f"{encoding.name} text with {DELIMITERS[delimiter]}"
    table = RawTable(path, content.heading, content.columns, content.rows, source)
    table, end_entries = _without_empty_end(table, content.uneven_end)
    table, row_entries = _without_empty_rows(table, content.blank_lines)
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


@dataclass(frozen=True)
class _Format:
    codec: str
    delimiter: str
    declares_delimiter: bool


@dataclass(frozen=True, eq=False)
class _Content:
    """What stands in a file; a blank line and an uneven end are only the strict reader's."""

    heading: tuple[str, ...]
    columns: tuple[TextColumn, ...]
    rows: NDArray[np.int64]
    blank_lines: int = 0
    uneven_end: str = ""


def _fast_content(path: Path, how: _Format) -> _Content | None:
    """Read a plain file; ``None`` where it is not proven plain."""
    # Here, because Arrow takes longer to load than a small file takes to read.
    from relsurvey.intake.files.fast_text import read_plain_text

    text = path.read_bytes()
    if how.codec != "utf-8":
        text = text.decode(how.codec).encode()
    if how.declares_delimiter:
        line, _, text = text.partition(b"\n")
        if b"\r" in line[:-1]:
            return None
    read = read_plain_text(text, how.delimiter)
    if read is None:
        return None
    heading, columns = read
    return _Content(heading, columns, np.arange(2, len(columns[0]) + 2, dtype=np.int64))


def _strict_content(path: Path, how: _Format) -> _Content:
    with path.open(encoding=how.codec, newline="") as stream:
        if how.declares_delimiter:
            # Spreadsheets do not show this line, so that the heading stays row 1.
            stream.readline()
        reader = csv.reader(stream, delimiter=how.delimiter, strict=True)
        records = Records(path, reader, lines_before=int(how.declares_delimiter))
        builder = TableBuilder(len(records.heading))
        records.read_into(builder)
    columns, rows = builder.finish()
    return _Content(tuple(records.heading), columns, rows, records.blank_lines, records.uneven_end)


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
    columns = tuple(column.taken(slice(kept)) for column in table.columns)
    what = f"{counted(gone, 'row')} of empty cells at the end of the file left out."
    entries.append(LogEntry("rows", "", gone, what, "A spreadsheet saves such rows."))
    return table.replaced(columns=columns, rows=table.rows[:kept]), entries
