"""Tables of items against counting by hand and by pandas."""

from pathlib import Path

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.errors import ModelError
from relsurvey.moments import tables as module
from relsurvey.moments.tables import MOST_CODES, item_tables

REFERENCE = Path(__file__).parents[1] / "reference"
CODES = st.sampled_from([-1.0, 0.0, 0.5, 2.0, 7.0, np.nan])


@pytest.fixture(scope="module")
def bfi_items():
    return pd.read_csv(REFERENCE / "bfi.csv").iloc[:, 1:26]


def counted(frame, missing="listwise", items=None):
    wrapped = nw.from_native(frame, eager_only=True)
    return item_tables(wrapped, {"s": items or list(wrapped.columns)}, missing=missing)["s"]


@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
@settings(max_examples=40)
@given(
    rows=st.lists(st.tuples(CODES, CODES, CODES), max_size=150),
    chunk=st.sampled_from([7, 64, 1000]),
)
def test_every_count_is_that_of_counting_by_hand(missing, rows, chunk):
    values = np.array(rows, dtype=float).reshape(-1, 3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "CHUNK_ROWS", chunk)
        tables = counted(pd.DataFrame(values, columns=list("abc")), missing)
    there = ~np.isnan(values)
    full = there.all(axis=1)
    used = values[full] if missing == "listwise" else values
    assert tables.n_total == len(values)
    assert tables.answered.tolist() == there.sum(axis=0).tolist()
    for i in range(3):
        codes, singles = np.unique(used[~np.isnan(used[:, i]), i], return_counts=True)
        assert tables.codes[i].tolist() == codes.tolist()
        assert tables.counts(i).tolist() == singles.tolist()
        for j in range(3):
            expected = [
                [int(((used[:, i] == x) & (used[:, j] == y)).sum()) for y in tables.codes[j]]
                for x in tables.codes[i]
            ]
            assert tables.table(i, j).tolist() == expected
    pairs = there.T.astype(int) @ there
    assert tables.n == (full.sum() if missing == "listwise" else pairs.min())


def test_a_scale_uses_only_its_own_items():
    frame = pd.DataFrame({"a": [1, 2, 1], "b": [1.0, np.nan, 2.0], "c": [np.nan, 1.0, 1.0]})
    both = item_tables(nw.from_native(frame), {"ab": ["a", "b"], "c": ["c"]})
    assert both["ab"].n == 2
    assert both["ab"].table(0, 1).tolist() == [[1, 1]]
    assert both["c"].counts(0).tolist() == [2]


def test_the_order_of_columns_and_rows_moves_nothing(bfi_items):
    tables = counted(bfi_items)
    turned = counted(bfi_items.iloc[::-1, ::-1])
    assert (turned.table(24, 20) == tables.table(0, 4)).all()
    assert (turned.counts(3) == tables.counts(21)).all()


def test_a_part_of_the_tables_is_what_it_was(bfi_items):
    tables = counted(bfi_items)
    part = tables.part([7, 2])
    assert part.columns == ("C3", "A3")
    assert (part.table(0, 1) == tables.table(7, 2)).all()
    assert part.n == tables.n


@pytest.mark.parametrize(
    "turn",
    [
        pl.from_pandas,
        pa.Table.from_pandas,
        lambda frame: frame.astype("Int64"),
        lambda frame: frame.astype("float32"),
    ],
)
def test_any_frame_gives_the_same(turn, bfi_items):
    given_frame = turn(bfi_items[["A1", "C2", "O4"]])
    tables, expected = counted(given_frame), counted(bfi_items[["A1", "C2", "O4"]])
    assert (tables.joint == expected.joint).all()
    assert tables.n == expected.n


def test_an_item_with_too_many_codes_is_named_and_not_counted():
    rows = 3 * module.CHUNK_ROWS
    late = np.where(np.arange(rows) < module.CHUNK_ROWS, 1.0, np.arange(rows) % (MOST_CODES + 5))
    frame = pd.DataFrame(
        {"few": np.arange(rows) % MOST_CODES, "late": late, "at_once": range(rows)}
    )
    tables = counted(frame)
    assert tables.measures == ("late", "at_once")
    assert [len(codes) for codes in tables.codes] == [MOST_CODES, 0, 0]
    assert tables.counts(0).sum() == rows
    assert tables.n == rows


def test_nobody_answered_and_no_rows():
    frame = pd.DataFrame({"a": [1.0, 2.0], "b": [np.nan, np.nan]})
    listwise, pairwise = counted(frame), counted(frame, "pairwise")
    assert (listwise.n, pairwise.n) == (0, 0)
    assert pairwise.counts(0).tolist() == [1, 1]
    assert pairwise.codes[1].tolist() == []
    empty = counted(frame.iloc[:0])
    assert (empty.n, empty.n_total, empty.joint.shape) == (0, 0, (0, 0))


def test_read_only_arrays_are_left_alone():
    values = np.array([[1.0, 2.0], [2.0, 1.0]])
    values.setflags(write=False)
    assert counted(pd.DataFrame(values, columns=["a", "b"], copy=False)).n == 2


def test_missing_is_one_of_two_words():
    with pytest.raises(ModelError, match="missing cannot be 'pairs'"):
        counted(pd.DataFrame({"a": [1]}), "pairs")
