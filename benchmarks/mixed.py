"""Time fit_mixed on 73,421 rows in 1,128 groups, in two and in three levels, beside others.

Run: python benchmarks/mixed.py
Two predictors; Satterthwaite and Kenward-Roger; then the fit of 10 million rows from their sums.
statsmodels fits the same models to the same rows (three levels as a variance component in units);
so do lme4, with lmerTest's tests, and pbkrtest where Rscript and the packages are found.
"""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

import relsurvey as rs
from relsurvey.association.models.fit import fit_sums
from relsurvey.moments.group_rows import group_sums
from relsurvey.moments.groups import GroupSums

ROWS, GROUPS, UNITS, REPEATS = 73_421, 1_128, 94, 30
FEW_ROWS = 3_000  # for what works on matrices with rows squared entries
R_SCRIPT = """
suppressMessages({{library(lme4); library(lmerTest)}})
d <- read.csv("{path}"); d$worker <- factor(d$worker); d$team <- factor(d$team)
say <- function(name, run, n = 5) {{
  t <- replicate(n, system.time(f <<- run())["elapsed"])
  cat(sprintf("%s|%.1f|%.9f\\n", name, 1000 * median(t), fixef(f)["x"]))
}}
say("lme4, two levels", function() lme4::lmer(y ~ x + z + (1 | worker), d))
say("lme4, three levels", function() lme4::lmer(y ~ x + z + (1 | team/worker), d))
say("lmerTest, three levels, Satterthwaite", function() {{
  f <- lmerTest::lmer(y ~ x + z + (1 | team/worker), d); summary(f); f }}, 2)
small <- d[seq_len({small}), ]
say("pbkrtest, three levels, {small} rows", function() {{
  f <- lme4::lmer(y ~ x + z + (1 | team/worker), small); pbkrtest::vcovAdj(f); f }}, 1)
"""


def simulated() -> dict[str, np.ndarray]:
    random = np.random.default_rng(20260101)
    worker = random.integers(0, GROUPS, ROWS)
    team = (np.arange(GROUPS) % UNITS)[worker]
    x = random.normal(size=GROUPS)[worker]
    z = random.normal(size=ROWS)
    y = 0.3 * x + 0.2 * z + random.normal(0, 0.5, GROUPS)[worker] + random.normal(size=ROWS)
    y += random.normal(0, 0.3, UNITS)[team]
    return {"worker": worker, "team": team, "x": x, "z": z, "y": y}


def milliseconds(run: Callable[[], object], repeats: int) -> tuple[float, float, object]:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = run()
        times.append(1000 * (time.perf_counter() - start))
    return float(np.median(times)), min(times), result


def report(name: str, median: float, best: float, slope: float) -> None:
    print(f"{name:<48} median {median:9.1f} ms   best {best:9.1f} ms   slope of x {slope:.9f}")


def with_relsurvey(data: dict[str, np.ndarray]) -> None:
    frame = pd.DataFrame(data)
    text_ids = frame.assign(worker=frame["worker"].astype(str), team=frame["team"].astype(str))
    tables = {"NumPy columns": data, "pandas": frame, "pandas, text ids": text_ids}
    for levels, nested_in in (("two levels", None), ("three levels", "team")):
        for name, table in tables.items():
            time_fit(f"{levels}, {name}", table, nested_in, "satterthwaite")
        time_fit(f"{levels}, NumPy, Kenward-Roger", data, nested_in, "kenward_roger")


def time_fit(name: str, table: object, nested_in: str | None, df: str) -> None:
    def run() -> rs.MixedResult:
        return rs.fit_mixed(table, "y", ["x", "z"], "worker", nested_in=nested_in, df=df)

    median, best, result = milliseconds(run, REPEATS)
    report(f"relsurvey, {name}", median, best, result.table["estimate"][1])


def many_rows(data: dict[str, np.ndarray], groups: int, units: int, rows: int) -> GroupSums:
    """Make up the sums of a table that is too long to be made."""
    small = group_sums(data, ["x", "z", "y"], "worker", nested_in="team")
    random = np.random.default_rng(7)
    counts = 1.0 + random.poisson(rows / groups - 1, groups)
    parents = random.permutation(np.arange(groups) % units)
    x, z, noise = (
        random.normal(size=(3, groups)) / np.array([np.ones(groups), counts, counts]) ** 0.5
    )
    y = 0.3 * x + 0.2 * z + random.normal(0, 0.3, groups) + noise
    y += random.normal(0, 0.3, units)[parents]
    within = np.array([[0.0, 0.0, 0.0], [0.0, 1.0, 0.2], [0.0, 0.2, 1.04]]) * (
        counts.sum() - groups
    )
    return dataclasses.replace(
        small,
        ids=np.arange(groups).astype(object),
        counts=counts,
        centres=np.zeros(3),
        units=np.ones(3),
        sums=np.stack([x, z, y], axis=1) * counts[:, None],
        within=within,
        varies=np.tile([False, True, True], (groups, 1)),
        parents=parents,
        parent_ids=np.arange(units).astype(object),
    )


def from_sums(data: dict[str, np.ndarray]) -> None:
    for groups, units in ((10_000, 800), (100_000, 8_000)):
        nested = many_rows(data, groups, units, 10_000_000)
        flat = dataclasses.replace(nested, nested_in=None, parents=None, parent_ids=None)
        for levels, sums in (("two", flat), ("three", nested)):
            for df in ("satterthwaite", "kenward_roger"):
                median, best, tested = milliseconds(
                    lambda sums=sums, df=df: fit_sums(sums, "y", ("x", "z"), df=df).test(
                        np.eye(3), 0.95
                    ),
                    3,
                )
                name = f"sums of 10M rows, {groups:,} groups, {levels}, {df}"
                report(name, median, best, tested["estimate"][1])


def with_statsmodels(frame: pd.DataFrame) -> None:
    from statsmodels.regression.mixed_linear_model import MixedLM

    design = np.column_stack([np.ones(len(frame)), frame["x"], frame["z"]])

    def two() -> float:
        return float(MixedLM(frame["y"], design, frame["worker"]).fit().fe_params.iloc[1])

    def three() -> float:
        model = MixedLM.from_formula(
            "y ~ x + z",
            frame[:FEW_ROWS],
            groups="team",
            re_formula="1",
            vc_formula={"w": "0 + C(worker)"},
        )
        return float(model.fit().fe_params["x"])

    for name, run in (("two levels", two), (f"three levels, {FEW_ROWS:,} rows", three)):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            median, best, slope = milliseconds(run, 1)
        report(f"statsmodels MixedLM, {name}", median, best, slope)


def with_r(frame: pd.DataFrame) -> None:
    if shutil.which("Rscript") is None:
        print("lme4: Rscript is not installed")
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        frame.to_csv(path, index=False)
        script = R_SCRIPT.format(path=path.as_posix(), small=FEW_ROWS)
        done = subprocess.run(
            ["Rscript", "-e", script], capture_output=True, text=True, check=False
        )
    for line in done.stdout.splitlines():
        if line.count("|") == 2:
            name, median, slope = line.split("|")
            report(name, float(median), float(median), float(slope))
    if done.returncode:
        print(f"R stopped: {done.stderr.strip().splitlines()[-1:]}")


def main() -> None:
    data = simulated()
    frame = pd.DataFrame(data)
    with_relsurvey(data)
    from_sums(data)
    with_r(frame)
    with_statsmodels(frame)


if __name__ == "__main__":
    main()
