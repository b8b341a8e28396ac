"""What a form on paper needs of Word beyond its text: boxes to tick, lines to write on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relsurvey.word import element, set_size

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

__all__ = ["BOX", "FONT", "as_box", "line_to_write_on", "narrow_margins"]

FONT = "Arial"
BOX = "\N{BALLOT BOX}"
BOX_FONT = "Segoe UI Symbol"
BOX_SIZE = 20  # points


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
