"""The proportional-odds fit: what it collapses to, and where there are no estimates."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.psychometrics.functioning.proportional_odds import (
    fit_proportional_odds,
    intercepts_only,
)

NO_PREDICTORS = np.zeros((1, 0))


def test_without_predictors_it_is_the_shares():
    counts = np.array([[5.0, 1, 14, 30]])
    fit = fit_proportional_odds(counts, NO_PREDICTORS)
    expected = float(counts[0] @ np.log(counts[0] / 50))
    assert fit.log_likelihood == pytest.approx(expected, rel=1e-14)
    assert intercepts_only(counts) == pytest.approx(expected, rel=1e-14)


def test_two_answers_and_two_groups_give_the_log_odds_ratio():
    counts = np.array([[40.0, 7], [11, 23]])
    fit = fit_proportional_odds(counts, np.array([[0.0], [1.0]]))
    assert fit.coefficients[0] == pytest.approx(np.log(40 * 23 / (7 * 11)), rel=1e-12)
    woolf = np.sqrt((1 / counts).sum())
    assert fit.std_errors[0] == pytest.approx(woolf, rel=1e-7)


def test_answers_in_reverse_turn_the_sign():
    counts = np.array([[9.0, 4, 3, 1], [5, 5, 6, 4], [1, 3, 8, 9]])
    design = np.array([[-1.0], [0.2], [1.1]])
    there = fit_proportional_odds(counts, design)
    back = fit_proportional_odds(counts[:, ::-1], design)
    assert back.coefficients == pytest.approx(-there.coefficients, rel=1e-10)
    assert back.log_likelihood == pytest.approx(there.log_likelihood, rel=1e-13)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 60), min_size=12, max_size=12), st.floats(-2, 2))
def test_the_maximum_is_one(numbers, slope):
    counts = np.array(numbers, dtype=float).reshape(4, 3) + 0.5
    design = np.column_stack([[-1.0, 0, 1, 2], [0.0, 1, 0, 1]])
    fit = fit_proportional_odds(counts, design)
    assert fit.problem == ""
    # Along any line through the space of slopes, profiling is out of reach; a fit with one slope
    # held by an offset cannot be better.
    held = fit_proportional_odds(counts, design @ np.array([[1.0], [slope]]))
    assert held.log_likelihood <= fit.log_likelihood + 1e-9
    assert fit.log_likelihood >= intercepts_only(counts) - 1e-9


def test_far_tails_keep_their_digits():
    counts = np.array([[1e6, 1.0], [1.0, 1e6]])
    fit = fit_proportional_odds(counts, np.array([[0.0], [1.0]]))
    assert fit.coefficients[0] == pytest.approx(2 * np.log(1e6), rel=1e-10)


SEPARATED = [
    (np.array([[10.0, 0], [0, 10]]), np.array([[0.0], [1.0]])),
    (np.array([[10.0, 5], [0, 10]]), np.array([[0.0], [1.0]])),
    (np.array([[9.0, 0, 0], [0, 8, 0], [0, 0, 7]]), np.array([[0.0], [1.0], [2.0]])),
]


@pytest.mark.parametrize(("counts", "design"), SEPARATED)
def test_infinite_estimates_are_no_estimates(counts, design):
    fit = fit_proportional_odds(counts, design)
    assert fit.problem == "separation"
    assert np.isnan(fit.log_likelihood)
    assert np.isnan(fit.coefficients).all()


def test_a_predictor_that_follows_from_others_is_said():
    fit = fit_proportional_odds(np.array([[3.0, 4], [4, 3]]), np.array([[0.0, 0], [1, 2]]))
    assert fit.problem == "a predictor follows from the others"
