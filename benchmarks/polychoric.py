"""How long polychoric correlations and models of ordinal items take, beside psych and lavaan.

Polychoric correlations of the 25 items of bfi, WLSMV of two of its factors, and the tables of
sixteen items of many rows. The R packages are timed where Rscript is there.

Run: python benchmarks/polychoric.py [rows]
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import narwhals as nw
import numpy as np
import pandas as pd

from relsurvey.moments.tables import item_tables
from relsurvey.psychometrics.polychoric import polychoric
from relsurvey.psychometrics.structure.cfa import fit_cfa

ROWS = 1_000_000
REPEATS = 5
BFI = Path(__file__).parents[1] / "tests" / "reference" / "bfi.csv"
MODEL = {
    "agree": [f"A{i}" for i in range(1, 6)],
    "conscientious": [f"C{i}" for i in range(1, 6)],
}
R_CODE = """
d <- read.csv("{path}"); x <- d[, 2:26]; x <- x[complete.cases(x), ]
elapsed <- function(f) system.time(suppressWarnings(f()))[["elapsed"]]
least <- function(f) min(sapply(1:{repeats}, function(i) elapsed(f)))
if (requireNamespace("psych", quietly = TRUE))
  cat("psych polychoric, 25 items", least(function() psych::polychoric(x)), "\\n", sep = "\\t")
if (requireNamespace("lavaan", quietly = TRUE)) {{
  all <- function() lavaan::lavCor(x, ordered = names(x))
  cat("lavaan polychoric, 25 items", least(all), "\\n", sep = "\\t")
  v <- c(paste0("A", 1:5), paste0("C", 1:5)); y <- d[, v]; y <- y[complete.cases(y), ]
  m <- "a =~ A1 + A2 + A3 + A4 + A5\\nc =~ C1 + C2 + C3 + C4 + C5"
  fit <- function() lavaan::cfa(m, data = y, ordered = v, estimator = "WLSMV", std.lv = TRUE)
  cat("lavaan WLSMV, 10 items", least(fit), "\\n", sep = "\\t")
}}
"""


def many_answers(rows: int) -> pd.DataFrame:
    """Draw six-point answers with something in common, two in a hundred missing."""
    draw = np.random.default_rng(0)
    trait = draw.normal(size=(rows, 1))
    codes = np.clip(np.rint(3.5 + trait + draw.normal(size=(rows, 16))), 1, 6)
    codes[draw.random(codes.shape) < 0.02] = np.nan
    return pd.DataFrame(codes, columns=[f"i{j}" for j in range(16)])


def show(name: str, work: Callable[[], object]) -> None:
    """Print the shortest and the median time in seconds."""
    work()
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    print(f"{name:44}{min(seconds):>10.3f}{statistics.median(seconds):>10.3f}")


def show_r() -> None:
    """Print the shortest times of the R packages, where there is an R."""
    if shutil.which("Rscript") is None:
        print("(no Rscript: psych and lavaan were not timed)")
        return
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "time.R"
        script.write_text(R_CODE.format(path=BFI, repeats=REPEATS), encoding="utf-8")
        done = subprocess.run(
            ["Rscript", str(script)],
            capture_output=True,
            text=True,
            check=False,
        )
    for line in done.stdout.splitlines():
        name, seconds, *_ = line.split("\t")
        print(f"{name:44}{float(seconds):>10.3f}")


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    bfi = pd.read_csv(BFI)
    items = bfi.iloc[:, 1:26]
    print(f"{'seconds':44}{'shortest':>10}{'median':>10}")
    show(f"polychoric, 25 items, {len(items):,} rows", lambda: polychoric(items))
    show("WLSMV, 2 factors, 10 items", lambda: fit_cfa(bfi, MODEL, estimator="WLSMV"))
    groups = {"estimator": "WLSMV", "group": "gender", "equal": ("loadings", "thresholds")}
    show("WLSMV, the same in 2 groups, held equal", lambda: fit_cfa(bfi, MODEL, **groups))
    many = nw.from_native(many_answers(rows))
    for missing in ("listwise", "pairwise"):
        show(
            f"tables, 16 items, {rows:,} rows, {missing}",
            lambda m=missing: item_tables(many, {"all": many.columns}, missing=m),
        )
    show(f"polychoric, 16 items, {rows:,} rows", lambda: polychoric(many.to_native()))
    show_r()


if __name__ == "__main__":
    main()
