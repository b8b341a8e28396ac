import hashlib
from pathlib import Path

import openpyxl
import pytest

from relsurvey.errors import IntakeError
from relsurvey.intake import PLATFORM_NAMES, read_responses
from relsurvey.intake.files.containers import read_container
from relsurvey.intake.recognise import read_export


def test_the_file_tells_its_format(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["a"])
    book.active.append([1])
    path = tmp_path / "misnamed.csv"
    book.save(tmp_path / "x.xlsx")
    path.write_bytes((tmp_path / "x.xlsx").read_bytes())
    assert read_export(path).table.source == "sheet 'Sheet'"
    with pytest.raises(IntakeError, match="a zip archive or a workbook"):
        read_export(path, "csv")


def test_the_hash_of_the_file_is_logged(export):
    table = read_container(export("a\n1\n"))
    # sha256sum of the four bytes
    digest = "309b0e45a73d3fc5325e2b6ed0a01ef8b9cde6b05a5633c1f893f970d52bfddc"
    assert table.entries[-1].what == f"Its SHA-256 is {digest}."


@pytest.mark.parametrize("content", ["a,b\n", "a,b\n\n", "a,b\n,\n"])
def test_a_heading_without_answers(export, content):
    with pytest.raises(IntakeError, match="no answers under it"):
        read_export(export(content))


def test_a_folder(tmp_path):
    with pytest.raises(IntakeError, match="is a folder"):
        read_export(tmp_path)


def test_no_such_file_names_the_near_one(export):
    path = export("a\n1\n", "workers.csv")
    with pytest.raises(IntakeError, match="There is no file") as caught:
        read_export(path.with_name("worker.csv"))
    assert caught.value.hint == "Did you mean workers.csv?"


def test_no_such_folder(tmp_path):
    with pytest.raises(IntakeError, match="There is no file") as caught:
        read_export(tmp_path / "none" / "a.csv")
    assert "no folder" in caught.value.hint


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b"])
def test_names_that_cannot_be(name):
    with pytest.raises(IntakeError, match=r"cannot be read|no file"):
        read_export(Path(name))


def test_no_permission(export, monkeypatch):
    path = export("a\n1\n")

    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(IntakeError, match="cannot be read: Permission denied"):
        read_export(path)


def test_an_unknown_platform(export):
    with pytest.raises(IntakeError, match="no platform 'cvs'") as caught:
        read_export(export("a\n1\n"), "cvs")
    assert caught.value.hint.startswith("Did you mean 'csv'? Allowed: auto, qualtrics, redcap,")


def test_every_platform_that_is_named_reads_something(small, export):
    assert PLATFORM_NAMES[0] == "auto"
    assert PLATFORM_NAMES[-3:] == ("csv", "xlsx", "parquet")
    assert len(set(PLATFORM_NAMES)) == len(PLATFORM_NAMES)


def test_the_digest_is_that_of_the_file(small, export):
    path = export("Q1,Q2,Q3\n1,2,3\n")
    assert read_responses(path, small).digest == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_link_to_nothing_is_told_as_such(tmp_path):
    (tmp_path / "wl.csv").symlink_to("gone.csv")
    with pytest.raises(IntakeError, match=r"wl\.csv is a link to gone\.csv, which is not there"):
        read_export(tmp_path / "wl.csv")


def test_names_that_share_only_their_ending_are_not_suggested(export):
    path = export("a\n1\n", "wn.csv")
    export("a\n1\n", "oe.csv")
    with pytest.raises(IntakeError, match="There is no file") as caught:
        read_export(path.with_name("nope.csv"))
    assert caught.value.hint == "Check the name and the folder."
