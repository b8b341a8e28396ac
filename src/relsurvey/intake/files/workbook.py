"""Read a sheet of an Excel workbook (.xlsx) into a raw table, every cell as text."""

from __future__ import annotations

import contextlib
import itertools
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl

from relsurvey.errors import IntakeError, listed
from relsurvey.intake.files.document_types import parts_with_document_type
from relsurvey.intake.files.encoding import looks_like_text
from relsurvey.intake.files.formulas import formulas_without_result
from relsurvey.intake.files.long_cells import refuse_bomb, refuse_long_cells
from relsurvey.intake.files.records import MOST_COLUMNS, MOST_FAILURES
from relsurvey.intake.files.sheet import Row, Sheet, damage_told
from relsurvey.intake.fold import trimmed
from relsurvey.intake.log import LogEntry
from relsurvey.intake.table import ColumnsFound, RawTable, TableBuilder
from relsurvey.text import counted

__all__ = ["read_workbook"]

MOST_BYTES = 500_000_000
_ROWS_AT_ONCE = 1_000
_ROWS_ABOVE_HEADING = 20


def read_workbook(path: Path, columns_found: ColumnsFound | None = None) -> RawTable:
    """Read the sheet with the answers.

    Parameters
    ----------
    path : pathlib.Path
        A file that is there.
    columns_found : callable, optional
        Says how many wanted columns a heading has; it settles which sheet is read where
        several hold data.

    Returns
    -------
    RawTable
        Every cell as text: 3.0 as "3", dates as ISO 8601, a number shown with leading zeros
        with its zeros, a formula as its saved result. Empty rows are left out and logged.

    Raises
    ------
    IntakeError
        Where the file is no unprotected .xlsx workbook without macros, is too large, or it
        is not clear which sheet is meant.
    """
    _check_archive(path)
    with path.open("rb") as stream, warnings.catch_warnings():
        # openpyxl warns of styles and extensions it leaves out; none of them holds answers.
        warnings.simplefilter("ignore")
        book = _opened(path, stream)
        with contextlib.closing(book):
            sheet, others = _chosen(path, _filled_sheets(path, book), columns_found)
            table = _table(sheet, columns_found)
            unsaved = _unsaved(sheet)
    if unsaved:
        raise IntakeError(
            f"{path.name}: {counted(len(unsaved), 'formula')} without a saved result.",
            hint="Open the workbook in a spreadsheet, let it compute, and save it.",
            failures=unsaved[:MOST_FAILURES],
        )
    if others:
        what = f"{counted(len(others), 'other sheet')} not read: {listed(others)}."
        table = table.with_entries(LogEntry("file", "", len(others), what, "No item is on them."))
    return table


def _check_archive(path: Path) -> None:
    with path.open("rb") as stream:
        start = stream.read(4096)
    if not start:
        raise IntakeError(f"{path.name} is empty.", hint="Export it again.")
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise IntakeError(
            f"{path.name} is an old Excel workbook (.xls) or one with a password.",
            hint="Save it as .xlsx without a password, or as CSV.",
        )
    if looks_like_text(start):
        raise IntakeError(
            f"{path.name} is not a workbook; this looks like CSV text.",
            hint="Rename it to .csv.",
        )
    with damage_told(path, archive=True), zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if "xl/vbaProject.bin" in names:
        raise IntakeError(
            f"{path.name} is a workbook with macros.",
            hint="Save it as .xlsx, which holds none, or as CSV.",
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise IntakeError(f"{path.name} is encrypted.", hint="Save it without a password.")
    size = sum(entry.file_size for entry in entries)
    if size > MOST_BYTES:
        raise IntakeError(
            f"{path.name} unpacks to {size / 1e6:,.0f} MB; at most {MOST_BYTES / 1e6:,.0f} MB "
            "are read.",
            hint="Save the sheet with the answers as CSV.",
        )
    refuse_bomb(path, size)
    with damage_told(path, archive=True):
        refuse_long_cells(path)
        declaring = parts_with_document_type(path)
    if declaring:
        raise IntakeError(
            f"{path.name} declares entities or a document type in {listed(declaring)}, which no "
            "spreadsheet writes; it may be made to harm.",
            hint="Do not open it before you know where it comes from.",
        )


def _opened(path: Path, stream: Any) -> Any:
    with damage_told(path):
        # Given a path, openpyxl would look at its name; what the file holds has been looked at.
        return openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)


def _filled_sheets(path: Path, book: Any) -> dict[str, tuple[Sheet, Row]]:
    """Return the sheets that hold anything, each with its heading."""
    filled = {}
    with damage_told(path):
        sheets = list(book.worksheets)
    for one in sheets:
        sheet = Sheet(path, one)
        heading = next((row for _, row in sheet.rows() if any(map(trimmed, row))), None)
        if heading is not None:
            filled[sheet.title] = (sheet, heading)
    return filled


