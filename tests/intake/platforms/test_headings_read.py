"""The parts several platforms share: rows in brackets, names in many languages, paths."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.intake.platforms.bracketed import split_rows
from relsurvey.intake.platforms.known_headings import fields_at, looks_like_time
from relsurvey.intake.platforms.question_paths import QuestionPaths

WORDS = st.text(alphabet="ab ?.é", min_size=1, max_size=8).map(str.strip).filter(bool)


@given(stem=WORDS, row=WORDS, scale=st.one_of(st.none(), WORDS))
@settings(deadline=None, max_examples=100)
def test_what_was_put_in_brackets_comes_back(stem, row, scale):
    heading = f"{stem} [{row}]" + (f"[{scale}]" if scale else "")
    rows = (row, scale) if scale else (row,)
    assert split_rows(heading) == (stem, rows)


@pytest.mark.parametrize(
    ("heading", "parts"),
    [
        ("How? [a [b] c]", ("How?", ("a [b] c",))),
        ("Why [then]? [a]", ("Why [then]?", ("a",))),
        ("Both [a] [b]", ("Both [a]", ("b",))),
        ("How? []", ("How?", ("",))),
        ("How? [a].1", ("How?", ("a",))),
        ("How? a]", ("How? a]", ())),
        ("How? [a] b]", ("How?", ("a] b",))),
        ("[a]", ("", ("a",))),
        ("", ("", ())),
    ],
)
def test_brackets_of_all_kinds(heading, parts):
    assert split_rows(heading) == parts


def test_the_first_column_of_a_name_counts():
    names = {"started": ("Start time",), "email": ("Email", "E-Mail")}
    headings = ["x", " e-mail ", "START\u00a0TIME", "Email"]
    assert fields_at(headings, names) == {"email": 1, "started": 2}


@pytest.mark.parametrize(
    ("cell", "is_time"),
    [
        ("2024-05-01T10:00:00.000+01:00", True),
        ("4/28/21 11:21", True),
        ("28.04.2021 11.21.00", True),
        ("2024/05/01 9:50:30 AM GMT+1", True),
        ("2024-05-01", False),
        ("10:00", False),
        ("1714557600", False),
        ("", False),
    ],
)
def test_times_are_told_by_their_look(cell, is_time):
    assert looks_like_time(cell) is is_time


def test_a_group_of_one_label_is_not_told_from_a_slash():
    column = QuestionPaths(["About you/How old are you?"], dashes=False).column(
        "About you/How old are you?"
    )
    assert (column.stem, column.text) == ("", "About you/How old are you?")


def test_groups_in_groups_and_their_choices():
    headings = ["a/b/q1", "a/b/q2", "a/why", "a/why/x-1", "a/why/other"]
    paths = QuestionPaths(headings, dashes=False)
    assert [paths.column(heading).code for heading in headings] == ["q1", "q2", "why", "", ""]
    assert paths.column("a/why/x-1").ids == ("why/x-1",)
