"""How long a whole study takes, from the command line: `relsurvey run`, and reports alone.

On the sample study (120 workers, 900 service users), or, with ``--large``, on one of 20,000 workers
and 500,000 service users whose rows are drawn from the sample's, so that the answers are like real
ones. ``relsurvey run`` does everything: HTML and Word for the sample, HTML for the large study.
``relsurvey report`` then writes the reports again from what the run stored.

Every time is that of a new process, from its start to its end. Seconds of CPU are of all processes
together. Memory is the most that the process and those it started held at one moment, a page that
several share counted once (Pss); it is looked at ten times a second, so it needs Linux.

Run: python benchmarks/run.py [--large] [--repeats N]
"""

from __future__ import annotations

import argparse
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from relsurvey.resources import shipped

WORKERS, SERVICE_USERS, TEAMS, SEED = 20_000, 500_000, 1_500, 1
REPEATS = 3
LOOK_EVERY = 0.1
# Seconds of the run, seconds of the reports, megabytes of the run.
WANTED = {"sample": (20, 6, 700), "large": (90, None, None)}
MOST_HTML_MEGABYTES = 5


@dataclass(frozen=True)
class Cost:
    """What one command took: seconds of wall clock and of CPU, and megabytes."""

    wall: float
    cpu: float
    megabytes: float


def write_sample(folder: Path) -> Path:
    """Copy the sample study, asking for HTML and Word; return its study file."""
    return _with_formats(Path(shutil.copytree(shipped("sample"), folder / "study")), "html, docx")


def write_large(folder: Path) -> Path:
    """Write the large study; always the same one."""
    draw = np.random.default_rng(SEED)
    study = Path(shutil.copytree(shipped("sample"), folder / "study"))
    workers, users = (
        pd.read_csv(study / name, dtype=str, keep_default_na=False)
        for name in ("workers.csv", "service_users.csv")
    )
    workers = workers.iloc[draw.integers(0, len(workers), WORKERS)].assign(
        worker_id=_numbered("W", WORKERS),
        team=_numbered("T", TEAMS)[draw.integers(0, TEAMS, WORKERS)],
    )
    users = users.iloc[draw.integers(0, len(users), SERVICE_USERS)].assign(
        response_id=_numbered("R", SERVICE_USERS),
        worker_id=workers["worker_id"].to_numpy()[draw.integers(0, WORKERS, SERVICE_USERS)],
    )
    workers.to_csv(study / "workers.csv", index=False)
    users.to_csv(study / "service_users.csv", index=False)
    return _with_formats(study, "html")


def _numbered(letter: str, count: int) -> np.ndarray:
    return np.array([f"{letter}{number:06d}" for number in range(count)], dtype=object)


def _with_formats(study: Path, formats: str) -> Path:
    """Set the formats that the study file asks for."""
    path = study / "study.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    changed = [
        f"  formats: [{formats}]" if line.strip().startswith("formats:") else line for line in lines
    ]
    if changed == lines and f"  formats: [{formats}]" not in lines:
        raise SystemExit(f"{path} names no formats.")
    path.write_text("\n".join(changed) + "\n", encoding="utf-8")
    return path


def cost_of(*words: str) -> Cost:
    """Run a relsurvey command in a new process."""
    command = [sys.executable, "-m", "relsurvey", *words]
    before = _cpu_of_children()
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        most = 0.0
        while process.poll() is None:
            most = max(most, sum(map(_megabytes, _tree(process.pid))))
            time.sleep(LOOK_EVERY)
        wall = time.perf_counter() - start
        said = process.stdout.read().decode() if process.stdout else ""
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{said}")
    return Cost(wall, _cpu_of_children() - before, most)


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _tree(process: int) -> list[int]:
    """Return a process and all that it and its own have started."""
    found = [process]
    for one in found:
        for path in Path(f"/proc/{one}/task").glob("*/children"):
            found += map(int, _read(path).split())
    return found


def _megabytes(process: int) -> float:
    for line in _read(Path(f"/proc/{process}/smaps_rollup")).splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def _read(path: Path) -> str:
    """Return what the system says of a process; nothing where it has just ended."""
    try:
        return path.read_text(encoding="ascii")
    except OSError:
        return ""


def told(name: str, costs: list[Cost], wanted: tuple[int | None, int | None]) -> None:
    """Print the shortest and the median time, and the most memory."""
    walls, most = [one.wall for one in costs], max(one.megabytes for one in costs)
    cpu = statistics.median(one.cpu for one in costs)
    line = (
        f"{name:10}{min(walls):>10.1f}{statistics.median(walls):>10.1f}{cpu:>10.1f}{most:>10,.0f}"
    )
    limits = zip(("s", "MB"), wanted, strict=True)
    limit = ", ".join(f"{number} {unit}" for unit, number in limits if number)
    print(line + (f"   wanted: at most {limit}" if limit else ""), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--large", action="store_true", help="500,000 service users")
    parser.add_argument("--repeats", type=int, default=REPEATS)
    given = parser.parse_args()
    of_run, of_report, megabytes = WANTED["large" if given.large else "sample"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        study = (write_large if given.large else write_sample)(folder)
        results = str(folder / "results")
        formats = "html" if given.large else "html,docx"
        run = ("run", str(study), "--out", results, "--force")
        readers = ("--audience", "technical,service,plain")
        report = ("report", results, "--format", formats, *readers, "--force")
        print(f"{'':10}{'shortest':>10}{'median':>10}{'CPU':>10}{'MB':>10}")
        told("run", [cost_of(*run) for _ in range(given.repeats)], (of_run, megabytes))
        told("report", [cost_of(*report) for _ in range(given.repeats)], (of_report, None))
        pages = max(path.stat().st_size for path in Path(results).rglob("*.html")) / 1e6
        print(f"largest page {pages:.1f} MB (wanted: under {MOST_HTML_MEGABYTES} MB)")


if __name__ == "__main__":
    main()