def _unsaved(sheet: Sheet) -> list[dict[str, str]]:
    if not sheet.part:
        return []
    with damage_told(sheet.path, archive=True):
        return formulas_without_result(sheet.path, sheet.part)


def _chosen(
    path: Path, filled: dict[str, tuple[Sheet, Row]], columns_found: ColumnsFound | None
) -> tuple[Sheet, list[str]]:
    if not filled:
        raise IntakeError(f"{path.name} is empty: no sheet holds anything.")
    found = {name: columns_found(row) if columns_found else 0 for name, (_, row) in filled.items()}
    most = max(found.values())
    best = [name for name in filled if found[name] == most]
    if len(best) > 1:
        # A note on a sheet of its own is no table: it has one cell where a heading has many.
        wide = [name for name in best if sum(map(bool, map(trimmed, filled[name][1]))) > 1]
        best = wide if len(wide) == 1 else best
    if len(best) > 1:
        raise IntakeError(
            f"{path.name} has {len(filled)} sheets with data, and it is not clear which one is "
            f"meant: {listed(list(filled))}.",
            hint="Keep the sheet with the answers in a workbook of its own, or save it as CSV.",
        )
    return filled[best[0]][0], [name for name in filled if name != best[0]]


def _table(sheet: Sheet, columns_found: ColumnsFound | None) -> RawTable:
    rows: Iterator[tuple[int, Row]] = (
        (number, row) for number, row in sheet.rows() if any(map(trimmed, row))
    )
    heading_row, heading = next(rows)
    while not trimmed(heading[-1]):
        heading.pop()
    first = list(itertools.islice(rows, 1))
    heading += [""] * _continued(heading, first[0][1] if first else [])
    rows = itertools.chain(first, rows)
    width = len(heading)
    if width > MOST_COLUMNS:
        raise IntakeError(
            f"{sheet.path.name} has {width:,} columns; at most {MOST_COLUMNS:,} are read."
        )
    builder = TableBuilder(width)
    faults: list[dict[str, int]] = []
    last = heading_row
    while chunk := list(itertools.islice(rows, _ROWS_AT_ONCE)):
        last = chunk[-1][0]
        faults += [
            {"row": number, "cells": len(row), "expected": width}
            for number, row in chunk
            if any(map(trimmed, row[width:]))
        ]
        even = [row[:width] + [""] * (width - len(row)) for _, row in chunk]
        builder.add(even, [number for number, _ in chunk])
    if faults:
        raise _too_wide(sheet, width, faults, columns_found)
    columns, numbers = builder.finish()
    return RawTable(
        sheet.path,
        tuple(heading),
        columns,
        numbers,
        f"sheet {sheet.title!r}",
        tuple(_entries(sheet, len(numbers), width, last - heading_row, heading_row)),
        long_numbers=dict(sheet.long_numbers),
    )


def _continued(heading: Row, below: Row) -> int:
    """Return by how many columns the row below goes on with the heading.

    It is a second row of headings where it leaves the first column blank: the text of a last
    question that has several columns stands over the first of them only.
    """
    while below and not trimmed(below[-1]):
        below = below[:-1]
    goes_on = trimmed(heading[0]) and below and not trimmed(below[0])
    return max(len(below) - len(heading), 0) if goes_on else 0


def _too_wide(
    sheet: Sheet, width: int, faults: list[dict[str, int]], columns_found: ColumnsFound | None
) -> IntakeError:
    below = _heading_below(sheet, columns_found)
    return IntakeError(
        f"{sheet.path.name}, sheet {sheet.title!r}: {counted(len(faults), 'row')} with cells to "
        f"the right of the last heading (column {width}).",
        hint=f"The headings seem to be in row {below}; delete the rows above it."
        if below
        else "Give these columns a heading, or empty them.",
        failures=faults[:MOST_FAILURES],
    )


def _heading_below(sheet: Sheet, columns_found: ColumnsFound | None) -> int | None:
    """Return the row that holds the wanted headings, where a title stands above them."""
    if columns_found is None:
        return None
    filled = ((number, row) for number, row in sheet.rows() if any(map(trimmed, row)))
    found = [
        (columns_found(row), -number)
        for number, row in itertools.islice(filled, _ROWS_ABOVE_HEADING)
    ]
    most, row = max(found)
    return -row if most > found[0][0] else None


def _entries(
    sheet: Sheet, rows: int, width: int, spanned: int, heading_row: int
) -> Iterator[LogEntry]:
    what = f"{sheet.path.name} was read from sheet {sheet.title!r}: {counted(rows, 'row')}, "
    yield LogEntry("file", "", rows, f"{what}{counted(width, 'column')}.")
    empty = spanned - rows + heading_row - 1
    if empty:
        what = f"{counted(empty, 'empty row')} skipped."
        yield LogEntry("rows", "", empty, what, "Nothing stands there.")
