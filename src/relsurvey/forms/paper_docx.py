"""Write a form to print as a Word document, which can be changed before it is printed.

It shows what people are asked and nothing else: no codes, no gists, no mark on a reverse-keyed
item, and no words that are not the instrument's own, so that a form is in one language.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from relsurvey.forms.docx_parts import BOX, FONT, as_box, line_to_write_on, narrow_margins
from relsurvey.forms.file_names import file_names
from relsurvey.forms.form import Form, Question
from relsurvey.forms.pages import direction, plain_language
from relsurvey.forms.paper_html import is_easy_read
from relsurvey.forms.printable import require_writable
from relsurvey.forms.remarks import one_language_a_file, worker_not_asked
from relsurvey.word import (
    EPOCH,
    element,
    flag,
    own_font,
    set_language,
    set_size,
    with_fixed_times,
)

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

__all__ = ["remarks", "write_docx"]

FEW = 5  # answers; more of them get more of the page and smaller labels
A4 = (21.0, 29.7)  # cm
MARGIN = 1.8
WIDEST = 2.4  # cm, of a column of tick boxes


def write_docx(forms: Sequence[Form]) -> dict[str, bytes]:
    """Write forms to print, one Word document a language.

    Parameters
    ----------
    forms : sequence of Form
        One instrument. A language tag that ends in ``-x-easy`` gets large type and one question
        a block.

    Returns
    -------
    dict of str to bytes
        ``<id>.docx``; ``<id>.<language>.docx`` each, where there are several languages. The same
        form gives the same bytes.

    Raises
    ------
    InstrumentError
        Where the forms do not belong together, or a text holds a character that XML cannot.

    Examples
    --------
    >>> from relsurvey.forms.form import forms_of
    >>> from relsurvey.instruments import load_instrument
    >>> files = write_docx(forms_of(load_instrument("peech-sc"), ["en-GB"]))
    >>> list(files), files["peech-sc.docx"][:2]
    (['peech-sc.docx'], b'PK')
    """
    require_writable(forms)
    documents = [_Paper(form).as_bytes() for form in forms]
    return dict(zip(file_names(forms, ".docx"), documents, strict=True))


def remarks(forms: Sequence[Form]) -> tuple[str, ...]:
    """Say what a person has to know of the documents."""
    return (*one_language_a_file("Word", forms), *worker_not_asked(forms[0]))


class _Paper:
    """One form on paper, built from top to bottom."""

    def __init__(self, form: Form) -> None:
        import docx

        self.form = form
        self.easy = is_easy_read(form.locale)
        self.right_to_left = direction(form.locale) == "rtl"
        self.document: Document = docx.Document()
        self._set_up()
        self._opening()
        if self.easy:
            for number, question in enumerate(form.items, start=1):
                self._asked(number, question)
        else:
            self._grid()
        for number, question in enumerate(form.context, start=len(form.items) + 1):
            self._asked(number, question)

    def as_bytes(self) -> bytes:
        """Return the document; times inside it are set, so that it depends on the form alone."""
        stream = io.BytesIO()
        self.document.save(stream)
        return with_fixed_times(stream.getvalue())

    def _set_up(self) -> None:
        from docx.shared import Cm, Pt, RGBColor

        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(A4[0]), Cm(A4[1])
        section.left_margin = section.right_margin = Cm(MARGIN)
        section.top_margin = section.bottom_margin = Cm(MARGIN)
        normal = self.document.styles["Normal"]
        normal.font.name, normal.font.size = FONT, Pt(16 if self.easy else 10.5)
        normal.paragraph_format.space_after = Pt(10 if self.easy else 6)
        normal.paragraph_format.line_spacing = 1.5 if self.easy else 1.15
        heading = self.document.styles["Heading 1"]
        heading.font.name, heading.font.size = FONT, Pt(22 if self.easy else 15)
        heading.font.color.rgb = RGBColor(0, 0, 0)
        for style in (normal, heading):
            own_font(style, FONT)
        set_language(self.document, plain_language(self.form.locale))
        self._set_properties()

    def _set_properties(self) -> None:
        properties = self.document.core_properties
        properties.title = self.form.instrument.title[:255]
        properties.language = plain_language(self.form.locale)
        properties.version = self.form.instrument.version
        properties.author = properties.comments = properties.last_modified_by = ""
        properties.created = properties.modified = EPOCH

    def _opening(self) -> None:
        self._directed(self.document.add_heading(self.form.instrument.title, level=1))
        if self.form.instructions:
            stem = self._paragraph(self.form.instructions)
            stem.paragraph_format.keep_with_next = True

    def _grid(self) -> None:
        from docx.shared import Cm

        choices = self.form.choices
        table = self._empty_grid(1 + len(choices))
        heading = table.rows[0]
        flag(heading._tr.get_or_add_trPr(), "w:tblHeader")
        for cell, choice in zip(heading.cells[1:], choices, strict=True):
            label = self._centred(cell, choice.label)
            label.bold = label.font.cs_bold = True
            set_size(label, 8.5 if len(choices) <= FEW else 7.5)
        for number, question in enumerate(self.form.items, start=1):
            cells = list(table.add_row().cells)  # type: ignore[no-untyped-call]
            asking = self._fill(cells[0], f"{number}. {question.text}")
            asking.paragraph_format.left_indent = Cm(0.15)
            for cell in cells[1:]:
                as_box(self._centred(cell, BOX))
        for row in table.rows:
            flag(row._tr.get_or_add_trPr(), "w:cantSplit")
            for cell, column in zip(row.cells, table.columns, strict=True):
                cell.width = column.width or 0
        self._paragraph("")

    def _empty_grid(self, columns: int) -> Table:
        """Return a table of one row, its columns as wide as they stay."""
        from docx.enum.table import WD_TABLE_ALIGNMENT
        from docx.shared import Cm

        table: Table = self.document.add_table(rows=1, cols=columns, style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        narrow_margins(table)
        if self.right_to_left:
            flag(table._tbl.tblPr, "w:bidiVisual", before=("w:tblStyleRowBandSize", "w:tblW"))
        width, boxes = A4[0] - 2 * MARGIN, columns - 1
        narrow = min(width * (0.58 if boxes <= FEW else 0.7) / boxes, WIDEST)
        table.columns[0].width = Cm(width - narrow * boxes)
        for column in list(table.columns)[1:]:
            column.width = Cm(narrow)
        return table

    def _fill(self, cell: _Cell, text: str) -> Paragraph:
        from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
        from docx.shared import Pt

        paragraph = self._directed(cell.paragraphs[0])
        self._run(paragraph, text)
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(4)
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        return paragraph

    def _centred(self, cell: _Cell, text: str) -> Run:
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        paragraph = self._fill(cell, text)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        return paragraph.runs[0]

    def _asked(self, number: int, question: Question) -> None:
        """Write a question with its answers below; the block stays on one page."""
        from docx.shared import Cm, Pt

        asking = self._paragraph(f"{number}. {question.text}")
        asking.paragraph_format.space_before = Pt(18 if self.easy else 10)
        asking.runs[0].bold = asking.runs[0].font.cs_bold = self.easy
        block = [asking, *self._answers(question)]
        for paragraph in block[1:]:
            paragraph.paragraph_format.left_indent = Cm(1)
        for paragraph in block:
            paragraph.paragraph_format.keep_together = True
        for paragraph in block[:-1]:
            paragraph.paragraph_format.keep_with_next = True

    def _answers(self, question: Question) -> Iterator[Paragraph]:
        choices = self.form.choices if question.kind == "scale" else question.choices
        for choice in choices:
            paragraph = self._paragraph(BOX)
            as_box(paragraph.runs[0])
            self._run(paragraph, f"  {choice.label}")
            yield paragraph
        if not choices:
            for _ in range(1 if question.kind == "number" else 4):
                paragraph = self._paragraph("")
                line_to_write_on(paragraph, short=question.kind == "number")
                yield paragraph

    def _paragraph(self, text: str) -> Paragraph:
        paragraph = self._directed(self.document.add_paragraph())
        if text:
            self._run(paragraph, text)
        return paragraph

    def _directed(self, paragraph: Paragraph) -> Paragraph:
        if self.right_to_left:
            paragraph.paragraph_format.element.get_or_add_pPr().append(element("w:bidi"))
            for run in paragraph.runs:
                run.font.rtl = True
        return paragraph

    def _run(self, paragraph: Paragraph, text: str) -> Run:
        run = paragraph.add_run(text)
        if self.right_to_left:
            run.font.rtl = True
        return run
