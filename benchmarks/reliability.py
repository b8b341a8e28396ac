"""How long reliability takes, as it is called: off-scale check, keying and all.

One million respondents with the sixteen items of rpq-16 (five scales), and the 2,800 rows and 25
items of bfi (five scales) with everything that is computed of a scale: intervals, omegas,
polychorics, split halves, and 2,000 bootstrap alphas. pingouin's alpha stands beside it, and R
psych's where Rscript is there.

Run: python benchmarks/reliability.py [rows]
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl

import relsurvey as rs
from relsurvey.psychometrics.levels import reliability_by_level

ROWS = 1_000_000
REPEATS = 7
SHARE_MISSING = 0.02
SAMPLES = 2_000
PSYCH_SECONDS = 13  # R psych's alpha() for one scale of these sixteen items, as measured once

INSTRUMENT = rs.load_instrument("rpq-16")
ITEMS = list(INSTRUMENT.item_ids)
HERE = Path(__file__).resolve().parents[1]
BFI = HERE / "tests" / "reference" / "bfi.csv"

IN_R = """
suppressMessages(library(psych)); d <- read.csv("{file}"); x <- d[, 2:26]
for (v in c("A1","C4","C5","E1","E2","O2","O5")) x[[v]] <- 7 - x[[v]]
sets <- lapply(c("A","C","E","N","O"), function(l) x[complete.cases(x[, paste0(l, 1:5)]), paste0(l, 1:5)])
time <- function(what) cat(system.time(invisible(lapply(sets, function(s) suppressMessages(suppressWarnings(what(s))))))[["elapsed"]], "")
time(function(s) alpha(s)); time(function(s) {{ alpha(s); splitHalf(s, raw=TRUE); polychoric(s) }}); time(function(s) alpha(s, n.iter=200))
"""  # noqa: E501


def answers(rows: int) -> pd.DataFrame:
    """Draw answers with something in common, two in a hundred missing."""
    draw = np.random.default_rng(0)
    trait = draw.normal(size=(rows, 1))
    own = np.repeat(draw.normal(size=(rows, 4)) / 2, 4, axis=1)  # of the four scales
    codes = np.clip(np.rint(3.5 + trait + own + draw.normal(size=(rows, len(ITEMS)))), 1, 6)
    codes[draw.random(codes.shape) < SHARE_MISSING] = np.nan
    return pd.DataFrame(codes, columns=ITEMS)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return the shortest and the median time in seconds."""
    work()
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds), statistics.median(seconds)


def many_rows(rows: int) -> None:
    table = answers(rows)
    in_polars = pl.DataFrame(
        {name: pl.Series(table[name].to_numpy(), nan_to_null=True) for name in ITEMS}
    )
    frames = {
        "pandas float64": table,
        "polars float64": in_polars,
        "polars int64": in_polars.cast(pl.Int64),
        "polars int8": in_polars.cast(pl.Int8),
    }
    print(f"{rows:,} rows, {len(ITEMS)} items, {SHARE_MISSING:.0%} missing; seconds")
    print(f"{'':38}{'shortest':>10}{'median':>10}{f'of {PSYCH_SECONDS} s':>10}")
    for name, frame in frames.items():
        for missing in ("listwise", "pairwise"):
            shortest, median = timed(
                lambda f=frame, m=missing: rs.reliability(f, INSTRUMENT, missing=m)
            )
            faster = f"{PSYCH_SECONDS / shortest:.0f}x"
            print(f"{f'{name}, {missing}':38}{shortest:>10.3f}{median:>10.3f}{faster:>10}")
        shortest, median = timed(lambda f=frame: rs.item_analysis(f, INSTRUMENT))
        print(f"{f'{name}, items':38}{shortest:>10.3f}{median:>10.3f}")


def bfi() -> None:
    table = pd.read_csv(BFI)
    instrument = HERE / "examples" / "bfi.yaml"
    workers = table.assign(worker=np.random.default_rng(0).integers(0, 200, len(table)))
    ours: dict[str, Callable[[], object]] = {
        "everything": lambda: rs.reliability(table, instrument),
        f"with {SAMPLES:,} bootstrap alphas a scale": lambda: rs.reliability(
            table, instrument, bootstrap=SAMPLES, seed=1
        ),
        "items, with omega if dropped": lambda: rs.item_analysis(table, instrument),
        "by level, 200 workers": lambda: reliability_by_level(workers, instrument, group="worker"),
    }
    print(f"\n{len(table):,} rows, 25 items, five scales; seconds")
    print(f"{'':38}{'shortest':>10}{'median':>10}")
    for name, work in ours.items():
        shortest, median = timed(work)
        print(f"{name:38}{shortest:>10.3f}{median:>10.3f}")
    shortest, median = timed(lambda: in_pingouin(table))
    print(f"{'pingouin, alpha and interval only':38}{shortest:>10.3f}{median:>10.3f}")
    beside_psych()


def in_pingouin(table: pd.DataFrame) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pingouin

        for letter in "ACENO":
            pingouin.cronbach_alpha(table[[f"{letter}{i}" for i in range(1, 6)]].dropna())


def beside_psych() -> None:
    program = shutil.which("Rscript")
    if program is None:
        print("R is not installed: psych is not beside it.")
        return
    script = IN_R.format(file=BFI)
    done = subprocess.run([program, "-e", script], capture_output=True, text=True, check=False)
    names = ("psych, alpha", "psych, alpha, splitHalf, polychoric", "psych, 200 bootstrap alphas")
    for name, seconds in zip(names, done.stdout.split()[-3:], strict=False):
        print(f"{name:38}{float(seconds):>10.3f}")


if __name__ == "__main__":
    many_rows(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
    bfi()
