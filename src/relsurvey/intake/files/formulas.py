"""Formulas in a workbook whose result was never saved: they look like empty cells, and are not."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

__all__ = ["formulas_without_result"]

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_BLOCK = 1 << 20


def formulas_without_result(path: Path, part: str) -> list[dict[str, str]]:
    """List the cells of a sheet that hold a formula and no result.

    A program that computes (a spreadsheet) saves the result beside the formula; one that only
    writes files (a script) does not.

    Parameters
    ----------
    path : pathlib.Path
        The workbook.
    part : str
        The sheet's name inside the archive.

    Returns
    -------
    list of dict
        ``cell`` (such as "C7") and ``formula``.
    """
    with zipfile.ZipFile(path) as archive:
        with archive.open(part) as stream:
            if not _mentions_formula(stream):
                return []
        with archive.open(part) as stream:
            return _unresolved(stream)


def _mentions_formula(stream: Any) -> bool:
    tail = b""
    while block := stream.read(_BLOCK):
        if b"<f>" in tail + block or b"<f " in tail + block:
            return True
        tail = block[-2:]
    return False


def _unresolved(stream: Any) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for _, element in ET.iterparse(stream):  # noqa: S314  # size and entities: seen to
        if element.tag == f"{_MAIN}c":
            formula = element.find(f"{_MAIN}f")
            result = element.findtext(f"{_MAIN}v") or element.find(f"{_MAIN}is")
            # A text result may be the empty text: that one is an answer left open.
            if formula is not None and not result and element.get("t") != "str":
                found.append({"cell": element.get("r", ""), "formula": f"={formula.text or ''}"})
        elif element.tag == f"{_MAIN}row":
            element.clear()
    return found
