"""The dictionary that belongs to an export: the one that was named, or one that lies beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from relsurvey.errors import IntakeError, RelSurveyError, listed
from relsurvey.intake.fold import shown
from relsurvey.intake.log import LogEntry
from relsurvey.intake.platforms.redcap.dictionary import Field, read_dictionary
from relsurvey.intake.platforms.redcap.headings import fields_of, headings_of
from relsurvey.intake.table import RawTable
from relsurvey.text import counted

__all__ = ["find_dictionary"]

# Project_DATA_2024-05-01_1200.csv and Project_DATA_LABELS_..., as REDCap names its downloads.
_DATA_NAME = re.compile(r"(?:^|[_ -])data(?:[_ -]labels)?(?=$|[_ -])", re.IGNORECASE)
_DICTIONARY_NAME = r"(?:^|[_ -])(?:data[_ -]?)?(?:dictionary|metadata)(?:$|[_ -])"
_SUFFIXES = (".csv", ".xlsx")
# Reports may hold columns that were added by hand; more than this share are another project's.
_MOST_UNKNOWN = 0.25


def find_dictionary(
    table: RawTable, named: Path | None, *, labels: bool
) -> tuple[Mapping[str, Field], list[LogEntry]]:
    """Return the fields of the project, as far as a dictionary says.

    A dictionary beside the data is used where its name begins as that of the data does
    (``Project_DATA_...`` and ``Project_DataDictionary_...``), it is the only one, and every
    column of the data is in it.

    Parameters
    ----------
    table : RawTable
        The export.
    named : pathlib.Path or None
        The dictionary that the user named.
    labels : bool
        Whether the headings of the export are labels.

    Returns
    -------
    fields : dict of str to Field
        Empty without a dictionary.
    entries : list of LogEntry
        Which dictionary it is, and what it does not know.

    Raises
    ------
    IntakeError
        Where the dictionary that was named cannot be read, or is another project's; then
        ``.failures`` lists the columns that are not in it.
    """
    if named is not None:
        fields = read_dictionary(named)
        unknown = _unknown(table, fields, labels=labels)
        if _of_another(table, fields, unknown, labels=labels):
            raise _another_project(table, named, unknown)
        return fields, [_used(named, fields, "It was named."), *_not_in_it(unknown)]
    beside = _beside(table.path)
    if len(beside) != 1:
        return {}, [_none(beside)]
    try:
        fields = read_dictionary(beside[0])
    except RelSurveyError:
        return {}, [_unfit(beside[0], "It is not a dictionary.")]
    if _unknown(table, fields, labels=labels):
        return {}, [_unfit(beside[0], "Some columns of the data are not in it.")]
    return fields, [_used(beside[0], fields, "It lies beside the data and fits them.")]


def _unknown(table: RawTable, fields: Mapping[str, Field], *, labels: bool) -> list[str]:
    """Return the headings of fields that the dictionary does not have."""
    found = headings_of(table, fields)
    matched = fields_of(found, fields, labels=labels)
    return [
        table.heading[place]
        for place, (one, field) in enumerate(zip(found, matched, strict=True))
        if one.kind in ("record", "field", "box") and field is None
    ]


def _of_another(
    table: RawTable, fields: Mapping[str, Field], unknown: list[str], *, labels: bool
) -> bool:
    found = headings_of(table, fields)
    of_project = sum(one.kind in ("record", "field", "box") for one in found)
    # The status of a form that the dictionary does not have looks like a field it does not have.
    forms = not labels and any(text.endswith("_complete") for text in unknown)
    first = table.heading[0] in unknown
    return forms or first or len(unknown) > _MOST_UNKNOWN * of_project


def _another_project(table: RawTable, path: Path, unknown: list[str]) -> IntakeError:
    return IntakeError(
        f"{path.name} is not the dictionary of {table.path.name}: "
        f"{counted(len(unknown), 'column')} of the data not in it: "
        f"{listed([shown(text) for text in unknown])}.",
        hint="Name the dictionary of the project that the data come from, downloaded at the same "
        "time; or leave it out.",
        failures=[{"column": text, "problem": "not in the dictionary"} for text in unknown],
    )


def _beside(path: Path) -> list[Path]:
    marks = list(_DATA_NAME.finditer(path.stem))
    if not marks:
        return []
    prefix = path.stem[: marks[-1].start()]
    name = re.compile(re.escape(prefix) + _DICTIONARY_NAME, re.IGNORECASE)
    return sorted(
        one
        for one in path.parent.iterdir()
        if one != path and one.suffix.lower() in _SUFFIXES and name.match(one.stem)
    )


def _used(path: Path, fields: Mapping[str, Field], why: str) -> LogEntry:
    what = f"{counted(len(fields), 'field')} taken from the dictionary {path.name}."
    return LogEntry("platform", "", len(fields), what, why)


def _not_in_it(unknown: list[str]) -> list[LogEntry]:
    if not unknown:
        return []
    names = listed([shown(text) for text in unknown], 8)
    what = f"Warning: {counted(len(unknown), 'column')} not in the dictionary: {names}."
    return [LogEntry("columns", "", len(unknown), what, "Read as they stand.")]


def _none(beside: list[Path]) -> LogEntry:
    if beside:
        what = f"No dictionary used: {listed([one.name for one in beside])} lie beside the data."
        return LogEntry("platform", "", 0, what, "Name the right one as the dictionary.")
    why = "Codes mean what the instrument says; name the dictionary to have its labels checked."
    return LogEntry("platform", "", 0, "No data dictionary.", why)


def _unfit(path: Path, why: str) -> LogEntry:
    return LogEntry("platform", "", 0, f"{path.name} beside the data was not used.", why)
