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
    assert f"Wrote {table.name}" in done.err.replace(f"{tmp_path}/", "")
    assert f"Wrote {figure.name}" in done.err.replace(f"{tmp_path}/", "")
    again = call(*ASKED, "--figure", figure)
    assert again.code == 3
    assert "already there" in again.err
    assert call(*ASKED, "--figure", tmp_path / "plan.txt").code == 3
    same = tmp_path / "same.svg"
    same.write_text("mine")
    assert call(*ASKED, "--figure", same).code == 3
    assert same.read_text() == "mine"


def said_in(done):
    return " ".join(done.err.replace("│", " ").split())


def test_a_simulation_has_a_seed_of_its_own_as_other_commands_have(call):
    words = (*ASKED, "--workers", "20", "--simulate", "20", "--jobs", "1", "--json")
    plain = call(*words)
    assert plain.code == 0, plain.err
    assert json.loads(plain.out)["seed"] == 1
    assert plain.out == call(*words, "--seed", "1").out
    assert json.loads(call(*ASKED, "--json").out)["seed"] is None


def test_all_that_is_wrong_is_said_at_once_as_a_wrong_call(call):
    done = call("plan", "--icc", "0", "--correlation", "1.4", "--users", "-3", "--workers", "20",
                "--teams", "15", "--reliability-predictor", "0", "--r-squared-between", ".2",
                "--users-cv", "3", "--simulate", "5", "--jobs", "0", "--power", ".9")  # fmt: skip
    assert done.code == 2
    said = said_in(done)
    for words in (
        "--icc 0; allowed: a number above 0", "--correlation 1.4; allowed: from -1 to 1",
        "--users -3; allowed: a number from 1", "--reliability-predictor 0; allowed",
        "--users-cv 3; allowed", "--simulate 5; allowed: a whole number", "--jobs 0; allowed",
        "--teams 15; allowed: at most half of --workers (20)",
        "--r-squared-between 0.2; allowed: 0 without covariates: say how many there are "
        "(--covariates 1)",
        "--workers, --users, --correlation, --power all given", "the fourth is worked out",
    ):  # fmt: skip
        assert words in said
    assert "_" not in said
    assert "Traceback" not in done.err
    assert done.out == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--correlation", "1.4", "--users", "8"), "from -1 to 1"),
        (("--correlation", "0", "--users", "8"), "other than 0"),
        (("--correlation", ".3"), "--workers, --users left out; allowed: one left out"),
        (("--users", "8"), "--workers, --correlation (or --standardised-slope, or --slope) left"),
        (("--correlation", ".3", "--slope", ".4", "--users", "8"),
         "--correlation and --slope (0.3 and 0.4); allowed: one of them"),
        (("--correlation", ".3", "--users", "8", "--items"), "--items; allowed: with --simulate"),
        (("--correlation", ".3", "--users", "8", "--team-share", ".2"),
         "give --teams or --workers-per-team"),
        (("--correlation", ".3", "--users", "8", "--simulate", "20", "--items", "--users-cv", ".3"),
         "--users-cv 0.3; allowed: with --items, 0: the simulation spreads"),
        (("--correlation", ".3", "--users", "8", "--simulate", "50", "--seed", "-1"), "--seed"),
    ],
)  # fmt: skip
def test_wrong_calls_name_the_options_and_end_with_two(call, words, said):
    done = call("plan", "--icc", ".12", *words)
    assert done.code == 2
    assert said in said_in(done)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--correlation", ".3", "--workers", "20"), "however many"),
        (("--correlation", ".3", "--workers", "50", "--users", "1.05", "--users-cv", "1.9"),
         "(a --users-cv of 0.3 to 0.8 is usual)"),
    ],
)  # fmt: skip
def test_what_no_study_can_reach_is_no_wrong_call(call, words, said):
    done = call("plan", "--icc", ".12", *words)
    assert done.code == 3
    assert said in said_in(done)


def test_without_a_cluster_dask_is_explained(call, monkeypatch):
    monkeypatch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)
    done = call(*ASKED, "--workers", "20", "--simulate", "40", "--seed", "1", "--backend", "dask")
    assert done.code == 3
    assert "No Dask cluster is running" in done.err
