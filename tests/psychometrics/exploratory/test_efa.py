"""Exploratory factor analysis against R, and what must not change or go wrong in it."""

from __future__ import annotations

import json
import math
from itertools import permutations

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.errors import ModelError, ScoringError
from relsurvey.psychometrics.exploratory import efa
from relsurvey.psychometrics.exploratory.rotation import rotate

SETS = ["bfi_5", "bfi_ten_2", "bfi_ten_1", "attitude_2", "mtcars_3", "harman_4"]
TURNED = [name for name in SETS if name != "bfi_ten_1"]
TIGHT = 1e-6  # against R searched to the end
PSYCH = 1e-5  # psych stops its search sooner
PSYCH_LOADINGS = 1e-4


def like(found, expected):
    """Return how far two sets of loadings are apart, but for order and sign, and the order."""
    ours, theirs = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    best = (math.inf, None, None)
    for order in permutations(range(ours.shape[1])):
        turned = ours[:, order]
        sign = np.sign((turned * theirs).sum(axis=0))
        far = float(np.abs(turned * sign - theirs).max())
        if far < best[0]:
            best = (far, list(order), sign)
    return best


def correlations_like(result, order, sign):
    phi = result.factor_correlations.to_numpy()[np.ix_(order, order)]
    return phi * np.outer(sign, sign)


@pytest.mark.parametrize("name", SETS)
def test_maximum_likelihood_is_that_of_factanal(golden, answers_of, name):
    expected = golden[name]["factanal"]
    found = efa(answers_of(name), golden[name]["n_factors"])
    assert found.n == golden[name]["n"]
    assert found.uniqueness.tolist() == pytest.approx(expected["uniqueness"], abs=TIGHT)
    assert found.fit["objective"] == pytest.approx(expected["objective"], abs=1e-10)
    assert found.fit["chisq"] == pytest.approx(expected["chisq"], abs=1e-6)
    assert found.fit["p_value"] == pytest.approx(expected["p_value"], rel=1e-6, abs=1e-12)
    assert found.fit["df"] == expected["df"]
    assert found.converged


@pytest.mark.parametrize("name", TURNED)
def test_rotations_are_those_of_r_searched_to_the_end(golden, answers_of, name):
    expected, k = golden[name]["factanal"], golden[name]["n_factors"]
    loadings = efa(answers_of(name), k, rotation="none").loadings.to_numpy()
    for rotation in ("varimax", "promax", "oblimin"):
        found = rotate(loadings, rotation)
        far, order, sign = like(found.loadings, expected[rotation])
        assert far < 2e-6
        theirs = np.eye(k) if rotation == "varimax" else np.array(expected[f"{rotation}_phi"])
        ours = found.factor_correlations[np.ix_(order, order)] * np.outer(sign, sign)
        assert ours == pytest.approx(theirs, abs=5e-6)


@pytest.mark.parametrize("name", SETS)
def test_minres_is_that_of_r_searched_to_the_end(golden, answers_of, name):
    expected = golden[name]["minres"]
    found = efa(answers_of(name), golden[name]["n_factors"], method="minres")
    assert found.uniqueness.tolist() == pytest.approx(expected["uniqueness"], abs=TIGHT)
    if "oblimin" in expected:
        assert like(found.loadings, expected["oblimin"])[0] < 2e-6


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("method", ["ml", "minres"])
def test_psych_gives_the_same(golden, answers_of, name, method):
    expected, n = golden[name][f"psych_{method}"], golden[name]["n"]
    found = efa(answers_of(name), golden[name]["n_factors"], method=method)
    assert found.communalities.tolist() == pytest.approx(expected["communality"], abs=PSYCH)
    far, order, sign = like(found.loadings, expected["loadings"])
    assert far < PSYCH_LOADINGS
    if golden[name]["n_factors"] > 1:
        phi = correlations_like(found, order, sign)
        assert phi == pytest.approx(np.array(expected["phi"]), abs=PSYCH_LOADINGS)
    accounted = sorted(np.atleast_1d(expected["ss_loadings"]), reverse=True)
    assert found.variance["ss_loadings"].tolist() == pytest.approx(accounted, abs=3e-4)
    assert found.complexity.tolist() == pytest.approx(expected["complexity"], abs=5e-3)
    fit = found.fit
    for figure in ("chisq", "bic", "objective"):
        assert fit[figure] == pytest.approx(expected[figure], rel=1e-5, abs=1e-5)
    for figure in ("rms", "tli", "p_value"):
        assert fit[figure] == pytest.approx(expected[figure], abs=1e-6)
    assert (fit["df"], fit["null_df"]) == (expected["df"], expected["null_df"])
    # psych divides the chi-square by df n, less 1/(n - 1); the limits have n - 1 throughout.
    theirs = math.sqrt(max(fit["chisq"] / (fit["df"] * n) - 1 / (n - 1), 0))
    assert theirs == pytest.approx(expected["rmsea"][0], abs=1e-6)
    low, high = (0.0 if limit == "NA" else limit for limit in expected["rmsea"][1:3])
    assert [fit["rmsea_low"], fit["rmsea_high"]] == pytest.approx([low, high], abs=1e-4)


