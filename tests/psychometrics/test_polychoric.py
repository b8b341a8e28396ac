"""Polychoric correlations against R psych, lavaan and a tight optimum, and what must hold.

Values and data: ``tests/reference/golden_polychoric.R``.
"""

import json
import re
from pathlib import Path

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.errors import ModelError, ScoringError
from relsurvey.moments.tables import item_tables
from relsurvey.psychometrics.bivariate_normal import binormal_cdf
from relsurvey.psychometrics.polychoric import polychoric, polychoric_details
from relsurvey.psychometrics.polychoric_fit import fit_polychoric

REFERENCE = Path(__file__).parents[1] / "reference"
GOLDEN = json.loads((REFERENCE / "polychoric_reference.json").read_text())
SETS = ("skewed_seven", "two", "three_sparse", "six_sparse", "mixed", "strong", "gaps")
# A correlation that two optima have to share; psych and lavaan stop earlier.
EXACT, LAVAAN, PSYCH = 1e-10, 1e-6, 1e-4


def data_of(name):
    return pd.DataFrame(GOLDEN[name]["data"]).astype(float)


def lower(matrix):
    """Return the lower triangle, column by column."""
    values = np.asarray(matrix)
    return values.T[np.triu_indices(len(values), 1)]


@pytest.fixture(scope="module")
def bfi_items():
    return pd.read_csv(REFERENCE / "bfi.csv").iloc[:, 1:26]


@pytest.fixture
def few():
    rng = np.random.default_rng(5)
    values = rng.normal(size=(200, 1)) + rng.normal(size=(200, 3))
    return pd.DataFrame(np.rint(values).clip(-1, 1) + 2, columns=["a", "b", "c"])


@pytest.mark.parametrize("name", SETS)
def test_agrees_with_r(name):
    found = polychoric(data_of(name))
    assert found.attrs["n"] == GOLDEN[name]["n"]
    assert np.abs(lower(found) - GOLDEN[name]["tight"]).max() < EXACT
    assert np.abs(lower(found) - GOLDEN[name]["lavaan"]).max() < LAVAAN
    assert np.abs(lower(found) - GOLDEN[name]["psych"]).max() < PSYCH
    assert found.attrs["notes"] == []


def test_agrees_with_r_on_25_items(bfi_items):
    found = polychoric(bfi_items)
    assert found.attrs["n"] == GOLDEN["bfi_25"]["n"]
    assert np.abs(lower(found) - GOLDEN["bfi_25"]["tight"]).max() < EXACT
    assert np.abs(lower(found) - GOLDEN["bfi_25"]["lavaan"]).max() < LAVAAN
    assert np.abs(lower(found) - GOLDEN["bfi_25"]["psych"]).max() < PSYCH


@pytest.mark.parametrize("scale", ["agree", "conscientious", "extraversion"])
def test_items_of_an_instrument_are_keyed(bfi, bfi_answers, bfi_reference, scale):
    golden = bfi_reference[scale]["listwise"]
    found = polychoric(bfi_answers, bfi, scales=scale)
    assert lower(found) == pytest.approx(np.array(golden["polychoric"]), abs=PSYCH)
    assert lower(found) == pytest.approx(np.array(golden["polychoric_lavaan"]), abs=LAVAAN)


def test_pairwise_takes_thresholds_from_all_answers():
    found = polychoric(data_of("gaps"), missing="pairwise")
    assert np.abs(lower(found) - GOLDEN["gaps"]["tight_pairwise"]).max() < EXACT
    assert np.abs(lower(found) - GOLDEN["gaps"]["lavaan_pairwise"]).max() < LAVAAN


def test_an_empty_cell_of_a_2_x_2_table_is_filled_as_in_lavaan_and_said():
    data = data_of("empty_cell")
    found = polychoric(data)
    assert np.abs(lower(found) - GOLDEN["empty_cell"]["lavaan"]).max() < LAVAAN
    assert found.attrs["notes"] == [
        "i1 and i2: a cell of the 2 x 2 table is empty; half a row was moved into it and the "
        "margins kept"
    ]
    details = polychoric_details(data)
    assert details["empty_cells"].tolist() == [1, 0, 0]
    assert "half a row moved into it" in details["note"][0]
    turned = polychoric(data.assign(i2=3 - data["i2"]))
    assert turned.loc["i1", "i2"] == pytest.approx(-found.loc["i1", "i2"], abs=1e-12)


