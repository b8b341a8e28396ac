"""The three-level likelihood: full covariance matrices and finite differences agree with it."""

from __future__ import annotations

import numpy as np
import pytest
from nested_by_matrices import Dense, drawn

import relsurvey as rs
from relsurvey.association.models.nested_likelihood import nested_sums, products
from relsurvey.association.models.nested_search import grid_deviance
from relsurvey.association.models.optimum import at_point
from relsurvey.moments.group_rows import group_sums

PREDICTORS = ("w", "x")
POINTS = [(0.0, 0.0), (0.4, 0.0), (0.0, 0.7), (0.3, 0.9), (25.0, 400.0), (1e4, 1e-3)]


def sums_of(frame):
    sums = group_sums(frame, [*PREDICTORS, "y"], "worker", nested_in="team")
    return nested_sums(sums, "y", PREDICTORS)


def at(sums, ratios, *, reml):
    ratios = np.asarray(ratios, dtype=float)
    return at_point(ratios, products(sums, ratios), sums.n_rows, reml=reml)


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("ratios", POINTS)
def test_derivatives_are_those_of_finite_differences(ratios, reml) -> None:
    sums = sums_of(drawn(3))
    here = at(sums, ratios, reml=reml)
    for place in range(2):
        step = np.zeros(2)
        step[place] = 1e-4 * max(ratios[place], 1e-2)
        # At a bound the formulas still hold a little below it.
        above, below = (at(sums, np.array(ratios) + s * step, reml=reml) for s in (1, -1))
        width = 2 * step[place]
        slope = (above.deviance - below.deviance) / width
        noise = 1e-11 * abs(here.deviance) / width
        assert slope == pytest.approx(here.slope[place], rel=1e-5, abs=noise)
        np.testing.assert_allclose(
            (above.slope - below.slope) / width,
            here.curvature[place],
            rtol=1e-4,
            atol=1e-9 * np.abs(here.slope).max() / width,
        )
        np.testing.assert_allclose(
            (above.inverse - below.inverse) / width,
            here.inverse_slopes[place],
            rtol=1e-4,
            atol=1e-10 * np.abs(here.inverse).max() / width,
        )


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_the_deviance_is_that_of_the_full_covariance_matrix_and_its_minimum(seed, reml) -> None:
    frame = drawn(seed)
    result = rs.fit_mixed(frame, "y", list(PREDICTORS), "worker", nested_in="team", reml=reml)
    dense = Dense(frame, PREDICTORS)
    best = np.array([result.variance[name] for name in ("residual", "worker", "team")])
    least = dense.deviance(best, reml=reml)
    assert result.deviance == pytest.approx(least, abs=1e-8)
    for place in range(3):
        for factor in (0.97, 1.03):
            other = best.copy()
            other[place] = factor * best[place] if best[place] else 1e-3 * best[0]
            assert dense.deviance(other, reml=reml) > least


@pytest.mark.parametrize("reml", [True, False])
def test_the_grid_is_the_same_deviance(reml: bool) -> None:
    sums = sums_of(drawn(5))
    groups, units = np.array([0.0, 0.1, 3.0]), np.array([0.0, 0.5, 40.0, 1e3])
    table = grid_deviance(sums, groups, units, reml=reml)
    wanted = [[at(sums, (a, b), reml=reml).deviance for b in units] for a in groups]
    np.testing.assert_allclose(table, wanted, rtol=1e-12)


def test_a_huge_ratio_cancels_nothing() -> None:
    """With V^-1 from the spectral decomposition of one unit of equal groups, in closed form."""
    frame = drawn(1, units=(4, 4, 4))
    frame = frame.groupby("worker").head(1)
    sums = sums_of(frame)
    t1, t2 = 1e9, 1e11
    parts = products(sums, np.array([t1, t2]), residual=True)
    level, spread = 1.0 / (1.0 + t1 + 4.0 * t2), 1.0 / (1.0 + t1)
    eigen = np.array([spread] * 9 + [level] * 3)
    in_units = np.array([0.0] * 9 + [4.0] * 3)
    g = np.stack([np.ones(12), np.ones(12), in_units])
    wanted = np.einsum("ik,jk,k->ij", g, g, eigen**2)
    np.testing.assert_allclose(parts.traces, wanted, rtol=1e-9)
