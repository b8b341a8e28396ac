"""The bivariate normal distribution against R, scipy, and identities."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import ndtr, owens_t
from scipy.stats import multivariate_normal

from relsurvey.psychometrics.bivariate_normal import _gauss, binormal_cdf, binormal_pdf

GOLDEN = json.loads(
    (Path(__file__).parents[1] / "reference" / "polychoric_reference.json").read_text()
)["bivariate_normal"]
LIMITS = st.floats(-7, 7)
# Near one a correlation itself is rounded to 1e-16, which the square root of what it lacks feels.
MODERATE = st.floats(-0.9999, 0.9999)


def by_owens_t(h, k, r):
    """Return the same through Owen's T function, which is computed in another way."""
    root = np.sqrt((1 - r) * (1 + r))
    with np.errstate(divide="ignore", invalid="ignore"):
        one = owens_t(h, (k - r * h) / (h * root))
        other = owens_t(k, (h - r * k) / (k * root))
    opposite = (h * k < 0) | ((h * k == 0) & (h + k < 0))
    return (ndtr(h) + ndtr(k)) / 2 - one - other - 0.5 * opposite


def test_agrees_with_pbivnorm():
    found = binormal_cdf(GOLDEN["x"], GOLDEN["y"], GOLDEN["rho"])
    assert np.abs(found - np.array(GOLDEN["probability"])).max() < 5e-15


@pytest.mark.parametrize("rho", [-0.97, -0.9, -0.5, 0.0, 0.2, 0.7, 0.92, 0.93, 0.99, 0.9999])
def test_agrees_with_owens_t(rho):
    rng = np.random.default_rng(int(1000 * (rho + 2)))
    h, k = rng.normal(size=(2, 5000)) * 2.5
    k[::3] = h[::3] + rng.normal(size=k[::3].shape) * 1e-3
    assert np.abs(binormal_cdf(h, k, rho) - by_owens_t(h, k, rho)).max() < 1e-14


@pytest.mark.parametrize("rho", [-0.95, -0.3, 0.6, 0.98])
def test_agrees_with_scipy(rho):
    points = np.random.default_rng(5).normal(size=(6, 2)) * 1.5
    law = multivariate_normal([0, 0], [[1, rho], [rho, 1]], abseps=1e-12, releps=1e-12)
    expected = [law.cdf(point) for point in points]
    assert binormal_cdf(points[:, 0], points[:, 1], rho) == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize(("h", "k", "r"), [(-0.3, -0.29, 0.999999), (1.2, 1.2, 0.9), (2, -1, 0.5)])
def test_agrees_with_the_integral_over_one_variable(h, k, r):
    root = np.sqrt((1 - r) * (1 + r))

    def inside(x):
        return np.exp(-x * x / 2) / np.sqrt(2 * np.pi) * ndtr(((k - x) + (1 - r) * x) / root)

    expected = quad(inside, -10, h, epsabs=1e-15, epsrel=1e-13, limit=500, points=[h - 5 * root])[0]
    assert float(binormal_cdf(h, k, r)) == pytest.approx(expected, abs=1e-12)


@given(r=st.floats(-1, 1))
def test_at_the_centre_it_is_an_arcsine(r):
    expected = 0.25 + np.arcsin(r) / (2 * np.pi)
    assert float(binormal_cdf(0.0, 0.0, r)) == pytest.approx(expected, abs=2e-15)


@given(h=LIMITS, k=LIMITS, r=MODERATE)
def test_it_is_symmetric_and_complements_add_up(h, k, r):
    found = float(binormal_cdf(h, k, r))
    assert float(binormal_cdf(k, h, r)) == pytest.approx(found, abs=1e-14)
    # P(X<h, Y<k) + P(X<h, Y>k) = P(X<h), and Y>k is -Y<-k
    assert found + float(binormal_cdf(h, -k, -r)) == pytest.approx(float(ndtr(h)), abs=1e-14)
    assert max(0, ndtr(h) + ndtr(k) - 1) - 1e-15 <= found <= min(ndtr(h), ndtr(k)) + 1e-15


@given(h=LIMITS, k=LIMITS, r=st.floats(-0.99, 0.99))
def test_the_density_is_its_derivative(h, k, r):
    step = 1e-5
    slope = float(binormal_cdf(h, k, r + step) - binormal_cdf(h, k, r - step)) / (2 * step)
    assert float(binormal_pdf(h, k, r)) == pytest.approx(slope, abs=1e-5, rel=1e-3)


def test_infinite_limits_leave_one_variable_or_nothing():
    endless = np.inf
    found = binormal_cdf(
        [endless, -endless, 0.3, endless, 0.3], [0.5, 0.5, -endless, endless, endless], 0.4
    )
    assert found == pytest.approx([ndtr(0.5), 0, 0, 1, ndtr(0.3)], abs=1e-16)
    assert binormal_pdf([endless, 1.0], [0.0, -endless], 0.4).tolist() == [0.0, 0.0]


def test_at_the_limits_it_is_the_bound_of_frechet():
    h, k = np.array([-1.0, 0.2, 3.0]), np.array([-1.0, -0.4, 1.0])
    assert binormal_cdf(h, k, 1.0) == pytest.approx(ndtr(np.minimum(h, k)), abs=1e-16)
    assert binormal_cdf(h, k, -1.0) == pytest.approx(
        np.maximum(0, ndtr(h) + ndtr(k) - 1), abs=1e-15
    )


def test_it_is_continuous_where_the_method_changes():
    h, k = np.meshgrid(np.linspace(-3, 3, 13), np.linspace(-3, 3, 13))
    for border in (0.3, 0.75, 0.925):
        for sign in (1, -1):
            gap = binormal_cdf(h, k, sign * (border + 1e-15)) - binormal_cdf(
                h, k, sign * (border - 1e-15)
            )
            assert np.abs(gap).max() < 1e-14


def test_what_is_no_number_stays_so():
    assert np.isnan(binormal_cdf([np.nan, 0.0, 0.0], [0.0, np.nan, 0.0], [0.5, 0.5, np.nan])).all()
    assert binormal_cdf(np.zeros((2, 1)), np.zeros(3), 0.0).shape == (2, 3)


def test_the_nodes_kept_for_later_cannot_be_written_to():
    for kept in _gauss(6):
        with pytest.raises(ValueError, match="read-only"):
            kept[0] = 0.0
