"""How long reliability takes: one million respondents, the sixteen items of rpq-16, five scales.

The time is that of ``rs.reliability`` as it is called: off-scale check, keying and all.

Run: python benchmarks/reliability.py [rows]
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
import polars as pl

import relsurvey as rs

ROWS = 1_000_000
REPEATS = 7
SHARE_MISSING = 0.02
PSYCH_SECONDS = 13  # R psych's alpha() for one scale of these sixteen items, as measured once

INSTRUMENT = rs.load_instrument("rpq-16")
ITEMS = list(INSTRUMENT.item_ids)


def answers(rows: int) -> pd.DataFrame:
    """Draw answers with something in common, two in a hundred missing."""
    draw = np.random.default_rng(0)
    trait = draw.normal(size=(rows, 1))
    codes = np.clip(np.rint(3.5 + trait + draw.normal(size=(rows, len(ITEMS)))), 1, 6)
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


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
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
    print(f"{'':30}{'shortest':>10}{'median':>10}{f'of {PSYCH_SECONDS} s':>10}")
    for name, frame in frames.items():
        for missing in ("listwise", "pairwise"):
            shortest, median = timed(
                lambda f=frame, m=missing: rs.reliability(f, INSTRUMENT, missing=m)
            )
            faster = f"{PSYCH_SECONDS / shortest:.0f}x"
            print(f"{f'{name}, {missing}':30}{shortest:>10.3f}{median:>10.3f}{faster:>10}")
        shortest, median = timed(lambda f=frame: rs.item_analysis(f, INSTRUMENT))
        print(f"{f'{name}, items':30}{shortest:>10.3f}{median:>10.3f}")


if __name__ == "__main__":
    main()
