"""Dates and times, and the refusal to guess which number is the day."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.intake.dates import read_times
from relsurvey.intake.text_column import TextColumn


def column(*texts):
    distinct = tuple(dict.fromkeys(texts))
    return TextColumn(distinct, np.array([distinct.index(text) for text in texts], np.int32))


@pytest.mark.parametrize(
    ("text", "stamp"),
    [
        ("2021-03-05 09:50:30", "2021-03-05T09:50:30"),
        ("2021-03-05T09:50", "2021-03-05T09:50:00"),
        ("2021-03-05", "2021-03-05T00:00:00"),
        ("2021-3-5 9:50", "2021-03-05T09:50:00"),
        ("2020-05-10T12:33:44.123+01:00", "2020-05-10T11:33:44"),
        ("2020-05-10T12:33:44Z", "2020-05-10T12:33:44"),
        ("2020-05-10 12:33:44 UTC", "2020-05-10T12:33:44"),
        ("2019/12/13 9:50:30 am GMT+1", "2019-12-13T08:50:30"),
        ("2019/12/13 12:10:00 AM GMT-3:30", "2019-12-13T03:40:00"),
        ("4/28/21 11:21:47", "2021-04-28T11:21:47"),
        ("12/24/2019 8:41", "2019-12-24T08:41:00"),
        ("12/24/2019, 12:41 p.m.", "2019-12-24T12:41:00"),
        ("09/15/2014 05:02:10 PM", "2014-09-15T17:02:10"),
        ("13.12.2019 09:50:30", "2019-12-13T09:50:30"),
        ("13-12-2019", "2019-12-13T00:00:00"),
    ],
)
def test_forms(text, stamp):
    times = read_times(column(text, "", text))
    assert times.stamps.tolist() == [np.datetime64(stamp).item(), None, np.datetime64(stamp).item()]
    assert times.unread == 0
    assert ("UTC" in times.note) == any(sign in text for sign in ("Z", "UTC", "GMT", "+01"))


@pytest.mark.parametrize(
    "text",
    ["[not completed]", "31/02/2020", "2020-13-45", "13/12/2020 13:00 PM", "20200305", "99/1/1/20",
     "13/12/2020 25:00", "٣/٤/2020"],
)  # fmt: skip
def test_what_is_no_date_is_counted(text):
    times = read_times(column("13/12/2020 10:00", text, text))
    assert np.isnat(times.stamps).tolist() == [False, True, True]
    assert times.unread == 2


@given(st.lists(st.dates(dt.date(1990, 1, 1), dt.date(2060, 1, 1)), min_size=1, max_size=8))
@settings(deadline=None)
def test_the_order_is_proven_or_nothing_is_read(days):
    texts = [f"{day.day}/{day.month}/{day.year}" for day in days]
    times = read_times(column(*texts))
    if any(day.day > 12 for day in days):
        assert times.stamps.astype(object).tolist() == [
            dt.datetime(day.year, day.month, day.day) for day in days
        ]
    else:
        assert np.isnat(times.stamps).all()
        assert "do not tell whether the day or the month" in times.note


def test_orders_that_contradict_each_other():
    times = read_times(column("13/1/2020", "1/13/2020"))
    assert times.unread == 2
    assert "contradict each other" in times.note


def test_a_column_written_alike_proves_the_order_too():
    assert read_times(column("3/4/2020"), column("3/13/2020")).stamps[0] == np.datetime64(
        "2020-03-04T00:00:00"
    )


def test_a_bad_cell_among_many_iso_times_is_left_out():
    good = [f"2020-01-01T00:{minute:02d}:00Z" for minute in range(30)] * 40
    times = read_times(column(*good, "2020-99-01T00:00:00Z"))
    assert (times.unread, int(np.isnat(times.stamps).sum())) == (1, 1)
    assert "UTC" in times.note
