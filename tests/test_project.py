"""What the project promises as a whole: its files, its documents, its wheel."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_every_path_a_document_names_exists(document):
    text = (ROOT / document).read_text(encoding="utf-8")
    named = set(
        re.findall(
            r"`((?:src|tests|data|instruments|examples|benchmarks|requirements)/[^`\s*<>]*)`", text
        )
    )
    named |= set(re.findall(r"\]\((?!https?:|#)([^)]+)\)", text))
    assert named
    missing = [name for name in sorted(named) if not (ROOT / name).exists()]
    assert missing == []


def test_the_wheel_runs_the_demo_in_an_empty_environment(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, ROOT],
        check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "relsurvey/_data/instruments/rpq-16.yaml" in names
    assert "relsurvey/_data/sample/workers.csv" in names
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == {"relsurvey"}

    environment = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    uv = Path(sys.executable).parent / "uv"
    install = [uv, "pip", "install", "--quiet", "--python", environment / "bin" / "python"]
    locked = ["--require-hashes", "--requirement", ROOT / "requirements" / "runtime.txt"]
    subprocess.run([*install, *locked], check=True)
    subprocess.run([*install, "--no-deps", "--no-index", wheel], check=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = subprocess.run(
        [environment / "bin" / "relsurvey", "demo"],
        cwd=elsewhere, check=True, capture_output=True, text=True,
    )  # fmt: skip
    report = elsewhere / "demo-results" / "shareable" / "report.html"
    assert str(report.relative_to(elsewhere)) in done.stdout
    assert report.stat().st_size > 10_000


def test_the_version_is_the_same_wherever_it_is_written():
    import relsurvey

    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {relsurvey.__version__}\n" in citation


def test_the_command_line_offers_the_platforms_there_are():
    from typing import get_args

    from relsurvey.cli.options import Platform
    from relsurvey.intake import PLATFORM_NAMES

    assert get_args(get_args(Platform)[0]) == PLATFORM_NAMES
