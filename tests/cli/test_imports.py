"""The promise on import cost, held in processes of their own."""

import json
import subprocess
import sys

import pytest

HEAVY = ("pandas", "numpy", "scipy", "statsmodels", "pingouin", "matplotlib", "polars")


def modules_after(code):
    script = f"import sys, json\n{code}\nprint('\\n' + json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return {name.split(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}, done


@pytest.mark.parametrize(
    "code",
    [
        "import relsurvey",
        "import relsurvey.cli",
        "from relsurvey.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass",
        "from relsurvey.cli import main\ntry: main(['score', '--help'])\nexcept SystemExit: pass",
    ],
)
def test_importing_and_asking_for_help_load_nothing_heavy(code):
    loaded, _ = modules_after(code)
    assert not loaded & set(HEAVY)


def test_scoring_from_the_command_line_loads_no_statistics_and_no_plotting(tmp_path):
    answers = tmp_path / "workers.csv"
    items = [f"{scale}{i}" for scale in ("RIA", "ROA", "RO", "SA") for i in range(1, 5)]
    answers.write_text(",".join(["worker_id", *items]) + "\n007," + ",".join("3" * 16) + "\n")
    out = tmp_path / "scores.csv"
    words = ["score", str(answers), "--instrument", "rpq-16", "--worker", "worker_id",
             "--out", str(out)]  # fmt: skip
    loaded, done = modules_after(
        f"from relsurvey.cli import main\ntry: main({words!r})\n"
        "except SystemExit as e: assert not e.code"
    )
    assert not loaded & {"statsmodels", "pingouin", "matplotlib"}
    assert "pandas" in loaded
    assert out.exists(), done.stderr


def test_every_public_name_is_there():
    import relsurvey as rs

    assert all(getattr(rs, name) is not None for name in rs.__all__)
    assert set(rs.__all__) <= set(dir(rs))
    with pytest.raises(AttributeError, match="no attribute 'scores'"):
        rs.scores  # noqa: B018