def test_simple_structure_is_found_again_exactly(made_of):
    pattern = np.zeros((9, 3))
    for factor in range(3):
        pattern[3 * factor : 3 * factor + 3, factor] = [0.9 - 0.1 * factor, 0.7, 0.5]
    phi = np.array([[1, 0.3, -0.2], [0.3, 1, 0.4], [-0.2, 0.4, 1]])
    for method in ("ml", "minres"):
        found = efa(made_of(pattern, phi), 3, method=method)
        far, order, sign = like(found.loadings, pattern)
        assert far < 1e-6
        assert correlations_like(found, order, sign) == pytest.approx(phi, abs=1e-6)
        assert found.fit["chisq"] == pytest.approx(0, abs=1e-8)
        assert (found.fit["rmsea"], found.fit["p_value"]) == (0.0, pytest.approx(1.0))
        assert found.fit["rms"] == pytest.approx(0, abs=1e-7)
        assert found.loadings.sum().min() > 0
        assert found.variance["ss_loadings"].is_monotonic_decreasing


def test_all_rotations_leave_what_items_have_in_common(answers_of):
    answers = answers_of("bfi_ten_2")
    results = [efa(answers, 2, rotation=r) for r in ("none", "varimax", "promax", "oblimin")]
    for found in results:
        pattern, phi = found.loadings.to_numpy(), found.factor_correlations.to_numpy()
        assert (pattern @ phi @ pattern.T).diagonal() == pytest.approx(
            found.communalities.to_numpy()
        )
        assert found.structure.to_numpy() == pytest.approx(pattern @ phi)
        assert (found.communalities + found.uniqueness).tolist() == pytest.approx([1.0] * 10)
        assert found.fit == results[0].fit
        assert found.variance["ss_loadings"].sum() == pytest.approx(found.communalities.sum())
        assert np.diag(phi) == pytest.approx(np.ones(2))


def test_one_factor_of_three_items_has_its_closed_form(made_of):
    found = efa(made_of([[0.8], [0.5], [0.4]]), 1)
    assert found.loadings["F1"].tolist() == pytest.approx([0.8, 0.5, 0.4], abs=1e-6)
    assert found.fit["df"] == 0
    assert math.isnan(found.fit["p_value"])
    assert any("no degrees of freedom" in note for note in found.notes)


@pytest.mark.parametrize(
    ("method", "rotation"), [("ml", "oblimin"), ("ml", "promax"), ("minres", "varimax")]
)
def test_order_of_columns_and_rows_changes_nothing(answers_of, rotation, method):
    answers = answers_of("bfi_5").iloc[:600]
    found = efa(answers, 5, rotation=rotation, method=method)
    mixed = answers.sample(frac=1, random_state=3)[list(np.roll(answers.columns[::-1], 7))]
    again = efa(mixed, 5, rotation=rotation, method=method)
    assert list(again.loadings.index) == list(mixed.columns)
    pd.testing.assert_frame_equal(again.loadings.loc[answers.columns], found.loadings, rtol=1e-7)
    assert again.factor_correlations.to_numpy() == pytest.approx(
        found.factor_correlations.to_numpy(), abs=1e-7
    )
    assert again.fit == pytest.approx(found.fit, rel=1e-9)


