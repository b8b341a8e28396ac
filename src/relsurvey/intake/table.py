"""The table every reader hands over: headings and cells as text, nothing decoded yet.

Survey columns hold few distinct texts in many rows. A column is therefore kept as its distinct
texts and one small number a row, so that decoding looks at each text once and a million rows
take four bytes a cell. A reader may leave that to the moment when somebody asks for a column.
"""

from __future__ import annotations

import itertools
import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from relsurvey.frames import ROW
from relsurvey.intake.fold import SPACE, trimmed
from relsurvey.intake.log import LogEntry

__all__ = [
    "Cells",
    "Coded",
    "ColumnsFound",
    "RawTable",
    "TableBuilder",
    "TextColumn",
    "code_together",
    "counted",
]


ColumnsFound = Callable[[Sequence[str]], int]
Coded = tuple[tuple[str, ...], NDArray[np.int32]]


class Cells(Protocol):
    """Cells that can become distinct texts and codes, and need not until somebody asks.

    Where they are held as Arrow text without nulls, a method ``arrow`` may return that too.
    """

    def __len__(self) -> int:
        """Return the number of rows."""

    def text(self, place: int) -> str:
        """Return one cell, counted from 0."""

    def coded(self) -> Coded:
        """Return the distinct texts, and which of them stands in each row."""


class TextColumn:
    """One column as text.

    Parameters
    ----------
    texts : tuple of str
        The distinct texts, in order of appearance.
    codes : ndarray of int32, shape (n_rows,)
        Which of the texts stands in each row.

    Examples
    --------
    >>> column = TextColumn(("a", "b"), np.array([0, 1, 0], dtype=np.int32))
    >>> len(column), column.text(2), column.taken(slice(1, None)).codes.tolist()
    (3, 'a', [1, 0])
    """

    def __init__(self, texts: tuple[str, ...], codes: NDArray[np.int32]) -> None:
        self._cells: Cells = _Coded(texts, codes)
        self._made: Coded | None = None

    @classmethod
    def of(cls, cells: Cells) -> TextColumn:
        """Return a column whose texts and codes are made when first asked for, if ever."""
        column = cls.__new__(cls)
        column._cells = cells
        column._made = None
        return column

    def _coded(self) -> Coded:
        # No cached property: those of all columns share one lock, and threads would wait.
        if self._made is None:
            self._made = self._cells.coded()
        return self._made

    @property
    def texts(self) -> tuple[str, ...]:
        """The distinct texts."""
        return self._coded()[0]

    @property
    def codes(self) -> NDArray[np.int32]:
        """Which of the texts stands in each row."""
        return self._coded()[1]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._cells)

    def text(self, place: int) -> str:
        """Return one cell, counted from 0; negative numbers count from the end."""
        return self._cells.text(place)

    @cached_property
    def trimmed(self) -> tuple[str, ...]:
        """The distinct texts without the spaces around them."""
        return tuple([text.strip(SPACE) for text in self.texts])

    @cached_property
    def used(self) -> NDArray[np.bool_]:
        """Which of the distinct texts stand in any row; taking rows away leaves texts unused."""
        return np.bincount(self.codes, minlength=len(self.texts)) > 0

    def taken(self, rows: slice | NDArray[Any]) -> TextColumn:
        """Return the column with some of its rows."""
        return TextColumn.of(_Taken(self, rows))

    def marked(self, texts: Sequence[bool]) -> NDArray[np.bool_]:
        """Return which rows hold a marked text; ``texts`` has one mark a distinct text."""
        return self.spread(np.asarray(texts, dtype=bool))

    def spread(self, values: NDArray[Any], out: NDArray[Any] | None = None) -> NDArray[Any]:
        """Return for each row the value that belongs to its text: one value a distinct text."""
        # No code is out of bounds, and not to look whether one is takes a tenth of the time.
        return np.take(values, self.codes, out=out, mode="clip")

    def arrow(self) -> Any:
        """Return the cells as Arrow text where the reader holds them so, or ``None``."""
        held = getattr(self._cells, "arrow", None)
        return None if held is None else held()

    def holds(self, text: str) -> bool:
        """Whether any cell is exactly this text; costs little where nobody asked for codes."""
        cells = None if self._made else self.arrow()
        if cells is None:
            return text in self.texts and bool(self.used[self.texts.index(text)])
        from pyarrow import compute

        return bool(compute.any(compute.equal(cells, text)).as_py())

    @property
    def bare(self) -> bool:
        """Whether no cell is blank or has spaces around it; found without codes if it can be."""
        cells = None if self._made else self.arrow()
        if cells is None:
            return all(
                bool(text) and text == bare
                for text, bare in zip(self.texts, self.trimmed, strict=True)
            )
        from pyarrow import compute

        lengths = compute.binary_length(cells)
        same = compute.equal(
            lengths, compute.binary_length(compute.utf8_trim(cells, characters=SPACE))
        )
        return bool(compute.all(same).as_py()) and compute.min(lengths).as_py() != 0

    @property
    def blank(self) -> NDArray[np.bool_]:
        """Which rows hold nothing but space."""
        return self.marked([not text for text in self.trimmed])


