"""Ids that a spreadsheet took for numbers, and that are too long for it to keep."""

from __future__ import annotations

from collections.abc import Iterable

from relsurvey.errors import IntakeError
from relsurvey.intake.files.records import MOST_FAILURES
from relsurvey.intake.table import RawTable
from relsurvey.personal import masked
from relsurvey.text import counted

__all__ = ["refuse_long_numbers"]


def refuse_long_numbers(table: RawTable, positions: Iterable[int]) -> None:
    """Stop where a column of ids holds numbers whose last digits a workbook does not keep.

    Parameters
    ----------
    table : RawTable
        The file as text.
    positions : iterable of int
        The columns, counted from 0.

    Raises
    ------
    IntakeError
        ``.failures`` has ``cell, column, value``.
    """
    cells = [
        (row, position)
        for position in set(positions)
        for row in table.long_numbers.get(position, ())
    ]
    if not cells:
        return
    # Here, because openpyxl takes long to load and no CSV file gets this far.
    from openpyxl.utils import get_column_letter

    place_of = {int(row): place for place, row in enumerate(table.rows)}
    texts = {position: table.columns[position] for _, position in cells}
    raise IntakeError(
        f"{table.path.name}: {counted(len(cells), 'id')} stored as a number of more than 15 "
        "digits. A workbook does not keep the digits after the 15th, so that two people can "
        "become one.",
        hint="Format the column as text and put the ids in again, or read a CSV file that has "
        "them in full.",
        failures=[
            {
                "cell": f"{get_column_letter(position + 1)}{row}",
                "column": table.heading[position],
                "value": masked(texts[position].texts[texts[position].codes[place_of[row]]]),
            }
            for row, position in sorted(cells)[:MOST_FAILURES]
            if row in place_of
        ],
    )
