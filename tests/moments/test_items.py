"""Item moments against NumPy and pandas, whatever is missing and however rows are chunked."""

from __future__ import annotations

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.errors import ModelError
from relsurvey.moments import items as room
from relsurvey.moments.items import item_moments

EXACT = 1e-12  # relative; two ways of adding the same numbers in double precision
SCALES = {"s": ("a", "c"), "t": ("b", "d", "e"), "all": ("e", "d", "c", "b", "a")}


def drawn(share_missing: float, n: int = 400) -> pd.DataFrame:
    draw = np.random.default_rng(11)
    values = draw.integers(1, 7, size=(n, 5)).astype(float)
    values[draw.random(values.shape) < share_missing] = np.nan
    return pd.DataFrame(values, columns=list("abcde"))


@pytest.fixture(params=[7, 100, 32_768])
def chunk_rows(request, monkeypatch):
    monkeypatch.setattr(room, "CHUNK_ROWS", request.param)


@pytest.mark.usefixtures("chunk_rows")
@pytest.mark.parametrize("share_missing", [0, 0.02, 0.2])
@pytest.mark.parametrize("kind", ["pandas", "nullable", "polars", "read-only"])
def test_listwise_is_the_covariance_of_complete_rows(kind, share_missing):
    frame = drawn(share_missing)
    found = item_moments(nw.from_native(converted(frame, kind)), SCALES, ends=(1, 6))
    for key, columns in SCALES.items():
        complete = frame[list(columns)].dropna()
        moments = found[key]
        assert (moments.n, moments.n_total) == (len(complete), len(frame))
        assert (moments.pair_n == len(complete)).all()
        assert moments.answered.tolist() == frame[list(columns)].count().tolist()
        assert moments.used.tolist() == [len(complete)] * len(columns)
        np.testing.assert_allclose(moments.mean, complete.mean(), rtol=EXACT)
        np.testing.assert_allclose(moments.covariance, complete.cov(), rtol=EXACT, atol=EXACT)
        assert moments.floor.tolist() == (complete == 1).sum().tolist()
        assert moments.ceiling.tolist() == (complete == 6).sum().tolist()


@pytest.mark.usefixtures("chunk_rows")
@pytest.mark.parametrize("share_missing", [0, 0.02, 0.2])
def test_pairwise_uses_every_row_a_pair_shares(share_missing):
    frame = drawn(share_missing)
    found = item_moments(nw.from_native(frame), SCALES, missing="pairwise", ends=(1, 6))
    for key, columns in SCALES.items():
        part, moments = frame[list(columns)], found[key]
        there = part.notna().to_numpy().astype(int)
        np.testing.assert_array_equal(moments.pair_n, there.T @ there)
        assert moments.n == moments.pair_n.min()
        np.testing.assert_allclose(moments.mean, part.mean(), rtol=EXACT)
        # pandas centres each pair at the means of its own rows, as R does.
        np.testing.assert_allclose(moments.covariance, part.cov(), rtol=1e-10, atol=1e-10)
        assert moments.floor.tolist() == (part == 1).sum().tolist()
        assert moments.ceiling.tolist() == (part == 6).sum().tolist()


def converted(frame: pd.DataFrame, kind: str) -> object:
    if kind == "nullable":
        return frame.astype("Float64")
    if kind == "polars":
        return pl.DataFrame(frame.to_dict("list"), nan_to_null=True)
    if kind == "read-only":
        values = frame.to_numpy()
        values.flags.writeable = False
        return pd.DataFrame(values, columns=frame.columns, copy=False)
    return frame


def test_a_large_mean_keeps_the_digits_of_a_small_variance():
    values = np.random.default_rng(3).normal(size=(500, 2))
    frame = nw.from_native(pd.DataFrame(values + 1e8, columns=["x", "y"]))
    moments = item_moments(frame, {"s": ["x", "y"]})["s"]
    expected = np.cov((values + 1e8 - 1e8).T)
    np.testing.assert_allclose(moments.covariance, expected, rtol=1e-7)


@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
@pytest.mark.parametrize("constant", [3.0, 0.1])
def test_a_constant_has_no_variance_at_all(missing, constant):
    frame = nw.from_native(pd.DataFrame({"x": [constant] * 97, "y": np.arange(97.0)}))
    moments = item_moments(frame, {"s": ["x", "y"]}, missing=missing)["s"]
    assert moments.covariance[0].tolist() == [0.0, 0.0]
    assert moments.covariance[:, 0].tolist() == [0.0, 0.0]
    assert moments.covariance[1, 1] == pytest.approx(np.arange(97).var(ddof=1))


@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
def test_too_few_rows_have_no_covariance(missing):
    frame = nw.from_native(
        pd.DataFrame({"x": [1.0, np.nan], "y": [2.0, np.nan], "z": [np.nan] * 2})
    )
    moments = item_moments(frame, {"one": ["x", "y"], "none": ["z"]}, missing=missing)
    assert moments["one"].n == 1
    assert moments["one"].mean.tolist() == [1.0, 2.0]
    assert np.isnan(moments["one"].covariance).all()
    assert (moments["none"].n, moments["none"].answered.tolist()) == (0, [0])
    assert np.isnan(moments["none"].mean).all()
    assert moments["none"].floor is None


def test_no_rows_are_no_fault():
    frame = nw.from_native(pd.DataFrame({"x": [], "y": []}, dtype=float))
    moments = item_moments(frame, {"s": ["x", "y"]}, ends=(1, 6))["s"]
    assert (moments.n, moments.n_total) == (0, 0)
    assert np.isnan(moments.covariance).all()


def test_what_to_do_with_missing_answers_is_one_of_two_words():
    with pytest.raises(ModelError, match="missing cannot be 'list'"):
        item_moments(nw.from_native(drawn(0)), SCALES, missing="list")


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 999), share=st.sampled_from([0, 0.1, 0.5]))
def test_order_of_rows_does_not_matter(seed, share):
    frame = drawn(share, n=60)
    shuffled = frame.iloc[np.random.default_rng(seed).permutation(len(frame))]
    for missing in ("listwise", "pairwise"):
        one = item_moments(nw.from_native(frame), SCALES, missing=missing)["t"]
        two = item_moments(nw.from_native(shuffled), SCALES, missing=missing)["t"]
        # Whole-number codes add up without rounding, whatever the order.
        np.testing.assert_array_equal(one.covariance, two.covariance)
        np.testing.assert_array_equal(one.mean, two.mean)
