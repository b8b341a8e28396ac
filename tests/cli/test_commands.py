import csv
import json
from pathlib import Path

import pandas as pd
import pytest

REFERENCE = Path(__file__).parents[1] / "reference"
EXAMPLES = Path(__file__).parents[2] / "examples"

ITEMS = [f"{scale}{i}" for scale in ("RIA", "ROA", "RO", "SA") for i in range(1, 5)]


@pytest.fixture
def workers(tmp_path):
    """Three workers; one left too much out."""
    path = tmp_path / "workers.csv"
    rows = [["007", *"4444444444444444"], ["W2", *"1234561234561234"], ["W3", *("",) * 16]]
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows([["worker_id", *ITEMS], *rows])
    return path


def test_score_prints_an_overview_and_keeps_ids_when_told(call, workers, tmp_path):
    out = tmp_path / "scores.csv"
    done = call("score", workers, "-i", "rpq-16", "--worker", "worker_id", "--out", out,
                "--keep-ids")  # fmt: skip
    assert done.code == 0
    assert "Reflective capacity" in done.out
    table = pd.read_csv(out, dtype={"worker_id": str})
    assert table["worker_id"].tolist() == ["007", "W2", "W3"]
    assert table["RC"].tolist()[0] == 4.0
    assert table["RC"].isna().tolist() == [False, False, True]
    assert not (tmp_path / "relsurvey.key").exists()


def test_score_writes_pseudonyms_unless_told_otherwise(call, workers, tmp_path):
    out = tmp_path / "scores.csv"
    done = call("score", workers, "-i", "rpq-16", "--worker", "worker_id", "--out", out)
    assert done.code == 0
    assert "Made the key" in done.err
    assert "007" not in out.read_text()
    assert (tmp_path / "relsurvey.key").stat().st_mode & 0o077 == 0
    again = tmp_path / "again.csv"
    call("score", workers, "-i", "rpq-16", "--worker", "worker_id", "--out", again)
    assert again.read_text() == out.read_text()


def test_score_speaks_json(call, workers):
    done = call("score", workers, "-i", "rpq-16", "--worker", "worker_id", "--json")
    read = json.loads(done.out)
    assert read["respondents"] == 3
    (capacity,) = (row for row in read["scales"] if row["scale"] == "RC")
    assert capacity["scored"] == 2
    assert capacity["not_scored"] == 1


def test_reliability_of_a_real_limesurvey_export(call):
    done = call("reliability", REFERENCE / "rse2017_uk_code_and_text.csv",
                "-i", EXAMPLES / "rse2017.yaml", "--json")  # fmt: skip
    assert done.code == 0, done.err
    rows = {row["scale"]: row for row in json.loads(done.out)["scales"]}
    assert {name: row["n"] for name, row in rows.items()} == {
        "affSat": 208, "affRec": 195, "percEmp": 203
    }  # fmt: skip
    for name, alpha in (("affSat", 0.906), ("affRec", 0.880), ("percEmp", 0.855)):
        assert rows[name]["alpha"] == pytest.approx(alpha, abs=0.0005)


def test_scores_of_a_real_limesurvey_export_are_read_from_its_labels(call, tmp_path):
    out = tmp_path / "scores.csv"
    done = call("score", REFERENCE / "rse2017_uk_code_and_text.csv",
                "-i", EXAMPLES / "rse2017.yaml", "--out", out, "--keep-ids")  # fmt: skip
    assert done.code == 0, done.err
    assert len(pd.read_csv(out)) == 253


def test_reliability_of_bfi_with_reverse_keyed_items(call):
    done = call("reliability", REFERENCE / "bfi.csv", "-i", EXAMPLES / "bfi.yaml", "--json",
                "--missing", "pairwise")  # fmt: skip
    golden = json.loads((REFERENCE / "bfi_reference.json").read_text())
    rows = {row["scale"]: row for row in json.loads(done.out)["scales"]}
    for name in ("agree", "conscientious", "extraversion", "neuroticism", "openness"):
        assert rows[name]["alpha"] == pytest.approx(golden[name]["pairwise"]["alpha"], abs=1e-8)


