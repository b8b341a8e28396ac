"""The styles of a Word report; whoever edits it changes a style and not every paragraph."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, NamedTuple

from relsurvey.reporting.writers.docx.layout import A4, FONT, MARGIN, Look
from relsurvey.reporting.writers.letters import xml_text
from relsurvey.reporting.writers.words import day
from relsurvey.views import Report
from relsurvey.word import element, own_font, set_language

if TYPE_CHECKING:
    from docx.document import Document

__all__ = ["GRID", "set_up", "style_id"]

INK, MUTED, LINE, SHADE = "1C2833", "4A5763", "B8C0C8", "EEF2F5"
GRID = "Report Table"
LONGEST_PROPERTY = 255  # letters, of a document property


class _Style(NamedTuple):
    """A style of paragraphs: its type in parts of the body's, and points before and after."""

    name: str
    size: float
    bold: bool
    before: float
    after: float


_PARAGRAPHS = (
    _Style("Normal", 1.0, bold=False, before=0, after=5),
    _Style("Title", 2.0, bold=True, before=0, after=4),
    _Style("Subtitle", 1.25, bold=False, before=0, after=8),
    _Style("Heading 1", 1.5, bold=True, before=14, after=4),
    _Style("Heading 2", 1.2, bold=True, before=10, after=3),
    _Style("Heading 3", 1.05, bold=True, before=8, after=2),
    _Style("Caption", 0.95, bold=True, before=8, after=3),
    _Style("List Bullet", 1.0, bold=False, before=0, after=3),
    _Style("Kicker", 0.9, bold=False, before=0, after=2),
    _Style("Notice", 1.0, bold=False, before=4, after=6),
    _Style("Lead", 1.15, bold=True, before=0, after=5),
    _Style("Key Figure", 1.0, bold=False, before=0, after=4),
    _Style("Table Text", 0.9, bold=False, before=1, after=1),
    _Style("Note", 0.85, bold=False, before=2, after=3),
    _Style("Reference", 0.95, bold=False, before=0, after=4),
    _Style("Contents Title", 1.2, bold=True, before=8, after=3),
    _Style("toc 1", 1.0, bold=False, before=0, after=2),
    _Style("Footer", 0.8, bold=False, before=0, after=0),
)
_MUTED = {"Kicker", "Subtitle", "Note", "Footer"}


def set_up(document: Document, report: Report, look: Look) -> None:
    """Make page, styles and properties; nothing in them tells of the machine or the hour."""
    from docx.shared import Cm

    section = document.sections[0]
    section.page_width, section.page_height = Cm(A4[0]), Cm(A4[1])
    section.left_margin = section.right_margin = Cm(MARGIN)
    section.top_margin = section.bottom_margin = Cm(MARGIN)
    section.footer_distance = Cm(0.9)
    known = {style.name for style in document.styles}
    for described in _PARAGRAPHS:
        _set_style(document, look, described, known)
    _hang(document)
    _add_grid(document)
    set_language(document, "en-GB")
    properties = document.core_properties
    properties.title = xml_text(report.title)[:LONGEST_PROPERTY]
    properties.author = properties.last_modified_by = xml_text(report.maker)[:LONGEST_PROPERTY]
    properties.comments = properties.subject = properties.keywords = ""
    properties.language = "en-GB"
    properties.created = properties.modified = day(report)


def _set_style(
    document: Document, look: Look, described: _Style, known: Collection[str | None]
) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt, RGBColor

    name = described.name
    style: Any = (
        document.styles[name]
        if name in known
        else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name == "toc 1")
    )
    if name != "Normal":
        style.base_style = document.styles["Normal"]
        style.quick_style = True
    _no_borders(style)
    style.font.name, style.font.size = FONT, Pt(_points(described.size, look))
    style.font.bold = style.font.cs_bold = described.bold
    style.font.italic = False
    style.font.color.rgb = RGBColor.from_string(MUTED if name in _MUTED else INK)
    paragraph = style.paragraph_format
    paragraph.space_before, paragraph.space_after = (
        Pt(look.gap * described.before),
        Pt(look.gap * described.after),
    )
    paragraph.line_spacing = 1.0 if name == "Table Text" else look.spacing
    paragraph.widow_control = True
    if name.startswith("Heading") or name in {"Caption", "Contents Title"}:
        paragraph.keep_with_next = True
    own_font(style, FONT)
    _no_tracking(style)


def _points(size: float, look: Look) -> float:
    """Return the type of a style, in whole and half points as Word has them."""
    parts = 1 + look.display * (size - 1) if size > 1 else size
    return round(2 * look.body * parts) / 2


def style_id(name: str) -> str:
    """Return the id of a style; to ask the document each time costs more than all the rest.

    Examples
    --------
    >>> style_id("Heading 1")
    'Heading1'
    """
    return name.replace(" ", "")


def _no_borders(style: Any) -> None:
    """Take away the line that Word's own title has below it."""
    from docx.oxml.ns import qn

    properties = style.element.get_or_add_pPr()
    for old in properties.findall(qn("w:pBdr")):
        properties.remove(old)


def _no_tracking(style: Any) -> None:
    from docx.oxml.ns import qn

    for name in ("w:spacing", "w:kern"):
        for old in style.element.rPr.findall(qn(name)):
            style.element.rPr.remove(old)


def _hang(document: Document) -> None:
    """Set second lines of references in, and give notices a ground."""
    from docx.shared import Cm

    reference: Any = document.styles["Reference"]
    reference.paragraph_format.left_indent = Cm(0.9)
    reference.paragraph_format.first_line_indent = Cm(-0.9)
    notice: Any = document.styles["Notice"]
    shade = element("w:shd", val="clear", color="auto", fill=SHADE)
    notice.element.get_or_add_pPr().insert_element_before(
        shade, "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl"
    )


def _add_grid(document: Document) -> None:
    """Add the style of tables: lines between rows, a heading row that is one for readers too."""
    from docx.enum.style import WD_STYLE_TYPE

    style: Any = document.styles.add_style(GRID, WD_STYLE_TYPE.TABLE)
    style.base_style = document.styles["Normal Table"]
    table = element("w:tblPr")
    borders = element("w:tblBorders")
    for side, size in (("top", "8"), ("bottom", "8"), ("insideH", "4")):
        borders.append(element(f"w:{side}", val="single", sz=size, space="0", color=LINE))
    margins = element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(element(f"w:{side}", w="80", type="dxa"))
    table.append(borders)
    table.append(margins)
    style.element.append(table)
    heading = element("w:tblStylePr", type="firstRow")
    run = element("w:rPr")
    run.append(element("w:b"))
    run.append(element("w:bCs"))
    cell = element("w:tcPr")
    cell.append(element("w:shd", val="clear", color="auto", fill=SHADE))
    heading.append(run)
    heading.append(cell)
    style.element.append(heading)
