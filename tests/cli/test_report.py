import json
from pathlib import Path

import pytest

from relsurvey.files import sha256_of
from relsurvey.one_at_a_time import LOCK_NAME, alone_in
from relsurvey.reporting.stored import to_json
from relsurvey.study import stored_reports
from relsurvey.study.manifest import Manifest, NamedFile, hashes_in, read_manifest, written
from relsurvey.views import AUDIENCES, Figure, Headline, Report, Section, Table

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)


class Picture:
    svg = "<svg></svg>"

    def png(self):
        return PICTURE


def report_for(audience, *, tables=True):
    blocks = (
        *([Table("table-made", "Made", ("A", "n"), (("one", "12"),))] if tables else []),
        Figure("figure-made", "A figure", "It shows this", Picture()),
    )
    return Report(
        "A study", None, "2026-01-31", audience, (), Headline("In brief", "Yes.", "Sure.", (), ()),
        (Section("made", "Made", blocks),), "relsurvey 0.1.0",
    )  # fmt: skip


@pytest.fixture
def results(tmp_path):
    """A results folder as a run leaves it, with one report in it."""
    folder = tmp_path / "results"
    shareable = folder / "shareable"
    (shareable / "figures").mkdir(parents=True)
    (shareable / "figures" / "figure-made.svg").write_text(Picture.svg, encoding="utf-8")
    (shareable / "figures" / "figure-made.png").write_bytes(PICTURE)
    text = to_json({audience: report_for(audience) for audience in AUDIENCES})
    (shareable / "views.json").write_text(text, encoding="utf-8")
    (shareable / "report.html").write_text("old", encoding="utf-8")
    made(folder)
    return folder


def made(folder, **changes):
    fields = {
        "relsurvey": "0.1.0", "study": NamedFile(file="study.yaml", sha256="0"), "lock": None,
        "inputs": {}, "definitions": {}, "software": {}, "seed": 1, "command": "relsurvey run",
        "ids": "pseudonyms", "key": None, "created": "2026-01-31", "started": "", "ended": "",
        "outputs": hashes_in(folder),
    }  # fmt: skip
    manifest = Manifest(**{**fields, **changes})
    (folder / "manifest.json").write_text(written(manifest), encoding="utf-8")


def files_in(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_format_is_written_for_every_reader(results, call):
    done = call("report", results, "--format", "docx,markdown", "-f", "csv,xlsx,latex",
                "--audience", "technical,service", "-a", "plain")  # fmt: skip
    assert done.code == 0, done.err
    shareable = results / "shareable"
    lines = done.out.splitlines()
    assert len(lines) == 3 * 5
    assert f"Wrote {shareable / 'report-plain.docx'}" in lines
    assert f"Wrote {shareable / 'report-plain-tables'} (2 files)" in lines
    assert all(Path(line.removeprefix("Wrote ").split(" (")[0]).exists() for line in lines)
    page = (shareable / "report-service.md").read_text(encoding="utf-8")
    assert "](figures/figure-made.png)" in page
    manifest = read_manifest(results)
    assert manifest.outputs["shareable/report.docx"] == sha256_of(shareable / "report.docx")
    assert (shareable / "report.html").read_text(encoding="utf-8") == "old"
    assert not (results / LOCK_NAME).exists()


def test_the_same_again_gives_the_same_bytes(results, call):
    call("report", results, "-f", "docx,html", "--force")
    first = files_in(results)
    assert call("report", results, "-f", "docx,html", "--force").code == 0
    assert files_in(results) == first


def test_a_report_that_is_there_is_kept_unless_forced(results, call):
    before = files_in(results)
    done = call("report", results, "--format", "html,docx")
    assert done.code == 3
    assert "1 report of those asked for is there already" in done.err
    assert "report.html" in done.err
    assert files_in(results) == before
    assert call("report", results, "--format", "html", "--force").code == 0
    assert "<!DOCTYPE html>" in (results / "shareable" / "report.html").read_text(encoding="utf-8")


def test_another_folder_gets_reports_that_need_nothing_beside(results, call, tmp_path):
    out = tmp_path / "elsewhere" / "reports"
    before = files_in(results)
    assert call("report", results, "-f", "markdown,html", "--out", out).code == 0
    assert sorted(one.name for one in out.iterdir()) == ["report.html", "report.md"]
    page = (out / "report.md").read_text(encoding="utf-8")
    assert "It shows this" in page
    assert "figures/" not in page
    assert files_in(results) == before


def test_other_files_of_the_folder_stay(results, call):
    (results / "shareable" / "mine.txt").write_text("mine", encoding="utf-8")
    (results / "shareable" / "report-tables").mkdir()
    (results / "shareable" / "report-tables" / "mine.txt").write_text("mine", encoding="utf-8")
    assert call("report", results, "-f", "csv", "--force").code == 0
    for path in ("mine.txt", "report-tables/mine.txt"):
        assert (results / "shareable" / path).read_text(encoding="utf-8") == "mine"


def test_all_unknown_words_are_said_at_once(results, call):
    done = call("report", results, "--format", "wrod,html", "--audience", "technicl,plain")
    said = " ".join(done.err.replace("│", " ").split())
    assert done.code == 2
    assert "There is no report format 'wrod'." in said
    assert "Did you mean 'docx'?" in said
    assert "Did you mean 'technical'?" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--format", ""), ["There is no report format ''", "html, docx, markdown"]),
        (("--format", " , "), ["There is no report format ''"]),
        (("--audience", ""), ["No report is written for ''", "technical, service, plain"]),
        (("--audience", "managers"), ["Did you mean 'service'?"]),
        (("--audience", "everyone"), ["Did you mean 'plain'?"]),
        (("--audience", "participants"), ["Did you mean 'plain'?"]),
        (("--audience", "journal"), ["Did you mean 'technical'?"]),
        (("--format", "pdf"), ["open it in a browser and print it"]),
    ],
)
def test_what_is_no_format_and_no_reader_says_what_there_is(results, call, words, said):
    before = files_in(results)
    done = call("report", results, *words)
    assert done.code == 2
    told = " ".join(done.err.replace("│", " ").split())
    assert all(one in told for one in said)
    assert files_in(results) == before