def test_reliability_explains_itself_and_reads_every_figure(call):
    done = call("reliability", REFERENCE / "bfi.csv", "-i", EXAMPLES / "bfi.yaml", "--items",
                "--bootstrap", "200", "--seed", "1")  # fmt: skip
    assert done.code == 0, done.err
    for words in ("Reliability (listwise)", "bootstrap", "Items (listwise)", "omega if dropped",
                  "What the columns are", "How the figures read", "agree: met (alpha 0.704",
                  "openness: not met (alpha 0.603; alpha is below .70)",
                  "smaller than the minimal important change"):  # fmt: skip
        assert words in done.out
    assert "Reliability within and between" not in done.out


def test_reliability_by_worker(call, tmp_path):
    file = tmp_path / "answers.csv"
    answers = pd.read_csv(REFERENCE / "bfi.csv").head(600)
    answers.assign(w=[f"W{i % 50}" for i in range(600)]).to_csv(file, index=False)
    done = call("reliability", file, "-i", EXAMPLES / "bfi.yaml", "--worker", "w", "--by-worker",
                "--bootstrap", "100", "--seed", "2", "--json")  # fmt: skip
    assert done.code == 0, done.err
    read = json.loads(done.out)
    assert {row["level"] for row in read["by_worker"]} == {"within", "between"}
    assert {row["n_groups"] for row in read["by_worker"]} == {50}
    assert len(read["readings"]) == 20
    assert (read["bootstrap"], read["seed"]) == (100, 2)
    assert all(row["alpha_boot_low"] < row["alpha"] for row in read["scales"])
    assert call("reliability", file, "-i", EXAMPLES / "bfi.yaml", "--by-worker").code == 2


def test_associate_gives_raudenbush_and_bryks_slope(call, tmp_path):
    out = tmp_path / "model.csv"
    done = call("associate", REFERENCE / "hsb.csv", "--outcome", "MathAch",
                "--predictor", "MEANSES", "--group", "School", "--out", out, "--json")  # fmt: skip
    assert done.code == 0, done.err
    read = json.loads(done.out)
    assert read["slope"] == pytest.approx(5.86, abs=0.005)
    assert read["std_error"] == pytest.approx(0.36, abs=0.005)
    assert read["n_workers"] == 160
    assert read["n_service_users"] == 7185
    assert pd.read_csv(out)["term"].tolist() == ["(Intercept)", "MEANSES"]


def test_link_then_associate_from_scored_files(call, tmp_path):
    pd.DataFrame({"worker_id": ["007", "W2", "W9"], "RC": [1.0, 2.0, 3.0]}).to_csv(
        tmp_path / "w.csv", index=False
    )
    pd.DataFrame({"worker_id": ["007", "007", "W2", "??"], "TOTAL": [1, 2, 3, 4]}).to_csv(
        tmp_path / "u.csv", index=False
    )
    out = tmp_path / "linked.csv"
    done = call(
        "link", tmp_path / "w.csv", tmp_path / "u.csv", "--out", out, "--keep-ids", "--json"
    )
    assert done.code == 0, done.err
    read = json.loads(done.out)
    assert read["n_service_users_linked"] == 3
    assert read["n_workers_linked"] == 2
    linked = pd.read_csv(out, dtype=str)
    assert linked["worker_id"].tolist() == ["007", "007", "W2"]
    assert linked["RC"].tolist() == ["1.0", "1.0", "2.0"]


def test_instruments_are_listed_shown_and_checked(call):
    listed = call("instruments", "list")
    for name in ("rpq-16", "rpq-40", "rpq-10", "rpq-e", "peech-sc"):
        assert name in listed.out
    assert {row["id"] for row in json.loads(call("instruments", "list", "--json").out)} >= {
        "rpq-16",
        "peech-sc",
    }
    assert "Emotional care" in call("instruments", "show", "peech-sc").out
    assert "is a valid instrument" in call("instruments", "validate", EXAMPLES / "bfi.yaml").out


def test_a_definition_can_be_copied_and_changed(call, tmp_path):
    mine = tmp_path / "mine.yaml"
    mine.write_text(call("instruments", "show", "rpq-16", "--yaml").out)
    assert call("instruments", "validate", mine).code == 0


