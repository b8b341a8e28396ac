"""What a platform records of each respondent."""

from pathlib import Path

import numpy as np
import pandas as pd

from relsurvey.intake.respondents import no_records, read_records
from relsurvey.intake.table import RawTable, TableBuilder


def table(heading, *rows):
    builder = TableBuilder(len(heading))
    builder.add([list(row) for row in rows], list(range(2, len(rows) + 2)))
    columns, numbers = builder.finish()
    return RawTable(Path("x.csv"), tuple(heading), columns, numbers, "text")


def test_the_time_between_is_the_duration():
    raw = table(
        ["start", "end"],
        ["2020-01-01 10:00", "2020-01-01 10:02"],
        ["2020-01-01 10:00", ""],
        ["2020-01-01 10:00", "2020-01-01 09:00"],
    )
    records, entries = read_records(raw, started=0, submitted=1)
    assert list(records) == ["started", "submitted", "duration"]
    assert records.index.tolist() == [2, 3, 4]
    assert records["duration"].fillna(-1).tolist() == [120.0, -1, -1]
    (said,) = entries
    assert (said.count, said.what) == (1, "1 respondent submitted before they started.")


def test_one_of_the_times_proves_the_order_of_the_other():
    raw = table(["start", "end"], ["3/12/2020 23:59", "3/13/2020 0:01"])
    records, entries = read_records(raw, started=0, submitted=1)
    assert records["duration"].tolist() == [120.0]
    assert entries == []


def test_times_in_an_order_nobody_knows_are_said_to_be_left_out():
    raw = table(["start"], ["3/4/2020"], ["3/4/2020"])
    records, (said,) = read_records(raw, started=0)
    assert records["started"].isna().all()
    assert (said.step, said.column, said.count) == ("respondents", "start", 2)
    assert "day or the month" in said.why


def test_numbers_that_are_none_are_counted():
    raw = table(["seconds", "done"], ["12.5", "100"], ["", ""], ["-5", "abc"], ["inf", "50"])
    records, entries = read_records(raw, duration=0, progress=1)
    assert records["duration"].fillna(-1).tolist() == [12.5, -1, -1, -1]
    assert records["progress"].fillna(-1).tolist() == [100.0, -1, -1, 50.0]
    assert [(entry.column, entry.count) for entry in entries] == [("seconds", 2), ("done", 1)]


def test_flags_and_language():
    raw = table(["done", "lang"], ["TRUE", "en"], ["false", ""], ["", "de"], ["what", "de"])
    records, _ = read_records(
        raw,
        finished=(0, {"true": True, "false": False}),
        language=1,
        preview=np.array([False, True, False, False]),
    )
    assert records["finished"].tolist() == [True, False, pd.NA, pd.NA]
    assert records["preview"].tolist() == [False, True, False, False]
    assert records["language"].fillna("none").tolist() == ["en", "none", "de", "de"]


def test_nothing_recorded():
    raw = table(["a"], ["1"])
    assert no_records(raw).shape == (1, 0)
    assert read_records(raw)[0].shape == (1, 0)
