"""SPSS and Stata files: what is in them, and what is said of those that are damaged."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.errors import IntakeError
from relsurvey.intake import read_responses
from relsurvey.intake.files.containers import read_container
from relsurvey.intake.files.labelled_cells import labelled_cells, number_text, shown_as

SPSS = Path(__file__).parents[2] / "data" / "spss"
CODES = (1.0, 2.0, 0.0, 8.0, 9.0, np.nan)


def cells(table, name):
    column = table.columns[table.heading.index(name)]
    return [column.text(place) for place in range(len(column))]


def described(table, name):
    return table.described[table.heading.index(name)]


@pytest.fixture
def surveyed(tmp_path):
    """Three kinds of missing, as the General Social Survey declares them."""
    path = tmp_path / "gss.sav"
    frame = pd.DataFrame(dict.fromkeys(("Q1", "Q2", "Q3"), CODES))
    labels = {0.0: "IAP", 8.0: "DK", 9.0: "NA", 1.0: "Never"}
    pyreadstat.write_sav(
        frame,
        path,
        variable_value_labels=dict.fromkeys(frame, labels),
        missing_ranges={name: [0.0, 8.0, 9.0] for name in frame},
        column_labels=["Stem - Heard", "Stem - Feared", "Safe"],
    )
    return path


def test_three_reasons_stay_three(small, surveyed):
    responses = read_responses(surveyed, small)
    assert responses.platform == "spss"
    assert responses.items["Q1"].tolist()[:2] == [1.0, 2.0]
    assert responses.items["Q1"].isna().tolist() == [False] * 2 + [True] * 4
    assert responses.reasons["Q1"].tolist() == [
        None, None, "not_applicable", "dont_know", "unanswered", "unanswered"
    ]  # fmt: skip


def test_labels_and_declared_codes_go_along(surveyed):
    table = read_container(surveyed)
    column = described(table, "Q1")
    assert (column.text, column.choices) == ("Stem - Heard", {"1": "Never"})
    assert list(column.declared) == ["0", "8", "9"]
    assert cells(table, "Q1") == ["1", "2", "0", "8", "9", ""]
    assert table.rows.tolist() == [1, 2, 3, 4, 5, 6]


def test_a_range_covers_cells_and_labels(tmp_path):
    path = tmp_path / "range.sav"
    frame = pd.DataFrame({"a": [1.0, -5.0, -2.5, 99.0]})
    pyreadstat.write_sav(
        frame,
        path,
        missing_ranges={"a": [{"lo": -99, "hi": -1}, 99]},
        variable_value_labels={"a": {-7: "Refused", 1: "Yes", -5: "Don't know"}},
    )
    column = described(read_container(path), "a")
    assert column.choices == {"1": "Yes"}
    assert column.declared == {
        "99": "",
        "-7": "prefer_not",
        "-5": "dont_know",
        "-2.5": "",
    }


def test_strings_stay_strings(tmp_path):
    path = tmp_path / "strings.sav"
    frame = pd.DataFrame({"id": ["007", "1e3", "", "nan"], "sex": ["m", "f", "NA", "x" * 700]})
    pyreadstat.write_sav(
        frame,
        path,
        missing_ranges={"sex": ["NA"]},
        variable_value_labels={"sex": {"m": "Male", "NA": "Refused"}},
    )
    table = read_container(path)
    assert cells(table, "id") == ["007", "1e3", "", "nan"]
    assert cells(table, "sex")[3] == "x" * 700
    column = described(table, "sex")
    assert (column.choices, column.declared) == ({"m": "Male"}, {"NA": "prefer_not"})


@pytest.mark.parametrize(
    ("form", "number", "text"),
    [
        ("DATETIME20", 13744980000.0, "2018-05-06 10:00:00"),
        ("DATETIME23.2", 13744980000.25, "2018-05-06 10:00:00.250"),
        ("YMDHMS19", 13744980000.0, "2018-05-06 10:00:00"),
        ("EDATE8", 13744980000.0, "2018-05-06"),
        ("SDATE10", 0.0, "1582-10-14"),
        ("TIME8", 36610.0, "10:10:10"),
        ("DTIME10", 97_200.5, "27:00:00.500"),
        ("TIME5", -60.0, "-00:01:00"),
        ("DATE11", 1e300, "1e+300"),
        ("DATETIME20", -1e14, "-100000000000000"),
        ("%tc", 1893456000000.0, "2020-01-01 00:00:00"),
        ("%tcDD/NN/CCYY_HH:MM", 1893456000000.0, "2020-01-01 00:00:00"),
        ("%td", 21915.0, "2020-01-01"),
        ("%-d", 21915.0, "2020-01-01"),
        ("%tm", 720.0, "720"),
        ("%10.0g", 21915.0, "21915"),
        ("F8.2", 2.5, "2.5"),
    ],
)
def test_numbers_are_shown_by_their_format(form, number, text):
    assert shown_as(form)(np.array([number])) == [text]
    assert shown_as(form)(np.array([])) == []


def test_dates_and_times_of_a_file(tmp_path):
    when = pd.to_datetime(["2020-02-29 23:59:59", None])
    frame = pd.DataFrame({"when": when, "day": [when[0].date(), None], "b": [1.0, 2.0]})
    pyreadstat.write_sav(frame, tmp_path / "dates.sav")
    table = read_container(tmp_path / "dates.sav")
    assert cells(table, "when") == ["2020-02-29 23:59:59", ""]
    assert cells(table, "day") == ["2020-02-29", ""]


@given(
    st.lists(
        st.one_of(st.none(), st.floats(allow_infinity=False, allow_nan=False), st.integers(0, 9))
    )
)
@settings(deadline=None)
def test_numbers_read_back_as_they_were(values):
    column = labelled_cells(values, number_text)
    texts = [column.texts[code] for code in column.codes]
    assert texts == [column.text(place) for place in range(len(column))]
    assert [float(text) if text else None for text in texts] == values
    assert len(set(column.texts)) == len(column.texts)


@pytest.mark.parametrize("version", [8, 10, 12, 13, 14, 15])
def test_stata_of_every_age(tmp_path, version):
    path = tmp_path / "answers.dta"
    frame = pd.DataFrame({"a": [1.0, 2.0, "a", "c", np.nan], "name": ["e", "f", "g", "", "h"]})
    pyreadstat.write_dta(
        frame,
        path,
        version=version,
        missing_user_values={"a": ["a", "c"]},
        variable_value_labels={"a": {1: "Never", "a": "Refused", "c": "Don't know"}},
    )
    table = read_container(path)
    assert table.container == "stata"
    assert cells(table, "a") == ["1", "2", "a", "c", ""]
    assert cells(table, "name") == ["e", "f", "g", "", "h"]
    column = described(table, "a")
    assert column.choices == {"1": "Never"}
    assert column.declared == {"a": "prefer_not", "c": "dont_know"}


def test_real_files_with_missing_codes():
    table = read_container(SPSS / "sample_missing.sav")
    assert (len(table.rows), len(table.heading)) == (7, 7)
    assert list(described(table, "mynum").declared) == ["-1", "2500"]
    assert described(table, "myord").choices == {"1": "low", "2": "medium", "3": "high"}
    assert set(described(table, "myord").declared) == {"-1", "-2", "-3"}
    assert table.row(0) == (
        "a", "1.1", "2018-05-06", "2018-05-06 10:10:10", "1", "1", "10:10:10"
    )  # fmt: skip
    table = read_container(SPSS / "labelled-num-na.sav")
    assert described(table, "VAR00002").declared == {"9": ""}


def test_real_file_with_umlauts():
    table = read_container(SPSS / "umlauts.sav")
    assert list(described(table, "var1").choices.values()) == [
        "the ä umlaut", "the ü umlaut", "the ö umlaut"
    ]  # fmt: skip
    assert described(table, "var1").text == "This is an ä-umlaut"


def test_windows_texts_behind_a_wrong_encoding(tmp_path):
    content = (SPSS / "umlauts.sav").read_bytes()
    for sign in "äöü":
        content = content.replace(sign.encode(), sign.encode("cp1252") + b" ")
    path = tmp_path / "windows.sav"
    path.write_bytes(content)
    table = read_container(path)
    assert described(table, "var1").choices["1"].split() == ["the", "ä", "umlaut"]
    assert "Windows-1252" in table.entries[0].why


@pytest.mark.parametrize("name", ["answers.sav", "answers.zsav", "old.dta", "new.dta"])
def test_a_file_cut_short_anywhere_is_refused(tmp_path, name):
    path = tmp_path / name
    frame = pd.DataFrame({"a": [1.0, np.nan, 3.0], "b": ["x", "ü", "long " * 9]})
    if name.endswith("sav"):
        pyreadstat.write_sav(frame, path, compress=name.endswith(".zsav"))
    else:
        pyreadstat.write_dta(frame, path, version=10 if name == "old.dta" else 15)
    content = path.read_bytes()
    read_container(path)
    for length in {*range(0, len(content), 7), len(content) - 1}:
        path.write_bytes(content[:length])
        with pytest.raises(IntakeError, match=r"cannot be read as|is not an? S"):
            read_container(path)


def test_a_file_that_does_not_count_its_rows_is_said_to_be(tmp_path):
    path = tmp_path / "answers.sav"
    pyreadstat.write_sav(pd.DataFrame({"a": [1.0, 2.0]}), path)
    content = bytearray(path.read_bytes())
    content[80:84] = b"\xff\xff\xff\xff"
    path.write_bytes(content)
    assert any("does not say how many rows" in entry.what for entry in read_container(path).entries)


@pytest.mark.parametrize("name", ["text.sav", "text.dta"])
def test_text_under_another_name(export, name):
    with pytest.raises(IntakeError, match="it holds plain text") as caught:
        read_container(export("id,Q1\n1,2\n", name))
    assert "ends in .csv" in caught.value.hint


def test_the_first_bytes_go_before_the_name(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_bytes((SPSS / "umlauts.sav").read_bytes())
    assert read_container(path).container == "spss"