@dataclass(frozen=True, eq=False)
class _Coded:
    """Cells that are distinct texts and codes already."""

    texts: tuple[str, ...]
    codes: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.codes)

    def text(self, place: int) -> str:
        return self.texts[int(self.codes[place])]

    def coded(self) -> Coded:
        return self.texts, self.codes


@dataclass(frozen=True, eq=False)
class _Taken:
    """Some rows of a column; nothing is done to it until somebody asks."""

    column: TextColumn
    rows: slice | NDArray[Any]

    @property
    def _places(self) -> Sequence[int] | NDArray[Any]:
        # Not kept: a million numbers a column would outweigh the column.
        if isinstance(self.rows, slice):
            return range(len(self.column))[self.rows]
        return np.flatnonzero(self.rows) if self.rows.dtype == np.bool_ else self.rows

    def __len__(self) -> int:
        return len(self._places)

    def text(self, place: int) -> str:
        return self.column.text(int(self._places[place]))

    def coded(self) -> Coded:
        return self.column.texts, self.column.codes[self.rows]

    def arrow(self) -> Any:
        cells = self.column.arrow()
        if cells is None:
            return None
        if isinstance(self.rows, slice):
            return cells[self.rows]
        return cells.filter(self.rows) if self.rows.dtype == np.bool_ else cells.take(self.rows)


@dataclass(frozen=True, eq=False)
class RawTable:
    """An export file as text.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    heading : tuple of str
        The headings as they stand in the file.
    columns : tuple of TextColumn
        One a heading.
    rows : ndarray of int64, shape (n_rows,)
        The row of each record as a spreadsheet counts: the heading is row 1 as a rule.
    source : str
        How the file was read, for messages: "UTF-8 text with commas", "sheet 'Answers'".
    entries : tuple of LogEntry
        What was done while reading.
    digest : str
        SHA-256 of the file.
    container : {"text", "workbook", "parquet", "spss", "stata"}
        What kind of file it is.
    described : tuple of ExportColumn
        What the file itself says of its columns (SPSS and Stata files do), one a column;
        empty where it says nothing.
    long_numbers : dict of int to list of int
        Rows by column (from 0) in which a workbook holds a number of more than fifteen digits,
        the last of which it does not keep.
    """

    path: Path
    heading: tuple[str, ...]
    columns: tuple[TextColumn, ...]
    rows: NDArray[np.int64]
    source: str
    entries: tuple[LogEntry, ...] = ()
    digest: str = ""
    container: str = "text"
    described: tuple[Any, ...] = ()
    long_numbers: Mapping[int, Sequence[int]] = field(default_factory=dict)

    @cached_property
    def index(self) -> pd.Index[int]:
        """The rows as an index named "row", for every frame that is made of the table."""
        first = int(self.rows[0]) if len(self.rows) else 2
        if np.array_equal(self.rows, np.arange(first, first + len(self.rows))):
            return pd.RangeIndex(first, first + len(self.rows), name=ROW)
        return pd.Index(self.rows, name=ROW)

    def answers(self, position: int, blanks: Collection[str] = ()) -> pd.Series[str]:
        """Return a column as text without the spaces around it; missing where blank.

        Parameters
        ----------
        position : int
            Which column, counted from 0.
        blanks : collection of str
            Texts that are missing too.
        """
        column = self.columns[position]
        cells = column.arrow()
        if cells is not None:
            return pd.Series(_bare(cells, blanks), index=self.index)
        kept = [text if text and text not in blanks else None for text in column.trimmed]
        return pd.Series(kept, dtype="str").take(column.codes).set_axis(self.index)

    @property
    def ends_blank(self) -> bool:
        """Whether no cell of the last row holds anything."""
        return not any(trimmed(column.text(-1)) for column in self.columns)

    def row(self, place: int) -> tuple[str, ...]:
        """Return the cells of one row, counted from 0, without the spaces around them."""
        return tuple(trimmed(column.text(place)) for column in self.columns)

    def first_rows(self, most: int = 3) -> list[tuple[str, ...]]:
        """Return the first rows, as `row` does."""
        return [self.row(place) for place in range(min(most, len(self.rows)))]

    def taken(self, rows: slice | NDArray[Any]) -> RawTable:
        """Return the table with some of its rows (a slice, a mask or places)."""
        columns = tuple(column.taken(rows) for column in self.columns)
        return replace(self, columns=columns, rows=self.rows[rows])

    def replaced(self, **changes: Any) -> RawTable:
        """Return the table with some fields changed."""
        return replace(self, **changes)

    def with_entries(self, *entries: LogEntry) -> RawTable:
        """Return the table with more log entries."""
        return replace(self, entries=(*self.entries, *entries))


