import io
from pathlib import Path

import openpyxl
import pytest
from pyxform.xls2xform import convert, xls2xform_convert

from relsurvey.errors import InstrumentError
from relsurvey.forms import form_of, forms_of
from relsurvey.forms.xlsform import remarks, write_xlsform
from relsurvey.instruments import load_instrument

AWKWARD = Path(__file__).with_name("awkward.yaml")


def book_of(forms):
    ((name, content),) = write_xlsform(forms).items()
    assert name == f"{forms[0].instrument.id}.xlsx"
    return content


def rows_of(content, sheet):
    lines = openpyxl.load_workbook(io.BytesIO(content))[sheet].iter_rows(values_only=True)
    headings = next(lines)
    return [dict(zip(headings, line, strict=True)) for line in lines]


@pytest.mark.parametrize("name", ["peech-sc", AWKWARD])
def test_pyxform_takes_it_without_a_warning(name, tmp_path):
    content = book_of(forms_of(load_instrument(name)))
    done = convert(io.BytesIO(content))
    assert done.warnings == []
    assert "<select1" in done.xform
    path = tmp_path / "form.xlsx"
    path.write_bytes(content)
    assert xls2xform_convert(path, tmp_path / "form.xml", validate=False) == []


def test_items_and_codes_are_those_of_the_definition():
    form = form_of(load_instrument("peech-sc"))
    content = book_of([form])
    survey = rows_of(content, "survey")
    assert [row["type"] for row in survey[:3]] == ["start", "end", "begin_group"]
    assert survey[2]["label::English (en)"] == form.instructions
    items = [row for row in survey if row["type"] == "select_one scale"]
    assert [row["name"] for row in items] == [item.id for item in form.items]
    assert [row["label::English (en)"] for row in items] == [item.text for item in form.items]
    scale = [row for row in rows_of(content, "choices") if row["list_name"] == "scale"]
    assert [(row["name"], row["label::English (en)"]) for row in scale] == [
        (choice.code, choice.label) for choice in form.choices
    ]
    others = {row["name"]: row["type"] for row in survey[-6:]}
    assert others["months_known"] == "decimal"
    assert others["stage"] == "select_one stage"


def test_several_languages_stand_side_by_side_and_the_first_is_the_default():
    forms = forms_of(load_instrument("peech-sc"), ["en-GB-x-easy", "en-GB"])
    content = book_of(forms)
    assert rows_of(content, "settings")[0]["default_language"] == "English, easy read (en)"
    first = rows_of(content, "survey")[3]
    assert first["label::English, easy read (en)"] == forms[0].items[0].text
    assert first["label::English (en)"] == forms[1].items[0].text


def test_no_cell_is_a_formula_or_a_number():
    book = openpyxl.load_workbook(io.BytesIO(book_of(forms_of(load_instrument(AWKWARD)))))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    risky = [cell for cell in cells if cell.value.startswith(("=", "+", "-", "@"))]
    assert len(risky) > 4
    assert all(cell.quotePrefix for cell in risky)


def test_what_people_read_is_what_was_written():
    form = form_of(load_instrument(AWKWARD))
    survey = rows_of(book_of([form]), "survey")
    assert [row["label::English (en)"] for row in survey[3:8]] == [one.text for one in form.items]


def test_a_name_that_xlsform_keeps_is_changed_and_told():
    forms = [form_of(load_instrument(AWKWARD))]
    assert "meta2" in [row["name"] for row in rows_of(book_of(forms), "survey")]
    assert "meta is now meta2" in remarks(forms)[0]


def test_a_reference_to_another_question_is_refused():
    form = form_of(load_instrument("peech-sc"), fillings={"worker": "${name}"})
    with pytest.raises(InstrumentError, match=r"reads .* as a reference") as caught:
        write_xlsform([form])
    assert len(caught.value.failures) > 10


def test_the_worker_is_to_be_asked_for_where_answers_are_about_one():
    assert any("which worker" in one for one in remarks([form_of(load_instrument("peech-sc"))]))
