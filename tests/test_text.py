"""Numbers, lists, tables and remarks as people read them."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.text import (
    WIDTH,
    aligned,
    and_list,
    counted,
    notes_below,
    number,
    p_value_text,
    percent,
    readable,
    remark,
    share,
    wrapped,
)


def test_counts_have_their_noun_and_their_commas():
    assert counted(0, "row") == "0 rows"
    assert counted(1, "entry", "entries") == "1 entry"
    assert counted(1_000_000, "entry", "entries") == "1,000,000 entries"


@pytest.mark.parametrize(
    ("write", "value", "text"),
    [
        (number, -0.004, "0.00"),
        (readable, -0.0, "0.00"),
        (readable, 1234.5, "1,234.50"),
        (readable, 0.1, "0.10"),
        (readable, 0.0999, "0.1"),
        (readable, 0.01234, "0.012"),
        (readable, math.inf, "inf"),
        (share, 1.0, "100.0 %"),
        (percent, 0.9999, "99.99%"),
        (p_value_text, 0.001, "p = .001"),
        (p_value_text, 0.000999, "p < .001"),
        (p_value_text, 1.0, "p = 1.000"),
        (p_value_text, math.nan, "p not available"),
    ],
)
def test_numbers(write, value, text):
    assert write(value) == text


def test_words_in_a_sentence():
    assert and_list(()) == ""
    assert and_list(("a", "b")) == "a and b"


def test_a_long_last_column_is_wrapped_under_itself():
    lines = aligned([{"item": "SEC1", "note": "word " * 40}], left=("item", "note"))
    assert lines[0] == "item  note"
    assert lines[1].startswith("SEC1  word word")
    assert {line[:6] for line in lines[2:]} == {" " * 6}
    assert max(map(len, lines)) <= WIDTH


def test_a_last_column_of_numbers_stays_on_its_line():
    wide = {"item": "x" * 100, "n": "1"}
    assert aligned([wide, {**wide, "n": "10"}], left=["item"])[1:] == [
        "x" * 100 + "   1",
        "x" * 100 + "  10",
    ]


def test_no_rows_are_no_lines():
    assert aligned([], left=()) == []
    assert notes_below([("SA", ""), ("RO", "")]) == []


def test_remarks_hang_under_their_bullet():
    lines = remark("word " * 40)
    assert lines[0].startswith("  - word")
    assert {line[:5] for line in lines[1:]} == {"    w"}


@given(st.text(st.characters(codec="ascii", categories=["L", "P", "Zs"]), max_size=400))
@settings(deadline=None)
def test_wrapping_loses_no_word_and_breaks_none_at_a_hyphen(text):
    lines = wrapped(text, indent="  ", hanging="    ")
    assert all(len(line) <= WIDTH for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
    if all(len(word) <= WIDTH - 4 for word in text.split()):
        assert " ".join(lines).split() == text.split()
