"""Factor models as they are used: any frame, bad input, and what must not change an answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.errors import ModelError, ScoringError
from relsurvey.instruments import load_instrument
from relsurvey.intake import read_responses
from relsurvey.psychometrics.structure.cfa import fit_cfa, fit_covariance
from relsurvey.psychometrics.structure.estimators import estimator_class
from relsurvey.psychometrics.structure.result import CfaResult

AGREE = ["A1", "A2", "A3", "A4", "A5"]
TWO = {"agree": AGREE, "conscientious": ["C1", "C2", "C3", "C4", "C5"]}
Simulate = Callable[..., pd.DataFrame]


def loadings_by_item(result: CfaResult) -> pd.Series:
    return result.loadings.set_index("item")["standardised"].sort_index()


def assert_same(one: CfaResult, other: CfaResult, tolerance: float = 1e-7) -> None:
    for name in ("chisq", "cfi", "tli", "rmsea", "rmsea_high", "srmr"):
        assert one.fit[name] == pytest.approx(other.fit[name], abs=tolerance), name
    got, wanted = loadings_by_item(one), loadings_by_item(other)
    assert list(got.index) == list(wanted.index)
    assert got.to_numpy() == pytest.approx(wanted.to_numpy(), abs=tolerance)
    for factor, value in other.omega.items():
        assert one.omega[factor] == pytest.approx(value, abs=tolerance)


def test_the_order_of_rows_and_columns_changes_nothing(keyed: pd.DataFrame) -> None:
    plain = fit_cfa(keyed, TWO)
    mixed = keyed.sample(frac=1, random_state=4)[list(keyed.columns)[::-1]]
    assert_same(fit_cfa(mixed, TWO), plain)
    turned = {name: items[::-1] for name, items in reversed(TWO.items())}
    assert_same(fit_cfa(keyed, turned), plain)


def test_the_order_of_rows_does_not_choose_the_first_group(keyed: pd.DataFrame) -> None:
    plain = fit_cfa(keyed, TWO, group="gender", equal=("loadings", "intercepts"))
    mixed = fit_cfa(keyed.iloc[::-1], TWO, group="gender", equal=("loadings", "intercepts"))
    assert mixed.groups == plain.groups == (1, 2)
    got, wanted = mixed.parameters["estimate"], plain.parameters["estimate"]
    assert got.to_numpy() == pytest.approx(wanted.to_numpy(), abs=1e-7)


@pytest.mark.parametrize("marker", range(5))
def test_any_item_can_be_the_marker(marker: int, keyed: pd.DataFrame, raw: pd.DataFrame) -> None:
    items = [AGREE[marker], *[item for item in AGREE if item != AGREE[marker]]]
    model = {"agree": items, "conscientious": TWO["conscientious"]}
    free = fit_cfa(keyed, TWO)
    held = fit_cfa(keyed, model, std_lv=False)
    assert_same(held, free)
    first = held.loadings.set_index("item").loc[items[0]]
    assert first["estimate"] == 1
    assert np.isnan(first["std_error"])
    assert first["standardised_std_error"] > 0
    # A1 stands the other way round in the answers as they were given.
    turned = fit_cfa(raw, model, std_lv=False)
    assert turned.fit["chisq"] == pytest.approx(free.fit["chisq"], abs=1e-6)
    assert turned.converged


def test_keying_turns_signs_and_nothing_else(raw: pd.DataFrame, keyed: pd.DataFrame) -> None:
    one, other = fit_cfa(raw, TWO), fit_cfa(keyed, TWO)
    assert one.fit["chisq"] == pytest.approx(other.fit["chisq"], abs=1e-7)
    got, wanted = loadings_by_item(one), loadings_by_item(other)
    for item in got.index:
        sign = -1 if item in ("A1", "C4", "C5") else 1
        assert got[item] == pytest.approx(sign * wanted[item], abs=1e-7)


def test_units_and_origin_of_items_change_nothing(keyed: pd.DataFrame) -> None:
    moved = keyed.assign(A1=keyed["A1"] * 1e5 + 1e6, C2=keyed["C2"] / 1e4, A3=keyed["A3"] - 50)
    one, other = fit_cfa(moved, TWO), fit_cfa(keyed, TWO)
    # Omega is of the sum of the items, which is another one in other units.
    assert_same(replace(one, omega={}), replace(other, omega={}))
    shifted = fit_cfa(keyed.assign(A1=keyed["A1"] + 1e6), TWO)
    assert_same(shifted, other)


@given(
    scale=st.lists(st.floats(0.01, 100), min_size=6, max_size=6),
    turned=st.lists(st.booleans(), min_size=6, max_size=6),
    order=st.permutations(range(6)),
)
@settings(deadline=None, max_examples=15)
def test_any_units_signs_and_order(
    scale: list[float], turned: list[bool], order: list[int]
) -> None:
    loadings = np.array([0.8, 0.7, 0.6, 0.75, 0.5, 0.4])
    seen = np.outer(loadings, loadings)
    seen[0, 1] += 0.05
    seen[1, 0] += 0.05
    seen[4, 5] += 0.1
    seen[5, 4] += 0.1
    np.fill_diagonal(seen, 1.0)
    names = [f"q{i}" for i in range(6)]
    plain = fit_covariance({"f": names}, seen, 400)
    change = np.array(scale) * np.where(turned, -1, 1)
    frame = pd.DataFrame(seen * np.outer(change, change), names, names)
    moved = fit_covariance({"f": [names[i] for i in order]}, frame, 400)
    assert moved.fit["chisq"] == pytest.approx(plain.fit["chisq"], abs=1e-7)
    got = loadings_by_item(moved).to_numpy() * np.where(turned, -1, 1)
    wanted = loadings_by_item(plain).to_numpy()
    assert got * np.sign(got[0]) == pytest.approx(wanted, abs=1e-7)
    assert moved.loadings["standardised"].sum() > 0


@pytest.mark.parametrize("kind", ["polars", "lazy", "arrow", "Int64", "read-only", "numbers"])
def test_any_frame_will_do(kind: str, keyed: pd.DataFrame) -> None:
    expected = fit_cfa(keyed, {"f": AGREE}).fit
    model: dict[str, list[Any]] = {"f": list(AGREE)}
    data: Any = keyed
    if kind in ("polars", "lazy"):
        data = pl.from_pandas(keyed)
        data = data.lazy() if kind == "lazy" else data
    elif kind == "arrow":
        data = pa.Table.from_pandas(keyed)
    elif kind == "Int64":
        data = keyed.astype("Int64")
    elif kind == "read-only":
        values = keyed[AGREE].to_numpy()
        values.setflags(write=False)
        data = pd.DataFrame(values, columns=AGREE, copy=False)
    else:
        data, model = pd.DataFrame(keyed[AGREE].to_numpy()), {"f": list(range(5))}
    assert fit_cfa(data, model).fit == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({1: "m", 2: "f"}, ("f", "m")),
        ({1: True, 2: False}, (False, True)),
        ({1: 1.0, 2: 2.0}, (1, 2)),
        ({1: 7, 2: 3}, (3, 7)),
    ],
)
@pytest.mark.parametrize("kind", ["plain", "category", "string", "polars", "values"])
def test_group_labels_of_any_kind(
    labels: dict[int, Any], expected: tuple[Any, ...], kind: str, keyed: pd.DataFrame
) -> None:
    column = keyed["gender"].map(labels)
    if kind in ("category", "string"):
        column = column.astype(kind)
        expected = tuple(map(str, expected)) if kind == "string" else expected
    data: Any = keyed.assign(group=column)
    group: Any = "group"
    if kind == "polars":
        data = pl.from_pandas(data)
    if kind == "values":
        group = column.to_numpy()
    result = fit_cfa(data, TWO, group=group, equal="loadings")
    labels_found = tuple(map(str, result.groups)) if kind == "string" else result.groups
    if not (kind == "string" and 1.0 in labels.values()):
        assert labels_found == expected
    assert result.fit["chisq"] == pytest.approx(547.434875528, abs=1e-5)


def test_rows_without_a_label_are_counted(keyed: pd.DataFrame) -> None:
    label = keyed["gender"].astype(object)
    label.iloc[:40] = None
    result = fit_cfa(keyed.assign(g=label), TWO, group="g")
    assert "40 rows left out: no group is given." in result.notes
    assert result.n_total == 2800
    assert sum(result.group_n) == result.n < 2632


def test_instruments_key_their_items() -> None:
    instrument = load_instrument("peech-sc")
    draw = np.random.default_rng(2)
    trait = draw.normal(size=(600, 1))
    items = list(instrument.item_ids)
    codes = np.clip(np.rint(2.5 + trait + draw.normal(size=(600, len(items))) * 0.8), 1, 4)
    answers = pd.DataFrame(codes, columns=items)
    low, high = instrument.response_scale.minimum, instrument.response_scale.maximum
    codes = np.clip(codes, low, high)
    answers = pd.DataFrame(codes, columns=items)
    for item in instrument.reversed_items:
        answers[item] = low + high - answers[item]
    one = fit_cfa(answers, "one-factor", instrument="peech-sc")
    assert (one.loadings["estimate"] > 0).all()
    by_hand = pd.DataFrame(codes, columns=items)
    assert_same(fit_cfa(by_hand, {one.factors[0]: items}), one)
    method = fit_cfa(answers, "four-factors-method", instrument="peech-sc")
    pair = method.loadings.query("factor == 'REVERSED'")["estimate"]
    assert pair.nunique() == 1
    assert any("REVERSED has two items; its loadings are held equal" in n for n in method.notes)


def test_responses_bring_instrument_and_groups(tmp_path: Path) -> None:
    instrument = load_instrument("rpq-16")
    draw = np.random.default_rng(1)
    traits = draw.normal(size=(400, 1)) + draw.normal(size=(400, 4)) * 0.7
    codes = 3.5 + traits.repeat(4, axis=1) + draw.normal(size=(400, 16))
    keyed = pd.DataFrame(np.clip(np.rint(codes), 1, 6), columns=list(instrument.item_ids))
    answers = keyed.astype(int)
    for item in instrument.reversed_items:
        answers[item] = 7 - answers[item]
    team = pd.Series(draw.choice(["north", "south"], 400), name="team")
    pd.concat([team, answers], axis="columns").to_csv(tmp_path / "a.csv", index=False)
    responses = read_responses(tmp_path / "a.csv", "rpq-16", team="team")
    for name in instrument.models:
        result = fit_cfa(responses, name)
        assert result.model == name
        assert result.converged
        assert (result.loadings.query("factor != 'SA'")["standardised"] > -0.3).all()
    named = instrument.models["four-factors"].factors
    by_hand = {factor: list(items) for factor, items in named.items()}
    expected = fit_cfa(keyed, by_hand, group=team, equal="loadings").fit
    result = fit_cfa(responses, "four-factors", group="team", equal="loadings")
    assert result.groups == ("north", "south")
    assert result.fit == pytest.approx(expected)
    with pytest.raises(ModelError, match=r"no group column 'tema'.\nDid you mean 'team'"):
        fit_cfa(responses, "four-factors", group="tema")


def test_a_model_of_one_factor_is_a_special_case_of_more(simulated: Simulate) -> None:
    # Parallel items: omega is alpha.
    seen = np.full((5, 5), 0.4)
    np.fill_diagonal(seen, 1.0)
    result = fit_covariance({"f": list("abcde")}, seen, 500)
    alpha = 5 / 4 * (1 - 5 / seen.sum())
    assert result.omega["f"] == pytest.approx(alpha, abs=1e-9)


def test_a_saturated_second_order_model_fits_as_its_factors_do(keyed: pd.DataFrame) -> None:
    three = {**TWO, "extraversion": ["E1", "E2", "E3", "E4", "E5"]}
    plain = fit_cfa(keyed, three)
    above = fit_cfa(keyed, {**three, "g": list(three)})
    assert above.fit["chisq"] == pytest.approx(plain.fit["chisq"], abs=1e-6)
    assert above.fit["df"] == plain.fit["df"]
    product = above.loadings.query("factor == 'g'")["standardised"].to_numpy()
    assert product[0] * product[1] == pytest.approx(
        plain.factor_correlations.loc["agree", "conscientious"], abs=1e-6
    )


def test_groups_that_are_alike_fit_as_one_does(keyed: pd.DataFrame) -> None:
    twice = pd.concat([keyed.assign(g="a"), keyed.assign(g="b")])
    one = fit_cfa(keyed, TWO)
    for equal in ((), ("loadings", "intercepts", "residuals")):
        both = fit_cfa(twice, TWO, group="g", equal=equal)
        assert both.fit["chisq"] == pytest.approx(2 * one.fit["chisq"], abs=1e-5)
        if not equal:
            # The means fit, so that their residuals only thin the others out.
            share = 55 / 65
            assert both.fit["cfi"] == pytest.approx(one.fit["cfi"], abs=1e-7)
            assert both.fit["rmsea"] == pytest.approx(one.fit["rmsea"], abs=1e-7)
            assert both.fit["srmr"] == pytest.approx(one.fit["srmr"] * share**0.5, abs=1e-7)


def test_what_was_put_in_is_found_again(simulated: Simulate) -> None:
    loadings = np.zeros((9, 3))
    values = [0.8, 0.7, 0.6, 0.75, 0.65, 0.55, 0.7, 0.6, 0.5]
    for item, value in enumerate(values):
        loadings[item, item // 3] = value
    between = np.array([[1, 0.5, 0.2], [0.5, 1, -0.3], [0.2, -0.3, 1]])
    data = simulated(20_000, loadings, between, 11)
    model = {f"f{k}": [f"q{3 * k + i}" for i in (1, 2, 3)] for k in range(3)}
    result = fit_cfa(data, model)
    error = result.loadings["standardised_std_error"].to_numpy()
    off = result.loadings["standardised"].to_numpy() - values
    assert (np.abs(off) < 4 * error).all()
    assert result.factor_correlations.to_numpy() == pytest.approx(between, abs=0.04)
    assert result.fit["p_value"] > 0.001
    assert result.fit["rmsea"] < 0.01


def test_standard_errors_are_as_wide_as_estimates_vary(simulated: Simulate) -> None:
    loadings = np.array([[0.8], [0.7], [0.6], [0.5]])
    found = [
        fit_cfa(simulated(300, loadings, np.eye(1), seed), {"f": ["q1", "q2", "q3", "q4"]})
        for seed in range(100)
    ]
    values = np.array([result.loadings["standardised"] for result in found])
    errors = np.array([result.loadings["standardised_std_error"] for result in found])
    assert errors.mean(axis=0) == pytest.approx(values.std(axis=0), rel=0.25)
    chisq = np.array([result.fit["chisq"] for result in found])
    assert chisq.mean() == pytest.approx(2, abs=0.7)


def test_modification_indices_foretell_the_fall_of_chi_square(keyed: pd.DataFrame) -> None:
    plain = fit_cfa(keyed, TWO)
    top = plain.modification_indices.iloc[0]
    text = "agree =~ A1+A2+A3+A4+A5\nconscientious =~ C1+C2+C3+C4+C5\n"
    freer = fit_cfa(keyed, f"{text}{top['left']} {top['operator']} {top['right']}")
    fall = plain.fit["chisq"] - freer.fit["chisq"]
    assert freer.fit["df"] == plain.fit["df"] - 1
    assert fall == pytest.approx(top["modification_index"], rel=0.15)


# --- bad input ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"A1": 3}, "A1 does not vary"),
        ({"A1": np.nan}, "nobody answered A1"),
        ({"A1": "A2"}, "A1 and A2 are perfectly correlated"),
        ({"A1": "-A2"}, "A1 and A2 are perfectly correlated"),
        ({"A1": "A2+A3+A4"}, "among A1, A2, A3, A4, items follow from the others"),
    ],
)
def test_items_that_cannot_be_used_are_named(
    change: dict[str, Any], message: str, keyed: pd.DataFrame
) -> None:
    ((name, value),) = change.items()
    column = keyed.eval(value) if isinstance(value, str) else value
    with pytest.raises(ModelError, match=message):
        fit_cfa(keyed.assign(**{name: column}), {"agree": AGREE})


def test_too_few_rows_are_refused_and_few_are_remarked_upon(simulated: Simulate) -> None:
    loadings = np.full((6, 1), 0.7)
    data = simulated(40, loadings, np.eye(1), 1)
    model = {"f": [f"q{i}" for i in range(1, 7)]}
    with pytest.raises(ModelError, match="6 complete rows are too few for 6 items"):
        fit_cfa(data.head(6), model)
    result = fit_cfa(data.head(11), model)
    assert any("fewer rows (11) than parameters (12)" in note for note in result.notes)
    assert result.readings[1].verdict == "not met"


def test_a_group_that_is_too_small_is_named(keyed: pd.DataFrame) -> None:
    whole = keyed.dropna(subset=[item for items in TWO.values() for item in items])
    group = np.where(np.arange(len(whole)) < 10, "few", "many")
    with pytest.raises(ModelError, match="too few for 10 items in group 'few'"):
        fit_cfa(whole, TWO, group=group)
    fewer = np.where(np.arange(len(whole)) < 6, "few", "many")
    with pytest.raises(ModelError, match="Fewer than two groups are large enough"):
        fit_cfa(whole, TWO, group=fewer)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ({"a": ["A1"]}, "a has one item, A1"),
        ({"a": ["A1", "A2"]}, "a has two items, A1 and A2, and no correlated factor"),
        ({"a": ["A1"], "c": ["C1", "C2", "C3"]}, "a has one item, A1"),
        ({**TWO, "g": ["agree", "conscientious"]}, "g is made of two factors"),
        ("a =~ A1 + A2 + A3\na ~~ NA*a", "cannot be told apart"),
        ("a =~ A1 + A2 + A3\nA1 ~~ A2", "1 more than there are covariances"),
    ],
)
def test_models_that_are_not_identified(model: Any, message: str, keyed: pd.DataFrame) -> None:
    with pytest.raises(ModelError, match=r"The model is not identified") as caught:
        fit_cfa(keyed, model)
    assert message in str(caught.value)
    assert len(caught.value.failures)


def test_which_parameters_are_entangled(keyed: pd.DataFrame) -> None:
    text = "a =~ A1 + A2 + A3 + A4 + A5\nm =~ C1 + C2\na ~~ 0*m"
    with pytest.raises(ModelError) as caught:
        fit_cfa(keyed, text)
    named = set(caught.value.failures["parameter"])
    assert named == {"m =~ C1", "m =~ C2", "C1 ~~ C1", "C2 ~~ C2"}


def test_two_items_may_hang_on_another_factor(simulated: Simulate) -> None:
    loadings = np.array([[0.8, 0], [0.7, 0], [0.6, 0], [0, 0.7], [0, 0.6]])
    data = simulated(2000, loadings, np.array([[1, 0.5], [0.5, 1]]), 3)
    result = fit_cfa(data, {"f": ["q1", "q2", "q3"], "g": ["q4", "q5"]})
    assert result.converged
    assert any("g has two items: its loadings are known only" in note for note in result.notes)


def test_factors_that_cannot_be_told_apart_are_named(simulated: Simulate) -> None:
    data = simulated(150, np.full((6, 1), 0.8), np.eye(1), 8)
    result = fit_cfa(data, {"f": ["q1", "q2", "q3"], "g": ["q4", "q5", "q6"]})
    assert result.factor_correlations.loc["f", "g"] > 1
    note = next(n for n in result.notes if "not positive definite" in n)
    assert "f and g correlate 1.0" in note


def test_a_scale_that_is_set_twice_is_remarked_upon(keyed: pd.DataFrame) -> None:
    twice = fit_cfa(keyed, "a =~ 1*A1 + A2 + A3 + A4")
    assert any("The scale of a is set twice" in note for note in twice.notes)
    once = fit_cfa(keyed, "a =~ 1*A1 + A2 + A3 + A4\na ~~ NA*a")
    assert once.notes == ()
    assert once.fit["df"] == twice.fit["df"] - 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"estimator": "WLS"}, "Did you mean 'WLSMV'"),
        ({"estimator": "GLS"}, "estimator cannot be 'GLS'"),
        ({"equal": "loadings"}, "there are no groups"),
        ({"equal": ("loading",), "group": "gender"}, "Did you mean 'loadings'"),
        ({"group": "gendr"}, "Did you mean 'gender'"),
        ({"group": "nothing"}, "found no label at all"),
        ({"group": "same"}, "needs two groups or more; found 1"),
        ({"group": [1, 2, 3]}, "3 entries and the data have 2,800 rows"),
        ({"std_lv": 1}, "std_lv must be True or False"),
    ],
)
def test_options_that_cannot_be(options: dict[str, Any], message: str, keyed: pd.DataFrame) -> None:
    data = keyed.assign(nothing=np.nan, same=1)
    with pytest.raises(ModelError, match=message):
        fit_cfa(data, TWO, **options)


def test_columns_that_are_no_numbers(keyed: pd.DataFrame) -> None:
    with pytest.raises(ScoringError, match="Items have to be numbers"):
        fit_cfa(keyed.assign(A1="often"), TWO)
    with pytest.raises(ScoringError, match="come as a frame; found list"):
        fit_cfa([1, 2], TWO)


@pytest.mark.parametrize(
    ("seen", "n", "message"),
    [
        (np.eye(3), 100, r"has shape \(3, 3\); the model has 4 items"),
        (np.diag([1.0, 1, 0, 1]), 100, "no covariance matrix"),
        (np.eye(4) + np.eye(4, k=1), 100, "no covariance matrix"),
        (np.full((4, 4), np.nan), 100, "no covariance matrix"),
        (np.ones((4, 4)), 100, "not positive definite"),
        (np.eye(4), 4, "4 rows are too few"),
    ],
)
def test_matrices_that_are_no_covariances(seen: np.ndarray, n: int, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        fit_covariance({"f": list("abcd")}, seen, n)


def test_a_covariance_frame_is_read_by_name(keyed: pd.DataFrame) -> None:
    frame = keyed[[*AGREE, "C1"]].dropna()
    mixed = frame[["C1", *AGREE[::-1]]].cov()
    result = fit_covariance({"agree": AGREE}, mixed, len(frame))
    assert_same(result, fit_cfa(frame, {"agree": AGREE}))
    with pytest.raises(ModelError, match="did you mean 'A1'"):
        fit_covariance({"agree": ["A11", "A2", "A3"]}, mixed, len(frame))


# --- results -----------------------------------------------------------------------------


def test_a_result_tells_a_reader_what_it_holds(keyed: pd.DataFrame) -> None:
    text = fit_cfa(keyed, TWO).summary()
    for words in (
        "Confirmatory factor analysis: 2 factors",
        "2,632 of 2,800 rows used",
        "maximum likelihood (ML), from complete rows",
        "chi-square 503.34, 34 degrees of freedom, p < .001",
        "CFI    0.913",
        "0.067 to 0.078",
        "Omega",
        "agree          A3",
        "Correlations of the factors",
        "COSMIN",
        "met (CFI 0.913",
    ):
        assert words in text, words
    assert max(map(len, text.splitlines())) <= 100


def test_a_result_of_groups_tells_which(keyed: pd.DataFrame) -> None:
    result = fit_cfa(keyed, TWO, group="gender", equal=("loadings",))
    text = result.summary()
    assert "Groups: 1 (867 rows) and 2 (1,765 rows)" in text
    assert "Held equal across groups: loadings" in text
    assert result.loadings["group"].tolist() == [1] * 10 + [2] * 10
    assert set(result.omega) == {1, 2}
    assert result.factor_correlations.loc[(2, "agree"), "conscientious"] == pytest.approx(
        result.factor_correlations.loc[(2, "conscientious"), "agree"]
    )


def test_a_result_is_ready_for_json(keyed: pd.DataFrame) -> None:
    for result in (fit_cfa(keyed, TWO), fit_cfa(keyed, TWO, group="gender")):
        found = json.loads(json.dumps(result.to_dict()))
        assert found["fit"]["chisq"] == result.fit["chisq"]
        assert len(found["parameters"]) == len(result.to_frame())
        assert found["readings"][0]["verdict"] == "met"
        assert not [key for key in found if key.startswith("_")]
    one = fit_cfa(keyed, TWO).to_dict()
    assert one["factor_correlations"]["agree"]["agree"] == pytest.approx(1)
    assert one["residuals"]["A1"]["C1"] == one["residuals"]["C1"]["A1"]


def test_nothing_in_a_result_is_rounded(keyed: pd.DataFrame) -> None:
    result = fit_cfa(keyed, TWO)
    for name in ("cfi", "rmsea", "rmsea_low", "rmsea_high", "srmr"):
        assert result.fit[name] != round(result.fit[name], 8)
    columns = ["estimate", "std_error", "conf_low", "conf_high", "standardised"]
    values = result.loadings[columns].to_numpy()
    assert (values != values.round(8)).all()


def test_intervals_and_p_values_belong_to_the_estimates(keyed: pd.DataFrame) -> None:
    from scipy.stats import norm

    rows = fit_cfa(keyed, TWO).loadings
    assert rows["statistic"].to_numpy() == pytest.approx(
        (rows["estimate"] / rows["std_error"]).to_numpy()
    )
    wide = norm.ppf(0.975) * rows["std_error"]
    assert rows["conf_low"].to_numpy() == pytest.approx((rows["estimate"] - wide).to_numpy())
    assert rows["conf_high"].to_numpy() == pytest.approx((rows["estimate"] + wide).to_numpy())


def test_the_frame_is_a_copy(keyed: pd.DataFrame) -> None:
    result = fit_cfa(keyed, TWO)
    frame = result.to_frame()
    frame["estimate"] = 0.0
    assert (result.parameters["estimate"] != 0).any()
    assert "<table" in result._repr_html_()


def grouped(sizes: dict[str, int]) -> pd.DataFrame:
    draw = np.random.default_rng(5)
    labels = np.repeat(list(sizes), list(sizes.values()))
    trait = draw.normal(size=(len(labels), 1))
    answers = pd.DataFrame(trait + draw.normal(size=(len(labels), 4)), columns=list("abcd"))
    return answers.assign(team=labels)


def test_a_small_group_is_left_out_and_its_size_not_to_be_had() -> None:
    data, model = grouped({"north": 150, "rare": 7, "south": 130}), {"f": list("abcd")}
    result = fit_cfa(data, model, group="team")
    without = fit_cfa(data[data["team"] != "rare"], model, group="team")
    assert result.groups == ("north", "south")
    assert (result.n, result.n_total, result.group_n) == (280, 280, (150, 130))
    assert result.fit == pytest.approx(without.fit)
    assert "Left out, fewer than 10 rows: rare." in result.notes
    written = f"{result.summary()} {json.dumps(result.to_dict(), allow_nan=False)}"
    assert not re.search(r"(?<![\d.])(287|7)(?![\d.])", written.replace("7 rows an item", ""))
    larger = fit_cfa(grouped({"a": 90, "b": 30, "c": 80}), model, group="team", minimum_group=31)
    assert larger.groups == ("a", "c")
    few = data["team"].eq("south") & data.groupby("team").cumcount().ge(5)
    gaps = data.assign(a=data["a"].mask(few))
    assert fit_cfa(gaps, model, group="team", estimator="FIML", minimum_group=20).n == 280
    with pytest.raises(ModelError, match="each needs 10 rows that answer every item"):
        fit_cfa(gaps, model, group="team")
    with pytest.raises(ModelError, match="minimum_group must be a whole number of at least 10"):
        fit_cfa(data, model, group="team", minimum_group=5)


@pytest.mark.parametrize("equal", [None, 5, [5], ["loadings", None]])
def test_what_is_no_name_cannot_be_held_equal(equal: object) -> None:
    with pytest.raises(ModelError, match="equal has to be a name, or several"):
        fit_cfa(grouped({"a": 30, "b": 30}), {"f": list("abcd")}, group="team", equal=equal)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "gaps", "ordinal", "likelihood"),
    [("ML", False, False, True), ("FIML", True, False, True), ("WLSMV", False, True, False)],
)
def test_an_estimator_says_what_it_is(
    name: str, gaps: bool, ordinal: bool, likelihood: bool
) -> None:
    found = estimator_class(name)
    assert (found.uses_gaps, found.ordinal, found.has_likelihood) == (gaps, ordinal, likelihood)
    assert name in found.label
