"""SurveyXact: a dataset of codes, with its labels and its structure in two files beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from relsurvey.errors import IntakeError, listed
from relsurvey.intake.export import Export, ExportColumn, Platform, Role
from relsurvey.intake.fold import shown, trimmed
from relsurvey.intake.log import LogEntry
from relsurvey.intake.platforms.surveyxact.files import (
    Variable,
    companion,
    is_labels,
    is_structure,
    read_companion,
    read_labels,
    read_structure,
)
from relsurvey.intake.respondents import read_records
from relsurvey.intake.table import RawTable
from relsurvey.text import counted

__all__ = ["SURVEYXACT"]

# The overall status, one column each (structure files of real exports): new, sent out, some
# answers, completed, dropped out.
_STATUS = ("stato_1", "stato_2", "stato_3", "stato_4", "stato_5")
_NOT_BEGUN, _COMPLETED = _STATUS[:2], _STATUS[3]
# How the text of what is known of a respondent beforehand begins: an id, a name, an address.
_CONTACT = re.compile(r"Kontaktopp?lysninger|Contact information", re.IGNORECASE)
_MOST_UNKNOWN = 0.25


def _recognise(table: RawTable) -> str | None:
    if is_structure(table):
        return "Its headings are those of a structure file"
    if is_labels(table):
        return "It lists the labels of variables"
    if set(_STATUS) <= set(map(trimmed, table.heading)):
        return "It has the columns stato_1 to stato_5 of the overall status"
    if "dataset" in table.path.stem.lower():
        names = [
            beside.path.name
            for kind in ("structure", "labels")
            if (beside := companion(table.path, kind)) is not None
        ]
        if names:
            return f"Its {' and '.join(names)} lie beside it"
    return None


def _read(table: RawTable, dictionary: Path | None) -> Export:
    why = _recognise(table)
    _refuse_companion(table)
    if why is None and dictionary is None:
        raise IntakeError(
            f"{table.path.name} is no dataset of SurveyXact: it has no columns stato_1 to "
            "stato_5, and neither labels nor structure lie beside it.",
            hint="Put the three files dataset, labels and structure in one folder, or name the "
            "labels or the structure as the dictionary.",
        )
    variables, entries = _variables(table, dictionary)
    table = table.replaced(heading=tuple(map(trimmed, table.heading))).with_entries(*entries)
    table = _begun(table)
    places = {name: place for place, name in enumerate(table.heading)}
    records, told = read_records(table, finished=_finished(table, places))
    told_of_all = any(one.question for one in variables.values())
    columns = tuple(
        _column(name, variables.get(name), described=told_of_all) for name in table.heading
    )
    table = table.with_entries(*told, *_limits(columns, variables))
    return Export("surveyxact", why or "Named with a dictionary", table, columns, records)


def _refuse_companion(table: RawTable) -> None:
    what = "structure" if is_structure(table) else "labels" if is_labels(table) else ""
    if what:
        raise IntakeError(
            f"{table.path.name} holds the {what} of a SurveyXact survey, not its answers.",
            hint="Give the dataset of the same export as the file; labels and structure in its "
            "folder are found, or name one of them as --dictionary / dictionary=.",
        )


def _variables(
    table: RawTable, named: Path | None
) -> tuple[Mapping[str, Variable], list[LogEntry]]:
    """Return what labels and structure say, as far as they are there and belong to the data."""
    files = _files(table, named)
    structure = files.get("structure")
    variables = read_structure(structure) if structure is not None else {}
    if "labels" in files:
        for name, choices in read_labels(files["labels"]).items():
            variables[name] = replace(variables.get(name, Variable()), choices=choices)
    names = listed([one.path.name for one in files.values()])
    if not files:
        why = "Put them beside the data, or name one of them as the dictionary."
        return {}, [LogEntry("platform", "", 0, "Neither labels nor structure.", why)]
    unknown = _unknown(table, variables, whole=structure is not None)
    if not unknown:
        what = f"{counted(len(variables), 'variable')} described by {names}."
        return variables, [LogEntry("platform", "", len(variables), what, "They fit the data.")]
    if named is None:
        why = f"They do not fit the data: {listed([shown(name) for name in unknown])}."
        return {}, [LogEntry("platform", "", 0, f"{names} not used.", why)]
    raise IntakeError(
        f"{names} do not belong to {table.path.name}: "
        f"{counted(len(unknown), 'variable')} in one of them only: "
        f"{listed([shown(name) for name in unknown])}.",
        hint="Name labels or structure of the same export, or leave them out.",
        failures=[{"variable": name, "problem": "only in one of the files"} for name in unknown],
    )


def _files(table: RawTable, named: Path | None) -> dict[str, RawTable]:
    start = table.path if named is None else named
    files = {kind: companion(start, kind) for kind in ("structure", "labels")}
    if named is not None:
        own = read_companion(named)
        if not (is_structure(own) or is_labels(own)):
            raise IntakeError(
                f"{named.name} is neither the structure nor the labels of a SurveyXact survey.",
                hint="A structure begins with questionName, variableName; labels have three "
                "columns: variable, value, label.",
            )
        files["structure" if is_structure(own) else "labels"] = own
    return {kind: one for kind, one in files.items() if one is not None}


def _unknown(table: RawTable, variables: Mapping[str, Variable], *, whole: bool) -> list[str]:
    """Return what only one side knows, where it is too much for one export."""
    heading = list(map(trimmed, table.heading))
    # Labels are there for closed questions only, a structure for every variable.
    alone = (
        [name for name in heading if name not in variables]
        if whole
        else [name for name in variables if name not in heading]
    )
    return alone if len(alone) > _MOST_UNKNOWN * (len(heading) if whole else len(variables)) else []


def _begun(table: RawTable) -> RawTable:
    """Leave out the people who were sent the survey and never opened it."""
    places = [place for place, name in enumerate(table.heading) if name in _NOT_BEGUN]
    if not places:
        return table
    waiting = np.logical_or.reduce([_ticked(table, place) for place in places])
    count = int(waiting.sum())
    if not count:
        return table
    what = f"{counted(count, 'row')} left out: new, or sent out and not opened."
    entry = LogEntry("rows", "", count, what, "The overall status says so; nobody answered there.")
    return table.taken(~waiting).with_entries(entry)


def _finished(table: RawTable, places: Mapping[str, int]) -> NDArray[np.bool_] | None:
    return _ticked(table, places[_COMPLETED]) if _COMPLETED in places else None


def _ticked(table: RawTable, place: int) -> NDArray[np.bool_]:
    column = table.columns[place]
    return column.marked([text == "1" for text in column.trimmed])


def _column(name: str, known: Variable | None, *, described: bool) -> ExportColumn:
    role: Role = "platform" if name in _STATUS else "answer"
    if known is None:
        # What the structure leaves out was known of people beforehand: in a real export their
        # names and e-mail addresses.
        left_out = described and role == "answer"
        return ExportColumn(name, "personal" if left_out else role)
    if _CONTACT.match(known.stem or known.text):
        role = "personal"
    return ExportColumn(name, role, (), "", known.stem, known.text, known.choices)


def _limits(columns: Sequence[ExportColumn], variables: Mapping[str, Variable]) -> list[LogEntry]:
    boxes = sum(
        column.role == "answer" and column.name in variables and variables[column.name].multiple
        for column in columns
    )
    what = "A blank cell may be not answered, or not shown."
    entries = [LogEntry("answers", "", 0, what, "SurveyXact does not tell them apart.")]
    if boxes:
        what = f"{counted(boxes, 'column')} with a box to tick: 0 is not ticked or not answered."
        entries.append(LogEntry("answers", "", boxes, what, "SurveyXact writes 0 for both."))
    return entries


SURVEYXACT = Platform(
    "surveyxact",
    "SurveyXact",
    _recognise,
    _read,
    dictionary="the labels or the structure of the export",
)
