"""What a cell means where the file labels its codes."""

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.errors import IntakeError
from relsurvey.instruments import load_instrument
from relsurvey.intake import read_responses
from relsurvey.intake.decoding.answer_key import REASONS, AnswerKey
from relsurvey.intake.decoding.answers import read_answers
from relsurvey.intake.decoding.column_choices import ColumnChoices
from relsurvey.intake.export import ExportColumn
from relsurvey.intake.matching.columns import find_columns
from relsurvey.intake.recognise import read_export

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


def test_a_number_beside_its_label_goes_by_the_labels_of_the_file(small):
    choices = {"10": "<b>Never</b>", "11": "Now and then"}
    assert meaning(small, "10 - Never", choices) == 1.0
    assert meaning(small, "<i>Now and then</i> (11)", choices) == 2.0
    assert meaning(small, "10 - Now and then", choices) == "unknown"
    assert meaning(small, "1 - Never", choices) == 1.0


def test_declared_without_a_reason_takes_that_of_the_instrument(small):
    assert meaning(small, "9", declared={"9": ""}) == "not_applicable"
    assert meaning(small, "1", declared={"1": ""}) == "unanswered"
    assert meaning(small, ".a", declared={".a": ""}) == "unanswered"
    assert meaning(small, "9", declared={"9": "dont_know"}) == "dont_know"


def test_the_log_counts_what_the_file_declares_missing_without_a_reason(small, tmp_path):
    path = tmp_path / "declared.sav"
    frame = pd.DataFrame({name: [1.0, 9.0, 9.0, 5.0] for name in ("Q1", "Q2", "Q3", "Q4")})
    pyreadstat.write_sav(frame, path, missing_ranges={name: [9.0, 5.0] for name in frame})
    responses = read_responses(path, small)
    assert responses.reasons["Q1"].tolist() == [
        None, "not_applicable", "not_applicable", "unanswered"
    ]  # fmt: skip
    said = responses.log.summary()
    assert "Q1: '9' read as not applicable in 2 cells. The file declares it missing" in said
    assert "Q1: '5' read as unanswered in 1 cell." in said


def labelled(tmp_path, labels, cells, names=("Q1", "Q2", "Q3", "Q4")):
    path = tmp_path / "labelled.sav"
    frame = pd.DataFrame({name: [float(cell) for cell in cells] for name in names})
    pyreadstat.write_sav(frame, path, variable_value_labels=dict.fromkeys(names, labels))
    return path


def test_recoded_cells_are_told_by_code(tmp_path):
    items = load_instrument("peech-sc").item_ids
    labels = {4: "Never", 3: "Sometimes", 2: "Usually", 1: "Always"}
    path = labelled(tmp_path, labels, [4, 4, 1], items)
    lines = read_responses(path, "peech-sc").log.summary().split("\n")
    (first,) = [line for line in lines if line.startswith("  '4' read as 0 in 46 cells of 23")]
    assert first.endswith("In this file it stands for 'Never'.")
    assert any(line.startswith("  '1' read as 3 in 23 cells of 23 columns") for line in lines)


def test_codes_without_a_label_beside_labels_that_differ(tmp_path):
    items = load_instrument("peech-sc").item_ids
    path = labelled(tmp_path, {1: "Never", 4: "Always"}, [1, 2, 3, 4], items)
    with pytest.raises(IntakeError, match="46 cells are no answer") as caught:
        read_responses(path, "peech-sc")
    assert (
        "The labels differ: the file says 1 = 'Never', peech-sc says 0 = 'Never'; the file says "
        "4 = 'Always', peech-sc says 3 = 'Always'; so 2 and 3, which have no label, are unclear."
    ) in caught.value.message
    assert "Usually" not in caught.value.failures["allowed"].iloc[0]
    assert "Label all codes of a column in the file" in caught.value.hint
    assert "missing:" not in caught.value.hint


def test_a_label_that_is_not_the_instruments(small, tmp_path):
    path = labelled(tmp_path, {1: "Never", 3: "Rarely"}, [1, 3])
    with pytest.raises(IntakeError, match="file says 3 = 'Rarely', small says 3 = 'Usually'") as it:
        read_responses(path, small)
    assert "small holds en-GB, de; a label in another language or wording" in it.value.hint


def test_the_dictionary_that_labels_otherwise_is_named(small, tmp_path):
    path = labelled(tmp_path, {1: "Never", 3: "Rarely"}, [1, 3])
    read = read_export(path)
    items, _ = find_columns(path, read.columns, small, {}, ())
    with pytest.raises(IntakeError, match=r"the dictionary s\.qsf says 3 = 'Rarely', small says 3"):
        read_answers(read, small, items, dictionary="s.qsf")
