from pathlib import Path

import pytest

from relsurvey.errors import IntakeError
from relsurvey.instruments import load_instrument
from relsurvey.intake.export import plain_columns
from relsurvey.intake.matching.asked import find_asked
from relsurvey.intake.matching.columns import count_items_found, find_columns

FILE = Path("export.csv")


def found(headings, instrument, column_map=None):
    items, others = find_columns(FILE, plain_columns(headings), instrument, column_map or {})
    return [(match.position, match.rule) for match in items], [match.name for match in others]


@pytest.mark.parametrize(
    ("headings", "rule"),
    [
        (["Q1", "Q2", "Q3"], "by item id"),
        ([" Q1", "Q2\u00a0", "\ufeffQ3"], "by item id"),
        (["q1", "q2", "q3"], "by item id but for case or spacing"),
        (["grid[Q1]", "grid[Q2]", "other[Q3]"], "by the code in the heading"),
        (["g[Q1]. Stem [row]", "g[Q2]. Stem [row]", "Q3. Text"], "by the code in the heading"),
        (
            [
                "My social worker heard me.",
                "I was afraid of my social worker, at times.",
                "I felt safe.",
            ],
            "by wording",
        ),
        (
            [
                "<b>MAN HÖRTE</b>&nbsp;mich.",
                "i was afraid of  my social worker, at times.",
                "\ufeffI felt safe. ",
            ],
            "by wording",
        ),
    ],
)
def test_each_rule(small, headings, rule):
    items, _ = found(headings, small)
    assert items == [(0, rule), (1, rule), (2, rule)]


def test_the_earlier_rule_goes_first(small):
    items, _ = found(["q1", "g[Q1]", "I felt safe.", "Q1", "Q2", "Q3"], small)
    assert items == [(3, "by item id"), (4, "by item id"), (5, "by item id")]


def test_the_map_goes_before_all(small):
    items, _ = found(["Q2", "Q1", "x"], small, {"Q1": "Q2", "Q2": "Q1", "Q3": " X"})
    assert [place for place, _ in items] == [0, 1, 2]
    assert {rule for _, rule in items} == {"by the column map"}


def test_context_and_unscored_items_are_kept_where_found(small):
    assert found(["Q1", "Q2", "Q3"], small)[1] == []
    assert found(["Q1", "Q2", "Q3", "How many months?", "Q4"], small)[1] == ["Q4", "months"]


def test_all_missing_items_are_named_with_near_headings_and_the_remedy(small):
    with pytest.raises(IntakeError, match="2 of the 3 items of small have no column") as caught:
        found(["id", "Q_1", "I felt save.", "Q2"], small)
    failures = caught.value.failures
    assert failures["item"].tolist() == ["Q1", "Q3"]
    assert failures["headings"].tolist() == ["'Q_1'", "'I felt save.'"]
    assert "--columns" in caught.value.hint


@pytest.mark.parametrize(
    "headings",
    [
        ["Q1", "Q1", "Q2", "Q3"],
        ["q1", " q1", "Q2", "Q3"],
        ["a[Q1]", "b[Q1]", "Q2", "Q3"],
        ["My social worker heard me.", "Man hörte mich.", "Q2", "Q3"],
    ],
)
def test_two_columns_for_one_item(small, headings):
    with pytest.raises(IntakeError, match="2 columns could hold Q1: column 1, ") as caught:
        found(headings, small)
    assert caught.value.hint.startswith(
        "If the same items were asked more than once (loops, two time points), make one map"
    )
    assert "the platform's id, or 'column 12'" in caught.value.hint
    assert caught.value.failures["item"].tolist() == ["Q1"]
    assert caught.value.failures["problem"].tolist() == ["2 columns"]


def test_one_column_for_two_items(small):
    with pytest.raises(IntakeError, match="not clear") as caught:
        found(["Q1", "Q2", "Q3"], small, {"Q2": "Q1"})
    assert caught.value.failures.to_dict("records") == [
        {"item": "Q1, Q2", "problem": "the same column", "headings": "'Q1'"}
    ]


def test_an_id_column_is_no_item(small):
    asked = find_asked(FILE, plain_columns(["Q1", "Q2", "Q3"]), {"worker_id": "Q2"})
    with pytest.raises(IntakeError, match="not clear") as caught:
        find_columns(FILE, plain_columns(["Q1", "Q2", "Q3"]), small, {}, asked)
    assert caught.value.failures["item"].tolist() == ["Q2, worker_id"]


def test_an_id_column_may_be_kept_as_context(small):
    headings = ["months", "Q1", "Q2", "Q3"]
    asked = find_asked(FILE, plain_columns(headings), {"wave": "months"})
    _, others = find_columns(FILE, plain_columns(headings), small, {}, asked)
    assert [match.name for match in others] == ["months"]