def test_items_in_perfect_order_are_at_the_limit_and_said():
    # lavaan stops at .999 there, which is no maximum.
    found = polychoric(data_of("in_order"))
    golden = np.array(GOLDEN["in_order"]["lavaan"])
    assert golden.max() == pytest.approx(0.999)
    assert lower(found)[golden.argmax()] == 1.0
    assert np.delete(lower(found), golden.argmax()) == pytest.approx(
        np.delete(golden, golden.argmax()), abs=LAVAAN
    )
    assert "i1 and i2: in perfect order, the correlation is at its limit" in found.attrs["notes"]
    assert "nothing was smoothed" in found.attrs["notes"][-1]


def test_an_item_and_its_copies():
    one = np.array([1, 2, 2, 3, 1, 3, 2, 4, 4, 1.0])
    found = polychoric(pd.DataFrame({"a": one, "copy": one, "turned": 5 - one}))
    assert found.to_numpy().tolist() == [[1, 1, -1], [1, 1, -1], [-1, -1, 1]]
    assert "not positive definite (smallest eigenvalue 0)" in found.attrs["notes"][-1]
    two = polychoric(pd.DataFrame({"a": [1, 1, 2], "b": [1, 1, 2], "c": [2, 2, 1]}))
    assert two.loc["a"].tolist() == [1, 1, -1]


def test_the_limit_is_where_the_likelihood_goes():
    """Where answers are nearly in order, the estimate is below one and no note is made."""
    one = np.repeat([1, 2, 3], 200)
    other = one.copy()
    other[0] = 3
    found = polychoric(pd.DataFrame({"a": one, "b": other}))
    assert 0.9 < found.loc["a", "b"] < 1
    assert found.attrs["notes"] == []


def test_a_table_with_two_diagonals_gives_the_higher_hill():
    table = {(1, 1): 40, (3, 3): 40, (2, 2): 10, (1, 3): 30, (3, 1): 30}
    rows = [pair for pair, count in table.items() for _ in range(count)]
    data = pd.DataFrame(rows, columns=["a", "b"])
    found = polychoric(data).loc["a", "b"]
    tables = item_tables(nw.from_native(data), {"s": ["a", "b"]})["s"]
    edges = [np.r_[-np.inf, own, np.inf] for own in fit_polychoric(tables).thresholds]

    def log_likelihood(rho):
        whole = binormal_cdf(edges[0][:, None], edges[1][None, :], rho)
        cells = np.diff(np.diff(whole, axis=0), axis=1)
        return float((tables.table(0, 1) * np.log(np.maximum(cells, 1e-300))).sum())

    grid = np.linspace(-0.999, 0.999, 2001)
    values = [log_likelihood(rho) for rho in grid]
    assert found == pytest.approx(grid[int(np.argmax(values))], abs=2e-3)
    assert log_likelihood(found) >= max(values)


def test_two_categories_at_the_median_follow_the_cosine():
    # With both cuts at 0 a quarter more of agreement is an angle: Sheppard's rule.
    rows = [(1, 1)] * 30 + [(2, 2)] * 30 + [(1, 2)] * 20 + [(2, 1)] * 20
    found = polychoric(pd.DataFrame(rows, columns=["a", "b"]))
    assert found.loc["a", "b"] == pytest.approx(-np.cos(2 * np.pi * 0.3), abs=1e-12)


@settings(max_examples=30)
@given(
    st.lists(st.tuples(*[st.integers(1, 4)] * 3), min_size=12, max_size=80),
    st.permutations(["a", "b", "c"]),
    st.sampled_from([(-1, 0), (3, -7), (0.5, 2)]),
)
def test_order_scale_and_sign_move_nothing_else(rows, order, shift):
    data = pd.DataFrame(rows, columns=["a", "b", "c"], dtype=float)
    found = polychoric(data)
    shuffled = polychoric(data[order].sample(frac=1, random_state=1))
    assert shuffled.loc[["a", "b", "c"], ["a", "b", "c"]].to_numpy() == pytest.approx(
        found.to_numpy(), abs=1e-9, nan_ok=True
    )
    factor, plus = shift
    moved = polychoric(data.assign(b=factor * data["b"] + plus))
    sign = np.array([1, np.sign(factor), 1])
    assert moved.to_numpy() == pytest.approx(
        found.to_numpy() * np.outer(sign, sign), abs=1e-9, nan_ok=True
    )


