import dataclasses
import io
import zipfile

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree

from relsurvey import views
from relsurvey.reporting.writers import docx as package
from relsurvey.reporting.writers.docx.layout import fitted, page_width
from relsurvey.reporting.writers.letters import xml_text
from relsurvey.reporting.writers.words import heading

A4 = (7560310, 10692130)  # in EMU


def opened(report):
    return docx.Document(io.BytesIO(package.as_docx(report)))


def styled(document, name):
    return [one.text for one in document.paragraphs if one.style.name == name]


def said(part):
    return "".join(text.text for text in part.iter(qn("w:t")))


def table_of(columns, rows=2, words=1):
    return views.Table(
        id="table-wide",
        caption="Wide",
        columns=tuple(f"Heading{i}" for i in range(columns)),
        rows=tuple(
            tuple(" ".join(["Reflective-on-action"] * words) for _ in range(columns))
            for _ in range(rows)
        ),
        text_columns=frozenset(range(columns)),
    )


def with_tables(made_of, *tables):
    section = views.Section("made", "A section", (views.Subheading("Below"), *tables))
    return made_of(sections=(section,))


@pytest.fixture(scope="module")
def report(made_of):
    return made_of()


@pytest.fixture(scope="module")
def document(report):
    return opened(report)


def test_the_same_report_gives_the_same_bytes_with_no_other_date_than_its_own(report):
    content = package.as_docx(report)
    assert package.as_docx(report) == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 1, 31, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert core.count("2026-01-31T00:00:00Z") == 2


def test_headings_are_headings(document):
    assert styled(document, "Title") == ["plain words"]
    assert styled(document, "Subtitle") == ["Question: plain words"]
    assert styled(document, "Heading 1") == ["The answer in brief", "Section: plain words"]
    assert styled(document, "Heading 2") == ["What this does not show", "Below: plain words"]
    outline = document.styles["Heading 1"].element.pPr.find(qn("w:outlineLvl"))
    assert outline.get(qn("w:val")) == "0"


def test_captions_are_numbered_by_fields(document):
    captions = [one for one in document.paragraphs if one.style.name == "Caption"]
    assert [said(one._p) for one in captions] == [
        "Table 1. Caption: plain words",
        "Figure 1. Figure: plain words",
    ]
    fields = [one.get(qn("w:instr")).split() for one in document.element.iter(qn("w:fldSimple"))]
    assert fields == [["SEQ", "Table", "\\*", "ARABIC"], ["SEQ", "Figure", "\\*", "ARABIC"]]


def test_a_table_is_one_with_headings_that_are_repeated(document):
    (table,) = document.tables
    assert [cell.text for cell in table.rows[0].cells][:2] == ["Scale", "n"]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert [row._tr.trPr.find(qn("w:tblHeader")) is None for row in table.rows[1:]] == [True] * 3
    assert table.style.name == "Report Table"
    caption = table._tbl.tblPr.find(qn("w:tblCaption"))
    assert caption.get(qn("w:val")) == "Caption: plain words"


def test_numbers_are_set_right_words_left_and_spans_kept(document):
    (table,) = document.tables
    sides = [
        ["right" if tc.find(".//" + qn("w:jc")) is not None else "left" for tc in row._tr.tc_lst]
        for row in table.rows
    ]
    assert sides[1] == ["left", "right", "right", "left"]
    assert sides[2] == ["left", "left", "left"]
    assert [tc.grid_span for tc in table.rows[2]._tr.tc_lst] == [1, 2, 1]


def test_a_cell_that_names_a_section_links_to_it(document):
    (table,) = document.tables
    (link,) = table._tbl.iter(qn("w:hyperlink"))
    marks = {one.get(qn("w:name")) for one in document.element.iter(qn("w:bookmarkStart"))}
    assert said(link) == "Methods"
    assert link.get(qn("w:anchor")) == "_made"
    assert {"_answer", "_made", "_table_made", "_figure_made"} == marks


def test_a_picture_has_its_finding_in_words_and_the_width_of_the_text(document):
    (shape,) = document.inline_shapes
    properties = shape._inline.docPr
    assert properties.get("descr") == "It shows plain words"
    assert properties.get("title") == "Figure: plain words"
    section = document.sections[0]
    text = section.page_width - section.left_margin - section.right_margin
    assert shape.width == pytest.approx(text, abs=700)
    assert shape.height / shape.width == pytest.approx(900 / 2070, rel=1e-3)


def test_the_page_is_a4_with_its_number_at_its_foot(document):
    section = document.sections[0]
    assert (section.page_width, section.page_height) == pytest.approx(A4, abs=400)
    fields = section.footer._element.iter(qn("w:fldSimple"))
    assert [field.get(qn("w:instr")).strip() for field in fields] == ["PAGE", "NUMPAGES"]
    assert "No single worker's" in section.footer.paragraphs[0].text


def test_the_properties_tell_of_the_report_and_of_nobody(document):
    properties = document.core_properties
    assert (properties.title, properties.author) == ("plain words", "relsurvey 0.1.0")
    assert properties.last_modified_by == "relsurvey 0.1.0"
    assert properties.comments == ""
    assert properties.created.isoformat()[:10] == "2026-01-31"
    language = document.styles.element.find(".//" + qn("w:lang"))
    assert language.get(qn("w:val")) == "en-GB"


