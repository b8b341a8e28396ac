import itertools

import pytest

from relsurvey.errors import IntakeError
from relsurvey.intake import read_responses
from relsurvey.intake.files import encoding
from relsurvey.intake.files.encoding import find_encoding
from relsurvey.intake.files.text_file import read_text_file

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a byte order mark",
    "utf-16": "UTF-16 with a byte order mark",
    "utf-16-le": "UTF-16, little-endian",
    "utf-16-be": "UTF-16, big-endian",
    "cp1252": "Windows-1252",
}
DELIMITERS = [",", ";", "\t"]
LINE_ENDS = ["\n", "\r\n", "\r"]


@pytest.mark.parametrize(
    ("codec", "delimiter", "end"), list(itertools.product(ENCODINGS, DELIMITERS, LINE_ENDS))
)
def test_every_encoding_delimiter_and_line_end_reads_the_same(small, export, codec, delimiter, end):
    rows = [
        ["id", "Q1", "Q2", "Q3"],
        ["José", "Never", "2", "Never"],
        ["Žižka—ß", "Immer", "", '"Yes, always"'],
        ["007", "9", "Doesn’t apply", "Immer"],
    ]
    text = end.join(delimiter.join(row) for row in rows) + end
    path = export(text, encoding=codec)
    responses = read_responses(path, small, id="id")
    assert responses.meta["respondent_id"].tolist() == ["José", "Žižka—ß", "007"]
    assert responses.items.fillna(0).to_numpy().tolist() == [[1, 2, 1], [4, 0, 4], [0, 0, 4]]
    first = responses.log.to_frame().iloc[0]
    assert ENCODINGS[codec] in first["what"]


def test_big_endian_mark(export):
    path = export(b"\xfe\xff" + "a,b\n1,2\n".encode("utf-16-be"))
    assert find_encoding(path).codec == "utf-16"
    assert read_text_file(path).heading == ("a", "b")


def test_a_byte_order_mark_is_no_part_of_the_heading(export):
    assert read_text_file(export("a,b\n1,2\n", encoding="utf-8-sig")).heading == ("a", "b")


def test_utf8_split_between_two_blocks_is_still_utf8(export, monkeypatch):
    monkeypatch.setattr(encoding, "BLOCK", 16)
    path = export("a\n" + "é\n" * 50)
    assert find_encoding(path).codec == "utf-8"


@pytest.mark.parametrize(
    "content", [b"", b" \r\n\t\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\n" * 50_000]
)
def test_empty_files(export, content):
    with pytest.raises(IntakeError, match="is empty"):
        find_encoding(export(content))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"PK\x03\x04rest", "zip archive or a workbook"),
        (b"\xd0\xcf\x11\xe0rest", "password-protected"),
        (b"%PDF-1.7", "PDF"),
        (b"\xff\xfe\x00\x00a\x00\x00\x00", "UTF-32"),
    ],
)
def test_other_kinds_of_file_are_named(export, content, what):
    with pytest.raises(IntakeError, match=what):
        find_encoding(export(content))


def test_zero_bytes_are_not_text(export):
    with pytest.raises(IntakeError, match=r"NUL \(zero\) bytes, the first at byte 6 .* in line 2"):
        find_encoding(export(b"a,b\n1,\x00\n" * 10))


def test_bytes_that_windows_does_not_know(export):
    with pytest.raises(IntakeError, match="neither in UTF-8 nor in Windows-1252"):
        find_encoding(export(b"a,b\n\x81,\x8d\n"))


def test_half_a_character_of_utf16(export):
    with pytest.raises(IntakeError, match="not in UTF-16"):
        find_encoding(export("a,b\n1,2\n".encode("utf-16") + b"\x00"))


@pytest.mark.parametrize("start", [b"", b"a,b\n1,2\n"])
def test_a_line_without_end_is_refused_before_it_is_read(export, monkeypatch, start):
    path = export(start + b"1" * 200_000)
    monkeypatch.setattr(encoding, "BLOCK", 10_000)
    with pytest.raises(IntakeError, match="line of more than"):
        find_encoding(path)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"a,b\n1,\x002\n", "NUL (zero) bytes, the first at byte 6 (counted from 0), in line 2."),
        (b"\xef\xbb\xbfa\r\n\r\n" + b"x\n" * 40 + b"\0", "byte 88 (counted from 0), in line 43."),
        (
            "a,b\n1,\0002\n".encode("utf-16"),
            "a NUL (zero) character, the first at byte 14 (counted from 0), in line 2.",
        ),
        (b"\xfe\xff" + "\u0100,b\n\0".encode("utf-16-be"), "byte 10 (counted from 0), in line 2."),
    ],
)
def test_the_place_of_a_zero_byte(export, monkeypatch, content, place):
    for block in (16, 64, 1 << 20):
        monkeypatch.setattr(encoding, "BLOCK", block)
        with pytest.raises(IntakeError, match="is not whole text") as caught:
            encoding._check(export(content), encoding._likely(content)[0])
        assert place in caught.value.message
