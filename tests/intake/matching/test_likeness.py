"""Columns found by nearly the wording of an item: listed to confirm, and never another's."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.instruments import load_instrument
from relsurvey.intake.export import ExportColumn, plain_columns
from relsurvey.intake.fold import fold_heading
from relsurvey.intake.matching.columns import match_columns
from relsurvey.intake.matching.loose_wording import bare_wording

PEECH = load_instrument("peech-sc")
WORDINGS = {name: PEECH.wording_of(name, "en-GB") for name in PEECH.item_ids}


def matched(headings, instrument=PEECH):
    matching = match_columns(plain_columns(headings), instrument, {})
    return {match.name: match for match in matching.items}


def places(headings, instrument=PEECH):
    return {name: match.position for name, match in matched(headings, instrument).items()}


RIGHT = {name: place for place, name in enumerate(PEECH.item_ids, start=1)}


@pytest.mark.parametrize(
    "changed",
    [
        "{} *",
        "{}*",
        "{n}. {}",
        "{n}) {}",
        "Q{n}. {}",
        "Q{n}: {}",
        "14.{n}.a. {}",
        "({n}) {}",
        "a) {}",
        "{n}.  <p><b>{}</b>&nbsp;</p>",
        "How often was this true? - {}",
        "How often was this true? [{}]",
    ],
)
def test_numbers_and_marks_around_a_wording(changed):
    headings = [changed.format(text, n=n) for n, text in enumerate(WORDINGS.values(), start=1)]
    found = matched(["id", *headings])
    assert {name: match.position for name, match in found.items()} == RIGHT
    assert all(match.by_text for match in found.values())


@pytest.mark.parametrize("worker", ["my support worker", "Anna", "the person who visits me"])
def test_placeholders_filled_otherwise(worker):
    headings = [
        PEECH.wording_of(name, worker=worker, a_worker="a support worker") for name in WORDINGS
    ]
    found = matched(["id", *headings])
    assert {name: match.position for name, match in found.items()} == RIGHT
    assert "by wording, with another name or role filled in" in {one.rule for one in found.values()}
    assert not any(worker.lower() in match.rule.lower() for match in found.values())
    filled = [match for match in found.values() if "{" in PEECH.items[match.name].wording["en-GB"]]
    assert all(match.by_text for match in filled)


def test_a_filling_in_one_item_only_could_be_any_words():
    assert places(["id", "The bus stop got back to me quickly."]) == {}


@pytest.mark.parametrize("word", ["another", "a new", "my last", "no"])
def test_one_more_of_the_kind_fills_no_single_item(word):
    assert places(["id", f"I understood why {word} social worker was involved."]) == {}
    assert places(["id", "I understood why my support worker was involved."]) == {"KNO1": 1}


def test_a_filling_that_turns_the_statement_is_none():
    never = ["My social worker never " + text for text in
             ("got back to me quickly.", "told me what would happen next.")]  # fmt: skip
    assert places(["id", *never]) == {}


def test_slips_are_found_and_the_likeness_is_said():
    found = matched(["id", WORDINGS["KNO4"].replace("decisions", "desicions")])
    assert {name: match.position for name, match in found.items()} == {"KNO4": 1}
    assert found["KNO4"].rule.startswith("by a wording 9")
    assert found["KNO4"].rule.endswith("% alike")


@pytest.mark.parametrize("word", ["never ", "not ", "hardly "])
def test_a_negation_is_not_alike(word):
    wording = WORDINGS["KNO4"]
    turned = wording.replace("I ", f"I {word}", 1)
    assert turned != wording
    assert places(["id", turned]) == {}


def test_two_columns_alike_are_left_to_the_person():
    wording = WORDINGS["KNO4"]
    matching = match_columns(
        plain_columns(
            ["id", wording.replace("family", "familly"), wording.replace("decisions", "decision")]
        ),
        PEECH,
        {},
    )
    assert "KNO4" not in {match.name for match in matching.items}
    assert sorted(place for place, _ in matching.likely("KNO4")) == [1, 2]


def test_two_items_that_differ_in_their_end_mark_stay_apart(small):
    twins = small.model_copy(deep=True)
    wordings = {"Q1": "I felt safe with her.", "Q2": "I felt safe with her?"}
    for name, text in wordings.items():
        twins.items[name].wording.clear()
        twins.items[name].wording["en-GB"] = text
    assert places(["id", "I felt safe with her?", "I felt safe with her."], twins) == {
        "Q1": 2, "Q2": 1
    }  # fmt: skip
    assert places(["id", "I felt safe with her.", "I felt safe with her *"], twins) == {"Q1": 1}
    assert places(["id", "I felt safe with her!"], twins) == {}


def test_a_column_that_is_not_an_answer_is_never_taken():
    columns = (ExportColumn(WORDINGS["SEC4"] + " *", role="record"),)
    assert match_columns(columns, PEECH, {}).items == []


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_no_item_gets_a_column_that_is_another_ones(data):
    names = data.draw(st.lists(st.sampled_from(PEECH.item_ids), min_size=1, max_size=12))
    changes = st.sampled_from([str, str.upper, lambda text: f"3. {text} *", lambda text: text[:-6]])
    headings = [data.draw(changes)(WORDINGS[name]) for name in names]
    exact = {fold_heading(text): name for name, text in WORDINGS.items()}
    for name, place in places(headings).items():
        assert exact.get(fold_heading(headings[place]), name) == name


def test_the_rules_go_in_order(small):
    """Each column is found by a weaker rule than the one before it, and by none once it is gone."""
    in_order = [
        (ExportColumn("told by the map"), "by the column map"),
        (ExportColumn("q", ids=("Q2",)), "by the platform's id"),
        (ExportColumn("Q2"), "by item id"),
        (ExportColumn("q2 "), "by item id but for case or spacing"),
        (ExportColumn("Grid[Q2]"), "by the code in the heading"),
        (ExportColumn("Anything [Q2] else"), "by the code in brackets"),
        (ExportColumn("I was afraid of my social worker, at times."), "by wording"),
        (
            ExportColumn("How true? - I was afraid of my social worker, at times."),
            "by the row under its stem",
        ),
        (
            ExportColumn("2. I was afraid of my social worker, at times *"),
            "by wording but for its number or end marks",
        ),
        (ExportColumn("I was afraid of my social workers at times"), "by a wording 98% alike"),
    ]
    beside = [ExportColumn("Q1"), ExportColumn("Q3")]
    for first, (_, rule) in enumerate(in_order):
        columns = [*(column for column, _ in in_order[first:]), *beside]
        given_map = {"Q2": "told by the map"} if first == 0 else {}
        found = {match.name: match for match in match_columns(columns, small, given_map).items}
        assert (found["Q2"].position, found["Q2"].rule) == (0, rule)
        assert found["Q2"].by_text == (first >= 6)


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("12. i felt safe.", "i felt safe"),
        ("12.3.b) i felt safe?*", "i felt safe"),
        ("question 4: i felt safe", "i felt safe"),
        ("* i felt safe", "* i felt safe"),
        ("* 4. i felt safe", "i felt safe"),
        ("24/7 help was there", "24/7 help was there"),
        ("2020 was good", "2020 was good"),
        ("i. e. this", "e. this"),
        ("a friend helped", "a friend helped"),
        ("...", ""),
        ("", ""),
    ],
)
def test_bare_wording(text, bare):
    assert bare_wording(text) == bare
