"""Who answered: ids as text, exactly as they stand in the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from relsurvey.errors import IntakeError, listed
from relsurvey.intake.export import Export
from relsurvey.intake.files.records import MOST_FAILURES
from relsurvey.intake.log import LogEntry
from relsurvey.intake.long_numbers import refuse_long_numbers
from relsurvey.intake.matching.headings import ColumnMatch
from relsurvey.intake.table import RawTable
from relsurvey.intake.text_column import TextColumn
from relsurvey.text import counted

__all__ = ["read_meta"]

# What a spreadsheet writes where a formula failed; as an id it would join strangers.
_ERROR_CELLS = frozenset(
    {
        "#N/A",
        "#REF!",
        "#VALUE!",
        "#DIV/0!",
        "#NAME?",
        "#NUM!",
        "#NULL!",
        "#SPILL!",
        "#CALC!",
        "#GETTING_DATA",
    }
)


def read_meta(export: Export, asked: Sequence[ColumnMatch]) -> tuple[pd.DataFrame, list[LogEntry]]:
    """Read the id columns.

    Parameters
    ----------
    export : Export
        The file as its platform means it; where it has an id of its own and no other was asked
        for, that is the respondent's.
    asked : sequence of ColumnMatch
        The columns with ids, by canonical name.

    Returns
    -------
    meta : pandas.DataFrame
        ``respondent_id`` first, then the others that were asked for. Spaces around an id are
        taken off; blank ids are missing.
    entries : list of LogEntry
        Ids that were trimmed, are blank, or stand twice.

    Raises
    ------
    IntakeError
        Where a cell is an error of a spreadsheet (#N/A and the like), or a number so long that
        a workbook does not keep its end.
    """
    table = export.table
    asked = [*asked, *_own_id(export, asked)]
    _refuse_error_cells(table, asked)
    refuse_long_numbers(table, (match.position for match in asked))
    meta: dict[str, Any] = {}
    entries: list[LogEntry] = []
    if not any(match.name == "respondent_id" for match in asked):
        numbers = pd.Series(range(1, len(table.rows) + 1), index=table.index)
        meta["respondent_id"] = numbers.astype("str")
    for match in asked:
        column = table.columns[match.position]
        meta[match.name] = table.answers(match.position)
        entries += _entries(match, column)
        if match.name == "respondent_id":
            entries += [] if column.distinct else _repeated(match, meta[match.name])
    first = {"respondent_id": meta["respondent_id"]}
    return pd.DataFrame({**first, **meta}), entries


def _own_id(export: Export, asked: Sequence[ColumnMatch]) -> list[ColumnMatch]:
    place = export.respondent
    if place is None or any(match.name == "respondent_id" for match in asked):
        return []
    return [ColumnMatch("respondent_id", place, export.columns[place].name, "as the platform's id")]


def _refuse_error_cells(table: RawTable, asked: Sequence[ColumnMatch]) -> None:
    faults = []
    for match in asked:
        column = table.columns[match.position]
        if not any(map(column.holds, _ERROR_CELLS)):
            continue
        wrong = column.marked([text in _ERROR_CELLS for text in column.texts])
        faults += [
            {
                "row": int(table.rows[place]),
                "column": match.heading,
                "value": column.texts[column.codes[place]],
            }
            for place in np.flatnonzero(wrong)[:MOST_FAILURES]
        ]
    if faults:
        raise IntakeError(
            f"{table.path.name}: {counted(len(faults), 'id')} where a formula failed.",
            hint="Mend the formulas, or put the ids in as plain text.",
            failures=faults,
        )


def _entries(match: ColumnMatch, column: TextColumn) -> list[LogEntry]:
    if column.bare:
        return []
    pairs = zip(column.trimmed, column.texts, strict=True)
    spaced = [bool(bare) and bare != text for bare, text in pairs]
    trimmed_count = int(column.marked(spaced).sum())
    blank_count = int(column.blank.sum())
    entries = []
    if trimmed_count:
        what = f"{counted(trimmed_count, 'cell')} of {match.name} had spaces around the text."
        entries.append(LogEntry("ids", match.heading, trimmed_count, what, "They were taken off."))
    if blank_count:
        what = f"{counted(blank_count, 'row')} without a {match.name}."
        entries.append(LogEntry("ids", match.heading, blank_count, what, "The cell is blank."))
    return entries


def _repeated(match: ColumnMatch, ids: pd.Series[str]) -> list[LogEntry]:
    again = ids.duplicated(keep=False) & ids.notna()
    if not again.any():
        return []
    where = pd.Series(ids.index[again]).groupby(ids[again].to_numpy(), sort=False).agg(list)
    # Rows only: the log is printed and written, and must not name anybody.
    named = [f"rows {listed(places, 5)}" for places in where]
    count = counted(len(named), "respondent id")
    what = f"Warning: {count} more than once: {'; '.join(named[:12])}"
    what += f" and {len(named) - 12:,} more." if len(named) > 12 else "."
    why = "All these rows were kept; check whether someone answered twice."
    return [LogEntry("ids", match.heading, int(again.sum()), what, why)]
