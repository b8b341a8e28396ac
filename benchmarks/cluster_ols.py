"""Time cluster-robust regression with CR2 and its degrees of freedom, beside others.

Run: python benchmarks/cluster_ols.py
statsmodels fits CR1S, without degrees of freedom; clubSandwich CR2 with them, where R has it.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels.api as sm

from relsurvey.association.cluster_ols import fit_cluster_ols

ROWS, CLUSTERS, PREDICTORS = 10_000, 1_000, 9
NAMES = [f"x{place}" for place in range(PREDICTORS)]
R_SCRIPT = """
suppressMessages(library(clubSandwich))
d <- read.csv("{path}"); f <- lm(y ~ ., d[names(d) != "g"])
t <- system.time(r <- coef_test(f, vcov = "CR2", cluster = d$g))["elapsed"]
cat(sprintf("%.1f %.9f %.6f", 1000 * t, r$SE[2], as.data.frame(r)$df[2]))
"""


def simulated() -> dict[str, np.ndarray]:
    random = np.random.default_rng(20260101)
    cluster = random.integers(0, CLUSTERS, ROWS)
    columns = random.normal(size=(PREDICTORS, ROWS))
    columns[0] = random.normal(size=CLUSTERS)[cluster]
    y = 0.3 * columns[0] + 0.5 * random.normal(size=CLUSTERS)[cluster] + random.normal(size=ROWS)
    return {"g": cluster, **dict(zip(NAMES, columns, strict=True)), "y": y}


def milliseconds(run: Callable[[], object], repeats: int) -> tuple[float, object]:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = run()
        times.append(1000 * (time.perf_counter() - start))
    return float(np.median(times)), result


def with_club_sandwich(frame: pd.DataFrame) -> None:
    if shutil.which("Rscript") is None:
        print("clubSandwich: Rscript is not installed")
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        frame.to_csv(path, index=False)
        script = R_SCRIPT.format(path=path.as_posix())
        done = subprocess.run(
            ["Rscript", "-e", script], capture_output=True, text=True, check=False
        )
    if done.returncode:
        print(f"clubSandwich: not run ({done.stderr.strip().splitlines()[-1:]})")
        return
    median, error, degrees = (float(part) for part in done.stdout.split())
    print(f"{'clubSandwich CR2':<24} {median:9.1f} ms   SE {error:.9f}   df {degrees:.6f}")


def main() -> None:
    data = simulated()
    frame = pd.DataFrame(data)
    median, result = milliseconds(lambda: fit_cluster_ols(data, "y", NAMES, "g"), 20)
    row = result.table.iloc[1]
    print(f"{'relsurvey CR2':<24} {median:9.1f} ms   SE {row.std_error:.9f}   df {row.df:.6f}")
    design = sm.add_constant(frame[NAMES])
    median, fit = milliseconds(
        lambda: sm.OLS(frame["y"], design).fit(cov_type="cluster", cov_kwds={"groups": frame["g"]}),
        5,
    )
    print(f"{'statsmodels CR1S':<24} {median:9.1f} ms   SE {fit.bse.iloc[1]:.9f}")
    with_club_sandwich(frame)


if __name__ == "__main__":
    main()
