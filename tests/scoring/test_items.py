"""The keyed item table that every statistic on items starts from."""

from __future__ import annotations

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pytest

from relsurvey.errors import ScoringError
from relsurvey.frames import float_array
from relsurvey.scoring import keyed_items


@pytest.fixture
def tiny(instrument, a_scale):
    return instrument(
        ["a", "b", "c"],
        [
            a_scale("P", items=["b", "a"]),
            a_scale("Q", items=["c"]),
            a_scale("T", scales=["Q", "P"], composite_of="items"),
        ],
        reverse=("b",),
        not_applicable=("9",),
    )


def numbers(frame):
    table = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    return float_array(table)


def test_items_are_turned_and_does_not_apply_is_missing(tiny, frame_of):
    items = keyed_items(
        frame_of({"id": ["x", "y"], "a": [0, 9], "b": [3, 1], "c": [None, 2]}), tiny
    )
    assert items.scales == {"P": ("b", "a"), "Q": ("c",), "T": ("c", "b", "a")}
    assert items.frame.collect_schema().names() == ["b", "a", "c"]
    assert all(dtype.is_float() for dtype in items.frame.collect_schema().dtypes())
    np.testing.assert_array_equal(numbers(items.frame), [[0, 0, np.nan], [2, np.nan, 2]])
    assert items.instrument is tiny


@pytest.mark.parametrize("scales", ["Q", ["Q"], ("Q",)])
def test_only_the_scales_asked_for_need_their_columns(tiny, scales):
    items = keyed_items(pd.DataFrame({"c": [1]}), tiny, scales)
    assert (list(items.scales), items.frame.columns) == (["Q"], ["c"])


def test_without_an_instrument_columns_are_taken_as_keyed(frame_of):
    items = keyed_items(frame_of({"x": [1, None], "y": [50, -3]}), scales={"s": ["y", "x"]})
    assert items.instrument is None
    np.testing.assert_array_equal(numbers(items.frame), [[50, 1], [-3, np.nan]])


def test_number_labels_become_text():
    items = keyed_items(pd.DataFrame(np.eye(2)), scales={0: [0, 1]})
    assert items.scales == {"0": ("0", "1")}


def test_a_lazy_frame_stays_lazy(tiny):
    frame = pl.LazyFrame({"c": [1]})
    assert isinstance(keyed_items(frame, tiny, "Q").frame, nw.LazyFrame)


@pytest.mark.parametrize(
    ("scales", "message"),
    [
        (None, "have to say which columns"),
        ({}, "have to say which columns"),
        ("s", "have to say which columns"),
        ({"s": []}, "names no column"),
        ({"s": ["x", "x"]}, "names x more than once"),
        ({"s": "x"}, "has to be a list of columns"),
        ({"s": ["x", "w"]}, "not in the data: w"),
    ],
)
def test_scales_without_an_instrument_have_to_be_columns(scales, message):
    with pytest.raises(ScoringError, match=message):
        keyed_items(pd.DataFrame({"x": [1], "z": [1]}), scales=scales)


def test_infinite_values_are_refused():
    with pytest.raises(ScoringError, match="Infinite values in x"):
        keyed_items(
            pl.DataFrame({"x": [1.0, float("-inf")], "y": [1, 2]}), scales={"s": ["x", "y"]}
        )


def test_an_unknown_scale_is_named_with_a_guess(tiny):
    with pytest.raises(ScoringError, match="tiny has no scale TT") as caught:
        keyed_items(pd.DataFrame({"c": [1]}), tiny, ["Q", "TT"])
    assert "Did you mean 'T'?" in str(caught.value)
    with pytest.raises(ScoringError, match="scales are ids of its scales: P, Q, T"):
        keyed_items(pd.DataFrame({"c": [1]}), tiny, {"Q": ["c"]})


def test_off_scale_values_stop_here_too(tiny):
    with pytest.raises(ScoringError, match="1 value is not on the scale"):
        keyed_items(pd.DataFrame({"c": [4]}), tiny, "Q")


@pytest.mark.parametrize("nothing", [pd.NA, None, float("nan")])
def test_an_item_that_nobody_answered_may_be_a_column_of_any_nothing(nothing):
    frame = pd.DataFrame({"a": [1, 2], "b": pd.Series([nothing] * 2, dtype=object)})
    items = keyed_items(frame, scales={"s": ["a", "b"]})
    assert items.frame.to_native()["b"].isna().all()
    assert frame["b"].dtype == object
