"""What a person said in one row, in the other rows of the same person."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.intake.other_rows import from_other_rows
from relsurvey.intake.table import RawTable
from relsurvey.intake.text_column import TextColumn


def column(cells: list[str]) -> TextColumn:
    texts = tuple(dict.fromkeys(cells))
    return TextColumn(texts, np.array([texts.index(one) for one in cells], dtype=np.int32))


ROWS = st.lists(
    st.tuples(st.sampled_from(["1", " 1", "2", "3", ""]), st.booleans(), st.booleans()), min_size=1
)


@settings(deadline=None)
@given(ROWS)
def test_only_wanted_rows_of_the_same_person_are_filled(rows: list[tuple[str, bool, bool]]) -> None:
    # Everybody has one worker, who is named in some of the rows.
    cells = [f"SW{person.strip()}" if said else "" for person, said, _ in rows]
    columns = (column([person for person, _, _ in rows]), column(cells))
    table = RawTable(Path("a.csv"), ("id", "worker"), columns, np.arange(len(rows)) + 2, "text")
    wanted = np.array([one for _, _, one in rows])
    filled = from_other_rows(table, 1, 0, wanted)
    named = {person.strip() for person, said, _ in rows if said} - {""}
    expected = [
        f"SW{person.strip()}" if said or (want and person.strip() in named) else ""
        for person, said, want in rows
    ]
    assert [filled.columns[1].text(place) for place in range(len(rows))] == expected
    changed = sum(one != other for one, other in zip(cells, expected, strict=True))
    assert sum(entry.count for entry in filled.entries) == changed