@pytest.mark.parametrize("rotation", ["oblimin", "promax", "varimax"])
def test_scale_and_sign_of_items_change_only_signs(answers_of, rotation):
    answers = answers_of("bfi_ten_2")
    turned = ["A2", "C1", "C5"]
    other = answers * 3.5 + 1000
    other[turned] = 7 - answers[turned]
    found, again = (efa(data, 2, rotation=rotation) for data in (answers, other))
    sign = np.where(answers.columns.isin(turned), -1.0, 1.0)[:, None]
    assert like(again.loadings * sign, found.loadings)[0] < 1e-6
    assert again.fit == pytest.approx(found.fit, rel=1e-8)


def test_names_of_items_change_nothing_but_names(answers_of):
    answers = answers_of("bfi_5").iloc[:600]
    renamed = answers.set_axis([f"z{i:02d}" for i in range(25, 0, -1)], axis=1)
    found, again = efa(answers, 5), efa(renamed, 5)
    assert again.loadings.to_numpy() == pytest.approx(found.loadings.to_numpy(), abs=1e-6)


@settings(max_examples=5)
@given(st.integers(0, 10_000), st.integers(4, 7), st.integers(1, 3))
def test_a_fit_is_an_optimum_that_other_starts_do_not_beat(seed, p, k):
    if (p - k) ** 2 < p + k:
        k = 1
    draw = np.random.default_rng(seed)
    rows = draw.normal(size=(60, p)) + draw.normal(size=(60, 1))
    found = efa(pd.DataFrame(rows).rename(columns=str), k)
    assert found.converged
    matrix = np.corrcoef(rows.T)

    def worse(psi):
        # Jöreskog's concentrated function, by the discarded eigenvalues.
        roots = np.linalg.eigvalsh(matrix / np.sqrt(np.outer(psi, psi)))[: p - k]
        return (roots - np.log(roots) - 1).sum()

    value = worse(found.uniqueness.to_numpy())
    assert value == pytest.approx(found.fit["objective"], abs=1e-8)
    for _ in range(50):
        near = np.clip(found.uniqueness * np.exp(draw.normal(size=p) * 0.05), 0.005, 1)
        assert worse(near.to_numpy()) >= value - 1e-10


def test_a_heywood_case_is_said_in_words(answers_with):
    # Correlations that no proper single factor makes: 0.8 * 0.8 / 0.5 is above one.
    matrix = np.array([[1, 0.8, 0.8], [0.8, 1, 0.5], [0.8, 0.5, 1]])
    answers = answers_with(matrix, 100)
    for method in ("ml", "minres"):
        found = efa(answers, 1, method=method)
        assert found.uniqueness.min() == 0.005
        note = next(note for note in found.notes if "Heywood" in note)
        assert found.uniqueness.idxmin() in note
        assert "Heywood" in found.summary()


@pytest.mark.parametrize("seed", range(2))
def test_truth_is_recovered_within_sampling_error(seed):
    draw = np.random.default_rng(seed)
    phi = np.array([[1, 0.4], [0.4, 1]])
    factors = draw.multivariate_normal([0, 0], phi, size=4000)
    pattern = np.kron(np.eye(2), np.array([[0.8], [0.7], [0.6], [0.5]]))
    noise = draw.normal(size=(4000, 8)) * np.sqrt(1 - (pattern**2).sum(axis=1))
    found = efa(pd.DataFrame(factors @ pattern.T + noise).rename(columns=str), 2)
    far, order, sign = like(found.loadings, pattern)
    assert far < 0.06
    assert correlations_like(found, order, sign)[0, 1] == pytest.approx(0.4, abs=0.07)
    assert found.fit["rmsea"] < 0.03


