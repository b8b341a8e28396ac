import json

import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def waves(tmp_path):
    """Twelve teams, half of them trained between two waves."""
    rng = np.random.default_rng(5)
    person = np.arange(240)
    team = person // 20
    start = 3 + rng.normal(0, 0.3, 12)[team] + rng.normal(0, 0.5, 240)
    parts = [
        pd.DataFrame(
            {
                "pid": [f"KP-{one:03d}" for one in person],
                "worker_id": [f"KW-{one // 5:03d}" for one in person],
                "team": [f"KT-{one:02d}" for one in team],
                "trained": (team < 6).astype(int),
                "wave": wave,
                "score": np.round(start + rng.normal(0, 0.4, 240) + later * 0.6 * (team < 6), 3),
            }
        )
        for wave, later in (("before", 0), ("after", 1))
    ]
    path = tmp_path / "waves.csv"
    pd.concat(parts).to_csv(path, index=False)
    return path


ORDER = ("--order", "before", "--order", "after")
IDS = ("--person", "pid", "--group", "worker_id", "--team", "team")


def test_change_says_what_was_found_and_names_nobody(call, waves):
    done = call("change", waves, "--outcome", "score", *IDS, "--trained", "trained", *ORDER,
                "--reliability", "0.8")  # fmt: skip
    assert done.code == 0, done.err
    words = " ".join(done.out.split())
    assert "higher where teams were trained than where they were not" in words
    for word in ("model mean", "trained less others", "Welch t", "CR2", "reliable change"):
        assert word in words
    assert not [name for name in ("KP-", "KW-", "KT-") if name in done.out + done.err]


def test_change_speaks_json_and_writes_table_and_figure(call, waves, tmp_path):
    out, figure = tmp_path / "change.csv", tmp_path / "change.png"
    done = call("change", waves, "--outcome", "score", *IDS, "--trained-team", "KT-00",
                "--trained-team", "KT-01", "--trained-team", "KT-02", "--trained-team", "KT-03",
                *ORDER, "--json", "--out", out, "--figure", figure)  # fmt: skip
    assert done.code == 0, done.err
    read = json.loads(done.out)
    assert read["waves"] == ["before", "after"]
    assert read["conf_low"] < read["estimate"] < read["conf_high"]
    assert read["n_units"] == {"pid": 240, "worker_id": 48, "team": 12}
    table = pd.read_csv(out)
    assert table["who"].tolist() == ["others", "trained", "trained less others"]
    assert table["estimate"].iloc[-1] == pytest.approx(read["estimate"])
    assert figure.read_bytes().startswith(b"\x89PNG")
    again = call("change", waves, "--outcome", "score", *IDS, *ORDER, "--figure", figure)
    assert again.code == 3
    assert "already there" in again.err


def test_what_cannot_be_asked_is_refused(call, waves):
    done = call("change", waves, "--outcome", "score", "--group", "worker_id")
    assert done.code == 3
    assert "comes first is not known" in " ".join(done.err.split())
    done = call("change", waves, "--outcome", "score", *ORDER)
    assert done.code == 3
    assert "Who belongs together" in " ".join(done.err.split())
    done = call("change", waves, "--outcome", "score", *IDS, *ORDER, "--trained", "trained",
                "--trained-team", "KT-00")  # fmt: skip
    assert done.code == 2
    assert "not both" in " ".join(done.err.split())
    done = call("change", waves, "--outcome", "scores", *IDS, *ORDER)
    assert done.code == 3
