"""Write a report as a Word document, which can be edited and sent.

Headings, captions, tables and references have styles of their own; tables repeat their headings
on every page; drawings have 300 dots an inch and their finding in words.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from relsurvey.reporting.numbered import parted
from relsurvey.reporting.writers.docx.elements import (
    add_field,
    add_text,
    bookmarked,
    close_field,
    directed,
    linked,
    open_field,
    picture,
    table_element,
)
from relsurvey.reporting.writers.docx.layout import A4, LOOKS, fitted
from relsurvey.reporting.writers.docx.styles import set_up, style_id
from relsurvey.reporting.writers.words import KICKERS, LIMITS, day, foot, heading, led
from relsurvey.views import (
    Block,
    Bullets,
    Figure,
    Paragraph,
    References,
    Report,
    Section,
    Subheading,
    Table,
)
from relsurvey.word import with_fixed_times

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph as WordParagraph

__all__ = ["as_docx"]


def as_docx(report: Report) -> bytes:
    """Return a report as a Word document; the same report gives the same bytes.

    Parameters
    ----------
    report : Report
        The views; every text in them stays text.

    Returns
    -------
    bytes
        The file. Its only date is the report's.
    """
    return _Document(report).as_bytes()


ANSWER = "answer"  # the id of the headline
DETAILS = ("details", "Details")  # id and title of what follows the report itself


class _Document:
    """One report, built from top to bottom."""

    def __init__(self, report: Report) -> None:
        import docx

        self.report = report
        self.look = LOOKS[report.audience]
        self.document = docx.Document()
        self.landscape = False
        self.tables = self.figures = self.bookmarks = 0
        self._details = [
            (section.title, folded)
            for section in report.sections
            if (folded := [table for table in section.tables if table.folded])
        ]
        set_up(self.document, report, self.look)
        self._foot()
        self._top()
        self._answer()
        for section in report.sections:
            self._section(section, self._body(section))
        if self._details:
            self._turn(landscape=False)
            self._mark(self._say("Heading 1", DETAILS[1]), DETAILS[0])
        for title, tables in self._details:
            self._blocks((Subheading(title), *tables))

    def as_bytes(self) -> bytes:
        """Return the file."""
        stream = io.BytesIO()
        self.document.save(stream)
        return with_fixed_times(stream.getvalue(), day(self.report))

    def _foot(self) -> None:
        paragraph = self.document.sections[0].footer.paragraphs[0]
        add_text(paragraph, f"{foot(self.report)} Page ")
        add_field(paragraph, "PAGE", "1")
        add_text(paragraph, " of ")
        add_field(paragraph, "NUMPAGES", "1")

    def _top(self) -> None:
        report = self.report
        self._say("Kicker", f"{KICKERS[report.audience]} · {report.date}")
        self._say("Title", heading(report))
        if report.question:
            self._say("Subtitle", report.question)
        for notice in report.notices:
            paragraph = directed(self._paragraph("Notice"), notice.text)
            add_text(paragraph, f"{notice.title}. ", bold=True)
            add_text(paragraph, notice.text)
        if self.look.contents:
            self._contents(
                [
                    (ANSWER, report.headline.title),
                    *((one.id, one.title) for one in report.sections),
                    *([DETAILS] if self._details else []),
                ]
            )

    def _contents(self, titles: Sequence[tuple[str, str]]) -> None:
        """Give the headings as links, in a field that Word can make anew with page numbers."""
        self._say("Contents Title", "Contents")
        for position, (id_, title) in enumerate(titles, start=1):
            paragraph = self._paragraph("toc 1")
            if position == 1:
                open_field(paragraph, r'TOC \o "1-1" \h \z \u')
            paragraph._p.append(linked(title, id_))
            if position == len(titles):
                close_field(paragraph)

    def _answer(self) -> None:
        headline = self.report.headline
        self._mark(self._say("Heading 1", headline.title), ANSWER)
        self._say("Lead", headline.answer)
        self._say("Normal", headline.certainty)
        for figure in headline.figures:
            paragraph = self._paragraph("Key Figure")
            add_text(paragraph, figure.value, bold=True)
            detail = f" ({figure.detail})" if figure.detail else ""
            add_text(paragraph, f" {figure.label}{detail}")
        if headline.limits:
            self._say("Heading 2", LIMITS)
        for limit in headline.limits:
            self._say("List Bullet", limit)

    def _body(self, section: Section) -> list[Block]:
        """Return what is read from top to bottom: what a page folds stands in the details."""
        return [
            block for block in section.blocks if not (isinstance(block, Table) and block.folded)
        ]

    def _section(self, section: Section, blocks: Sequence[Block]) -> None:
        self._turn(landscape=self._is_wide(blocks))
        self._mark(self._say("Heading 1", section.title), section.id)
        self._blocks(blocks)
        if folded := [table for table in section.tables if table.folded]:
            self._where(folded)

    def _where(self, tables: Sequence[Table]) -> None:
        """Say, with links, which tables stand in the details."""
        paragraph = self._paragraph("Note")
        add_text(paragraph, "In the details at the end: ")
        for position, table in enumerate(tables):
            add_text(paragraph, "; " if position else "")
            paragraph._p.append(linked(table.caption, table.id))
        add_text(paragraph, ".")

    def _blocks(self, blocks: Sequence[Block]) -> None:
        for position, block in enumerate(blocks):
            self._turn(landscape=self._is_wide(blocks[position:]))
            self._block(block)

    def _block(self, block: Block) -> None:
        match block:
            case Paragraph(text):
                self._say("Normal", text)
            case Subheading(text):
                self._say("Heading 2", text)
            case Bullets(points):
                for name, text in points:
                    paragraph = directed(self._paragraph("List Bullet"), text)
                    add_text(paragraph, f"{led(name)} " if name else "", bold=True)
                    add_text(paragraph, text)
            case References(entries):
                for entry in entries:
                    self._say("Reference", entry)
            case Table():
                self._table(block)
            case Figure():
                self._figure(block)

    def _table(self, table: Table) -> None:
        self.tables += 1
        self._mark(self._caption("Table", self.tables, table.caption), table.id)
        made = table_element(table, fitted(table, self.look.table))
        end = self._paragraph("Note")
        end._p.addprevious(made)
        for position, note in enumerate(table.notes):
            paragraph = end if position == 0 else self._paragraph("Note")
            add_text(directed(paragraph, note), note)

    def _figure(self, figure: Figure) -> None:
        self.figures += 1
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        picture(paragraph, figure, self.figures, self.look)
        caption = self._caption("Figure", self.figures, figure.title)
        caption.paragraph_format.keep_with_next = bool(figure.notes)
        self._mark(caption, figure.id)
        for note in figure.notes:
            self._say("Note", note)

    def _caption(self, kind: str, number: int, text: str) -> WordParagraph:
        paragraph = directed(self._paragraph("Caption"), text)
        if self.look.numbered:
            # Details stand at the end and keep the number that they have in their section.
            own, text = parted(text)
            add_text(paragraph, f"{kind} ")
            again = f" \\r {own}" if own else ""
            add_field(paragraph, rf"SEQ {kind} \* ARABIC{again}", str(own or number))
            add_text(paragraph, f". {text}")
        else:
            add_text(paragraph, text)
        return paragraph

    def _mark(self, paragraph: WordParagraph, id_: str) -> None:
        self.bookmarks += 1
        bookmarked(paragraph, id_, self.bookmarks)

    def _paragraph(self, style: str) -> WordParagraph:
        paragraph = self.document.add_paragraph()
        paragraph._p.style = style_id(style)
        return paragraph

    def _say(self, style: str, text: str) -> WordParagraph:
        paragraph = directed(self._paragraph(style), text)
        add_text(paragraph, text)
        return paragraph

    def _is_wide(self, blocks: Sequence[Block]) -> bool:
        """Say whether the first thing below headings is a table that needs the long side."""
        first = next((block for block in blocks if not isinstance(block, Subheading)), None)
        return isinstance(first, Table) and fitted(first, self.look.table).landscape

    def _turn(self, *, landscape: bool) -> None:
        """Begin a page of the other direction, where it is another one."""
        from docx.enum.section import WD_ORIENT, WD_SECTION
        from docx.shared import Cm

        if landscape == self.landscape:
            return
        self.landscape = landscape
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Cm(A4[landscape]), Cm(A4[not landscape])
