"""What is measured on respondents, on answers whose result is known."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.quality import check_quality
from relsurvey.quality.alike import group_numbers
from relsurvey.quality.runs import contradictory_codes


def rows(items, *patterns):
    return pd.DataFrame([list(pattern) for pattern in patterns], columns=items, dtype=float)


def test_a_missing_answer_ends_a_run_and_does_not_apply_too(items):
    broken = [3.0] * 10 + [np.nan] + [3.0] * 12
    elsewhere = [3.0] * 10 + [9.0] + [3.0] * 12
    found = check_quality(rows(items, broken, elsewhere, [np.nan] * 23), "peech-sc").respondents
    assert found["longstring"].tolist() == [12, 12, 0]
    assert found["missing_share"].tolist() == [1 / 23, 0, 1]
    assert found["not_applicable_share"].tolist() == [0, 1 / 23, 0]


def test_an_item_that_was_not_shown_does_not_end_a_run(read, items):
    hidden = dict.fromkeys(items, "3") | {"KNO1": "88"}
    found = check_quality(read([hidden])).respondents
    assert found["longstring"].tolist() == [22]
    assert found["n_asked"].tolist() == [22]
    assert found["missing_share"].tolist() == [0]


@pytest.fixture
def read(tmp_path):
    """Read answers to PEECH-SC in which 88 was declared as not shown."""
    import relsurvey as rs
    from relsurvey.resources import shipped

    text = (shipped("instruments") / "peech-sc.yaml").read_text()
    mark = "items:\n  # Security"
    assert mark in text
    missing = '  missing:\n    - {code: "88", reason: not_shown}\n\n'
    instrument = tmp_path / "peech.yaml"
    instrument.write_text(text.replace(mark, missing + mark))

    def reader(answers):
        pd.DataFrame(answers).to_csv(tmp_path / "users.csv", index=False)
        return rs.read_responses(tmp_path / "users.csv", instrument)

    return reader


def test_the_spread_is_there_for_two_answers_and_not_for_one(items):
    few = [[3.0, 1.0] + [np.nan] * 21, [3.0] + [np.nan] * 22]
    irv = check_quality(rows(items, *few), "peech-sc").respondents["irv"]
    assert irv[0] == pytest.approx(np.sqrt(2))
    assert np.isnan(irv[1])


def test_even_odd_and_person_total_need_three_points(items):
    two_scales = [0.0, 1, 2, 3, 0, 1, 2, 0, 1, 2, 3, 1] + [np.nan] * 11
    two_items = [3.0, 1.0] + [np.nan] * 21
    found = check_quality(rows(items, two_scales, two_items), "peech-sc").respondents
    assert found["even_odd"].isna().all()
    assert found["even_odd_scales"].tolist() == [2, 1]
    assert found["person_total"].isna().tolist() == [False, True]


def test_one_respondent_is_not_compared_with_oneself(items):
    found = check_quality(rows(items, list(np.arange(23) % 4)), "peech-sc").respondents
    assert found[["person_total", "mahalanobis_d2"]].isna().all(axis=None)


def test_duplicates_are_whole_patterns_without_a_gap(answers):
    answers.iloc[1] = answers.iloc[0]
    answers.iloc[2] = answers.iloc[0]
    answers.iloc[4] = answers.iloc[3]
    answers.iloc[[3, 4], 5] = np.nan
    answers.iloc[6] = answers.iloc[5]
    answers.iloc[[5, 6], 5] = 9
    found = check_quality(answers, "peech-sc").respondents["duplicate_of"]
    assert found.head(7).tolist() == [2, 2, 2, 0, 0, 1, 1]
    assert (found.iloc[7:] == 0).all()


def test_a_name_given_twice_counts_within_its_wave(answers):
    answers["respondent_id"] = ["a", "a", "b", "b", None, None, *map(str, range(54))]
    answers["wave"] = ["1", "1", "1", "2", "1", "1", *["1"] * 54]
    found = check_quality(answers, "peech-sc").respondents["rows_with_id"]
    assert found.head(6).tolist() == [2, 2, 1, 1, 1, 1]
    assert check_quality(answers.drop(columns="wave"), "peech-sc").respondents["rows_with_id"][
        3
    ] == 2  # fmt: skip


@pytest.mark.parametrize("given", ["duration", "times"])
def test_time_is_that_of_the_answers_given(answers, given):
    answers.iloc[0, :13] = np.nan
    if given == "duration":
        answers["duration"] = 30.0
    else:
        answers["started"] = pd.Timestamp("2026-01-01 10:00:00")
        answers["submitted"] = pd.Timestamp("2026-01-01 10:00:30")
    found = check_quality(answers, "peech-sc").respondents["seconds_per_item"]
    assert found[0] == 3.0
    assert found[1] == pytest.approx(30 / 23)


def test_attention_items_are_passed_failed_or_left_open(answers):
    answers["ATT1"] = ["3", " 3.0", "2", None, *["3"] * 56]
    answers["ATT2"] = ["Agree", "AGREE", "Disagree", "Agree", *["agree"] * 56]
    found = check_quality(answers, "peech-sc", attention={"ATT1": 3, "ATT2": "agree"}).respondents
    assert found["attention_passed"].head(4).tolist() == [2, 2, 0, 1]
    assert found["attention_failed"].head(4).tolist() == [0, 0, 2, 0]


@pytest.mark.parametrize(
    ("n", "opposite"),
    [(2, [0, 1]), (3, [0, 2]), (4, [0, 3]), (5, [0, 1, 3, 4]), (6, [0, 1, 4, 5])],
)
def test_which_answers_contradict_themselves_on_a_reversed_item(n, opposite):
    assert np.flatnonzero(contradictory_codes(n)).tolist() == opposite


@settings(deadline=None, max_examples=25)
@given(st.lists(st.lists(st.integers(0, 8), min_size=40, max_size=40), min_size=1, max_size=12))
def test_equal_columns_and_no_others_have_one_number(columns):
    table = np.array(columns).T
    numbers = group_numbers(table, 9)
    for one, first in enumerate(columns):
        for other, second in enumerate(columns):
            assert (numbers[one] == numbers[other]) == (first == second)


@settings(deadline=None, max_examples=15)
@given(st.data())
def test_runs_are_those_counted_by_hand(data):
    names = [f"q{i}" for i in range(9)]
    answer = st.sampled_from([1.0, 2.0, float("nan")])
    row = data.draw(st.lists(answer, min_size=9, max_size=9))
    other = [1.0, 2.0] * 4 + [1.0]
    found = check_quality(pd.DataFrame([row, other], columns=names), scales={"s": names})
    longest = run = 0
    last = float("nan")
    for value in row:
        run = run + 1 if value == last else int(value == value)
        longest, last = max(longest, run), value
    assert found.respondents["longstring"].tolist() == [longest, 1]
