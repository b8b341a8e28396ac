import datetime as dt
import io
import zipfile

import openpyxl
import pytest

from relsurvey.errors import IntakeError
from relsurvey.intake import read_responses, read_table
from relsurvey.intake.files import long_cells, sheet, workbook
from relsurvey.intake.files.workbook import read_workbook


@pytest.fixture
def book(tmp_path):
    """Write sheets of rows as a workbook."""

    def write(sheets, name="export.xlsx", change=None):
        made = openpyxl.Workbook()
        made.remove(made.active)
        for title, rows in sheets.items():
            sheet = made.create_sheet(title)
            for row in rows:
                sheet.append(row)
        if change:
            change(made)
        path = tmp_path / name
        made.save(path)
        return path

    return write


def cells(table):
    return [[column.texts[code] for code in column.codes] for column in table.columns]


def test_cells_become_text(book):
    def zeros(made):
        made["S"]["A2"].number_format = "000"

    rows = [
        ["id", "n", "flag", "day", "moment", "text"],
        [7, 3.0, True, dt.date(2024, 5, 1), dt.datetime(2024, 5, 1, 9, 30), " NA "],
        [1007, 0.5, False, None, dt.time(9, 30), 123456789012345],
    ]
    table = read_workbook(book({"S": rows}, change=zeros))
    assert table.heading == ("id", "n", "flag", "day", "moment", "text")
    assert cells(table) == [
        ["007", "1007"],
        ["3", "0.5"],
        ["TRUE", "FALSE"],
        ["2024-05-01", ""],
        ["2024-05-01T09:30:00", "09:30:00"],
        [" NA ", "123456789012345"],
    ]
    assert table.rows.tolist() == [2, 3]


def test_it_reads_the_same_as_csv(book, export, small):
    rows = [["id", "Q1", "Q2", "Q3"], ["a", 1, "Never", None], ["b", 4.0, 9, "NA"]]
    from_book = read_responses(book({"S": rows}), small, id="id")
    text = "\n".join(",".join("" if c is None else str(c) for c in row) for row in rows)
    from_text = read_responses(export(text), small, id="id")
    assert from_book.items.equals(from_text.items)
    assert from_book.reasons.equals(from_text.reasons)
    assert from_book.meta.equals(from_text.meta)


def test_empty_rows_are_left_out_and_rows_keep_their_number(book):
    table = read_workbook(book({"S": [[], ["a", "b"], [1, 2], [], [3, 4]]}))
    assert table.rows.tolist() == [3, 5]
    assert any("2 empty rows skipped" in entry.what for entry in table.entries)


def test_the_sheet_with_the_items_is_read(book, small):
    sheets = {
        "Notes": [["about"], ["this"]],
        "Answers": [["Q1", "Q2", "Q3"], [1, 2, 3]],
        "Empty": [],
    }
    responses = read_responses(book(sheets), small)
    assert responses.items.iloc[0].tolist() == [1, 2, 3]
    assert "1 other sheet not read: Notes" in responses.log.summary()


@pytest.mark.parametrize("second", [["Q1", "Q2", "Q3"], ["x", "y", "z"]])
def test_two_sheets_that_could_be_meant(book, small, second):
    first = second if second[0] == "x" else ["Q1", "Q2", "Q3"]
    path = book({"One": [first, [1, 2, 3]], "Two": [second, [1, 2, 3]]})
    with pytest.raises(IntakeError, match="not clear which one is meant: One, Two"):
        read_responses(path, small)


def test_a_workbook_with_nothing_in_it(book):
    with pytest.raises(IntakeError, match="no sheet holds anything"):
        read_workbook(book({"S": []}))


def test_cells_beyond_the_heading(book):
    with pytest.raises(IntakeError, match="to the right of the last heading") as caught:
        read_workbook(book({"S": [["a", "b"], [1, 2], [1, 2, 3]]}))
    assert caught.value.failures["row"].tolist() == [3]


def test_error_cells_are_faults(book, small):
    path = book({"S": [["Q1", "Q2", "Q3"], ["#REF!", 2, "#N/A"]]})
    with pytest.raises(IntakeError, match="2 cells are no answer") as caught:
        read_responses(path, small)
    assert caught.value.failures["value"].tolist() == ["#REF!", "#N/A"]


