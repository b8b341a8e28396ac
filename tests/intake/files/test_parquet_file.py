import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from relsurvey.errors import IntakeError
from relsurvey.intake.files import parquet_file
from relsurvey.intake.files.parquet_file import ValueCells, read_parquet_file

DAY = dt.date(2026, 3, 1)
NOON = dt.datetime(2026, 3, 1, 12)
COLUMNS = {
    "text": (pa.array(["007", "", None, "NA"]), ["007", "", "", "NA"]),
    "large": (pa.array(["a", "b", None, "a"], pa.large_string()), ["a", "b", "", "a"]),
    "view": (pa.array(["a", "b", None, "a"], pa.string_view()), ["a", "b", "", "a"]),
    "bytes": (pa.array([b"x", "é".encode(), None, b""]), ["x", "é", "", ""]),
    "fixed": (pa.array([b"ab", b"cd", None, b"ab"], pa.binary(2)), ["ab", "cd", "", "ab"]),
    "int": (pa.array([4, -1, None, 2**53 + 1]), ["4", "-1", "", str(2**53 + 1)]),
    "float": (pa.array([4.0, 0.1, None, -0.0]), ["4", "0.1", "", "0"]),
    "nan": (pa.array([float("nan"), 1e-7, None, 1e20]), ["", "0.0000001", "", "1" + "0" * 20]),
    "float32": (pa.array([4, 0.1, None, 2.5], pa.float32()), ["4", "0.1", "", "2.5"]),
    "decimal": (
        pa.array([Decimal("4.00"), Decimal("-0.50"), None, Decimal(1)]),
        ["4.00", "-0.50", "", "1.00"],
    ),
    "bool": (pa.array([True, False, None, True]), ["True", "False", "", "True"]),
    "date": (pa.array([DAY, None, DAY, DAY]), ["2026-03-01", "", "2026-03-01", "2026-03-01"]),
    "time": (pa.array([dt.time(9, 5), None, None, None]), ["09:05:00", "", "", ""]),
    "stamp": (pa.array([NOON, None, NOON, None]), ["2026-03-01T12:00:00", ""] * 2),
    "zone": (
        pa.array([NOON, None, None, None], pa.timestamp("ns", "Europe/London")),
        ["2026-03-01T12:00:00+00:00", "", "", ""],
    ),
    "dictionary": (
        pa.array(["Never", None, "Always", "Never"]).dictionary_encode(),
        ["Never", "", "Always", "Never"],
    ),
    "numbers": (pa.array([4.0, 2.0, 4.0, None]).dictionary_encode(), ["4", "2", "4", ""]),
    "null": (pa.nulls(4), ["", "", "", ""]),
}


@pytest.fixture
def written(tmp_path):
    def write(columns, **options):
        path = tmp_path / "export.parquet"
        parquet.write_table(pa.table(columns), path, **options)
        return path

    return write


def full(column):
    return [column.texts[code] for code in column.codes]


def test_every_value_is_the_text_a_person_would_type(written):
    table = read_parquet_file(written({name: values for name, (values, _) in COLUMNS.items()}))
    assert table.heading == tuple(COLUMNS)
    for name, column in zip(table.heading, table.columns, strict=True):
        expected = COLUMNS[name][1]
        assert [column.text(place) for place in range(4)] == expected, name
        assert full(column) == expected, name
        assert len(set(column.texts)) == len(column.texts), name
        assert column.codes.dtype == np.int32, name
    assert table.rows.tolist() == [2, 3, 4, 5]
    assert table.source == "Parquet"
    assert "read as Parquet: 4 rows, 18 columns" in table.entries[0].what


def test_row_groups_share_their_texts(written):
    words = ["b", "a", None, "b", "c", "a", "b"]
    for values in (pa.array(words), pa.array(words).dictionary_encode()):
        table = read_parquet_file(written({"a": values, "b": values}, row_group_size=2))
        assert table.columns[0].texts == ("b", "a", "", "c")
        assert full(table.columns[1]) == [word or "" for word in words]


