import pytest

from relsurvey.intake.files.delimiter import find_delimiter


@pytest.mark.parametrize(
    ("sample", "delimiter"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1;2\n", ";"),
        ("a\tb\n1\t2\n", "\t"),
        ("a\n1\n", ","),
        ("", ","),
        ("\n\na;b\n", ";"),
        ('"a;b;c";d,e\n1;2,3\n', ";"),
        ('"a, b";"c, d"\n1;"2, 3, 4"\n', ";"),
        ('"a\nb, c, d";e\n1;2\n', ";"),
        ("a;b, or c, or d;e\n1;2;3\n4;5;6\n", ";"),
        ("a,b;c\n1,2\n", ","),
        # Nothing but the data could tell, and they have neither: most cells win.
        ("a,b,c;d\n", ","),
    ],
)
def test_the_heading_tells_the_delimiter(sample, delimiter):
    assert find_delimiter(sample) == delimiter


def test_commas_in_answers_do_not_count():
    sample = "a;b\n" + '1;"x, y, z"\n' * 30
    assert find_delimiter(sample) == ";"


def test_a_sample_that_ends_within_a_record():
    assert find_delimiter("a;b, c;d\n1;2;3\n4;5") == ";"
