"""Time ten thousand bootstraps and permutations of 200 workers and 2,000 users, in one process.

Run: python benchmarks/resampling.py
lme4's bootMer does a hundredth of it, where Rscript and lme4 are found.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from relsurvey.association.resampling.bootstrap import bootstrap_slope
from relsurvey.association.resampling.max_t import FamilyMember, max_t_adjusted
from relsurvey.association.resampling.parametric import parametric_bootstrap
from relsurvey.association.resampling.permutation import permutation_test
from relsurvey.moments.group_rows import group_sums

WORKERS, USERS, TEAMS, DRAWS = 200, 10, 20, 10_000
R_SCRIPT = """
suppressMessages(library(lme4))
d <- read.csv("{path}"); f <- lmer(y ~ x + (1 | worker), d)
t <- system.time(bootMer(f, function(m) fixef(m)[["x"]], nsim = 100, seed = 1))["elapsed"]
cat(t * 10)
"""


def simulated() -> dict[str, np.ndarray]:
    random = np.random.default_rng(20260101)
    worker = np.repeat(np.arange(WORKERS), 1 + random.poisson(USERS - 1, WORKERS))
    x, z = random.normal(size=WORKERS)[worker], random.normal(size=len(worker))
    y = 0.1 * x + 0.2 * z + random.normal(0, 0.5, WORKERS)[worker]
    y += random.normal(size=len(worker))
    return {"worker": worker, "team": worker % TEAMS, "x": x, "z": z, "y": y}


def report(name: str, run: Callable[[], object]) -> None:
    start = time.perf_counter()
    run()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name:<52} {time.perf_counter() - start:7.2f} s   peak so far {peak:5.0f} MB")


def with_relsurvey(data: dict[str, np.ndarray]) -> None:
    columns = ["x", "z", "y"]
    two = group_sums(data, columns, "worker", each_within=True).split(["z"])
    three = group_sums(data, columns, "worker", nested_in="team", each_within=True).split(["z"])
    more = ("x", "z (within)", "z (between)")
    for sums, terms, said in ((two, ("x",), "two levels, x"), (two, more, "two levels, x and z"),
                              (three, ("x",), "three levels, x")):  # fmt: skip
        report(
            f"permutation, {said}",
            lambda s=sums, t=terms: permutation_test(s, "y", t, "x", permutations=DRAWS, seed=1),
        )
        report(
            f"bootstrap, {said}",
            lambda s=sums, t=terms: bootstrap_slope(s, "y", t, "x", replicates=DRAWS, seed=1),
        )
        report(
            f"parametric bootstrap (twice), {said}",
            lambda s=sums, t=terms: parametric_bootstrap(s, "y", t, "x", replicates=DRAWS, seed=1),
        )
    family = [FamilyMember(two, "y", more, "x")] * 16
    report("max-T, 16 tests", lambda: max_t_adjusted(family, permutations=DRAWS, seed=1))


def with_lme4(data: dict[str, np.ndarray]) -> None:
    if shutil.which("Rscript") is None:
        print("lme4: Rscript is not installed")
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        pd.DataFrame(data).to_csv(path, index=False)
        done = subprocess.run(
            ["Rscript", "-e", R_SCRIPT.format(path=path.as_posix())],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    if done.returncode:
        print(f"lme4: not run ({done.stderr.strip().splitlines()[-1:]})")
        return
    print(f"lme4 bootMer: {float(done.stdout):.1f} ms a replicate")


def main() -> None:
    data = simulated()
    print(f"{WORKERS} workers, {len(data['y']):,} users, {DRAWS:,} draws")
    with_relsurvey(data)
    with_lme4(data)


if __name__ == "__main__":
    main()
