"""What cannot be scored, and what is said about it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest

from relsurvey.errors import InstrumentError, ScoringError
from relsurvey.instruments import load_instrument
from relsurvey.intake import read_responses
from relsurvey.scoring import score
from relsurvey.scoring.validity import MOST_FAILURES


@pytest.fixture
def tiny(instrument, a_scale):
    return instrument(
        ["a", "b", "c"],
        [a_scale("S", items=["a", "b", "c"], pomp=True)],
        reverse=("b",),
        not_applicable=("9",),
    )


def test_every_value_off_the_scale_is_listed(tiny, frame_of):
    frame = frame_of({"a": [0, 7, None, -1], "b": [1, 2, 3, 3], "c": [9, 9, 4, None]})
    with pytest.raises(
        ScoringError, match="3 values are not on the scale of tiny, in a, c"
    ) as caught:
        score(frame, tiny)
    assert caught.value.failures.to_dict(orient="records") == [
        {"row": 3, "column": "a", "value": 7},
        {"row": 4, "column": "c", "value": 4},
        {"row": 5, "column": "a", "value": -1},
    ]
    assert "Allowed: 0, 1, 2, 3; as no answer or does not apply: 9" in str(caught.value)


@pytest.mark.parametrize("value", [2.5, 1e9, float("inf"), float("-inf"), -0.001])
@pytest.mark.parametrize("kind", [pd.DataFrame, pl.DataFrame, pl.LazyFrame])
def test_a_value_between_or_beyond_codes_is_off_the_scale(tiny, kind, value):
    frame = kind({"a": [1.0, value], "b": [1.0, float("nan")], "c": [0, 1]})
    with pytest.raises(ScoringError, match="1 value is not on the scale") as caught:
        score(frame, tiny)
    assert caught.value.failures.to_dict(orient="records") == [
        {"row": 3, "column": "a", "value": value}
    ]


@pytest.mark.parametrize("value", [3, 2.5])
def test_a_gap_in_the_codes_is_off_the_scale(instrument, a_scale, value):
    tiny = instrument(["a"], [a_scale("S", items=["a"])], codes=(1, 2, 4), not_applicable=("3.5",))
    with pytest.raises(ScoringError, match="1 value is not on the scale"):
        score(pl.DataFrame({"a": [4, 3.5, None, value]}, strict=False), tiny)


def test_a_wrong_scale_throughout_lists_the_first_values_only(tiny):
    frame = pl.DataFrame({name: pl.repeat(5, MOST_FAILURES, eager=True) for name in "abc"})
    with pytest.raises(
        ScoringError, match=r"300,000 values .* The first 100,000 are listed"
    ) as caught:
        score(frame, tiny)
    assert len(caught.value.failure_rows) == MOST_FAILURES


def test_rows_of_responses_are_those_of_the_file(tmp_path, tiny, instrument, a_scale):
    wide = instrument(["a", "b", "c"], [a_scale("S", items=["a"])], codes=tuple(range(9)))
    (tmp_path / "x.csv").write_text("a,b,c\n1,1,1\n\n8,1,1\n")
    responses = read_responses(tmp_path / "x.csv", wide)
    with pytest.raises(ScoringError, match="1 value is not on the scale of tiny") as caught:
        score(responses, tiny)
    assert caught.value.failure_rows == [{"row": 4, "column": "a", "value": 8}]


def test_missing_columns_are_all_named_with_a_guess(tiny, frame_of):
    with pytest.raises(ScoringError, match="2 item columns are not in the data: a, c") as caught:
        score(frame_of({"A": [1], "b": [1], "zz": [1]}), tiny)
    assert caught.value.failure_rows == [
        {"column": "a", "wanted for": "S", "did you mean": "A"},
        {"column": "c", "wanted for": "S"},
    ]


@pytest.mark.parametrize(
    "column",
    [["Always"], pd.Categorical(["1"]), pd.to_datetime(["2024-01-01"]), [True]],
    ids=["text", "category", "date", "truth"],
)
def test_what_is_not_a_number_is_not_scored(tiny, column):
    frame = pd.DataFrame({"a": column, "b": [1], "c": [1]})
    with pytest.raises(ScoringError, match="these columns are not: a") as caught:
        score(frame, tiny)
    assert "read_responses turns labels into codes" in str(caught.value)
    assert caught.value.failure_rows[0]["column"] == "a"


def test_lazy_text_is_refused_before_anything_is_computed(tiny):
    frame = pl.LazyFrame({"a": ["1"], "b": [1], "c": [1]})
    with pytest.raises(ScoringError, match="have to be numbers"):
        score(frame, tiny)


@pytest.mark.parametrize("name", ["S", "S_answered", "S_pomp"])
def test_a_column_with_the_name_of_a_score_stops(tiny, frame_of, name):
    with pytest.raises(ScoringError, match=f"name of a score already: {name}"):
        score(frame_of({name: [1], "a": [1], "b": [1], "c": [1]}), tiny)


def test_two_scales_that_write_one_column_stop(instrument, a_scale):
    clash = instrument(["a"], [a_scale("S", items=["a"]), a_scale("S_answered", items=["a"])])
    with pytest.raises(ScoringError, match="write the same column: S_answered"):
        score(pd.DataFrame({"a": [1]}), clash)


def test_a_column_name_twice_stops(tiny):
    frame = pd.DataFrame([[1, 1, 1, 1]], columns=["a", "b", "c", "c"])
    with pytest.raises(ScoringError, match="stands more than once"):
        score(frame, tiny)


@pytest.mark.parametrize("data", [[1, 2], np.zeros((2, 2)), pd.Series([1]), "answers.csv", None])
def test_what_is_not_a_frame_stops(tiny, data):
    with pytest.raises(ScoringError, match="have to come as a frame; found"):
        score(data, tiny)


def test_a_frame_needs_an_instrument():
    with pytest.raises(ScoringError, match="the instrument has to be named"):
        score(pd.DataFrame({"RIA1": [1]}))
    with pytest.raises(InstrumentError, match="no instrument with the id 'rpq-61'"):
        score(pd.DataFrame({"RIA1": [1]}), "rpq-61")


@pytest.mark.parametrize(
    ("min_answered", "problem"),
    [
        (2.0, "a whole number; a share belongs in the instrument"),
        (0.5, "a whole number; a share belongs in the instrument"),
        ("2", "a whole number"),
        (True, "at least 1 answer"),
        (0, "at least 1 answer"),
        (5, "there are only 4"),
        ({"RIA": 5}, "there are only 4"),
        ({"RIa": 3}, "no such scale; did you mean 'RIA'?"),
    ],
)
def test_a_minimum_that_cannot_be_is_refused(min_answered, problem):
    instrument = load_instrument("rpq-16")
    frame = pd.DataFrame([[1] * 16], columns=instrument.item_ids)
    with pytest.raises(ScoringError, match=r"min_answered\) does not fit") as caught:
        score(frame, instrument, min_answered=min_answered)
    assert problem in str(caught.value)


def test_a_rule_that_does_not_exist_is_refused(tiny):
    frame = pd.DataFrame({"a": [1], "b": [1], "c": [1]})
    with pytest.raises(ScoringError, match="counts for cannot be 'exclude'") as caught:
        score(frame, tiny, not_applicable="exclude")
    assert "Did you mean 'excluded'?" in str(caught.value)
