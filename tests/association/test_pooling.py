"""Rubin's rules, equal to R mice and mitml. Values: ``tests/reference/golden_pooling.R``."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.association.pooling import pool_estimates
from relsurvey.errors import ModelError

GOLDEN = json.loads(
    (Path(__file__).parents[1] / "reference" / "pooling_reference.json").read_text("utf-8")
)
EXACT = 1e-10  # all three compute closed formulas
HARDLY_MISSING = 1e-4  # mice takes no smaller share of the variance than this


@pytest.mark.parametrize("name", list(GOLDEN["scalar"]))
def test_pooling_agrees_with_mice_and_mitml(name):
    golden = GOLDEN["scalar"][name]
    pooled = pool_estimates(golden["estimates"], golden["variances"], float(golden["df_complete"]))
    mice, mitml = golden["mice"], golden["mitml"]
    for other in (mice, mitml):
        assert pooled.estimate == pytest.approx(other["estimate"], rel=EXACT)
        assert pooled.std_error == pytest.approx(other["std_error"], rel=EXACT)
    assert pooled.between == pytest.approx(mice["between"], rel=EXACT)
    assert pooled.within == pytest.approx(mice["within"], rel=EXACT)
    assert pooled.statistic == pytest.approx(mitml["statistic"], rel=EXACT)
    assert pooled.fraction_missing == pytest.approx(mitml["fmi"], rel=EXACT)
    added = 1.0 + 1.0 / pooled.n_draws
    share = added * pooled.between / pooled.std_error**2
    if share > HARDLY_MISSING:
        assert pooled.df == pytest.approx(mice["df"], rel=EXACT)
        assert pooled.fraction_missing == pytest.approx(mice["fmi"], rel=EXACT)
    assert pooled.df == pytest.approx(mitml["df"], rel=EXACT)
    # mitml takes 1 minus a probability next to 1, which leaves about 1e-15 of it.
    assert pooled.p_value == pytest.approx(mitml["p_value"], rel=1e-8, abs=1e-14)


def test_regressions_on_imputed_data_pool_as_in_mice():
    golden = GOLDEN["nhanes"]
    for place in range(len(golden["terms"])):
        pooled = pool_estimates(
            golden["estimates"][place], golden["variances"][place], golden["df_complete"]
        )
        for field, name in [("estimate", "estimate"), ("std_error", "std_error"), ("df", "df"),
                            ("fraction_missing", "fmi"), ("p_value", "p_value"),
                            ("between", "between"), ("within", "within")]:  # fmt: skip
            assert getattr(pooled, field) == pytest.approx(golden[name][place], rel=EXACT)


def test_estimates_that_do_not_differ_are_those_of_complete_data():
    pooled = pool_estimates([0.1 + 0.2] * 5, [0.04] * 5, 17.0)
    assert (pooled.df, pooled.between, pooled.fraction_missing) == (17.0, 0.0, 0.0)
    assert pooled.std_error == pytest.approx(0.2)
    low, high = pooled.interval(0.95)
    assert high - pooled.estimate == pytest.approx(2.109815577833181 * 0.2)  # R: qt(.975, 17)
    assert low == pytest.approx(2 * pooled.estimate - high)


def test_without_sampling_variance_everything_is_missing():
    pooled = pool_estimates([1.0, 2.0, 3.0], [0.0, 0.0, 0.0], 10.0)
    assert pooled.fraction_missing == 1.0
    assert math.isnan(pool_estimates([0.0, 0.0], [0.0, 0.0]).p_value)
    assert pool_estimates([1.0, 1.0], [0.0, 0.0]).p_value == 0.0


@given(
    st.lists(st.floats(-100, 100), min_size=2, max_size=20),
    st.floats(0.01, 100),
    st.floats(1, 1000),
    st.floats(-50, 50),
)
@settings(deadline=None, max_examples=60)
def test_pooling_keeps_order_shift_and_bounds(estimates, variance, df_complete, shift):
    variances = np.full(len(estimates), variance)
    pooled = pool_estimates(estimates, variances, df_complete)
    turned = pool_estimates(estimates[::-1], variances, df_complete)
    moved = pool_estimates(np.array(estimates) + shift, variances, df_complete)
    assert turned.std_error == pytest.approx(pooled.std_error)
    assert moved.estimate == pytest.approx(pooled.estimate + shift, abs=1e-9)
    assert moved.std_error == pytest.approx(pooled.std_error, rel=1e-6)
    assert 0 < pooled.df <= df_complete
    assert pooled.std_error**2 >= pooled.within * (1 - 1e-12)
    assert 0 <= pooled.fraction_missing <= 1


@pytest.mark.parametrize(
    ("estimates", "variances", "df", "text"),
    [
        ([1.0], [1.0], 5.0, r"at least 2; their shapes are \(1,\) and \(1,\)"),
        ([1.0, 2.0], [1.0], 5.0, r"same length"),
        ([[1.0, 2.0]], [[1.0, 2.0]], 5.0, r"two lists"),
        ([1.0, math.nan, 3.0], [1.0, 1.0, -1.0], 5.0, r"2 of 3 completed data sets have no usable"),
        ([1.0, 2.0], [1.0, 1.0], 0.0, r"df_complete has to be above 0; it is 0\.0"),
        ([1.0, 2.0], [1.0, 1.0], math.nan, r"df_complete has to be above 0; it is nan"),
    ],
)
def test_what_cannot_be_pooled_is_refused(estimates, variances, df, text):
    with pytest.raises(ModelError, match=text):
        pool_estimates(estimates, variances, df)


def test_all_unusable_data_sets_are_named_at_once():
    with pytest.raises(ModelError, match="no usable estimate") as caught:
        pool_estimates([1.0, math.inf, 3.0], [1.0, 1.0, math.nan], 5.0)
    assert caught.value.failures["data set"].tolist() == [2, 3]
