"""``relsurvey structure`` from the command line."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from relsurvey.instruments import load_instrument

ROOT = Path(__file__).parents[2]
BFI = ROOT / "tests" / "reference" / "bfi.csv"
DEFINITION = ROOT / "examples" / "bfi.yaml"
GOLDEN = json.loads((ROOT / "tests" / "reference" / "bfi_reference.json").read_text())


@pytest.fixture(scope="module")
def service_users(tmp_path_factory):
    """Answers of four factors, with who filled the form in; one way of it is rare."""
    instrument = load_instrument("peech-sc")
    rng = np.random.default_rng(6)
    total = rng.normal(size=500)
    scales = {key: 0.8 * total + 0.6 * rng.normal(size=500) for key in ("SEC", "KNO", "VAL", "CON")}
    answers = pd.DataFrame(
        {
            item: np.digitize(scales[item[:3]] + rng.normal(0, 0.9, 500), [-1.5, -0.3, 0.8])
            for item in instrument.item_ids
        }
    )
    for item in instrument.reversed_items:
        answers[item] = 3 - answers[item]
    answers["filled_in_by"] = np.where(rng.random(500) < 0.5, "Self", "With help")
    answers.loc[:5, "filled_in_by"] = "Someone else"
    answers["gender of user"] = np.where(rng.random(500) < 0.5, "w", "m")
    path = tmp_path_factory.mktemp("structure") / "users.csv"
    answers.to_csv(path, index=False)
    return path


def test_the_models_are_compared_in_words(call, service_users, tmp_path):
    out = tmp_path / "models.csv"
    done = call("structure", service_users, "-i", "peech-sc", "--out", out)
    assert done.code == 0, done.err
    text = " ".join(done.out.split())
    assert "A factor model says which items are answered alike" in text
    assert "Factor models of peech-sc (ML, 500 rows, 23 items)" in text
    assert "four-factors" in text
    assert "Criterion: at least 7 rows an item, and at least 100" in text
    assert "the models: met (500 rows for 23 items; there are enough)" in text
    assert "Loadings" not in text
    table = pd.read_csv(out)
    assert table["model"].tolist() == list(load_instrument("peech-sc").models)
    assert done.err.endswith(f"Wrote {out}.\n")


def test_bfi_in_json_is_that_of_lavaan(call):
    done = call("structure", BFI, "-i", DEFINITION, "--json", "--group", "gender",
                "--dif", "gender", "--modification", "--model", "five-factors")  # fmt: skip
    assert done.code == 0, done.err
    read = json.loads(done.out)
    (row,) = read["comparison"]["table"]
    golden = GOLDEN["cfa_five_factor_ml_listwise"]
    assert row["chisq"] == pytest.approx(golden["fit"]["chisq"], abs=1e-4)
    assert read["chosen_model"] == "five-factors"
    loadings = {one["item"]: one["standardised"] for one in read["model"]["loadings"]}
    assert loadings == pytest.approx(golden["loadings"], abs=1e-5)
    assert [step["step"] for step in read["invariance"]["table"]] == [
        "configural", "metric", "scalar", "strict"
    ]  # fmt: skip
    assert read["invariance"]["level"] == "metric"
    assert len(read["differential_functioning"]["table"]) == 25
    assert len(read["modification_indices"]) == 10
    assert "fits" not in read["comparison"]


def test_groups_are_compared_and_small_ones_left_out(call, service_users):
    done = call("structure", service_users, "-i", "peech-sc", "--model", "second-order",
                "--group", "filled_in_by", "--dif", "filled_in_by", "--dif", "gender of user",
                "--modification")  # fmt: skip
    assert done.code == 0, done.err
    text = " ".join(done.out.split())
    assert "Confirmatory factor analysis: second-order" in text
    assert "Measurement invariance of second-order by filled_in_by" in text
    assert "left out, fewer than 24 rows: Someone else" in text
    assert "left out, fewer than 10 people: Someone else" in text
    assert "By gender of user" in text
    assert "McFadden R-squared change below .02" in text
    assert "What the model leaves out" in text


def test_items_are_explored_without_a_model(call):
    done = call("structure", BFI, "-i", DEFINITION, "--explore", "--seed", "3")
    assert done.code == 0, done.err
    assert "KMO 0.849" in done.out
    assert "Parallel analysis suggests" in done.out
    assert "Exploratory factor analysis" in done.out


def test_what_cannot_be_compared_between_groups_is_said_beside_the_rest(call, tmp_path):
    flat = pd.read_csv(BFI)
    flat["A2"] = flat["A2"].where(flat["gender"] == 1, 2)
    path = tmp_path / "flat.csv"
    flat.to_csv(path, index=False)
    done = call("structure", path, "-i", DEFINITION, "--group", "gender")
    assert done.code == 0, done.err
    text = " ".join(done.out.split())
    assert "could not be tested. In a group by 'gender' the answers to A2 do not vary" in text
    assert "Factor models of bfi" in text


def test_asking_for_help_loads_nothing_heavy():
    code = (
        "import sys\nfrom relsurvey.cli import main\n"
        "try: main(['structure', '--help'])\nexcept SystemExit: pass\n"
        "print(sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "--estimator" in done.stdout
    loaded = done.stdout.splitlines()[-1]
    assert not [
        name for name in ("pandas", "numpy", "scipy", "statsmodels") if f"'{name}'" in loaded
    ]


WRONG = [
    (["--model", "four-factor"], 2, "Did you mean 'four-factors'"),
    (["--group", "sex of user"], 3, "no such column"),
    (["--dif", "filled"], 3, "no such column"),
]


@pytest.mark.parametrize(("words", "code", "text"), WRONG)
def test_slips_are_named(call, service_users, words, code, text):
    done = call("structure", service_users, "-i", "peech-sc", *words)
    assert done.code == code
    assert text in " ".join(done.err.replace("│", " ").split())


def test_an_estimator_that_there_is_not_is_a_wrong_call(call, service_users):
    done = call("structure", service_users, "-i", "peech-sc", "--estimator", "GLS")
    assert done.code == 2


def test_ordinal_models_have_no_best_and_the_first_of_several_factors_is_shown(call):
    done = call("structure", BFI, "-i", DEFINITION, "--estimator", "WLSMV", "--loadings")
    assert done.code == 0, done.err
    text = " ".join(done.out.split())
    assert "WLSMV has no likelihood, and so no BIC" in text
    assert "Confirmatory factor analysis: five-factors" in text


@pytest.mark.parametrize("option", ["--group", "--dif"])
@pytest.mark.parametrize("column", ["worker_id", "respondent_id", "team"])
def test_nobody_is_compared_by_name(call, service_users, option, column):
    done = call("structure", service_users, "-i", "peech-sc", option, column)
    assert done.code != 0
    assert f"'{column}' says who it was about or from" in " ".join(done.err.split())
    assert not done.out


def test_the_few_left_out_cannot_be_told_from_the_total(call, service_users):
    words = ("--group", "filled_in_by", "--dif", "filled_in_by", "--model", "one-factor")
    answers = pd.read_csv(service_users)
    sizes = answers["filled_in_by"].value_counts()
    assert sizes["Someone else"] == 6
    done = call("structure", service_users, "-i", "peech-sc", *words)
    read = call("structure", service_users, "-i", "peech-sc", *words, "--json")
    assert (done.code, read.code) == (0, 0), done.err
    assert f"({sizes.max()})" not in done.out
    assert "494" not in done.out
    parts = json.loads(read.out)
    assert {row["n"] for row in parts["invariance"]["groups"]} == {None}
    assert {row["n"] for row in parts["differential_functioning"]["groups"]} == {None}
    assert {row["n"] for row in parts["differential_functioning"]["table"]} == {None}
