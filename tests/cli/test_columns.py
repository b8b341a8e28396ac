"""relsurvey columns: the draft of a map, printed and written."""

import json

import pytest
import yaml

from relsurvey.instruments import load_instrument


@pytest.fixture
def answers(tmp_path):
    """Write an export in which one column is found by text and one is missing."""
    peech = load_instrument("peech-sc")
    headings = ["id", *peech.item_ids[:-1], "Anything, else?"]
    headings[4] = f"4. {peech.wording_of('SEC4')} *"
    path = tmp_path / "answers.csv"
    cells = ["a", *["1"] * 22, "text"]
    path.write_text(
        ",".join(f'"{heading}"' for heading in headings) + "\n" + ",".join(cells) + "\n",
        encoding="utf-8",
    )
    return path


def test_it_prints_what_is_unclear_first(call, answers):
    done = call("columns", answers, "--instrument", "peech-sc")
    assert (done.code, done.err) == (0, "")
    order = [
        "answers.csv: read as csv",
        "22 of 23 questions of peech-sc found.",
        "No column is clear for",
        "CON5",
        "Found by a text",
        "SEC4  column 5",
        "Found\n",
        "SEC1  column 2",
        "Columns that are none of these; ids, worker and team are to be named in the study file",
        "column 24 'Anything, else?'",
    ]
    places = [done.out.index(text) for text in order]
    assert places == sorted(places)


def test_the_written_map_goes_back_in(call, answers, tmp_path):
    columns = tmp_path / "map.yaml"
    done = call("columns", answers, "-i", "peech-sc", "--write", columns)
    assert done.code == 0
    assert f"give it back with --columns {columns}" in done.err
    entries = yaml.safe_load(columns.read_text(encoding="utf-8"))
    assert len(entries) == 22
    columns.write_text(
        columns.read_text(encoding="utf-8") + '"CON5": "column 24"\n', encoding="utf-8"
    )
    done = call("columns", answers, "-i", "peech-sc", "--columns", columns)
    assert "23 of 23 questions of peech-sc found." in done.out
    assert "No column is clear for" not in done.out
    assert "column 1 'id': 1 filled, 1 different" in done.out
    assert "'Anything, else?'" not in done.out


def test_a_map_is_kept_unless_forced(call, answers, tmp_path):
    columns = tmp_path / "map.yaml"
    columns.write_text("mine", encoding="utf-8")
    done = call("columns", answers, "-i", "peech-sc", "--write", columns)
    assert done.code != 0
    assert "already there" in done.err
    assert columns.read_text(encoding="utf-8") == "mine"
    done = call("columns", answers, "-i", "peech-sc", "--write", columns, "--force")
    assert done.code == 0
    assert "SEC1" in columns.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["map.txt", "answers.csv"])
def test_a_map_is_yaml_and_never_the_export(call, answers, name):
    before = answers.read_bytes()
    done = call("columns", answers, "-i", "peech-sc", "--write", answers.parent / name, "--force")
    assert done.code != 0
    assert answers.read_bytes() == before


def test_json(call, answers):
    done = call("columns", answers, "-i", "peech-sc", "--json")
    read = json.loads(done.out)
    assert (read["platform"], read["instrument"], read["file"]) == (
        "csv", "peech-sc", "answers.csv"
    )  # fmt: skip
    by_item = {row["item"]: row for row in read["table"]}
    assert by_item["SEC4"]["confirm"] is True
    assert by_item["CON5"]["column"] is None
    assert read["unused"] == [
        "column 1 'id': 1 filled, 1 different",
        "column 24 'Anything, else?': 1 filled, 1 different",
    ]  # fmt: skip


def test_of_a_column_that_looks_personal_only_the_name_is_told(call, answers):
    text = answers.read_text(encoding="utf-8").replace("Anything, else?", "E-mail")
    answers.write_text(text.replace("text", "ann@example.org"), encoding="utf-8")
    done = call("columns", answers, "-i", "peech-sc")
    assert "column 24 'E-mail' (looks personal)" in done.out
    assert "ann@example.org" not in done.out + done.err


def test_a_file_that_is_not_there_leaves_no_map(call, tmp_path):
    done = call("columns", tmp_path / "no.csv", "-i", "peech-sc", "-w", tmp_path / "map.yaml")
    assert done.code == 3
    assert not (tmp_path / "map.yaml").exists()
