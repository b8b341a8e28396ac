"""Qualtrics: CSV, TSV, Excel and SPSS exports of all its years, with or without the .qsf."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from relsurvey.errors import IntakeError
from relsurvey.intake.export import Export, ExportColumn, Platform
from relsurvey.intake.log import LogEntry
from relsurvey.intake.platforms.qualtrics.columns import Described, describe, questions_of
from relsurvey.intake.platforms.qualtrics.dictionary import with_survey
from relsurvey.intake.platforms.qualtrics.headings import HeadingRows, Place, heading_rows
from relsurvey.intake.platforms.qualtrics.rows import FINISHED, Sorted, sort_rows
from relsurvey.intake.respondents import read_records
from relsurvey.intake.table import RawTable
from relsurvey.text import counted

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
    told, survey_entries = with_survey(table, rows, described, dictionary)
    asked = _asked(described, with_ids=bool(rows.ids))
    _mark_numbered(described, asked, told)
    entries += survey_entries
    entries += _mark_unanswered(table, described, asked, with_ids=bool(rows.ids))
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


def _asked(described: Described, *, with_ids: bool) -> list[int]:
    """Return the positions of the columns in which a respondent chooses."""
    pairs = enumerate(zip(described.columns, described.places, strict=True))
    return [
        position
        for position, (column, place) in pairs
        if _is_choice(column, place) and (place is not None or not with_ids)
    ]


def _mark_numbered(described: Described, asked: Sequence[int], told: Collection[int]) -> None:
    """Mark the columns whose numbers nothing explains: recodes are known to the .qsf alone."""
    for position in asked:
        column = described.columns[position]
        if position not in told and not column.choices:
            described.columns[position] = column.replaced(numbered=True)


def _mark_unanswered(
    table: RawTable, described: Described, asked: Sequence[int], *, with_ids: bool
) -> list[LogEntry]:
    """Say what blank and -99 mean in the columns of the questions.

    Qualtrics leaves a question blank that was not answered, and one that was not shown. Only
    with "Recode seen but unanswered questions as -99" does an export tell them apart.
    (Qualtrics support, Data export options.) A -99 in another question may be an answer there.
    """
    told = _told_apart(table, described, asked, with_ids=with_ids)
    for position in told:
        column = described.columns[position]
        own = {_SEEN} if _SEEN in column.choices else set()
        reasons = {"": "not_shown", _SEEN: "unanswered"}
        missing = {code: reason for code, reason in reasons.items() if code not in own}
        described.columns[position] = column.replaced(missing={**missing, **column.missing})
    entries = []
    if told:
        what = "-99 was read as seen and not answered, blank as not shown."
        why = "The export was made with unanswered questions recoded as -99."
        entries.append(LogEntry("answers", "", len(told), what, why))
    if len(told) < len(asked):
        what = "Blank was read as not answered; it may also mean not shown."
        why = (
            "Qualtrics tells them apart only where unanswered questions were recoded as -99 "
            "in the export."
        )
        if told:
            what = f"{counted(len(asked) - len(told), 'column')} without -99: b{what[1:]}"
            why = "-99 stands in other questions, and may be an answer of theirs."
        entries.append(LogEntry("answers", "", len(asked) - len(told), what, why))
    return entries


def _told_apart(
    table: RawTable, described: Described, asked: Sequence[int], *, with_ids: bool
) -> list[int]:
    """Return the columns in which -99 tells what was seen.

    Where the codes of a question are known and -99 is none of them, only the export can have
    written it, and it did so everywhere. Otherwise it speaks for its own question, and for all
    where it stands in most of them.
    """
    chosen = set(asked)
    found: list[int] = []
    for members in questions_of(described.columns, described.places, with_ids=with_ids).values():
        own = [position for position in members if position in chosen]
        holding = next(
            (one for one in own if _holds_seen(table, described.columns[one], one)), None
        )
        if holding is None:
            continue
        if described.columns[holding].choices:
            return list(asked)
        found += own
    return list(asked) if len(found) * 2 > len(asked) else sorted(found)


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
        open_ones = (~records["finished"]).fillna(value=False)
        unfinished = int(open_ones.sum())
        if unfinished:
            what = f"{counted(unfinished, 'response')} not finished; they were kept."
            why = "Finished says so; what was answered before the end counts."
            if "submitted" in records:
                # Their EndDate is when Qualtrics closed them, or the last time they were opened.
                records["submitted"] = records["submitted"].mask(open_ones.astype(bool))
                why += " They were never submitted, and have no time of it."
            entries.append(LogEntry("respondents", "", unfinished, what, why))
    return records, entries


QUALTRICS = Platform(
    "qualtrics", "Qualtrics", _recognise, _read, dictionary="the .qsf of the survey"
)
