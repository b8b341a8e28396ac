"""LimeSurvey: columns named by code, by code and text, or by the full question.

Headings and cells follow LimeSurvey's own export (its classes ``Writer`` and ``SurveyObj``) and
real exports. A code heading is ``question[row]``, with a second bracket or ``#0`` and ``#1`` in
arrays with two scales, or ``question_row`` with the codes of its expression manager; "code and
text" puts the code before the text (``question[row]. Stem [row text]``, ``id. Response ID``); a
full heading is ``Stem [row text]``. In exports of full answers a question that was hidden by its
condition is ``N/A`` where it is a choice of several, and blank where it is anything else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from relsurvey.errors import IntakeError
from relsurvey.intake.export import Export, ExportColumn, Platform, Role
from relsurvey.intake.fold import fold_heading, trimmed
from relsurvey.intake.log import LogEntry
from relsurvey.intake.platforms.bracketed import split_rows
from relsurvey.intake.platforms.known_headings import fields_at
from relsurvey.intake.platforms.limesurvey.headings import CODES, TEXTS
from relsurvey.intake.respondents import read_records
from relsurvey.intake.table import RawTable
from relsurvey.intake.text_column import TextColumn
from relsurvey.text import counted

__all__ = ["LIMESURVEY"]

_CODE = r"(?P<question>[A-Za-z]\w*)(?:\[(?P<row>[\w-]*)(?:#\d+)?\](?:\[(?P<scale>\w+)\])?)?"
_BY_CODE = re.compile(_CODE)
_BY_CODE_AND_TEXT = re.compile(_CODE + r"\.\s+(?P<text>\S.*)", re.DOTALL)
# The expression manager writes a row behind an underscore; question codes hold none.
_BY_UNDERSCORE = re.compile(r"(?P<question>[A-Za-z][A-Za-z0-9]*)_(?P<row>\w+)")
# Fields that no other platform has; "Response ID" and "Date submitted" are Alchemer's as well.
_CERTAIN = frozenset({"last page", "language"})
_CERTAIN_CODES = frozenset({"submitdate", "lastpage", "startlanguage"})
_TELLING = frozenset({"seed", "datestamp"})
_ROLES: dict[str, Role] = {
    "id": "record",
    "submitted": "record",
    "last page": "record",
    "language": "record",
    "started": "record",
    "datestamp": "record",
    "token": "record",
    "duration": "record",
    "seed": "platform",
    "ip address": "personal",
    "referrer": "personal",
    "first name": "personal",
    "last name": "personal",
    "email": "personal",
}
_STRUCTURE = frozenset({"class", "type/scale", "name", "relevance", "text"})
_NOT_DATED = re.compile(r"1980-0?1-0?1\b.*|0?1[./-]0?1[./-](?:19)?80\b.*")
_ENOUGH_ROWS = 3
_HIDDEN = {"N/A": "not_shown"}


def _recognise(table: RawTable) -> str | None:
    if table.described:
        return None
    headings = table.heading
    if {trimmed(heading).lower() for heading in headings} >= _STRUCTURE:
        return "Its headings are those of a survey's structure (class, type/scale, name)"
    fields = _fields(headings)
    certain = bool(fields.keys() & _CERTAIN or set(map(_code, headings)) & _CERTAIN_CODES)
    if (len(fields) > 1 and certain) or (len(fields) > 2 and fields.keys() & _TELLING):
        named = sorted(fields, key=fields.__getitem__)[:3]
        quoted = ", ".join(repr(trimmed(headings[fields[name]])) for name in named)
        return f"Its headings hold LimeSurvey's own: {quoted}"
    rows = _bracketed_codes(headings)
    if len(rows) >= _ENOUGH_ROWS and any(re.search("[A-Za-z]", row) for row in rows):
        return f"{len(rows)} headings are a question's code with a row's code in brackets"
    if "id" in fields and _has_grid(headings) and not _is_alchemer(headings):
        return f"{trimmed(headings[fields['id']])!r} and headings with their row in brackets"
    return None


def _fields(headings: Sequence[str]) -> dict[str, int]:
    """Return where LimeSurvey's own columns are, in whichever way headings are written."""
    # An option of the export puts underscores for spaces.
    found = fields_at([heading.replace("_", " ") for heading in headings], TEXTS)
    codes = list(map(_code, headings))
    return found | {field: codes.index(code) for code, field in CODES.items() if code in codes}


def _code(heading: str) -> str:
    return trimmed(heading).partition(". ")[0]


def _bracketed_codes(headings: Sequence[str]) -> list[str]:
    found = []
    for heading in map(trimmed, headings):
        match = _BY_CODE.fullmatch(heading) or _BY_CODE_AND_TEXT.fullmatch(heading)
        if match and match["row"]:
            found.append(match["row"])
    return found


def _has_grid(headings: Sequence[str]) -> bool:
    stems = Counter(stem for stem, rows in map(split_rows, headings) if rows and stem)
    return any(count > 1 for count in stems.values())


