"""Implied moments and their derivatives, beside differences in the complex plane."""

from __future__ import annotations

import numpy as np
import pytest

from relsurvey.psychometrics.structure.estimators import SampleMoments
from relsurvey.psychometrics.structure.estimators.ml import ML
from relsurvey.psychometrics.structure.implied import (
    directions,
    group_model,
    latent_directions,
)
from relsurvey.psychometrics.structure.parameters import ParameterTable, parameter_table
from relsurvey.psychometrics.structure.specification import structure_of
from relsurvey.psychometrics.structure.standardised import standardise

MODELS = {
    "correlated": "f =~ a + b + c\ng =~ d + e + a\nb ~~ d",
    "equal": "f =~ l*a + l*b + c\ng =~ d + e + h\na ~~ v*a\nd ~~ v*d",
    "second_order": "f =~ a + b + c\ng =~ d + e + h\nk =~ i + j + l\nt =~ f + g + k + a",
}
TINY = 1e-30


def table_of(name: str, groups: int, equal: tuple[str, ...], *, means: bool) -> ParameterTable:
    labels = (None,) if groups == 1 else tuple(range(groups))
    return parameter_table(
        structure_of(MODELS[name]), groups=labels, equal=equal if groups > 1 else (), means=means
    )


def implied_moments(table: ParameterTable, theta: np.ndarray) -> list:
    """Return Sigma and mu of every group."""
    models = [group_model(table, theta, group) for group in range(len(table.groups))]
    return [(model.covariance, model.mean) for model in models]


def derivatives(table: ParameterTable, theta: np.ndarray) -> list:
    """Return the derivatives of both, (q, p, p) and (q, p), that the directions stand for."""
    found = []
    for group in range(len(table.groups)):
        way = directions(table, group_model(table, theta, group), group)
        half = way.u[:, :, None] * way.v[:, None, :]
        p = len(table.items)
        sigma, mean = np.zeros((table.n_free, p, p)), np.zeros((table.n_free, p))
        np.add.at(sigma, way.index, half + half.transpose(0, 2, 1))
        np.add.at(mean, way.index, way.mean)
        found.append((sigma, mean))
    return found


def drawn(table: ParameterTable, seed: int = 3) -> np.ndarray:
    """Return values with which every covariance matrix is positive definite."""
    draw = np.random.default_rng(seed)
    theta = draw.uniform(0.3, 0.8, table.n_free)
    for row in table.rows:
        if row.free and row.matrix in ("theta", "psi"):
            theta[row.index] = draw.uniform(0.5, 1.5) if row.row == row.column else 0.2
    return theta


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("equal", [(), ("loadings",), ("loadings", "intercepts", "residuals")])
@pytest.mark.parametrize("groups", [1, 2])
def test_derivatives_are_right(name: str, equal: tuple[str, ...], groups: int) -> None:
    table = table_of(name, groups, equal, means=True)
    theta = drawn(table)
    found = derivatives(table, theta)
    for index in range(table.n_free):
        moved = theta.astype(complex)
        moved[index] += 1j * TINY
        for (sigma, mean), (d_sigma, d_mean) in zip(
            implied_moments(table, moved), found, strict=True
        ):
            assert d_sigma[index] == pytest.approx(np.imag(sigma) / TINY, abs=1e-12)
            assert d_mean[index] == pytest.approx(np.imag(mean) / TINY, abs=1e-12)


@pytest.mark.parametrize("name", MODELS)
def test_factor_variances_move_as_said(name: str) -> None:
    table = table_of(name, 2, ("loadings", "intercepts"), means=True)
    theta = drawn(table)
    for group in (0, 1):
        found = latent_directions(table, group_model(table, theta, group), group)
        for index in range(table.n_free):
            moved = theta.astype(complex)
            moved[index] += 1j * TINY
            variances = np.diag(group_model(table, moved, group).factor_covariance)
            assert found[index] == pytest.approx(np.imag(variances) / TINY, abs=1e-12)


