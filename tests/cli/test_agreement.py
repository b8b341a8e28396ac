import json

import numpy as np
import pandas as pd
import pytest

from relsurvey.instruments import load_instrument


@pytest.fixture
def users(tmp_path):
    """Forty workers with one to seven service users each."""
    rng = np.random.default_rng(3)
    items = load_instrument("peech-sc").item_ids
    sizes = np.tile([1, 2, 3, 5, 7], 8)
    worker = np.repeat([f"KW-{i:03d}" for i in range(40)], sizes)
    level = 1.8 + np.repeat(rng.normal(0, 0.6, 40), sizes)
    answers = level[:, None] + rng.normal(0, 0.8, (len(worker), len(items)))
    frame = pd.DataFrame(np.clip(np.round(answers), 0, 3).astype(int), columns=items)
    frame.insert(0, "worker_id", worker)
    path = tmp_path / "users.csv"
    frame.to_csv(path, index=False)
    return path


def test_agreement_prints_every_scale_and_no_worker(call, users):
    done = call("agreement", users, "-i", "peech-sc", "--worker", "worker_id", "--details")
    assert done.code == 0, done.err
    for word in ("ICC(1)", "ICC(2)", "REML", "r_wg(j)", "answers for .70", "Criterion:", "TOTAL"):
        assert word in done.out
    assert "KW-" not in done.out + done.err


def test_agreement_speaks_json_without_naming_anyone(call, users):
    done = call("agreement", users, "-i", "peech-sc", "--worker", "worker_id", "--json",
                "--null", ".05,.15,.35,.45")  # fmt: skip
    assert done.code == 0, done.err
    assert "KW-" not in done.out
    read = json.loads(done.out)
    assert read["instrument"] == "peech-sc"
    rows = {row["scale"]: row for row in read["table"]}
    assert set(rows) == set(load_instrument("peech-sc").scales.ids)
    assert rows["SEC"]["n_groups"] == 40
    assert rows["SEC"]["icc1_low"] < rows["SEC"]["icc1"] < rows["SEC"]["icc1_high"]
    assert rows["SEC"]["rwg_j_own_mean"] < rows["SEC"]["rwg_j_mean"]
    assert {one["verdict"] for one in read["readings"]} <= {"met", "not met", "not known"}


def test_agreement_writes_workers_as_pseudonyms(call, users, tmp_path):
    out = tmp_path / "workers.csv"
    done = call("agreement", users, "-i", "peech-sc", "--worker", "worker_id", "--out", out)
    assert done.code == 0, done.err
    assert "KW-" not in out.read_text()
    assert out.stat().st_mode & 0o077 == 0
    table = pd.read_csv(out)
    assert table["worker_id"].str.match(r"P-[A-Z2-7]{16}$").all()
    assert table.groupby("scale").size().eq(40).all()
    kept = tmp_path / "kept.csv"
    done = call("agreement", users, "-i", "peech-sc", "--worker", "worker_id", "--out", kept,
                "--keep-ids")  # fmt: skip
    assert done.code == 0, done.err
    assert pd.read_csv(kept)["worker_id"].iloc[0] == "KW-000"


def test_one_user_each_is_said_in_words(call, users, tmp_path):
    single = tmp_path / "single.csv"
    pd.read_csv(users).drop_duplicates("worker_id").to_csv(single, index=False)
    done = call("agreement", single, "-i", "peech-sc", "--worker", "worker_id")
    assert done.code == 3, done.err
    assert "Nothing could be computed" in done.err
    assert "every group has one person only" in " ".join(done.out.split())


def test_few_workers_show_nothing_by_worker(call, users, tmp_path):
    few = tmp_path / "few.csv"
    frame = pd.read_csv(users)
    frame[frame["worker_id"] < "KW-006"].to_csv(few, index=False)
    done = call("agreement", few, "-i", "peech-sc", "--worker", "worker_id")
    assert done.code == 0, done.err
    words = " ".join(done.out.split())
    assert "fewer than 10 groups of worker_id" in words
    assert "ICC" not in words


def test_what_cannot_be_asked_is_refused(call, users):
    done = call("agreement", users, "-i", "peech-sc", "--worker", "worker_id", "--null", "much")
    assert done.code == 2
    assert "is no list of shares" in " ".join(done.err.split())
    done = call("agreement", users, "-i", "peech-sc", "--worker", "worker_id", "--null", ".5,.5")
    assert done.code == 3
    assert "2 shares for 4 categories" in done.err
    done = call("agreement", users, "-i", "peech-sc")
    assert done.code == 2
    done = call("agreement", users, "-i", "peech-sc", "--worker", "worker")
    assert done.code == 3
