import json

import pandas as pd
import pytest

from relsurvey.resources import shipped

USERS = shipped("sample") / "service_users.csv"


@pytest.fixture
def users(tmp_path):
    """The first twenty service users; the first says "always" to everything."""
    table = pd.read_csv(USERS, dtype=str, keep_default_na=False).head(20)
    table.loc[0, "SEC1":"CON5"] = "Always"
    path = tmp_path / "users.csv"
    table.to_csv(path, index=False)
    return path


def test_check_tells_a_researcher_what_was_found(call, users):
    done = call("check", users, "-i", "peech-sc", "--id", "response_id", "--worker", "worker_id")
    assert done.code == 0
    words = " ".join(done.out.split())
    assert "20 respondents, 23 items" in words
    assert "nobody was left out" in words
    assert "not judged" in words
    assert "Criterion: at most 15 % at either end (Terwee et al. 2007" in words
    assert "What to do next" in words
    assert "plain table" in done.err
    assert "R0001" not in done.out + done.err


def test_check_writes_one_row_a_respondent_under_pseudonyms(call, users, tmp_path):
    out = tmp_path / "checked.csv"
    words = ("check", users, "-i", "peech-sc", "--id", "response_id", "--worker", "worker_id")
    assert call(*words, "--out", out).code == 0
    text = out.read_text()
    assert "R0001" not in text
    assert "W048" not in text
    assert out.stat().st_mode & 0o077 == 0
    table = pd.read_csv(out)
    assert len(table) == 20
    assert table["flags"][0] == "no_variation; longstring"
    assert table["why"][0].startswith("the same answer to all 23 items")
    assert table["row"].tolist() == list(range(2, 22))
    assert call(*words, "--out", out).code == 3
    assert call(*words, "--out", out, "--force", "--keep-ids").code == 0
    assert "R0001" in out.read_text()


def test_check_speaks_json_without_rows_of_persons(call, users):
    done = call("check", users, "-i", "peech-sc", "--id", "response_id", "--json")
    read = json.loads(done.out)
    assert read["n"] == 20
    assert {row["rule"]: row["n_flagged"] for row in read["rules"]}["longstring"] == 1
    assert len(read["items"]) == 23
    assert read["readings"][0]["verdict"] in ("met", "not met")
    assert read["exclusion"] is None
    assert "R0001" not in done.out


def test_thresholds_attention_items_and_any_run(call, users):
    base = ("check", users, "-i", "peech-sc", "--json")
    done = call(*base, "--rule", "outlier=0.5", "--attention", "filled_in_by=self", "--any-run")
    rules = {row["rule"]: row for row in json.loads(done.out)["rules"]}
    assert rules["outlier"]["threshold"] == 0.5
    assert rules["attention"]["judged"]
    assert rules["attention"]["n_flagged"] > 0


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("--rule", "outlier"), 2, "is not NAME=VALUE"),
        (("--rule", "outlier=x"), 2, "is no number"),
        (("--rule", "outlie=1"), 2, "Did you mean 'outlier'"),
        (("--attention", "staeg=1"), 3, "Did you mean 'stage'"),
        (("--attention", "=1"), 2, "is not NAME=VALUE"),
    ],
)
def test_what_cannot_be_asked_for(call, users, words, code, message):
    done = call("check", users, "-i", "peech-sc", *words)
    assert done.code == code
    assert message in " ".join(done.err.split())


@pytest.mark.parametrize("n", [1, 2])
def test_hardly_anybody(call, users, n):
    users.write_text("\n".join(users.read_text().splitlines()[: n + 1]) + "\n")
    done = call("check", users, "-i", "peech-sc")
    assert done.code == 0
    assert "No Mahalanobis distance" in done.out


def test_cells_that_were_left_out_as_asked_are_told(call, users):
    table = pd.read_csv(users, dtype=str, keep_default_na=False)
    table.loc[2, "SEC1"], table.loc[3:4, "SEC2"] = "17", "banana"
    table.to_csv(users, index=False)
    words = ("check", users, "-i", "peech-sc", "--unknown", "missing")
    done = call(*words)
    assert done.code == 0
    assert "SEC1: 1 cell out of scale. Warning:" in done.err
    assert "SEC2: 2 cells unreadable. Warning:" in done.err
    assert "1 out of scale and 2 unreadable" in " ".join(done.out.split())
    assert len(json.loads(call(*words, "--json").out)["warnings"]) == 2


def test_nothing_answered_is_no_success(call, users):
    table = pd.read_csv(users, dtype=str, keep_default_na=False)
    table.loc[:, "SEC1":"CON5"] = ""
    table.to_csv(users, index=False)
    done = call("check", users, "-i", "peech-sc")
    assert done.code == 3
    assert "Nobody answered anything" in done.err
