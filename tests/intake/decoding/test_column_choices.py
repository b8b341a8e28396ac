"""What a cell means where the file labels its codes."""

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.errors import IntakeError
from relsurvey.intake import read_responses
from relsurvey.intake.decoding.answer_key import REASONS, AnswerKey
from relsurvey.intake.decoding.column_choices import ColumnChoices
from relsurvey.intake.export import ExportColumn

LABELS = {1: "Never", 2: "Now and then", 3: "Usually", 4: "Yes, always"}


def meaning(small, text, choices=None, **known):
    column = ExportColumn("Q1", choices=choices or {}, **known)
    answer = ColumnChoices(column, AnswerKey(small)).meaning(text)
    if answer is None:
        return "unknown"
    return REASONS[answer.reason] or answer.value


@given(
    codes=st.lists(st.integers(-120, 120), min_size=4, max_size=4, unique=True),
    written=st.sampled_from(["{}", "{}.0", " {} ", "{}.00"]),
    language=st.sampled_from(["en-GB", "de"]),
)
@settings(deadline=None, max_examples=200)
def test_a_label_goes_before_its_code_however_the_answers_were_coded(
    small, codes, written, language
):
    scale = small.response_scale.codes
    choices = {
        str(code): one.label[language].upper() for code, one in zip(codes, scale, strict=True)
    }
    for code, one in zip(codes, scale, strict=True):
        assert meaning(small, written.format(code), choices) == float(one.value)
        assert meaning(small, one.label[language], choices) == float(one.value)
    # A code that the file does not label says nothing, unless the file codes as we do.
    for other in {"1", "2", "3", "4"} - set(choices):
        expected = float(other) if codes == [1, 2, 3, 4] else "unknown"
        assert meaning(small, other, choices) == expected


@given(
    labelled=st.sets(st.sampled_from([1, 2, 3, 4])),
    text=st.sampled_from(["1", "2", "3", "4"]),
)
@settings(deadline=None)
def test_codes_without_a_label_stand_where_all_labels_agree(small, labelled, text):
    choices = {str(code): LABELS[code] for code in labelled}
    assert meaning(small, text, choices) == float(text)


@pytest.mark.parametrize("label", ["Toujours", "Don't know at all", "Not relevant"])
def test_a_code_whose_label_is_another_is_never_taken(small, label):
    assert meaning(small, "4", {"4": label}) == "unknown"
    assert meaning(small, label, {"4": label}) == "unknown"


@pytest.mark.parametrize("label", ["(-3)", "-3", "1", "1.0"])
def test_labels_that_are_numbers_say_nothing(small, label):
    expected = "unknown" if label == "(-3)" else 1.0
    assert meaning(small, "1", {"1": label}) == expected


def test_labels_for_no_answer_among_the_choices(small):
    choices = {"1": "Never", "5": "Doesn\u2019t apply", "6": "Don't know", "7": "rather NOT say"}
    found = [meaning(small, code, choices) for code in "1567"]
    assert found == [1.0, "not_applicable", "dont_know", "prefer_not"]


def test_one_code_for_two_labels_of_the_scale_is_found_by_label(small):
    assert meaning(small, "Sometimes", {"2": "Now and then"}) == 2.0


def test_what_the_file_declares_missing_goes_before_the_instrument(small):
    assert meaning(small, "1", declared={"1": "dont_know"}) == "dont_know"
    assert meaning(small, "1.0", {"1": "Never"}, declared={"1": "not_shown"}) == "not_shown"


def test_the_habit_of_a_platform_goes_after_the_instrument(small):
    assert meaning(small, "-99", missing={"-99": "prefer_not"}) == "unanswered"
    assert meaning(small, "-50", missing={"-50": "prefer_not"}) == "prefer_not"
    assert meaning(small, "", missing={"": "not_shown"}) == "not_shown"
    assert meaning(small, "") == "unanswered"


def test_recoded_names_code_label_and_count(small):
    choices = ColumnChoices(ExportColumn("Q1", choices={"10": "Never"}), AnswerKey(small))
    assert choices.recoded(["10", "1", ""], [3, 2, 1]) == {"10": ("Never", 1.0, 3)}


def test_labels_in_a_foreign_language_stop_with_code_label_and_remedy(small, tmp_path):
    path = tmp_path / "french.sav"
    frame = pd.DataFrame({name: [1.0, 2.0] for name in ("Q1", "Q2", "Q3")})
    labels = {name: {1: "Jamais", 2: "Parfois"} for name in frame}
    pyreadstat.write_sav(frame, path, variable_value_labels=labels)
    with pytest.raises(IntakeError, match=r"'1' \('Jamais'\)") as caught:
        read_responses(path, small)
    failures = caught.value.failures
    assert len(failures) == 6
    assert failures.loc[0, "label in the file"] == "Jamais"
    assert "aliases" in caught.value.hint
    assert np.array_equal(failures["row"].unique(), [1, 2])