def test_a_mapped_heading_that_is_not_there(small):
    with pytest.raises(IntakeError, match="1 of the 3 items of small has no column") as caught:
        found(["first", "Q2", "Q3"], small, {"Q1": "fist", "months": "mnths"})
    assert caught.value.failures["item"].tolist() == ["Q1", "months"]
    assert caught.value.failures["headings"].tolist()[0] == "'first'"


def test_items_found_are_counted(small):
    assert count_items_found(["a", "Q1", "g[Q3]"], small) == 2


def test_asked_columns(small):
    asked = {"respondent_id": "ID", "worker_id": "worker id", "team": None}
    matches = find_asked(FILE, plain_columns(["ID", "Worker\u00a0ID"]), asked)
    assert [(m.name, m.position) for m in matches] == [("respondent_id", 0), ("worker_id", 1)]


def test_all_asked_columns_that_are_not_there_are_named():
    asked = {"worker_id": "wrker", "team": "unit", "wave": "wave"}
    with pytest.raises(IntakeError, match="wrker, unit, wave") as caught:
        find_asked(FILE, plain_columns(["worker", "wave", "wave"]), asked)
    assert caught.value.failures["problem"].tolist() == [
        "no such column; did you mean 'worker'?",
        "no such column",
        "2 columns have this heading",
    ]
    assert "'worker', 'wave'" in caught.value.hint


def test_the_same_column_may_be_two_ids():
    asked = {"respondent_id": "w", "worker_id": "w"}
    assert [m.position for m in find_asked(FILE, plain_columns(["w"]), asked)] == [0, 0]


def test_a_code_in_brackets(small):
    headings = ["How much did you ... [Q1]", "A [ Q2 ]", "Q3"]
    items, _ = found(headings, small)
    assert items == [(0, "by the code in brackets"), (1, "by the code in brackets"),
                     (2, "by item id")]  # fmt: skip


def test_a_code_in_two_brackets_is_not_guessed(small):
    with pytest.raises(IntakeError, match="2 columns could hold Q1"):
        found(["First [Q1]", "Second [Q1]", "Q2", "Q3"], small)
    items, _ = found(["First: [Q1]", "Second: [Q1]", "Man hörte mich.", "Q2", "Q3"], small)
    assert items[0] == (2, "by wording")
    with pytest.raises(IntakeError, match="1 of the 3 items of small has no column"):
        found(["g[Q1][1]", "Q2", "Q3"], small)


def test_absent_and_doubled_columns_are_both_in_the_headline(small):
    with pytest.raises(IntakeError, match=r"1 of the 3 .*; 2 columns could hold Q2: column 1"):
        found(["Q2", "Q2", "Q3"], small)


def test_two_map_lines_for_one_column_are_named(small):
    with pytest.raises(
        IntakeError, match="the map has one column for Q1 and Q2: column 1, 'a'"
    ) as caught:
        found(["a", "Q3"], small, {"Q1": "a", "Q2": "A"})
    assert "(lines 'Q1: a', 'Q2: A')" in caught.value.message


def test_none_found_without_a_wording_says_how_to_give_one():
    rpq = load_instrument("rpq-10")
    with pytest.raises(IntakeError, match="none of the 10 items of rpq-10 has a column") as caught:
        found(["id", "What do you do?"], rpq)
    assert "--wording" in caught.value.hint


def test_none_found_with_a_wording_says_nothing_of_it(small):
    with pytest.raises(IntakeError, match="none of the 3 items of small has a column") as caught:
        found(["id", "What do you do?"], small)
    assert "--wording" not in caught.value.hint


@pytest.mark.parametrize("heading", ["P1.{}.", "P1.{}", "data.grp.{}"])
def test_names_as_r_writes_them(small, heading):
    items, _ = found(["id", *(heading.format(one) for one in ("Q1", "Q2", "Q3"))], small)
    assert items == [(place, "by the code behind a dot") for place in (1, 2, 3)]


def test_a_dotted_name_goes_behind_an_id_and_is_not_guessed(small):
    assert found(["sd.Q1", "Q1", "Q2", "Q3"], small)[0][0] == (1, "by item id")
    with pytest.raises(IntakeError, match=r"2 columns could hold Q1: column 1, 't1\.Q1'"):
        found(["t1.Q1", "t2.Q1", "Q2", "Q3"], small)


def test_two_scales_with_a_number_sign_are_told_as_doubled(small):
    with pytest.raises(IntakeError, match=r"2 columns could hold Q1: column 1, 'P1\[Q1#0\]'"):
        found(["P1[Q1#0]", "P1[Q1#1]", "Q2", "Q3"], small)
    with pytest.raises(IntakeError, match="1 of the 3 items of small has no column") as caught:
        found(["P1[Q1][1]", "P1[Q1][2]", "Q2", "Q3"], small)
    assert caught.value.failures["headings"].tolist() == ["'P1[Q1][1]', 'P1[Q1][2]'"]
