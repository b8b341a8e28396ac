import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.reporting.numbers import (
    bounded,
    interval,
    number,
    p_value,
    percent,
    places,
    whole,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "p < .001"),
        (0.00099, "p < .001"),
        (0.001, "p = .0010"),
        (0.0083, "p = .0083"),
        (0.0123, "p = .012"),
        (0.0496, "p = .050"),
        (0.0996, "p = .10"),
        (0.25, "p = .25"),
        (0.9999, "p > .99"),
        (math.nan, "p –"),
    ],
)
def test_p_has_two_significant_digits(value, text):
    assert p_value(value) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0%"), (0.001, "under 1%"), (0.126, "13%"), (0.999, "over 99%"), (1, "100%")],
)
def test_shares_are_whole_percent(share, text):
    assert percent(share) == text


def test_minus_is_typographic_and_zero_has_none():
    assert number(-1.234) == "−1.23"
    assert number(-0.0004) == "0.00"
    assert bounded(-0.5) == "−.50"


@pytest.mark.parametrize(("value", "text"), [(0.0, ".00"), (1.0, "1.00"), (-1.0, "−1.00")])
def test_bounded_ends(value, text):
    assert bounded(value) == text


def test_half_an_interval_is_no_interval():
    assert interval(0.1, math.nan) == "–"


def test_whole_numbers_have_no_point():
    assert (whole(6.0), whole(2.5), whole(-1)) == ("6", "2.5", "−1")


@given(st.floats(1e-12, 1e6))
@settings(deadline=None)
def test_decimals_stay_within_bounds(half_width):
    assert 2 <= places(half_width) <= 5


@given(st.floats(-1e6, 1e6), st.integers(0, 5))
@settings(deadline=None)
def test_a_number_can_be_read_back(value, digits):
    text = number(value, digits).replace("−", "-").replace(",", "")
    assert float(text) == pytest.approx(value, abs=0.5 * 10**-digits * (1 + 1e-6))
