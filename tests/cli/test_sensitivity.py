"""``relsurvey sensitivity``."""

import json

import numpy as np
import pandas as pd
import pytest


@pytest.fixture(scope="module")
def linked(tmp_path_factory):
    generator = np.random.default_rng(1)
    worker = np.repeat(np.arange(30), 4)
    x = generator.normal(4, 1, 30)[worker]
    y = np.minimum(
        2 + 0.5 * x + generator.normal(0, 0.4, 30)[worker] + generator.normal(size=120), 6
    )
    frame = pd.DataFrame({
        "worker_id": [f"W{code:03d}" for code in worker], "team": [f"T{c // 5}" for c in worker],
        "x": x, "y": np.minimum(y, 6), "age": generator.normal(45, 10, 120).round(),
        "proxy": (generator.random(120) < 0.2).astype(int),
        "stage": np.array(["start", "middle", "end"])[generator.integers(0, 3, 120)],
    })  # fmt: skip
    frame.loc[5, "y"] = np.nan
    file = tmp_path_factory.mktemp("sensitivity") / "linked.csv"
    frame.to_csv(file, index=False)
    return file


BASE = ("--outcome", "y", "--predictor", "x", "--permutations", "50")


def test_checks_and_curve_are_shown(call, linked):
    done = call("sensitivity", linked, *BASE, "--proxy", "proxy", "--stage", "stage",
                "--highest", "6", "--minimum-users", "1", "--minimum-users", "4")  # fmt: skip
    assert done.code == 0, done.err
    for words in ("What could fool us: y by x", "proxy answers: without proxy answers",
                  "minimum of users: at least 4 a worker", "answers are at the top",
                  "- worker present: needs a column of 0 and 1 (--present, present=)",
                  "Specification curve: 12 specifications", "Against chance"):  # fmt: skip
        assert words in done.out
    assert "W0" not in done.out
    assert max(map(len, done.out.splitlines())) <= 110


def test_json_table_and_figure(call, linked, tmp_path):
    out, figure = tmp_path / "checks.csv", tmp_path / "curve.svg"
    done = call("sensitivity", linked, *BASE, "--team", "team", "--covariate", "age",
                "--not-applicable", "as best=age", "--minimum-users", "1", "--seed", "3",
                "--out", out, "--figure", figure, "--json")  # fmt: skip
    assert done.code == 0, done.err
    read = json.loads(done.out)
    assert read["checks"]["primary"]["estimate"] == pytest.approx(0.5, abs=0.3)
    assert read["specification_curve"]["seed"] == 3
    frame = pd.read_csv(out)
    assert frame["check"].iloc[0] == "primary"
    assert figure.read_text(encoding="utf-8").lstrip().startswith("<?xml")


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        (("--proxy", "stage"), 3, "'stage' holds words"),
        (("--proxy", "age"), 3, "proxy has to be 0 or 1"),
        (("--length", "lenght"), 3, "There is no column 'lenght'"),
        (("--covariate", "worker_id"), 3, "worker_id"),
        (("--impute", "1"), 2, "Two or more"),
        (("--highest", "3"), 3, "highest is 3"),
        (("--not-applicable", "age"), 2, "not of the form"),
        (("--figure", "curve.doc"), 3, "curve.doc"),
    ],
)
def test_bad_input_is_said(call, linked, more, code, words):
    done = call("sensitivity", linked, *BASE, *more)
    assert done.code == code
    assert words in done.err
    assert "Traceback" not in done.err


def test_a_covariate_in_words(call, linked):
    done = call("sensitivity", linked, *BASE, "--team", "team", "--covariate", "stage",
                "--covariate", "age", "--minimum-users", "1")  # fmt: skip
    assert done.code == 0, done.err
    assert "adjusted for stage and age" in done.out
    assert "stage is a category" in done.out


def test_tables_from_before_linking_and_missing_answers(call, linked, tmp_path):
    frame = pd.read_csv(linked)
    workers, users = tmp_path / "workers.csv", tmp_path / "users.csv"
    scores = frame.groupby("worker_id", as_index=False)["x"].first()
    others = pd.DataFrame({"worker_id": [f"Z{place}" for place in range(15)], "x": range(15)})
    pd.concat([scores, others]).to_csv(workers, index=False)
    strangers = frame.head(20).assign(worker_id="?")
    pd.concat([frame, strangers])[["worker_id", "y", "stage"]].to_csv(users, index=False)
    done = call("sensitivity", linked, *BASE, "--covariate", "stage", "--workers", workers,
                "--service-users", users, "--impute", "2", "--delta", "--minimum-users", "1",
                "--json")  # fmt: skip
    assert done.code == 0, done.err
    checks = {one["name"]: one for one in json.loads(done.out)["checks"]["checks"]}
    assert checks["linked workers"]["versions"][0]["name"] == "x"
    assert [one["name"] for one in checks["linked service users"]["versions"]][-1] == "y"
    assert checks["missing answers"]["versions"][0]["name"] == "imputed 2 times"
    assert "standard deviations" in checks["not missing at random"]["sentence"]