@pytest.mark.parametrize("kind", ["polars", "lazy", "Int64", "read-only"])
def test_any_frame_gives_the_same(answers_of, kind):
    answers = answers_of("bfi_ten_2")
    expected = efa(answers, 2)
    if kind in ("polars", "lazy"):
        data = pl.DataFrame(answers.to_dict("list"), nan_to_null=True)
        data = data.lazy() if kind == "lazy" else data
    elif kind == "Int64":
        data = answers.astype("Int64")
    else:
        values = answers.to_numpy()
        values.flags.writeable = False
        data = pd.DataFrame(values, columns=answers.columns, copy=False)
    pd.testing.assert_frame_equal(efa(data, 2).loadings, expected.loadings)


def test_an_instrument_turns_its_items_once(bfi, bfi_answers):
    turned = bfi_answers.assign(A1=7 - bfi_answers["A1"])
    names = ["A1", "A2", "A3", "A4", "A5"]
    for choice in ({"items": names}, {"scales": "agree"}):
        found = efa(bfi_answers, 1, bfi, **choice)
        expected = efa(turned, 1, items=names)
        pd.testing.assert_frame_equal(found.loadings, expected.loadings)
    assert (found.loadings["F1"] > 0).all()
    assert len(efa(bfi_answers, 2, bfi, scales=["agree", "openness"]).loadings) == 10
    with pytest.raises(ModelError, match="A9 is no scored item of bfi"):
        efa(bfi_answers, 1, bfi, items=["A1", "A2", "A9"])


def test_pairwise_takes_every_correlation_from_its_own_rows(answers_of):
    answers = answers_of("bfi_ten_2")
    found = efa(answers, 2, missing="pairwise")
    common = found.loadings @ found.factor_correlations.to_numpy() @ found.loadings.T.to_numpy()
    observed = common.to_numpy() + np.diag(found.uniqueness) + found.residuals.to_numpy()
    assert observed == pytest.approx(answers.corr().to_numpy(), abs=1e-8)
    there = answers.notna().to_numpy().astype(int)
    assert found.n == (there.T @ there).min()


def test_polychorics_have_loadings_and_no_chi_square(answers_of):
    answers = answers_of("bfi_ten_2").iloc[:400]
    found = efa(answers, 2, correlation="polychoric")
    assert found.converged
    # Steps weaken correlations; without them items have more in common.
    assert found.communalities.sum() > efa(answers, 2).communalities.sum()
    assert math.isnan(found.fit["chisq"])
    assert not math.isnan(found.fit["srmr"])
    assert any("does not hold for them" in note for note in found.notes)


def test_unnamed_items_are_the_numeric_columns_and_that_is_said(answers_of):
    answers = answers_of("bfi_ten_2").assign(comment="x")
    found = efa(answers, 2)
    assert len(found.loadings) == 10
    assert "10 numeric columns (A1, A2" in found.notes[0]
    assert found.notes[0].endswith("; left out: comment")


REFUSED = [
    (lambda d: d.assign(x=3.0), {}, "x does not vary"),
    (lambda d: d.assign(x=np.nan), {}, "nobody answered x"),
    (lambda d: d.assign(x=d["A2"]), {}, r"not positive definite \(A2 and x correlate perfectly"),
    (lambda d: d.assign(x=7 - d["A2"]), {}, "A2 and x correlate perfectly"),
    (lambda d: d.assign(x=d.sum(axis=1, skipna=False)), {}, "an item follows from the others"),
    (lambda d: d.iloc[:8], {}, "10 items need more than 10 rows, and there are"),
    (lambda d: d.iloc[:1], {}, "1 row has every item answered; 2 are needed"),
    (lambda d: d[["A1", "A2"]], {}, "needs three items or more; found 2"),
    (lambda d: d[["A1"]], {}, "needs three items or more; found 1"),
    (lambda d: d.iloc[:, :5], {"n_factors": 3}, "3 factors of 5 items cannot be told apart"),
    (lambda d: d, {"n_factors": 0}, "whole number from 1; it is 0"),
    (lambda d: d, {"n_factors": True}, "whole number from 1; it is True"),
    (lambda d: d, {"n_factors": 2.0}, "whole number from 1; it is 2.0"),
    (lambda d: d, {"rotation": "oblimn"}, "rotation cannot be 'oblimn'"),
    (lambda d: d, {"method": "pa"}, "method cannot be 'pa'"),
    (lambda d: d, {"correlation": "spearman"}, "correlation cannot be 'spearman'"),
    (lambda d: d, {"missing": "mean"}, "missing cannot be 'mean'"),
    (lambda d: d, {"items": "A1"}, "items has to be a list"),
    (lambda d: d, {"items": ["A1", "A1", "A2"]}, "each named once"),
    (lambda d: d, {"items": ["A1"], "scales": {"s": ["A2"]}}, "items or scales, not both"),
    (lambda d: d.astype(str), {}, "no column of numbers"),
]


