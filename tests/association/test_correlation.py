"""The correlation over workers: pingouin's r and p, an interval in full, reasons for none."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from relsurvey.association.companions.correlation import correlate


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
@pytest.mark.parametrize("n", [4, 5, 30, 400])
def test_r_p_and_interval_are_those_of_scipy(n: int, confidence: float) -> None:
    x, y = np.random.default_rng(n).normal(size=(2, n))
    found = correlate(x, x + y, confidence)
    wanted = stats.pearsonr(x, x + y)
    interval = wanted.confidence_interval(confidence)
    assert found.r == pytest.approx(wanted.statistic, rel=1e-12)
    assert found.p_value == pytest.approx(wanted.pvalue, rel=1e-10)
    assert (found.low, found.high) == pytest.approx(tuple(interval), rel=1e-12)
    assert found.note == ""


def test_a_perfect_correlation_has_no_width() -> None:
    x = np.arange(5.0)
    found = correlate(x, -2 * x, 0.95)
    assert (found.r, found.low, found.high) == pytest.approx((-1, -1, -1))


def test_too_few_and_constant_values_give_the_reason() -> None:
    few = correlate(np.arange(3.0), np.arange(3.0), 0.95)
    same = correlate(np.arange(9.0), np.ones(9), 0.95)
    nearly = correlate(np.arange(9.0), 0.1 * 3 + np.arange(9) % 2 * 2e-17 + 1e-16, 0.95)
    assert nearly.note == same.note
    assert np.isnan([few.r, few.low, few.p_value, same.r, same.high]).all()
    assert few.note == "fewer than 4 workers"
    assert same.note == "all workers have the same value"
