import csv
import io

import pytest

from relsurvey.forms import form_of
from relsurvey.forms.redcap import write_redcap
from relsurvey.forms.redcap_checks import HEADINGS, dictionary_faults
from relsurvey.instruments import load_instrument

NAME, FORM, HEADER, TYPE, LABEL, CHOICES = HEADINGS[:6]
VALIDATION, LOW, HIGH, IDENTIFIER, LOGIC, REQUIRED, ALIGNMENT = HEADINGS[7:14]
MATRIX, RANKING = HEADINGS[15:17]


@pytest.fixture
def rows():
    (content,) = write_redcap([form_of(load_instrument("peech-sc"))]).values()
    return list(csv.DictReader(io.StringIO(content.decode())))


def as_csv(rows, headings=HEADINGS):
    stream = io.StringIO()
    writer = csv.DictWriter(stream, headings, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def test_a_whole_dictionary_has_no_fault(rows):
    assert dictionary_faults(as_csv(rows)) == []
    assert dictionary_faults(b"\xef\xbb\xbf" + as_csv(rows)) == []


# Counted from 0: the record id, the matrix (1 to 23), a number (24), and what else is asked.
BROKEN = [
    (0, TYPE, "radio", "it has to be text"),
    (0, MATRIX, "m", "the record id; it can have none"),
    (0, LOGIC, "[stage] = '1'", "the record id; it can have none"),
    (1, NAME, "", "has to have a name"),
    (1, NAME, "SEC1", "small letters, digits and _"),
    (1, NAME, "1sec", "begins with a letter"),
    (1, NAME, "sec__1", "for the names of checkboxes"),
    (1, NAME, "sec1_", "for the names of checkboxes"),
    (1, NAME, "s" * 27, "27 characters"),
    (1, NAME, "redcap_event_name", "REDCap's own"),
    (1, NAME, "sec2", "row 3 has this name already"),
    (1, NAME, "peech_sc_complete", "REDCap makes this field itself"),
    (1, FORM, "", "has to be on a form"),
    (1, FORM, "PEECH SC", "a form has small letters"),
    (2, FORM, "another", "do not stand together"),
    (1, TYPE, "likert", "'likert' is none of text"),
    (1, TYPE, "text", "a matrix is made of radio or checkbox"),
    (1, LABEL, " ", "nobody could see"),
    (1, CHOICES, "", "there are no choices"),
    (1, CHOICES, "0, No\n1, Yes", "on one line"),
    (1, CHOICES, "0, No || 1, Yes", "an empty choice"),
    (1, CHOICES, "0 No | 1, Yes", "no comma between code and label"),
    (1, CHOICES, "n/a, No | 1, Yes", "'n/a' is no code"),
    (1, CHOICES, "0, | 1, Yes", "'0' has no label"),
    (1, CHOICES, "1, No | 1, Yes", "the code '1' stands there 2 times"),
    (1, CHOICES, "0, Yes | 1, Yes", "the label 'Yes' stands there 2 times"),
    (2, CHOICES, "0, No | 1, Yes", "not the same as that of sec1"),
    (2, HEADER, "Again", "only the first field of a matrix"),
    (2, MATRIX, "Peech SC", "a group has small letters"),
    (2, MATRIX, "m" * 61, "61 characters; 60 at most"),
    (2, MATRIX, "", "the matrix peech_sc do not stand together"),
    (2, RANKING, "y", "not as for sec1"),
    (2, RANKING, "yes", "y or nothing"),
    (24, RANKING, "y", "only the fields of a matrix can be ranked"),
    (24, CHOICES, "1, a", "a field of type text has no choices"),
    (24, TYPE, "calc", "a calc field needs an equation"),
    (24, TYPE, "notes", "a field of type notes has none"),
    (24, VALIDATION, "nummer", "'nummer' is no validation"),
    (24, IDENTIFIER, "yes", "y or nothing, not 'yes'"),
    (24, REQUIRED, "1", "y or nothing, not '1'"),
    (24, LOGIC, "[nobody] = '1'", "no field 'nobody'"),
    (24, ALIGNMENT, "left", "'left' is none of LH"),
    (24, LOW, "few", "'few' is not a number"),
]


@pytest.mark.parametrize(("position", "column", "value", "fault"), BROKEN)
def test_each_fault_is_found(rows, position, column, value, fault):
    rows[position][column] = value
    found = [str(one["fault"]) for one in dictionary_faults(as_csv(rows))]
    assert [one for one in found if fault in one], found


def test_limits_are_held_against_each_other(rows):
    rows[24] |= {LOW: "10", HIGH: "2"}
    (found,) = dictionary_faults(as_csv(rows))
    assert found == {"row": 26, "field": "months_known", "column": HIGH,
                     "fault": "the maximum is below the minimum"}  # fmt: skip
    rows[24] |= {VALIDATION: "", HIGH: "20"}
    assert "limits need a validation type" in str(dictionary_faults(as_csv(rows)))


def test_a_slider_and_a_text_to_read_have_rules_of_their_own(rows):
    rows[24] |= {TYPE: "slider", VALIDATION: "number", CHOICES: "low | middle | high"}
    assert dictionary_faults(as_csv(rows)) == []
    rows[24][CHOICES] = "a | b | c | d"
    assert "three labels at most" in str(dictionary_faults(as_csv(rows)))
    rows[24] |= {TYPE: "descriptive", VALIDATION: "", CHOICES: "", REQUIRED: "y"}
    assert "cannot be answered" in str(dictionary_faults(as_csv(rows)))


def test_branching_on_a_checkbox_and_on_another_event_is_known(rows):
    rows[25][LOGIC] = "[stage] = '1' and [first_arm_1][elsewhere] = '2'"
    assert dictionary_faults(as_csv(rows)) == []


def test_all_faults_are_told_at_once(rows):
    rows[1][LABEL] = ""
    rows[24][IDENTIFIER] = "maybe"
    found = dictionary_faults(as_csv(rows))
    assert [(one["row"], one["field"]) for one in found] == [(3, "sec1"), (26, "months_known")]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"\xff\xfe\x00", "not UTF-8"),
        (b'"a"b,c\n', "not CSV"),
        (b"", "this heading is not there"),
        (as_csv([], HEADINGS), "there are no fields"),
        (as_csv([], HEADINGS[:-1]), "this heading is not there"),
        (as_csv([], (*HEADINGS, "Score")), "no such heading"),
        (as_csv([], (*HEADINGS, NAME)), "more than once"),
        (as_csv([], HEADINGS[::-1]), "not in REDCap's order"),
        (as_csv([]) + b"record_id,start\r\n", "2 cells, not 18"),
    ],
)
def test_a_file_that_is_no_dictionary_is_told_so(content, fault):
    assert fault in str(dictionary_faults(content))
