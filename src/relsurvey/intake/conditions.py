"""Conditions under which single questions were shown, where a platform tells them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from relsurvey.errors import listed
from relsurvey.intake.fold import shown
from relsurvey.intake.log import LogEntry
from relsurvey.intake.table import RawTable
from relsurvey.text import counted

__all__ = ["Conditions", "conditions_told"]


class Conditions(Protocol):
    """The conditions under which single questions were shown."""

    def is_conditional(self, position: int) -> bool:
        """Say whether a column has a condition."""

    def needs(self, position: int) -> Sequence[int] | None:
        """Return the columns its condition is about; ``None`` where it cannot be answered."""

    def rows(self, table: RawTable, position: int) -> NDArray[np.bool_]:
        """Return the rows in which a column was hidden."""


def conditions_told(
    table: RawTable, found: Collection[int], cells: int, unknown: Sequence[int]
) -> list[LogEntry]:
    """Say which blank cells conditions explain, and which conditions could not be evaluated.

    Parameters
    ----------
    table : RawTable
        The rows that hold the items.
    found : collection of int
        Positions of the columns whose conditions were evaluated.
    cells : int
        How many of their cells are blank and were hidden.
    unknown : sequence of int
        Positions of the columns whose conditions were not.
    """
    entries = []
    if cells:
        what = f"{counted(cells, 'blank cell')} not shown: branching logic hid the question."
        why = f"The conditions of {counted(len(found), 'column')} were evaluated row by row."
        entries.append(LogEntry("answers", "", cells, what, why))
    if unknown:
        names = listed([shown(table.heading[place]) for place in unknown], 8)
        what = f"{counted(len(unknown), 'column')} with branching logic not evaluated: {names}."
        why = "Their blanks count as not answered; they may have been hidden."
        entries.append(LogEntry("answers", "", len(unknown), what, why))
    return entries
