import json

import pandas as pd
import pytest

ASKED = ("plan", "--correlation", ".5", "--icc", ".12", "--users", "8")


def test_plan_answers_in_a_sentence_and_a_small_table(call):
    done = call(*ASKED)
    assert done.code == 0, done.err
    words = " ".join(done.out.split())
    assert "workers (" in words
    assert "are needed for a power of 80%" in words
    assert "Workers needed for 80%, by service users per worker" in words
    assert done.err == ""


def test_everything_given_asks_for_power(call):
    done = call(*ASKED, "--workers", "60", "--json")
    assert done.code == 0, done.err
    read = json.loads(done.out)
    assert read["unknown"] == "power"
    assert 0.7 < read["power"] < 0.95
    assert read["method"] == "formula"


def test_the_association_can_be_asked_for(call):
    done = call("plan", "--icc", ".12", "--users", "8", "--workers", "60", "--json")
    assert json.loads(done.out)["unknown"] == "effect"


def test_a_simulation_states_its_interval_and_is_made_again_by_its_seed(call):
    words = (*ASKED, "--workers", "20", "--simulate", "40", "--seed", "3", "--jobs", "1", "--json")
    first, second = call(*words), call(*words)
    assert first.code == 0, first.err
    assert first.out == second.out
    read = json.loads(first.out)
    assert read["power_low"] < read["power"] < read["power_high"]
    assert (read["replicates"], read["seed"]) == (40, 3)


def test_table_and_figure_are_written_and_not_over_others(call, tmp_path):
    table, figure = tmp_path / "plan.csv", tmp_path / "plan.svg"
    done = call(*ASKED, "--teams", "10", "--team-share", ".2", "--out", table, "--figure", figure)
    assert done.code == 0, done.err
    assert "users_per_worker" in pd.read_csv(table).columns
    assert "<svg" in figure.read_text()
    assert "Wrote" in done.err
    assert "Drew" in done.err
    again = call(*ASKED, "--figure", figure)
    assert again.code == 3
    assert "already there" in again.err
    assert call(*ASKED, "--figure", tmp_path / "plan.txt").code == 3


def test_all_that_is_wrong_is_said_at_once(call):
    done = call("plan", "--icc", "0", "--correlation", "1.4", "--users", "8",
                "--reliability-predictor", "0")  # fmt: skip
    assert done.code == 3
    for word in ("icc", "reliability_predictor", "correlation", "above 0", "from -1 to 1"):
        assert word in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--correlation", "1.4", "--users", "8"), "from -1 to 1"),
        (("--correlation", "0", "--users", "8"), "other than 0"),
        (("--correlation", ".3"), "one left out"),
        (("--correlation", ".3", "--workers", "20"), "however many"),
        (("--correlation", ".3", "--users", "8", "--simulate", "50"), "made again"),
    ],
)
def test_impossible_plans_are_refused(call, words, said):
    done = call("plan", "--icc", ".12", *words)
    assert done.code == 3
    assert said in " ".join(done.err.split())


def test_without_a_cluster_dask_is_explained(call, monkeypatch):
    monkeypatch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)
    done = call(*ASKED, "--workers", "20", "--simulate", "40", "--seed", "1", "--backend", "dask")
    assert done.code == 3
    assert "No Dask cluster is running" in done.err
