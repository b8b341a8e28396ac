"""One column of an export as text: distinct texts and a number a row, made when asked for.

Survey columns hold few distinct texts in many rows. Decoding therefore looks at each text once,
and a million rows take four bytes a cell; a column that nobody asks for costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from relsurvey.intake.fold import SPACE

__all__ = ["Cells", "Coded", "TextColumn"]

# The factor of the FNV hash (Fowler, Noll, Vo), 64 bit.
_FACTOR = 1_099_511_628_211
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
        self._trimmed: tuple[str, ...] | None = None

    @classmethod
    def of(cls, cells: Cells) -> TextColumn:
        """Return a column whose texts and codes are made when first asked for, if ever."""
        column = cls.__new__(cls)
        column._cells = cells
        column._made = None
        column._trimmed = None
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

    @property
    def trimmed(self) -> tuple[str, ...]:
        """The distinct texts without the spaces around them."""
        if self._trimmed is None:
            self._trimmed = tuple([text.strip(SPACE) for text in self.texts])
        return self._trimmed

    @property
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
    def distinct(self) -> bool:
        """Whether all cells are seen to differ; not seen unless they are Arrow text of one width.

        Two cells with different hashes differ, whatever the hash is; where two hashes are the
        same the cells may differ still, and the answer is no.
        """
        cells = None if self._made else self.arrow()
        return cells is not None and _hashes_differ(cells)

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


def _hashes_differ(cells: Any) -> bool:
    from pyarrow import compute

    width = len(cells[0].as_py().encode()) if len(cells) else 0
    if not width or not compute.all(compute.equal(compute.binary_length(cells), width)).as_py():
        return False
    letters = np.frombuffer(b"".join(_bytes(cells, width)), dtype=np.uint8).reshape(-1, width)
    hashes = np.zeros(len(letters), dtype=np.uint64)
    for place in range(width):
        hashes = hashes * np.uint64(_FACTOR) + letters[:, place]
    hashes.sort()
    return not bool((hashes[1:] == hashes[:-1]).any())


def _bytes(cells: Any, width: int) -> Iterator[memoryview]:
    """Yield the letters of Arrow texts that are all of one width in bytes."""
    for chunk in getattr(cells, "chunks", [cells]):
        _, offsets, data = chunk.buffers()
        size = 8 if str(chunk.type).startswith("large") else 4
        first = np.frombuffer(offsets, dtype=f"i{size}")[chunk.offset] if len(chunk) else 0
        yield memoryview(data or b"")[first : first + len(chunk) * width]