def estimator_at(table: ParameterTable, theta: np.ndarray, off: float = 0.1) -> ML:
    """Return data that the model does not fit."""
    draw = np.random.default_rng(5)
    moments = []
    for label, (sigma, mean) in zip(table.groups, implied_moments(table, theta), strict=True):
        noise = draw.normal(size=sigma.shape) * off
        seen = sigma + noise @ noise.T
        moments.append(SampleMoments(label, 200, 200, mean + off, seen))
    return ML(table, moments)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("groups", [1, 2])
def test_the_gradient_is_that_of_the_objective(name: str, groups: int) -> None:
    table = table_of(name, groups, ("loadings",), means=True)
    theta = drawn(table)
    estimator = estimator_at(table, theta)
    gradient = estimator.objective(theta).gradient
    for index in range(table.n_free):
        step = np.zeros(table.n_free)
        step[index] = 1e-6
        difference = (estimator.value(theta + step) - estimator.value(theta - step)) / 2e-6
        assert gradient[index] == pytest.approx(difference, abs=1e-4)


@pytest.mark.parametrize("name", MODELS)
def test_the_information_is_the_expected_curvature(name: str) -> None:
    table = table_of(name, 2, ("loadings", "intercepts"), means=True)
    theta = drawn(table)
    # Where the model fits exactly, the curvature is what is expected.
    estimator = estimator_at(table, theta, off=0.0)
    information = estimator.objective(theta).information
    for index in range(table.n_free):
        step = np.zeros(table.n_free)
        step[index] = 1e-5
        difference = (
            estimator.objective(theta + step).gradient - estimator.objective(theta - step).gradient
        ) / 2e-5
        scale = np.abs(information).max()
        assert information[index] == pytest.approx(difference, abs=1e-6 * scale)


@pytest.mark.parametrize("ordinal", [False, True])
@pytest.mark.parametrize("name", MODELS)
def test_standardised_errors_follow_from_the_slopes(name: str, ordinal: bool) -> None:
    structure = structure_of(MODELS[name])
    counts = dict.fromkeys(structure.items, 2) if ordinal else None
    table = parameter_table(
        structure, groups=(1, 2), equal=("loadings", "thresholds"), thresholds=counts
    )
    theta = drawn(table) * (0.6 if ordinal else 1.0)
    draw = np.random.default_rng(9)
    root = draw.normal(size=(table.n_free, table.n_free)) * 0.02
    covariance = root @ root.T
    found = standardise(table, theta, covariance)
    slopes = []
    for index in range(table.n_free):
        step = np.zeros(table.n_free)
        step[index] = 1e-6
        up = standardise(table, theta + step, covariance).value
        down = standardise(table, theta - step, covariance).value
        slopes.append((up - down) / 2e-6)
    slope = np.array(slopes).T
    expected = np.sqrt(np.einsum("ij,jk,ik->i", slope, covariance, slope))
    varies = expected > 1e-8
    assert varies.sum() > table.n_free / 2
    assert found.std_error[varies] == pytest.approx(expected[varies], rel=1e-5)
    assert np.isnan(found.std_error[~varies]).all()


def test_standardised_values_make_up_the_correlations() -> None:
    table = table_of("correlated", 1, (), means=False)
    theta = drawn(table)
    value = standardise(table, theta, np.eye(table.n_free)).value
    loadings, between = np.zeros((5, 2)), np.eye(2)
    for row, entry in zip(table.rows, value, strict=True):
        if row.matrix == "lambda":
            loadings[row.row, row.column] = entry
        if row.matrix == "psi" and row.row != row.column:
            between[row.row, row.column] = between[row.column, row.row] = entry
    sigma = implied_moments(table, theta)[0][0]
    deviations = np.sqrt(np.diag(sigma))
    correlation = sigma / np.outer(deviations, deviations)
    c, e = table.items.index("c"), table.items.index("e")
    assert (loadings @ between @ loadings.T)[c, e] == pytest.approx(correlation[c, e])
