"""The Bayes factor of a correlation: its integral, both directions, its words."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from scipy import integrate, special

from relsurvey.association.companions.bayes_factor import bayes_factor, bayes_factor_reading
from relsurvey.errors import ModelError
from relsurvey.moments.group_rows import group_sums


def sums(n: int, slope: float, seed: int = 1):
    x, noise = np.random.default_rng(seed).normal(size=(2, n))
    data = {"worker": np.arange(n), "x": x, "y": slope * x + noise}
    return group_sums(data, ["x", "y"], "worker")


def by_quadrature(r: float, n: int) -> float:
    """Likelihood of r over that at rho = 0, averaged over a uniform prior on rho.

    The density of r given rho is that of a bivariate normal sample (Hotelling 1953).
    """
    half = n - 0.5

    def ratio(rho: float) -> float:
        series = special.hyp2f1(0.5, 0.5, half, (1 + rho * r) / 2)
        log_density = (n - 1) / 2 * math.log1p(-rho * rho) - (n - 1.5) * math.log1p(-rho * r)
        return math.exp(log_density) * series / special.hyp2f1(0.5, 0.5, half, 0.5)

    return integrate.quad(ratio, -1, 1, points=[r], limit=200)[0] / 2


@pytest.mark.parametrize(("n", "slope"), [(8, 0.0), (20, 0.7), (60, 0.2), (200, 0.3)])
def test_is_the_average_likelihood_ratio_over_the_prior(n, slope) -> None:
    found = bayes_factor(sums(n, slope), "x", "y")
    assert found.for_association == pytest.approx(by_quadrature(found.correlation, n), rel=1e-6)
    assert found.for_none == pytest.approx(1 / found.for_association)


def test_a_narrow_prior_expects_small_correlations() -> None:
    wide, narrow = (bayes_factor(sums(80, 0.0), "x", "y", width=w) for w in (1.0, 0.1))
    assert narrow.for_none < wide.for_none


@pytest.mark.parametrize(
    ("factor", "words"),
    [(1.0, "weak"), (2.9, "weak"), (3.0, "moderate"), (10.0, "strong"), (30.0, "very strong"),
     (101.0, "extreme"), (math.inf, "extreme"), (0.34, "weak"), (0.2, "moderate"),
     (0.001, "extreme")],
)  # fmt: skip
def test_words(factor, words) -> None:
    text = bayes_factor_reading(factor)
    assert f": {words}" in text
    assert text.count("evidence for one") == (factor >= 1)
    assert text.count("evidence for none") == (factor < 1)


def test_what_is_too_large_to_be_held_is_said() -> None:
    found = bayes_factor(sums(3000, 3.0), "x", "y")
    assert found.for_association == math.inf
    assert found.for_none == 0
    assert "more than 1e300 times" in found.summary()
    json.dumps(found.to_dict(), allow_nan=False)


def test_reasons_for_none() -> None:
    data = {"worker": list("aabbccdd"), "x": [1, 1, 2, 2, 3, 3, 4, 4], "y": [1.0, 3] * 4}
    found = bayes_factor(group_sums(data, ["x", "y"], "worker"), "x", "y")
    assert math.isnan(found.for_association)
    assert found.summary().startswith("all workers have the same mean outcome")
    assert found.to_companion().note == "all workers have the same mean outcome"


@pytest.mark.parametrize("width", [0, -1, 3, "wide"])
def test_the_width_has_a_range(width) -> None:
    with pytest.raises(ModelError, match="width has to be"):
        bayes_factor(sums(20, 0.2), "x", "y", width=width)


def test_the_companion_has_the_factor_and_its_words() -> None:
    found = bayes_factor(sums(30, 1.0), "x", "y")
    line = found.to_companion()
    assert line.estimate == found.for_association
    assert line.note == found.reading
    assert "Bayes factor" in line.scale
    assert found.to_frame()["bayes_factor"].tolist() == [found.for_association, found.for_none]
