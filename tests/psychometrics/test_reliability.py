"""Reliability against R psych and pingouin, and what it says where there is none."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pingouin
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.errors import ModelError, ScoringError
from relsurvey.instruments import Instrument
from relsurvey.psychometrics import reliability
from relsurvey.psychometrics.consistency import cronbach_alpha

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
        "agree Agree 5 2,709 2,800 0.704 0.686 to 0.721 0.714 0.683 0.332"
    )
    assert " ".join(text[5].split()) == ("agree 0.714 0.760 0.729 0.617 to 0.755 0.685 0.490 1.359")
    one = reliability(bfi_answers, scales={"x": ["A2"]})
    assert one.figures_text().splitlines()[-1].startswith("x: one item")
    assert "n/a" in one.summary()


def test_the_result_goes_to_json(bfi, bfi_answers):
    found = reliability(bfi_answers, scales={"x": ["A2"]}, confidence=0.9).to_dict()
    assert found["confidence"] == 0.9
    assert found["table"][0]["alpha"] is None
    assert [row["verdict"] for row in found["readings"]] == ["not known", "not known"]
    result = reliability(bfi_answers, bfi, scales="agree")
    assert json.loads(json.dumps(result.to_dict()))["readings"][0]["verdict"] == "met"
    assert "agree: met (alpha 0.704" in result.summary()


answered = st.lists(
    st.tuples(*[st.sampled_from([1.0, 2.0, 3.0, 4.0, 5.0, None]) for _ in range(4)]),
    min_size=4,
    max_size=25,
).map(lambda rows: pd.DataFrame(rows, columns=list("abcd"), dtype=float))
SAME = {"rtol": 1e-9, "atol": 1e-9}
FIGURES = ["alpha", "alpha_low", "alpha_high", "alpha_standardised", "mean_inter_item_r"]


def figures(frame, missing="listwise"):
    return of(frame, missing=missing)[FIGURES].to_numpy(dtype=float)


@settings(deadline=None, max_examples=10)
@given(frame=answered, seed=st.integers(0, 999), missing=st.sampled_from(["listwise", "pairwise"]))
def test_order_of_rows_and_items_does_not_matter(frame, seed, missing):
    draw = np.random.default_rng(seed)
    shuffled = frame.iloc[draw.permutation(len(frame)), draw.permutation(4)]
    np.testing.assert_allclose(figures(shuffled, missing), figures(frame, missing), **SAME)


@settings(deadline=None, max_examples=10)
@given(frame=answered, constant=st.integers(-50, 50), factor=st.sampled_from([-3, 0.5, 10]))
def test_shift_and_unit_do_not_move_alpha(frame, constant, factor):
    np.testing.assert_allclose(figures(frame * factor + constant), figures(frame), **SAME)


@settings(deadline=None, max_examples=10)
@given(frame=answered)
def test_complete_data_are_the_same_listwise_and_pairwise(frame):
    complete = frame.dropna()
    np.testing.assert_allclose(figures(complete, "pairwise"), figures(complete), **SAME)
    np.testing.assert_allclose(figures(complete), figures(frame), **SAME)


@settings(deadline=None, max_examples=10)
@given(frame=answered)
def test_what_is_missing_has_a_reason(frame):
    for missing in ("listwise", "pairwise"):
        found = of(frame, missing=missing)
        assert bool(found["note"]) or not np.isnan(figures(frame, missing)).any()


def test_five_rows_whose_weights_lie_far_apart_are_no_fault():
    rows = [(1, 3, 2, 3), (1, 4, 1, 4), (1, 2, 1, 3), (1, 1, 1, 4), (2, 2, 1, 3)]
    found = of(pd.DataFrame(rows, columns=list("abcd"), dtype=float))
    assert abs(found["ordinal_omega"]) <= 1


FURTHER = json.loads(
    (Path(__file__).parents[1] / "reference" / "reliability_reference.json").read_text()
)
LETTERS = {key: key[0].upper() for key in BFI}


def test_the_further_figures_are_those_of_r(bfi, bfi_answers, bfi_reference):
    result = reliability(bfi_answers, bfi, scales=BFI)
    for key, row in result.to_frame().set_index("scale").iterrows():
        golden = bfi_reference[key]["listwise"]
        assert row["omega_total"] == pytest.approx(golden["omega_one_factor_ml"], abs=1e-5)
        assert row["ordinal_alpha"] == pytest.approx(golden["ordinal_alpha"], abs=1e-4)
        halves = golden["split_half"]
        for name, theirs in (("min", "min"), ("mean", "mean"), ("max", "max")):
            assert row[f"split_half_{name}"] == pytest.approx(halves[theirs], abs=1e-6)
            every = FURTHER["split_half"]["bfi"][LETTERS[key]][f"all_{name}"]
            assert row[f"split_half_all_{name}"] == pytest.approx(every, abs=1e-6)
        green_yang = FURTHER["ordinal_omega"][LETTERS[key]]
        assert row["ordinal_omega"] == pytest.approx(green_yang, abs=1e-4)
        # Three figures, three names.
        three = {round(row[name], 4) for name in ("alpha", "ordinal_alpha", "ordinal_omega")}
        assert len(three) == 3
        assert result.fits[key]["chisq"] == pytest.approx(
            golden["one_factor_fit"]["chisq"], abs=1e-4
        )


def test_nothing_changes_with_the_order_of_columns_or_items(bfi_answers):
    frame = bfi_answers[[f"N{i}" for i in range(1, 6)]]
    names = list(frame)
    settings_ = {"bootstrap": 100, "seed": 3}
    found = reliability(frame, scales={"s": names}, **settings_).to_frame()
    shuffled = frame.sample(frac=1, random_state=2)[names[::-1]]
    again = reliability(shuffled, scales={"s": names[2:] + names[:2]}, **settings_).to_frame()
    numbers = found.select_dtypes("number").columns
    np.testing.assert_allclose(again[numbers], found[numbers], rtol=1e-6)
    assert set(numbers) == set(found) - {"scale", "title", "note"}


def test_a_bootstrap_interval_is_that_of_resampled_frames():
    draw = np.random.default_rng(7)
    trait = draw.exponential(size=(150, 1))
    frame = pd.DataFrame(np.rint(trait + draw.normal(size=(150, 4))), columns=list("abcd"))
    found = of(frame, bootstrap=4_000, seed=1)
    alphas = [
        cronbach_alpha(np.cov(frame.to_numpy()[draw.integers(0, 150, 150)].T)) for _ in range(4_000)
    ]
    limits = np.quantile(alphas, [0.025, 0.975])
    assert found[["alpha_boot_low", "alpha_boot_high"]].tolist() == pytest.approx(limits, abs=0.012)
    assert found["alpha_boot_low"] < found["alpha"] < found["alpha_boot_high"]
    # On skewed answers it is not Feldt's.
    assert abs(found["alpha_boot_low"] - found["alpha_low"]) > 0.005


def test_a_bootstrap_is_drawn_again_with_its_seed(bfi, bfi_answers):
    def limits(seed, scales="agree"):
        table = reliability(bfi_answers, bfi, scales=scales, bootstrap=200, seed=seed).to_frame()
        return table.loc[0, ["alpha_boot_low", "alpha_boot_high"]].tolist()

    assert limits(4) == limits(4) == limits(4, ["agree", "openness"])
    assert limits(4) != limits(5)
    assert limits(None) == limits(None)
    assert np.isnan(of(bfi_answers[["A2", "A3"]])["alpha_boot_low"])


def test_as_few_samples_as_have_limits_are_drawn(bfi_answers):
    answers = bfi_answers.head(200)
    kind = {"scales": {"s": ["A2", "A3", "A5"]}, "bootstrap": 20, "seed": 1}
    with pytest.raises(ModelError, match="cannot be drawn as asked for"):
        reliability(answers, **kind | {"bootstrap": 19}, confidence=0.9)
    plain, narrow = (reliability(answers, **kind, confidence=c) for c in (0.9, np.float32(0.9)))
    assert type(narrow.confidence) is float
    assert narrow.to_frame()["alpha_boot_low"].item() == pytest.approx(
        plain.to_frame()["alpha_boot_low"].item(), abs=1e-6
    )


def test_samples_without_an_alpha_are_said():
    frame = pd.DataFrame({"a": [1, 1, 1, 1, 1, 2], "b": [1, 1, 1, 1, 1, 3]})
    note = of(frame, bootstrap=1_000, seed=1)["note"]
    assert "of 1,000 bootstrap samples had no alpha and do not count" in note


@pytest.mark.parametrize(
    ("settings_", "argument"),
    [
        ({"bootstrap": -1}, "bootstrap"),
        ({"bootstrap": 10}, "bootstrap"),
        ({"bootstrap": 2.5}, "bootstrap"),
        ({"bootstrap": True}, "bootstrap"),
        ({"bootstrap": 100, "seed": -3}, "seed"),
        ({"seed": "x"}, "seed"),
    ],
)
def test_a_bootstrap_that_cannot_be_drawn_is_refused(settings_, argument):
    with pytest.raises(ModelError, match="cannot be drawn as asked for") as caught:
        of(pd.DataFrame({"a": [1, 2], "b": [1, 2]}), **settings_)
    assert caught.value.failures["argument"].tolist() == [argument]


def test_measurement_error_is_in_units_of_the_score(bfi, bfi_answers):
    found = reliability(bfi_answers, bfi, scales=["neuroticism"]).to_frame().iloc[0]
    rows = bfi_answers[[f"N{i}" for i in range(1, 6)]].dropna()
    sem = rows.mean(axis=1).std() * np.sqrt(1 - found["alpha"])
    assert found["sem"] == pytest.approx(sem, rel=1e-10)
    assert found["mdc95"] == pytest.approx(1.959963984540054 * np.sqrt(2) * sem, rel=1e-10)
    definition = bfi.model_dump(mode="json", exclude_none=True)
    for scale in definition["scales"]:
        scale.update(method="sum", minimum=5, maximum=30)
    definition["scales"] = [s for s in definition["scales"] if s["id"] != "all"]
    summed = reliability(bfi_answers, Instrument.model_validate(definition), scales=["neuroticism"])
    assert summed.to_frame().loc[0, "sem"] == pytest.approx(5 * sem, rel=1e-10)


def test_a_negative_alpha_has_no_measurement_error_and_names_the_item():
    frame = pd.DataFrame({"a": [1, 2, 3, 4, 5], "b": [5, 4, 3, 2, 2], "c": [1, 3, 2, 4, 5]})
    found = of(frame[["a", "b"]])
    assert found["alpha"] < 0
    assert np.isnan(found[["sem", "mdc95"]].astype(float)).all()
    assert "no standard error of measurement from a negative alpha" in found["note"]
    assert "check those with a negative item-rest r" in found["note"]


SHORT = [
    ({"a": [1, 2, 3, 3], "b": [1, 2, 2, 3]}, "two items do not identify a factor: no omega total"),
    ({"a": [1, 2, 4], "b": [1, 2, 3]}, "2 items do not identify one factor: no ordinal omega"),
    ({"a": [1, 2, 3, 4], "b": [1, 2, 3, 4], "c": [2, 1, 4, 3]}, "not positive definite"),
    ({"a": np.arange(40) / 7, "b": np.arange(40) % 3, "c": np.arange(40) % 5}, "no ordinal alpha"),
]


@pytest.mark.parametrize(("cells", "note"), SHORT, ids=[note for _, note in SHORT])
def test_what_a_short_or_strange_scale_lacks_is_said(cells, note):
    assert note in of(pd.DataFrame(cells))["note"]


def test_composites_have_an_omega_hierarchical_of_each_model(bfi):
    deep = pd.DataFrame(FURTHER["hierarchical"]["data"])
    found = reliability(deep, deep_instrument(bfi)).to_frame().set_index("scale")
    for kind in ("second_order", "bifactor"):
        column = found[f"omega_hierarchical_{kind}"]
        assert column["all"] == pytest.approx(FURTHER["hierarchical"][kind], abs=1e-5)
        assert column.drop("all").isna().all()
    assert found["note"].eq("").all()
    assert found.loc["all", "omega_total"] == pytest.approx(
        FURTHER["omega"]["deep"]["omega"], abs=1e-5
    )
    # A composite of scores that are means: its spread is that of the mean of the three means.
    means = pd.DataFrame({part: deep[names].mean(axis=1) for part, names in PARTS.items()})
    sem = means.mean(axis=1).std() * np.sqrt(1 - found.loc["all", "alpha"])
    assert found.loc["all", "sem"] == pytest.approx(sem, rel=1e-10)
    text = reliability(deep, deep_instrument(bfi)).summary()
    assert "omega h (second-order)  omega h (bifactor)" in text


PARTS = {
    "one": ["d1", "d2", "d3", "d4"],
    "two": ["d5", "d6", "d7", "d8"],
    "three": ["d9", "d10", "d11", "d12"],
}


def deep_instrument(bfi):
    definition = bfi.model_dump(mode="json", exclude_none=True)
    shape = definition["scales"][0]
    definition |= {
        "id": "deep",
        "items": [{"id": f"d{i}", "gist": f"d{i}", "reverse": False} for i in range(1, 13)],
        "scales": [
            *[{**shape, "id": part, "title": part, "items": own} for part, own in PARTS.items()],
            {**shape, "id": "all", "title": "All", "items": [], "scales": list(PARTS),
             "composite_of": "scores"},
        ],
        "models": {
            "s": {"title": "s", "kind": "second_order", "factors": PARTS,
                  "second_order": {"all": list(PARTS)}},
            "b": {"title": "b", "kind": "bifactor",
                  "factors": {"all": [f"d{i}" for i in range(1, 13)], **PARTS}},
        },
    }  # fmt: skip
    return Instrument.model_validate(definition)


def test_each_alpha_is_read_with_the_fit_of_one_factor(bfi, bfi_answers):
    readings = reliability(bfi_answers, bfi, scales=["agree", "openness"]).readings
    verdicts = [(one.about, one.figure.split()[0], one.verdict) for one in readings]
    assert verdicts == [
        ("agree", "alpha", "met"),
        ("openness", "alpha", "not met"),
        ("agree", "smallest", "not known"),
        ("openness", "smallest", "not known"),
    ]
    assert "of the fit of one factor, CFI, SRMR reach it" in readings[0].because
    three = reliability(bfi_answers, scales={"s": ["N1", "N2", "N3"]}).readings[0]
    assert three.verdict == "not known"
    assert "three items fit one factor whatever was answered" in three.because
    one = reliability(bfi_answers, scales={"s": ["N1"]}).readings[0]
    assert (one.verdict, one.because[:8]) == ("not known", "one item")


def test_the_legend_explains_the_columns(bfi, bfi_answers):
    plain = reliability(bfi_answers, bfi, scales="agree")
    drawn = reliability(bfi_answers, bfi, scales="agree", bootstrap=100)
    assert "MDC95: smallest detectable change" in plain.legend()
    assert "bootstrap" not in plain.legend() + plain.summary()
    assert "bootstrap" in drawn.legend()
    assert "bootstrap" in drawn.summary()
