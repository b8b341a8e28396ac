"""Paragraphs, tables, fields and pictures of a Word report, as elements."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from relsurvey.reporting.writers.docx.layout import Fit, Look, page_width
from relsurvey.reporting.writers.docx.styles import GRID, style_id
from relsurvey.reporting.writers.letters import is_right_to_left, is_wordy, xml_text
from relsurvey.views import Cell, Figure, Table
from relsurvey.word import element

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph

__all__ = [
    "add_field",
    "add_text",
    "bookmark_of",
    "bookmarked",
    "close_field",
    "directed",
    "linked",
    "open_field",
    "picture",
    "table_element",
]

LONGEST_BOOKMARK = 40  # letters
TWIPS = 20  # in a point
SHORT = 8  # rows; a table of at most so many is not broken between pages
FIRST = 3  # rows that a page has at least of any other

LARGEST = 1.15  # by how much a narrow drawing is made larger


def add_text(paragraph: Paragraph, text: str, *, bold: bool | None = None) -> None:
    """Add a run; words written from right to left are marked as such."""
    run = paragraph.add_run(xml_text(text))
    if bold is not None:
        run.bold = run.font.cs_bold = bold
    if is_right_to_left(text):
        run.font.rtl = True


def directed(paragraph: Paragraph, text: str) -> Paragraph:
    """Make a paragraph run from right to left where its text does."""
    if is_right_to_left(text):
        paragraph.paragraph_format.element.get_or_add_pPr().append(element("w:bidi"))
    return paragraph


def add_field(paragraph: Paragraph, instruction: str, shown: str) -> None:
    """Add a field, such as a page number, with what is shown until Word works it out."""
    field = element("w:fldSimple", instr=f" {instruction} ")
    field.append(_run(shown))
    paragraph._p.append(field)


def open_field(paragraph: Paragraph, instruction: str) -> None:
    """Begin a field that goes over several paragraphs; what follows is what it shows."""
    paragraph.add_run()._r.append(element("w:fldChar", fldCharType="begin"))
    asked = element("w:instrText")
    asked.text = instruction
    paragraph.add_run()._r.append(asked)
    paragraph.add_run()._r.append(element("w:fldChar", fldCharType="separate"))


def close_field(paragraph: Paragraph) -> None:
    """End it."""
    paragraph.add_run()._r.append(element("w:fldChar", fldCharType="end"))


def bookmarked(paragraph: Paragraph, id_: str, number: int) -> None:
    """Put a bookmark around a paragraph, so that links can name it."""
    start = element("w:bookmarkStart", id=str(number), name=bookmark_of(id_))
    paragraph._p.insert_element_before(start, "w:r", "w:hyperlink", "w:fldSimple")
    paragraph._p.append(element("w:bookmarkEnd", id=str(number)))


def bookmark_of(id_: str) -> str:
    """Return the bookmark of a section, table or figure; one that begins so is not listed.

    Examples
    --------
    >>> bookmark_of("figure-flow")
    '_figure_flow'
    """
    return "_" + re.sub("[^A-Za-z0-9]", "_", id_)[: LONGEST_BOOKMARK - 1]


def linked(text: str, target: str) -> Any:
    """Return a link to the section, table or figure of an id."""
    link = element("w:hyperlink", anchor=bookmark_of(target), history="1")
    link.append(_run(text))
    return link


def picture(paragraph: Paragraph, figure: Figure, number: int, look: Look) -> None:
    """Add a figure's drawing at the width of the text, its finding in words behind it."""
    from docx.shared import Cm, Pt

    shape = paragraph.add_run().add_picture(io.BytesIO(figure.picture.png()))
    widest, tallest = int(Pt(page_width(landscape=False))), int(Cm(look.tallest))
    scale = min(LARGEST, widest / shape.width, tallest / shape.height)
    shape.width, shape.height = round(scale * shape.width), round(scale * shape.height)
    properties = shape._inline.docPr
    properties.set("descr", xml_text(figure.alt))
    properties.set("name", f"Figure {number}")
    properties.set("title", xml_text(figure.title))


def table_element(table: Table, fit: Fit) -> Any:
    """Return a table whose first row is repeated on every page and whose rows are not broken."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    short, last = len(table.rows) <= SHORT, len(table.rows)
    rows = [_row(table, table.columns, fit, heading=True, together=True)]
    for position, row in enumerate(table.rows, start=1):
        together = position < last and (short or position < FIRST or position > last - FIRST)
        rows.append(_row(table, row, fit, heading=False, together=together))
    grid = "".join(f'<w:gridCol w:w="{_twips(width)}"/>' for width in fit.widths)
    # As text that is parsed once: one element after the other takes several times as long.
    return parse_xml(
        f"<w:tbl {nsdecls('w')}>{_table_properties(table, fit)}"
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _table_properties(table: Table, fit: Fit) -> str:
    return (
        f'<w:tblPr><w:tblStyle w:val="{style_id(GRID)}"/>'
        f'<w:tblW w:w="{_twips(sum(fit.widths))}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="04A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" '
        'w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f"<w:tblCaption w:val={quoteattr(xml_text(table.caption))}/></w:tblPr>"
    )


def _row(
    table: Table,
    cells: tuple[str | Cell, ...],
    fit: Fit,
    *,
    heading: bool,
    together: bool,
) -> str:
    parts = []
    place = 0
    for entry in cells:
        cell = entry if isinstance(entry, Cell) else Cell(entry)
        width = sum(fit.widths[place : place + cell.span])
        number = place not in table.text_columns and cell.span == 1
        right = number and (heading or not is_wordy(cell.text))
        parts.append(_cell(cell, width, fit.size, right=right, together=together))
        place += cell.span
    repeated = "<w:tblHeader/>" if heading else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{''.join(parts)}</w:tr>"


def _cell(cell: Cell, width: float, size: float, *, right: bool, together: bool) -> str:
    backwards = is_right_to_left(cell.text)
    span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    words = _run_text(cell.text, size, right_to_left=backwards and not cell.target)
    if cell.target:
        words = (
            f'<w:hyperlink w:anchor="{bookmark_of(cell.target)}" w:history="1">{words}'
            "</w:hyperlink>"
        )
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{_twips(width)}" w:type="dxa"/>{span}</w:tcPr><w:p><w:pPr>'
        f'<w:pStyle w:val="{style_id("Table Text")}"/>'
        f"{'<w:keepNext/>' if together else ''}{'<w:bidi/>' if backwards else ''}"
        f"{_TO_THE_RIGHT if right else ''}</w:pPr>{words}</w:p></w:tc>"
    )


_TO_THE_RIGHT = '<w:jc w:val="right"/>'


def _run_text(text: str, size: float, *, right_to_left: bool) -> str:
    half_points = round(2 * size)
    return (
        f'<w:r><w:rPr><w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'
        f"{'<w:rtl/>' if right_to_left else ''}</w:rPr>"
        f'<w:t xml:space="preserve">{escape(xml_text(text))}</w:t></w:r>'
    )


def _run(text: str) -> Any:
    from docx.oxml.ns import qn

    run, words = element("w:r"), element("w:t")
    words.text = xml_text(text)
    words.set(qn("xml:space"), "preserve")
    run.append(words)
    return run


def _twips(points: float) -> str:
    return str(round(TWIPS * points))
