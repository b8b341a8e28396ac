"""Which platform an export comes from, found from its first rows, and what that makes of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from relsurvey.errors import IntakeError, listed, suggestion
from relsurvey.intake.companions import companion_in, refuse_as_answers
from relsurvey.intake.export import Export, Platform
from relsurvey.intake.files.containers import read_container
from relsurvey.intake.log import READ_AS, LogEntry
from relsurvey.intake.platforms import KINDS, PLATFORMS
from relsurvey.intake.platforms.plain import PLAIN
from relsurvey.intake.table import ColumnsFound, RawTable

__all__ = ["PLATFORM_NAMES", "read_export"]

PLATFORM_NAMES = ("auto", *PLATFORMS, *KINDS)


def read_export(
    path: Path,
    platform: str = "auto",
    columns_found: ColumnsFound | None = None,
    dictionary: Path | None = None,
) -> Export:
    """Read an export, and let its platform say what its rows and columns are.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    platform : str
        Name of a platform; "auto" recognises it from the file's first rows. "csv", "xlsx" and
        "parquet" read a table as it stands, with one heading and nothing of any platform.
    columns_found : callable, optional
        Counts the wanted columns in a heading; it settles which sheet of a workbook is meant.
    dictionary : pathlib.Path, optional
        A file that says what the columns hold: a .qsf, a data dictionary.

    Returns
    -------
    Export
        At least one row.

    Raises
    ------
    IntakeError
        Where there is no such platform or file; the file is not the platform's that was named;
        it cannot be read, or holds no answers.
    """
    name = _known(platform)
    try:
        table = read_container(path, KINDS.get(name), columns_found)
    except IntakeError:
        refuse_as_answers(path)
        raise
    if name in KINDS:
        chosen, why = PLAIN, "Read as a plain table, as asked for"
    else:
        chosen, why = _recognised(table) if name == "auto" else _asked_for(name, table)
    if dictionary is not None and not chosen.dictionary:
        raise IntakeError(
            f"{path.name} was read as {chosen.title}, which has no dictionary file; {dictionary} "
            "was named as one.",
            hint="Leave out the dictionary, or name the platform with --platform / platform=.",
        )
    if dictionary is not None:
        _refuse_dictionary(chosen, path, dictionary)
    export = chosen.read(table.with_entries(_entry(chosen, why)), dictionary)
    if not len(export.table.rows):
        raise IntakeError(
            f"{path.name} holds no respondents: every row under the heading was left out.",
            hint=" ".join(entry.what for entry in export.table.entries if entry.step == "rows"),
        )
    return replace(export, platform=name if name in KINDS else chosen.name, why=why)


def _known(name: str) -> str:
    folded = "".join(filter(str.isalnum, str(name).lower()))
    names = {**{one: one for one in PLATFORM_NAMES}, **_ALIASES}
    if folded in names:
        return names[folded]
    near = suggestion(str(name), PLATFORM_NAMES)
    guess = f"Did you mean {near!r}? " if near else ""
    raise IntakeError(
        f"There is no platform {name!r}.", hint=f"{guess}Allowed: {listed(PLATFORM_NAMES, 30)}."
    )


_ALIASES = {
    "microsoftforms": "msforms",
    "jisconlinesurveys": "jisc",
    "onlinesurveys": "jisc",
    "bos": "jisc",
    "odk": "kobo",
    "kobotoolbox": "kobo",
    "sav": "spss",
    "dta": "stata",
    "excel": "xlsx",
}


def _recognised(table: RawTable) -> tuple[Platform, str]:
    for platform in PLATFORMS.values():
        why = platform.recognise(table)
        if why:
            return platform, why
    return PLAIN, "Nothing in its first rows points to a platform"


def _asked_for(name: str, table: RawTable) -> tuple[Platform, str]:
    """Take the platform that was named, unless the file is plainly another's."""
    platform = PLATFORMS[name]
    why = platform.recognise(table)
    if why:
        return platform, why
    other, reason = _recognised(table)
    if other is not PLAIN:
        raise IntakeError(
            f"{table.path.name} is not from {platform.title}; it looks like {other.title}: "
            f"{reason}.",
            hint=f"Leave out the platform, or name {other.name}; csv reads a table as it stands.",
        )
    return platform, "Taken for it because the platform was named"


def _refuse_dictionary(platform: Platform, path: Path, dictionary: Path) -> None:
    """Refuse a dictionary that plainly is another platform's."""
    found = companion_in(dictionary)
    if found is not None and found.platform != platform.name:
        raise IntakeError(
            f"{dictionary.name} is {found.what} in {found.title}; {path.name} was read as "
            f"{platform.title}.",
            hint=f"Name {platform.dictionary} as the dictionary, or leave it out.",
        )


def _entry(platform: Platform, why: str) -> LogEntry:
    what = f"{READ_AS} {platform.title}."
    return LogEntry("platform", "", 1, what, f"{why}.")
