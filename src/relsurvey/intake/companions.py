"""Files that come with an export and hold no answers: definitions, dictionaries, labels."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from relsurvey.errors import IntakeError
from relsurvey.intake.files.containers import read_container
from relsurvey.intake.platforms.redcap.dictionary import is_dictionary
from relsurvey.intake.platforms.surveyxact.files import is_labels, is_structure, read_companion
from relsurvey.intake.table import RawTable

__all__ = ["Companion", "companion_in", "refuse_as_answers"]

_BEGINNING = 65_536
_MARKS = (b'"SurveyEntry"', b'"SurveyElements"')
# Nothing of the kind is larger, and only files that could not be read as answers are looked at.
_LARGEST = 64_000_000


@dataclass(frozen=True)
class Companion:
    """A kind of file that comes with the exports of one platform.

    Attributes
    ----------
    platform, title : str
        Its platform, as it is named and as its users call it.
    what : str
        What it is: "a .qsf".
    """

    platform: str
    title: str
    what: str


_QSF = Companion("qualtrics", "Qualtrics", "a .qsf, the definition of a survey")
_DICTIONARY = Companion("redcap", "REDCap", "the data dictionary of a project")
_STRUCTURE = Companion("surveyxact", "SurveyXact", "the structure of a survey")
_LABELS = Companion("surveyxact", "SurveyXact", "the labels of a survey")


def companion_in(path: Path) -> Companion | None:
    """Return what kind of companion a file is, by what it holds; ``None`` where it is none.

    Parameters
    ----------
    path : pathlib.Path
        Any file, or none.
    """
    try:
        if path.stat().st_size > _LARGEST:
            return None
        with path.open("rb") as stream:
            start = stream.read(_BEGINNING)
    except (OSError, ValueError):
        return None
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        return _QSF if any(mark in start for mark in _MARKS) else None
    table = _table(path)
    if table is None:
        return None
    if is_dictionary(table.heading):
        return _DICTIONARY
    if is_structure(table):
        return _STRUCTURE
    return _LABELS if is_labels(table) else None


def _table(path: Path) -> RawTable | None:
    # The reader of answers takes workbooks as well, but no lines of uneven length.
    for read in (read_companion, read_container):
        try:
            return read(path)
        except (IntakeError, OSError, ValueError):
            continue
    return None


def refuse_as_answers(path: Path) -> None:
    """Say so where a file that cannot be read as answers is a companion of them.

    Parameters
    ----------
    path : pathlib.Path
        The file that was named as the export.

    Raises
    ------
    IntakeError
        Where it is one.
    """
    found = companion_in(path)
    if found is not None:
        raise IntakeError(
            f"{path.name} holds no answers: it is {found.what} in {found.title}.",
            hint="Give the exported data as the file, and this one as --dictionary / dictionary=.",
        )
