"""Every bad input of the issue, through the command line: said clearly, nothing written."""

import json

import openpyxl
import pandas as pd
import pytest

ITEMS = [f"{scale}{i}" for scale in ("RIA", "ROA", "RO", "SA") for i in range(1, 5)]
HEADING = ",".join(["worker_id", *ITEMS])
GOOD = ",".join(["W1", *"1234123412341234"])


def text_of(stream):
    """Join the lines of a panel, so that a wrapped sentence can be looked for."""
    return " ".join(stream.replace("│", " ").split())


BAD_FILES = {
    "empty file": ("", "is empty"),
    "header only": (HEADING + "\n", "no answers under it"),
    "wrong delimiter": (f"{HEADING}\n{GOOD}\n".replace(",", "|"), "only one column"),
    "unknown column": (f"{HEADING}\n{GOOD}\n".replace("RIA1", "RIA_one"), "RIA_one"),
    "duplicate header": (f"{HEADING},RIA1\n{GOOD},2\n", "'RIA1'"),
    "a code of 7": (f"{HEADING}\n{GOOD[:-1]}7\n", "'7'"),
    "a label nobody knows": (f"{HEADING}\n{GOOD[:-1]}Sort of\n", "'Sort of'"),
    "a row too long": (f"{HEADING}\n{GOOD},5,5\n", "cells than the heading"),
    "binary": ("\x00\x01\x02PK", "NUL (zero) bytes"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_export_is_refused_with_its_reason(call, tmp_path, name):
    content, reason = BAD_FILES[name]
    path = tmp_path / "workers.csv"
    path.write_bytes(content.encode())
    out = tmp_path / "scores.csv"
    done = call("score", path, "-i", "rpq-16", "--worker", "worker_id", "--out", out)
    assert done.code == 3, done
    assert "Traceback" not in done.err
    assert reason in text_of(done.err), done.err
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["workers.csv"]


def test_every_offending_cell_is_listed(call, tmp_path):
    path = tmp_path / "workers.csv"
    rows = [f"W{i}," + ",".join("7" * 16) for i in range(40)]
    path.write_text("\n".join([HEADING, *rows]) + "\n")
    done = call("score", path, "-i", "rpq-16", "--worker", "worker_id", "--json")
    failures = json.loads(done.out)["failures"]
    assert done.code == 3
    assert len(failures) == 40 * 16
    assert {row["value"] for row in failures} == {"7"}
    assert min(row["row"] for row in failures) == 2


def test_a_single_endless_line_is_answered_soon(call, tmp_path):
    path = tmp_path / "workers.csv"
    with path.open("wb") as stream:
        stream.seek(200 * 10**6)
        stream.write(b"x")
    done = call("score", path, "-i", "rpq-16")
    assert done.code == 3
    assert "Traceback" not in done.err
    with path.open("wb") as stream:
        for _ in range(200):
            stream.write(b"a" * 10**6)
    done = call("score", path, "-i", "rpq-16")
    assert done.code == 3
    assert "line" in done.err


def test_a_folder_and_a_missing_file_are_said(call, tmp_path):
    assert "folder" in call("score", tmp_path, "-i", "rpq-16").err
    (tmp_path / "workers.csv").write_text("x\n1\n")
    done = call("score", tmp_path / "worker.csv", "-i", "rpq-16")
    assert done.code == 3
    assert "workers.csv" in text_of(done.err)


def test_an_unknown_instrument_is_answered_with_the_likely_one(call, tmp_path):
    (tmp_path / "w.csv").write_text("x\n1\n")
    done = call("score", tmp_path / "w.csv", "-i", "rpq16")
    assert done.code == 3
    assert "rpq-16" in done.err


def test_a_workbook_that_is_none_is_refused(call, tmp_path):
    path = tmp_path / "w.xlsx"
    path.write_bytes(b"PK\x03\x04 not a workbook")
    assert call("score", path, "-i", "rpq-16").code == 3
    book = openpyxl.Workbook()
    book.save(path)
    assert call("score", path, "-i", "rpq-16").code == 3


@pytest.fixture
def linked(tmp_path):
    def write(**columns):
        path = tmp_path / "linked.csv"
        frame = {
            "worker_id": [f"W{i // 3}" for i in range(30)],
            "RC": [float(i // 3) for i in range(30)],
            "TOTAL": [float((i * 7) % 11) for i in range(30)],
        }
        pd.DataFrame(frame | columns).to_csv(path, index=False)
        return path

    return write


BAD_TABLES = {
    "one worker only": ({"worker_id": ["W1"] * 30, "RC": [1.0] * 30}, "worker"),
    "a predictor without variance": ({"RC": [2.0] * 30}, "RC"),
    "an outcome all missing": ({"TOTAL": [None] * 30}, "TOTAL"),
    "text among numbers": ({"TOTAL": ["2,5"] * 30}, "2,5"),
}


@pytest.mark.parametrize("name", BAD_TABLES)
def test_a_table_that_cannot_be_modelled_is_refused(call, linked, tmp_path, name):
    columns, reason = BAD_TABLES[name]
    out = tmp_path / "model.csv"
    done = call("associate", linked(**columns), "--outcome", "TOTAL", "--predictor", "RC",
                "--out", out)  # fmt: skip
    assert done.code == 3, done
    assert reason in text_of(done.err)
    assert "Traceback" not in done.err
    assert not out.exists()


def test_an_unknown_column_is_answered_with_the_likely_one(call, linked):
    done = call("associate", linked(), "--outcome", "TOTL", "--predictor", "RC")
    assert done.code == 3
    assert "TOTAL" in text_of(done.err)


def test_a_worker_twice_and_no_match_are_refused(call, tmp_path):
    users = tmp_path / "u.csv"
    users.write_text("worker_id,TOTAL\nW1,2\nW2,3\n")
    workers = tmp_path / "w.csv"
    workers.write_text("worker_id,RC\nW1,2\nW1,3\n")
    done = call("link", workers, users, "--out", tmp_path / "l.csv")
    assert done.code == 3
    assert "W1" in done.err
    workers.write_text("worker_id,RC\nA,2\nB,3\n")
    done = call("link", workers, users, "--out", tmp_path / "l.csv")
    assert done.code == 3
    assert not (tmp_path / "l.csv").exists()


def test_a_result_that_exists_is_kept(call, linked, tmp_path):
    out = tmp_path / "model.csv"
    out.write_text("mine")
    words = ("associate", linked(), "--outcome", "TOTAL", "--predictor", "RC", "--out", out)
    done = call(*words)
    assert done.code == 3
    assert "--force" in done.err
    assert out.read_text() == "mine"
    assert call(*words, "--force").code == 0
    assert out.read_text() != "mine"
