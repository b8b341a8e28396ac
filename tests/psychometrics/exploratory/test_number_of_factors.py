"""Parallel analysis, sampling adequacy and average partials against R psych."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from relsurvey.errors import ModelError
from relsurvey.moments.permuted import canonical_answers, permuted_correlations
from relsurvey.psychometrics.exploratory import (
    minimum_average_partial,
    parallel_analysis,
    sampling_adequacy,
)
from relsurvey.psychometrics.exploratory.parallel import _normal_correlations

SETS = ["bfi_5", "bfi_ten_2", "attitude_2", "harman_4"]
BFI = ["agree", "conscientious", "extraversion", "neuroticism", "openness"]
PSYCH = 1e-6


@pytest.mark.parametrize("name", SETS)
def test_observed_eigenvalues_are_those_of_r(golden, answers_of, name):
    for method, key in (("components", "components"), ("factors", "reduced")):
        found = parallel_analysis(answers_of(name), seed=1, n_draws=20, method=method)
        assert found.table["observed"].tolist() == pytest.approx(golden[name][key], abs=1e-9)


@pytest.mark.parametrize("method", ["components", "factors"])
def test_draws_are_like_those_of_psych(golden, answers_of, method):
    expected = golden["bfi_5"]["parallel"]
    found = parallel_analysis(answers_of("bfi_5"), seed=2, n_draws=200, method=method)
    # 200 draws each: the standard error of a mean is below .002.
    for reference, theirs in (("normal", "simulated"), ("permuted", "permuted")):
        means = found.table[f"{reference}_mean"].tolist()
        assert means == pytest.approx(expected[f"{theirs}_{method}"], abs=0.008)
    assert found.n_factors == expected[method]
    assert set(found.suggested["n_factors"]) == {expected[method]}


@pytest.mark.parametrize("n", [5, 9, 10, 40])
def test_drawn_matrices_are_those_of_drawn_rows(n):
    p = 8
    drawn = _normal_correlations(n, p, 2000, np.random.default_rng(1))
    rows = np.random.default_rng(2).normal(size=(2000, n, p))
    centred = rows - rows.mean(axis=1, keepdims=True)
    centred /= np.sqrt((centred**2).sum(axis=1, keepdims=True))
    made = centred.swapaxes(1, 2) @ centred
    assert np.diagonal(drawn, axis1=1, axis2=2) == pytest.approx(np.ones((2000, p)))
    for i, j in ((0, 1), (3, 7)):
        assert stats.ks_2samp(drawn[:, i, j], made[:, i, j]).pvalue > 1e-3
    for place in (0, -1):
        ours, theirs = (np.linalg.eigvalsh(part)[:, place] for part in (drawn, made))
        if theirs.std() > 1e-8:
            assert stats.ks_2samp(ours, theirs).pvalue > 1e-3


def test_dealing_out_keeps_margins_and_loses_relations():
    rows = np.random.default_rng(1).integers(1, 6, size=(50, 1)).repeat(3, axis=1).astype(float)
    found = permuted_correlations(canonical_answers(rows), 2000, np.random.default_rng(1))
    r = found[:, 0, 1]
    assert r.mean() == pytest.approx(0, abs=0.01)
    # Of dealt out answers, the variance of r is 1 / (n - 1) whatever the margins.
    assert r.var() == pytest.approx(1 / 49, rel=0.1)
    assert np.diagonal(found, axis1=1, axis2=2) == pytest.approx(np.ones((2000, 3)))


def test_order_of_rows_and_columns_and_keying_change_nothing(answers_of):
    answers = answers_of("bfi_ten_2").iloc[:300]
    other = answers.sample(frac=1, random_state=1)[answers.columns[::-1]].assign(
        A2=7 - answers["A2"], C3=10 * answers["C3"]
    )
    for method in ("components", "factors"):
        found, again = (
            parallel_analysis(data, seed=5, n_draws=40, method=method) for data in (answers, other)
        )
        pd.testing.assert_frame_equal(again.table, found.table, rtol=1e-9)
        assert again.n_factors == found.n_factors


def test_the_seed_decides_and_nothing_else(answers_of):
    answers = answers_of("attitude_2")
    one, same, other = (parallel_analysis(answers, seed=s, n_draws=30) for s in (1, 1, 2))
    pd.testing.assert_frame_equal(one.table, same.table)
    assert not one.table.equals(other.table)
    # The permutations do not change with the number of normal draws.
    less = parallel_analysis(answers, seed=1, n_draws=0, n_permutations=30)
    assert less.table["permuted_mean"].tolist() == one.table["permuted_mean"].tolist()
    assert less.table["normal_mean"].isna().all()
    assert less.reference == "permuted"
    assert "answers dealt out anew" in less.rule


@pytest.mark.parametrize(("factors", "seed"), [(1, 0), (2, 1), (3, 2)])
def test_the_number_of_factors_is_recovered(factors, seed):
    draw = np.random.default_rng(seed)
    common = draw.normal(size=(800, factors)).repeat(6, axis=1)
    answers = pd.DataFrame(common + 1.2 * draw.normal(size=common.shape)).rename(columns=str)
    assert parallel_analysis(answers, seed=1, n_draws=100).n_factors == factors
    assert minimum_average_partial(answers).n_factors == factors


def test_items_without_relations_have_mostly_no_dimension():
    suggested = [
        parallel_analysis(
            pd.DataFrame(np.random.default_rng(seed).normal(size=(200, 8))).rename(columns=str),
            seed=1,
            n_draws=200,
            n_permutations=0,
        ).n_factors
        for seed in range(25)
    ]
    # The 95th percentile is passed by one in twenty.
    assert np.mean(np.array(suggested) == 0) > 0.8


def test_polychorics_are_compared_with_dealt_out_answers(answers_of):
    answers = answers_of("bfi_ten_2").iloc[:250, :5]
    found = parallel_analysis(answers, seed=1, correlation="polychoric", n_permutations=20)
    assert (found.n_draws, found.n_permutations, found.reference) == (0, 20, "permuted")
    assert found.n_factors == 1
    with pytest.raises(ModelError, match="no match for polychoric"):
        parallel_analysis(answers, seed=1, correlation="polychoric", n_draws=100)


REFUSED = [
    ({"seed": None}, "seed has to be a whole number"),
    ({"seed": -1}, "seed has to be a whole number"),
    ({"percentile": 100}, "percentile has to be a number from 50"),
    ({"percentile": float("nan")}, "percentile has to be a number from 50"),
    ({"n_draws": 5}, "n_draws has to be a whole number from 20"),
    ({"n_draws": 0}, "nothing to compare with"),
    ({"method": "pca"}, "method cannot be 'pca'"),
    ({"items": ["A1", "A2"]}, "three items or more; found 2"),
]


@pytest.mark.parametrize(("options", "words"), REFUSED, ids=[words for _, words in REFUSED])
def test_what_cannot_be_compared_is_refused(answers_of, options, words):
    with pytest.raises(ModelError, match=words):
        parallel_analysis(answers_of("bfi_ten_2"), **{"seed": 1, **options})


def test_squared_multiple_correlations_need_an_inverse(answers_of):
    answers = answers_of("bfi_ten_2").assign(x=lambda d: d["A2"])
    with pytest.raises(ModelError, match=r"no squared multiple correlations: .*A2 and x"):
        parallel_analysis(answers, seed=1, method="factors")
    found = parallel_analysis(answers, seed=1, n_draws=20)
    assert any("do they stand twice" in note for note in found.notes)


def test_the_figure_shows_which_eigenvalues_count(answers_of):
    found = parallel_analysis(answers_of("bfi_ten_2"), seed=1, n_draws=20)
    axes = found.plot()
    labels = axes.get_legend_handles_labels()[1]
    assert "95th percentile, normal items" in labels
    above, below = (line for line in axes.lines if "observed" in str(line.get_label()))
    assert (len(above.get_xdata()), len(below.get_xdata())) == (2, 8)
    assert axes.get_title(loc="left") == "2 components suggested"
    assert found.plot(axes) is axes


def test_the_summary_states_the_rule(answers_of):
    found = parallel_analysis(answers_of("bfi_ten_2"), seed=1, n_draws=20)
    text = " ".join(found.summary().split())
    assert text.startswith("Parallel analysis suggests 2 components of 10 items (2,632 of 2,800")
    assert "above the 95th percentile of those of normal items" in text
    assert "permuted, percentile: 2" in text
    assert json.dumps(found.to_dict())


@pytest.mark.parametrize("key", BFI)
def test_adequacy_of_scales_is_that_of_psych(bfi, bfi_answers, bfi_reference, key):
    expected = bfi_reference[key]["listwise"]
    found = sampling_adequacy(bfi_answers, bfi, scales=key)
    assert found.kmo == pytest.approx(expected["kmo"], abs=PSYCH)
    assert found.chisq == pytest.approx(expected["bartlett"]["chisq"], abs=PSYCH)
    assert found.bartlett["df"] == expected["bartlett"]["df"]


@pytest.mark.parametrize("name", SETS)
def test_adequacy_of_further_sets_is_that_of_psych(golden, answers_of, name):
    expected = golden[name]["adequacy"]
    found = sampling_adequacy(answers_of(name))
    assert found.kmo == pytest.approx(expected["kmo"], abs=PSYCH)
    assert found.table["kmo"].tolist() == pytest.approx(expected["kmo_items"], abs=PSYCH)
    assert found.chisq == pytest.approx(expected["chisq"], abs=PSYCH)
    assert found.p_value == pytest.approx(expected["p_value"], abs=1e-12)
    assert found.df == expected["df"]
    averages = minimum_average_partial(answers_of(name)).table["squared"]
    assert averages[1 : len(golden[name]["map"])].tolist() == pytest.approx(
        golden[name]["map"][: len(averages[1 : len(golden[name]["map"])])], abs=1e-9
    )


def test_parallel_items_have_the_kmo_of_the_formula(made_of):
    # All correlations r: the partial ones are r / (1 + (p - 2) r).
    p, r = 6, 0.4
    found = sampling_adequacy(made_of(np.full((p, 1), math.sqrt(r))))
    partial = r / (1 + (p - 2) * r)
    assert found.kmo == pytest.approx(r**2 / (r**2 + partial**2), rel=1e-9)
    determinant = (1 - r) ** (p - 1) * (1 + (p - 1) * r)
    multiplier = 400 - 1 - (2 * p + 5) / 6
    assert found.chisq == pytest.approx(-multiplier * math.log(determinant), rel=1e-9)
    assert set(found.table["kaiser"]) == {"meritorious"}


UNDEFINED = [
    (lambda d: d.assign(x=3.0), "x does not vary"),
    (lambda d: d.assign(x=np.nan), "nobody answered x"),
    (lambda d: d.assign(x=d["A2"]), "A2 and x correlate perfectly"),
    (lambda d: d.assign(x=d.sum(axis=1, skipna=False)), "an item follows from the others"),
    (lambda d: d.iloc[:7], "10 items need more than 10 rows"),
    (lambda d: d.iloc[:0], "no rows"),
    (lambda d: d[["A1"]], "one item: nothing to correlate it with"),
]


@pytest.mark.parametrize(("change", "words"), UNDEFINED, ids=[words for _, words in UNDEFINED])
def test_no_adequacy_has_its_reason(answers_of, change, words):
    found = sampling_adequacy(change(answers_of("bfi_ten_2")))
    assert math.isnan(found.kmo)
    assert math.isnan(found.chisq)
    assert math.isnan(found.p_value)
    assert any(words in note for note in found.notes)
    assert words in " ".join(found.summary().split())


def test_missing_answers_follow_the_rule(answers_of):
    answers = answers_of("bfi_ten_2")
    listwise, complete = sampling_adequacy(answers), sampling_adequacy(answers.dropna())
    assert listwise.kmo == complete.kmo
    assert (listwise.n, listwise.n_total) == (2632, 2800)
    pairwise = sampling_adequacy(answers, missing="pairwise")
    inverse = np.linalg.inv(answers.corr())
    partial = inverse / np.sqrt(np.outer(np.diag(inverse), np.diag(inverse)))
    off = ~np.eye(10, dtype=bool)
    simple = (answers.corr().to_numpy()[off] ** 2).sum()
    assert pairwise.kmo == pytest.approx(simple / (simple + (partial[off] ** 2).sum()))


def test_two_items_have_a_kmo_that_says_nothing(answers_of):
    found = sampling_adequacy(answers_of("bfi_ten_2"), items=["A2", "A3"])
    assert found.kmo == pytest.approx(0.5)
    assert any("KMO is .5 whatever" in note for note in found.notes)


def test_polychoric_adequacy_has_no_test(answers_of):
    found = sampling_adequacy(answers_of("bfi_ten_2").iloc[:300], correlation="polychoric")
    assert found.kmo > 0.5
    assert math.isnan(found.chisq)
    assert any("does not hold for polychoric" in note for note in found.notes)


@pytest.mark.parametrize("items", [["A1"], ["A1", "A2"]])
def test_average_partials_need_three_items(answers_of, items):
    with pytest.raises(ModelError, match="need three items or more"):
        minimum_average_partial(answers_of("bfi_ten_2"), items=items)


def test_average_partials_read_well(answers_of):
    found = minimum_average_partial(answers_of("bfi_5"))
    assert (found.n_factors, found.n_factors_fourth) == (5, 5)
    assert found.summary().startswith("Minimum average partial: 5 components")
    first = found.to_frame().iloc[0]
    r = answers_of("bfi_5").dropna().corr().to_numpy()[np.triu_indices(25, 1)]
    assert first["squared"] == pytest.approx((r**2).mean())
    assert first["fourth"] == pytest.approx((r**4).mean())


@pytest.mark.parametrize("value", [None, 5, ["pearson"], np.array(["pearson", "x"])])
def test_a_correlation_that_is_no_word_is_refused(value):
    data = pd.DataFrame(np.random.default_rng(1).normal(size=(50, 4)), columns=list("abcd"))
    with pytest.raises(ModelError, match="correlation cannot be"):
        parallel_analysis(data, seed=1, correlation=value)
