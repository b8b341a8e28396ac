"""Fit measures where they have to come down to something simple."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from relsurvey.psychometrics.structure.cfa import fit_cfa
from relsurvey.psychometrics.structure.estimators import Test
from relsurvey.psychometrics.structure.fit_measures import (
    comparative_fit,
    rmsea,
    rmsea_limits,
    tucker_lewis,
)


def test_cfi_counts_from_the_baseline_and_never_above_one() -> None:
    assert comparative_fit(Test(10.0, 20), Test(500.0, 30)) == 1
    assert comparative_fit(Test(50.0, 20), Test(530.0, 30)) == pytest.approx(1 - 30 / 500)
    assert comparative_fit(Test(500.0, 20), Test(100.0, 30)) == 0
    # Items that are no more related than by chance leave nothing to explain.
    assert comparative_fit(Test(10.0, 20), Test(25.0, 30)) == 1


def test_tli_may_lie_outside_zero_and_one() -> None:
    assert tucker_lewis(Test(10.0, 20), Test(530.0, 30)) > 1
    expected = (530 / 30 - 50 / 20) / (530 / 30 - 1)
    assert tucker_lewis(Test(50.0, 20), Test(530.0, 30)) == pytest.approx(expected)


def test_rmsea_grows_with_the_root_of_the_groups() -> None:
    one, four = rmsea(Test(50.0, 20), 300, 1), rmsea(Test(50.0, 20), 300, 4)
    assert one == pytest.approx(math.sqrt(30 / (20 * 300)))
    assert four == pytest.approx(2 * one)
    assert rmsea(Test(15.0, 20), 300, 1) == 0


def test_rmsea_limits_are_where_chi_square_is_at_its_tails() -> None:
    from scipy.stats import ncx2

    test, n = Test(85.3, 24), 301
    low, high = rmsea_limits(test, n, 1)
    assert ncx2.cdf(85.3, 24, low**2 * 24 * n) == pytest.approx(0.95, abs=1e-10)
    assert ncx2.cdf(85.3, 24, high**2 * 24 * n) == pytest.approx(0.05, abs=1e-10)
    assert rmsea_limits(Test(5.0, 24), n, 1) == (0.0, 0.0)
    low, high = rmsea_limits(Test(24.0, 24), n, 1)
    assert low == 0
    assert high > 0


def test_without_degrees_of_freedom_nothing_is_said_of_fit(keyed: pd.DataFrame) -> None:
    result = fit_cfa(keyed, {"f": ["A2", "A3", "A5"]})
    assert result.converged
    assert result.fit["df"] == 0
    for name in ("p_value", "cfi", "tli", "rmsea", "rmsea_low", "rmsea_high"):
        assert math.isnan(result.fit[name]), name
    assert result.readings[0].verdict == "not known"
    assert "no degrees of freedom" in " ".join(result.notes)


def test_no_index_goes_under_a_name_that_is_not_its_own(keyed: pd.DataFrame) -> None:
    # Neither GFI nor NFI is given, so that neither can be the other.
    fit = fit_cfa(keyed, {"f": ["A2", "A3", "A4", "A5"]}).fit
    assert set(fit) == {
        "chisq", "df", "p_value", "cfi", "tli", "rmsea", "rmsea_low", "rmsea_high", "srmr",
        "aic", "bic", "log_likelihood", "n_parameters",
    }  # fmt: skip


def test_the_likelihood_is_that_of_the_rows(keyed: pd.DataFrame) -> None:
    from scipy.stats import multivariate_normal

    items = ["A2", "A3", "A4", "A5"]
    result = fit_cfa(keyed, {"f": items})
    rows = keyed[items].dropna().to_numpy()
    loadings = result.loadings["estimate"].to_numpy()
    residuals = result.parameters.query("operator == '~~' and left != 'f'")["estimate"]
    sigma = np.outer(loadings, loadings) + np.diag(residuals)
    expected = multivariate_normal(rows.mean(axis=0), sigma).logpdf(rows).sum()
    assert result.fit["log_likelihood"] == pytest.approx(expected, abs=1e-6)
    assert result.fit["aic"] == pytest.approx(-2 * expected + 16, abs=1e-5)
    assert result.fit["bic"] == pytest.approx(-2 * expected + 8 * math.log(len(rows)), abs=1e-5)


def test_rows_and_baseline_are_those_of_the_complete_rows(keyed: pd.DataFrame) -> None:
    items = ["A1", "A2", "A3", "A4", "A5"]
    whole = fit_cfa(keyed, {"f": items})
    complete = fit_cfa(keyed.dropna(subset=items), {"f": items})
    assert whole.n == complete.n == complete.n_total == 2709
    assert whole.n_total == 2800
    assert whole.fit == complete.fit
