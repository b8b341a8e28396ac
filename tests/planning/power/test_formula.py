"""The formula: known values, special cases that must collapse, invariances, bounds."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from relsurvey.planning.power.design import Design
from relsurvey.planning.power.formula import formula_power
from relsurvey.planning.power.formula_two_levels import chi_squared_nodes, two_level_power
from relsurvey.planning.power.sizes import answering, least_variation, user_sizes

PLAIN = Design(60, 8, 0.5, 0.12)


def correlation_power(r, n, alpha=0.05):
    """Power of the t test of a correlation of two normals, by integration over x's spread."""
    critical = stats.t.ppf(1 - alpha / 2, n - 2)
    grid = (np.arange(4000) + 0.5) / 4000
    shift = r / math.sqrt(1 - r * r) * np.sqrt(stats.chi2.ppf(grid, n - 1))
    upper = stats.nct.sf(critical, n - 2, shift)
    # SciPy gives NaN where this is too small to be held.
    lower = np.nan_to_num(stats.nct.cdf(-critical, n - 2, shift))
    return float(np.mean(upper + lower))


@pytest.mark.parametrize(("r", "n"), [(0.3, 84), (0.5, 29), (0.9, 8), (0.1, 300)])
def test_one_user_each_is_the_test_of_a_correlation(r, n):
    found = two_level_power(r, between=0.0, within=1 - r * r, n_workers=n, sizes=user_sizes(1.0))
    assert found == pytest.approx(correlation_power(r, n), abs=5e-4)


def test_published_numbers_for_a_correlation_are_met():
    # Cohen 1988, table 3.4.1: r = .30, two-sided .05, power .80 needs 84; r = .50 needs 28.
    assert two_level_power(
        0.3, between=0.0, within=0.91, n_workers=84, sizes=user_sizes(1.0)
    ) == pytest.approx(0.80, abs=0.003)


def test_many_users_each_measure_the_worker_without_error():
    design = Design(40, 10_000, 0.4, 0.3)
    assert formula_power(design) == pytest.approx(correlation_power(0.4, 40), abs=2e-3)


def test_without_an_association_power_is_alpha_or_below_where_the_variance_is_zero():
    # With plenty of variance between workers the test is exact.
    design = Design(30, 10, 1e-9, 0.30)
    assert formula_power(design) == pytest.approx(0.05, abs=1e-3)
    assert formula_power(replace(design, alpha=0.01)) == pytest.approx(0.01, abs=5e-4)


def test_one_team_or_one_worker_a_team_is_the_model_without_teams():
    assert formula_power(replace(PLAIN, n_teams=1)) == formula_power(PLAIN)
    assert formula_power(replace(PLAIN, n_teams=60)) == formula_power(PLAIN)


def test_teams_without_a_share_cost_little():
    with_teams = formula_power(replace(PLAIN, n_teams=12))
    assert formula_power(PLAIN) - 0.03 < with_teams < formula_power(PLAIN) + 0.005


@pytest.mark.parametrize("teams", [None, 10])
def test_the_sign_of_the_association_plays_no_part(teams):
    design = replace(PLAIN, n_teams=teams, team_share=0.0 if teams is None else 0.2)
    minus = replace(design, correlation=-design.correlation)
    assert formula_power(minus) == pytest.approx(formula_power(design), abs=1e-12)


def test_reliability_of_the_predictor_is_the_same_as_a_weaker_association():
    weaker = replace(PLAIN, correlation=0.5 * math.sqrt(0.8))
    assert formula_power(replace(PLAIN, reliability_predictor=0.8)) == pytest.approx(
        formula_power(weaker), abs=1e-12
    )


def test_reliability_of_the_outcome_is_the_same_as_a_smaller_icc():
    smaller = replace(PLAIN, icc=0.12 * 0.7)
    assert formula_power(replace(PLAIN, reliability_outcome=0.7)) == pytest.approx(
        formula_power(smaller), abs=1e-12
    )


@pytest.mark.parametrize(
    ("change", "more"),
    [
        ({"n_workers": 80}, True),
        ({"users_per_worker": 12}, True),
        ({"correlation": 0.6}, True),
        ({"icc": 0.2}, True),
        ({"covariates": 1, "r_squared_between": 0.5}, True),
        ({"covariates": 1, "r_squared_within": 0.5}, True),
        ({"covariates": 5}, False),
        ({"reliability_predictor": 0.7}, False),
        ({"reliability_outcome": 0.7}, False),
        ({"attrition_workers": 0.2}, False),
        ({"attrition_users": 0.3}, False),
        ({"user_count_cv": 0.8}, False),
        ({"n_teams": 6, "team_share": 0.4}, False),
        ({"alpha": 0.01}, False),
    ],
)
def test_power_moves_the_way_it_has_to(change, more):
    difference = formula_power(replace(PLAIN, **change)) - formula_power(PLAIN)
    assert difference > 0.002 if more else difference < -0.002


def test_attrition_of_workers_is_fewer_workers():
    fewer = replace(PLAIN, n_workers=48)
    assert formula_power(replace(PLAIN, attrition_workers=0.2)) == formula_power(fewer)


@given(
    workers=st.integers(6, 300),
    users=st.floats(1, 40),
    correlation=st.floats(0.01, 1.0),
    icc=st.floats(0.005, 0.9),
    lost=st.floats(0, 0.8),
    teams=st.sampled_from([None, 2, 3]),
)
@settings(max_examples=40, deadline=None)
def test_power_is_a_probability(workers, users, correlation, icc, lost, teams):
    design = Design(
        workers, users, correlation, icc, attrition_users=lost, n_teams=teams,
        team_share=0.0 if teams is None else 0.2,
    )  # fmt: skip
    assert 0.0 <= formula_power(design) <= 1.0


def test_nodes_integrate_moments_of_a_chi_squared():
    for points in (12, 40):
        quantiles, weights = chi_squared_nodes(9.0, points)
        assert weights @ quantiles == pytest.approx(9.0, rel=2e-3)
        assert weights @ quantiles**2 == pytest.approx(99.0, rel=1e-2)


@pytest.mark.parametrize(("mean", "variation"), [(2.0, 0.5), (8.0, 0.6), (20.0, 1.0), (3.5, 0.3)])
def test_sizes_have_the_mean_and_the_spread_asked_for(mean, variation):
    sizes = user_sizes(mean, variation)
    assert sizes.mean == pytest.approx(mean, rel=1e-7)
    assert sizes.variation == pytest.approx(variation, rel=1e-6)
    assert sizes.values.min() >= 1
    assert sizes.chances.sum() == pytest.approx(1.0)


def test_sizes_of_a_broken_mean_lie_on_both_sides_of_it():
    sizes = user_sizes(2.25)
    assert sizes.values.tolist() == [2.0, 3.0]
    assert sizes.mean == pytest.approx(2.25)
    assert sizes.variation == pytest.approx(least_variation(2.25))


def test_service_users_are_lost_one_by_one():
    left = answering(user_sizes(3.0), 0.5)
    assert left.chances == pytest.approx([1 / 8, 3 / 8, 3 / 8, 1 / 8])
    assert left.none == pytest.approx(1 / 8)
    assert left.of_those_with_any().chances.sum() == pytest.approx(1.0)
