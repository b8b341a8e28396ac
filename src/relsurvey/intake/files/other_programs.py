"""Files of programs that are not read: told by their first bytes or their name, with a way on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from relsurvey.errors import IntakeError
from relsurvey.intake.files.encoding import looks_like_text

__all__ = ["refuse_other_program"]

_START = 512


@dataclass(frozen=True)
class _Program:
    what: str
    suffixes: tuple[str, ...]
    remedy: str
    magic: bytes = b""


_AS_CSV = "save it as .xlsx or as CSV (UTF-8)"
_PROGRAMS = (
    _Program(
        "an SPSS portable file",
        (".por",),
        "Open it in SPSS or PSPP and save it as .sav.",
        b"ASCII SPSS PORT FILE",
    ),
    _Program(
        "a SAS data set",
        (".sas7bdat",),
        "Open it in SAS, or in R with the package haven, and save it as CSV (UTF-8) or .sav.",
        b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\x00",
    ),
    _Program(
        "a SAS transport file",
        (".xpt",),
        "Open it in SAS, or in R with the package haven, and save it as CSV (UTF-8) or .sav.",
        b"HEADER RECORD*******LIB",
    ),
    _Program(
        "an OpenDocument spreadsheet",
        (".ods",),
        f"Open it in LibreOffice and {_AS_CSV}.",
        b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
    ),
    _Program("a Numbers document", (".numbers",), f"Open it in Numbers and {_AS_CSV}."),
    _Program("a binary Excel workbook", (".xlsb",), f"Open it in Excel and {_AS_CSV}."),
    _Program(
        "a file of R",
        (".rds", ".rdata", ".rda"),
        "Open it in R and save the data frame as CSV, such as with write.csv(), or as .sav.",
    ),
    _Program("a ZIP archive", (".zip",), "Unpack it, and name the file with the answers in it."),
)


def refuse_other_program(path: Path) -> None:
    """Raise where a file is of a program whose files are not read.

    Parameters
    ----------
    path : pathlib.Path
        A file that is there.

    Raises
    ------
    IntakeError
        What it is, and how to save it so that it is read.
    """
    with path.open("rb") as stream:
        start = stream.read(_START)
    suffix = path.suffix.lower()
    for program in _PROGRAMS:
        # A table of text is read, whatever its name says.
        named = suffix in program.suffixes and not looks_like_text(start)
        if named or (program.magic and program.magic in start):
            raise IntakeError(
                f"{path.name} is {program.what}, which is not read.", hint=program.remedy
            )
