"""Indices of fit from a chi-square: at their edges, and the same for every kind of model."""

import math

import pytest
from scipy.stats import ncx2

from relsurvey.psychometrics.exploratory.efa_fit import fit_figures
from relsurvey.psychometrics.fit_indices import (
    comparative_fit,
    rmsea,
    rmsea_limits,
    tucker_lewis,
)

NAN = math.nan


def test_limits_are_where_chi_square_is_at_its_tails():
    low, high = rmsea_limits(85.3, 24, 301)
    assert ncx2.cdf(85.3, 24, low**2 * 24 * 301) == pytest.approx(0.95, abs=1e-10)
    assert ncx2.cdf(85.3, 24, high**2 * 24 * 301) == pytest.approx(0.05, abs=1e-10)
    assert rmsea_limits(85.3, 24, 300) == pytest.approx(
        [limit * math.sqrt(301 / 300) for limit in (low, high)]
    )


@pytest.mark.parametrize("chisq", [NAN, math.inf, -math.inf])
def test_without_a_chi_square_there_is_nothing(chisq):
    assert all(math.isnan(limit) for limit in rmsea_limits(chisq, 24, 300))


def test_without_degrees_of_freedom_nothing_is_said():
    assert all(math.isnan(limit) for limit in rmsea_limits(10.0, 0, 300))
    assert math.isnan(rmsea(10.0, 0, 300))
    assert math.isnan(rmsea(NAN, 3, 300))
    assert math.isnan(comparative_fit(10.0, 0, 50.0, 10))
    assert math.isnan(tucker_lewis(10.0, 0, 50.0, 10))


@pytest.mark.parametrize("null_chisq", [20.0, 10.0, NAN])
def test_tli_needs_a_baseline_that_is_worse_than_chance(null_chisq):
    assert math.isnan(tucker_lewis(5.0, 10, null_chisq, 20))
    # Items that are no more related than by chance leave CFI nothing to explain.
    assert comparative_fit(5.0, 10, 20.0, 20) == 1
    assert comparative_fit(50.0, 10, 20.0, 20) == 0


def test_the_limits_of_an_exploratory_analysis_hold_at_an_enormous_chi_square():
    import numpy as np

    seen = np.full((6, 6), 0.5) + 0.5 * np.eye(6)
    figures = fit_figures(seen, np.eye(6) * 0.6 + 0.4, 10_000_000, 1)
    assert figures["rmsea_low"] <= figures["rmsea"] <= figures["rmsea_high"]
    assert figures["rmsea_high"] - figures["rmsea_low"] < 1e-3