def test_tables_of_a_report_that_has_none_are_not_written(results, call):
    text = to_json({one: report_for(one, tables=one != "plain") for one in AUDIENCES})
    (results / "shareable" / "views.json").write_text(text, encoding="utf-8")
    made(results)
    before = files_in(results)
    done = call("report", results, "-f", "csv,xlsx", "-a", "plain")
    assert done.code == 3
    said = " ".join(done.err.replace("│", " ").split())
    assert "The report for plain has no tables, and csv and xlsx would hold nothing else." in said
    assert files_in(results) == before
    done = call("report", results, "-f", "csv", "-a", "plain,technical")
    assert done.code == 0
    assert done.out == f"Wrote {results / 'shareable' / 'report-tables'} (2 files)\n"
    assert "There is no report-plain-tables: that report has no tables." in done.err
    assert not (results / "shareable" / "report-plain-tables").exists()


@pytest.mark.parametrize("name", ["views.json", "figures/figure-made.svg"])
def test_what_was_changed_is_not_reported(results, call, name):
    with (results / "shareable" / name).open("a", encoding="utf-8") as file:
        file.write(" ")
    done = call("report", results, "-f", "docx")
    assert done.code == 3
    assert f"shareable/{name}" in done.err
    assert "was changed since the run" in done.err
    assert not (results / "shareable" / "report.docx").exists()


def test_what_is_gone_is_named(results, call):
    (results / "shareable" / "views.json").unlink()
    (results / "shareable" / "figures" / "figure-made.png").unlink()
    done = call("report", results, "-f", "docx")
    assert done.code == 3
    assert done.err.count("is not there") == 2


def test_results_of_another_version_are_refused(results, call):
    path = results / "shareable" / "views.json"
    content = {**json.loads(path.read_text(encoding="utf-8")), "relsurvey": "9.9.9"}
    path.write_text(json.dumps(content), encoding="utf-8")
    made(results)
    done = call("report", results, "-f", "docx")
    assert done.code == 3
    assert "made with relsurvey 9.9.9" in done.err
    assert "Run the study again" in done.err


def test_a_folder_that_is_not_there_or_has_no_results_is_said(tmp_path, call):
    done = call("report", tmp_path / "nowhere")
    assert done.code == 3
    assert "There is no folder" in done.err
    done = call("report", tmp_path)
    assert done.code == 3
    assert "has no manifest.json" in " ".join(done.err.replace("│", " ").split())


def test_a_file_is_no_folder_for_reports(results, call, tmp_path):
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    done = call("report", results, "--out", tmp_path / "file")
    assert done.code == 3
    assert "is a file; a folder is needed" in done.err


def test_a_full_disk_is_said_and_leaves_nothing(results, call, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    before = files_in(results)
    monkeypatch.setattr("relsurvey.reporting.write.Path.write_bytes", full)
    done = call("report", results, "-f", "docx,markdown")
    assert done.code == 3
    assert "No space left on device" in " ".join(done.err.replace("│", " ").split())
    monkeypatch.undo()
    assert files_in(results) == before


def test_two_at_once_into_one_folder_are_kept_apart(results, call):
    with alone_in(results):
        done = call("report", results, "-f", "docx")
    assert done.code == 3
    assert "Another relsurvey is writing into" in done.err
    assert not (results / "shareable" / "report.docx").exists()
    assert call("report", results, "-f", "docx").code == 0


def test_a_lock_that_a_crash_left_is_in_nobodys_way(results, call):
    (results / LOCK_NAME).write_text("", encoding="utf-8")
    assert call("report", results, "-f", "docx").code == 0
    assert not (results / LOCK_NAME).exists()


def test_reports_are_read_and_not_computed(results, monkeypatch):
    monkeypatch.setattr("relsurvey.reporting.build.build_reports", None)
    (path,) = stored_reports.write_stored_reports(results, formats=["docx"], audiences=["plain"])
    assert path.name == "report-plain.docx"


def test_a_report_that_somebody_edited_or_wrote_is_not_replaced_in_the_results(results, call):
    page = results / "shareable" / "report.html"
    page.write_text("my own words", encoding="utf-8")
    done = call("report", results, "--format", "html", "--force")
    assert done.code == 3
    assert "relsurvey did not write" in " ".join(done.err.replace("│", " ").split())
    assert page.read_text(encoding="utf-8") == "my own words"


def test_in_another_folder_force_replaces_what_has_the_name(results, call, tmp_path):
    page = tmp_path / "out" / "report.html"
    page.parent.mkdir()
    page.write_text("old", encoding="utf-8")
    assert call("report", results, "-f", "html", "--out", page.parent).code == 3
    assert call("report", results, "-f", "html", "--out", page.parent, "--force").code == 0
    assert "<!DOCTYPE html>" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("place", ["restricted", "restricted/for you"])
def test_reports_do_not_go_among_what_is_restricted(results, call, place):
    done = call("report", results, "--out", results / place)
    assert done.code == 3
    assert "is the restricted part of results" in " ".join(done.err.replace("│", " ").split())
    assert not (results / place).exists()


def test_a_manifest_of_another_version_is_refused_too(results, call):
    made(results, relsurvey="9.9.9")
    done = call("report", results, "-f", "docx")
    assert done.code == 3
    assert "made by relsurvey 9.9.9" in " ".join(done.err.replace("│", " ").split())
