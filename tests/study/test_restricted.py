import os
import shutil
import stat
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import relsurvey as rs
from relsurvey.pseudonyms import is_pseudonym, read_key
from relsurvey.psychometrics.structure.specification import structure_of
from relsurvey.study import run_study
from relsurvey.study.recomputed import lavaan_text
from relsurvey.study.restricted import read_me, write_restricted

RESTRICTED = "restricted"


def test_only_the_owner_can_read_any_of_it(small_run):
    folder = small_run.folder / RESTRICTED
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_the_readme_says_what_each_file_is(small_run):
    folder = small_run.folder / RESTRICTED
    names = sorted(path.name for path in folder.iterdir() if path.name != "README.txt")
    text = (folder / "README.txt").read_text()
    assert text == read_me(names)
    lines = text.splitlines()
    assert [line for line in lines if "." in line and not line.startswith(" ")][
        -len(names) :
    ] == names
    assert max(map(len, lines)) <= 100


def test_item_tables_are_keyed_and_pseudonymised(small_run):
    folder = small_run.folder / RESTRICTED
    table = pd.read_csv(folder / "service_user_items.csv")
    given = pd.read_csv(small_run.study.with_name("service_users.csv"))
    assert table["u1_2"].equals(given["u1_2"].astype(float))
    np.testing.assert_array_equal(table["u1_1"], 6 - given["u1_1"])
    assert table["u1_1"].isna().any()
    assert table["worker_id"].map(is_pseudonym).all()
    assert table["respondent_id"].map(is_pseudonym).all()
    linked = pd.read_csv(folder / "linked.csv")
    assert set(linked["respondent_id"]) <= set(table["respondent_id"])
    workers = pd.read_csv(folder / "worker_items.csv")
    assert set(linked["worker_id"]) <= set(workers["worker_id"])
    assert list(workers)[-6:] == [f"w{s}_{i}" for s in (1, 2) for i in (1, 2, 3)]


def test_a_key_that_others_can_read_stops_a_run_before_any_work(made):
    key = made.with_name("relsurvey.key")
    key.write_text("ab" * 32)
    key.chmod(0o644)
    steps = []
    with pytest.raises(rs.OutputError, match="can be read by others") as caught:
        run_study(made, made.with_name("results"), progress=steps.append)
    assert "chmod 600" in caught.value.hint
    assert steps == []
    assert not made.with_name("results").exists()
    key.chmod(0o600)
    assert read_key(key) == bytes.fromhex("ab" * 32)


def test_what_was_asked_holds_every_scale_model_and_term(small_run):
    asked = pd.read_csv(small_run.folder / RESTRICTED / "verify_asked.csv")

    def values(part, name, key, survey=None):
        rows = asked[(asked["part"] == part) & (asked["name"] == name) & (asked["key"] == key)]
        return rows[rows["survey"].eq(survey) if survey else rows["survey"].isna()][
            "value"
        ].tolist()

    assert values("reliability", "U2", "item", "service_users") == [f"u2_{i}" for i in range(1, 5)]
    assert values("association", "primary", "term") == ["W1"]
    assert values("association", "primary", "team") == ["team"]
    assert values("structure", "as-scored", "syntax", "service_users") == [
        "f1 =~ i1 + i2 + i3 + i4; f2 =~ i5 + i6 + i7 + i8; f1 ~~ f2"
    ]


def test_models_of_every_kind_are_written_for_lavaan():
    instrument = rs.load_instrument("peech-sc")
    text = lavaan_text(structure_of("bifactor", instrument))
    assert " ~~ " not in text
    higher = lavaan_text(structure_of("second-order", instrument))
    assert higher.split("; ")[-1] == "f5 =~ f1 + f2 + f3 + f4"
    assert lavaan_text(structure_of("a =~ x + y + z; x ~~ y; a =~ 0.5*w; b =~ k*u + k*v")) == (
        "f1 =~ i1 + i2 + i3 + 0.5*i4; f2 =~ e1*i5 + e1*i6; f1 ~~ f2; i1 ~~ i2"
    )


