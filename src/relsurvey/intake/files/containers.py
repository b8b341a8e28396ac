"""What kind of file it is, and the reader that turns it into a table of texts.

A reader is a function of a path, and of a function that counts the wanted columns in a heading.
It returns a `RawTable`: headings and cells as text, and what it did. A reader for a further kind
of file goes into a module of its own, imitates ``text_file`` and is entered in ``CONTAINERS``.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from relsurvey.errors import IntakeError, suggested_file
from relsurvey.files import sha256_of
from relsurvey.intake.files.other_programs import refuse_other_program
from relsurvey.intake.log import LogEntry
from relsurvey.intake.table import ColumnsFound, RawTable

__all__ = ["CONTAINERS", "Container", "read_container", "require_file"]

_NAMES_COMPARED = 1_000


@dataclass(frozen=True)
class Container:
    """One kind of file.

    Attributes
    ----------
    suffixes : tuple of str
        What its names end in.
    magic : tuple of bytes
        What its bytes begin with; they go before the name.
    module, function : str
        Its reader, loaded when first used: some stand on libraries that take long to load.
    """

    suffixes: tuple[str, ...]
    magic: tuple[bytes, ...]
    module: str
    function: str

    def read(self, path: Path, columns_found: ColumnsFound | None) -> RawTable:
        """Read a file."""
        module = import_module(f"relsurvey.intake.files.{self.module}")
        reader: Callable[[Path, ColumnsFound | None], RawTable] = getattr(module, self.function)
        return reader(path, columns_found)


CONTAINERS = {
    "workbook": Container(
        (".xlsx", ".xlsm", ".xltx", ".xltm"), (b"PK\x03\x04",), "workbook", "read_workbook"
    ),
    "parquet": Container((".parquet", ".pq"), (b"PAR1",), "parquet_file", "read_parquet_file"),
    "spss": Container((".sav", ".zsav"), (b"$FL2", b"$FL3"), "labelled_file", "read_spss_file"),
    "stata": Container((".dta",), (b"<stata_dta>",), "labelled_file", "read_stata_file"),
    "text": Container((), (), "text_file", "read_text_file"),
}


def read_container(
    path: Path, container: str | None = None, columns_found: ColumnsFound | None = None
) -> RawTable:
    """Read a file as a table of texts.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    container : str, optional
        One of `CONTAINERS`; found from the file's first bytes and its name if not given.
    columns_found : callable, optional
        Counts the wanted columns in a heading; it settles which sheet of a workbook is meant.

    Returns
    -------
    RawTable
        At least one row.

    Raises
    ------
    IntakeError
        Where there is no such file, it cannot be read, or it holds nothing under its heading.
    """
    try:
        require_file(path)
        if container is None:
            refuse_other_program(path)
        container = container or _detected(path)
        with ThreadPoolExecutor(1) as thread:
            hashed = thread.submit(sha256_of, path)
            table = CONTAINERS[container].read(path, columns_found)
            digest = hashed.result()
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
    table = table.replaced(digest=digest, container=container)
    return table.with_entries(LogEntry("file", "", 1, f"Its SHA-256 is {digest}."))


def require_file(path: Path) -> None:
    """Make sure that a file the user named is there.

    Parameters
    ----------
    path : pathlib.Path
        An export, or a dictionary beside it.

    Raises
    ------
    IntakeError
        Where it is a folder, a link to nothing, no file, or not there; with a near name.
    """
    if path.is_dir():
        raise IntakeError(f"{path} is a folder.", hint="Name the file in it.")
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
    """Tell the kind by the first bytes, then by the name; all else is text."""
    with path.open("rb") as stream:
        start = stream.read(16)
    for name, container in CONTAINERS.items():
        if start.startswith(container.magic):
            return name
    suffix = path.suffix.lower()
    named = (name for name, one in CONTAINERS.items() if suffix in one.suffixes)
    return next(named, "text")