def test_recovers_the_truth():
    rng = np.random.default_rng(3)
    truth = np.array([[1, 0.6, -0.3], [0.6, 1, 0.1], [-0.3, 0.1, 1]])
    drawn = rng.multivariate_normal(np.zeros(3), truth, size=200_000)
    answers = np.column_stack([np.digitize(x, cuts) for x, cuts in zip(
        drawn.T, ([-1.5, -1, 0.2], [0.0], [-0.5, 0.5, 1.0, 2.0]), strict=True
    )])  # fmt: skip
    data = pd.DataFrame(answers, columns=list("abc"))
    assert polychoric(data).to_numpy() == pytest.approx(truth, abs=0.012)
    details = polychoric_details(data)
    off = np.abs(details["correlation"] - [0.6, -0.3, 0.1]) / details["std_error"]
    assert off.max() < 4


def test_what_has_no_correlation_is_nan_with_its_reason(few):
    data = few.assign(same=1.0, none=np.nan)
    found = polychoric(data, missing="pairwise")
    assert found[["same", "none"]].isna().all(axis=None)
    assert found.loc[["a", "b"], ["a", "b"]].notna().all(axis=None)
    assert found.attrs["notes"] == [
        "same: does not vary: no threshold and no correlation",
        "none: nobody answered it",
    ]
    details = polychoric_details(data, missing="pairwise").set_index(["item_1", "item_2"])
    assert details.loc[("a", "same"), "note"].startswith("same: does not vary")
    assert "nobody answered" in details.loc[("same", "none"), "note"]
    assert details.loc[("a", "b"), "note"] == "rows differ by pair: no standard error"
    listwise = polychoric(data)
    assert listwise.isna().all(axis=None)
    assert "a, b, c, same: no row with an answer is left" in listwise.attrs["notes"]


def test_pairwise_the_limit_has_to_be_the_best():
    """In order over the rows they share, but not by thresholds that come of other rows too."""
    table = {(1, 1): 4, (1, 2): 1, (2, 2): 10, (3, 2): 1, (3, 3): 3}
    rows = [pair for pair, count in table.items() for _ in range(count)]
    alone = pd.DataFrame(rows, columns=["a", "b"], dtype=float)
    assert polychoric(alone).loc["a", "b"] == 1.0
    more = pd.DataFrame({"a": [1.0] * 8, "b": np.nan})
    data = pd.concat([alone, more], ignore_index=True)
    found = polychoric(data, missing="pairwise")
    assert 0.8 < found.loc["a", "b"] < 0.999
    assert found.attrs["notes"] == []


def test_items_that_share_no_rows_are_said():
    data = pd.DataFrame({"a": [1, 2, 1, 2, np.nan, np.nan], "b": [np.nan] * 4 + [1, 2]})
    found = polychoric(data, missing="pairwise")
    assert np.isnan(found.loc["a", "b"])
    assert "a and b: the rows that both answered hold no table" in found.attrs["notes"][0]


def test_a_measure_is_refused(few):
    data = few.assign(age=np.arange(200), weight=np.linspace(50, 90, 200))
    with pytest.raises(ModelError, match="more than 20 different values: age, weight") as caught:
        polychoric(data)
    assert caught.value.failures["item"].tolist() == ["age", "weight"]
    assert polychoric(data, items=["a", "b"]).shape == (2, 2)


def test_columns_that_are_no_items_are_left_out_and_said(few):
    step = pd.Categorical.from_codes((few["c"] - 1).astype(int), ["no", "so-so", "yes"], True)
    mixed = few.assign(id=[f"p{i}" for i in range(200)], colour=pd.Categorical(["red"] * 200))
    for of in (polychoric, polychoric_details):
        notes = of(mixed.assign(c=step)).attrs["notes"]
        assert notes == ["not taken as items, being no numbers or ordered categories: id, colour"]
    assert polychoric(mixed.assign(c=step)).to_numpy() == pytest.approx(polychoric(few).to_numpy())
    assert polychoric(pl.DataFrame(mixed[["id", "a", "b"]].to_dict("list"))).shape == (2, 2)
    with pytest.raises(ModelError, match="no column of numbers or ordered categories"):
        polychoric(mixed[["id", "colour"]])


