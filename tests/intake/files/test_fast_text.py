import csv
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import compute

from relsurvey.errors import IntakeError
from relsurvey.intake.files import fast_text, text_file, well_formed
from relsurvey.intake.files.fast_text import ArrowCells, read_plain_text
from relsurvey.intake.files.text_file import read_text_file
from relsurvey.intake.fold import SPACE, trimmed
from relsurvey.intake.table import RawTable
from relsurvey.intake.text_column import TextColumn

SIGNS = 'a"\n,;\t 7é€\ufeff\u2028\x0b\x1c=NA'
WORDS = st.sampled_from(["NA", "null", "", '""', "sep=;", "\ufeff", "x\r\ny", "x\ry"])
DELIMITERS = st.sampled_from(",;\t")


@st.composite
def written(draw, delimiters=DELIMITERS):
    """A text that a csv writer wrote, its line ends and quotes chosen at random."""
    width = draw(st.integers(1, 4))
    cell = st.text(SIGNS, max_size=6) | WORDS
    records = draw(st.lists(st.lists(cell, min_size=width, max_size=width), max_size=6))
    delimiter = draw(delimiters)
    always = draw(st.booleans())
    end = draw(st.sampled_from(["\n", "\n", "\r\n", "\r\n", "\r"]))
    lines = []
    for record in records:
        needed = [always or any(sign in cell for sign in f'"\r\n{delimiter}') for cell in record]
        quoted = [cell.replace('"', '""') for cell in record]
        pairs = zip(quoted, needed, strict=True)
        lines.append(delimiter.join(f'"{cell}"' if quote else cell for cell, quote in pairs))
    heading = delimiter.join(f"h{place}" for place in range(width))
    return end.join([heading, *lines]) + draw(st.sampled_from([end, ""]))


def nasty_text(delimiters=DELIMITERS):
    """A text that is plain, nearly plain, or nothing of the kind."""
    plain = written(delimiters)
    cut = st.tuples(plain, st.integers(0, 60), st.text(SIGNS + "\r", max_size=2))
    broken = cut.map(lambda parts: parts[0][: parts[1]] + parts[2] + parts[0][parts[1] :])
    return plain | broken | st.text(SIGNS + "\r", max_size=60)


def cells(table):
    return [[column.texts[code] for code in column.codes] for column in table.columns]


def same(fast, strict):
    assert fast.heading == strict.heading
    assert cells(fast) == cells(strict)
    assert [column.texts for column in fast.columns] == [c.texts for c in strict.columns]
    assert [column.codes.dtype for column in fast.columns] == [np.int32] * len(fast.columns)
    assert fast.rows.tolist() == strict.rows.tolist()
    assert fast.rows.dtype == strict.rows.dtype
    assert (fast.source, fast.entries) == (strict.source, strict.entries)


def outcome(path, fast_from):
    """Read a file: by the strict reader if it is smaller than ``fast_from``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_file, "FAST_FROM", fast_from)
        try:
            return read_text_file(path)
        except IntakeError as error:
            return error


STRICT, FAST = 1 << 40, 0


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("fast") / "export.csv"


@settings(max_examples=400, deadline=None)
@given(
    text=nasty_text(),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252", "utf-16-le"]),
    proof_block=st.sampled_from([7, 16, 1 << 19]),
    arrow_block=st.sampled_from([24, 64, 1 << 20]),
)
def test_both_ways_give_the_same_table_or_the_same_error(
    place, text, encoding, proof_block, arrow_block
):
    place.write_bytes(text.encode(encoding, errors="replace"))
    strict = outcome(place, STRICT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(well_formed, "_BLOCK", proof_block)
        patch.setattr(fast_text, "_BLOCK", arrow_block)
        fast = outcome(place, FAST)
    if isinstance(strict, IntakeError):
        assert isinstance(fast, IntakeError)
        assert (str(fast), fast.failure_rows) == (str(strict), strict.failure_rows)
    else:
        same(fast, strict)


@settings(max_examples=400, deadline=None)
@given(text=nasty_text(st.just(";")))
def test_what_is_accepted_is_what_the_csv_module_reads(text):
    delimiter = ";"
    read = read_plain_text(text.encode(), delimiter)
    if read is not None:
        heading, columns = read
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
        assert [list(heading), *map(list, zip(*map(full, columns), strict=True))] == records


def full(column):
    return [column.texts[code] for code in column.codes]


PLAIN = [
    'id,a\n007,"x\ny"\n008,NA\n',
    'id,a\r\n1,""\r\n2,null',
    'id,a\n"say ""so""",\n,"""x"""\n',
    'id,"a\nb"\n1,2\n',
    "id,a\n1,é\u2028b\n",
    "sep,a\n1,\ufeff\n",
]


