"""Reliable change: Jacobson and Truax's example, gaps, orders, and what is refused."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from relsurvey.errors import ModelError
from relsurvey.psychometrics.change import reliable_change

FIGURES = {"reliability": 0.8, "sd": 7.5}


def test_the_example_of_jacobson_and_truax():
    # Their table: 47.5 before, 32.5 after, s = 7.5, r = .80: S_diff = 4.74, RC = -3.16.
    (row,) = reliable_change([47.5], [32.5], higher_is_better=False, **FIGURES).to_dict("records")
    assert row["change"] == -15
    assert row["standard_error_difference"] == pytest.approx(7.5 * np.sqrt(0.4), rel=1e-14)
    assert row["rci"] == pytest.approx(-3.1622776601683795, rel=1e-12)
    assert row["reading"] == "improved"
    (other,) = reliable_change([47.5], [32.5], **FIGURES).to_dict("records")
    assert other["reading"] == "deteriorated"


def test_the_border_is_1_96_standard_errors():
    error = 7.5 * np.sqrt(0.4)
    change = error * np.array([1.95, 1.97, -1.95, -1.97, 0.0])
    found = reliable_change(np.zeros(5), change, **FIGURES)
    no = "no reliable change"
    assert found["reading"].tolist() == [no, "improved", no, "deteriorated", no]
    wide = reliable_change(np.zeros(5), change, confidence=0.9, **FIGURES)
    assert wide["reading"].tolist() == ["improved"] * 2 + ["deteriorated"] * 2 + [no]


def test_one_in_twenty_changes_where_nothing_has():
    draw = np.random.default_rng(2)
    true = draw.normal(size=20_000)
    pre, post = (true + draw.normal(size=20_000) * 0.5 for _ in range(2))
    found = reliable_change(pre, post, reliability=1 / 1.25, sd=np.sqrt(1.25))
    assert (found["reading"] != "no reliable change").mean() == pytest.approx(0.05, abs=0.006)


@pytest.mark.parametrize(
    "kind",
    [
        list,
        np.array,
        lambda v: pd.Series(v, dtype="Float64"),
        lambda v: pd.Series(v, dtype=object),
        lambda v: pl.Series(v, nan_to_null=True),
    ],
    ids=["list", "array", "Float64", "object", "polars"],
)
def test_a_missing_score_is_not_known(kind):
    found = reliable_change(kind([1.0, np.nan, 3.0]), kind([2.0, 2.0, np.nan]), **FIGURES)
    assert found["reading"].tolist() == ["no reliable change", "not known", "not known"]
    assert found["rci"].isna().tolist() == [False, True, True]
    assert found["standard_error_difference"].notna().all()


def test_the_index_stays():
    index = pd.Index(["p9", "p3"], name="person")
    pre = pd.Series([1.0, 2.0], index=index)
    pd.testing.assert_index_equal(reliable_change(pre, [1, 2], **FIGURES).index, index)
    pd.testing.assert_index_equal(reliable_change([1, 2], pre, **FIGURES).index, index)
    with pytest.raises(ModelError, match="different indexes"):
        reliable_change(pre, pre.iloc[::-1], **FIGURES)


def test_nobody_is_nobody():
    assert reliable_change([], [], **FIGURES).empty


@pytest.mark.parametrize("reliability", [1.0, -0.1, np.nan, "0.8", True, None])
def test_a_reliability_lies_between_nought_and_one(reliability):
    with pytest.raises(ModelError, match="cannot be computed") as caught:
        reliable_change([1], [2], reliability=reliability, sd=0)
    assert caught.value.failures["argument"].tolist() == ["reliability", "sd"]


@pytest.mark.parametrize("sd", [0, -1, np.inf, np.nan, "7"])
def test_a_standard_deviation_is_above_nought(sd):
    with pytest.raises(ModelError, match="cannot be computed") as caught:
        reliable_change([1], [2], reliability=0.8, sd=sd)
    assert caught.value.failures["argument"].tolist() == ["sd"]


@pytest.mark.parametrize(
    ("pre", "post", "words"),
    [
        ([1, 2], [1], "different numbers of rows"),
        (["a", "b"], [1, 2], "does not hold them"),
        ([1, np.inf], [1, 2], "Infinite values in 'pre'"),
        (3.0, [1], "one array of values"),
    ],
)
def test_what_are_no_scores_is_refused(pre, post, words):
    with pytest.raises(ModelError, match=words):
        reliable_change(pre, post, **FIGURES)
