"""Differential item functioning: what it finds, leaves alone, hides and says."""

from __future__ import annotations

import json
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.errors import ModelError, ScoringError
from relsurvey.psychometrics.functioning import differential_functioning

ITEMS = [f"q{i}" for i in range(1, 6)]
SCALES = {"s": ITEMS}
CHISQ = ["chisq_uniform", "chisq_non_uniform", "chisq_total"]


def people(n=600, *, seed=1, uniform=0.0, slope=0.0, apart=0.4):
    """Answers to five four-point items; q5 differs between the groups as told."""
    rng = np.random.default_rng(seed)
    group = (rng.random(n) < 0.5).astype(int)
    trait = rng.normal(size=n) + apart * group
    answers = {}
    for item in ITEMS:
        odds = 1.5 * trait + rng.logistic(size=n)
        if item == "q5":
            odds = odds + group * (uniform + slope * trait)
        answers[item] = np.digitize(odds, [-1.5, 0, 1.5])
    return pd.DataFrame({**answers, "group": group})


def table(data, **options):
    return (
        differential_functioning(data, by="group", scales=SCALES, **options)
        .to_frame()
        .set_index("item")
    )


def test_a_difference_put_in_is_found_and_nowhere_else():
    result = differential_functioning(people(uniform=1.5), by="group", scales=SCALES)
    found = result.to_frame().set_index("item")
    assert found["finding"].to_dict()["q5"] == "important"
    assert set(found["finding"].drop("q5")) <= {"none", "beyond chance, small"}
    assert found.loc["q5", "p_uniform"] < 1e-8
    effect = result.effects.set_index(["item", "group"]).loc[("q5", "1")]
    assert effect["conf_low"] < 1.5 < effect["conf_high"]
    assert effect["odds_ratio"] == pytest.approx(np.exp(effect["log_odds"]))


def test_a_difference_in_slope_is_found_as_non_uniform():
    found = table(people(1500, slope=-1.3))
    assert found["r2_change_non_uniform"].idxmax() == "q5"
    assert found.loc["q5", "p_non_uniform"] < 1e-5


def test_without_a_difference_one_in_twenty_is_found():
    p = np.concatenate(
        [table(people(300, seed=seed, apart=0))["p_uniform"] for seed in range(2, 42)]
    )
    share = (p < 0.05).mean()
    assert abs(share - 0.05) < 3 * np.sqrt(0.05 * 0.95 / len(p))


def test_purification_takes_the_biased_item_out_of_the_score():
    data = people(3000, uniform=2.5, apart=0)
    plain = differential_functioning(data, by="group", scales=SCALES)
    pure = differential_functioning(data, by="group", scales=SCALES, purify=True)
    assert "s by group: matched without q5 (purified)" in pure.notes
    # q5 is tested against the same score as before; the others no longer lean on it.
    chisq = [result.to_frame().set_index("item").loc["q5", CHISQ[2]] for result in (plain, pure)]
    assert chisq[1] == pytest.approx(chisq[0], rel=1e-9)
    lean = [
        r.effects.query("item != 'q5' & group == '1'")["log_odds"].mean() for r in (plain, pure)
    ]
    assert lean[0] < -0.2
    assert abs(lean[1]) < 0.05


def test_purification_of_what_is_fair_changes_nothing():
    pd.testing.assert_frame_equal(table(people(seed=3), purify=True), table(people(seed=3)))


def test_matching_on_the_whole_scale_is_another_score():
    data = people(uniform=1.0)
    whole = table(data, matching="scale")
    assert (whole["r2_matching"] > table(data)["r2_matching"]).all()
    assert whole["finding"]["q5"] != "none"


@settings(deadline=None, max_examples=8)
@given(st.integers(0, 10_000), st.sampled_from([0.5, 1, 3]), st.integers(-5, 5))
def test_order_scale_and_labels_do_not_matter(seed, factor, shift):
    data = people(200, seed=7, uniform=0.8)
    expected = table(data)
    mixed = data.sample(frac=1, random_state=seed)
    mixed[ITEMS] = factor * mixed[ITEMS] + shift
    mixed["group"] = mixed["group"].map({0: "zebra", 1: "ant"})
    found = differential_functioning(mixed, by="group", scales={"s": ITEMS[::-1]}).to_frame()
    found = found.set_index("item").loc[ITEMS]
    np.testing.assert_allclose(found[CHISQ], expected[CHISQ], rtol=1e-8, atol=1e-9)


def test_turning_every_item_turns_the_effect_only():
    data = people(uniform=0.8)
    turned = data.assign(**{item: 3 - data[item] for item in ITEMS})
    np.testing.assert_allclose(table(turned)[CHISQ], table(data)[CHISQ], rtol=1e-9, atol=1e-9)
    effects = [
        differential_functioning(frame, by="group", scales=SCALES).effects["log_odds"]
        for frame in (data, turned)
    ]
    np.testing.assert_allclose(effects[0], -effects[1], atol=1e-7)


