"""Parts of Word documents that python-docx has no call for, and packages without the hour in them.

Word and Excel files are ZIP archives, in which every part carries a time; without those, the same
content gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.run import Run

__all__ = [
    "EPOCH",
    "element",
    "flag",
    "own_font",
    "set_language",
    "set_size",
    "with_fixed_times",
]

EPOCH = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)  # the first day that a ZIP archive knows


def element(name: str, /, **attributes: str) -> Any:
    """Return an element such as ``w:bidi`` with its attributes."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def flag(parent: Any, name: str, before: Sequence[str] = ()) -> None:
    """Set a switch; Word wants the children of some elements in a fixed order."""
    parent.insert_element_before(element(name), *before)


def set_size(run: Run, points: float) -> None:
    """Set the size of a run in every script; those written right to left have one of their own."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run.font.size = Pt(points)
    size: Any = run._r.get_or_add_rPr().find(qn("w:sz"))
    size.addnext(element("w:szCs", val=str(round(2 * points))))


def own_font(style: Any, font: str) -> None:
    """Make a style's font and size hold for every script.

    The theme's fonts would win over the one that is named, and Arabic or Hebrew have a size of
    their own, which is 10 points where nothing is said.
    """
    from docx.oxml.ns import qn

    properties = style.element.rPr
    fonts = properties.rFonts
    for key in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{key}"), None)
    fonts.set(qn("w:cs"), font)
    for old in properties.findall(qn("w:szCs")):
        properties.remove(old)
    size = properties.find(qn("w:sz"))
    size.addnext(element("w:szCs", val=size.get(qn("w:val"))))


def set_language(document: Document, language: str) -> None:
    """Set the language of the whole document, for spelling and for screen readers."""
    from docx.oxml.ns import qn

    defaults = document.styles.element.find(qn("w:docDefaults"))
    properties = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    properties.append(element("w:lang", val=language, eastAsia=language, bidi=language))


def with_fixed_times(
    package: bytes,
    moment: dt.datetime = EPOCH,
    changed: Mapping[str, Callable[[bytes], bytes]] | None = None,
) -> bytes:
    """Return a ZIP package, every part of which has the same time.

    Parameters
    ----------
    package : bytes
        A DOCX or XLSX file.
    moment : datetime.datetime
        The time.
    changed : mapping of str to callable, optional
        What is done to the content of parts, by their names.

    Returns
    -------
    bytes
        The same parts in the same order.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(packed, "w") as target:
        for entry in source.infolist():
            fixed = zipfile.ZipInfo(entry.filename, max(moment, EPOCH).timetuple()[:6])
            fixed.compress_type = zipfile.ZIP_DEFLATED
            content = source.read(entry)
            change = (changed or {}).get(entry.filename)
            target.writestr(fixed, content if change is None else change(content))
    return packed.getvalue()
