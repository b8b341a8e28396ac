"""Read a Parquet file into a raw table: every value as the text a person would type for it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet, types

from relsurvey.errors import IntakeError, listed
from relsurvey.intake.files.records import MOST_COLUMNS
from relsurvey.intake.fold import shown
from relsurvey.intake.log import LogEntry
from relsurvey.intake.table import ColumnsFound, RawTable
from relsurvey.intake.text_column import Coded, TextColumn
from relsurvey.text import counted

__all__ = ["ValueCells", "read_parquet_file"]

# A column of one value packs to nothing, so that a small file may hold any number of rows.
MOST_ROWS = 100_000_000
_TEXTS = (types.is_string, types.is_large_string)
_BYTES = (types.is_binary, types.is_large_binary, types.is_fixed_size_binary, types.is_string_view)
_VALUES = (
    types.is_null,
    types.is_boolean,
    types.is_integer,
    types.is_floating,
    types.is_decimal,
    types.is_date,
    types.is_time,
    types.is_timestamp,
)


@dataclass(frozen=True, eq=False)
class ValueCells:
    """A column of values, which become texts and codes when somebody asks for them.

    Parameters
    ----------
    cells : pyarrow.ChunkedArray
        Texts, numbers, truth values, dates or times; as such or as a dictionary.

    Examples
    --------
    >>> ValueCells(pa.chunked_array([[4.0, None], [0.5, 4.0]])).coded()
    (('4', '', '0.5'), array([0, 1, 2, 0], dtype=int32))
    """

    cells: pa.ChunkedArray

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.cells)

    def text(self, place: int) -> str:
        """Return one cell, counted from 0; negative numbers count from the end."""
        cell = self.cells[place]
        kind = self.cells.type
        if types.is_dictionary(kind):
            cell, kind = cell.value, kind.value_type
        return _texts(pa.array([cell.as_py()], kind))[0]

    def coded(self) -> Coded:
        """Return the distinct texts in order of appearance, and which of them is in each row."""
        if types.is_dictionary(self.cells.type):
            encoded = self.cells.unify_dictionaries()
        else:
            encoded = self.cells.dictionary_encode(null_encoding="encode")
        if not encoded.chunks:
            return (), np.empty(0, np.int32)
        # All chunks have the same dictionary now.
        texts = [*_texts(encoded.chunks[-1].dictionary), ""]
        blank = len(texts) - 1
        places = np.concatenate(
            [chunk.indices.fill_null(blank).to_numpy() for chunk in encoded.chunks]
        )
        first = np.full(len(texts), len(places))
        first[places[::-1]] = np.arange(len(places))[::-1]
        in_order = np.argsort(first, kind="stable")[: np.count_nonzero(first < len(places))]
        # Two values may be one text: nothing and NaN, or minus zero and zero.
        numbers: dict[str, int] = {}
        codes = np.zeros(len(texts), np.int32)
        for place in in_order.tolist():
            codes[place] = numbers.setdefault(texts[place], len(numbers))
        return tuple(numbers), codes[places]


def read_parquet_file(path: Path, columns_found: ColumnsFound | None = None) -> RawTable:
    """Read a Parquet file; the names of its columns are the heading.

    Parameters
    ----------
    path : pathlib.Path
        A file that is there.
    columns_found : callable, optional
        Not needed here: a Parquet file has one table.

    Returns
    -------
    RawTable
        Every value as text: whole numbers without a point however they are stored, other
        numbers with all their digits, dates and times as ISO 8601, truth values as True and
        False, and nothing for a missing value and for NaN. The first record is row 2, as if
        the names of the columns stood in row 1.

    Raises
    ------
    IntakeError
        Where the file is no Parquet file or damaged, or a column holds lists, records or bytes
        that are no text; then ``.failures`` has ``column, type``.
    """
    del columns_found
    with path.open("rb") as stream, _damage_told(path):
        source = parquet.ParquetFile(stream, page_checksum_verification=True)
        _refuse_extent(path, source.metadata.num_rows, len(source.schema_arrow))
        _refuse_types(path, source.schema_arrow)
        table = source.read()
        # Arrow trusts what it reads: offsets and texts are checked here, and not met later.
        table.validate(full=True)
        columns = tuple(TextColumn.of(ValueCells(_as_text(column))) for column in table.columns)
    read = LogEntry(
        "file",
        "",
        table.num_rows,
        f"{path.name} was read as Parquet: {counted(table.num_rows, 'row')}, "
        f"{counted(table.num_columns, 'column')}.",
        "The file says so itself.",
    )
    rows = np.arange(2, table.num_rows + 2, dtype=np.int64)
    return RawTable(path, tuple(table.column_names), columns, rows, "Parquet", (read,))


@contextlib.contextmanager
def _damage_told(path: Path) -> Iterator[None]:
    """Turn what a damaged file raises into an ``IntakeError``."""
    try:
        yield
    except (pa.ArrowException, OSError, ValueError, OverflowError) as problem:
        raise IntakeError(
            f"{path.name} is not a Parquet file, or it is damaged ({type(problem).__name__}).",
            hint="Write it again, and check that it was copied whole; or save it as CSV.",
        ) from problem


def _refuse_extent(path: Path, rows: int, columns: int) -> None:
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise IntakeError(
            f"{path.name} has {rows:,} rows and {columns:,} columns; at most {MOST_ROWS:,} rows "
            f"and {MOST_COLUMNS:,} columns are read.",
            hint="Save the answers with one row a respondent, in several files if need be.",
        )


def _refuse_types(path: Path, schema: pa.Schema) -> None:
    refused = [
        {"column": field.name, "type": str(field.type)}
        for field in schema
        if not _is(field.type, *_TEXTS, *_BYTES, *_VALUES)
    ]
    if refused:
        names = listed([shown(one["column"]) for one in refused])
        raise IntakeError(
            f"{path.name}: {counted(len(refused), 'column')} with more than one value in a cell, "
            f"or with values that are no text, number or date: {names}.",
            hint="Save the table again without these columns, or with one column a value.",
            failures=refused,
        )


def _is(kind: pa.DataType, *tests: Any) -> bool:
    plain = kind.value_type if types.is_dictionary(kind) else kind
    return any(test(plain) for test in tests)


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Read bytes as the UTF-8 text that older programs store so."""
    kind = column.type.value_type if types.is_dictionary(column.type) else column.type
    if not _is(kind, *_BYTES):
        return column
    # Through variable-length bytes, because Arrow makes no text of others.
    plain = column.cast(kind) if types.is_dictionary(column.type) else column
    return (
        plain
        if types.is_string_view(kind)
        else plain.cast(pa.large_binary()).cast(pa.large_string())
    )


def _texts(values: pa.Array) -> list[str]:
    """Write each value as a person would type it."""
    kind = values.type
    if types.is_floating(kind):
        numbers = values.to_numpy(zero_copy_only=False)
        return ["" if np.isnan(number) else _plain(number) for number in numbers]
    if types.is_decimal(kind):
        return ["" if number is None else f"{number:f}" for number in values.to_pylist()]
    if _is(kind, types.is_date, types.is_time, types.is_timestamp):
        return ["" if moment is None else moment.isoformat() for moment in values.to_pylist()]
    return ["" if value is None else str(value) for value in values.to_pylist()]


def _plain(number: np.floating[Any]) -> str:
    """Write a number without a power of ten, and zero without a sign."""
    return np.format_float_positional(number + 0, unique=True, trim="-")
