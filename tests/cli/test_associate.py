"""``relsurvey associate``: one question with its companions, a family, and what is refused."""

import json

import numpy as np
import pandas as pd
import pytest

PANEL = (
    "Mixed model, Satterthwaite *",
    "Kenward-Roger",
    "CR2 by worker_id",
    "Wald z (not for use)",
    "Permutation over workers",
    "the primary method",
)
FEW = ["--bootstraps", "0", "--permutations", "99"]


@pytest.fixture
def linked(tmp_path):
    random = np.random.default_rng(4)
    worker = np.repeat(np.arange(30), random.integers(2, 8, 30))
    x = random.normal(4, 0.8, 30)
    y = 0.4 * x[worker] + random.normal(0, 0.3, 30)[worker] + random.normal(size=len(worker))
    frame = pd.DataFrame(
        {
            "worker_id": [f"w{one}" for one in worker],
            "team": [f"t{one % 6}" for one in worker],
            "RC": x[worker].round(3),
            "RIA": (x + random.normal(0, 0.3, 30))[worker].round(3),
            "TOTAL": y.round(3),
            "SEC": (y + random.normal(size=len(worker))).round(3),
            "stage": np.where(random.random(len(worker)) < 0.4, "new", "long"),
        }
    )
    path = tmp_path / "linked.csv"
    frame.to_csv(path, index=False)
    return path


def test_the_companions_stand_beside_the_primary(call, linked):
    done = call("associate", linked, "--outcome", "TOTAL", "--predictor", "RC", *FEW)
    assert done.code == 0
    for words in PANEL:
        assert words in done.out
    assert max(map(len, done.out.splitlines())) <= 110


def test_quick_is_the_primary_alone(call, linked):
    done = call("associate", linked, "--outcome", "TOTAL", "--predictor", "RC", "--quick")
    assert done.code == 0
    assert "CR2" not in done.out


def test_teams_words_and_a_smallest_effect(call, linked):
    more = ["--team", "team", "--covariate", "stage", "--smallest-effect", "0.1", "--quick"]
    done = call("associate", linked, "--outcome", "TOTAL", "--predictor", "RC", *more, "--json")
    assert done.code == 0
    found = json.loads(done.out)
    assert found["team"] == "team"
    assert found["model"]["df"] == "kenward_roger"
    assert set(found["model"]["variance"]) == {"worker_id", "team", "residual"}
    assert any(name.startswith("stage[new]") for name in found["model"]["predictors"])
    assert found["equivalence"]["verdict"]
    assert "companions" not in found


def test_json_holds_the_panel_and_no_worker(call, linked):
    done = call("associate", linked, "--outcome", "TOTAL", "--predictor", "RC", "--json", *FEW)
    found = json.loads(done.out)
    assert found["companions"]["table"][0]["standing"] == "primary"
    assert found["companions"]["table"][0]["estimate"] == found["slope"]
    assert "primary" not in found["companions"]
    assert not any(f'"w{one}"' in done.out for one in range(30))


def test_a_reliability_brings_the_budget_of_errors(call, linked):
    words = ["--reliability", "0.8", "--bootstraps", "0", "--permutations", "0"]
    done = call("associate", linked, "--outcome", "TOTAL", "--predictor", "RC", *words)
    assert "What is lost to which error" in done.out
    assert "Error of the score, SIMEX" in done.out


def test_the_spread_of_workers_can_be_drawn(call, linked, tmp_path):
    drawing = tmp_path / "spread.svg"
    done = call("associate", linked, "--outcome", "TOTAL", "--predictor", "RC", "--quick",
                "--spread", drawing)  # fmt: skip
    assert done.code == 0
    assert drawing.read_bytes().startswith(b"<?xml")


def test_several_make_a_family_with_the_primary_apart(call, linked, tmp_path):
    out = tmp_path / "family.csv"
    done = call("associate", linked, "--outcome", "TOTAL", "--outcome", "SEC", "--predictor", "RC",
                "--predictor", "RIA", "--primary", "TOTAL:RC", "--out", out, *FEW)  # fmt: skip
    assert done.code == 0
    table = pd.read_csv(out)
    assert len(table) == 4
    assert {"holm", "benjamini_hochberg", "max_t"} <= {
        name.removeprefix("p_") for name in table.columns
    }


def test_the_figure_is_drawn_whole_or_not_at_all(call, linked, tmp_path):
    figure = tmp_path / "slope.svg"
    words = ("associate", linked, "--outcome", "TOTAL", "--predictor", "RC", "--quick", "--figure")
    assert call(*words, figure).code == 0
    before = figure.read_bytes()
    assert before.startswith(b"<?xml")
    kept = call(*words, figure)
    assert kept.code == 3
    assert "already there" in " ".join(kept.err.split())
    assert call(*words, figure, "--force").code == 0
    assert figure.read_bytes() == before
    assert call(*words, tmp_path / "slope.txt").code == 3


WRONG = [
    (["--primary", "TOTAL"], 2, "OUTCOME:PREDICTOR"),
    (["--primary", "TOTAL:RC"], 2, "one pair only"),
    (["--outcome", "SEC", "--primary", "TOTAL:nobody"], 3, "nobody"),
    (["--reliability", "1.5"], 2, "reliability"),
    (["--smallest-effect", "-1"], 2, "smallest-effect"),
    (["--smallest-effect", "0"], 3, "smallest_effect has to be a number above 0"),
    (["--quick", "--reliability", "0.8"], 2, "leaves out"),
    (["--outcome", "SEC", "--best", "3"], 2, "one outcome and one predictor only"),
    (["--within", "RIA"], 3, "cannot be entered as a difference within worker_id"),
    (["--team", "squad"], 3, "squad"),
]


@pytest.mark.parametrize(("more", "code", "said"), WRONG)
def test_slips_are_named(call, linked, more, code, said):
    words = ["--outcome", "TOTAL", "--predictor", "RC", *more, *FEW]
    done = call("associate", linked, *words)
    assert done.code == code
    assert said in " ".join(done.err.replace("│", " ").split())
