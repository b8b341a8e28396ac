import json
import typing

import pytest

from relsurvey.cli.commands.instrument_export import FormatName
from relsurvey.forms import FORMATS


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_command_knows_every_format():
    assert typing.get_args(FormatName) == tuple(FORMATS)


def test_export_prints_the_file_and_what_to_know_of_it(call, here):
    done = call("instruments", "export", "peech-sc", "--to", "redcap")
    assert done.code == 0
    assert done.out.splitlines() == ["peech-sc-redcap.csv"]
    assert "capitals were lowered" in done.err
    assert (here / "peech-sc-redcap.csv").is_file()


def test_export_speaks_json(call):
    done = call("instruments", "export", "peech-sc", "--to", "qualtrics", "--json")
    said = json.loads(done.out)
    assert said["files"] == ["peech-sc-qualtrics.txt"]
    assert said["languages"] == ["en-GB"]
    assert any("peech_sc_1 to peech_sc_23" in one for one in said["remarks"])


def test_languages_and_fillings_are_named_as_often_as_wanted(call, here):
    words = ["--to", "xlsform", "--out", "form.xlsx", "--locale", "en-GB-x-easy"]
    words += ["--locale", "en-GB", "--filling", "worker=my carer = my friend"]
    done = call("instruments", "export", "peech-sc", *words, "--filling", "a_worker=a carer")
    assert done.code == 0, done.err
    import openpyxl

    rows = list(openpyxl.load_workbook(here / "form.xlsx")["survey"].iter_rows(values_only=True))
    assert rows[0][2:4] == ("label::English, easy read (en)", "label::English (en)")
    texts = [row[3] for row in rows]
    assert "I felt confident in how my carer = my friend handled things." in texts


def test_without_wording_the_way_to_supply_it_is_said(call, here):
    done = call("instruments", "export", "rpq-16", "--to", "redcap")
    assert done.code == 3
    assert "--wording pack.csv" in done.err
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "code", "fault"),
    [
        (["--to", "word"], 2, "Invalid value for '--to'"),
        ([], 2, "Missing option '--to'"),
        (["--to", "html", "--filling", "worker"], 2, "not of the form name=text"),
        (["--to", "html", "--filling", "worker=a", "--filling", "worker=b"], 2, "filled twice"),
        (["--to", "html", "--filling", "worker="], 3, "it is blank"),
        (["--to", "html", "--filling", "wroker=x"], 3, "no such placeholder"),
        (["--to", "html", "--locale", "fr"], 3, "no language 'fr'"),
    ],
)
def test_a_wrong_call_is_answered_and_writes_nothing(call, here, words, code, fault):
    done = call("instruments", "export", "peech-sc", *words)
    assert done.code == code
    assert fault in " ".join(done.err.split())
    assert list(here.iterdir()) == []


def test_a_file_that_is_there_is_kept_without_force(call, here):
    (here / "peech-sc-redcap.csv").write_text("mine")
    done = call("instruments", "export", "peech-sc", "--to", "redcap")
    assert done.code == 3
    assert "already there" in done.err
    assert (here / "peech-sc-redcap.csv").read_text() == "mine"
    assert call("instruments", "export", "peech-sc", "--to", "redcap", "--force").code == 0
