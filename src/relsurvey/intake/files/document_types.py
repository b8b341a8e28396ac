"""Document types inside a workbook: they declare entities, and no spreadsheet writes one.

An entity that names others can unpack to gigabytes, and one that names a file can bring it in.
Entities are declared in a document type, which stands before the first element; so each part is
read up to there, by the parser that would expand them, and not one of them is expanded.
"""

from __future__ import annotations

import contextlib
import zipfile
from pathlib import Path
from typing import Any
from xml.parsers import expat

__all__ = ["parts_with_document_type"]

_BLOCK = 1 << 14


def parts_with_document_type(path: Path) -> list[str]:
    """List the parts of a workbook that begin with a document type.

    Parameters
    ----------
    path : pathlib.Path
        A zip archive.

    Returns
    -------
    list of str
        Names inside the archive; what is no XML has no document type.
    """
    with zipfile.ZipFile(path) as archive:
        return [entry.filename for entry in archive.infolist() if _declares(archive, entry)]


class _FoundError(Exception):
    """The parser came to a document type, or to the first element."""


def _declares(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    declared: list[bool] = []

    def stop(*, declares: bool) -> None:
        declared.append(declares)
        raise _FoundError

    parser: Any = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: stop(declares=True)
    parser.StartElementHandler = lambda *_: stop(declares=False)
    with (
        archive.open(entry) as stream,
        # What the parser cannot read is told by the reader of the workbook.
        contextlib.suppress(_FoundError, expat.ExpatError),
    ):
        while block := stream.read(_BLOCK):
            parser.Parse(block)
    return declared == [True]
