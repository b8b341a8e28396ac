"""The committed sample is what its script makes, and is what its README says."""

import runpy
from pathlib import Path

import pandas as pd
import pytest

from relsurvey.instruments import load_instrument
from relsurvey.resources import shipped

FOLDER = Path(__file__).parents[2] / "data" / "sample"
SERVICE_USERS = load_instrument("peech-sc")


@pytest.fixture(scope="module")
def script():
    return runpy.run_path(str(FOLDER / "make_sample.py"))


@pytest.fixture(scope="module")
def made(script) -> dict[str, str]:
    return script["sample_files"]()


@pytest.mark.parametrize("name", ["workers.csv", "service_users.csv", "README.md"])
def test_the_committed_file_is_what_the_script_makes(made, name) -> None:
    assert (FOLDER / name).read_bytes() == made[name].encode("utf-8")


def test_the_readme_says_what_the_data_are(made, script) -> None:
    readme = made["README.md"]
    assert "Nobody in it is real" in readme
    assert "python data/sample/make_sample.py" in readme
    assert f"| Seed | {script['SEED']} |" in readme
    assert "| Correlation, reflective capacity and mean experience | 0.45 |" in readme


def test_the_files_hold_what_issue_and_readme_promise() -> None:
    workers = pd.read_csv(shipped("sample") / "workers.csv", dtype=str, keep_default_na=False)
    users = pd.read_csv(shipped("sample") / "service_users.csv", dtype=str, keep_default_na=False)
    items = users[list(SERVICE_USERS.item_ids)]
    assert (len(workers), workers["team"].nunique(), len(users)) == (120, 14, 900)
    assert (~workers["worker_id"].isin(users["worker_id"])).sum() == 7
    assert (users["worker_id"] == "").sum() == 6
    assert (~users["worker_id"].isin(["", *workers["worker_id"]])).sum() == 22
    assert set(items.stack()) == {"Never", "Sometimes", "Usually", "Always", "Does not apply", ""}
    assert set(users) == {"response_id", "worker_id", *items, *SERVICE_USERS.context.ids}
    sizes = users.loc[users["worker_id"] != "", "worker_id"].value_counts()
    assert (sizes.min(), sizes.max()) == (1, 20)
