"""What in an export looks like personal data: places and kinds, never a text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.errors import listed
from relsurvey.intake.fold import shown
from relsurvey.intake.log import LogEntry
from relsurvey.personal import KINDS
from relsurvey.results import Result
from relsurvey.text import counted

__all__ = ["PersonalColumn", "PersonalData"]

_ROWS_NAMED = 5


@dataclass(frozen=True, eq=False)
class PersonalColumn:
    """One kind of personal data in one column.

    Attributes
    ----------
    position : int
        Which column, counted from 0.
    heading : str
        Its heading; what it looks like where that is personal itself.
    kind : str
        One of ``relsurvey.personal.KINDS``.
    by : {"heading", "content"}
        What told it: the heading (then every filled cell counts), or the cells.
    rows : numpy.ndarray of int
        The rows of the cells as a spreadsheet counts.
    """

    position: int
    heading: str
    kind: str
    by: str
    rows: npt.NDArray[np.int64]

    @property
    def cells(self) -> int:
        """Number of cells."""
        return len(self.rows)


@dataclass(frozen=True, eq=False)
class PersonalData(Result):
    """What in an export looks like personal data. It holds places and kinds, never a text.

    Attributes
    ----------
    by_heading : tuple of PersonalColumn
        Columns whose heading asks for personal data, or that the platform or its dictionary
        marks; also those in which no cell is filled.
    by_content : tuple of PersonalColumn
        Other columns with cells that look like it, one entry a kind.
    """

    by_heading: tuple[PersonalColumn, ...]
    by_content: tuple[PersonalColumn, ...]

    @property
    def columns(self) -> tuple[PersonalColumn, ...]:
        """All of them, in the order of the file."""
        every = (*self.by_heading, *self.by_content)
        return tuple(sorted(every, key=lambda one: one.position))

    @property
    def positions(self) -> frozenset[int]:
        """The columns, counted from 0, in which any cell is or looks personal."""
        return frozenset(one.position for one in self.columns if one.cells)

    def rows_of(self, position: int) -> npt.NDArray[np.int64]:
        """Return the rows of a column's cells that are or look personal, in order."""
        rows = [one.rows for one in self.columns if one.position == position]
        return np.unique(np.concatenate([np.empty(0, dtype=np.int64), *rows]))

    @property
    def cells(self) -> pd.DataFrame:
        """One row a cell: ``row``, ``column`` (counted from 1) and ``kind``; never the text."""
        parts = [
            pd.DataFrame({"row": one.rows, "column": one.position + 1, "kind": one.kind})
            for one in self.columns
        ]
        empty = pd.DataFrame({"row": [], "column": [], "kind": []}).astype(
            {"row": "int64", "column": "int64", "kind": "str"}
        )
        return pd.concat([empty, *parts], ignore_index=True)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a column and kind: ``column`` (from 1), ``heading, kind, by, cells``."""
        names = ["column", "heading", "kind", "by", "cells"]
        rows = [
            (one.position + 1, one.heading, one.kind, one.by, one.cells) for one in self.columns
        ]
        return pd.DataFrame(rows, columns=names)

    def entries(self, *, named: bool = True) -> list[LogEntry]:
        """Return what the log says of it.

        Parameters
        ----------
        named : bool
            Whether headings are shown; not where they may be a licensed wording.
        """
        return [_entry(one, named=named) for one in self.columns if one.cells]

    def summary(self) -> str:
        """Return what was found, one sentence a column and kind."""
        lines = [entry.what for entry in self.entries()]
        return "\n".join(lines) if lines else "Nothing looks like personal data."


def _entry(one: PersonalColumn, *, named: bool) -> LogEntry:
    where = f"Column {one.position + 1}"
    if named and one.heading:
        where += f", {shown(one.heading)}"
    single, several = KINDS[one.kind]
    if one.kind == "personal":
        what = f"{where}: marked as personal by its platform; {counted(one.cells, 'cell')} filled."
        why = "It stays out of every output."
    elif one.by == "heading":
        what = f"{where}: asks for {several}; {counted(one.cells, 'cell')} filled."
        why = "It stays out of every output."
    else:
        rows = listed(one.rows.tolist(), _ROWS_NAMED)
        noun = "row" if one.cells == 1 else "rows"
        looks = f"looks like {single}" if one.cells == 1 else f"look like {several}"
        what = f"{where}: {counted(one.cells, 'cell')} {looks} ({noun} {rows})."
        why = "Such cells stay out of every output; check that nobody is named."
    return LogEntry("personal", one.heading if named else where, one.cells, what, why)
