"""Moments from counts are the moments from rows."""

import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.moments.from_tables import moments_from_tables
from relsurvey.moments.items import item_moments
from relsurvey.moments.tables import item_tables

NAMES = list("abcd")
ARRAYS = ("answered", "used", "pair_n", "mean", "covariance")
rows = st.lists(
    st.tuples(*[st.sampled_from([1.0, 2.5, 3.0, 1e6, None]) for _ in NAMES]), max_size=20
)


@settings(deadline=None, max_examples=80)
@given(rows=rows, missing=st.sampled_from(["listwise", "pairwise"]))
def test_counts_have_the_moments_of_the_rows(rows, missing):
    frame = nw.from_native(pd.DataFrame(rows, columns=NAMES, dtype=float))
    scales = {"s": NAMES, "t": ["d", "b"]}
    expected = item_moments(frame, scales, missing=missing)
    for key, tables in item_tables(frame, scales, missing=missing).items():
        found = moments_from_tables(tables)
        assert (found.columns, found.n, found.n_total) == (
            expected[key].columns, expected[key].n, expected[key].n_total
        )  # fmt: skip
        for name in ARRAYS:
            np.testing.assert_allclose(
                getattr(found, name), getattr(expected[key], name), rtol=1e-9, atol=1e-4
            )


def test_whole_numbers_are_exact():
    table = np.random.default_rng(0).integers(1, 7, (500, 4)).astype(float)
    frame = nw.from_native(pd.DataFrame(table, columns=NAMES))
    expected = item_moments(frame, {"s": NAMES})["s"].covariance
    found = moments_from_tables(item_tables(frame, {"s": NAMES})["s"]).covariance
    np.testing.assert_allclose(found, expected, rtol=1e-14)
    assert found == pytest.approx(np.cov(table.T), rel=1e-12)
