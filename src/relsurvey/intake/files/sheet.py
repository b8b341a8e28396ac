"""A sheet of a workbook, read row by row; what openpyxl raises becomes one error of ours."""

from __future__ import annotations

import contextlib
import lzma
import struct
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from relsurvey.errors import IntakeError
from relsurvey.intake.files.cells import cell_text, has_lost_digits
from relsurvey.intake.files.long_cells import MOST_CHARACTERS, too_long

__all__ = ["Row", "Sheet", "damage_told"]

MOST_ROWS = 1_048_576
MOST_CELLS = 20_000_000

# What reading an archive and its XML raises where they are damaged.
_ARCHIVE_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    SyntaxError,
    KeyError,
    EOFError,
    RuntimeError,
    OSError,
)
# A damaged workbook makes openpyxl and what it stands on (zipfile, zlib, expat) raise nearly
# anything: a missing part is a KeyError, a bad number a ValueError, a bad style an IndexError,
# an unknown compression a NotImplementedError, a password a RuntimeError, bad XML a
# SyntaxError. They all mean the same to a reader, and are caught at this one boundary: around
# calls of openpyxl, never around code of this package.
_DAMAGE = (
    *_ARCHIVE_DAMAGE,
    InvalidFileException,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
)

Row = list[str]


@contextlib.contextmanager
def damage_told(path: Path, *, archive: bool = False) -> Iterator[None]:
    """Turn what a damaged workbook raises into an ``IntakeError``.

    Parameters
    ----------
    path : pathlib.Path
        The workbook.
    archive : bool
        Whether only its archive and the XML in it are read, not through openpyxl.
    """
    kinds = _ARCHIVE_DAMAGE if archive else _DAMAGE
    try:
        yield
    except kinds as problem:
        raise _damaged(path, problem) from problem


def _damaged(path: Path, problem: Exception) -> IntakeError:
    return IntakeError(
        f"{path.name} is not an .xlsx workbook, or it is damaged ({type(problem).__name__}).",
        hint="Open it in a spreadsheet and save it as .xlsx again, or as CSV.",
    )


class Sheet:
    """A sheet with its cells as text.

    Parameters
    ----------
    path : pathlib.Path
        The workbook, for messages.
    sheet : openpyxl worksheet
        Opened for reading only.

    Attributes
    ----------
    title : str
        Its name.
    part : str
        Its name inside the archive; empty where it is not known.
    long_numbers : dict of int to list of int
        Rows by column (from 0), as far as read: whole numbers of more than fifteen digits,
        whose last digits a spreadsheet does not keep.
    """

    def __init__(self, path: Path, sheet: Any) -> None:
        self.path = path
        self.title = str(sheet.title)
        self.part = str(getattr(sheet, "_worksheet_path", ""))
        self.long_numbers: defaultdict[int, list[int]] = defaultdict(list)
        self._sheet = sheet
        with damage_told(path):
            # A sheet's own word on its size may be wrong, and makes openpyxl fill in empty cells.
            sheet.reset_dimensions()

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Yield the rows with their number; gaps come as empty rows."""
        self.long_numbers.clear()
        seen = 0
        for number, cells in enumerate(self._cells(), start=1):
            seen += len(cells)
            if number > MOST_ROWS or seen > MOST_CELLS:
                raise IntakeError(
                    f"Sheet {self.title!r} has more than {MOST_ROWS:,} rows or {MOST_CELLS:,} "
                    "cells.",
                    hint="Delete what lies outside the answers, or save the sheet as CSV.",
                )
            yield number, [self._text(cell, number, column) for column, cell in enumerate(cells)]

    def _cells(self) -> Iterator[tuple[Any, ...]]:
        with damage_told(self.path):
            rows = iter(self._sheet.iter_rows())
        while True:
            try:
                cells = next(rows, None)
            except _DAMAGE as problem:
                raise _damaged(self.path, problem) from problem
            if cells is None:
                return
            yield cells

    def _text(self, cell: Any, row: int, column: int) -> str:
        value = cell.value
        if has_lost_digits(value):
            self.long_numbers[column].append(row)
        if isinstance(value, str) and len(value) > MOST_CHARACTERS:
            place = f"cell {get_column_letter(column + 1)}{row} of sheet {self.title!r}"
            raise too_long(self.path, place, f"{len(value):,} characters")
        return cell_text(value, partial(self._format, cell))

    def _format(self, cell: Any) -> str | None:
        try:
            return str(cell.number_format)
        except _DAMAGE as problem:
            raise _damaged(self.path, problem) from problem
