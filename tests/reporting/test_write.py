import os

import pytest

import relsurvey as rs
from relsurvey.errors import OutputError, ReportError
from relsurvey.reporting import write, write_report
from relsurvey.reporting.writers import Writer


def test_the_same_result_gives_the_same_bytes(made_up, made_up_report, tmp_path):
    again = write_report(made_up, tmp_path / "again.html")
    assert again.read_bytes() == made_up_report.read_bytes()


@pytest.mark.usefixtures("undrawn")
def test_the_path_comes_back(made_up, tmp_path):
    assert rs.write_report(made_up, str(tmp_path / "r.html")) == tmp_path / "r.html"


def test_an_unknown_format_is_answered_with_those_there_are(made_up, tmp_path):
    with pytest.raises(ReportError, match=r"no report format 'pdf'.\nThe formats are: html"):
        write_report(made_up, tmp_path / "r.pdf", format="pdf")
    assert list(tmp_path.iterdir()) == []


def test_something_else_than_a_study_is_named(tmp_path):
    with pytest.raises(ReportError, match="a list has no title, question"):
        write_report([], tmp_path / "r.html")


def test_a_folder_is_not_a_file(made_up, tmp_path):
    with pytest.raises(OutputError, match="is a folder"):
        write_report(made_up, tmp_path)


def test_a_missing_folder_is_named(made_up, tmp_path):
    with pytest.raises(OutputError, match="no folder"):
        write_report(made_up, tmp_path / "nowhere" / "r.html")


@pytest.mark.usefixtures("undrawn")
def test_an_existing_report_is_kept_unless_forced(made_up, tmp_path):
    path = tmp_path / "r.html"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(OutputError, match="already there"):
        write_report(made_up, path)
    assert path.read_text(encoding="utf-8") == "old"
    write_report(made_up, path, force=True)
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.usefixtures("undrawn")
def test_a_failure_leaves_nothing_behind(made_up, tmp_path, monkeypatch):
    def broken(report):
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(write.FORMATS, "html", Writer(".html", broken))
    with pytest.raises(OSError, match="No space"):
        write_report(made_up, tmp_path / "r.html")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("undrawn")
def test_the_report_does_not_depend_on_the_place_or_the_time(made_up, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    write_report(made_up, "r.html")
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert os.fspath(tmp_path) not in text
    assert "2026-01-31" in text
