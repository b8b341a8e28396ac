"""Take what a person was asked in one row of an export over into that person's other rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from relsurvey.errors import IntakeError, listed
from relsurvey.intake.files.records import MOST_FAILURES
from relsurvey.intake.fold import shown
from relsurvey.intake.log import LogEntry
from relsurvey.intake.table import RawTable
from relsurvey.intake.text_column import TextColumn
from relsurvey.text import counted

__all__ = ["distinct", "from_other_rows"]


def distinct(column: TextColumn) -> tuple[list[str], NDArray[np.intp]]:
    """Return the distinct texts without the spaces around them, and which one each row holds.

    Examples
    --------
    >>> distinct(TextColumn(("a", " a", "b"), np.array([0, 1, 2], dtype=np.int32)))
    (['a', 'b'], array([0, 0, 1]))
    """
    places: dict[str, int] = {}
    codes = [places.setdefault(text, len(places)) for text in column.trimmed]
    return list(places), column.spread(np.array(codes, dtype=np.intp))


def from_other_rows(
    table: RawTable, position: int, record: int, wanted: NDArray[np.bool_]
) -> RawTable:
    """Return the table with a column filled from the other rows of the same person.

    Parameters
    ----------
    table : RawTable
        All rows of the export.
    position : int
        The column.
    record : int
        The column with the id that the rows of one person share.
    wanted : ndarray of bool
        Rows in which the column was not asked.

    Returns
    -------
    RawTable
        Rows of a person with one text in the column hold it; those of a person with none stay
        blank. A log entry counts them.

    Raises
    ------
    IntakeError
        Where a person has several; then ``.failures`` has ``row, column, problem`` and names
        nobody.
    """
    people, person = distinct(table.columns[record])
    texts, told = distinct(table.columns[position])
    has_text = np.array([bool(text) for text in texts], dtype=bool)[told]
    named = np.array([bool(text) for text in people], dtype=bool)[person]
    pairs = np.unique(np.stack([person[has_text & named], told[has_text & named]]), axis=1)
    counts = np.bincount(pairs[0], minlength=len(people))
    wanted = wanted & ~has_text
    several = wanted & (counts[person] > 1)
    if several.any():
        raise _do_not_agree(table, position, several, has_text & (counts[person] > 1))
    only = np.zeros(len(people), dtype=np.intp)
    only[pairs[0]] = pairs[1]
    filled = wanted & (counts[person] == 1)
    if not filled.any():
        return table
    columns = list(table.columns)
    codes = np.where(filled, only[person], told).astype(np.int32)
    columns[position] = TextColumn(tuple(texts), codes)
    heading = table.heading[position]
    count = int(filled.sum())
    what = f"{counted(count, 'row')} took {shown(heading)} from other rows of the same record."
    why = "It was not asked where the items were; each of these records has it once."
    entry = LogEntry("ids", heading, count, what, why)
    return table.replaced(columns=tuple(columns)).with_entries(entry)


def _do_not_agree(
    table: RawTable, position: int, blank: NDArray[np.bool_], told: NDArray[np.bool_]
) -> IntakeError:
    heading = table.heading[position]
    rows = table.rows[blank].tolist()
    faults = [
        {"row": row, "column": heading, "problem": problem}
        for row, problem in sorted(
            [(row, "blank, and not asked here") for row in rows]
            + [(row, "differs from other rows of its record") for row in table.rows[told].tolist()]
        )
    ]
    return IntakeError(
        f"{table.path.name}: {shown(heading)} was not asked where the items were, and the other "
        f"rows of the same record do not agree on it: {counted(len(rows), 'row')} "
        f"(rows {listed(rows, 8)}).",
        hint="Nobody can tell which of them is meant. Write it into these rows, or export only "
        "the events or forms that belong together.",
        failures=faults[:MOST_FAILURES],
    )
