"""Intraclass correlations against psych's, in full; labels of any kind, gaps said in words."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest

from relsurvey.errors import ModelError
from relsurvey.psychometrics.retest import icc

GOLDEN = json.loads((Path(__file__).parents[1] / "reference" / "retest_reference.json").read_text())
SETS = [name for name in GOLDEN if name != "versions"]
EXACT = 1e-8
NAMES = {"icc": "ICC", "F": "F", "df1": "df1", "df2": "df2", "p": "pval", "low": "conf_low",
         "high": "conf_high"}  # fmt: skip


def long(table, targets=None, raters=None) -> pd.DataFrame:
    table = np.asarray(table, dtype=float)
    n, k = table.shape
    targets = list(range(n)) if targets is None else targets
    raters = list(range(k)) if raters is None else raters
    return pd.DataFrame(
        {
            "who": np.repeat(np.array(targets), k),
            "when": np.tile(np.array(raters), n),
            "score": table.ravel(),
        }
    )


def of(frame, **settings):
    return icc(frame, "who", "when", "score", **settings)


@pytest.mark.parametrize(("level", "confidence"), [("level95", 0.95), ("level80", 0.8)])
@pytest.mark.parametrize("name", SETS)
def test_all_six_are_those_of_psych(name, level, confidence):
    found = of(long(GOLDEN[name]["data"]), confidence=confidence)
    golden = GOLDEN[name][level]
    for theirs, ours in NAMES.items():
        assert found[ours].tolist() == pytest.approx(golden[theirs], rel=1e-7, abs=EXACT)
    assert found["note"].tolist() == [""] * 6


def test_shrout_and_fleiss_printed_these():
    found = of(long(GOLDEN["shrout_fleiss"]["data"])).set_index("Type")["ICC"]
    expected = {"ICC(1,1)": 0.17, "ICC(A,1)": 0.29, "ICC(C,1)": 0.71, "ICC(1,k)": 0.44,
                "ICC(A,k)": 0.62, "ICC(C,k)": 0.91}  # fmt: skip
    assert {name: round(value, 2) for name, value in found.items()} == expected


def test_limits_are_not_rounded():
    limits = of(long(GOLDEN["retest"]["data"]))[["conf_low", "conf_high"]].to_numpy()
    assert (np.abs(limits * 100 - np.rint(limits * 100)) > 1e-4).any(axis=None)


KINDS = {
    "text": lambda d: d.assign(who=d["who"].map("p{}".format)),
    "category": lambda d: d.assign(who=d["who"].astype("category"), when=d["when"].astype("str")),
    "Int64": lambda d: d.astype({"who": "Int64", "score": "Float64"}),
    "unused category": lambda d: d.assign(
        when=pd.Categorical(d["when"].map("t{}".format), ["t9", "t0", "t1"])
    ),
    "polars": lambda d: pl.DataFrame(d.to_dict("list")),
    "lazy": lambda d: pl.LazyFrame(d.to_dict("list")),
    "columns": lambda d: d.to_dict("list"),
    "read-only": lambda d: d.copy(deep=False),
    "shuffled": lambda d: d.sample(frac=1, random_state=2),
}


@pytest.mark.parametrize("kind", KINDS)
def test_labels_kinds_and_orders_do_not_matter(kind):
    frame = long(GOLDEN["retest"]["data"])
    expected = of(frame)[list(NAMES.values())].to_numpy()
    found = of(KINDS[kind](frame))[list(NAMES.values())].to_numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-15)


def test_a_shift_of_an_occasion_counts_for_agreement_only():
    table = np.array(GOLDEN["retest"]["data"])
    later = table + np.array([0, 5])
    before, after = (of(long(one)).set_index("Type")["ICC"] for one in (table, later))
    assert after["ICC(C,1)"] == pytest.approx(before["ICC(C,1)"], abs=1e-10)
    assert after["ICC(A,1)"] < before["ICC(A,1)"]


def test_targets_without_a_rating_are_named_and_left_out_when_asked():
    frame = long(GOLDEN["retest"]["data"]).drop(index=[0, 5])
    frame.loc[8, "score"] = np.nan
    with pytest.raises(ModelError, match="3 of 40 targets lack the rating of a rater") as caught:
        of(frame)
    assert caught.value.failures.to_dict("records") == [
        {"target": 0, "lacks": "0"}, {"target": 2, "lacks": "1"}, {"target": 4, "lacks": "0"}
    ]  # fmt: skip
    found = of(frame, missing="listwise")
    complete = of(long(np.delete(np.array(GOLDEN["retest"]["data"]), [0, 2, 4], axis=0)))
    np.testing.assert_allclose(found["ICC"], complete["ICC"], rtol=1e-10)
    assert found["n_targets"].tolist() == [37] * 6
    assert found["note"].tolist() == ["3 targets without a rating of every rater left out"] * 6


def test_ratings_that_do_not_vary_have_no_icc():
    found = of(long(np.full((5, 2), 3.0)))
    assert found[["ICC", "conf_low", "conf_high"]].isna().all(axis=None)
    assert found["note"].str.contains("all ratings are the same").all()
    assert found["reading"].str.startswith("not known").all()


def test_perfect_agreement_is_one():
    found = of(long(np.repeat(np.arange(6.0)[:, None], 2, axis=1)))
    assert found["ICC"].tolist() == pytest.approx([1.0] * 6)
    assert found["conf_low"].tolist() == pytest.approx([1.0] * 6)
    # One point up for everybody: consistent throughout, agreeing less.
    up = of(long(np.arange(6.0)[:, None] + [0, 1])).set_index("Type")
    assert up.loc["ICC(C,1)", ["ICC", "conf_low", "conf_high"]].tolist() == pytest.approx([1] * 3)
    assert up.loc["ICC(A,1)", "conf_low"] < up.loc["ICC(A,1)", "ICC"] < 1


def test_each_figure_is_read_beside_its_criterion():
    found = of(long(GOLDEN["shrout_fleiss"]["data"])).set_index("Type")["reading"]
    assert found["ICC(1,1)"].startswith("not met: an intraclass correlation")
    assert found["ICC(C,1)"].startswith("met: ")
    assert "COSMIN" in found["ICC(C,1)"]


BASE = long([[1.0, 2], [3, 4], [5, 4]])
FAULTS = [
    (pd.concat([BASE, BASE.iloc[[0]]]), "1 rating of a target that the same rater has rated"),
    (BASE.assign(score=list("abcdef")), "does not hold them"),
    (BASE.assign(score=[1, 2, 3, 4, np.inf, 1]), "Infinite values in 'score'"),
    (BASE.assign(who=[None, *"abcde"]), "1 rating without an id"),
    (BASE[BASE["when"] == 0], "two targets and two raters; there are 3 with every rating and 1"),
    (BASE.iloc[:2], "there are 1 with every rating and 2"),
    (long([[1.0, 2], [3, 4]]), "4 ratings are too few"),
    (BASE.rename(columns={"who": "whom"}), "not in the table"),
]


@pytest.mark.parametrize(("frame", "words"), FAULTS, ids=[words for _, words in FAULTS])
def test_what_is_no_table_of_ratings_is_refused(frame, words):
    with pytest.raises(ModelError, match=words):
        of(frame)


def test_words_for_gaps_are_checked():
    with pytest.raises(ModelError, match=r"missing cannot be 'listwize'.") as caught:
        of(BASE, missing="listwize")
    assert "listwise" in str(caught.value)
