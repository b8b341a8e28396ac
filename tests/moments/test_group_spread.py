"""Spread within groups, against pandas group by group."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.moments.group_spread import group_spread


@settings(max_examples=40)
@given(st.data())
def test_spread_is_that_of_pandas(data):
    n = data.draw(st.integers(1, 40))
    whole = data.draw(st.booleans())
    values = st.integers(-3, 6).map(float) if whole else st.floats(-1e3, 1e3)
    rows = {
        "g": data.draw(st.lists(st.integers(0, 5), min_size=n, max_size=n)),
        "y": data.draw(st.lists(values | st.just(float("nan")), min_size=n, max_size=n)),
    }
    frame = pd.DataFrame(rows, dtype=float).dropna()
    found = group_spread(rows, ["y"], "g")
    by = frame.groupby("g")["y"]
    for name, expected in (
        ("means", by.mean()),
        ("medians", by.median()),
        ("variances", by.var()),
        ("deviation_from_mean", by.apply(lambda x: (x - x.mean()).abs().mean())),
        ("deviation_from_median", by.apply(lambda x: (x - x.median()).abs().mean())),
    ):
        wanted = expected.astype(float).where(by.size() > 1) if "dev" in name else expected
        got = pd.Series(getattr(found, name)[:, 0], index=found.ids.astype(float)).sort_index()
        assert got.to_numpy(float) == pytest.approx(
            wanted.to_numpy(float), rel=1e-9, abs=1e-9, nan_ok=True
        )
    assert found.n_dropped == n - len(frame)


def test_no_complete_row_leaves_no_group():
    found = group_spread({"g": [1, 2], "y": [None, None]}, ["y"], "g")
    assert found.means.shape == (0, 1)
    assert found.n_dropped == 2


def test_rows_are_complete_in_all_columns():
    rows = {"g": list("aabb"), "y": [1.0, 3, 5, 7], "z": [1.0, 1, None, 2]}
    found = group_spread(rows, ["y", "z"], "g")
    assert found.counts.tolist() == [2, 1]
    assert found.means.tolist() == [[2, 1], [7, 2]]
    assert found.highest.tolist() == [7, 2]