def test_the_contents_are_a_field_that_links_to_each_heading(document):
    begins = [one.get(qn("w:fldCharType")) for one in document.element.iter(qn("w:fldChar"))]
    assert begins == ["begin", "separate", "end"]
    (instruction,) = document.element.iter(qn("w:instrText"))
    assert instruction.text.split()[0] == "TOC"
    contents = [one for one in document.paragraphs if one.style.name.lower() == "toc 1"]
    links = [next(one._p.iter(qn("w:hyperlink"))) for one in contents]
    assert [said(link) for link in links] == styled(document, "Heading 1")
    assert [link.get(qn("w:anchor")) for link in links] == ["_answer", "_made"]


@pytest.mark.parametrize(("audience", "size"), [("service", 10.5), ("plain", 14)])
def test_short_reports_have_no_contents_and_the_plain_one_large_type(made_of, audience, size):
    document = opened(made_of(audience=audience))
    assert list(document.element.iter(qn("w:instrText"))) == []
    assert document.styles["Normal"].font.size.pt == size
    captions = styled(document, "Caption")
    assert captions[1].endswith("Figure: plain words")
    assert captions[1].startswith("Figure: ") is (audience == "plain")


def test_references_have_a_style_of_their_own(document):
    assert styled(document, "Reference") == ["Somebody A (2020). plain words. A journal 1:1."]


def test_a_table_too_wide_for_the_page_gets_smaller_type_then_the_long_side(made_of):
    narrow, tight, wide = (fitted(table_of(n), 9) for n in (3, 6, 9))
    assert (narrow.size, narrow.landscape) == (9, False)
    assert tight.size < narrow.size
    assert not tight.landscape
    assert wide.landscape
    document = opened(with_tables(made_of, table_of(9), views.Paragraph("After.")))
    directions = [section.page_width > section.page_height for section in document.sections]
    assert directions == [False, True, False]


@pytest.mark.parametrize("columns", [1, 2, 5, 9, 14, 30])
@pytest.mark.parametrize("words", [1, 40])
def test_no_table_is_wider_than_the_page(columns, words):
    fit = fitted(table_of(columns, words=words), 9)
    assert sum(fit.widths) <= page_width(landscape=fit.landscape) + 0.01
    assert len(fit.widths) == columns
    assert min(fit.widths) > 8


def test_a_heading_goes_with_its_wide_table_to_the_next_page(made_of):
    document = opened(with_tables(made_of, table_of(9)))
    body = list(document.element.body)
    breaks = [
        place for place, one in enumerate(body) if one.find(".//" + qn("w:sectPr")) is not None
    ]
    below = next(p for p, one in enumerate(body) if said(one) == "Below")
    assert breaks[0] < below


def test_a_long_table_keeps_rows_with_its_heading_and_at_its_end(made_of):
    (table,) = opened(with_tables(made_of, table_of(2, rows=20))).tables
    kept = [row._tr.find(".//" + qn("w:keepNext")) is not None for row in table.rows]
    assert kept == [True] * 3 + [False] * 15 + [True] * 2 + [False]


def test_awkward_text_is_text(made_of, awkward):
    content = package.as_docx(made_of(awkward))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))
    document = docx.Document(io.BytesIO(content))
    said = xml_text(awkward)
    assert styled(document, "Title") == [xml_text(heading(made_of(awkward)))]
    assert document.tables[0].rows[1].cells[0].text == said
    assert f"Note: {said}" in styled(document, "Note")
    tags = {
        etree.QName(one).localname for one in document.element.iter() if isinstance(one.tag, str)
    }
    assert not tags & {"script", "b1", "object"}


def test_words_from_right_to_left_are_marked(made_of):
    document = opened(made_of("שלום עולם"))
    title = next(one for one in document.paragraphs if one.style.name == "Title")
    assert title._p.pPr.find(qn("w:bidi")) is not None
    assert title.runs[0].font.rtl
    assert opened(made_of("hello")).paragraphs[1]._p.pPr.find(qn("w:bidi")) is None


def test_a_title_of_ten_thousand_letters_is_cut(made_of):
    title = "Words " * 1700
    assert len(styled(opened(made_of(title=title)), "Title")[0]) <= 200
    assert len(styled(opened(made_of(title=title, audience="plain")), "Title")[0]) <= 110
    assert len(opened(made_of(title=title)).core_properties.title) == 255


def test_what_a_page_folds_stands_in_the_details_with_a_link_to_it(made_of):
    folded = dataclasses.replace(table_of(2), id="table-folded", caption="In full", folded=True)
    document = opened(with_tables(made_of, folded, views.Paragraph("After.")))
    headings = styled(document, "Heading 1")
    assert headings[-1] == "Details"
    assert styled(document, "Heading 2")[-1] == "A section"
    (pointer,) = [one for one in document.paragraphs if "In the details at the end" in said(one._p)]
    (link,) = pointer._p.iter(qn("w:hyperlink"))
    assert (said(link), link.get(qn("w:anchor"))) == ("In full", "_table_folded")
    assert said(document.element.body).index("After.") < said(document.element.body).index(
        "Table 1. In full"
    )
    assert "Details" not in styled(opened(with_tables(made_of, table_of(2))), "Heading 1")


def test_a_question_that_leads_a_point_gets_no_full_stop(made_of):
    points = views.Bullets((("Is it so?", "Yes."), ("Few", "Two.")))
    document = opened(made_of(sections=(views.Section("made", "A section", (points,)),)))
    assert styled(document, "List Bullet")[-2:] == ["Is it so? Yes.", "Few. Two."]
