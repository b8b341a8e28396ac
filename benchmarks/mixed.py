"""Time fit_mixed on 73,000 rows in 1,128 groups with two predictors, beside others.

Run: python benchmarks/mixed.py
statsmodels fits the same model on the same rows; so does lme4 where Rscript and lme4 are found.
"""

from __future__ import annotations

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

ROWS, GROUPS, REPEATS = 73_000, 1_128, 30
R_SCRIPT = """
suppressMessages(library(lme4))
d <- read.csv("{path}"); d$worker <- factor(d$worker)
t <- replicate(5, system.time(f <<- lmer(y ~ x + z + (1 | worker), d))["elapsed"])
cat(sprintf("%.1f %.9f", 1000 * median(t), fixef(f)["x"]))
"""


def simulated() -> dict[str, np.ndarray]:
    random = np.random.default_rng(20260101)
    worker = random.integers(0, GROUPS, ROWS)
    x = random.normal(size=GROUPS)[worker]
    z = random.normal(size=ROWS)
    y = 0.3 * x + 0.2 * z + random.normal(0, 0.5, GROUPS)[worker] + random.normal(size=ROWS)
    return {"worker": worker, "x": x, "z": z, "y": y}


def milliseconds(run: Callable[[], object], repeats: int) -> tuple[float, float, object]:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = run()
        times.append(1000 * (time.perf_counter() - start))
    return float(np.median(times)), min(times), result


def report(name: str, median: float, best: float, slope: float) -> None:
    print(f"{name:<36} median {median:9.1f} ms   best {best:9.1f} ms   slope of x {slope:.9f}")


def with_relsurvey(data: dict[str, np.ndarray]) -> None:
    frame = pd.DataFrame(data)
    text_ids = frame.assign(worker=frame["worker"].astype(str))
    for name, given in (("NumPy columns", data), ("pandas", frame), ("pandas, text ids", text_ids)):
        median, best, result = milliseconds(
            lambda given=given: rs.fit_mixed(given, "y", ["x", "z"], "worker"), REPEATS
        )
        report(f"relsurvey, {name}", median, best, result.table["estimate"][1])


def with_statsmodels(frame: pd.DataFrame) -> None:
    from statsmodels.regression.mixed_linear_model import MixedLM

    design = np.column_stack([np.ones(len(frame)), frame["x"], frame["z"]])

    def run() -> float:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return float(MixedLM(frame["y"], design, frame["worker"]).fit().fe_params.iloc[1])

    median, best, slope = milliseconds(run, 2)
    report("statsmodels MixedLM", median, best, slope)


def with_lme4(frame: pd.DataFrame) -> None:
    if shutil.which("Rscript") is None:
        print("lme4: Rscript is not installed")
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        frame.to_csv(path, index=False)
        script = R_SCRIPT.format(path=path.as_posix())
        done = subprocess.run(
            ["Rscript", "-e", script], capture_output=True, text=True, check=False
        )
    if done.returncode:
        print(f"lme4: not run ({done.stderr.strip().splitlines()[-1:]})")
        return
    median, slope = (float(part) for part in done.stdout.split())
    report("lme4", median, median, slope)


def main() -> None:
    data = simulated()
    frame = pd.DataFrame(data)
    with_relsurvey(data)
    with_statsmodels(frame)
    with_lme4(frame)


if __name__ == "__main__":
    main()
