"""Cells longer than a spreadsheet allows, found before anything is unpacked into memory.

Excel's own limit is 32,767 characters a cell (Microsoft, "Excel specifications and limits"). A
part that is far larger packed small is nothing but such a cell, or made to fill the memory.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from relsurvey.errors import IntakeError

__all__ = ["MOST_CHARACTERS", "refuse_bomb", "refuse_long_cells", "too_long"]

MOST_CHARACTERS = 32_767
MOST_PACKED = 200
BIG = 100_000_000
# Smaller parts are read whole without harm; their cells are looked at one by one.
BIG_PART = 20_000_000
# A character takes ten bytes at most, as &#x10FFFF; does.
_MOST_BYTES = 10 * MOST_CHARACTERS
_BLOCK = 1 << 20
_PARTS = ("xl/sharedStrings", "xl/worksheets/")
_CELL = re.compile(rb'<(?:\w+:)?c\b[^<>]*?\br="([A-Z]{1,3}[0-9]{1,7})"')


def too_long(path: Path, where: str, size: str) -> IntakeError:
    """Return the error for a cell that no spreadsheet could have saved.

    Parameters
    ----------
    path : pathlib.Path
        The workbook.
    where : str
        The cell, or the part of the workbook.
    size : str
        How much it holds.
    """
    return IntakeError(
        f"{path.name}: {where} holds {size}; a spreadsheet allows {MOST_CHARACTERS:,} characters "
        "a cell.",
        hint="No answer is that long. Shorten or empty the cell and save the workbook again, or "
        "export the answers as CSV.",
    )


def refuse_bomb(path: Path, size: int) -> None:
    """Raise where a big workbook unpacks to far more than tables of answers do.

    Parameters
    ----------
    path : pathlib.Path
        The workbook.
    size : int
        Bytes it unpacks to.

    Raises
    ------
    IntakeError
        Above 100 MB and 200 times its packed size.
    """
    packed = path.stat().st_size
    if size > BIG and size > MOST_PACKED * packed:
        raise IntakeError(
            f"{path.name} has {packed / 1e6:,.1f} MB and unpacks to {size / 1e6:,.0f} MB, which "
            "tables of answers do not; it may be made to fill the memory.",
            hint="Do not open it before you know where it comes from; or save the sheet with the "
            "answers as CSV.",
        )


def refuse_long_cells(path: Path) -> None:
    """Raise where a big part of a workbook holds a text that is too long for a cell.

    Parameters
    ----------
    path : pathlib.Path
        A zip archive.

    Raises
    ------
    IntakeError
        With the cell, where it stands in the sheet itself.
    """
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if entry.file_size > BIG_PART and entry.filename.startswith(_PARTS):
                _check(path, archive, entry)


def _check(path: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Read a part block by block, and measure what stands between two tags."""
    length, before = 0, b""
    with archive.open(entry) as stream:
        while block := stream.read(_BLOCK):
            first, *rest = block.split(b"<")
            length += len(first)
            if length > _MOST_BYTES:
                raise too_long(path, _cell(entry.filename, before), "a longer text")
            if max(map(len, rest), default=0) > _MOST_BYTES:
                for place, piece in enumerate(rest):
                    if len(piece.partition(b">")[2]) > _MOST_BYTES:
                        so_far = before + b"<" + b"<".join(rest[: place + 1])
                        raise too_long(path, _cell(entry.filename, so_far), "a longer text")
            if rest:
                length = len(rest[-1].partition(b">")[2])
                before = block


def _cell(part: str, content: bytes) -> str:
    """Name the last cell that begins in the content; shared strings do not say which it is."""
    names = _CELL.findall(content)
    return f"cell {names[-1].decode()} ({part})" if names else f"a cell ({part})"