@pytest.fixture(scope="session")
def rscript():
    path = shutil.which("Rscript")
    assert path, (
        "Rscript is needed: apt-get install r-base-core r-cran-psych r-cran-lavaan r-cran-lme4 "
        "r-cran-lmertest r-cran-pbkrtest"
    )
    return path


def recomputed(rscript, folder, tmp_path, **environment):
    """Run verify.R from somewhere else, in a copy, and return what it said."""
    place = tmp_path / "a folder"
    shutil.copytree(folder, place)
    return place, lambda: subprocess.run(
        [rscript, str(place / "verify.R")], capture_output=True, text=True, timeout=240,
        env={**os.environ, **environment}, cwd=tmp_path, check=False,
    )  # fmt: skip


def verdicts(text):
    """Return the verdict of every figure by what it is."""
    ends = ("same", "DIFFERS", "no figure in R", "not compared")
    rows = [line.strip() for line in text.splitlines()]
    found = {}
    for row in rows:
        end = next((one for one in ends if row.endswith(one) and ":" not in row), None)
        if end:
            what = row.removesuffix(end).split("  ")[0].strip()
            found[what] = end
    return found


def test_r_finds_the_same_figures_for_the_sample(rscript, sample_run, tmp_path):
    place, run = recomputed(rscript, sample_run, tmp_path)
    done = run()
    found = verdicts(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    ours = pd.read_csv(place / "verify_ours.csv")
    assert len(found) == len(ours)
    assert set(found.values()) <= {"same", "not compared"}
    compared = [what for what, verdict in found.items() if verdict == "same"]
    assert len(compared) == ours["ours"].notna().sum() >= 70
    for what in (
        "workers RC alpha", "workers RC omega_total", "service_users bifactor chisq",
        "service_users four-factors rmsea", "primary slope", "primary std_error", "primary df",
        "primary p_value", "primary variance of teams", "primary icc", "primary deviance",
    ):  # fmt: skip
        assert found[what] == "same", what
    assert (
        f"{len(compared)} figures compared: {len(compared)} the same, 0 different." in done.stdout
    )


def test_r_says_where_a_figure_differs(rscript, making, tmp_path):
    folder = tmp_path / "study"
    folder.mkdir()
    result = run_study(making(folder, teams=0, covariates=True), None)
    write_restricted(result, folder / RESTRICTED, None)
    place, run = recomputed(rscript, folder / RESTRICTED, tmp_path)
    ours = pd.read_csv(place / "verify_ours.csv")
    ours.loc[ours["quantity"] == "slope", "ours"] += 0.001
    ours.to_csv(place / "verify_ours.csv", index=False)
    asked = pd.read_csv(place / "verify_asked.csv")
    assert asked[asked["key"] == "term"]["value"].tolist() == [
        "W1", "years", "months (within)", "months (between)",
    ]  # fmt: skip
    done = run()
    found = verdicts(done.stdout)
    assert done.returncode == 1, done.stdout + done.stderr
    assert [what for what, one in found.items() if one == "DIFFERS"] == ["primary slope"]
    for what in ("std_error", "df", "p_value", "variance of workers", "icc", "deviance"):
        assert found[f"primary {what}"] == "same"
    assert "primary variance of teams" not in found
    (place / "linked.csv").unlink()
    assert run().returncode == 2


def test_r_says_which_package_is_missing(rscript, small_run, tmp_path):
    place, run = recomputed(rscript, small_run.folder / RESTRICTED, tmp_path)
    script = place / "verify.R"
    script.write_text(script.read_text().replace('"lmerTest", if', '"lmerTestNotThere", if'))
    done = run()
    assert done.returncode == 2
    assert "This script needs the R package(s) lmerTestNotThere." in done.stderr
    assert "apt-get install r-cran-lmertestnotthere" in done.stderr


def test_the_script_names_no_place_of_this_machine():
    script = Path(rs.__file__).parent / "study" / "templates" / "verify.R"
    text = script.read_text()
    assert "/home" not in text
    assert "/tmp" not in text
    assert "setwd" not in text
