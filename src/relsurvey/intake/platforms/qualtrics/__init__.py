"""Qualtrics: CSV, TSV, Excel and SPSS exports of all its years, with or without the .qsf."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from relsurvey.errors import IntakeError
from relsurvey.intake.export import Export, ExportColumn, Platform
from relsurvey.intake.log import LogEntry
from relsurvey.intake.platforms.qualtrics.columns import Described, describe
from relsurvey.intake.platforms.qualtrics.dictionary import with_survey
from relsurvey.intake.platforms.qualtrics.headings import HeadingRows, Place, heading_rows
from relsurvey.intake.platforms.qualtrics.rows import FINISHED, Sorted, sort_rows
from relsurvey.intake.respondents import read_records
from relsurvey.intake.table import RawTable, counted

__all__ = ["QUALTRICS"]

_SEEN = "-99"


def _recognise(table: RawTable) -> str | None:
    rows = heading_rows(table)
    return rows.why if rows else None


def _read(table: RawTable, dictionary: Path | None) -> Export:
    rows = heading_rows(table)
    if rows is None:
        raise IntakeError(
            f"{table.path.name} has no heading rows as Qualtrics writes them: neither ImportIds "
            "in row 3, nor V1 to V10 in row 1, nor its own columns (StartDate, ResponseId).",
            hint="Export the data again and leave the first three rows as they are; or read the "
            "file as a plain table with the platform csv.",
        )
    if rows.count >= len(table.rows):
        raise IntakeError(
            f"{table.path.name} has its heading rows and no responses under them.",
            hint="Check the filter of the export; responses in progress have to be exported "
            "as such.",
        )
    described = describe(table, rows)
    entries = _heading_entries(rows)
    entries += with_survey(table, rows, described, dictionary)
    entries += _mark_unanswered(table, described, with_ids=bool(rows.ids))
    sorted_rows = _sorted(table, rows, described)
    kept = _kept(table, rows, sorted_rows)
    records, record_entries = _records(kept, described, sorted_rows)
    entries += [*(sorted_rows.entries if sorted_rows else ()), *record_entries]
    return Export(
        "qualtrics",
        rows.why,
        kept.with_entries(*entries),
        tuple(described.columns),
        records,
        described.known.get("respondent"),
    )


def _heading_entries(rows: HeadingRows) -> list[LogEntry]:
    entries = []
    if rows.count:
        what = f"{counted(rows.count, 'row')} under the first read as headings."
        why = "They hold question texts and ids."
        entries.append(LogEntry("platform", "", rows.count, what, why))
    if rows.zone:
        what = f"Times are those of {rows.zone}."
        entries.append(LogEntry("respondents", "", 1, what, "Row 3 says so."))
    return entries


def _mark_unanswered(table: RawTable, described: Described, *, with_ids: bool) -> list[LogEntry]:
    """Say what blank and -99 mean in the columns of the questions.

    Qualtrics leaves a question blank that was not answered, and one that was not shown. Only
    with "Recode seen but unanswered questions as -99" does an export tell them apart.
    (Qualtrics support, Data export options.)
    """
    pairs = enumerate(zip(described.columns, described.places, strict=True))
    asked = [
        position
        for position, (column, place) in pairs
        if _is_choice(column, place) and (place is not None or not with_ids)
    ]
    if any(_holds_seen(table, described.columns[position], position) for position in asked):
        reasons = {"": "not_shown", _SEEN: "unanswered"}
        for position in asked:
            column = described.columns[position]
            own = {_SEEN: ""} if _SEEN in column.choices else {}
            missing = {code: reason for code, reason in reasons.items() if code not in own}
            described.columns[position] = column.replaced(missing={**missing, **column.missing})
        what = "-99 was read as seen and not answered, blank as not shown."
        why = "The export was made with unanswered questions recoded as -99."
    else:
        what = "Blank was read as not answered; it may also mean not shown."
        why = (
            "Qualtrics tells them apart only where unanswered questions were recoded as -99 "
            "in the export."
        )
    return [LogEntry("answers", "", len(asked), what, why)]


def _is_choice(column: ExportColumn, place: Place | None) -> bool:
    if column.role != "answer" or column.name.endswith("_TEXT"):
        return False
    return place is None or not place.rest.endswith("TEXT")


def _holds_seen(table: RawTable, column: ExportColumn, position: int) -> bool:
    return _SEEN not in column.choices and table.columns[position].holds(_SEEN)


def _sorted(table: RawTable, rows: HeadingRows, described: Described) -> Sorted | None:
    status, channel = (described.known.get(name) for name in ("status", "channel"))
    return sort_rows(
        None if status is None else table.columns[status],
        None if channel is None else table.columns[channel],
        rows.count,
    )


def _kept(table: RawTable, rows: HeadingRows, sorted_rows: Sorted | None) -> RawTable:
    if sorted_rows is None or sorted_rows.kept or not sorted_rows.marked.any():
        return table.taken(slice(rows.count, None)) if rows.count else table
    mask = ~sorted_rows.marked
    mask[: rows.count] = False
    return table.taken(mask)


def _records(
    table: RawTable, described: Described, sorted_rows: Sorted | None
) -> tuple[pd.DataFrame, list[LogEntry]]:
    known = described.known
    preview = None
    if sorted_rows is not None:
        preview = np.full(len(table.rows), sorted_rows.kept)
    records, entries = read_records(
        table,
        started=known.get("started"),
        submitted=known.get("ended", known.get("recorded")),
        finished=(known["finished"], FINISHED) if "finished" in known else None,
        duration=known.get("duration"),
        progress=known.get("progress"),
        language=known.get("language"),
        preview=preview,
    )
    if "finished" in records:
        unfinished = int((~records["finished"]).sum())
        if unfinished:
            what = f"{counted(unfinished, 'response')} not finished; they were kept."
            why = "Finished says so; what was answered before the end counts."
            entries.append(LogEntry("respondents", "", unfinished, what, why))
    return records, entries


QUALTRICS = Platform(
    "qualtrics", "Qualtrics", _recognise, _read, dictionary="the .qsf of the survey"
)
