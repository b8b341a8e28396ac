"""How long a factor model takes: five factors and 25 items of the bfi data, and smaller ones.

The time is that of ``fit_cfa`` as it is called, from the frame to the result with standard
errors, standardised values, fit and omega; modification indices are worked out when they are
asked for, and timed by themselves. lavaan is timed beside it where R is there.

Run: python benchmarks/cfa.py
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from relsurvey.psychometrics.structure.cfa import fit_cfa, fit_covariance

REPEATS = 15
BFI = Path(__file__).parents[1] / "tests" / "reference" / "bfi.csv"
REVERSED = ("A1", "C4", "C5", "E1", "E2", "O2", "O5")
FIVE = {
    name: [f"{name[0].upper()}{i}" for i in range(1, 6)]
    for name in ("agree", "conscientious", "extraversion", "neuroticism", "openness")
}
TWO = {name: FIVE[name] for name in ("agree", "conscientious")}
IN_R = """
suppressMessages(library(lavaan))
d <- read.csv("{path}")
for (v in c({reversed})) d[[v]] <- 7 - d[[v]]
five <- "{five}"
two <- "{two}"
timed <- function(f) {{ f(); t <- sapply(1:{repeats}, function(i) system.time(f())[["elapsed"]])
  cat(min(t), median(t), "\\n") }}
whole <- function(fit) {{ standardizedSolution(fit); fitMeasures(fit) }}
timed(function() whole(cfa(five, d, std.lv = TRUE)))
timed(function() whole(cfa(two, d, std.lv = TRUE, group = "gender",
  group.equal = c("loadings", "intercepts"))))
fit <- cfa(five, d, std.lv = TRUE)
timed(function() modindices(fit))
"""


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return the shortest and the median time in seconds."""
    work()
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds), statistics.median(seconds)


def lavaan_times() -> list[tuple[float, float]]:
    """Return the times of lavaan; none where R or lavaan is not installed."""
    if shutil.which("Rscript") is None:
        return []
    script = IN_R.format(
        path=BFI.as_posix(),
        reversed=", ".join(f'"{name}"' for name in REVERSED),
        five=as_text(FIVE),
        two=as_text(TWO),
        repeats=REPEATS,
    )
    done = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, check=False)
    rows = [line.split() for line in done.stdout.splitlines()]
    return [(float(low), float(middle)) for low, middle in rows]


def as_text(model: dict[str, list[str]]) -> str:
    return "; ".join(f"{factor} =~ {' + '.join(items)}" for factor, items in model.items())


def main() -> None:
    answers = pd.read_csv(BFI)
    answers = answers.assign(**{name: 7 - answers[name] for name in REVERSED})
    covariance = answers[FIVE["agree"]].cov()
    fitted = fit_cfa(answers, FIVE)
    work: dict[str, Callable[[], object]] = {
        "five factors, 25 items": lambda: fit_cfa(answers, FIVE),
        "two factors, 10 items, two groups, scalar": lambda: fit_cfa(
            answers, TWO, group="gender", equal=("loadings", "intercepts")
        ),
        # The property keeps what it has worked out; its getter does not.
        "modification indices of five factors": lambda: type(fitted).modification_indices.func(
            fitted
        ),
        "one factor, 5 items, from covariances": lambda: fit_covariance(
            {"agree": FIVE["agree"]}, covariance, 2709
        ),
    }
    theirs = lavaan_times()
    print(f"{len(answers):,} rows; seconds")
    print(f"{'':44}{'shortest':>10}{'median':>10}{'lavaan':>16}")
    for place, (name, task) in enumerate(work.items()):
        shortest, median = timed(task)
        beside = "" if place >= 3 else "not installed"
        if place < len(theirs):
            beside = f"{theirs[place][1]:.3f}"
        print(f"{name:44}{shortest:>10.4f}{median:>10.4f}{beside:>16}")


if __name__ == "__main__":
    main()
