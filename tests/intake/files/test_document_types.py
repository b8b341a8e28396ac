"""Workbooks whose parts declare entities are refused before anything reads them."""

import zipfile

import openpyxl
import pytest

from relsurvey.errors import IntakeError
from relsurvey.intake.files import workbook
from relsurvey.intake.files.document_types import parts_with_document_type
from relsurvey.intake.files.workbook import read_workbook

SHEET = "xl/worksheets/sheet1.xml"
STYLES = "xl/styles.xml"
LAUGHS = "<!DOCTYPE lolz [<!ENTITY lol0 'lol'>" + "".join(
    f"<!ENTITY lol{n} '{f'&lol{n - 1};' * 10}'>" for n in range(1, 10)
)
ATTACKS = {
    "billion laughs": f"{LAUGHS}]>",
    "a file brought in": "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]>",
    "a type kept elsewhere": "<!DOCTYPE x SYSTEM 'http://example.org/x.dtd'>",
    "behind a long comment": f"<!--{' ' * 100_000}--><!DOCTYPE x [<!ENTITY e 'e'>]>",
    "behind all that may stand before it": "<?a b?>\n\n<!-- c -->\n<!DOCTYPE x>",
}


def made(folder, part, declared, encoding="utf-8"):
    """Write a workbook of two columns; one of its parts begins with a declaration."""
    path = folder / "export.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["Q1", "Q2"])
    book.active.append(["a text <!DOCTYPE x>", 2])
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text = parts[part].decode()
    start = text.index("?>") + 2 if text.startswith("<?xml") else 0
    parts[part] = f"<?xml version='1.0' encoding='{encoding}'?>{declared}{text[start:]}".encode(
        encoding
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("part", [SHEET, STYLES, "[Content_Types].xml", "xl/workbook.xml"])
@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_are_refused_before_the_workbook_is_opened(tmp_path, monkeypatch, part, attack):
    monkeypatch.delattr(workbook, "_opened")
    path = made(tmp_path, part, ATTACKS[attack])
    with pytest.raises(IntakeError, match=r"declares entities or a document type in .*xml") as told:
        read_workbook(path)
    assert "where it comes from" in told.value.hint


def test_another_encoding_hides_nothing(tmp_path):
    path = made(tmp_path, SHEET, ATTACKS["billion laughs"], encoding="utf-16")
    assert parts_with_document_type(path) == [SHEET]


def test_the_words_inside_a_cell_are_no_declaration(tmp_path):
    path = made(tmp_path, SHEET, "<!-- nothing -->")
    assert parts_with_document_type(path) == []
    assert read_workbook(path).columns[0].text(0) == "a text <!DOCTYPE x>"


def test_parts_that_are_no_xml_declare_nothing(tmp_path):
    path = made(tmp_path, SHEET, "")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/media/image1.png", b"\x89PNG\r\n <!DOCTYPE x>")
        archive.writestr("xl/empty.xml", b"")
    assert parts_with_document_type(path) == []
