"""How long a big export takes to read: one million rows, forty columns, about 200 MB.

The file is what Qualtrics gives for the 23 items of peech-sc: seventeen columns of its own, three
heading rows, answers as numbers. ``polars`` reads it as text and does no more; ``read_responses``
finds the platform and the columns, decodes every answer with its reason, and takes the file's
hash. Each reading is a new process, in turn; the time is that of the call, without imports, and
the memory is the most that the process ever held.

Run: python benchmarks/reading.py [rows] [--labels] [--quoted] [--platform NAME]
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

import relsurvey as rs

ROWS = 1_000_000
REPEATS = 5
INSTRUMENT = "peech-sc"
WORKERS = 20_000
STAMP = "%Y-%m-%d %H:%M:%S"
SHARES = [0.07, 0.2, 0.33, 0.33, 0.04, 0.03]
# The ids in row 3 of the columns that Qualtrics adds, seen in real exports.
OWN_IDS = {
    "StartDate": "startDate",
    "EndDate": "endDate",
    "Status": "status",
    "IPAddress": "ipAddress",
    "Progress": "progress",
    "Duration (in seconds)": "duration",
    "Finished": "finished",
    "RecordedDate": "recordedDate",
    "ResponseId": "_recordId",
    "RecipientLastName": "recipientLastName",
    "RecipientFirstName": "recipientFirstName",
    "RecipientEmail": "recipientEmail",
    "ExternalReference": "externalDataReference",
    "LocationLatitude": "locationLatitude",
    "LocationLongitude": "locationLongitude",
    "DistributionChannel": "distributionChannel",
    "UserLanguage": "userLanguage",
}
MOST_TIMES_POLARS = 3
MOST_MEGABYTES = 2_000


def write_export(path: Path, rows: int, *, labels: bool, quoted: bool, heading_rows: int) -> None:
    """Write the export; always the same one for the same arguments."""
    draw = np.random.default_rng(0)
    instrument = rs.load_instrument(INSTRUMENT)
    columns = own_columns(draw, rows, labels=labels)
    wording = {name: name for name in columns}
    for item in instrument.item_ids:
        columns[item] = answers(draw, rows, labels=labels)
        wording[item] = f"How often was it so? - {instrument.wording_of(item, 'en-GB')}"
    ids = {
        name: json.dumps({"ImportId": OWN_IDS.get(name, f"QID1_{place}")}).replace(" ", "")
        for place, name in enumerate(columns)
    }
    heading = [dict(zip(columns, columns, strict=True)), wording, ids][:heading_rows]
    style = "always" if quoted else "necessary"
    with path.open("wb") as stream:
        for part in (heading, columns):
            # Nothing is written as nothing, and an empty text as a pair of quotes.
            frame = pl.DataFrame(part).with_columns(pl.all().replace("", None))
            frame.write_csv(stream, include_header=False, quote_style=style)


def own_columns(draw: np.random.Generator, rows: int, *, labels: bool) -> dict[str, pl.Series]:
    """Return the columns that Qualtrics puts before the questions."""
    start = pl.datetime_range(
        pl.datetime(2026, 3, 1), pl.datetime(2026, 4, 30), "1s", eager=True
    ).gather(draw.integers(0, 60 * 86_400, rows))
    seconds = pl.Series(draw.gamma(3.0, 200.0, rows).astype(np.int64) + 30)
    end = start + seconds.cast(pl.Duration("ms")) * 1_000

    def same(text: str) -> pl.Series:
        return pl.repeat(text, rows, eager=True)

    def drawn(low: int, high: int) -> pl.Series:
        return pl.Series(draw.integers(low, high, rows)).cast(pl.String)

    return {
        "StartDate": start.dt.strftime(STAMP),
        "EndDate": end.dt.strftime(STAMP),
        "Status": same("IP Address" if labels else "0"),
        "IPAddress": "192.0.2." + drawn(0, 256),
        "Progress": same("100"),
        "Duration (in seconds)": seconds.cast(pl.String),
        "Finished": same("True" if labels else "1"),
        "RecordedDate": end.dt.strftime(STAMP),
        "ResponseId": "R_" + (pl.Series(np.arange(rows)) * 7_919 + 10**14).cast(pl.String),
        "RecipientLastName": same(""),
        "RecipientFirstName": same(""),
        "RecipientEmail": same(""),
        "ExternalReference": "W" + drawn(0, WORKERS).str.zfill(5),
        "LocationLatitude": drawn(50, 58) + ".5074",
        "LocationLongitude": drawn(-5, 2) + ".1278",
        "DistributionChannel": same("anonymous"),
        "UserLanguage": same("EN-GB"),
    }


def answers(draw: np.random.Generator, rows: int, *, labels: bool) -> pl.Series:
    """Draw the answers to one item: a code, "does not apply", or none."""
    scale = rs.load_instrument(INSTRUMENT).response_scale
    beside = scale.not_applicable[0]
    given = [(f"{code.value:g}", code.label["en-GB"]) for code in scale.codes]
    given += [(beside.code, beside.label["en-GB"]), ("", "")]
    texts = np.array([pair[labels] for pair in given])
    return pl.Series(texts[draw.choice(len(texts), rows, p=SHARES)])


def with_polars(path: Path, platform: str) -> Callable[[], object]:
    """Return what reads the file as text."""
    del platform
    return lambda: pl.read_csv(path, infer_schema=False)


def with_relsurvey(path: Path, platform: str) -> Callable[[], object]:
    """Return what reads the file and decodes it."""
    instrument = rs.load_instrument(INSTRUMENT)
    read = rs.read_responses
    return lambda: read(
        path, instrument, platform=platform, id="ResponseId", worker="ExternalReference"
    )


WAYS = {"polars": with_polars, "read_responses": with_relsurvey}


def once(way: str, path: Path, platform: str) -> None:
    """Read once in this process; print the seconds and the most megabytes held."""
    work = WAYS[way](path, platform)
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    unit = 1 if sys.platform == "darwin" else 1024
    print(json.dumps({"seconds": seconds, "megabytes": held * unit / 1e6}))


def in_a_new_process(way: str, path: Path, platform: str) -> dict[str, float]:
    command = [sys.executable, __file__, "--once", way, str(path), "--platform", platform]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="?", type=int, default=ROWS)
    parser.add_argument("--labels", action="store_true", help="answers as labels, not numbers")
    parser.add_argument("--quoted", action="store_true", help="every cell in quotes")
    parser.add_argument("--platform", default="auto", help="csv writes one heading row only")
    parser.add_argument("--once", nargs=2, metavar=("WAY", "PATH"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.once:
        once(given.once[0], Path(given.once[1]), given.platform)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        write_export(
            path,
            given.rows,
            labels=given.labels,
            quoted=given.quoted,
            heading_rows=1 if given.platform == "csv" else 3,
        )
        report(path, given.rows, given.platform)


def report(path: Path, rows: int, platform: str) -> None:
    print(f"{rows:,} rows, {path.stat().st_size / 1e6:,.0f} MB; seconds and megabytes")
    runs = [{way: in_a_new_process(way, path, platform) for way in WAYS} for _ in range(REPEATS)]
    medians = {}
    print(f"{'':16}{'shortest':>10}{'median':>10}{'memory':>10}")
    for way in WAYS:
        seconds = [run[way]["seconds"] for run in runs]
        most = max(run[way]["megabytes"] for run in runs)
        medians[way] = statistics.median(seconds)
        print(f"{way:16}{min(seconds):>10.2f}{medians[way]:>10.2f}{most:>10,.0f}")
    ratio = medians["read_responses"] / medians["polars"]
    print(f"ratio {ratio:.2f} (wanted: at most {MOST_TIMES_POLARS}, in {MOST_MEGABYTES:,} MB)")


if __name__ == "__main__":
    main()
