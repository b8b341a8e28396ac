import os

import pytest

import relsurvey as rs
from relsurvey.errors import OutputError, ReportError
from relsurvey.reporting import write, write_report
from relsurvey.reporting.write import file_name, save_reports
from relsurvey.reporting.writers import FORMATS, Writer
from relsurvey.views import AUDIENCES


def test_the_same_result_gives_the_same_bytes(made_up, made_up_report, tmp_path):
    again = write_report(made_up, tmp_path / "again.html")
    assert again.read_bytes() == made_up_report.read_bytes()


@pytest.mark.usefixtures("undrawn")
def test_the_path_comes_back(made_up, tmp_path):
    assert rs.write_report(made_up, str(tmp_path / "r.html")) == tmp_path / "r.html"


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("word", "docx"),
        ("wrod", "docx"),
        ("md", "markdown"),
        ("excel", "xlsx"),
        ("tex", "latex"),
        (".HTML", "html"),
        ("htm", "html"),
        ("dcox", "docx"),
    ],
)
def test_a_format_by_another_name_is_answered_with_the_right_one(made_up, tmp_path, word, meant):
    with pytest.raises(ReportError, match=rf"no report format '{word}'.\n.*Did you mean '{meant}'"):
        write_report(made_up, tmp_path / "r", format=word)


def test_an_unknown_format_is_answered_with_those_there_are(made_up, tmp_path):
    with pytest.raises(ReportError, match=r"no report format 'pptx7'.\nThe formats are: html, d"):
        write_report(made_up, tmp_path / "r.pdf", format="pptx7")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_reader_is_answered_with_those_there_are(made_up, tmp_path):
    with pytest.raises(ReportError, match=r"for 'plian'.\nThe readers are: t.* mean 'plain'"):
        write_report(made_up, tmp_path / "r.html", audience="plian")


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
def test_the_report_does_not_depend_on_the_place_or_the_time(made_up, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    write_report(made_up, "r.html")
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert os.fspath(tmp_path) not in text
    assert "2026-01-31" in text


def test_tables_as_csv_get_a_folder_in_which_other_files_stay(made_of, tmp_path):
    folder = tmp_path / "tables"
    save_reports({folder: (made_of(), "csv")})
    assert sorted(one.name for one in folder.iterdir()) == ["contents.csv", "table-made.csv"]
    (folder / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="already there"):
        save_reports({folder: (made_of("other"), "csv")})
    save_reports({folder: (made_of("other"), "csv")}, force=True)
    assert (folder / "mine.txt").read_text(encoding="utf-8") == "mine"
    assert "other" in (folder / "table-made.csv").read_text(encoding="utf-8")


def test_tables_as_csv_are_not_put_into_a_file(made_of, tmp_path):
    (tmp_path / "tables").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="csv needs a folder"):
        save_reports({tmp_path / "tables": (made_of(), "csv")}, force=True)


def test_several_reports_are_written_all_or_none(made_of, tmp_path, monkeypatch):
    def full(report):
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(write.FORMATS, "latex", Writer(".tex", full))
    wanted = {
        tmp_path / "tables": (made_of(), "csv"),
        tmp_path / "r.md": (made_of(), "markdown"),
        tmp_path / "r.tex": (made_of(), "latex"),
    }
    with pytest.raises(OSError, match="No space"):
        save_reports(wanted)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_nothing_behind(made_of, tmp_path, monkeypatch):
    kept = write.Path.write_bytes

    def full(self, data):
        if ".r.tex" in self.name:
            raise OSError(28, "No space left on device")
        return kept(self, data)

    monkeypatch.setattr(write.Path, "write_bytes", full)
    (tmp_path / "r.md").write_text("old", encoding="utf-8")
    wanted = {
        tmp_path / "tables": (made_of(), "csv"),
        tmp_path / "r.md": (made_of(), "markdown"),
        tmp_path / "r.tex": (made_of(), "latex"),
    }
    with pytest.raises(OutputError, match=r"r\.tex cannot be written: No space left"):
        save_reports(wanted, force=True)
    assert [one.name for one in tmp_path.iterdir()] == ["r.md"]
    assert (tmp_path / "r.md").read_text(encoding="utf-8") == "old"


def test_every_report_of_a_folder_has_a_name_of_its_own():
    names = {file_name(audience, format_) for audience in AUDIENCES for format_ in FORMATS}
    assert len(names) == len(AUDIENCES) * len(FORMATS)
    assert file_name("technical", "html") == "report.html"
