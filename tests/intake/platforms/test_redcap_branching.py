"""Branching logic: evaluated again where the export can answer it, and left alone elsewhere."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redcap_exports import DICTIONARY_HEADING, dictionary_line, instrument_of

from relsurvey.intake import read_responses
from relsurvey.intake.platforms.redcap.branching import Comparison, Joined, met, read_condition

HELPED = Comparison("helped", "", "1", same=True)


@pytest.mark.parametrize(
    ("logic", "condition"),
    [
        ("[helped]='1'", HELPED),
        (' "1" = [helped] ', HELPED),
        ("([helped] = 1)", HELPED),
        ("[kind(a-1)] = '1'", Comparison("kind", "a-1", "1", same=True)),
        ("[helped] <> ''", Comparison("helped", "", "", same=False)),
        (
            "[a]='1' OR [b]!='2' and [helped]='1'",
            Joined(
                "or",
                (
                    Comparison("a", "", "1", same=True),
                    Joined("and", (Comparison("b", "", "2", same=False), HELPED)),
                ),
            ),
        ),
        (
            "([a]='1' or [b]='2') and [helped]='1'",
            Joined(
                "and",
                (
                    Joined(
                        "or",
                        (
                            Comparison("a", "", "1", same=True),
                            Comparison("b", "", "2", same=True),
                        ),
                    ),
                    HELPED,
                ),
            ),
        ),
    ],
)
def test_conditions_that_are_read(logic, condition) -> None:
    assert read_condition(logic) == condition


@pytest.mark.parametrize(
    "logic",
    [
        "",
        "[helped]",
        "[age] > 17",
        "[start_arm_1][helped] = '1'",
        "datediff([born], 'today', 'y') = 3",
        "[helped] = '1' and",
        "([helped] = '1'",
        "[helped] = [other]",
        "[helped] = '1')",
        "not [helped] = '1'",
        "[user-role] = 'x'",
        "(" * 3_000 + "[a]='1'" + ")" * 3_000,
    ],
)
def test_conditions_that_are_left_alone(logic) -> None:
    assert read_condition(logic) is None


NAMES = ("a", "b", "c")


@settings(deadline=None)
@given(
    expression=st.recursive(
        st.tuples(st.sampled_from(NAMES), st.sampled_from(["=", "<>"]), st.sampled_from("12")),
        lambda inner: st.tuples(inner, st.sampled_from(["and", "or"]), inner),
        max_leaves=6,
    ),
    cells=st.dictionaries(st.sampled_from(NAMES), st.sampled_from("12"), min_size=3),
)
def test_conditions_mean_what_they_say(expression, cells) -> None:
    def written(one) -> str:
        left, sign, right = one
        if sign in ("=", "<>"):
            return f"[{left}] {sign} '{right}'"
        return f"({written(left)} {sign} {written(right)})"

    def true(one) -> bool:
        left, sign, right = one
        if sign in ("=", "<>"):
            return (cells[left] == right) is (sign == "=")
        return all((true(left), true(right))) if sign == "and" else true(left) or true(right)

    condition = read_condition(written(expression))
    assert condition is not None
    found = met(condition, lambda one: np.array([cells[one.field] == one.value]))
    assert found.tolist() == [true(expression)]


def dictionary(export, logic: str, other: str = ""):
    return export(
        "\n".join(
            [
                DICTIONARY_HEADING,
                dictionary_line("record_id", "first"),
                dictionary_line(
                    "helped", "first", "radio", choices="1, By one | 2, By two | 02, By"
                ),
                dictionary_line("kind", "first", "checkbox", choices="x, Visits | y, Calls"),
                dictionary_line("a", "first", logic=logic),
                dictionary_line("b", "first", logic=other),
            ]
        ),
        "dictionary.csv",
    )


RAW = (
    "record_id,helped,kind___x,kind___y,a,b,first_complete\n"
    "1,1,1,0,,1,2\n"
    "2,2,0,1,,1,2\n"
    "3,,0,0,,1,2\n"
    "4,2,1,1,3,1,2\n"
)
LABELS = (
    "Record,Helped,Kind (choice=Visits),Kind (choice=Calls),Wording of a.,Wording of b.,Complete?\n"
    "1,By one,Checked,Unchecked,,1,Complete\n"
    "2,By two,Unchecked,Checked,,1,Complete\n"
    "3,,Unchecked,Unchecked,,1,Complete\n"
    "4,By two,Checked,Checked,3,1,Complete\n"
)


def label_dictionary(export, logic: str):
    lines = dictionary(export, logic).read_text().splitlines()
    for name, label in (("record_id", "Record"), ("helped", "Helped"), ("kind", "Kind")):
        place = next(n for n, line in enumerate(lines) if line.startswith(f'"{name}"'))
        lines[place] = lines[place].replace(f'"{name}","","', f'"{label}","","')
        parts = lines[place].split('","')
        parts[4] = label
        lines[place] = '","'.join(parts)
    for name in "ab":
        place = next(n for n, line in enumerate(lines) if line.startswith(f'"{name}"'))
        parts = lines[place].split('","')
        parts[4] = f"Wording of {name}."
        lines[place] = '","'.join(parts)
    return export("\n".join(lines), "dictionary.csv")


@pytest.mark.parametrize("labels", [False, True])
@pytest.mark.parametrize(
    ("logic", "reasons"),
    [
        ("[helped] = '1'", ["unanswered", "not_shown", "not_shown"]),
        ("[helped] <> '1'", ["not_shown", "unanswered", "unanswered"]),
        ("[helped] = ''", ["not_shown", "not_shown", "unanswered"]),
        ("[kind(x)] = '1'", ["unanswered", "not_shown", "not_shown"]),
        ("[kind(x)] = '0'", ["not_shown", "unanswered", "unanswered"]),
        ("[kind(x)]='1' or [helped]=2", ["unanswered", "unanswered", "not_shown"]),
        ("[elsewhere] = '1'", ["unanswered"] * 3),
        ("[kind] = '1'", ["unanswered"] * 3),
        ("[kind(z)] = '1'", ["unanswered"] * 3),
        ("[helped] > 1", ["unanswered"] * 3),
    ],
)
def test_blank_cells_of_hidden_questions(tmp_path, export, logic, reasons, *, labels) -> None:
    known = label_dictionary(export, logic) if labels else dictionary(export, logic)
    made = instrument_of(tmp_path, ("a", "b"))
    responses = read_responses(
        export(LABELS if labels else RAW), made, platform="redcap", dictionary=known
    )
    assert responses.reasons["a"].tolist() == [*reasons, None]
    assert responses.items["a"].tolist()[3] == 3
    log = responses.log.summary()
    count = reasons.count("not_shown")
    if count:
        noun = "cell" if count == 1 else "cells"
        assert f"{count} blank {noun} not shown: branching logic hid the question." in log
    else:
        assert "1 column with branching logic not evaluated" in log


def test_the_field_of_another_event_does_not_answer(tmp_path, export) -> None:
    path = export(
        "record_id,redcap_event_name,helped,first_complete,a,second_complete\n"
        "1,start,1,2,,\n1,end,,,,2\n2,end,,,4,2\n"
    )
    known = export(
        "\n".join(
            [
                DICTIONARY_HEADING,
                dictionary_line("record_id", "first"),
                dictionary_line("helped", "first", "radio", choices="1, Yes | 0, No"),
                dictionary_line("a", "second", logic="[helped] = '1'"),
            ]
        ),
        "dictionary.csv",
    )
    responses = read_responses(path, instrument_of(tmp_path, ("a",)), dictionary=known)
    assert responses.reasons["a"].tolist() == ["unanswered", None]
    assert "1 column with branching logic not evaluated: 'a'" in responses.log.summary()
