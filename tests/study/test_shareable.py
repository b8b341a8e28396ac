import csv
import json
from types import SimpleNamespace

import docx
import pytest
from PIL import Image

from relsurvey.reporting.stored import from_json, to_json
from relsurvey.study import shareable
from relsurvey.views import AUDIENCES, Figure, Headline, Report, Section, Table, Withheld


def report(audience):
    def png():
        from io import BytesIO

        stream = BytesIO()
        Image.new("RGB", (300, 200), "white").save(stream, format="PNG", dpi=(300, 300))
        return stream.getvalue()

    blocks = (
        Table("table-made", "Made", ("A", "n"), (("=1+1", "12"),)),
        Figure("figure-made", "A figure", "It shows this", SimpleNamespace(svg="<svg/>", png=png)),
    )
    return Report(
        "A study", None, "2026-01-31", audience, (), Headline("In brief", "Yes.", "Sure.", (), ()),
        (Section("made", "Made", blocks),), "relsurvey 0.1.0",
        withheld=(Withheld("Made, table", "counts of workers", "fewer than 10"),),
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    reports = {audience: report(audience) for audience in AUDIENCES}
    asked = SimpleNamespace(formats=["html", "docx"], audiences=["technical", "plain"])
    shareable.write_shareable(reports, asked, tmp_path / "shareable")
    return tmp_path / "shareable"


def test_what_was_asked_for_is_written_and_what_all_reports_need(folder):
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*")) == [
        "README.txt",
        "figures/figure-made.png",
        "figures/figure-made.svg",
        "report-plain.docx",
        "report-plain.html",
        "report.docx",
        "report.html",
        "tables/contents.csv",
        "tables/table-made.csv",
        "views.json",
        "withheld.csv",
    ]


def test_every_reader_is_stored_whoever_was_asked_for(folder):
    text = (folder / "views.json").read_text(encoding="utf-8")
    assert list(json.loads(text)["reports"]) == list(AUDIENCES)
    stored = from_json(text, folder / "figures")
    assert to_json(stored) == text


def test_the_document_has_the_very_picture_that_lies_beside(folder):
    document = docx.Document(str(folder / "report.docx"))
    (part,) = document.part.package.image_parts
    assert part.blob == (folder / "figures" / "figure-made.png").read_bytes()


def test_what_is_withheld_is_said_once_without_a_number_of_people(folder):
    with (folder / "withheld.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows == [
        ["where", "what", "why"],
        ["Made, table", "counts of workers", "fewer than 10"],
    ]


def test_no_cell_of_a_table_runs_in_a_spreadsheet(folder):
    assert (folder / "tables" / "table-made.csv").read_text(encoding="utf-8") == ("A,n\n'=1+1,12\n")


def test_the_readme_says_what_each_thing_is(folder):
    text = (folder / "README.txt").read_text(encoding="utf-8")
    for name in ("report-service", "figures/", "tables/", "withheld.csv", "views.json"):
        assert name in text
    assert max(map(len, text.splitlines())) < 100
