import csv

import pytest

from relsurvey.errors import IntakeError
from relsurvey.intake.files import records
from relsurvey.intake.files.text_file import read_text_file


def cells(table):
    return [[column.texts[code] for code in column.codes] for column in table.columns]


def whats(table):
    return " ".join(entry.what for entry in table.entries)


def test_cells_are_text(export):
    table = read_text_file(export('id,a\n007,"x\ny"\n008,NA\n'))
    assert table.heading == ("id", "a")
    assert cells(table) == [["007", "008"], ["x\ny", "NA"]]
    assert table.rows.tolist() == [2, 3]


@pytest.mark.parametrize("at_once", [1, 2, 3, 1000])
def test_blank_lines_are_skipped_counted_and_keep_their_row(export, monkeypatch, at_once):
    monkeypatch.setattr(records, "_CELLS_AT_ONCE", at_once)
    table = read_text_file(export("\na,b\n\n1,2\n   \n3,4\n\n"))
    assert cells(table) == [["1", "3"], ["2", "4"]]
    assert table.rows.tolist() == [4, 6]
    assert "4 blank lines skipped" in whats(table)


def test_empty_rows_at_the_end_are_left_out_and_those_within_kept(export):
    table = read_text_file(export("a,b\n,\n1,2\n,\n, \n"))
    assert table.rows.tolist() == [2, 3]
    assert "2 rows of empty cells at the end" in whats(table)


@pytest.mark.parametrize("content", ["a,b,\n1,2,\n3,4,\n", "a,b,\n1,2\n3,4\n", "a,b\n1,2,\n3,4,\n"])
def test_a_delimiter_at_the_end_of_lines_is_no_column(export, content):
    table = read_text_file(export(content))
    assert table.heading == ("a", "b")
    assert cells(table) == [["1", "3"], ["2", "4"]]
    assert "left out" in whats(table)


def test_a_last_column_without_heading_stays(export):
    table = read_text_file(export("a,b,\n1,2,\n3,4,5\n"))
    assert cells(table)[2] == ["", "5"]


def test_an_answer_beyond_the_heading_is_a_fault(export):
    with pytest.raises(IntakeError, match="1 row with more cells") as caught:
        read_text_file(export("a,b\n1,2,\n3,4,5\n"))
    assert caught.value.failures.to_dict("records") == [{"row": 3, "cells": 3, "expected": 2}]


def test_all_uneven_rows_are_listed(export):
    content = "a,b,c\n1,2,3\n1,2\n\n1,2,3,4\n1,2,3\n1\n"
    with pytest.raises(IntakeError, match="3 rows have more or fewer cells") as caught:
        read_text_file(export(content))
    assert caught.value.failures.to_dict("list") == {
        "row": [3, 5, 7],
        "cells": [2, 4, 1],
        "expected": [3, 3, 3],
    }


def test_a_quote_that_is_never_closed(export):
    content = 'a,b\n1,"x\ny"\n2,"never closed\n3,4\n'
    with pytest.raises(IntakeError, match=r"beyond row 3 \(line 4\): a quote is opened"):
        read_text_file(export(content))


def test_a_quote_that_is_never_closed_in_a_long_file(export):
    content = 'a,b\n1,"never closed\n' + "3,4\n" * 50_000
    with pytest.raises(IntakeError, match=r"beyond row 2 \(line 2\)"):
        read_text_file(export(content))


def test_text_after_a_closing_quote(export):
    with pytest.raises(IntakeError, match="followed by more text"):
        read_text_file(export('a,b\n1,"he said "no" to me"\n'))


def test_the_limit_of_the_csv_module_is_left_alone(export):
    before = csv.field_size_limit()
    read_text_file(export("a,b\n1,2\n"))
    assert csv.field_size_limit() == before


def test_too_many_columns(export):
    with pytest.raises(IntakeError, match=r"20,001 columns"):
        read_text_file(export(",".join(["a"] * 20_001) + "\n"))


@pytest.mark.parametrize("content", ["a,b\n", "a,b", "a,b\r\n\r\n"])
def test_a_heading_alone_has_no_rows(export, content):
    assert len(read_text_file(export(content)).rows) == 0


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_excels_line_that_names_the_delimiter(export, delimiter):
    content = f'sep={delimiter}\r\nid{delimiter}"a, b; c"\r\n007{delimiter}1\r\n'
    table = read_text_file(export(content))
    assert table.heading == ("id", "a, b; c")
    assert cells(table) == [["007"], ["1"]]
    assert table.rows.tolist() == [2]
    assert "The first line names the delimiter" in whats(table)


def test_lines_are_counted_with_the_line_that_names_the_delimiter(export):
    with pytest.raises(IntakeError, match=r"beyond row 3 \(line 4\)"):
        read_text_file(export('sep=;\na;b\n1;2\n2;"never closed\n3;4\n'))
