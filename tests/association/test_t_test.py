"""The t test that every method shares, against scipy and at its limits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from relsurvey.association.t_test import t_test, t_test_of_one

FIGURES = ["estimate", "std_error", "df", "statistic", "p_value", "conf_low", "conf_high"]


def test_it_is_the_test_of_a_mean() -> None:
    values = np.random.default_rng(3).normal(0.4, 1.0, 17)
    theirs = stats.ttest_1samp(values, 0.0)
    found = t_test_of_one(values.mean(), stats.sem(values), 16.0, 0.9)
    assert list(found) == FIGURES
    assert found["statistic"] == pytest.approx(theirs.statistic, rel=1e-12)
    assert found["p_value"] == pytest.approx(theirs.pvalue, rel=1e-10)
    limits = theirs.confidence_interval(0.9)
    assert (found["conf_low"], found["conf_high"]) == pytest.approx(tuple(limits), rel=1e-10)


def test_infinite_degrees_of_freedom_are_a_z_test() -> None:
    found = t_test([0.3, -0.3], 0.1, math.inf, 0.95)
    assert found["p_value"] == pytest.approx([2.0 * stats.norm.sf(3.0)] * 2, rel=1e-12)
    assert found["conf_high"][0] == pytest.approx(0.3 + 0.1 * stats.norm.ppf(0.975), rel=1e-12)


def test_many_are_tested_as_each_alone() -> None:
    estimate, std_error, df = np.array([0.2, -1.0]), np.array([0.1, 0.3]), np.array([3.5, 40.0])
    together = t_test(estimate, std_error, df, 0.95)
    for place in range(2):
        alone = t_test_of_one(estimate[place], std_error[place], df[place], 0.95)
        assert {name: values[place] for name, values in together.items()} == alone


def test_without_error_the_statistic_has_no_end_and_one_alone_is_not_tested() -> None:
    found = t_test([0.5, -0.5, 0.0], 0.0, 10.0, 0.95)
    assert found["statistic"][:2].tolist() == [math.inf, -math.inf]
    assert found["p_value"][:2].tolist() == [0.0, 0.0]
    assert math.isnan(found["statistic"][2])
    alone = t_test_of_one(0.5, 0.0, 10.0, 0.95)
    assert (alone["estimate"], alone["std_error"]) == (0.5, 0.0)
    assert np.isnan([alone[name] for name in FIGURES[3:]]).all()


@pytest.mark.parametrize(("std_error", "df"), [(math.nan, 10.0), (0.1, 0.0), (0.1, math.nan)])
def test_what_cannot_be_tested_is_nan(std_error: float, df: float) -> None:
    alone = t_test_of_one(0.5, std_error, df, 0.95)
    assert np.isnan([alone[name] for name in FIGURES[3:]]).all()
