import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.reporting.disclosure import Disclosure, Split, merged


def split(whole, part, role="worker"):
    return Split(role, whole, part, "people are missing")


@pytest.mark.parametrize(("count", "text"), [(0, "0"), (1, "fewer than 10"), (9, "fewer than 10")])
def test_small_counts_are_not_shown(count, text):
    assert Disclosure(10).count(count, "worker") == text


def test_counts_are_exact_where_nothing_small_is_near():
    rules = Disclosure.of(10, [split(120, 100), split(900, 900, "service_user")])
    assert not rules.rounded
    assert rules.count(101, "worker") == "101"


def test_a_small_rest_rounds_all_counts_of_that_role_only():
    rules = Disclosure.of(10, [split(120, 113), split(900, 850, "service_user")])
    assert rules.rounded == {"worker"}
    assert [rules.count(n, "worker") for n in (120, 113, 98)] == ["120", "115", "100"]
    assert rules.count(851, "service_user") == "851"


def test_a_small_part_rounds_as_a_small_rest_does():
    assert Disclosure.of(10, [split(120, 7)]).rounded == {"worker"}


def test_nobody_and_everybody_need_no_rounding():
    assert not Disclosure.of(10, [split(120, 0), split(120, 120)]).rounded


def test_what_is_withheld_is_said_without_numbers():
    rules = Disclosure.of(10, [split(120, 113), split(120, 117)])
    assert rules.withheld == ("how many people are missing",)


def test_a_rounded_count_never_looks_like_a_small_one():
    rules = Disclosure(7, frozenset({"worker"}))
    assert rules.count(7, "worker") == "10"


def test_a_low_threshold_withholds_nothing():
    rules = Disclosure.of(1, [split(3, 2)])
    assert (rules.count(1, "worker"), rules.rounded) == ("1", frozenset())


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (50, 100, "50%"),
        (0, 100, "0%"),
        (100, 100, "100%"),
        (4, 100, "fewer than 10"),
        (96, 100, "all but fewer than 10"),
        (4, 8, "–"),
    ],
)
def test_shares_of_few_people_are_not_given(part, whole, text):
    rules = Disclosure(10)
    assert rules.share(part, whole, "worker") == text
    assert math.isnan(rules.share_of(part, whole, "worker")) == (not text.endswith("%"))


def test_shares_come_from_rounded_counts():
    rules = Disclosure(10, frozenset({"worker"}))
    assert rules.share_of(58, 118, "worker") == pytest.approx(60 / 120)


@given(st.integers(20, 400), st.integers(1, 9))
@settings(deadline=None)
def test_subtraction_never_settles_a_small_number(whole, rest):
    """From what is shown, at least two numbers of people are possible."""
    rules = Disclosure.of(10, [split(whole, whole - rest)])
    shown = (rules.shown(whole, "worker"), rules.shown(whole - rest, "worker"))
    possible = {
        other
        for other in range(1, 10)
        for n in range(shown[0] - 2, shown[0] + 3)
        if (rules.shown(n, "worker"), rules.shown(n - other, "worker")) == shown
    }
    assert rest in possible
    assert len(possible) > 1


@given(st.lists(st.integers(0, 40), min_size=1, max_size=15), st.integers(0, 15))
@settings(deadline=None)
def test_merged_bars_keep_order_and_people_and_are_never_small(counts, threshold):
    groups = merged(counts, threshold)
    assert [i for group in groups for i in group] == list(range(len(counts)))
    sums = [sum(counts[i] for i in group) for group in groups]
    if sum(counts) >= threshold:
        assert all(n == 0 or n >= threshold for n in sums)
    else:
        assert len(groups) == 1 or sum(counts) == 0