def _is_alchemer(headings: Sequence[str]) -> bool:
    return "time started" in {fold_heading(heading) for heading in headings}


def _read(table: RawTable, dictionary: Path | None) -> Export:
    del dictionary
    why = _recognise(table) or "Named as the platform"
    if {trimmed(heading).lower() for heading in table.heading} >= _STRUCTURE:
        raise IntakeError(
            f"{table.path.name} is the structure of a LimeSurvey survey, not its answers.",
            hint="Export the answers: Responses, then Export, then CSV or Excel.",
        )
    fields = _fields(table.heading)
    columns = _columns(table, fields)
    dated, entries = _dated(table, fields)
    submitted = fields.get("submitted")
    finished = None if submitted is None else ~table.columns[submitted].blank
    records, unread = read_records(
        dated,
        started=fields.get("started"),
        submitted=submitted,
        finished=finished,
        duration=fields.get("duration"),
        language=fields.get("language"),
    )
    if finished is not None and not finished.all():
        entries.append(_unfinished(int((~finished).sum())))
    table = table.with_entries(*entries, *unread, _ON_BLANKS)
    return Export("limesurvey", why, table, columns, records, fields.get("id"))


def _columns(table: RawTable, fields: dict[str, int]) -> tuple[ExportColumn, ...]:
    named = {place: field for field, place in fields.items()}
    after = fields.get("duration", len(table.heading))
    underscored = _is_underscored(table.heading)
    columns = []
    for place, heading in enumerate(table.heading):
        column = _column(heading, underscored=underscored)
        if place in named:
            column = ExportColumn(heading, _ROLES[named[place]])
        elif place > after and _is_timing(heading):
            column = ExportColumn(heading, "platform")
        columns.append(column)
    return tuple(columns)


def _is_timing(heading: str) -> bool:
    """Say whether a column to the right of the total time holds the time of a page or question."""
    return bool(re.fullmatch(r"groupTime\d*|\w+Time", _code(heading))) or ":" in heading


def _is_underscored(headings: Sequence[str]) -> bool:
    """Say whether the export wrote underscores for the spaces of all headings."""
    if any(" " in trimmed(heading) for heading in headings):
        return False
    spaced = [heading.replace("_", " ") for heading in headings]
    return fields_at(headings, TEXTS).keys() < fields_at(spaced, TEXTS).keys()


def _column(heading: str, *, underscored: bool) -> ExportColumn:
    bare = trimmed(heading)
    if underscored:
        stem, rows = split_rows(bare.replace("_", " "))
        row = rows[0] if rows else ""
        return ExportColumn(heading, stem=stem if row else "", text=row or stem, missing=_HIDDEN)
    by_code = _BY_UNDERSCORE.fullmatch(bare) or _BY_CODE.fullmatch(bare)
    match = by_code or _BY_CODE_AND_TEXT.fullmatch(bare)
    parts = match.groupdict() if match else {}
    question, row = parts.get("question") or "", parts.get("row") or ""
    stem, rows = split_rows(parts.get("text") or ("" if by_code else bare))
    # The free text of "other" and of comments is no row of a grid.
    free = row == "other" or row.endswith("comment")
    return ExportColumn(
        heading,
        ids=tuple(dict.fromkeys((f"{question}[{row}]", f"{question}_{row}"))) if row else (),
        code="" if free else row,
        stem=stem if rows and rows[0] else "",
        text=rows[0] if rows and rows[0] else stem,
        missing=_HIDDEN,
    )


def _dated(table: RawTable, fields: dict[str, int]) -> tuple[RawTable, list[LogEntry]]:
    """Blank out the date that stands for "not dated" (LimeSurvey's manual, Date stamp)."""
    columns = list(table.columns)
    entries = []
    for field in ("started", "submitted"):
        place = fields.get(field)
        if place is None:
            continue
        column = columns[place]
        undated = [bool(_NOT_DATED.fullmatch(text)) for text in column.trimmed]
        count = int(np.count_nonzero(column.marked(undated)))
        if count:
            texts = zip(column.texts, undated, strict=True)
            columns[place] = TextColumn(
                tuple("" if gone else text for text, gone in texts), column.codes
            )
            what = f"{counted(count, 'response')} without a date in {table.heading[place]!r}."
            why = "1980-01-01 is what a survey without date stamps writes."
            entries.append(LogEntry("respondents", table.heading[place], count, what, why))
    return table.replaced(columns=tuple(columns)), entries


def _unfinished(count: int) -> LogEntry:
    return LogEntry(
        "respondents",
        "",
        count,
        f"{counted(count, 'response')} not submitted; kept, and marked in 'finished'.",
        "Their date of submission is blank.",
    )


_ON_BLANKS = LogEntry(
    "answers",
    "",
    1,
    "N/A means that a question was hidden by its condition; a blank cell is unanswered.",
    "LimeSurvey writes N/A in exports of full answers, for choices of several, and for yes/no "
    "where it may be unanswered too; elsewhere a hidden question is blank, and not told apart.",
)

LIMESURVEY = Platform("limesurvey", "LimeSurvey", _recognise, _read)
