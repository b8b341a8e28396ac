"""The searches behind the factors: derivatives, bounds, many starts."""

from __future__ import annotations

import numpy as np
import pytest

from relsurvey.psychometrics.exploratory.bounded_newton import Point, minimise
from relsurvey.psychometrics.exploratory.efa_fit import degrees_of_freedom
from relsurvey.psychometrics.exploratory.extraction import (
    _MaximumLikelihood,
    _MinimumResidual,
    discrepancy,
    extract,
)
from relsurvey.psychometrics.exploratory.rotation import rotate
from relsurvey.psychometrics.exploratory.rotation_search import Oblique, Orthogonal, search


def some_correlations(p=9, seed=1):
    draw = np.random.default_rng(seed)
    return np.corrcoef((draw.normal(size=(80, p)) + draw.normal(size=(80, 1))).T)


@pytest.mark.parametrize("kind", [_MaximumLikelihood, _MinimumResidual])
@pytest.mark.parametrize("k", [1, 3])
def test_derivatives_are_those_of_differences(kind, k):
    function = kind(some_correlations(), k)
    at = function.point(np.random.default_rng(2).uniform(0.3, 0.9, 9))
    value, gradient, hessian = function(at)
    step = 1e-5 * np.eye(9)
    ahead, behind = ([function(at + sign * row) for row in step] for sign in (1, -1))
    slopes = [(a.value - b.value) / 2e-5 for a, b in zip(ahead, behind, strict=True)]
    bends = [(a.gradient - b.gradient) / 2e-5 for a, b in zip(ahead, behind, strict=True)]
    assert gradient == pytest.approx(np.array(slopes), abs=1e-8)
    assert hessian == pytest.approx(np.array(bends), abs=1e-7)
    assert np.isfinite(value)


def test_the_likelihood_is_the_discrepancy_of_its_model():
    correlation = some_correlations()
    found = extract(correlation, 1, "ml")
    model = found.loadings @ found.loadings.T + np.diag(found.uniqueness)
    assert found.value == pytest.approx(discrepancy(correlation, model), abs=1e-10)
    assert np.diag(model) == pytest.approx(np.ones(9), abs=1e-7)


@pytest.mark.parametrize("method", ["ml", "minres"])
@pytest.mark.parametrize("seed", range(3))
def test_noise_with_many_optima_gets_the_best_of_them(method, seed):
    correlation = np.corrcoef(np.random.default_rng(seed).normal(size=(30, 8)).T)
    found = extract(correlation, 2, method)
    assert found.converged
    function = (_MaximumLikelihood if method == "ml" else _MinimumResidual)(correlation, 2)
    draw = np.random.default_rng(99)
    others = [
        minimise(function, function.point(start), function.lower, function.upper).value
        for start in draw.uniform(0.05, 0.95, size=(30, 8))
    ]
    assert found.value <= min(others) + 1e-8


def test_a_bound_holds_and_a_saddle_is_left():
    def saddle(x):
        value = float((x[0] ** 2 - 1) ** 2 + x[1])
        slope = np.array([4 * x[0] * (x[0] ** 2 - 1), 1.0])
        return Point(value, slope, np.diag([12 * x[0] ** 2 - 4, 0.0]))

    found = minimise(saddle, np.array([0.01, 1.5]), -2.0, 2.0)
    assert found.converged
    assert found.at == pytest.approx([1.0, -2.0], abs=1e-7)


def test_an_undefined_start_is_no_convergence():
    found = minimise(
        lambda x: Point(np.inf, np.empty(0), np.empty((0, 0))), np.array([0.5]), 0.0, 1.0
    )
    assert not found.converged


@pytest.mark.parametrize("surface", [Oblique, Orthogonal])
def test_slopes_on_the_surface_are_those_of_differences(surface):
    loadings = np.random.default_rng(3).normal(size=(8, 3)) / 2
    place = surface(loadings)
    rotation = np.linalg.qr(np.random.default_rng(4).normal(size=(3, 3)))[0][None]
    slope = place.at(rotation).slope[0]
    step = 1e-6 * np.eye(len(slope))
    many = np.repeat(rotation, len(slope), axis=0)
    ahead, behind = (place.at(place.moved(many, sign * step)).value for sign in (1, -1))
    assert slope == pytest.approx((ahead - behind) / 2e-6, abs=1e-7)


@pytest.mark.parametrize("seed", range(2))
def test_no_start_finds_a_better_rotation(seed):
    loadings = extract(some_correlations(12, seed), 4, "minres").loadings
    for surface in (Oblique(loadings), Orthogonal(loadings)):
        best = search(surface, 4)
        assert best.converged
        starts = np.linalg.qr(np.random.default_rng(5).normal(size=(40, 4, 4)))[0]
        turned = type(surface)(loadings @ starts[0])
        assert search(turned, 4).value == pytest.approx(best.value, abs=1e-9)
        values = surface.at(starts).value
        assert best.value <= values.min()


def test_turning_the_axes_beforehand_changes_no_rotation():
    loadings = extract(some_correlations(12), 3, "ml").loadings
    turn = np.linalg.qr(np.random.default_rng(6).normal(size=(3, 3)))[0]
    for rotation in ("oblimin", "varimax", "promax"):
        found, again = (rotate(part, rotation) for part in (loadings, loadings @ turn))
        assert again.loadings == pytest.approx(found.loadings, abs=1e-6)
        assert again.factor_correlations == pytest.approx(found.factor_correlations, abs=1e-6)


def test_an_item_without_communality_does_not_break_varimax():
    loadings = np.vstack([extract(some_correlations(8), 2, "ml").loadings, np.zeros((1, 2))])
    found = rotate(loadings, "varimax")
    assert np.isfinite(found.loadings).all()
    assert found.loadings[-1].tolist() == [0.0, 0.0]


def test_degrees_of_freedom_count_what_is_left():
    for p in range(3, 12):
        for k in range(1, 4):
            left = p * (p - 1) // 2 - p * k + k * (k - 1) // 2
            assert degrees_of_freedom(p, k) == left
