import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.errors import ReportError
from relsurvey.reporting.disclosure import Disclosure, Split, merged
from relsurvey.small_groups import SmallGroupRules, dominated


def split(whole, part, role="worker"):
    return Split(role, whole, part, "people are missing")


@pytest.mark.parametrize(("count", "text"), [(0, "0"), (1, "fewer than 10"), (9, "fewer than 10")])
def test_small_counts_are_not_shown(count, text):
    assert Disclosure(10).count(count, "worker") == text


def test_counts_are_exact_where_nothing_small_is_near():
    rules = Disclosure.of(SmallGroupRules(10), [split(120, 100), split(900, 900, "service_user")])
    assert not rules.rounded
    assert rules.count(101, "worker") == "101"


def test_a_small_rest_rounds_all_counts_of_that_role_only():
    rules = Disclosure.of(SmallGroupRules(10), [split(120, 113), split(900, 850, "service_user")])
    assert rules.rounded == {"worker"}
    assert [rules.count(n, "worker") for n in (120, 113, 98)] == ["120", "115", "100"]
    assert rules.count(851, "service_user") == "851"


def test_a_small_part_rounds_as_a_small_rest_does():
    assert Disclosure.of(SmallGroupRules(10), [split(120, 7)]).rounded == {"worker"}


def test_nobody_and_everybody_need_no_rounding():
    assert not Disclosure.of(SmallGroupRules(10), [split(120, 0), split(120, 120)]).rounded


def test_what_is_withheld_is_said_without_numbers():
    rules = Disclosure.of(SmallGroupRules(10), [split(120, 113), split(120, 117)])
    assert rules.withheld == ("how many people are missing",)


def test_a_rounded_count_never_looks_like_a_small_one():
    rules = Disclosure(7, frozenset({"worker"}))
    assert rules.count(7, "worker") == "10"


@pytest.mark.parametrize("threshold", [-3, 0, 1, 4])
def test_a_threshold_below_five_is_refused(threshold):
    with pytest.raises(ReportError, match=f"5 or more; it is {threshold}"):
        Disclosure.of(SmallGroupRules(threshold), [split(30, 28)])


def test_five_is_the_lowest_threshold():
    assert Disclosure.of(SmallGroupRules(5), [split(30, 28)]).rounded == {"worker"}


def test_what_is_not_shown_at_all_needs_no_rounding():
    assert not Disclosure.of(SmallGroupRules(10), [split(9, 4), split(3, 3)]).rounded


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


def test_shares_are_the_true_ones_of_many_people():
    """51% of 118; the rounded counts, 60 of 120, would give 50%."""
    rules = Disclosure(10, frozenset({"worker"}))
    assert rules.share(60, 118, "worker") == "51%"
    assert rules.share_of(60, 118, "worker") == 0.51


def test_tenths_fit_at_least_two_numbers_of_people():
    rules = Disclosure(10, frozenset({"worker"}))
    shown = {
        whole: [rules.share_of(part, whole, "worker", finest=0.10) for part in range(10, whole - 9)]
        for whole in range(58, 78)
    }
    assert 0.8 in shown[59]
    assert math.isnan(shown[67][0])
    for whole, shares in shown.items():
        alike = [
            n
            for n in shown
            if n != whole and rules.shown(n, "worker") == rules.shown(whole, "worker")
        ]
        for share in shares:
            assert math.isnan(share) or any(share in shown[n] for n in alike)


def test_shares_of_fewer_people_are_coarse_where_counts_are_rounded():
    rounded, exact = Disclosure(5, frozenset({"worker"})), Disclosure(5)
    assert [rounded.share(n, 43, "worker") for n in (11, 12, 20)] == ["25%", "30%", "45%"]
    assert [exact.share(n, 43, "worker") for n in (11, 12, 20)] == ["26%", "28%", "47%"]
    assert rounded.share(5, 19, "worker") == "30%"


@pytest.mark.parametrize("threshold", [5, 10, 20])
def test_a_share_does_not_tell_how_many_people_there_are(threshold):
    """Of the numbers of people with the same rounded count, several could have each share."""
    rules = Disclosure(threshold, frozenset({"worker"}))
    shares = {
        whole: {rules.share(n, whole, "worker") for n in range(threshold, whole - threshold + 1)}
        for whole in range(2 * threshold, 240)
    }
    for whole, texts in shares.items():
        if whole + 4 not in shares:
            continue
        shown = rules.shown(whole, "worker")
        alike = [other for other in range(shown - 2, shown + 3) if other in shares]
        for text in texts:
            could = [other for other in alike if text in shares[other]]
            assert len(could) >= 2, (whole, text)


@pytest.mark.parametrize(
    ("counts", "answer"),
    [
        ([(30, 40, 50), (0, 60, 60)], True),
        ([(30, 40, 50), (3, 60, 57)], False),
        ([(10, 0, 10)], True),
        ([(10, 9, 8000)], False),
    ],
)
def test_means_of_items_are_shown_where_no_answer_of_the_scale_is_of_few(counts, answer):
    assert Disclosure(10).allows_moments(counts, "worker") is answer


def test_rounded_people_need_to_be_many_for_means_of_items():
    rules = Disclosure(10, frozenset({"worker"}))
    assert not rules.allows_moments([(20, 20, 20)], "worker")
    assert rules.allows_moments([(20, 20, 20)], "service_user")
    assert rules.allows_moments([(40, 40, 40)], "worker")


@pytest.mark.parametrize(
    ("counts", "answer"),
    [
        ([51, *[7] * 7], True),
        ([50, *[5] * 10], False),
        ([46, 45, *[1] * 9], True),
        ([45, 45, *[1] * 10], False),
        ([12] * 12, False),
        ([4], True),
        ([], False),
    ],
)
def test_one_or_two_of_many_dominate(counts, answer):
    assert dominated(counts) is answer


@given(st.integers(20, 400), st.integers(1, 9))
@settings(deadline=None)
def test_subtraction_never_settles_a_small_number(whole, rest):
    """From what is shown, at least two numbers of people are possible."""
    rules = Disclosure.of(SmallGroupRules(10), [split(whole, whole - rest)])
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