def test_text_that_was_named_is_refused(few):
    with pytest.raises(ScoringError, match="these columns are not: d"):
        polychoric(few.assign(d="yes"), items=["a", "d"])
    with pytest.raises(ScoringError, match="instrument"):
        polychoric(few, scales="trust")


@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
@pytest.mark.parametrize(
    ("a", "b", "why"),
    [
        ([1.0, 2.0, np.nan, np.nan], [np.nan, np.nan, 1.0, 2.0], "no row|no table"),
        ([], [], "nobody answered it"),
    ],
)
def test_without_a_row_that_holds_both_there_is_nothing_but_the_reason(a, b, why, missing):
    frame = pd.DataFrame({"a": a, "b": b}, dtype=float)
    (row,) = polychoric_details(frame, missing=missing).to_dict("records")
    assert row["n"] == 0
    assert np.isnan(row["correlation"])
    assert np.isnan(row["std_error"])
    assert re.search(why, row["note"])


@pytest.mark.parametrize(
    ("items", "message"),
    [
        (["a", "B"], "1 item column is not in the data: B"),
        ([], "has to be a list of items, each named once; it is"),
        ("a", "has to be a list of items, each named once; it is 'a'"),
        (5, "has to be a list of items, each named once; it is 5"),
        (["a", "a"], "has to be a list of items, each named once; it is"),
    ],
)
def test_items_that_cannot_be(few, items, message):
    with pytest.raises((ModelError, ScoringError), match=message):
        polychoric(few, items=items)


def test_an_item_that_the_scale_has_not(bfi, bfi_answers):
    with pytest.raises(ModelError, match="There is no item C1"):
        polychoric(bfi_answers, bfi, scales="agree", items=["A1", "C1"])
    with pytest.raises(ModelError, match="missing cannot be 'pairs'"):
        polychoric(bfi_answers, bfi, missing="pairs")


def test_items_are_taken_in_the_order_asked_for(bfi, bfi_answers):
    found = polychoric(bfi_answers, bfi, items=["C4", "A1"])
    assert found.columns.tolist() == ["C4", "A1"]
    turned = polychoric(bfi_answers[["C4", "A1"]])
    assert found.loc["C4", "A1"] == pytest.approx(turned.loc["A1", "C4"], abs=1e-12)
    assert polychoric(bfi_answers, bfi, items=["A1"]).to_numpy().tolist() == [[1.0]]


@pytest.mark.parametrize(
    "turn",
    [
        lambda frame: frame.astype("Int64"),
        lambda frame: frame.astype(int),
        lambda frame: frame.astype("category"),
        lambda frame: frame.astype("float32"),
        lambda frame: frame.set_axis([0, 1, 2], axis="columns"),
        pl.from_pandas,
        lambda frame: pl.from_pandas(frame).lazy(),
        pa.Table.from_pandas,
    ],
)
def test_any_column_type_gives_the_same(few, turn):
    assert polychoric(turn(few)).to_numpy() == pytest.approx(polychoric(few).to_numpy(), abs=0)


def test_ordered_categories_are_taken_in_their_order(few):
    words = few["a"].map({1.0: "never", 2.0: "at times", 3.0: "always"})
    ordered = pd.Categorical(words, ["never", "at times", "always"], ordered=True)
    found = polychoric(few.assign(a=ordered))
    assert found.to_numpy() == pytest.approx(polychoric(few).to_numpy(), abs=0)
    with pytest.raises(ScoringError, match="these columns are not: a"):
        polychoric(few.assign(a=words.astype("category")), items=["a", "b"])


def test_no_rows_and_one_item(few):
    empty = polychoric(few.iloc[:0])
    assert empty.isna().all(axis=None)
    assert empty.attrs["notes"] == ["a, b, c: nobody answered it"]
    assert polychoric(few[["a"]]).to_numpy().tolist() == [[1.0]]
    assert polychoric_details(few[["a"]]).empty


def test_the_data_stay_as_they_were(few):
    before = few.copy()
    polychoric(few)
    pd.testing.assert_frame_equal(few, before)