@pytest.mark.parametrize(("change", "options", "words"), REFUSED, ids=[w for *_, w in REFUSED])
def test_what_cannot_be_analysed_is_refused_in_words(answers_of, change, options, words):
    with pytest.raises(ModelError, match=words):
        efa(change(answers_of("bfi_ten_2")), **{"n_factors": 1, **options})


def test_named_columns_have_to_be_numbers(answers_of):
    answers = answers_of("bfi_ten_2").assign(A1="x")
    with pytest.raises(ScoringError, match="have to be numbers"):
        efa(answers, 1, items=["A1", "A2", "A3"])


@pytest.mark.parametrize("method", ["ml", "minres"])
def test_a_factor_too_many_is_said_and_breaks_nothing(made_of, method):
    answers = made_of([[0.8], [0.7], [0.6], [0.5], [0.4], [0.3]])
    for rotation in ("none", "varimax", "oblimin"):
        found = efa(answers, 2, method=method, rotation=rotation)
        assert "1 factor of those asked for accounts for nothing" in found.notes
        assert found.communalities.tolist() == pytest.approx(
            [0.64, 0.49, 0.36, 0.25, 0.16, 0.09], abs=1e-3
        )
    with pytest.raises(ModelError, match="Promax is not possible: a factor accounts for nothing"):
        efa(answers, 2, method=method, rotation="promax")


def test_minres_goes_where_maximum_likelihood_cannot(answers_of):
    answers = answers_of("bfi_ten_2").assign(x=lambda d: d.sum(axis=1, skipna=False))
    found = efa(answers, 2, method="minres")
    assert found.converged
    assert math.isnan(found.fit["chisq"])
    assert any("cannot be inverted: no chi-square" in note for note in found.notes)


def test_the_result_goes_out_whole(answers_of):
    found = efa(answers_of("bfi_ten_2"), 2)
    frame = found.to_frame()
    assert list(frame.columns) == ["item", "F1", "F2", "communality", "uniqueness", "complexity"]
    assert len(frame) == 10
    rows = json.loads(json.dumps(found.to_dict()))
    assert rows["loadings"][0]["item"] == "A1"
    assert rows["uniqueness"][0]["uniqueness"] == found.uniqueness["A1"]
    assert found.readings[0].verdict == "met"
    text = found.summary()
    assert "2 factors of 10 items, 2,632 of 2,800 rows (listwise)" in text
    assert "r with F2" in text
    assert "Criterion: at least 7 rows an item" in text
    assert "<table" in found._repr_html_()


def test_a_column_like_an_id_does_not_slip_in_unsaid(answers_of):
    answers = answers_of("bfi_ten_2")
    numbered = answers.assign(respondent=np.arange(len(answers)) + 1)
    found = efa(numbered, 2)
    assert "11 numeric columns" in found.notes[0]
    assert "respondent" in found.notes[0]
    assert "respondent: a different whole number in every row" in found.notes[1]
    assert "different whole number in every row" in " ".join(found.summary().split())
    for whole in (answers, pl.from_pandas(answers).lazy(), answers.head(15)):
        assert not any("in every row" in note for note in efa(whole, 2, method="minres").notes)
    named = efa(numbered, 2, items=list(answers))
    assert not any("numeric column" in note for note in named.notes)


def test_items_no_more_related_than_by_chance_have_no_tli():
    draw = np.random.default_rng(11)
    found = efa(pd.DataFrame(draw.normal(size=(300, 6)), columns=list("abcdef")), 1)
    assert found.fit["null_chisq"] <= found.fit["null_df"]
    assert math.isnan(found.fit["tli"])
    assert any("no TLI: the items are no more related than by chance" in n for n in found.notes)
