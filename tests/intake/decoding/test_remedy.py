"""What is proposed against unknown cells, and what is not."""

import pytest

from relsurvey.errors import IntakeError
from relsurvey.intake import read_responses


def hint(export, instrument, cell):
    path = export(f'Q1,Q2,Q3\n"{cell}",1,2\n')
    with pytest.raises(IntakeError, match="1 cell is no answer") as caught:
        read_responses(path, instrument)
    return caught.value.hint


@pytest.mark.parametrize(
    "cell",
    ["-9", "-1", "99", "999", "8", "888.0", "N/A", ".", "-", "None", "NULL", "#NULL!", "nan"],
)
def test_what_may_stand_for_no_answer_gets_a_line_to_paste(small, export, cell):
    said = hint(export, small, cell)
    assert f'missing: [{{code: "{cell}", reason: unanswered}}]' in said
    assert "language" not in said


@pytest.mark.parametrize("cell", ["0", "5", "0.5", "3.5", "12", "70"])
def test_numbers_that_may_be_answers_are_never_declared_missing(small, export, cell):
    said = hint(export, small, cell)
    assert "missing:" not in said
    assert "export the answers as texts" in said


@pytest.mark.parametrize("cell", ["Jamais", "Nevr", "3 - Never", "Not relevant", "x" * 200])
def test_labels_are_never_declared_missing(small, export, cell):
    said = hint(export, small, cell)
    assert "missing:" not in said
    assert "small holds en-GB, de; a label in another language or wording" in said


@pytest.mark.parametrize(("cell", "number"), [("3,0", "3"), ("3,5", "3.5"), ("-1,50", "-1.50")])
def test_a_decimal_comma_is_named(small, export, cell, number):
    said = hint(export, small, cell)
    assert f"{cell} looks like a number with a decimal comma: write {number}." in said
    assert "missing:" not in said


def test_masked_values_stand_nowhere(small, export):
    path = export("Q1,Q2,Q3\nsarah.jones@example.org,1,2\n")
    with pytest.raises(IntakeError, match="looks like an e-mail address") as caught:
        read_responses(path, small)
    assert "sarah" not in str(caught.value)
    assert "missing:" not in caught.value.hint


def test_each_kind_has_its_own_remedy(small, export):
    path = export("Q1,Q2,Q3\nJamais,-9,7\n12,NA,.\n")
    with pytest.raises(IntakeError, match="5 cells are no answer") as caught:
        read_responses(path, small)
    said = caught.value.hint
    tokens = ", ".join(f'{{code: "{one}", reason: unanswered}}' for one in ("-9", "7", "."))
    assert f"missing: [{tokens}]" in said
    assert "another language" in said
    assert "To tell what a number stands for" in said
