import pytest

import relsurvey as rs
from relsurvey.errors import SHOWN_FAILURES, listed, suggestion


def test_the_message_names_every_fault_up_to_a_number_and_counts_the_rest():
    rows = [{"row": i, "column": "RIA1", "value": "9"} for i in range(SHOWN_FAILURES + 3)]
    error = rs.IntakeError("Some answers are off the scale.", hint="Mend them.", failures=rows)
    text = str(error)
    assert text.startswith("Some answers are off the scale.\n  - row 0, column 'RIA1', value '9'")
    assert "... and 3 more" in text
    assert text.endswith("Mend them.")
    assert list(error.failures.columns) == ["row", "column", "value"]
    assert len(error.failures) == len(rows)


def test_failures_are_an_empty_table_where_the_message_says_it_all():
    assert rs.StudyError("No.").failures.empty


@pytest.mark.parametrize(
    "room", ["InstrumentError", "IntakeError", "LinkError", "ModelError", "OutputError",
             "ReportError", "ScoringError", "StudyError"],
)  # fmt: skip
def test_every_room_has_an_error_under_one_root(room):
    assert issubclass(getattr(rs, room), rs.RelSurveyError)


def test_a_typo_is_guessed_whatever_the_case():
    assert suggestion("rpq16", ["rpq-16", "peech-sc"]) == "rpq-16"
    assert suggestion("TITEL", ["title", "version"]) == "title"
    assert suggestion("entirely different", ["title"]) is None


def test_long_lists_are_cut_and_counted():
    assert listed(range(20), most=3) == "0, 1, 2 and 17 more"
    assert listed(["a", "b"], most=2) == "a, b"
