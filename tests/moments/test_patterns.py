"""Pattern moments against pandas groups, whatever the chunks, the frame and the number of items."""

from __future__ import annotations

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.moments import items as rows_room
from relsurvey.moments import patterns as room
from relsurvey.moments.items import item_moments
from relsurvey.moments.patterns import PatternMoments, pattern_moments, pattern_table

EXACT = 1e-12  # relative; two ways of adding the same numbers in double precision


def drawn(share_missing: float, n: int = 500, k: int = 5, seed: int = 12) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    values = draw.integers(1, 7, size=(n, k)).astype(float)
    values[draw.random(values.shape) < share_missing] = np.nan
    return pd.DataFrame(values, columns=[f"i{place}" for place in range(k)])


def moments_of(frame: object) -> PatternMoments:
    known = nw.from_native(frame)
    return pattern_moments(known, known.columns)


def matches_pandas(moments: PatternMoments, frame: pd.DataFrame) -> None:
    bits = frame.notna().to_numpy()
    assert moments.n_total == len(frame)
    assert moments.n_empty == int((~bits.any(axis=1)).sum())
    assert moments.n == int(moments.counts.sum()) == len(frame) - moments.n_empty
    seen = set()
    for place, (pattern, count) in enumerate(zip(moments.observed, moments.counts, strict=True)):
        seen.add(tuple(pattern))
        rows = frame[(bits == pattern).all(axis=1)].to_numpy()
        assert count == len(rows)
        np.testing.assert_allclose(moments.mean[place, pattern], rows[:, pattern].mean(axis=0))
        assert np.isnan(moments.mean[place, ~pattern]).all()
        if count > 1:
            covariance = moments.covariance[place]
            expected = np.cov(rows[:, pattern].T, ddof=0)
            np.testing.assert_allclose(
                covariance[np.ix_(pattern, pattern)],
                np.atleast_2d(expected),
                rtol=EXACT,
                atol=EXACT,
            )
            assert np.isnan(covariance[~pattern]).all()
            assert np.isnan(covariance[:, ~pattern]).all()
    assert len(seen) == len(moments.counts)
    assert len(moments.covariance) == int((moments.counts > 1).sum())
    assert (np.diff(moments.counts) <= 0).all()


@pytest.fixture(params=[7, 100, 32_768])
def chunk_rows(request, monkeypatch):
    monkeypatch.setattr(rows_room, "CHUNK_ROWS", request.param)


@pytest.mark.usefixtures("chunk_rows")
@pytest.mark.parametrize("many", [1, 30, 10_000])
@pytest.mark.parametrize("share_missing", [0, 0.03, 0.4, 0.9])
def test_each_pattern_has_the_moments_of_its_rows(share_missing, many, monkeypatch):
    monkeypatch.setattr(room, "MANY_ROWS", many)
    frame = drawn(share_missing)
    matches_pandas(moments_of(frame), frame)


@pytest.mark.parametrize("k", [1, 2, 8, 9, 64, 65, 130])
def test_any_number_of_items_makes_patterns(k):
    frame = drawn(0.02 if k > 9 else 0.3, n=120, k=k)
    matches_pandas(moments_of(frame), frame)


@pytest.mark.parametrize("kind", ["nullable", "Int64", "arrow", "polars", "pyarrow", "read-only"])
def test_any_frame_will_do(kind):
    frame = drawn(0.1)
    expected = moments_of(frame)
    found = moments_of(converted(frame, kind))
    np.testing.assert_array_equal(found.observed, expected.observed)
    np.testing.assert_array_equal(found.mean, expected.mean)
    np.testing.assert_array_equal(found.covariance, expected.covariance)


def converted(frame: pd.DataFrame, kind: str) -> object:
    if kind == "polars":
        return pl.DataFrame(frame.to_dict("list"), nan_to_null=True)
    if kind == "pyarrow":
        return pa.table({name: pa.array(frame[name], from_pandas=True) for name in frame})
    if kind == "read-only":
        values = frame.to_numpy()
        values.flags.writeable = False
        return pd.DataFrame(values, columns=frame.columns, copy=False)
    return frame.astype({"nullable": "Float64", "Int64": "Int64", "arrow": "double[pyarrow]"}[kind])


def test_sums_over_patterns_are_the_sums_over_rows():
    frame = drawn(0.2)
    found = moments_of(frame)
    mean, variance = found.item_moments()
    np.testing.assert_allclose(mean, frame.mean(), rtol=EXACT)
    np.testing.assert_allclose(variance, frame.var(ddof=0), rtol=EXACT)
    pairwise = item_moments(nw.from_native(frame), {"s": list(frame)}, missing="pairwise")["s"]
    np.testing.assert_array_equal(found.pair_n, pairwise.pair_n)
    np.testing.assert_array_equal(found.answered, pairwise.answered)


def test_a_large_mean_keeps_the_digits_of_a_small_variance():
    frame = pd.DataFrame(np.random.default_rng(3).normal(size=(500, 2)), columns=["x", "y"])
    far = frame + 1e8
    found = moments_of(far)
    np.testing.assert_allclose(found.covariance[0], np.cov((far - 1e8).T, ddof=0), rtol=1e-7)


@pytest.mark.parametrize("constant", [3.0, 0.1])
def test_a_constant_has_no_variance_at_all(constant):
    found = moments_of(pd.DataFrame({"x": [constant] * 97, "y": np.arange(97.0)}))
    assert found.covariance[0, 0].tolist() == [0.0, 0.0]


def test_no_rows_and_no_answers_are_no_fault():
    none = moments_of(pd.DataFrame({"x": [], "y": []}, dtype=float))
    assert (none.n, none.n_total, none.n_empty, len(none.counts)) == (0, 0, 0, 0)
    assert pattern_table(none).empty
    blank = moments_of(pd.DataFrame({"x": [np.nan] * 3, "y": [np.nan] * 3}))
    assert (blank.n, blank.n_total, blank.n_empty, len(blank.counts)) == (0, 3, 3, 0)
    assert np.isnan(blank.item_moments()[0]).all()
    assert pattern_table(blank)[["missing", "count"]].values.tolist() == [["x, y", 3]]


def test_the_table_has_every_row_once():
    frame = drawn(0.5, n=300)
    table = pattern_table(moments_of(frame))
    assert table["count"].sum() == 300
    assert table["share"].sum() == pytest.approx(1)
    assert table["missing"].str.count("i").tolist() == table["n_missing"].tolist()
    assert table["pattern"].str.count("0").tolist() == table["n_missing"].tolist()
    assert table["pattern"].is_unique


@settings(deadline=None, max_examples=25)
@given(
    seed=st.integers(0, 999), share=st.sampled_from([0, 0.1, 0.5, 0.95]), k=st.sampled_from([2, 5])
)
def test_order_of_rows_and_of_items_does_not_matter(seed, share, k):
    frame = drawn(share, n=60, k=k, seed=seed)
    draw = np.random.default_rng(seed)
    one = moments_of(frame)
    two = moments_of(frame.iloc[draw.permutation(len(frame))])
    # Whole-number codes add up without rounding, whatever the order.
    for name in ("observed", "counts", "mean", "covariance"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    order = draw.permutation(k)
    three = moments_of(frame.iloc[:, order])
    assert {(*row[order], n) for row, n in zip(one.observed, one.counts, strict=True)} == {
        (*row, n) for row, n in zip(three.observed, three.counts, strict=True)
    }
    for a, b in zip(one.item_moments(), three.item_moments(), strict=True):
        np.testing.assert_allclose(a[order], b, rtol=EXACT)
