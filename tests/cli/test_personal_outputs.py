"""What names a person reaches neither a file nor the terminal."""

import csv
import json

import pytest

ITEMS = [f"{scale}{i}" for scale in ("RIA", "ROA", "RO", "SA") for i in range(1, 5)]
MAILS = [f"worker{i}@example.org" for i in range(6)]


def write(path, heading, *rows):
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows([heading, *rows])
    return path


def flat(stream):
    return " ".join(stream.replace("│", " ").split())


@pytest.fixture
def workers(tmp_path):
    rows = [[mail, f"Wave {mail}", *"1234561234561234"] for mail in MAILS]
    return write(tmp_path / "workers.csv", ["worker", "wave", *ITEMS], *rows)


def test_ids_that_are_addresses_go_out_as_pseudonyms_only(call, workers, tmp_path):
    out = tmp_path / "scores.csv"
    words = ("score", workers, "-i", "rpq-16", "--worker", "worker", "--out", out)
    refused = call(*words, "--keep-ids")
    assert refused.code == 3
    assert "'worker_id' looks like personal data" in flat(refused.err)
    assert "Leave out --keep-ids" in flat(refused.err)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["workers.csv"]
    done = call(*words)
    assert done.code == 0
    assert "example.org" not in out.read_text() + done.out + done.err


def test_a_wave_that_names_people_is_not_written(call, workers, tmp_path):
    out = tmp_path / "scores.csv"
    options = ("--worker", "worker", "--wave", "wave", "--out", out)
    refused = call("score", workers, "-i", "rpq-16", *options)
    assert refused.code == 3
    assert "'wave' looks like personal data" in flat(refused.err)
    assert "example.org" not in refused.err + refused.out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["workers.csv"]


def test_comments_do_not_travel_through_linking(call, tmp_path):
    left = write(tmp_path / "w.csv", ["worker_id", "RC"], *([f"W{i}", i] for i in range(4)))
    rows = [[f"W{i}", i, "fine" if i else "Mrs Patel was kind"] for i in range(4)]
    right = write(tmp_path / "u.csv", ["worker_id", "TOTAL", "comment"], *rows, ["W9", 1, ""])
    out, unmatched = tmp_path / "linked.csv", tmp_path / "unmatched.csv"
    refused = call("link", left, right, "--out", out, "--unmatched", unmatched)
    assert refused.code == 3
    assert "'comment' looks like personal data" in flat(refused.err)
    assert "Patel" not in refused.err + refused.out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["u.csv", "w.csv"]


def test_messages_about_ids_do_not_show_addresses(call, tmp_path):
    users = write(tmp_path / "u.csv", ["worker_id", "TOTAL"], *([f"U{i}", i] for i in range(4)))
    twice = write(tmp_path / "w.csv", ["worker_id", "RC"], *([MAILS[0], i] for i in range(2)))
    once = write(tmp_path / "v.csv", ["worker_id", "RC"], *([mail, 1] for mail in MAILS))
    for table, said in ((twice, "more than once"), (once, "No service user has the id")):
        refused = call("link", table, users, "--json")
        assert refused.code == 3
        assert said in flat(refused.err)
        assert "[looks like an e-mail address]" in flat(refused.err)
        assert "example.org" not in refused.err + refused.out


def test_cells_that_are_no_numbers_are_not_shown_where_they_are_personal(call, tmp_path):
    rows = [[f"W{i}", i, MAILS[i] if i else "Sarah Jones"] for i in range(4)]
    table = write(tmp_path / "t.csv", ["worker_id", "RC", "TOTAL"], *rows)
    refused = call("associate", table, "--outcome", "TOTAL", "--predictor", "RC", "--json")
    assert refused.code == 3
    assert "[looks like a name]" in flat(refused.err)
    assert "example.org" not in refused.err + refused.out
    assert "Sarah" not in refused.err + refused.out


def test_every_reading_command_lists_what_it_found_and_shows_none_of_it(call, tmp_path):
    rows = [[f"R{i}", "Mrs Patel was kind", *"1234561234561234"] for i in range(4)]
    rows[1][2] = "6"
    file = write(tmp_path / "answers.csv", ["id", "comment", *ITEMS], *rows)
    what = "Column 2, 'comment': 4 cells look like names"
    keys = {"columns": "personal", "reliability": "warnings", "score": "warnings"}
    for command, key in keys.items():
        said = call(command, file, "-i", "rpq-16")
        assert said.code == 0, said.err
        assert what in flat(said.err)
        as_json = call(command, file, "-i", "rpq-16", "--json")
        assert any(what in one for one in json.loads(as_json.out)[key])
        assert "Patel" not in said.out + said.err + as_json.out + as_json.err


def test_names_on_no_list_are_not_kept_as_ids(call, tmp_path):
    rows = [[name, *"1234561234561234"] for name in ("Zbrqa Xytrw", "J. Smith", "W3")]
    file = write(tmp_path / "workers.csv", ["worker", *ITEMS], *rows)
    words = ("score", file, "-i", "rpq-16", "--worker", "worker", "--out", tmp_path / "out.csv")
    refused = call(*words, "--keep-ids")
    assert refused.code == 3
    assert "Leave out --keep-ids" in flat(refused.err)
    assert not (tmp_path / "out.csv").exists()
    assert call(*words).code == 0


def test_texts_among_answers_are_not_shown(call, tmp_path):
    secrets = ["Zbrqa lives next to the church", "1960-04-01", "Siân"]
    rows = [[f"R{i}", *"123456123456123", text] for i, text in enumerate(secrets)]
    file = write(tmp_path / "answers.csv", ["id", *ITEMS], *rows)
    refused = call("score", file, "-i", "rpq-16")
    assert refused.code == 3
    assert "[text, 30 characters]" in flat(refused.err)
    assert not any(secret in refused.out + refused.err for secret in secrets)
