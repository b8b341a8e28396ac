"""Parts of a Word document that python-docx has no call for: direction, language, lines, boxes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

__all__ = [
    "BOX",
    "FONT",
    "as_box",
    "element",
    "flag",
    "line_to_write_on",
    "narrow_margins",
    "own_font",
    "set_language",
    "set_size",
]

FONT = "Arial"
BOX = "\N{BALLOT BOX}"
BOX_FONT = "Segoe UI Symbol"
BOX_SIZE = 20  # points


def element(name: str, **attributes: str) -> Any:
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


def narrow_margins(table: Any) -> None:
    """Leave a column of tick boxes room for its label, so that words are not broken."""
    margins = element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(element(f"w:{side}", w="28", type="dxa"))
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")


def as_box(run: Run) -> None:
    """Give a tick box a font that has the sign, and a size for a pen."""
    from docx.oxml.ns import qn

    run.font.name = BOX_FONT
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    for script in ("eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), BOX_FONT)
    set_size(run, BOX_SIZE)


def own_font(style: Any) -> None:
    """Make a style's font and size hold for every script.

    The theme's fonts would win over the one that is named, and Arabic or Hebrew have a size of
    their own, which is 10 points where nothing is said.
    """
    from docx.oxml.ns import qn

    properties = style.element.rPr
    fonts = properties.rFonts
    for key in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{key}"), None)
    fonts.set(qn("w:cs"), FONT)
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


def line_to_write_on(paragraph: Paragraph, *, short: bool) -> None:
    """Draw a line below an empty paragraph."""
    from docx.shared import Cm

    if short:
        paragraph.paragraph_format.right_indent = Cm(12)
    borders = element("w:pBdr")
    edges = ("bottom", "between")
    for edge in edges:
        borders.append(element(f"w:{edge}", val="single", sz="8", space="1", color="000000"))
    properties = paragraph.paragraph_format.element.get_or_add_pPr()
    properties.insert_element_before(
        borders,
        *("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:bidi", "w:spacing", "w:ind", "w:jc"),
        *("w:textAlignment", "w:rPr", "w:sectPr"),
    )
