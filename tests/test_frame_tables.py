"""Frames as people read them: titles, digits, dashes, and how much was cut."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from relsurvey.frame_tables import column_title, frame_table


def cells(values, name="x"):
    frame = pd.DataFrame({name: pd.Series(values)})
    return [row[0] for row in frame_table(frame, id="a", caption="A").rows]


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([0.8123, np.nan, -0.05], ["0.812", "–", "−0.050"]),
        ([1203.5, 12.25, 3400.0], ["1,204", "12", "3,400"]),
        ([0.0004, 0.0012, 0.0009], ["0.0004", "0.0012", "0.0009"]),
        ([12, 3400], ["12", "3,400"]),
        ([3.0, np.nan], ["3", "–"]),
        ([True, False], ["yes", "no"]),
        (["a", None, ""], ["a", "–", "–"]),
        ([("a", "b"), ()], ["a, b", "–"]),
        ([-0.00001, 5.5], ["0.00", "5.50"]),
        ([np.inf, 1.0], ["∞", "1"]),
        ([pd.NA, pd.NaT], ["–", "–"]),
        ([dt.date(2026, 1, 31)], ["2026-01-31"]),
        (["two\nlines"], ["two lines"]),
    ],
)
def test_cells_are_written_for_people(values, texts):
    assert cells(values) == texts


def test_p_values_are_written_as_such():
    assert cells([0.00001, 0.0312, np.nan], "p_value") == ["< .001", ".031", "–"]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("conf_low", "Interval, from"),
        ("icc_reml_high", "ICC REML, to"),
        ("n_service_users", "Number of service users"),
        ("share_50", "Share 50"),
        ("KNO1", "KNO1"),
        ("Team name", "Team name"),
        ("r", "r"),
        ("interval", "Interval"),
        (3, "3"),
        ("", ""),
    ],
)
def test_columns_have_titles(name, title):
    assert column_title(name) == title


def test_a_long_and_wide_frame_is_cut_and_says_so():
    frame = pd.DataFrame(np.arange(400.0).reshape(20, 20))
    table = frame_table(frame, id="a", caption="A")
    assert (len(table.rows), len(table.columns)) == (12, 14)
    assert table.notes == ("There are 8 rows and 6 columns more: to_frame() has them all.",)
    whole = frame_table(frame, id="a", caption="A", full=True)
    assert (len(whole.rows), len(whole.columns), whole.notes) == (20, 20, ())


def test_words_are_told_from_numbers():
    frame = pd.DataFrame({"scale": ["a"], "n": [1], "note": ["so"]})
    assert frame_table(frame, id="a", caption="A").text_columns == {0, 2}
