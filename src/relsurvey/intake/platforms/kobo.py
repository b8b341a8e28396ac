"""KoboToolbox and ODK Central: columns named by the path of groups, metadata on both sides.

KoboToolbox writes ``group/question`` and lets its users choose another separator; ODK Central
writes ``group-question``; R turns either into dots, and puts an ``X`` before a leading
underscore. A question of several choices is one column, and one more a choice below its path.
With labels for headings the last part is the wording and the part before it the group's label
(support pages of KoboToolbox, "Exporting and downloading your data"; ODK Central, "Managing
submissions").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from relsurvey.errors import listed
from relsurvey.intake.export import RECORDS, Export, ExportColumn, Platform, Role
from relsurvey.intake.fold import shown, trimmed
from relsurvey.intake.log import LogEntry
from relsurvey.intake.platforms.blanks import blanks_left_open
from relsurvey.intake.platforms.question_paths import QuestionPaths
from relsurvey.intake.respondents import read_records
from relsurvey.intake.table import RawTable
from relsurvey.text import counted

__all__ = ["KOBO"]

_KOBO: dict[str, Role] = {
    "_id": "record",
    "_uuid": "record",
    "_submission_time": "record",
    "_validation_status": "platform",
    "_notes": "platform",
    "_tags": "platform",
    "_status": "platform",
    "_submitted_by": "personal",
    "__version__": "platform",
    "_version_": "platform",
    "_version": "platform",
    "_index": "platform",
    "_parent_table_name": "platform",
    "_parent_index": "platform",
    "_attachments": "platform",
    "_geolocation": "personal",
    "_xform_id_string": "platform",
    "formhub/uuid": "platform",
    "meta/rootuuid": "platform",
    "rootuuid": "platform",
    "_bamboo_dataset_id": "platform",
    "_media_all_received": "platform",
}
_CENTRAL: dict[str, Role] = {
    "key": "record",
    "parent_key": "record",
    "submissiondate": "record",
    "submitterid": "personal",
    "submittername": "personal",
    "deviceid": "personal",
    "attachmentspresent": "platform",
    "attachmentsexpected": "platform",
    "status": "platform",
    "reviewstate": "platform",
    "edits": "platform",
    "formversion": "platform",
}
# The metadata a form may ask for (XLSForm, "Metadata"), and what every form carries.
_FORM: dict[str, Role] = {
    "start": "record",
    "end": "record",
    "today": "record",
    "audit": "platform",
    "deviceid": "personal",
    "device_id": "personal",
    "subscriberid": "personal",
    "simserial": "personal",
    "phonenumber": "personal",
    "username": "personal",
    "email": "personal",
    "meta/instanceid": "record",
    "meta/instancename": "personal",
    "instanceid": "record",
    "instancename": "personal",
    "meta/deprecatedid": "platform",
}
_KOBO_SIGNS = frozenset(_KOBO) - {"_id", "_status", "_version", "_index", "rootuuid"}
_RESPONDENT = ("_uuid", "key", "meta/instanceid", "instanceid", "_id")
_PLACE = re.compile(r"(.*?)[_\-./](latitude|longitude|altitude|precision|accuracy)", re.IGNORECASE)
_REFUSED = re.compile(r"rejected|(?:validation_status_)?not[_ ]approved", re.IGNORECASE)


def _recognise(table: RawTable) -> str | None:
    if table.described:
        return None
    names = [_own(heading) for heading in table.heading]
    signs = [place for place, name in enumerate(names) if name in _KOBO_SIGNS]
    if signs and sum(name in _KOBO for name in names) > 1:
        found = listed([shown(trimmed(table.heading[place])) for place in signs], 3)
        return f"It has columns that KoboToolbox adds: {found}"
    # In a sheet of a repeated group Central keeps nothing but the keys.
    if "key" in names and {"submissiondate", "meta/instanceid", "parent_key"} & set(names):
        return "It has the columns that ODK Central adds: KEY and those beside it"
    return None


def _own(heading: str) -> str:
    """Return the name of a column as the platform has it, for comparison."""
    name = trimmed(heading).lower()
    name = re.sub(r"^x(?=_{1,2}[a-z])", "", name)
    name = re.sub(r"^meta[-./](?=instance|deprecated|rootuuid)", "meta/", name)
    return {"formhub.uuid": "formhub/uuid", "submission_date": "submissiondate"}.get(name, name)


def _read(table: RawTable, dictionary: Path | None) -> Export:
    del dictionary
    why = _recognise(table) or "Named as the platform"
    names = [_own(heading) for heading in table.heading]
    central = "key" in names
    columns = _columns(table.heading, names, central=central)
    places = {name: place for place, name in reversed(list(enumerate(names)))}
    records, unread = _records(table, places, central=central)
    entries = [
        *unread,
        *_reviewed(table, places),
        *_repeats(table, places),
        blanks_left_open("An export of KoboToolbox or ODK"),
    ]
    respondent = next((places[name] for name in _RESPONDENT if name in places), None)
    if "parent_key" in places or "_parent_index" in places:
        respondent = places.get("key", places.get("_index"))
    return Export("kobo", why, table.with_entries(*entries), columns, records, respondent)


def _columns(
    headings: Sequence[str], names: Sequence[str], *, central: bool
) -> tuple[ExportColumn, ...]:
    roles = {**_KOBO, **_FORM, **(_CENTRAL if central else {})}
    located = _located(headings)
    paths = QuestionPaths(
        [heading for heading, name in zip(headings, names, strict=True) if name not in roles],
        dashes=central,
    )
    columns = []
    for heading, name in zip(headings, names, strict=True):
        if name in roles or trimmed(heading) in located:
            columns.append(ExportColumn(heading, roles.get(name, "personal")))
        else:
            columns.append(paths.column(heading))
    return tuple(columns)


def _located(headings: Sequence[str]) -> set[str]:
    """Return the headings of places: the parts of a position, and the column they come from."""
    bare = {trimmed(heading) for heading in headings}
    parts = {heading: match for heading in bare if (match := _PLACE.fullmatch(heading))}
    wholes = {match[1].lstrip("_") for match in parts.values()} - {""}
    return {*parts, *(heading for heading in bare if heading in wholes)}


def _records(
    table: RawTable, places: dict[str, int], *, central: bool
) -> tuple[pd.DataFrame, list[LogEntry]]:
    sent = places.get("submissiondate" if central else "_submission_time")
    submitted = places.get("end") if sent is None else sent
    records, entries = read_records(table, started=places.get("start"), submitted=submitted)
    # Forms are filled in offline and sent later, and start is local time where a label export
    # has dropped the offset: only the form's own end says how long it took.
    records = records.drop(columns="duration", errors="ignore")
    if {"start", "end"} <= places.keys():
        own, _ = read_records(table, started=places["start"], submitted=places["end"])
        records["duration"] = own["duration"]
    return records[[name for name in RECORDS if name in records]], entries


def _reviewed(table: RawTable, places: dict[str, int]) -> list[LogEntry]:
    """Count what a reviewer turned down; whether it counts is not for a reader to decide."""
    entries = []
    for name in ("_validation_status", "reviewstate"):
        if name in places:
            column = table.columns[places[name]]
            refused = column.marked([bool(_REFUSED.fullmatch(text)) for text in column.trimmed])
            count = int(refused.sum())
            if count:
                heading = table.heading[places[name]]
                what = f"{counted(count, 'row')} marked as rejected in {shown(heading)}; kept."
                why = "Leave them out of the file if they are not to be counted."
                entries.append(LogEntry("rows", heading, count, what, why))
    return entries


def _repeats(table: RawTable, places: dict[str, int]) -> list[LogEntry]:
    for name in ("_parent_index", "parent_key"):
        if name in places:
            heading = table.heading[places[name]]
            what = "The rows are those of a repeated group, not of respondents."
            why = f"{shown(heading)} says which submission each belongs to."
            return [LogEntry("rows", heading, len(table.rows), what, why)]
    return []


KOBO = Platform("kobo", "KoboToolbox or ODK Central", _recognise, _read)
