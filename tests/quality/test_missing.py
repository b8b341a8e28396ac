"""Little's test against R, and what it says where there is nothing to test."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pytest

from relsurvey.errors import ScoringError
from relsurvey.moments.patterns import pattern_moments
from relsurvey.quality.missing import McarResult, little_mcar, mcar_test

FILES = Path(__file__).parents[1] / "reference"
SETS = ["ten", "all", "airquality", "heavy", "dependent"]
# naniar 1.1 prints this for R's airquality in its own tests; its EM stops at 1e-4.
NANIAR = 35.1061288689702


@pytest.fixture(scope="module")
def reference() -> dict[str, Any]:
    return json.loads((FILES / "missing_reference.json").read_text())


def rows(name: str, reference: dict[str, Any]) -> pd.DataFrame:
    bfi = pd.read_csv(FILES / "bfi.csv").iloc[:, 1:26].astype(float)
    if name == "airquality":
        return pd.DataFrame(reference[name]["data"], dtype=float)
    if name in ("ten", "all"):
        return bfi.iloc[:, :10] if name == "ten" else bfi
    bits = reference[name]["answered"]
    answered = np.array([list(entry) for entry in bits.values()]).T == "1"
    return bfi[list(bits)].head(len(answered)).where(answered)


def little(frame: pd.DataFrame) -> McarResult:
    return little_mcar(frame, scales={"all": list(frame.columns)})


@pytest.mark.parametrize("name", SETS)
def test_it_is_littles_formula_in_r(name, reference):
    found, expected = little(rows(name, reference)), reference[name]["little"]
    assert found.statistic == pytest.approx(expected["statistic"], rel=1e-9)
    assert found.p_value == pytest.approx(expected["p_value"], rel=1e-8)
    assert (found.df, found.n_patterns) == (expected["df"], expected["n_patterns"])


@pytest.mark.parametrize("name", SETS)
def test_the_covariance_has_divisor_n(name, reference):
    found, n = little(rows(name, reference)), reference[name]["n"]
    unbiased = reference[name]["little_unbiased"]["statistic"]
    assert found.statistic * (n - 1) / n == pytest.approx(unbiased, rel=1e-9)


def test_it_is_what_naniar_prints(reference):
    found = little(rows("airquality", reference))
    assert found.statistic == pytest.approx(NANIAR, rel=1e-5)
    assert (found.df, found.n_patterns) == (14, 4)


def test_two_patterns_of_two_items_are_one_t_test_like_distance():
    # Where b is missing or not, a has two means: Little's own univariate example collapses to
    # n1 (m1 - m)^2 / s + n2 (m2 - m)^2 / s.
    frame = pd.DataFrame({"a": [1.0, 2, 3, 4, 5, 9], "b": [2.0, 1, 4, 3, np.nan, np.nan]})
    a, there = frame["a"], frame["b"].notna()
    means = [a[there].mean(), a[~there].mean()]
    by_hand = sum(
        n * (mean - a.mean()) ** 2 / a.var(ddof=0) for n, mean in zip((4, 2), means, strict=True)
    )
    found = little(frame)
    assert found.statistic == pytest.approx(by_hand, rel=1e-9)
    assert found.df == 1


def test_patterns_add_up(reference):
    found = little(rows("heavy", reference))
    assert found.patterns["distance"].sum() == pytest.approx(found.statistic)
    assert found.patterns["count"].sum() == 400
    frame = found.to_frame()
    assert frame.loc[0, "statistic"] == found.statistic
    assert "one row only" in frame.loc[0, "note"]


def test_it_holds_its_size_and_finds_what_is_there():
    draw = np.random.default_rng(31)
    by_chance, dependent = [], []
    for _ in range(40):
        values = draw.normal(size=(120, 1)) + draw.normal(size=(120, 3))
        holes = draw.random((120, 2)) < 0.25
        free = values.copy()
        free[:, :2][holes] = np.nan
        by_chance.append(little(pd.DataFrame(free, columns=list("abc"))).p_value)
        values[values[:, 2] > 1, 0] = np.nan
        dependent.append(little(pd.DataFrame(values, columns=list("abc"))).p_value)
    assert np.mean(np.array(by_chance) < 0.05) <= 0.175
    assert np.mean(np.array(by_chance) < 0.5) == pytest.approx(0.5, abs=0.25)
    assert np.mean(np.array(dependent) < 0.05) > 0.95


def test_orders_scale_and_sign_do_not_matter(reference):
    frame = rows("dependent", reference)
    one = little(frame)
    moved = (7 - frame[frame.columns[::-1]] * 3).sample(frac=1, random_state=1)
    assert little(moved).statistic == pytest.approx(one.statistic, rel=1e-9)


def test_rows_without_an_answer_are_left_out_and_said():
    frame = pd.DataFrame({"a": [1.0, 2, 3, 4, 5, 9], "b": [2.0, 1, 4, 3, np.nan, np.nan]})
    blank = pd.concat([frame, pd.DataFrame({"a": [np.nan] * 2, "b": [np.nan] * 2})])
    one, two = little(frame), little(blank)
    assert (one.statistic, one.df, one.n_patterns) == (two.statistic, two.df, two.n_patterns)
    assert (two.n, two.n_empty) == (6, 2)
    assert "2 rows without any answer left out" in two.note
    assert math.isnan(two.patterns["distance"].iloc[-1])


NOTHING = {
    "no answer is missing": pd.DataFrame({"a": [1.0, 2, 4], "b": [2.0, 1, 1]}),
    "no row answers both a and b": pd.DataFrame(
        {"a": [1.0, 2, np.nan, np.nan], "b": [np.nan, np.nan, 1, 2]}
    ),
    "b does not vary": pd.DataFrame({"a": [1.0, 2, 3], "b": [1.0, 1, np.nan]}),
    "two answers or more are needed of b": pd.DataFrame({"a": [1.0, 2], "b": [np.nan] * 2}),
    "no row has an answer": pd.DataFrame({"a": [np.nan] * 2, "b": [np.nan] * 2}),
}


@pytest.mark.parametrize("reason", list(NOTHING))
def test_where_nothing_can_be_tested_the_note_says_why(reason):
    found = little(NOTHING[reason])
    assert math.isnan(found.p_value)
    assert reason in found.note
    assert reason in found.summary()
    assert found.to_dict()["p_value"] is None


def test_any_frame_and_the_sums_give_the_same():
    frame = pd.DataFrame({"a": [1.0, 2, 3, 4, 5, 9], "b": [2.0, 1, 4, 3, np.nan, np.nan]})
    one = little(frame)
    lazy = pl.DataFrame(frame.to_dict("list"), nan_to_null=True).lazy()
    other = little_mcar(lazy, scales={"x": ["a"], "y": ["b"]})
    sums = mcar_test(pattern_moments(nw.from_native(frame), ["a", "b"]))
    assert one.statistic == other.statistic == sums.statistic


def test_text_and_unknown_columns_are_refused():
    with pytest.raises(ScoringError, match="have to be numbers"):
        little_mcar(pd.DataFrame({"a": ["x", "y"]}), scales={"s": ["a"]})
    with pytest.raises(ScoringError, match="not in the data: b"):
        little_mcar(pd.DataFrame({"a": [1.0]}), scales={"s": ["a", "b"]})


def test_the_summary_reads_well(reference):
    text = little(rows("airquality", reference)).summary()
    assert text.startswith(
        "Missing answers: 4 patterns in 153 rows; Little's MCAR test: chi-square(14) = 35.11, "
        "p = .001"
    )
    assert "Ozone, Solar.R" not in text  # of two rows
    assert "2 more patterns, 2 of them of fewer than 10 rows" in text
