"""The table every reader hands over: headings and cells as text, nothing decoded yet."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from relsurvey.frames import ROW
from relsurvey.intake.fold import SPACE, trimmed
from relsurvey.intake.log import LogEntry
from relsurvey.intake.text_column import TextColumn

__all__ = ["ColumnsFound", "RawTable", "TableBuilder"]


ColumnsFound = Callable[[Sequence[str]], int]


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
