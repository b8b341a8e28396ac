"""Jisc Online Surveys (once BOS): CSV, coded or not, workbooks, and SPSS files.

What is coded here was seen in real exports of version 2: the response number, names such as
``Q14_1_a`` for the rows of a grid, and SPSS files in which every coded column declares 0 as
missing, tick boxes included. A question that was routed past is blank in all its columns; where
one row of a grid is answered, a blank beside it was seen. (In a real file a question alone on its
page was left open and is blank too: that cannot be told from routing, and is said.) Version 3
names its columns ``Response ID``, ``Start date`` and ``Completion date``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from relsurvey.errors import IntakeError
from relsurvey.intake.export import Export, ExportColumn, Platform, plain_columns
from relsurvey.intake.fold import fold_heading
from relsurvey.intake.log import LogEntry
from relsurvey.intake.respondents import read_records
from relsurvey.intake.table import RawTable
from relsurvey.text import counted

__all__ = ["JISC"]

_NUMBER_HEADINGS = {"unique response number", "urn"}
_RESPONSE_NUMBER = re.compile(r"\d+-\d+-\d+")
_CODED = re.compile(r"(?P<question>Q\d+)(?:_\w+)*")
# "71. What is your gender?" and "14.1.a. Write a package"
_QUESTION = re.compile(r"(?P<number>\d+(?:\.\d+)*(?:\.[a-z])?)\.?\s+(?P<text>\S.*)", re.DOTALL)
_TICK_BOX = re.compile(r"Q\d+(?:_\d+)+")
_WHEN = r"(?:date|time|date and time|date/time)"
_BEGUN = "start(?:ed)?"
_DONE = "(?:submit(?:ted)?|submission|completion|completed|finish(?:ed)?|end(?:ed)?)"
_STARTED = re.compile(f"(?:response )?{_BEGUN}(?: {_WHEN})?|{_WHEN} {_BEGUN}")
_SUBMITTED = re.compile(f"(?:response )?{_DONE}(?: {_WHEN})?|{_WHEN} {_DONE}")
_OF_ZERO = {"0": "unanswered"}
_VERSION_3 = {"response id", "start date", "completion date"}


def _recognise(table: RawTable) -> str | None:
    headings = [fold_heading(heading) for heading in table.heading]
    if "created by user 'bos" in table.source.lower():
        return "The file says that BOS created it"
    described = [fold_heading(column.text) for column in table.described]
    for place, heading in enumerate(headings):
        named = (
            heading == "unique response number"
            or "unique response number" in described[place : place + 1]
        )
        if named or (heading == "urn" and _holds_numbers(table, place)):
            return "It has a column with the Unique Response Number"
    if set(headings[:4]) >= _VERSION_3:
        return "It begins with Response ID, Start date and Completion date"
    return None


def _holds_numbers(table: RawTable, place: int) -> bool:
    cells = [row[place] for row in table.first_rows()]
    return any(_RESPONSE_NUMBER.fullmatch(cell) for cell in cells)


def _read(table: RawTable, dictionary: Path | None) -> Export:
    del dictionary
    columns: Sequence[ExportColumn] = table.described or plain_columns(table.heading)
    columns = [_column(column, labelled=bool(table.described)) for column in columns]
    number = _respondent(table, columns)
    started, submitted = _first(columns, _STARTED), _first(columns, _SUBMITTED)
    for place in (number, started, submitted):
        if place is not None:
            columns[place] = columns[place].replaced(role="record")
    records, entries = read_records(table, started=started, submitted=submitted)
    entries += _remarks(columns, labelled=bool(table.described))
    return Export(
        "jisc",
        "",
        table.with_entries(*entries),
        tuple(columns),
        records,
        respondent=number,
        not_asked=_routed_past(table, columns),
    )


def _column(column: ExportColumn, *, labelled: bool) -> ExportColumn:
    if labelled:
        return _of_spss(column)
    # Coded answers are their places in the list of answers; a key of its own says which is which.
    # 0 is what the SPSS files hold where nobody answered.
    column = column.replaced(numbered=True, missing=_OF_ZERO)
    question = _QUESTION.fullmatch(column.name.strip())
    if question:
        return column.replaced(ids=(question["number"],), text=question["text"])
    return column


def _of_spss(column: ExportColumn) -> ExportColumn:
    """Undo the trap: 0 is declared missing everywhere, but on a tick box it means not ticked."""
    if _is_tick_box(column):
        declared = {code: why for code, why in column.declared.items() if code != "0"}
        return column.replaced(declared=declared)
    declared = {code: why or _OF_ZERO.get(code, "") for code, why in column.declared.items()}
    return column.replaced(declared=declared, numbered=not column.choices)


def _routed_past(table: RawTable, columns: Sequence[ExportColumn]) -> dict[int, NDArray[np.bool_]]:
    """Return, by column of an SPSS file, the rows in which its whole question is blank."""
    questions: defaultdict[str, list[int]] = defaultdict(list)
    for place, column in enumerate(columns):
        code = _CODED.fullmatch(column.name)
        if table.described and code and (column.choices or column.declared):
            questions[code["question"]].append(place)
    blank = {
        question: np.logical_and.reduce([table.columns[place].blank for place in places])
        for question, places in questions.items()
    }
    return {place: blank[one] for one, places in questions.items() for place in places}


def _is_tick_box(column: ExportColumn) -> bool:
    return bool(_TICK_BOX.fullmatch(column.name)) and list(column.choices) == ["1"]


def _respondent(table: RawTable, columns: Sequence[ExportColumn]) -> int | None:
    known = {*_NUMBER_HEADINGS, "response id"}
    for place, column in enumerate(columns):
        if {fold_heading(column.name), fold_heading(column.text)} & known:
            return place
    if any(column.ids or _CODED.fullmatch(column.name) for column in columns):
        return None
    raise IntakeError(
        f"{table.path.name} is no export of Jisc Online Surveys: it has neither a column with the "
        "Unique Response Number nor questions such as Q14_1_a or '14. How often?'.",
        hint="Leave out the platform, or read the table as it stands with --platform csv.",
    )


def _first(columns: Sequence[ExportColumn], words: re.Pattern[str]) -> int | None:
    matches = (
        place
        for place, column in enumerate(columns)
        if words.fullmatch(fold_heading(column.text or column.name))
        and not (column.ids or _CODED.fullmatch(column.name))
    )
    return next(matches, None)


def _remarks(columns: Sequence[ExportColumn], *, labelled: bool) -> list[LogEntry]:
    if not labelled:
        what = "Blank cells are taken for unanswered."
        why = "A CSV file of Jisc does not tell a question left open from one routed past."
        return [LogEntry("platform", "", 1, what, why)]
    boxes = sum(map(_is_tick_box, columns))
    declared = sum("0" in column.declared for column in columns)
    what = f"0 is unanswered in {counted(declared, 'column')}"
    what += f", and not ticked in {counted(boxes, 'column')} of tick boxes." if boxes else "."
    why = (
        "Jisc declares 0 missing everywhere. A question that is blank in all its columns was taken "
        "for not shown; it may have been left open as well."
    )
    return [LogEntry("platform", "", declared, what, why)]


JISC = Platform("jisc", "Jisc Online Surveys", _recognise, _read)
