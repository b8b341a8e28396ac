"""Reliability against R psych and pingouin, and what it says where there is none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pingouin
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.errors import ModelError, ScoringError
from relsurvey.psychometrics import reliability

PSYCH_TOLERANCE = 1e-8  # the reference is written with twelve digits
PINGOUIN_TOLERANCE = 1e-12
NAMES = {
    "alpha": "alpha",
    "std_alpha": "alpha_standardised",
    "lambda6": "lambda6",
    "mean_r": "mean_inter_item_r",
}
SETS = ["attitude", "twelve", "two", "wrong"]
BFI = ["agree", "conscientious", "extraversion", "neuroticism", "openness"]


def of(frame, **settings):
    """Return the one row for a scale of all columns."""
    return reliability(frame, scales={"s": list(frame.columns)}, **settings).to_frame().iloc[0]


@pytest.mark.parametrize("kind", ["pandas", "polars", "lazy"])
@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
def test_bfi_is_that_of_psych(bfi, bfi_answers, bfi_reference, missing, kind):
    answers = bfi_answers
    if kind != "pandas":
        answers = pl.DataFrame(bfi_answers[list(bfi.item_ids)].to_dict("list"), nan_to_null=True)
    answers = answers.lazy() if kind == "lazy" else answers
    table = reliability(answers, bfi, missing=missing).to_frame().set_index("scale")
    assert list(table.index) == [*BFI, "all"]
    for key in BFI:
        expected, found = bfi_reference[key], table.loc[key]
        for theirs, ours in NAMES.items():
            assert found[ours] == pytest.approx(expected[missing][theirs], abs=PSYCH_TOLERANCE)
        assert (found["n_total"], found["n_items"], found["note"]) == (2800, 5, "")
        if missing == "listwise":
            assert found["n"] == expected["n_complete"]
            limits = found[["alpha_low", "alpha_high"]].tolist()
            assert limits == pytest.approx(expected[missing]["feldt95"], abs=PSYCH_TOLERANCE)
    assert table.loc["all", "n_items"] == 25


@pytest.mark.parametrize("key", SETS)
@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
def test_further_sets_are_those_of_psych(alpha_reference, key, missing):
    answers = pd.DataFrame(alpha_reference[key]["data"], dtype=float)
    expected, found = alpha_reference[key][missing], of(answers, missing=missing)
    for theirs, ours in NAMES.items():
        assert found[ours] == pytest.approx(expected[theirs], abs=PSYCH_TOLERANCE)
    if missing == "listwise" or not answers.isna().any(axis=None):
        assert found["n"] == expected["n"]
        limits = found[["alpha_low", "alpha_high"]].tolist()
        assert limits == pytest.approx(expected["feldt95"], abs=PSYCH_TOLERANCE)


def test_the_pairwise_interval_uses_the_smallest_pair(alpha_reference):
    answers = pd.DataFrame(alpha_reference["twelve"]["data"], dtype=float)
    there = answers.notna().to_numpy().astype(int)
    found = of(answers, missing="pairwise")
    assert found["n"] == (there.T @ there).min() > len(answers.dropna())
    assert found["alpha_low"] < found["alpha"] < found["alpha_high"]


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_pingouin_gives_the_same_on_complete_data(alpha_reference, confidence):
    answers = pd.DataFrame(alpha_reference["attitude"]["data"])
    alpha, limits = pingouin.cronbach_alpha(answers, ci=confidence)
    found = of(answers, confidence=confidence)
    assert found["alpha"] == pytest.approx(alpha, abs=PINGOUIN_TOLERANCE)
    # pingouin rounds its limits to three decimals
    assert found[["alpha_low", "alpha_high"]].tolist() == pytest.approx(limits, abs=5.1e-4)


@pytest.mark.parametrize(("k", "r"), [(2, 0.3), (5, 0.5), (12, 0.1)])
def test_parallel_items_follow_spearman_and_brown(k, r):
    # Answers whose covariance matrix is exactly that of k parallel items.
    noise = np.random.default_rng(1).normal(size=(200, k))
    white = np.linalg.qr(noise - noise.mean(axis=0))[0] * np.sqrt(199)
    answers = white @ np.linalg.cholesky(np.full((k, k), r) + (1 - r) * np.eye(k)).T
    found = of(pd.DataFrame(answers))
    expected = k * r / (1 + (k - 1) * r)
    assert found["alpha"] == pytest.approx(expected, rel=1e-10)
    assert found["alpha_standardised"] == pytest.approx(expected, rel=1e-10)
    assert found["mean_inter_item_r"] == pytest.approx(r, rel=1e-10)


def test_does_not_apply_is_a_missing_answer(bfi, bfi_answers):
    answers = bfi_answers.iloc[:50].fillna(3)
    answers.loc[[0, 7], "A1"] = 9
    table = reliability(answers, bfi, scales="agree").to_frame()
    dropped = reliability(answers.drop(index=[0, 7]), bfi, scales="agree").to_frame()
    assert table["n"].tolist() == [48]
    assert table["alpha"].tolist() == dropped["alpha"].tolist()


NOTES = [
    ({"a": [1, 2, 4]}, "one item: internal consistency needs two or more"),
    ({"a": [1, None], "b": [2, 1]}, "1 row has every item answered; 2 are needed"),
    ({"a": [1, None], "b": [None, 1]}, "0 rows have every item answered; 2 are needed"),
    ({"a": [None] * 3, "b": [1, 2, 3]}, "nobody answered a"),
    ({"a": [], "b": []}, "no rows"),
    ({"a": [2, 2, 2], "b": [1, 1, 1]}, "no item varies"),
    ({"a": [1, 2, 3], "b": [3, 2, 1]}, "the sum of the items has no variance: no alpha"),
]


@pytest.mark.parametrize(("cells", "note"), NOTES, ids=[note for _, note in NOTES])
@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
def test_what_cannot_be_computed_is_nan_with_the_reason(cells, note, missing):
    found = of(pd.DataFrame(cells), missing=missing)
    assert note in found["note"] or (missing == "pairwise" and "both a and b" in found["note"])
    assert np.isnan(found[["alpha", "alpha_low", "alpha_high"]].astype(float)).all()


def test_a_constant_item_leaves_alpha_and_takes_the_rest():
    found = of(pd.DataFrame({"a": [1, 2, 3, 5], "b": [2, 2, 4, 5], "c": [3, 3, 3, 3]}))
    # Variances 35/12 and 27/12, and 120/12 for the sums 6, 7, 10, 13.
    assert found["alpha"] == pytest.approx(1.5 * (1 - (35 + 27) / 120), rel=1e-12)
    assert np.isnan(
        found[["alpha_standardised", "lambda6", "mean_inter_item_r"]].astype(float)
    ).all()
    assert found["note"].startswith("c does not vary and so has no correlations")


def test_an_item_that_follows_from_others_has_no_lambda6():
    answers = pd.DataFrame({"a": [1, 2, 3, 5, 1], "b": [2, 2, 4, 5, 3]})
    found = of(answers.assign(c=answers["a"] + answers["b"]))
    assert np.isnan(found["lambda6"])
    assert "not positive definite" in found["note"]
    assert found["alpha"] > 0


def test_a_wrongly_keyed_item_is_named_and_never_turned(bfi_answers):
    names = ["A1", "A2", "A3"]  # A1 is reverse-keyed and has not been turned
    found = reliability(bfi_answers[["A1", "A2"]], scales={"s": names[:2]}).to_frame().iloc[0]
    assert found["alpha"] < 0
    assert "keyed the wrong way round" in found["note"]
    assert "A1 (-0.34)" in found["note"]


def test_two_rows_are_enough_to_compute_and_say_little():
    found = of(pd.DataFrame({"a": [1, 3], "b": [1, 2]}))
    assert found["alpha"] == pytest.approx(2 * (1 - 2.5 / 4.5))
    assert found["alpha_low"] < 0 < found["alpha_high"] < 1


def test_pairwise_alpha_above_one_has_no_interval():
    # The two rows that both items share are far apart; all others lie in the middle.
    answers = pd.DataFrame({"a": [1, 6, 3, 3, None, None], "b": [1, 6, None, None, 3, 3]})
    found = of(answers, missing="pairwise")
    assert found["alpha"] > 1
    assert np.isnan(found[["alpha_low", "alpha_high", "lambda6"]].astype(float)).all()
    assert "alpha above 1 comes of covariances from different rows" in found["note"]


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.5, float("nan"), "x", None])
def test_confidence_lies_between_nought_and_one(confidence):
    with pytest.raises(ModelError, match="between 0 and 1"):
        of(pd.DataFrame({"a": [1, 2], "b": [1, 2]}), confidence=confidence)


@pytest.mark.parametrize(
    "column", [["x", "y"], pd.Categorical(["1", "2"])], ids=["text", "category"]
)
def test_words_are_refused(column):
    with pytest.raises(ScoringError, match="have to be numbers"):
        of(pd.DataFrame({"a": column, "b": [1, 2]}))


def test_the_summary_is_a_table_with_notes_below(bfi, bfi_answers):
    text = reliability(bfi_answers, bfi, scales=["agree"]).summary().splitlines()
    assert text[0] == "Reliability (listwise)"
    assert text[1].split()[:4] == ["scale", "title", "items", "n"]
    assert " ".join(text[2].split()) == (
        "agree Agree 5 2,709 0.704 0.686 to 0.721 0.714 0.683 0.332"
    )
    one = reliability(bfi_answers, scales={"x": ["A2"]})
    assert one.summary().splitlines()[-1].startswith("x: one item")
    assert "n/a" in one.summary()


def test_the_result_goes_to_json(bfi, bfi_answers):
    found = reliability(bfi_answers, scales={"x": ["A2"]}, confidence=0.9).to_dict()
    assert found["confidence"] == 0.9
    assert found["table"][0]["alpha"] is None


answered = st.lists(
    st.tuples(*[st.sampled_from([1.0, 2.0, 3.0, 4.0, 5.0, None]) for _ in range(4)]),
    min_size=4,
    max_size=25,
).map(lambda rows: pd.DataFrame(rows, columns=list("abcd"), dtype=float))
SAME = {"rtol": 1e-9, "atol": 1e-9}
FIGURES = ["alpha", "alpha_low", "alpha_high", "alpha_standardised", "mean_inter_item_r"]


def figures(frame, missing="listwise"):
    return of(frame, missing=missing)[FIGURES].to_numpy(dtype=float)


@settings(deadline=None, max_examples=40)
@given(frame=answered, seed=st.integers(0, 999), missing=st.sampled_from(["listwise", "pairwise"]))
def test_order_of_rows_and_items_does_not_matter(frame, seed, missing):
    draw = np.random.default_rng(seed)
    shuffled = frame.iloc[draw.permutation(len(frame)), draw.permutation(4)]
    np.testing.assert_allclose(figures(shuffled, missing), figures(frame, missing), **SAME)


@settings(deadline=None, max_examples=40)
@given(frame=answered, constant=st.integers(-50, 50), factor=st.sampled_from([-3, 0.5, 10]))
def test_shift_and_unit_do_not_move_alpha(frame, constant, factor):
    np.testing.assert_allclose(figures(frame * factor + constant), figures(frame), **SAME)


@settings(deadline=None, max_examples=40)
@given(frame=answered)
def test_complete_data_are_the_same_listwise_and_pairwise(frame):
    complete = frame.dropna()
    np.testing.assert_allclose(figures(complete, "pairwise"), figures(complete), **SAME)
    np.testing.assert_allclose(figures(complete), figures(frame), **SAME)


@settings(deadline=None, max_examples=40)
@given(frame=answered)
def test_what_is_missing_has_a_reason(frame):
    for missing in ("listwise", "pairwise"):
        found = of(frame, missing=missing)
        assert bool(found["note"]) or not np.isnan(figures(frame, missing)).any()