@pytest.mark.parametrize("text", PLAIN)
def test_plain_texts_are_read_fast(text):
    assert read_plain_text(text.encode(), ",") is not None


@pytest.mark.parametrize(
    "text",
    [
        'id,a\n1,5"\n',
        'id,a\n1,"x"y\n',
        'id,a\n1, "x"\n',
        'id,a\n1,"x\n',
        'id,a\n"1,2\n3","4"5\n',
        "id,a\r1,2\r",
        'id,a\n1,"x\ry"\n',
        "id,a\n1,2\r",
        "id,a\n\n1,2\n",
        "\nid,a\n1,2\n",
        "id,a\n1,2\n\n",
        "id,a\n1,2,3\n",
        "id,a\n1\n",
        "id,a,\n1,2\n",
        "id,a\n",
        "id,a",
        "",
        "id\n1\n",
        "id,a\n1,\0\n",
        "id,a\n\ufeff1,2\n",
        " , \n1,2\n",
    ],
)
def test_all_others_are_left_to_the_strict_reader(text):
    assert read_plain_text(text.encode(), ",") is None


@pytest.mark.parametrize("text", [b"id,a\n1,\xff\n", b"id,\xff\n1,2\n", b"id,a\n\xed\xa0\x80,2\n"])
def test_bytes_that_are_not_utf8_are_left_to_others(text):
    assert read_plain_text(text, ",") is None


def test_a_cell_beyond_the_limit_of_the_csv_module_is_left_to_it():
    limit = csv.field_size_limit()
    assert read_plain_text(f"id,a\n1,{'x' * limit}\n".encode(), ",") is not None
    assert read_plain_text(f"id,a\n1,{'x' * (limit + 1)}\n".encode(), ",") is None


def test_a_heading_beyond_the_first_block_is_left_to_the_strict_reader(monkeypatch):
    monkeypatch.setattr(well_formed, "_BLOCK", 8)
    assert read_plain_text(b"id,answer,b\n1,2,3\n", ",") is None


@pytest.mark.parametrize("size", range(3, 12))
def test_the_proof_does_not_depend_on_where_a_block_ends(monkeypatch, size):
    monkeypatch.setattr(well_formed, "_BLOCK", size)
    plain = 'i,a\n1,"x"\r\n"y\r\nz","""q"""\n,""\n'
    found = well_formed.plain_records(plain.encode(), ",")
    if size < 4:
        assert found is None
    else:
        assert (found.count, found.first_end) == (4, 4)
        assert found.breaks_inside.tolist() == [plain.index("\nz")]
    assert well_formed.plain_records((plain + '"x"y,1\n').encode(), ",") is None


def test_codes_are_the_same_over_many_chunks(export, monkeypatch):
    records = [f'{i},"{i % 7}",{"ab"[i % 2]},{i % 300}' for i in range(5_000)]
    path = export("id,a,b,c\n" + "\n".join(records))
    monkeypatch.setattr(fast_text, "_BLOCK", 4_096)
    strict, fast = outcome(path, STRICT), outcome(path, FAST)
    same(fast, strict)


@pytest.mark.parametrize("size", range(20, 60))
def test_a_line_end_within_a_cell_is_kept_where_a_block_would_end_in_it(monkeypatch, size):
    monkeypatch.setattr(fast_text, "_BLOCK", size)
    _, columns = read_plain_text(b'id,a\r\n1,2\r\n1234,"the first\r\nthe second"\r\n5,6\r\n', ",")
    assert full(columns[1]) == ["2", "the first\r\nthe second", "6"]


def test_where_every_block_would_end_in_such_a_line_end_it_is_left_to_others(monkeypatch):
    monkeypatch.setattr(fast_text, "_BLOCK", 10)
    monkeypatch.setattr(fast_text, "_SIZES_TRIED", 2)
    content = 'id,a\n1,"{}"\n'
    assert read_plain_text(content.format("\r\n" * 20).encode(), ",") is None


