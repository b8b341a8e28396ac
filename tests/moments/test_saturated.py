"""The saturated model against lavaan, and where it must collapse or give up."""

from __future__ import annotations

import math
import re

import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.moments.likelihood import normal_likelihood
from relsurvey.moments.patterns import pattern_moments
from relsurvey.moments.saturated import SaturatedMoments, saturated_moments

SETS = ["ten", "all", "airquality", "heavy", "dependent"]


def fitted(frame: pd.DataFrame) -> SaturatedMoments:
    return saturated_moments(pattern_moments(nw.from_native(frame), list(frame.columns)))


def drawn(share_missing: float, n: int = 200, seed: int = 5) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    common = draw.normal(size=(n, 1))
    values = np.rint(common + draw.normal(size=(n, 5))) + 4
    values[draw.random(values.shape) < share_missing] = np.nan
    return pd.DataFrame(values, columns=list("abcde"))


@pytest.mark.parametrize("name", SETS)
def test_it_is_what_lavaan_finds(name, incomplete, missing_reference):
    found, expected = fitted(incomplete(name)), missing_reference[name]
    scale = np.sqrt(np.diag(expected["covariance"]))
    assert (found.converged, found.note, found.n) == (True, "", expected["n"])
    np.testing.assert_allclose(found.mean / scale, expected["mean"] / scale, atol=1e-10)
    np.testing.assert_allclose(
        found.covariance / np.outer(scale, scale),
        np.array(expected["covariance"]) / np.outer(scale, scale),
        atol=1e-10,
    )
    assert found.log_likelihood == pytest.approx(expected["log_likelihood"], abs=1e-8)


@pytest.mark.parametrize("name", SETS)
def test_the_likelihood_is_flat_there(name, incomplete):
    frame = incomplete(name)
    moments = pattern_moments(nw.from_native(frame), list(frame.columns))
    found = saturated_moments(moments)
    slope = normal_likelihood(moments, found.mean, found.covariance)
    assert slope.value == pytest.approx(found.log_likelihood, rel=1e-13)
    deviation = np.sqrt(np.diag(found.covariance))
    assert np.abs(slope.for_mean * deviation).max() < 1e-8 * found.n
    square = np.outer(deviation, deviation)
    assert np.abs(slope.for_covariance * square).max() < 1e-8 * found.n


def test_complete_rows_give_their_mean_and_covariance():
    frame = drawn(0)
    found = fitted(frame)
    np.testing.assert_allclose(found.mean, frame.mean(), rtol=1e-13)
    np.testing.assert_allclose(found.covariance, frame.cov(ddof=0), rtol=1e-12)
    assert found.steps <= 4


def test_monotone_gaps_give_the_regression_estimates():
    # Anderson 1957: b is missing where a alone was asked, so b's mean is the regression's.
    frame = drawn(0)[["a", "b"]].copy()
    frame.loc[frame["a"] > 4, "b"] = np.nan
    found = fitted(frame)
    there = frame.dropna()
    slope = there.cov(ddof=0).loc["a", "b"] / there["a"].var(ddof=0)
    expected = there["b"].mean() + slope * (frame["a"].mean() - there["a"].mean())
    assert found.mean[1] == pytest.approx(expected, rel=1e-9)
    residual = there["b"].var(ddof=0) - slope**2 * there["a"].var(ddof=0)
    assert found.covariance[1, 1] == pytest.approx(
        residual + slope**2 * frame["a"].var(ddof=0), rel=1e-9
    )


def test_rows_without_an_answer_change_nothing():
    frame = drawn(0.2)
    blank = pd.concat([frame, pd.DataFrame(np.nan, index=range(9), columns=frame.columns)])
    one, two = fitted(frame.dropna(how="all")), fitted(blank)
    assert one.n == two.n
    np.testing.assert_array_equal(one.covariance, two.covariance)
    assert one.log_likelihood == two.log_likelihood


def test_heavy_gaps_converge():
    frame = drawn(0.6, n=400)
    found = fitted(frame)
    assert found.converged
    assert found.note == ""


def gone(**columns: list[float]) -> pd.DataFrame:
    return pd.DataFrame(columns, dtype=float)


NAN = math.nan
IMPOSSIBLE = {
    "never together": (
        gone(a=[1, 2, 3, 5, NAN, NAN, NAN], b=[NAN, NAN, NAN, NAN, 2, 4, 9]),
        "no row answers both a and b",
    ),
    "one answer": (gone(a=[1, 2, 3, 5], b=[NAN, NAN, 1, NAN]), r"of b \(1 answer\)"),
    "no answer": (gone(a=[1, 2, 3, 5], b=[NAN] * 4), r"of b \(0 answers\)"),
    "constant": (gone(a=[1, 2, 3, 5], b=[2, 2, NAN, 2]), "b does not vary"),
    "no rows": (gone(a=[], b=[]), "no row has an answer"),
    "sum of others": (
        gone(a=[1, 2, 3, 5, 1], b=[2, 2, 1, 4, NAN], c=[3, 4, 4, 9, 2]),
        "not positive definite: a, b, c follow from each other",
    ),
    "few rows": (drawn(0.3, n=5), "not positive definite"),
}


@pytest.mark.parametrize("case", list(IMPOSSIBLE))
def test_what_cannot_be_estimated_says_why(case):
    frame, reason = IMPOSSIBLE[case]
    found = fitted(frame)
    assert not found.converged
    assert math.isnan(found.log_likelihood)
    assert np.isnan(found.mean).all()
    assert np.isnan(found.covariance).all()
    assert re.search(reason, found.note)


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 999), share=st.sampled_from([0.05, 0.3]))
def test_order_shift_scale_and_sign_carry_over(seed, share):
    frame = drawn(share, seed=seed)
    one = fitted(frame)
    draw = np.random.default_rng(seed)
    order = draw.permutation(5)
    unit, shift = draw.choice([-100.0, -1.0, 0.01, 7.0], size=5), draw.normal(size=5) * 50
    moved = (frame * unit + shift).iloc[draw.permutation(len(frame)), order]
    two = fitted(moved)
    tolerance = {"rtol": 1e-8, "atol": 1e-8}
    np.testing.assert_allclose(two.mean, (one.mean * unit + shift)[order], **tolerance)
    turned = (one.covariance * np.outer(unit, unit))[np.ix_(order, order)]
    deviation = np.sqrt(np.diag(turned))
    square = np.outer(deviation, deviation)
    np.testing.assert_allclose(two.covariance / square, turned / square, **tolerance)
    counted = frame.count().to_numpy()
    assert two.log_likelihood == pytest.approx(
        one.log_likelihood - counted @ np.log(np.abs(unit)), abs=1e-8
    )


def test_answers_missing_at_random_do_not_bias_it():
    draw = np.random.default_rng(20)
    found, complete = [], []
    for _ in range(20):
        a = draw.normal(size=400)
        b = 0.8 * a + 0.6 * draw.normal(size=400)
        frame = pd.DataFrame({"a": a, "b": np.where(a > 0.3, np.nan, b)})
        estimate = fitted(frame)
        found.append([estimate.mean[1], estimate.covariance[1, 1]])
        there = frame.dropna()
        complete.append([there["b"].mean(), there["b"].var(ddof=0)])
    assert np.mean(found, axis=0) == pytest.approx([0, 1], abs=0.08)
    assert np.mean(complete, axis=0)[0] < -0.3