def test_a_file_that_pandas_wrote(tmp_path):
    path = tmp_path / "export.parquet"
    answers = pd.DataFrame(
        {"id": ["1", "2"], "Q1": pd.Categorical(["Never", None]), "n": [1.0, np.nan]}
    )
    answers.to_parquet(path)
    table = read_parquet_file(path)
    assert [full(column) for column in table.columns] == [["1", "2"], ["Never", ""], ["1", ""]]


def test_no_rows(written):
    table = read_parquet_file(written({"a": pa.array([], pa.string())}))
    assert (len(table.rows), table.columns[0].texts, len(table.columns[0])) == (0, (), 0)


def test_part_of_a_column(written):
    table = read_parquet_file(written({"a": pa.array([1, 2, 3])}))
    part = table.columns[0].taken(slice(1, None))
    assert (part.text(0), full(part)) == ("2", ["2", "3"])


def test_lists_and_records_are_refused_all_at_once(written):
    columns = {
        "id": pa.array(["1"]),
        "many": pa.array([[1, 2]]),
        "parts": pa.array([{"a": 1}]),
        "long": pa.array([dt.timedelta(1)]),
    }
    with pytest.raises(IntakeError, match=r"3 columns with .*'many', 'parts', 'long'") as caught:
        read_parquet_file(written(columns))
    assert caught.value.failures["column"].tolist() == ["many", "parts", "long"]


def test_bytes_that_are_no_text_are_refused(written):
    with pytest.raises(IntakeError, match="damaged"):
        read_parquet_file(written({"a": pa.array([b"\xff\xfe"])}))


def test_more_rows_than_any_survey(written, monkeypatch):
    monkeypatch.setattr(parquet_file, "MOST_ROWS", 2)
    with pytest.raises(IntakeError, match="has 3 rows and 1 columns; at most 2 rows"):
        read_parquet_file(written({"a": pa.nulls(3, pa.string())}))


@pytest.mark.parametrize("content", [b"", b"PAR1", b"id,a\n1,2\n", b"PAR1" + b"\0" * 100 + b"PAR1"])
def test_what_is_no_parquet_file(tmp_path, content):
    path = tmp_path / "export.parquet"
    path.write_bytes(content)
    with pytest.raises(IntakeError, match="not a Parquet file, or it is damaged"):
        read_parquet_file(path)


def test_a_file_cut_short(written):
    path = written({"a": pa.array([str(i) for i in range(5_000)])})
    whole = path.read_bytes()
    for kept in (4, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:kept])
        with pytest.raises(IntakeError, match="not a Parquet file, or it is damaged"):
            read_parquet_file(path)


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """A file with a checksum a page, and a place to write it with a byte changed."""
    path = tmp_path_factory.mktemp("parquet") / "export.parquet"
    answers = pa.table({"a": [str(i % 50) for i in range(2_000)], "b": list(range(2_000))})
    parquet.write_table(answers, path, write_page_checksum=True)
    return path.read_bytes(), path


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_changed_byte_is_an_error_of_ours_or_does_no_harm(checked, data):
    whole, path = checked
    place = data.draw(st.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(changed)
    try:
        table = read_parquet_file(path)
    except IntakeError:
        return
    assert all(len(full(column)) == len(table.rows) for column in table.columns)


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(st.none() | st.floats(), max_size=20),
    cut=st.integers(0, 20),
)
def test_numbers_come_back(values, cut):
    cells = pa.chunked_array([values[:cut], values[cut:]], pa.float64())
    texts, codes = ValueCells(cells).coded()
    for value, code in zip(values, codes, strict=True):
        if value is None or np.isnan(value):
            assert texts[code] == ""
        else:
            assert float(texts[code]) == value
            assert "e" not in texts[code].lower()
