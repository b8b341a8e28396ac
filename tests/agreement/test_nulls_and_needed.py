"""Null distributions, people needed, readings: by hand and as published."""

import math

import numpy as np
import pytest

from relsurvey.agreement.needed import needed_table, users_needed
from relsurvey.agreement.nulls import PUBLISHED, SHAPES, null_distributions
from relsurvey.agreement.readings import Typical, agreement_word, readings_of
from relsurvey.agreement.within import rwg_of
from relsurvey.errors import ModelError

# James, Demaree & Wolf 1984, and LeBreton & Senter 2008, for five categories.
SHARES = {
    "slightly_skewed": (0.05, 0.15, 0.20, 0.35, 0.25),
    "moderately_skewed": (0.00, 0.10, 0.15, 0.40, 0.35),
    "heavily_skewed": (0.00, 0.00, 0.10, 0.40, 0.50),
    "triangular": (0.11, 0.22, 0.34, 0.22, 0.11),
    "normal": (0.07, 0.24, 0.38, 0.24, 0.07),
}


def variances(values, own=None):
    return {null.name: null.variance for null in null_distributions(values, own)}


@pytest.mark.parametrize("categories", range(2, 13))
def test_the_uniform_null_is_the_closed_formula(categories):
    found = variances(range(1, categories + 1))
    assert found["uniform"] == pytest.approx((categories**2 - 1) / 12, abs=1e-12)
    assert (set(found) == {"uniform", *SHAPES}) == (5 <= categories <= 11)
    assert all(0 < variance <= found["uniform"] for variance in found.values())


@pytest.mark.parametrize("name", SHAPES)
def test_published_variances_are_those_of_the_published_shares(name):
    own = variances([1, 2, 3, 4, 5], {"again": SHARES[name]})
    assert round(own["again"], 2) == own[name] == PUBLISHED[5][SHAPES.index(name)]


def test_shares_may_be_an_array():
    assert variances([1, 2, 3, 4], {"a": np.array([0.5, 0, 0, 0.5])})["a"] == 2.25


def test_codes_of_another_start_or_step():
    assert variances([0, 1, 2, 3]) == {"uniform": 1.25}
    wide = variances([0, 25, 50, 75, 100])
    assert wide["slightly_skewed"] == pytest.approx(1.34 * 625)
    assert wide["uniform"] == pytest.approx(2 * 625)
    assert set(variances([1, 2, 3, 4, 9])) == {"uniform"}


@pytest.mark.parametrize(
    ("own", "problem"),
    [
        ({"a": [0.5, 0.5]}, "2 shares for 4 categories"),
        ({"a": [0.1, 0.2, 0.3, 0.3]}, "add up to 0.9"),
        ({"a": [-0.1, 0.4, 0.4, 0.3]}, "from 0 to 1"),
        ({"a": "0.25"}, "not a list"),
        ({"uniform": [0.25] * 4}, "name is taken"),
        ({"two words": [0.25] * 4}, "one word"),
        ({"a": [0, 0, 1, 0]}, "all answers on one code"),
    ],
)
def test_shares_that_cannot_be_are_refused(own, problem):
    with pytest.raises(ModelError, match=problem):
        null_distributions([1, 2, 3, 4], own)


def test_rwg_by_hand():
    assert rwg_of(np.array([0.0, 1.0, 2.0, 3.0]), 2.0).tolist() == [1.0, 0.5, 0.0, 0.0]
    assert rwg_of(np.array([1.0]), 2.0, 4)[0] == pytest.approx(4 * 0.5 / (4 * 0.5 + 0.5))
    assert np.isnan(rwg_of(np.array([np.nan]), 2.0)[0])


def test_people_needed_by_hand_and_without_a_rounding_step_too_many():
    assert users_needed(0.2, 0.8) == 16
    assert users_needed(0.5, 0.5) == 1
    assert users_needed(1.0) == 1
    assert users_needed(0.1, 0.9) == 81
    assert users_needed(0.0) == users_needed(-0.2) == math.inf
    assert math.isnan(users_needed(math.nan))
    with pytest.raises(ModelError, match=r"between 0 and 1; it is 1\.0"):
        users_needed(0.2, 1.0)
    with pytest.raises(ModelError, match="at most 1"):
        users_needed(1.2)
    with pytest.raises(ModelError, match="at most 1"):
        users_needed("0.2")


def test_the_table_of_people_needed_has_words_for_what_no_number_reaches():
    table = needed_table(-0.1, -0.2, 0.05)
    assert table["reliability"].tolist() == [0.5, 0.6, 0.7, 0.8, 0.9]
    assert np.isinf(table["users"]).all()
    assert table["note"].iloc[2] == (
        "no number is enough: ICC(1) is 0 or negative; 45 at its upper limit"
    )
    assert "no number is enough" in needed_table(-0.1, -0.2, -0.01)["note"].iloc[0]
    table = needed_table(0.2, 0.1, 0.3)
    assert (table["users_low"] <= table["users"]).all()
    assert (table["users"] <= table["users_high"]).all()
    assert needed_table(0.2, math.nan, math.nan)["note"].iloc[3] == "16"
    assert needed_table(math.nan, math.nan, math.nan)["note"].iloc[0].startswith("not known")


def test_words_for_agreement_change_where_published():
    words = [
        agreement_word(value) for value in (0.0, 0.3, 0.31, 0.5, 0.51, 0.704, 0.706, 0.9, 0.91)
    ]
    assert words == [
        "lack of agreement", "lack of agreement", "weak agreement", "weak agreement",
        "moderate agreement", "moderate agreement", "strong agreement", "strong agreement",
        "very strong agreement",
    ]  # fmt: skip


def test_readings_say_met_not_met_or_not_known():
    def read(icc1, p_value, icc2, rwg, deviation, n_codes):
        middle = [Typical(value, "median over groups") for value in (rwg, deviation)]
        anova = (icc1, p_value, icc2)
        return readings_of("s", anova, middle[:1], middle[1], n_codes, several=True)

    verdicts = [one.verdict for one in read(0.2, 0.001, 0.8, 0.8, 0.5, 5)]
    assert verdicts == ["met"] * 4
    verdicts = [one.verdict for one in read(0.01, 0.3, 0.6, 0.6, 0.9, 5)]
    assert verdicts == ["not met"] * 4
    nothing = read(*[math.nan] * 5, 0)
    assert [one.verdict for one in nothing] == ["not known"] * 4
    assert all(one.because and one.source and one.criterion for one in nothing)
    assert read(0.2, 0.0, 0.70, 0.8, 0.5, 5)[1].verdict == "met"


def test_reliabilities_that_cannot_be_wanted_are_named_at_once():
    for wanted in (None, 0.7, "0.7"):
        with pytest.raises(ModelError, match="wanted has to be a list"):
            needed_table(0.2, 0.1, 0.3, wanted)
    with pytest.raises(ModelError, match="3 options cannot be used") as problem:
        needed_table(0.2, 0.1, 0.3, [0.7, 1, None, "x"])
    assert problem.value.failures["option"].tolist() == ["wanted[1]", "wanted[2]", "wanted[3]"]