def kinds():
    group = people()["group"]
    yield "bool", group.astype(bool)
    yield "float with gaps", group.astype(float)
    yield "nullable", group.astype("Int64")
    yield "string", group.map({0: "no", 1: "yes"}).astype("string")
    yield "category", group.map({0: "no", 1: "yes"}).astype("category")
    yield "object", pd.Series(["a" if g else "b" for g in group], dtype=object)


@pytest.mark.parametrize(("kind", "column"), list(kinds()), ids=[kind for kind, _ in kinds()])
def test_labels_of_any_type_give_the_same_tests(kind, column):
    data = people(uniform=1.0)
    found = table(data.assign(group=column.to_numpy() if kind == "bool" else column))
    np.testing.assert_allclose(found[CHISQ], table(data)[CHISQ], rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("make", [pl.from_pandas, lambda f: pl.from_pandas(f).lazy(),
                                  pa.Table.from_pandas])  # fmt: skip
def test_frames_of_any_kind_give_the_same(make):
    data = people(uniform=1.0)
    np.testing.assert_allclose(table(make(data))[CHISQ], table(data)[CHISQ], rtol=1e-12)


def test_read_only_arrays_and_number_headings_do():
    data = people(uniform=1.0)
    values = data.to_numpy(dtype=float)
    values.flags.writeable = False
    frame = pd.DataFrame(values)
    found = differential_functioning(frame, by="5", scales={"s": [0, 1, 2, 3, 4]}).to_frame()
    np.testing.assert_allclose(found[CHISQ], table(data)[CHISQ], rtol=1e-12)


def test_whole_numbers_with_gaps_keep_their_names():
    data = people().astype({"group": float})
    data.loc[3, "group"] = np.nan
    result = differential_functioning(data, by="group", scales=SCALES)
    assert result.groups["group"].tolist() == ["0", "1"]
    assert result.to_frame()["n"].tolist() == [599] * 5


def test_several_groups_and_several_groupings():
    data = people(900).assign(third=np.repeat(["x", "y", "z"], 300))
    result = differential_functioning(data, by=["group", "third"], scales=SCALES)
    found = result.to_frame().groupby("by")[["df_uniform", "df_non_uniform", "df_total"]].first()
    assert found.loc["group"].tolist() == [1, 1, 2]
    assert found.loc["third"].tolist() == [2, 2, 4]
    alone = differential_functioning(data, by="third", scales=SCALES).to_frame()
    both = result.to_frame().query("by == 'third'").reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, both)


def test_small_groups_are_left_out_and_their_size_is_not_to_be_had():
    data = people(300)
    data["group"] = data["group"].map({0: "a", 1: "b"})
    data.loc[:6, "group"] = "rare"
    result = differential_functioning(data, by="group", scales=SCALES)
    without = differential_functioning(data.iloc[7:], by="group", scales=SCALES)
    np.testing.assert_allclose(result.to_frame()[CHISQ], without.to_frame()[CHISQ])
    rare = result.groups.set_index("group").loc["rare"]
    assert pd.isna(rare["n"])
    assert not rare["used"]
    assert rare["note"] == "left out: fewer than 10 people"
    assert "left out, fewer than 10 people: rare" in result.summary()
    # Neither their number nor one that would give it away by subtraction is anywhere.
    text = result.summary() + json.dumps(result.to_dict())
    assert "300" not in text
    # Nor is one that would together with a total that is shown elsewhere.
    assert "293" not in text
    assert result.to_frame()["n"].isna().all()
    assert result.groups["n"].isna().all()
    assert without.to_frame()["n"].tolist() == [293] * 5
    assert any("sizes of the groups by group are not shown" in note for note in result.notes)


def test_a_group_with_gaps_in_one_scale_is_left_out_there_only():
    data = people(200)
    rows = data.index[data["group"] == 1][8:]
    data.loc[rows, "q1"] = np.nan
    scales = {"gappy": ["q1", "q2"], "whole": ["q3", "q4", "q5"]}
    result = differential_functioning(data, by="group", scales=scales)
    found = result.to_frame().set_index("scale")
    assert (
        found.loc["gappy", "note"].tolist()
        == ["fewer than two groups by group have 10 people with every item answered"] * 2
    )
    assert found.loc["gappy", CHISQ].isna().all(axis=None)
    assert found.loc["whole", CHISQ].notna().all(axis=None)


def strange(**columns):
    data = people(200, seed=5).astype(float)
    return data.assign(**{name: make(data) for name, make in columns.items()})


