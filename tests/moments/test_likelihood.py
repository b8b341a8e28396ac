"""The likelihood of pattern sums against that of the rows, and its derivatives by differences."""

from __future__ import annotations

import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal

from relsurvey.moments import likelihood as room
from relsurvey.moments.likelihood import (
    normal_information,
    normal_likelihood,
    pattern_distances,
)
from relsurvey.moments.patterns import PatternMoments, pattern_moments

K = 4


def rows(n: int = 80) -> pd.DataFrame:
    draw = np.random.default_rng(8)
    values = draw.normal(size=(n, K)) @ draw.normal(size=(K, K)) + 3
    values[draw.random(values.shape) < 0.25] = np.nan
    return pd.DataFrame(values, columns=list("abcd"))


def model() -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(9)
    root = draw.normal(size=(K, K))
    return draw.normal(size=K) + 3, root @ root.T + np.eye(K)


@pytest.fixture(params=[1, 100, 500_000])
def moments(request, monkeypatch) -> PatternMoments:
    for name in ("STACK_SIZE", "LARGE_STACK"):
        monkeypatch.setattr(room, name, request.param)
    return pattern_moments(nw.from_native(rows()), list("abcd"))


def direction(seed: int) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    change = draw.normal(size=(K, K))
    return draw.normal(size=K), change + change.T


def test_the_value_is_that_of_the_rows(moments):
    mean, covariance = model()
    total = 0.0
    for row in rows().to_numpy():
        there = ~np.isnan(row)
        if there.any():
            own = covariance[np.ix_(there, there)]
            total += multivariate_normal(mean[there], own).logpdf(row[there])
    assert normal_likelihood(moments, mean, covariance).value == pytest.approx(total, rel=1e-12)


def test_the_slope_is_that_of_small_differences(moments):
    mean, covariance = model()
    slope = normal_likelihood(moments, mean, covariance)
    for seed in range(3):
        a, change = direction(seed)
        step = 1e-5
        up, down = (
            normal_likelihood(moments, mean + sign * step * a, covariance + sign * step * change)
            for sign in (1, -1)
        )
        expected = slope.for_mean @ a + (slope.for_covariance * change).sum()
        assert (up.value - down.value) / (2 * step) == pytest.approx(expected, rel=1e-6)


def test_the_observed_information_is_the_bend(moments):
    mean, covariance = model()
    moves = [direction(seed) for seed in range(5)]
    changes = np.array([a for a, _ in moves]), np.array([change for _, change in moves])
    found = normal_information(moments, mean, covariance, changes, "observed")
    step = 1e-5
    for i, (a, change) in enumerate(moves):
        up, down = (
            normal_likelihood(moments, mean + sign * step * a, covariance + sign * step * change)
            for sign in (1, -1)
        )
        for j, (b, other) in enumerate(moves):
            bend = (up.for_mean - down.for_mean) @ b
            bend += ((up.for_covariance - down.for_covariance) * other).sum()
            assert -bend / (2 * step) == pytest.approx(found[i, j], rel=1e-6)
    np.testing.assert_allclose(found, found.T, rtol=1e-12)


def test_the_expected_information_is_the_variance_of_the_slope():
    mean, covariance = model()
    moves = [direction(seed) for seed in range(3)]
    changes = np.array([a for a, _ in moves]), np.array([change for _, change in moves])
    pattern = rows().notna().to_numpy()
    draw = np.random.default_rng(4)
    slopes = []
    for _ in range(300):
        values = draw.multivariate_normal(mean, covariance, size=len(pattern))
        values[~pattern] = np.nan
        sums = pattern_moments(nw.from_native(pd.DataFrame(values, columns=list("abcd"))), "abcd")
        slope = normal_likelihood(sums, mean, covariance)
        slopes.append([slope.for_mean @ a + (slope.for_covariance * c).sum() for a, c in moves])
    found = normal_information(sums, mean, covariance, changes, "expected")
    # The standard error of a variance from 300 draws is 8 %.
    np.testing.assert_allclose(np.diag(np.cov(np.array(slopes).T)), np.diag(found), rtol=0.25)
    assert np.linalg.eigvalsh(found)[0] > 0


def test_without_a_positive_definite_covariance_there_is_no_likelihood(moments):
    found = normal_likelihood(moments, np.zeros(K), np.ones((K, K)))
    assert found.value == -np.inf
    assert np.isnan(found.for_mean).all()


def test_distances_are_those_of_the_means(moments):
    mean, covariance = model()
    found = pattern_distances(moments, mean, covariance)
    assert found.shape == moments.counts.shape
    there = moments.observed[3]
    apart = (moments.mean[3] - mean)[there]
    own = np.linalg.solve(covariance[np.ix_(there, there)], apart)
    assert found[3] == pytest.approx(moments.counts[3] * apart @ own)
