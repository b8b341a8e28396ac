"""Read a sheet of an Excel workbook (.xlsx) into a raw table, every cell as text."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import lzma
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from relsurvey.errors import IntakeError, listed
from relsurvey.intake.fold import trimmed
from relsurvey.intake.formulas import formulas_without_result
from relsurvey.intake.log import LogEntry
from relsurvey.intake.records import MOST_COLUMNS, MOST_FAILURES
from relsurvey.intake.table import ColumnsFound, RawTable, TableBuilder, counted

__all__ = ["read_workbook"]

MOST_ROWS = 1_048_576
MOST_CELLS = 20_000_000
MOST_BYTES = 500_000_000
_ROWS_AT_ONCE = 1_000
_LARGEST_EXACT = 1e15
_ZEROS = re.compile(r"0{2,}")

# A damaged workbook makes openpyxl and what it stands on (zipfile, zlib, expat) raise nearly
# anything: a missing part is a KeyError, a bad number a ValueError, a bad style an IndexError,
# an unknown compression a NotImplementedError, a password a RuntimeError, bad XML a
# SyntaxError. They all mean the same to a reader, and are caught at this one boundary.
_DAMAGE = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    SyntaxError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    EOFError,
    RuntimeError,
    OSError,
)

Row = list[str]


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
    with _as_intake_error(path), warnings.catch_warnings(), path.open("rb") as stream:
        # openpyxl would look at the name of a path; what the file holds has been looked at. It
        # warns of styles and extensions it leaves out; none of them holds answers.
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        with contextlib.closing(book):
            sheet, others = _chosen(path, _filled_sheets(book), columns_found)
            table = _table(path, sheet)
            part = str(getattr(sheet, "_worksheet_path", ""))
            unsaved = formulas_without_result(path, part) if part else []
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
        start = stream.read(8)
    if not start:
        raise IntakeError(f"{path.name} is empty.", hint="Export it again.")
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise IntakeError(
            f"{path.name} is an old Excel workbook (.xls) or one with a password.",
            hint="Save it as .xlsx without a password, or as CSV.",
        )
    with _as_intake_error(path), zipfile.ZipFile(path) as archive:
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


@contextlib.contextmanager
def _as_intake_error(path: Path) -> Iterator[None]:
    try:
        yield
    except _DAMAGE as problem:
        raise IntakeError(
            f"{path.name} is not an .xlsx workbook, or it is damaged ({type(problem).__name__}).",
            hint="Open it in a spreadsheet and save it as .xlsx again, or as CSV.",
        ) from problem


def _filled_sheets(book: Any) -> dict[str, tuple[Any, Row]]:
    """Return the sheets that hold anything, each with its heading."""
    filled = {}
    for sheet in book.worksheets:
        # A sheet's own word on its size may be wrong, and makes openpyxl fill in empty cells.
        sheet.reset_dimensions()
        heading = next((row for _, row in _rows(sheet) if any(map(trimmed, row))), None)
        if heading is not None:
            filled[sheet.title] = (sheet, heading)
    return filled


def _chosen(
    path: Path, filled: dict[str, tuple[Any, Row]], columns_found: ColumnsFound | None
) -> tuple[Any, list[str]]:
    if not filled:
        raise IntakeError(f"{path.name} is empty: no sheet holds anything.")
    found = {name: columns_found(row) if columns_found else 0 for name, (_, row) in filled.items()}
    most = max(found.values())
    best = [name for name in filled if found[name] == most]
    if len(best) > 1:
        raise IntakeError(
            f"{path.name} has {len(filled)} sheets with data, and it is not clear which one is "
            f"meant: {listed(list(filled))}.",
            hint="Keep the sheet with the answers in a workbook of its own, or save it as CSV.",
        )
    return filled[best[0]][0], [name for name in filled if name != best[0]]


def _table(path: Path, sheet: Any) -> RawTable:
    rows = ((number, row) for number, row in _rows(sheet) if any(map(trimmed, row)))
    heading_row, heading = next(rows)
    while not trimmed(heading[-1]):
        heading.pop()
    if len(heading) > MOST_COLUMNS:
        raise IntakeError(
            f"{path.name} has {len(heading):,} columns; at most {MOST_COLUMNS:,} are read."
        )
    width = len(heading)
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
        raise IntakeError(
            f"{path.name}, sheet {sheet.title!r}: {counted(len(faults), 'row')} with cells to "
            f"the right of the last heading (column {width}).",
            hint="Give these columns a heading, or empty them.",
            failures=faults[:MOST_FAILURES],
        )
    columns, numbers = builder.finish()
    return RawTable(
        path,
        tuple(heading),
        columns,
        numbers,
        f"sheet {sheet.title!r}",
        tuple(_entries(path, sheet.title, len(numbers), width, last - heading_row, heading_row)),
    )


def _entries(
    path: Path, sheet: str, rows: int, width: int, spanned: int, heading_row: int
) -> Iterator[LogEntry]:
    what = f"{path.name} was read from sheet {sheet!r}: {counted(rows, 'row')}, "
    yield LogEntry("file", "", rows, f"{what}{counted(width, 'column')}.")
    empty = spanned - rows + heading_row - 1
    if empty:
        what = f"{counted(empty, 'empty row')} skipped."
        yield LogEntry("rows", "", empty, what, "Nothing stands in them.")


def _rows(sheet: Any) -> Iterator[tuple[int, Row]]:
    """Yield the rows with their number; gaps come as empty rows."""
    seen = 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        seen += len(cells)
        if number > MOST_ROWS or seen > MOST_CELLS:
            raise IntakeError(
                f"Sheet {sheet.title!r} has more than {MOST_ROWS:,} rows or {MOST_CELLS:,} cells.",
                hint="Delete what lies outside the answers, or save the sheet as CSV.",
            )
        yield number, [_text(cell) for cell in cells]


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number_text(value, cell.number_format)
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    return str(value.isoformat() if hasattr(value, "isoformat") else value)


def _number_text(value: float, number_format: str | None) -> str:
    whole = isinstance(value, int) or (value.is_integer() and abs(value) < _LARGEST_EXACT)
    text = str(int(value)) if whole else repr(value)
    # An id such as 7 in a cell formatted "000" is 007 to the person who typed it.
    if whole and value >= 0 and number_format and _ZEROS.fullmatch(number_format):
        return text.zfill(len(number_format))
    return text
