"""Read big plain texts through Arrow, which reads on all cores and takes no cell apart.

Only a text that is proven plain is read so (see `well_formed`), and Arrow has to find as many
records as were proven, all of one width. All others, and every fault, are left to the strict
reader: it is the one that can say in which row the fault is.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from pyarrow import compute
from pyarrow import csv as arrow_csv

from relsurvey.intake.files.records import MOST_COLUMNS
from relsurvey.intake.files.well_formed import Records, plain_records
from relsurvey.intake.fold import trimmed
from relsurvey.intake.text_column import Coded, TextColumn

__all__ = ["ArrowCells", "read_plain_text"]

# Below half a megabyte Arrow's threads wait for each other, above four the cache is too small.
_BLOCK = 1 << 20
_SIZES_TRIED = 50
_MARK = "\ufeff".encode()


@dataclass(frozen=True, eq=False)
class ArrowCells:
    """A column as Arrow holds it, which becomes texts and codes when somebody asks for them.

    Parameters
    ----------
    cells : pyarrow.ChunkedArray of string
        Without nulls.

    Examples
    --------
    >>> ArrowCells(pa.chunked_array([["b", "a"], ["b"]])).coded()
    (('b', 'a'), array([0, 1, 0], dtype=int32))
    """

    cells: pa.ChunkedArray

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.cells)

    def text(self, place: int) -> str:
        """Return one cell, counted from 0; negative numbers count from the end."""
        return str(self.cells[place].as_py())

    def coded(self) -> Coded:
        """Return the distinct texts in order of appearance, and which of them is in each row."""
        chunks = self.cells.dictionary_encode().chunks
        if not chunks:
            return (), np.empty(0, np.int32)
        # Arrow gives all chunks the dictionary of the last one.
        texts = tuple(chunks[-1].dictionary.to_pylist())
        return texts, np.concatenate([chunk.indices.to_numpy() for chunk in chunks])

    def arrow(self) -> pa.ChunkedArray:
        """Return the cells."""
        return self.cells


def read_plain_text(
    text: bytes, delimiter: str
) -> tuple[tuple[str, ...], tuple[TextColumn, ...]] | None:
    r"""Read a delimited text, if it is one that every reader reads alike.

    Parameters
    ----------
    text : bytes
        In UTF-8, without a byte order mark.
    delimiter : str
        One ASCII sign.

    Returns
    -------
    heading : tuple of str
        The cells of the first line.
    columns : tuple of TextColumn
        What stands under it; the record after the heading is the second row of the file.
        ``None`` instead of both where the text is not proven plain, not UTF-8, has a blank
        line, lines of unlike width, a single column, or nothing under its heading.

    Examples
    --------
    >>> heading, columns = read_plain_text(b'id,a\n007,""\n008,NA\n', ",")
    >>> heading, columns[0].texts, columns[1].texts
    (('id', 'a'), ('007', '008'), ('', 'NA'))
    >>> read_plain_text(b"id,a\n1,2,3\n", ",") is None
    True
    """
    records = plain_records(text, delimiter)
    if records is None or records.count < 2:
        return None
    heading = _heading(text[: records.first_end], delimiter)
    block_size = _block_size(text, records)
    # Arrow would take a mark that begins the second line for that of the file.
    if not heading or not block_size or text.startswith(_MARK, records.first_end):
        return None
    names = [str(place) for place in range(len(heading))]
    parsing = arrow_csv.ParseOptions(
        delimiter=delimiter, newlines_in_values=len(records.breaks_inside) > 0
    )
    try:
        table = _arrow_table(
            pa.py_buffer(text).slice(records.first_end), names, parsing, block_size
        )
    except pa.ArrowException:
        return None
    # Arrow leaves out blank lines, which keep their number here.
    if table.num_rows != records.count - 1 or _has_too_long_cell(table):
        return None
    return heading, tuple(TextColumn.of(ArrowCells(column)) for column in table.columns)


def _heading(line: bytes, delimiter: str) -> tuple[str, ...] | None:
    try:
        stream = io.StringIO(line.decode(), newline="")
        (heading,) = csv.reader(stream, delimiter=delimiter, strict=True)
    except (UnicodeDecodeError, csv.Error, ValueError):
        return None
    # A heading of nothing but space may be a blank line to the strict reader.
    usual = 1 < len(heading) <= MOST_COLUMNS and any(map(trimmed, heading))
    return tuple(heading) if usual else None


def _block_size(text: bytes, records: Records) -> int | None:
    """Return a size of block that never parts a carriage return from its newline in a cell.

    Arrow drops a newline that begins a block if the last block ended in a carriage return: right
    between lines, a lost sign within a quoted cell.
    """
    newlines = records.breaks_inside
    signs = np.frombuffer(text, np.uint8)
    doubled = newlines[signs[newlines - 1] == ord("\r")] - records.first_end
    sizes = range(_BLOCK, _BLOCK + _SIZES_TRIED)
    return next((size for size in sizes if (doubled % size).all()), None)


def _arrow_table(
    body: pa.Buffer, names: list[str], parsing: arrow_csv.ParseOptions, block_size: int
) -> pa.Table:
    return arrow_csv.read_csv(
        pa.BufferReader(body),
        read_options=arrow_csv.ReadOptions(column_names=names, block_size=block_size),
        parse_options=parsing,
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
        # Arrow's own pool takes twice as long to get this much memory from the system.
        memory_pool=pa.system_memory_pool(),
    )


def _has_too_long_cell(table: pa.Table) -> bool:
    """Whether a cell may be beyond what the csv module reads; counted in bytes, to be sure."""
    longest = (compute.max(compute.binary_length(column)).as_py() for column in table.columns)
    return bool(max(longest) > csv.field_size_limit())