def test_formulas_without_a_saved_result_are_not_taken_for_blank(book, small):
    path = book({"S": [["Q1", "Q2", "Q3"], [1, "=1+1", 3]]})
    with pytest.raises(IntakeError, match="1 formula without a saved result") as caught:
        read_responses(path, small)
    assert caught.value.failures.to_dict("records") == [{"cell": "B2", "formula": "=1+1"}]


def rewritten(path, replacements):
    """Change parts of a workbook as another program would have written them."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, (old, new) in replacements.items():
        # How an empty element is written depends on the XML library openpyxl finds.
        parts[name] = parts[name].replace(b"<v />", b"<v/>").replace(b"<v></v>", b"<v/>")
        assert old in parts[name]
        parts[name] = parts[name].replace(old, new)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


SHEET = "xl/worksheets/sheet1.xml"


def test_saved_results_of_formulas_are_read(book, small):
    path = book({"S": [["Q1", "Q2", "Q3"], [1, "=1+1", 3]]})
    rewritten(path, {SHEET: (b"<f>1+1</f><v/>", b"<f>1+1</f><v>2</v>")})
    assert read_responses(path, small).items.iloc[0].tolist() == [1, 2, 3]


def test_a_formula_with_an_empty_text_is_an_open_answer(book, small):
    path = book({"S": [["Q1", "Q2", "Q3"], [1, "=1+1", 3]]})
    rewritten(path, {SHEET: (b'<c r="B2"><f>1+1</f><v/>', b'<c r="B2" t="str"><f>1+1</f><v/>')})
    assert read_responses(path, small).reasons.loc[0, "Q2"] == "unanswered"


def test_a_sheet_that_claims_to_be_huge(book):
    path = book({"S": [["a", "b"], [1, 2]]})
    rewritten(path, {SHEET: (b'ref="A1:B2"', b'ref="A1:XFD1048576"')})
    assert cells(read_workbook(path)) == [["1"], ["2"]]


def test_a_sheet_with_rows_that_cannot_be(book, monkeypatch):
    monkeypatch.setattr(sheet, "MOST_ROWS", 1_000)
    path = book({"S": [["a", "b"], [1, 2]]})
    rewritten(path, {SHEET: (b'<row r="2">', b'<row r="99999999999">')})
    with pytest.raises(IntakeError, match="more than 1,000 rows"):
        read_workbook(path)


def test_macros_are_refused(book):
    path = book({"S": [["a"], [1]]}, name="export.xlsm")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    with pytest.raises(IntakeError, match="workbook with macros"):
        read_workbook(path)


def test_a_workbook_that_unpacks_to_too_much(book, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_BYTES", 1_000)
    with pytest.raises(IntakeError, match="unpacks to"):
        read_workbook(book({"S": [["a"], [1]]}))


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"", "is empty"),
        (b"a,b\n1,2\n", "this looks like CSV text"),
        (b"PK\x03\x04 and no more", "not an .xlsx workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "with a password"),
    ],
)
def test_what_is_not_a_workbook(tmp_path, content, match):
    path = tmp_path / "export.xlsx"
    path.write_bytes(content)
    with pytest.raises(IntakeError, match=match):
        read_workbook(path)


def test_a_zip_of_something_else(tmp_path):
    path = tmp_path / "export.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(IntakeError, match=r"not an \.xlsx workbook, or it is damaged"):
        read_workbook(path)


def test_a_workbook_cut_off(book):
    path = book({"S": [["a", "b"]] + [[i, "x" * 50] for i in range(500)]})
    data = path.read_bytes()
    for part in (0.2, 0.5, 0.9, 0.99):
        path.write_bytes(data[: int(len(data) * part)])
        with pytest.raises(IntakeError, match="damaged"):
            read_workbook(path)


def test_an_encrypted_entry(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "x")
    data = bytearray(buffer.getvalue())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path = tmp_path / "export.xlsx"
    path.write_bytes(bytes(data))
    with pytest.raises(IntakeError, match="encrypted"):
        read_workbook(path)


def test_a_sheet_with_more_cells_than_any_survey(book, monkeypatch):
    monkeypatch.setattr(sheet, "MOST_CELLS", 5)
    with pytest.raises(IntakeError, match="5 cells"):
        read_workbook(book({"S": [["a", "b"], [1, 2], [3, 4]]}))


def test_long_numbers_are_no_ids(book, small):
    rows = [["w", "Q1", "Q2", "Q3"], [123456789012345678, 1, 1, 1], [], [1e16, 1, 1, 1]]
    rows += [["123456789012345678", 1, 1, 1], [123456789012345, 1, 1, 1]]
    path = book({"S": rows})
    with pytest.raises(IntakeError, match="2 ids stored as a number of more than 15") as caught:
        read_responses(path, small, worker="w")
    first, second = caught.value.failure_rows
    assert (first["cell"], first["column"]) == ("A2", "w")
    assert first["value"].startswith("123456789012345")  # the rest is not what was written
    assert second == {"cell": "A4", "column": "w", "value": "10000000000000000"}
    assert "as text" in caught.value.hint
    with pytest.raises(IntakeError, match="2 ids stored as a number"):
        read_table(path)
    assert read_responses(path, small).n == 4


def test_no_number_is_in_scientific_notation(book):
    table = read_workbook(book({"S": [["a"], [1e16], [1e-7], [-2.5], [0.1]]}))
    assert cells(table) == [["10000000000000000", "0.0000001", "-2.5", "0.1"]]


def test_a_fault_of_ours_is_not_told_as_a_damaged_workbook(book):
    def broken(row):
        raise AttributeError("a slip in our own code")

    with pytest.raises(AttributeError, match="a slip in our own code"):
        read_workbook(book({"S": [["a"], [1]]}), broken)


def test_a_title_above_the_headings(book, small):
    rows = [["Survey of 2024"], [], ["Q1", "Q2", "Q3"], [1, 2, 3], [1, 2, 3]]
    with pytest.raises(IntakeError, match="to the right of the last heading") as caught:
        read_responses(book({"S": rows}), small)
    assert caught.value.hint == "The headings seem to be in row 3; delete the rows above it."


def test_csv_text_that_is_called_a_workbook(export, small):
    path = export("Q1;Q2;Q3\n1;2;3\n", "answers.xlsx")
    with pytest.raises(IntakeError, match="looks like CSV text") as caught:
        read_responses(path, small)
    assert caught.value.hint == "Rename it to .csv."


def test_a_cell_longer_than_a_spreadsheet_allows(book, monkeypatch):
    path = book({"S": [["a", "b"], ["x", "y" * 32_767]]})
    assert len(read_workbook(path).columns[1].texts[0]) == 32_767
    rewritten(path, {SHEET: (b"y" * 32_767, b"y" * 32_768)})
    with pytest.raises(IntakeError, match=r"cell B2 of sheet 'S' holds 32,768 characters") as told:
        read_workbook(path)
    assert "Shorten or empty the cell" in told.value.hint


@pytest.mark.parametrize("blocks", [1 << 14, 1 << 20])
def test_big_parts_are_measured_before_they_are_unpacked(book, monkeypatch, blocks):
    path = book({"S": [["a", "b"], [1, "long"], [3, 4], ["x"] * 2, *[["y"] * 2] * 3_000]})
    monkeypatch.setattr(long_cells, "BIG_PART", 50_000)
    monkeypatch.setattr(long_cells, "_BLOCK", blocks)
    assert len(read_workbook(path).rows) == 3_003
    old = b'<c r="A3" t="n"><v>3</v>'
    new = b'<c r="A3" t="inlineStr"><is><t>' + b"z" * 400_000 + b"</t></is>"
    rewritten(path, {SHEET: (old, new)})
    with pytest.raises(IntakeError, match=r"cell A3 \(xl/worksheets/sheet1.xml\) holds a longer"):
        read_workbook(path)


def test_a_workbook_packed_smaller_than_tables_are(book, monkeypatch):
    path = book({"S": [["a"], *[["x"]] * 20_000]})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        archive.writestr("xl/filler.xml", b"<a/>" + b" " * 30_000_000)
    assert len(read_workbook(path).rows) == 20_000
    monkeypatch.setattr(long_cells, "BIG", 20_000_000)
    with pytest.raises(IntakeError, match=r"0\.1 MB and unpacks to 3\d MB"):
        read_workbook(path)


def test_a_note_on_a_sheet_of_its_own_is_no_table(book):
    path = book({"Answers": [["a", "b"], [1, 2]], "Notes": [["made by me"]]})
    assert cells(read_workbook(path)) == [["1"], ["2"]]
