"""The readers of export files, one a platform, and which of them a file is given to.

A reader is a function of a path, and of a function that counts the wanted columns in a heading.
It returns a `RawTable`: headings and cells as text, and what it did. A reader for a further
platform goes into a module of its own, imitates ``text_file`` and is entered in ``READERS``.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

from relsurvey.errors import IntakeError, listed, suggested_file, suggestion
from relsurvey.files import sha256_of
from relsurvey.intake.log import LogEntry
from relsurvey.intake.table import ColumnsFound, RawTable
from relsurvey.intake.text_file import read_text_file

__all__ = ["PLATFORMS", "READERS", "read_export"]

_WORKBOOK_SUFFIXES = {".xlsx", ".xlsm", ".xltx", ".xltm"}
_NAMES_COMPARED = 1_000


def _read_csv(path: Path, columns_found: ColumnsFound | None) -> RawTable:
    del columns_found
    return read_text_file(path)


def _read_xlsx(path: Path, columns_found: ColumnsFound | None) -> RawTable:
    # Here, because openpyxl takes longer to load than a small CSV file takes to read.
    from relsurvey.intake.workbook import read_workbook

    return read_workbook(path, columns_found)


READERS: dict[str, Callable[[Path, ColumnsFound | None], RawTable]] = {
    "csv": _read_csv,
    "xlsx": _read_xlsx,
}
PLATFORMS = ("auto", *READERS)


def read_export(
    path: Path, platform: str = "auto", columns_found: ColumnsFound | None = None
) -> RawTable:
    """Read an export file as text.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    platform : {"auto", "csv", "xlsx"}
        Which reader; "auto" looks at the file.
    columns_found : callable, optional
        Counts the wanted columns in a heading; it settles which sheet of a workbook is meant.

    Returns
    -------
    RawTable
        At least one row.

    Raises
    ------
    IntakeError
        Where there is no such platform or file, it cannot be read, or holds no answers.
    """
    if platform not in PLATFORMS:
        near = suggestion(str(platform), PLATFORMS)
        guess = f"Did you mean {near!r}? " if near else ""
        raise IntakeError(
            f"There is no platform {platform!r}.", hint=f"{guess}Allowed: {listed(PLATFORMS)}."
        )
    try:
        _require_file(path)
        reader = READERS[_detected(path) if platform == "auto" else platform]
        table = reader(path, columns_found)
        digest = sha256_of(path)
    except OSError as problem:
        raise IntakeError(
            f"{path} cannot be read: {problem.strerror or problem}.",
            hint="Check that you may read it, and that no other program holds it open.",
        ) from problem
    if not len(table.rows):
        raise IntakeError(
            f"{path.name} has a heading and no answers under it.",
            hint="Check the filter of the export; incomplete answers may have been left out.",
        )
    table = table.replaced(digest=digest)
    return table.with_entries(LogEntry("file", "", 1, f"Its SHA-256 is {digest}."))


def _require_file(path: Path) -> None:
    if path.is_dir():
        raise IntakeError(f"{path} is a folder.", hint="Name the export file in it.")
    if path.is_symlink() and not path.exists():
        raise IntakeError(
            f"{path} is a link to {path.readlink()}, which is not there.",
            hint="Make the link again, or name the file itself.",
        )
    if not path.exists():
        raise IntakeError(f"There is no file {path}.", hint=_near_file(path))
    if not path.is_file():
        raise IntakeError(f"{path} is not a file.")


def _near_file(path: Path) -> str:
    if not path.parent.is_dir():
        return f"There is no folder {path.parent} either."
    names = [entry.name for entry in itertools.islice(path.parent.iterdir(), _NAMES_COMPARED)]
    near = suggested_file(path.name, sorted(names))
    return f"Did you mean {near}?" if near else "Check the name and the folder."


def _detected(path: Path) -> str:
    """Tell a workbook by its first bytes or by its name; all else is text."""
    with path.open("rb") as stream:
        packed = stream.read(4) == b"PK\x03\x04"
    return "xlsx" if packed or path.suffix.lower() in _WORKBOOK_SUFFIXES else "csv"
