import dataclasses
import io
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.errors import InstrumentError
from relsurvey.forms.docx_parts import BOX
from relsurvey.forms.form import form_of, forms_of
from relsurvey.forms.paper_docx import write_docx
from relsurvey.forms.printable import hidden_in
from relsurvey.instruments import load_instrument

ODD = Path(__file__).parent / "odd.yaml"


def document_of(form):
    (content,) = write_docx([form]).values()
    return docx.Document(io.BytesIO(content))


def read(source, locale):
    form = form_of(load_instrument(source), locale)
    return form, document_of(form)


@pytest.fixture(scope="module")
def peech():
    return read("peech-sc", "en-GB")


@pytest.fixture(scope="module")
def easy():
    return read("peech-sc", "en-GB-x-easy")


@pytest.fixture(scope="module")
def arabic():
    return read(ODD, "ar")


def texts(document):
    return [paragraph.text for paragraph in document.paragraphs]


def test_files_are_named_by_language_where_there_are_several():
    instrument = load_instrument(ODD)
    assert list(write_docx(forms_of(instrument, ["ar"]))) == ["odd_form-1.docx"]
    assert list(write_docx(forms_of(instrument, ["ar", "en-GB"]))) == [
        "odd_form-1.ar.docx",
        "odd_form-1.en-GB.docx",
    ]


def test_the_title_is_a_heading_and_the_stem_stays_with_the_grid(peech):
    form, document = peech
    title, stem = document.paragraphs[:2]
    assert (title.style.name, title.text) == ("Heading 1", form.instrument.title)
    assert stem.text == form.instructions
    assert stem.paragraph_format.keep_with_next


def test_the_grid_has_every_item_and_a_box_for_every_answer(peech):
    form, document = peech
    (table,) = document.tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0] == ["", *(choice.label for choice in form.choices)]
    assert rows[1:] == [
        [f"{number}. {item.text}", *[BOX] * len(form.choices)]
        for number, item in enumerate(form.items, start=1)
    ]


def test_the_heading_row_is_repeated_and_no_row_is_split(peech):
    (table,) = peech[1].tables
    properties = [row._tr.trPr for row in table.rows]
    assert properties[0].find(qn("w:tblHeader")) is not None
    assert all(one.find(qn("w:tblHeader")) is None for one in properties[1:])
    assert all(one.find(qn("w:cantSplit")) is not None for one in properties)


@pytest.mark.parametrize("n_choices", [2, 5, 7, 11])
def test_the_columns_fill_an_a4_page_and_no_more(n_choices):
    form = form_of(load_instrument(ODD))
    choices = tuple(dataclasses.replace(form.choices[0], code=str(n)) for n in range(n_choices))
    document = document_of(dataclasses.replace(form, choices=choices))
    section = document.sections[0]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    widths = [column.width.cm for column in document.tables[0].columns]
    assert sum(widths) == pytest.approx(21 - 2 * section.left_margin.cm, abs=0.02)
    assert widths[0] >= 5
    assert min(widths[1:]) >= 1.1


def test_context_questions_follow_with_their_answers(peech):
    form, document = peech
    found = texts(document)
    number = len(form.items) + 1
    place = found.index(f"{number + 2}. {form.context[2].text}")
    answers = [f"{BOX}  {choice.label}" for choice in form.context[2].choices]
    assert found[place + 1 : place + 1 + len(answers)] == answers
    first = document.paragraphs[found.index(f"{number}. {form.context[0].text}") + 1]
    assert first._p.pPr.find(qn("w:pBdr")) is not None


def test_easy_read_is_large_left_aligned_and_one_question_a_block(easy):
    form, document = easy
    assert document.tables == []
    assert document.styles["Normal"].font.size.pt >= 16
    assert document.styles["Normal"].paragraph_format.line_spacing >= 1.5
    assert all(one.alignment is None for one in document.paragraphs)
    found = texts(document)
    place = found.index(f"1. {form.items[0].text}")
    size = 1 + len(form.choices)
    block = document.paragraphs[place : place + size]
    assert [one.text for one in block[1:]] == [f"{BOX}  {one.label}" for one in form.choices]
    assert all(one.paragraph_format.keep_with_next for one in block[:-1])
    assert not block[-1].paragraph_format.keep_with_next
    small = [
        run.font.size.pt
        for paragraph in document.paragraphs
        for run in paragraph.runs
        if run.font.size and run.font.size.pt < 16
    ]
    assert small == []


def language_of(document):
    defaults = document.styles.element.find(qn("w:docDefaults"))
    (language,) = defaults.iter(qn("w:lang"))
    return language.get(qn("w:val")), language.get(qn("w:bidi"))


def test_the_language_of_the_document(peech, easy, arabic):
    assert language_of(peech[1]) == ("en-GB", "en-GB")
    assert language_of(easy[1]) == ("en-GB", "en-GB")
    assert language_of(arabic[1]) == ("ar", "ar")
    assert peech[1].core_properties.language == "en-GB"
    assert peech[1].core_properties.title == peech[0].instrument.title
    assert peech[1].core_properties.author == ""


def test_a_language_written_from_right_to_left(arabic, peech):
    form, document = arabic
    (table,) = document.tables
    assert table._tbl.tblPr.find(qn("w:bidiVisual")) is not None
    cell = table.rows[1].cells[0].paragraphs[0]
    assert cell.text == f"1. {form.items[0].text}"
    assert cell._p.pPr.find(qn("w:bidi")) is not None
    assert all(run.font.rtl for run in cell.runs)
    normal = document.styles["Normal"].element.rPr
    assert normal.find(qn("w:szCs")).get(qn("w:val")) == normal.find(qn("w:sz")).get(qn("w:val"))
    assert peech[1].tables[0]._tbl.tblPr.find(qn("w:bidiVisual")) is None


def test_people_see_the_wording_and_nothing_that_is_ours():
    form, document = read(ODD, "en-GB")
    shown = "\n".join(
        [*texts(document), *(cell.text for row in document.tables[0].rows for cell in row.cells)]
    )
    for item in form.items:
        assert item.text.replace("\r", "") in shown
    for word in ("GIST", "reverse", "X-9", "-77", "1234567"):
        assert word not in shown


def test_the_same_form_gives_the_same_bytes():
    form = form_of(load_instrument(ODD))
    assert write_docx([form]) == write_docx([form])


def test_what_xml_cannot_hold_is_refused():
    form = dataclasses.replace(form_of(load_instrument(ODD)), instructions="a\x0bb")
    with pytest.raises(InstrumentError, match="cannot be shown"):
        write_docx([form])


TEXTS = st.text(min_size=1, max_size=40).filter(
    lambda text: text.strip() and not hidden_in(text) and "\r" not in text
)


@given(text=TEXTS)
@settings(deadline=None, max_examples=10)
def test_any_text_comes_back_as_it_was(text):
    form = form_of(load_instrument(ODD))
    item = dataclasses.replace(form.items[0], text=text)
    document = document_of(dataclasses.replace(form, items=(item,), context=()))
    assert document.tables[0].rows[1].cells[0].text == f"1. {text}"