def _bare(cells: Any, blanks: Collection[str]) -> Any:
    """Return Arrow texts without the spaces around them as a pandas array; missing where blank."""
    # Here, because Arrow takes long to load, and is loaded already where it holds the cells.
    import pyarrow as pa
    from pyarrow import compute

    bare = compute.utf8_trim(cells, characters=SPACE)
    missing = compute.is_in(bare, value_set=pa.array(["", *blanks], pa.string()))
    return pd.array(compute.if_else(missing, None, bare), dtype="str")


def code_together(columns: Iterable[TextColumn]) -> None:
    """Make the codes of several columns on all cores, where nobody asked for them yet."""
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for _ in threads.map(lambda column: column.codes, columns):
            pass


class TableBuilder:
    """Takes rows in pieces and keeps each column as distinct texts and numbers.

    Examples
    --------
    >>> builder = TableBuilder(2)
    >>> builder.add([["a", "1"], ["b", "1"]], [2, 3])
    >>> columns, rows = builder.finish()
    >>> columns[1].texts, columns[1].codes.tolist(), rows.tolist()
    (('1',), [0, 0], [2, 3])
    """

    def __init__(self, width: int) -> None:
        # Asking a default dict for a text it has not seen gives that text the next number; all
        # of that runs in C, which is what makes a million rows a matter of seconds.
        self._numbers = [defaultdict[str, int](itertools.count().__next__) for _ in range(width)]
        self._codes: list[list[NDArray[np.int32]]] = [[] for _ in range(width)]
        self._rows: list[NDArray[np.int64]] = []

    def add(self, records: Sequence[Sequence[str]], rows: Sequence[int]) -> None:
        """Add records of the right width with their spreadsheet rows."""
        if not records:
            return
        self._rows.append(np.asarray(rows, dtype=np.int64))
        for numbers, codes, cells in zip(
            self._numbers, self._codes, zip(*records, strict=True), strict=True
        ):
            codes.append(np.fromiter(map(numbers.__getitem__, cells), np.int32, len(cells)))

    def finish(self) -> tuple[tuple[TextColumn, ...], NDArray[np.int64]]:
        """Return the columns, and the spreadsheet row of each record."""
        columns = tuple(
            TextColumn(tuple(numbers), np.concatenate([np.empty(0, np.int32), *codes]))
            for numbers, codes in zip(self._numbers, self._codes, strict=True)
        )
        return columns, np.concatenate([np.empty(0, np.int64), *self._rows])


def counted(number: int, noun: str) -> str:
    """Put a number before a noun.

    Examples
    --------
    >>> counted(1, "row"), counted(2000, "row")
    ('1 row', '2,000 rows')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
