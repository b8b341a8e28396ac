import csv
import io
import zipfile

import openpyxl
import pytest

from relsurvey import views
from relsurvey.reporting.writers.csv_tables import as_csv
from relsurvey.reporting.writers.letters import as_number, xml_text
from relsurvey.reporting.writers.workbook import as_xlsx

STARTS = ("=", "+", "-", "@", "\t", "\r")


def read(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))


def book_of(report):
    return openpyxl.load_workbook(io.BytesIO(as_xlsx(report)))


def test_each_table_is_a_file_and_one_says_what_they_are(made_of):
    files = as_csv(made_of())
    assert list(files) == ["contents.csv", "table-made.csv"]
    assert read(files["contents.csv"])[1] == [
        "table-made", "Caption: plain words", "Note: plain words",
    ]  # fmt: skip
    assert read(files["table-made.csv"]) == [
        ["Scale", "n", "Mean plain words", "Read"],
        ["plain words", "1204", "-0.50", "well"],
        ["Second", "too few to say", "", "plain words"],
        ["Third", "12", "0.86", "Methods"],
    ]


def test_a_csv_runs_nothing(made_of, awkward):
    for content in as_csv(made_of(awkward)).values():
        for row in read(content):
            for cell in row:
                assert not cell.startswith(STARTS) or cell == "-0.50"


def test_a_sheet_a_table_and_one_of_contents(made_of):
    book = book_of(made_of())
    assert book.sheetnames == ["contents", "table-made"]
    assert [cell.value for cell in book["contents"][2]] == [
        "table-made", "Caption: plain words", "Note: plain words",
    ]  # fmt: skip
    sheet = book["table-made"]
    assert [cell.value for cell in sheet[2]] == ["plain words", 1204, -0.5, "well"]
    assert sheet["C2"].number_format == "0.00"
    assert sheet["B2"].number_format == "0"
    assert sheet["C4"].value == 0.86


def test_a_workbook_has_no_formula(made_of, awkward):
    book = book_of(made_of(awkward))
    cells = [cell for sheet in book for row in sheet for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    texts = [cell.value for cell in cells if cell.data_type == "s"]
    assert not any(text.startswith(STARTS) for text in texts)
    said = xml_text(awkward)
    assert book["table-made"]["A2"].value in {said, f"'{said}"}


def test_the_same_report_gives_the_same_workbook_whatever_the_hour(made_of, monkeypatch):
    content = as_xlsx(made_of())
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    assert as_xlsx(made_of()) == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 1, 31, 0, 0, 0)}
        assert archive.read("docProps/core.xml").decode().count("2026-01-31T00:00:00Z") == 2


def test_sheets_have_names_that_a_workbook_allows(made_of):
    ids = ["a" * 40, "A" * 41, "b/c:[d]"]
    tables = tuple(views.Table(id_, "Made", ("A",), (("1",),)) for id_ in ids)
    book = book_of(made_of(sections=(views.Section("made", "Made", tables),)))
    assert book.sheetnames[1:] == ["a" * 31, "A" * 29 + "-2", "b_c__d_"]


@pytest.mark.parametrize(
    "text", ["007", "1,23", "1e5", "1.", "p < .001", "", "1 to 2", "12%", "1" * 16, "٣", "+1", "–"]
)
def test_what_is_no_number_stays_text(text):
    assert as_number(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", "0"), ("-3", "-3"), ("1,204,000", "1204000"), ("−.05", "-0.05"), ("10.50", "10.50")],
)
def test_numbers_are_written_as_programs_read_them(text, number):
    assert as_number(text)[0] == number