def test_empty_rows_and_columns_at_the_end_are_left_out_alike(export):
    path = export("id,a,\n1,2,\n,,\n3,4,\n,,\n, ,\n")
    strict, fast = outcome(path, STRICT), outcome(path, FAST)
    same(fast, strict)
    assert fast.rows.tolist() == [2, 3, 4]
    assert fast.heading == ("id", "a")


@pytest.mark.parametrize("line", ["sep=;\r\n", '"sep=;"\n', "sep=;\r"])
def test_the_line_that_names_the_delimiter(export, line):
    path = export(f"{line}id;a\n1;2\n3;4\n")
    same(outcome(path, FAST), outcome(path, STRICT))


def test_big_plain_files_are_read_fast_and_small_ones_are_not(export, monkeypatch):
    ways = []
    monkeypatch.setattr(
        fast_text, "read_plain_text", lambda *given: ways.append(given) or read_plain_text(*given)
    )
    line = "123,456\n"
    small = read_text_file(export("id,a\n" + line))
    assert (ways, len(small.rows)) == ([], 1)
    count = text_file.FAST_FROM // len(line)
    big = read_text_file(export("id,a\n" + line * count))
    assert len(ways) == 1
    assert len(big.rows) == count
    assert isinstance(big.columns[0]._cells, ArrowCells)


def test_a_fault_in_a_big_file_is_told_with_its_row(export, monkeypatch):
    monkeypatch.setattr(text_file, "FAST_FROM", 1 << 14)
    line = "123,456\n"
    count = text_file.FAST_FROM // len(line)
    with pytest.raises(IntakeError, match="1 row has more or fewer cells") as caught:
        read_text_file(export("id,a\n" + line * count + "1,2,3\n"))
    assert caught.value.failures["row"].tolist() == [count + 2]


def test_a_column_is_coded_when_asked_for_and_its_part_too():
    _, columns = read_plain_text(b"id,a\n1,x\n2,y\n3,x\n", ",")
    column = columns[1]
    part = column.taken(np.array([False, True, True])).taken(slice(1, None))
    assert (len(column), column.text(0), column.text(-1), len(part), part.text(0)) == (
        3,
        "x",
        "x",
        1,
        "x",
    )
    assert column._made is None
    assert (part.texts, part.codes.tolist(), part.used.tolist()) == (("x", "y"), [0], [True, False])
    assert column.taken(np.array([2, 1])).text(1) == "y"


SPACED = [
    "a",
    " a",
    "\u00a0a\u2003",
    "\ufeff\u200b",
    "",
    "NA",
    " NA",
    "a b ",
    "\x0b\x1c\x1f",
    "\ta\n",
]


@pytest.mark.parametrize(
    "rows", [slice(None), slice(2, None), np.arange(10) % 3 == 0, np.array([9, 0, 3])]
)
@pytest.mark.parametrize("blanks", [(), ("NA",)])
def test_answers_are_the_same_whether_arrow_holds_the_cells_or_not(rows, blanks):
    coded = TextColumn(tuple(SPACED), np.arange(10, dtype=np.int32))
    held = TextColumn.of(ArrowCells(pa.chunked_array([SPACED[:4], SPACED[4:]])))
    answers = [
        RawTable(Path("x.csv"), ("h",), (column,), np.arange(2, 12), "text")
        .taken(rows)
        .answers(0, blanks)
        for column in (coded, held)
    ]
    pd.testing.assert_series_equal(*answers)
    assert held._made is None


@given(st.lists(st.text(), max_size=8))
def test_arrow_trims_as_we_do(texts):
    held = pa.chunked_array([pa.array(texts, pa.string())])
    bare = compute.utf8_trim(held, characters=SPACE).to_pylist()
    assert bare == list(map(trimmed, texts))


@pytest.mark.parametrize("asked_before", [False, True])
def test_whether_a_column_holds_a_text(asked_before):
    column = TextColumn.of(ArrowCells(pa.chunked_array([["-99", "a"], [" b"]])))
    part = column.taken(slice(1, None))
    if asked_before:
        assert len(column.codes) == len(part.codes) + 1
    assert [column.holds("-99"), part.holds("-99"), part.holds("b"), part.holds(" b")] == [
        True,
        False,
        False,
        True,
    ]
    assert (column._made is not None) == asked_before
