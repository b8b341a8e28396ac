"""What cannot be fitted is refused with the reason; nothing comes out as a number by chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import relsurvey as rs
from relsurvey.errors import ModelError


def frame(**changed) -> pd.DataFrame:
    random = np.random.default_rng(3)
    worker = np.repeat([f"w{code}" for code in range(6)], 5)
    x = np.repeat(random.normal(size=6), 5)
    columns = {"worker": worker, "x": x, "z": random.normal(size=30), "y": random.normal(size=30)}
    return pd.DataFrame({**columns, **changed})


def fit(predictors=(), **changed):
    return rs.fit_mixed(frame(**changed), "y", list(predictors), "worker")


def test_one_group_only() -> None:
    with pytest.raises(ModelError, match=r"All 30 rows have the same worker \('w1'\)"):
        fit(worker="w1")


def test_one_row_a_group() -> None:
    with pytest.raises(ModelError, match="Every worker has one row only"):
        fit(worker=[f"w{row}" for row in range(30)])


def test_outcome_all_missing() -> None:
    with pytest.raises(ModelError, match=r"All values are missing in 'y' \(30 rows\)"):
        fit(y=np.nan)


@pytest.mark.parametrize("value", [0.0, 3.0, 0.1, 1e9])
def test_outcome_constant(value: float) -> None:
    with pytest.raises(ModelError, match="The outcome 'y' does not vary"):
        fit(y=value)


def test_all_predictors_without_variance_are_named() -> None:
    with pytest.raises(ModelError, match="No variance in 'x', 'z'") as caught:
        fit(["x", "z"], x=0.1, z=7.0)
    assert caught.value.failures["predictor"].tolist() == ["x", "z"]


def test_variance_that_missing_rows_took_away_is_explained() -> None:
    with pytest.raises(ModelError, match="in all 29 rows that are complete"):
        fit(["x"], x=[np.nan, *[1.0] * 29])


def test_collinear_predictors_are_named() -> None:
    random = np.random.default_rng(1)
    x, z = random.normal(size=(2, 30))
    with pytest.raises(ModelError, match="nearly: 'sum' follows from 'x', 'z'") as caught:
        fit(["x", "z", "other", "sum"], x=x, z=z, other=random.normal(size=30), sum=3 * x - z + 2)
    assert caught.value.failures.to_dict("list") == {"predictor": ["sum"], "follows from": ["x, z"]}


def test_nearly_collinear_predictors_are_fitted() -> None:
    x, noise = np.random.default_rng(1).normal(size=(2, 30))
    assert np.isfinite(fit(["x", "z"], x=x, z=x + 1e-3 * noise).table["std_error"]).all()


def test_more_effects_than_rows() -> None:
    random = np.random.default_rng(1)
    small = pd.DataFrame(random.normal(size=(4, 5)), columns=list("abcdy")).assign(
        worker=[1, 1, 2, 2]
    )
    with pytest.raises(ModelError, match=r"5 fixed effects .* from 4 rows"):
        rs.fit_mixed(small, "y", list("abcd"), "worker")


def test_as_many_group_predictors_as_groups() -> None:
    random = np.random.default_rng(1)
    names = list("abcde")
    of_groups = {name: np.repeat(random.normal(size=6), 5) for name in names}
    with pytest.raises(ModelError, match="there are only 6 groups of worker"):
        fit(names, **of_groups)
    assert fit(names[:4], **of_groups).n_groups == 6


def test_outcome_of_the_group() -> None:
    with pytest.raises(ModelError, match="'y' does not vary within any worker"):
        fit(["z"], y=np.repeat(np.arange(6.0), 5))


def test_predictors_that_give_the_outcome() -> None:
    z = np.random.default_rng(1).normal(size=30)
    with pytest.raises(ModelError, match="leave no residual variance of 'y' within worker"):
        fit(["z"], z=z, y=2 * z + np.repeat(np.arange(6.0), 5))


def test_within_groups_saturated() -> None:
    small = pd.DataFrame(
        {"worker": [1, 1, 2, 3, 4], "z": [1.0, 2, 4, 3, 9], "y": [2.0, 1, 5, 6, 4]}
    )
    with pytest.raises(ModelError, match="leave no residual variance"):
        rs.fit_mixed(small, "y", ["z"], "worker")


def test_unknown_df_lists_what_is_allowed() -> None:
    with pytest.raises(ModelError, match="Did you mean 'satterthwaite'") as caught:
        rs.fit_mixed(frame(), "y", ["x"], "worker", df="saterthwaite")
    assert "Allowed: 'satterthwaite', 'kenward_roger', 'residual'" in str(caught.value)


@pytest.mark.parametrize("confidence", [0, 1, 95, float("nan")])
def test_confidence_is_a_share(confidence: float) -> None:
    with pytest.raises(ModelError, match="between 0 and 1"):
        rs.fit_mixed(frame(), "y", ["x"], "worker", confidence=confidence)


def test_predictors_may_repeat_neither_each_other_nor_the_outcome() -> None:
    with pytest.raises(ModelError, match="'y' is used more than once"):
        fit(["y"])


def test_near_collinearity_is_not_called_perfect() -> None:
    x, noise = np.random.default_rng(1).normal(size=(2, 30))
    with pytest.raises(ModelError, match="collinear, or nearly: 'z' follows from 'x'"):
        fit(["x", "z"], x=x, z=x + 1e-7 * noise)


def test_groups_lost_to_missing_values_are_told() -> None:
    y = np.r_[np.random.default_rng(1).normal(size=5), np.full(25, np.nan)]
    with pytest.raises(ModelError, match="5 groups more of worker had no row") as caught:
        fit(["x"], y=y)
    assert "(y 25 missing)" in str(caught.value)
    assert "at least 3 groups" in str(caught.value)
    y[5:10] = [1, 2, 4, 3, 2]
    with pytest.raises(ModelError, match=r"only 2 groups of worker: .* 4 groups more") as caught:
        fit(["x"], y=y)
    assert "At least 3 groups are needed" in str(caught.value)


def test_an_outcome_without_values_may_be_a_score_nobody_reached() -> None:
    with pytest.raises(ModelError, match="nobody answered enough of its items"):
        fit(y=np.nan)


def test_what_is_the_same_for_everyone_is_said_so() -> None:
    with pytest.raises(ModelError, match="the same for everyone can go with nothing"):
        fit(["x"], x=3.0)
