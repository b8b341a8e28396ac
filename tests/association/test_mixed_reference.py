"""fit_mixed against lme4 and lmerTest (values made by tests/reference/golden_hsb.R)."""

from __future__ import annotations

import numpy as np
import pytest

import relsurvey as rs

ESTIMATES = 1e-6  # relative; lme4 stops where its criterion is flat to about this
VARIANCES = 1e-5
DEGREES = 1e-3
P_VALUES = 1e-3
DEVIANCE = 1e-6  # absolute
P_THREE_LEVEL = 5e-3  # p near 1e-130 of a fit over three parameters: lme4 stopped 1e-5 away

MODELS = {
    "null": [],
    "level2_predictor": ["MEANSES"],
    "adjusted": ["MEANSES", "catholic", "SES", "female", "minority"],
    "few_clusters": ["MEANSES", "SES"],
}


def data_of(block, hsb, reference):
    if block != "few_clusters":
        return hsb
    return hsb[hsb["School"].isin([str(school) for school in reference["few_clusters_schools"]])]


@pytest.mark.parametrize("block", MODELS)
def test_reml_equals_lme4_and_lmertest(block, hsb, reference) -> None:
    wanted = reference[block]
    result = rs.fit_mixed(data_of(block, hsb, reference), "MathAch", MODELS[block], "School")
    table = result.to_frame()
    names = np.atleast_1d(wanted["names"]).tolist()
    assert table["term"].tolist() == names
    np.testing.assert_allclose(table["estimate"], np.atleast_1d(wanted["estimate"]), ESTIMATES)
    np.testing.assert_allclose(table["std_error"], np.atleast_1d(wanted["se"]), ESTIMATES)
    np.testing.assert_allclose(table["df"], np.atleast_1d(wanted["df_satterthwaite"]), DEGREES)
    np.testing.assert_allclose(table["p_value"], np.atleast_1d(wanted["p_satterthwaite"]), P_VALUES)
    assert result.variance["School"] == pytest.approx(wanted["variance"]["School"], rel=VARIANCES)
    residual = wanted["variance"]["Residual"]
    assert result.variance["residual"] == pytest.approx(residual, rel=VARIANCES)
    assert result.deviance == pytest.approx(wanted["reml_deviance"], rel=0, abs=DEVIANCE)
    assert result.log_likelihood == -result.deviance / 2
    assert (result.n_rows, result.converged, result.boundary) == (wanted["n"], True, False)


@pytest.mark.parametrize("block", MODELS)
def test_maximum_likelihood_equals_lme4(block, hsb, reference) -> None:
    wanted = reference[block]
    data = data_of(block, hsb, reference)
    result = rs.fit_mixed(data, "MathAch", MODELS[block], "School", reml=False)
    estimates, errors = (np.atleast_1d(wanted[name]) for name in ("estimate_ml", "se_ml"))
    np.testing.assert_allclose(result.table["estimate"], estimates, ESTIMATES)
    np.testing.assert_allclose(result.table["std_error"], errors, ESTIMATES)
    between, residual = (wanted["variance_ml"][name] for name in ("School", "Residual"))
    assert result.variance["School"] == pytest.approx(between, rel=VARIANCES)
    assert result.variance["residual"] == pytest.approx(residual, rel=VARIANCES)
    assert result.deviance == pytest.approx(wanted["ml_deviance"], rel=0, abs=DEVIANCE)


def test_a_third_level_without_variance_is_no_level(hsb, reference) -> None:
    wanted = reference["three_level"]
    assert wanted["variance"]["district"] == 0
    result = rs.fit_mixed(hsb, "MathAch", ["MEANSES", "SES"], "School")
    np.testing.assert_allclose(result.table["estimate"], wanted["estimate"], ESTIMATES)
    np.testing.assert_allclose(result.table["std_error"], wanted["se"], 1e-5)
    np.testing.assert_allclose(result.table["df"], wanted["df_satterthwaite"], DEGREES)
    np.testing.assert_allclose(result.table["p_value"], wanted["p_satterthwaite"], P_THREE_LEVEL)
    between = wanted["variance"]["School:district"]
    assert result.variance["School"] == pytest.approx(between, rel=VARIANCES)
    assert result.deviance == pytest.approx(wanted["reml_deviance"], rel=0, abs=DEVIANCE)


def test_raudenbush_and_bryk_are_met(hsb) -> None:
    null = rs.fit_mixed(hsb, "MathAch", [], "School")
    assert round(null.icc, 2) == 0.18
    assert round(null.variance["School"], 2) == 8.61
    assert round(null.variance["residual"], 2) == 39.15
