"""How long scoring takes: one million respondents, the sixteen items of rpq-16, five scores.

Two hands to compare with, both in Polars: ``hand`` is the five means alone, as one would write
them at once (no check, no counts, a mean from however few answers); ``careful hand`` adds what
``score`` adds: the off-scale check, the counts and the minimum answered.

Run: python benchmarks/scoring.py [rows]
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
REPEATS = 9
SHARE_MISSING = 0.02

INSTRUMENT = rs.load_instrument("rpq-16")
ITEMS = list(INSTRUMENT.item_ids)
SCALES = {key: list(INSTRUMENT.items_of(key)) for key in INSTRUMENT.scales.ids}
NEEDED = {"RIA": 3, "ROA": 3, "RO": 3, "SA": 3, "RC": 12}


def answers(rows: int) -> pl.DataFrame:
    """Draw answers at random, two in a hundred missing."""
    draw = np.random.default_rng(0)
    codes = draw.integers(1, 7, size=(rows, len(ITEMS)))
    there = draw.random(codes.shape) >= SHARE_MISSING
    columns = {name: pl.Series(codes[:, i]) for i, name in enumerate(ITEMS)}
    masks = {f"{name} there": pl.Series(there[:, i]) for i, name in enumerate(ITEMS)}
    return pl.DataFrame(columns | masks).select(
        pl.when(f"{name} there").then(name).cast(pl.Float64).alias(name) for name in ITEMS
    )


def hand(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(pl.mean_horizontal(items).alias(key) for key, items in SCALES.items())


def careful_hand(frame: pl.DataFrame) -> pl.DataFrame:
    everything = pl.col(ITEMS)
    ends = frame.select(everything.min().name.suffix(" low"), everything.max().name.suffix(" high"))
    whole = frame.select((everything.floor() == everything).all())
    if min(ends.row(0)) < 1 or max(ends.row(0)) > 6 or not all(whole.row(0)):
        raise ValueError("off the scale")
    counted = frame.select(
        *[pl.mean_horizontal(items).alias(key) for key, items in SCALES.items()],
        *[
            pl.sum_horizontal(pl.col(item).is_not_null() for item in items).alias(f"{key}_answered")
            for key, items in SCALES.items()
        ],
    )
    return counted.with_columns(
        pl.when(pl.col(f"{key}_answered") >= needed).then(key) for key, needed in NEEDED.items()
    )


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return the shortest and the median time in milliseconds."""
    work()
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return 1000 * min(seconds), 1000 * statistics.median(seconds)


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    frame = answers(rows)
    print(f"{rows:,} rows, {len(ITEMS)} items, {SHARE_MISSING:.0%} missing; milliseconds")
    print(f"{'':22}{'shortest':>10}{'median':>10}{'by hand':>10}{'careful':>10}")
    for name, dtype in (("float64", pl.Float64), ("int64", pl.Int64), ("int8", pl.Int8)):
        table = frame.cast(dtype)
        plain = report(f"{name} hand", lambda t=table: hand(t))
        careful = report(f"{name} careful hand", lambda t=table: careful_hand(t))
        report(f"{name} score", lambda t=table: rs.score(t, INSTRUMENT), plain, careful)
        lazy = table.lazy()
        report(
            f"{name} score, lazy",
            lambda t=lazy: rs.score(t, INSTRUMENT).collect(),
            plain,
            careful,
        )
    table = pd.DataFrame({name: frame[name].to_numpy() for name in ITEMS})
    report("pandas score", lambda: rs.score(table, INSTRUMENT))


def report(name: str, work: Callable[[], object], *beside: float) -> float:
    shortest, median = timed(work)
    ratios = "".join(f"{shortest / other:>9.2f}x" for other in beside)
    print(f"{name:22}{shortest:>10.1f}{median:>10.1f}{ratios}")
    return shortest


if __name__ == "__main__":
    main()
