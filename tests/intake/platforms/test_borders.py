"""Rules with a border: what happens on either side of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qualtrics_files import MATRIX, matrix_question, modern, put, qsf_of
from redcap_exports import DICTIONARY_HEADING, dictionary_line

from relsurvey.errors import IntakeError
from relsurvey.instruments import Instrument
from relsurvey.intake.export import Export, plain_columns
from relsurvey.intake.files.text_file import read_text_file
from relsurvey.intake.matching.columns import match_columns
from relsurvey.intake.platforms.redcap.records import read_form_records
from relsurvey.intake.recognise import read_export
from relsurvey.intake.structure import Part, Structure
from relsurvey.personal.candidates import candidates

# ---------------------------------------------------------------- Google Forms


@pytest.mark.parametrize(
    ("headings", "platform"),
    [
        ("Were you heard?,age", "googleforms"),
        ("Were you heard?,age,team", "csv"),
        ("Were you heard?,I felt safe with them,age,team", "googleforms"),
        ("Were you heard?,I felt safe with them,age,team,role", "csv"),
    ],
)
def test_half_of_the_headings_have_to_be_questions(export, headings, platform) -> None:
    blanks = "," * headings.count(",")
    path = export(f"Timestamp,{headings}\n12/13/2019 9:50:30,{blanks}x\n")
    assert read_export(path).platform == platform


# ---------------------------------------------------------------- rows of other forms


def asked_in(export, boxes: str, *, are_boxes: bool) -> list[str]:
    """Return the people left, where the form of the items is boxes to tick in another event."""
    table = read_text_file(export(f"id,box\n1,1\n2,{boxes}\n"), None)
    part = Part("form f", (1,), frozenset({1} if are_boxes else ()))
    structure = Structure(
        (part,), np.array([0, 1]), ("first", "second"), lambda given, _: (pd.DataFrame(), [])
    )
    whole = Export("made", "made", table, plain_columns(table.heading), pd.DataFrame())
    narrowed = structure.narrow(whole, [1]).table
    return [narrowed.columns[0].text(place) for place in range(len(narrowed.rows))]


@pytest.mark.parametrize("nothing", ["0", "Unchecked", "unchecked", ""])
def test_boxes_nobody_ticked_do_not_say_that_a_form_was_asked(export, nothing) -> None:
    assert asked_in(export, nothing, are_boxes=True) == ["1"]


def test_what_is_no_box_was_asked_where_it_is_0(export) -> None:
    assert asked_in(export, "0", are_boxes=False) == ["1", "2"]
    assert asked_in(export, "1", are_boxes=True) == ["1", "2"]


# ---------------------------------------------------------------- REDCap


def test_the_last_of_several_submissions_counts(export) -> None:
    content = (
        "a_timestamp,b_timestamp\n"
        "2026-01-01 10:00:00,2026-01-03 10:00:00\n"
        "2026-01-04 10:00:00,2026-01-02 10:00:00\n"
        "[not completed],2026-01-02 10:00:00\n"
    )
    table = read_text_file(export(content), None)
    parts = [Part("form a", (0,), submitted=0), Part("form b", (1,), submitted=1)]
    records, _ = read_form_records(table, parts)
    assert records["submitted"].dt.day.tolist() == [3, 4, 2]
    assert records["finished"].tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("known", "added", "belongs"), [(3, 1, True), (2, 1, False), (6, 2, True), (5, 2, False)]
)
def test_a_quarter_of_the_columns_may_be_added_by_hand(export, known, added, belongs) -> None:
    fields = [f"f{number}" for number in range(known - 1)]
    lines = [dictionary_line("record_id", "first"), *(dictionary_line(f, "first") for f in fields)]
    named = export("\n".join([DICTIONARY_HEADING, *lines]), "any.csv", "utf-8-sig")
    heading = ["record_id", *fields, *(f"own{n}" for n in range(added)), "first_complete"]
    data = export(f"{','.join(heading)}\n{','.join('1' for _ in heading)}\n")
    if not belongs:
        with pytest.raises(IntakeError, match=rf"is not the dictionary of .*: {added} column"):
            read_export(data, dictionary=named)
        return
    told = [one.what for one in read_export(data, dictionary=named).table.entries]
    assert any(f"{added} column" in what and "not in the dictionary" in what for what in told)


# ---------------------------------------------------------------- Qualtrics

SUBJECTS = (
    *("the bus", "the weather", "your school", "the garden", "music", "your shoes", "bread"),
    *("the sea", "your street", "winter"),
)


def question(number: int, text: str) -> dict[str, object]:
    return matrix_question(
        QuestionID=f"QID{number}", DataExportTag=f"Q{number}", QuestionText=text,
        QuestionDescription=text,
    )  # fmt: skip


def read_with(folder: Path, asked: list[str], defined: dict[int, str]) -> Export:
    """Read an export of questions with a named definition of some of them."""
    questions = [question(number, text) for number, text in defined.items()]
    named = put(folder, "named.qsf", qsf_of(*questions))
    columns = [
        (f"Q{number}_1", f"{text} - My social worker heard me.", f"QID{number}_1")
        for number, text in enumerate(asked)
    ]
    return read_export(put(folder, "data.csv", modern([{}], columns)), dictionary=named)


@pytest.mark.parametrize(("of", "lacking", "belongs"), [(10, 1, True), (9, 1, False)])
def test_nine_in_ten_questions_have_to_be_known(tmp_path, of, lacking, belongs) -> None:
    asked = [f"How do you like {subject}?" for subject in SUBJECTS[:of]]
    defined = dict(enumerate(asked[: of - lacking]))
    if belongs:
        assert read_with(tmp_path, asked, defined).columns[-2].choices
        return
    with pytest.raises(IntakeError, match=rf"lacks {lacking} of the file's {of} questions"):
        read_with(tmp_path, asked, defined)


@pytest.mark.parametrize(("of", "reworded", "belongs"), [(4, 2, True), (4, 3, False)])
def test_half_of_the_questions_have_to_say_the_same(tmp_path, of, reworded, belongs) -> None:
    asked = [f"How do you like {subject}?" for subject in SUBJECTS[:of]]
    defined = dict(enumerate(asked))
    for number in range(reworded):
        defined[number] = f"Would anybody near you miss {SUBJECTS[number]}?"
    if belongs:
        assert read_with(tmp_path, asked, defined).columns[-1].choices
        return
    with pytest.raises(IntakeError, match=rf"in {reworded} of {of} questions the text differs"):
        read_with(tmp_path, asked, defined)


def test_minus_99_stays_an_answer_where_the_question_has_it(tmp_path) -> None:
    other = question(8, "How do you like the bus?")
    other["RecodeValues"] = {str(n): c for n, c in enumerate(["1", "2", "3", "4", "-99"], start=1)}
    put(tmp_path, "Visits.qsf", qsf_of(matrix_question(), other))
    columns = [*MATRIX, ("Q8_1", "How do you like the bus? - My social worker heard me.", "QID8_1")]
    people = [{"Q3_1": "-99", "Q8_1": "-99"}]
    export = read_export(put(tmp_path, "Visits.csv", modern(people, columns)))
    assert dict(export.columns[-4].missing) == {"": "not_shown", "-99": "unanswered"}
    assert dict(export.columns[-1].missing) == {"": "not_shown"}


# ---------------------------------------------------------------- wordings

ITEM = "Thinking it through {} the visit helps me to decide what I do next time"


def is_matched(small: Instrument, wording: str, heading: str) -> bool:
    """Say whether an item with this wording is taken to be the column of this heading."""
    changed = small.model_copy(deep=True)
    changed.items["Q3"].wording["en-GB"] = wording
    found = match_columns(plain_columns(["id", heading]), changed, {})
    return any(one.name == "Q3" and one.position == 1 for one in found.items)


def test_a_letter_lost_is_a_slip(small) -> None:
    text = ITEM.format("at")
    assert is_matched(small, text, text.replace("decide", "decde"))


@pytest.mark.parametrize("word", ["in", "on", "with", "without", "before", "after", "more", "less"])
def test_a_word_that_turns_a_statement_is_none(small, word) -> None:
    assert not is_matched(small, ITEM.format("at"), ITEM.format(word))
    assert not is_matched(small, ITEM.format(word), ITEM.format("at"))


def test_words_joined_by_a_hyphen_are_words(small) -> None:
    text = "I try to practise a kind of reflection-{}-action with everybody I meet"
    assert is_matched(small, text.format("in"), text.format("in").replace("practise", "practse"))
    assert not is_matched(small, text.format("in"), text.format("on"))


# ---------------------------------------------------------------- personal data

PASSES, FAILS = "9434765919", "1234567890"


@pytest.mark.parametrize(
    ("passing", "failing", "found"), [(1, 98, 1), (1, 99, 0), (49, 51, 0), (50, 50, 50)]
)
def test_numbers_that_pass_by_chance_in_a_hundred_cells(passing, failing, found) -> None:
    assert candidates([PASSES] * passing + [FAILS] * failing) == list(range(found))


@given(st.integers(min_value=100, max_value=400))
@settings(deadline=None, max_examples=20)
def test_a_number_among_words_is_found_however_many_cells_there_are(many: int) -> None:
    assert candidates([*[FAILS] * many, f"id/{PASSES}"]) == [many]