STRANGE = [
    (strange(q5=lambda d: 2.0), "q5", "everybody gave the same answer to q5"),
    (strange(q5=lambda d: 3.0 * d["group"]), "q5", "told apart perfectly (separation)"),
    (strange(q5=lambda d: d[ITEMS[:4]].sum(axis=1)), "q5", "the matching score tells the answers"),
    (
        strange(q5=lambda d: d["q5"].where(d["group"] == 0, 1)),
        "q5",
        "the answers to q5 do not vary in one of the groups",
    ),
    (strange(group=lambda d: 4), "q1", "everybody has the same group"),
    (strange(group=lambda d: np.nan), "q1", "nobody's group is known"),
    (strange(q5=lambda d: np.nan), "q1", "fewer than two groups by group have 10 people"),
    (strange(q5=lambda d: pd.NA), "q1", "fewer than two groups by group have 10 people"),
    (strange(q5=lambda d: None), "q1", "fewer than two groups by group have 10 people"),
    (
        strange(q5=lambda d: np.random.default_rng(1).normal(size=200)),
        "q5",
        "q5 has 200 different answers: no ordered categories",
    ),
]


@pytest.mark.parametrize(("data", "item", "note"), STRANGE, ids=[note for *_, note in STRANGE])
def test_what_cannot_be_tested_is_said_in_words(data, item, note):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = differential_functioning(data, by="group", scales=SCALES)
        row = result.to_frame().set_index("item").loc[item]
        result.summary()
    assert note in row["note"]
    if "in one of the groups" not in note:
        assert np.isnan(row["chisq_total"])
        assert row["finding"] == "not tested"
        (reading,) = [r for r in result.readings if r.about == f"{item} by group"]
        assert reading.verdict == "not known"
        assert note in reading.because


@pytest.mark.parametrize("k", [1, 2])
def test_scales_of_one_and_two_items(k):
    found = differential_functioning(people(), by="group", scales={"s": ITEMS[:k]}).to_frame()
    assert found["chisq_total"].isna().all() == (k == 1)
    if k == 1:
        assert found["note"].tolist() == ["one item: there are no others to match people on"]


def test_adjustment_counts_only_what_was_tested():
    found = table(strange(q5=lambda d: 2.0), adjust="holm").drop("q5")
    first = found["p_total"].min()
    assert found["p_adjusted_total"].min() == pytest.approx(min(4 * first, 1))


REFUSED = [
    ({"by": "grup"}, ModelError, "There is no column 'grup' to group by[^D]*Did you mean 'group'"),
    ({"by": []}, ModelError, "by has to be a name, or several"),
    ({"by": "q1"}, ModelError, "'q1' is one of the items"),
    ({"by": "mixed"}, ModelError, "mixes numbers and texts"),
    ({"by": "many"}, ModelError, "holds 600 different values; 50 groups are the most"),
    ({"by": "lists"}, ModelError, "does not hold groups"),
    ({"matching": "theta"}, ModelError, "matching cannot be 'theta'"),
    ({"adjust": "hommel"}, ModelError, "adjust cannot be 'hommel'"),
    ({"purify": "yes"}, ModelError, "purify must be True or False"),
    ({"alpha": 5}, ModelError, "alpha must be a number between 0 and 1"),
    ({"minimum_group": 5}, ModelError, "whole number of at least 10; it is 5"),
    ({"scales": {"s": ["q1", "q9"]}}, ScoringError, "1 item column is not in the data: q9"),
]


@pytest.mark.parametrize(("options", "error", "text"), REFUSED, ids=[str(o) for o, *_ in REFUSED])
def test_what_cannot_be_is_refused(options, error, text):
    data = people().assign(many=range(600))
    data["mixed"] = [1, "one"] * 300
    data["lists"] = [[1], [2]] * 300
    with pytest.raises(error, match=text):
        differential_functioning(data, **({"by": "group", "scales": SCALES} | options))


def test_an_instrument_turns_its_items_and_leaves_composites_out(bfi, bfi_answers):
    result = differential_functioning(bfi_answers.iloc[:500], bfi, by="gender")
    assert "all" not in set(result.to_frame()["scale"])
    assert len(result.to_frame()) == 25
    turned = bfi_answers.iloc[:500].assign(A1=lambda d: 7 - d["A1"])
    scales = {"agree": [f"A{i}" for i in range(1, 6)]}
    plain = differential_functioning(turned, by="gender", scales=scales).to_frame()
    np.testing.assert_allclose(result.to_frame()[CHISQ].iloc[:5], plain[CHISQ], rtol=1e-12)


def test_the_result_goes_out_in_all_ways(bfi, bfi_answers):
    result = differential_functioning(bfi_answers, bfi, by="gender", scales="neuroticism")
    text = result.summary()
    assert "By gender: 1 (889), 2 (1,805)" in text
    assert "Met in 5 of 5 tests" in text
    assert "McFadden" in text
    json.dumps(result.to_dict(), allow_nan=False)
    assert "<table" in result._repr_html_()
    sizes = [r for r in result.readings if "smallest group" in r.figure]
    assert [reading.verdict for reading in sizes] == ["met"]
