import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.intake.text_column import TextColumn


class Held:
    """Cells held as Arrow text."""

    def __init__(self, texts):
        self.texts = texts

    def __len__(self):
        return len(self.texts)

    def text(self, place):
        return self.texts[place]

    def coded(self):
        distinct = tuple(dict.fromkeys(self.texts))
        return distinct, np.array([distinct.index(text) for text in self.texts], dtype=np.int32)

    def arrow(self):
        middle = len(self.texts) // 2
        parts = [
            pa.array(self.texts[:middle], pa.string()),
            pa.array(self.texts[middle:], pa.string()),
        ]
        return pa.chunked_array(parts)


@given(st.lists(st.text("abü", min_size=2, max_size=2), max_size=8))
@settings(deadline=None)
def test_cells_are_called_distinct_only_where_no_two_are_the_same(texts):
    column = TextColumn.of(Held(texts))
    if column.distinct:
        assert len(set(texts)) == len(texts)
    one_width = len({len(text.encode()) for text in texts}) == 1
    if one_width and len(set(texts)) == len(texts):
        assert column.distinct


def test_rows_taken_away_do_not_count():
    column = TextColumn.of(Held(["aa", "bb", "aa", "cc"]))
    assert not column.distinct
    assert column.taken(slice(1, None)).distinct
    assert not column.taken(np.array([True, False, True, False])).distinct


@pytest.mark.parametrize(
    ("texts", "bare"), [(["a", "b"], True), (["a ", "b"], False), (["a", ""], False)]
)
def test_cells_without_spaces_and_blanks(texts, bare):
    assert TextColumn.of(Held(texts)).bare == bare
    column = TextColumn.of(Held(texts))
    assert column.texts
    assert column.bare == bare