def test_the_unmatched_are_listed_on_demand(call, tmp_path):
    (tmp_path / "w.csv").write_text("worker_id,RC\n007,1\nW9,2\n")
    (tmp_path / "u.csv").write_text("worker_id,TOTAL\n007,1\n\nghost,2\n")
    out = tmp_path / "unmatched.csv"
    done = call("link", tmp_path / "w.csv", tmp_path / "u.csv", "--unmatched", out, "--json")
    assert done.code == 0, done.err
    assert "ghost" not in done.out + out.read_text()
    done = call("link", tmp_path / "w.csv", tmp_path / "u.csv", "--unmatched", out, "--keep-ids",
                "--force")  # fmt: skip
    assert done.code == 0, done.err
    rows = pd.read_csv(out, dtype=str).to_numpy().tolist()
    assert rows == [["worker", "3", "W9"], ["service_user", "4", "ghost"]]


def test_an_input_or_a_key_is_never_written_over(call, workers, tmp_path):
    before = workers.read_text()
    words = ("score", workers, "-i", "rpq-16", "--worker", "worker_id", "--force", "--out")
    done = call(*words, workers)
    assert done.code == 3
    assert "never written over" in " ".join(done.err.replace("│", " ").split())
    assert workers.read_text() == before
    key = tmp_path / "relsurvey.key"
    assert call(*words, tmp_path / "scores.csv").code == 0
    secret = key.read_text()
    assert call(*words, key).code == 3
    assert call(*words[:-1], "--key", tmp_path / "k.csv", "--out", tmp_path / "k.csv").code == 3
    assert key.read_text() == secret


def test_an_output_that_is_no_csv_is_refused(call, workers, tmp_path):
    done = call("score", workers, "-i", "rpq-16", "--out", tmp_path / "scores.xlsx")
    assert done.code == 3
    assert ".csv" in done.err


def test_a_full_disk_is_no_fault_of_the_program(call, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("relsurvey.cli.commands.instruments.say", full)
    done = call("instruments", "list")
    assert done.code == 3
    assert "No space left on device" in done.err


def test_run_and_demo_say_what_they_made(call, tmp_path, monkeypatch, copy_sample):
    monkeypatch.chdir(tmp_path)
    copied = copy_sample(tmp_path / "study")
    # The whole of it is run from the wheel.
    monkeypatch.setattr("relsurvey.resources.shipped", lambda _: copied.parent)
    done = call("demo", "--json")
    assert done.code == 0, done.err
    assert "Made the key relsurvey.key" in done.err
    read = json.loads(done.out)
    assert Path(read["report"]).is_file()
    assert read["provenance"]["command"] == "relsurvey demo"
    again = call("run", copied, "--out", "again")
    assert again.code == 0, again.err
    assert "Made the key" not in again.err


def test_init_writes_a_study_file_once(call, tmp_path):
    target = tmp_path / "study.yaml"
    assert call("init", target).code == 0
    target.write_text("mine")
    again = call("init", target)
    assert again.code == 3
    assert "already there" in again.err
    assert target.read_text() == "mine"


def test_a_wrong_call_is_exit_2(call):
    assert call("score").code == 2
    assert call("scroe", "x.csv").code == 2
    assert call("reliability", "x.csv", "-i", "rpq-16", "--missing", "pairwize").code == 2


def test_version(call):
    assert call("--version").out.startswith("relsurvey 0.")


def test_debug_shows_the_traceback_anywhere_on_the_line(tmp_path):
    from relsurvey.cli import main
    from relsurvey.errors import RelSurveyError

    with pytest.raises(RelSurveyError, match="no"):
        main(["score", str(tmp_path / "no.csv"), "-i", "rpq-16", "--debug"])


def test_a_fault_of_the_program_is_said_without_a_traceback(call, monkeypatch):
    import relsurvey.instruments as room

    def broken():
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("relsurvey.list_instruments", broken, raising=False)
    monkeypatch.setattr(room, "list_instruments", broken)
    done = call("instruments", "list")
    assert done.code == 1
    assert "relsurvey itself failed: ZeroDivisionError: oh" in done.err
    assert "Traceback" not in done.err
