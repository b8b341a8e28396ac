"""Files of programs that are not read, each with a way on."""

import zipfile

import pytest

from relsurvey.errors import IntakeError
from relsurvey.intake.files.containers import read_container

SAS = b"\0" * 12 + b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\x00\x09\xc7\x31\x8c"


@pytest.mark.parametrize(
    ("name", "content", "what", "remedy"),
    [
        (
            "a.por",
            b"\xc1\xe2" * 20 + b"ASCII SPSS PORT FILE    ",
            "SPSS portable",
            "save it as .sav",
        ),
        ("a.dat", b"ASCII SPSS PORT FILE    ,;\n", "SPSS portable", "save it as .sav"),
        ("a.sas7bdat", SAS, "SAS data set", "haven"),
        ("a.bin", SAS, "SAS data set", "haven"),
        ("a.xpt", b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!000", "SAS transport", "haven"),
        ("a.rds", b"\x1f\x8b\x08\0", "file of R", "write.csv"),
        ("a.RData", b"\x1f\x8b\x08\0", "file of R", "write.csv"),
        ("a.numbers", b"PK\x03\x04", "Numbers document", "save it as .xlsx"),
        ("a.xlsb", b"PK\x03\x04", "binary Excel workbook", "save it as .xlsx"),
        ("a.zip", b"PK\x03\x04", "ZIP archive", "Unpack it"),
    ],
)
def test_what_it_is_and_how_to_go_on(tmp_path, name, content, what, remedy):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(IntakeError, match=rf"is an? {what}.*, which is not read") as caught:
        read_container(path)
    assert remedy in caught.value.hint


def test_an_opendocument_spreadsheet_under_another_name(tmp_path):
    path = tmp_path / "answers.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<a/>")
    with pytest.raises(IntakeError, match="an OpenDocument spreadsheet, which is not read"):
        read_container(path)


@pytest.mark.parametrize("name", ["a.numbers", "a.por", "a.rds", "a.zip"])
def test_a_table_of_text_is_read_whatever_its_name(export, name):
    assert read_container(export("a,b\n1,2\n", name)).heading == ("a", "b")
