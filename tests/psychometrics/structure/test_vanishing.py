"""A factor that the data do not show: its loadings are 0, and that is a solution."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from relsurvey.intake import read_responses
from relsurvey.psychometrics.structure.cfa import fit_cfa, fit_covariance
from relsurvey.psychometrics.structure.compare import compare_models

ROOT = Path(__file__).parents[3]
PLAIN = "f =~ a + b + c\ng =~ d + e + h"
METHOD = f"{PLAIN}\nm =~ l*a + l*d\nm ~~ 0*f\nm ~~ 0*g"
ITEMS = list("abcdeh")


def correlations(beyond: float) -> pd.DataFrame:
    """Return those of two factors, with something more (or less) between two of their items."""
    pattern = np.zeros((6, 2))
    pattern[:3, 0], pattern[3:, 1] = (0.8, 0.7, 0.6), (0.7, 0.8, 0.6)
    seen = pattern @ np.array([[1, 0.4], [0.4, 1]]) @ pattern.T
    np.fill_diagonal(seen, 1.0)
    seen[0, 3] = seen[3, 0] = seen[0, 3] + beyond
    return pd.DataFrame(seen, ITEMS, ITEMS)


def drawn(beyond: float, n: int, seed: int) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    return pd.DataFrame(
        draw.multivariate_normal(np.zeros(6), correlations(beyond), n), columns=ITEMS
    )


def method(result):
    return result.loadings.query("factor == 'm'")


def test_a_method_factor_that_is_not_there_vanishes_as_in_lavaan():
    answers = read_responses(ROOT / "data" / "sample" / "service_users.csv", "peech-sc")
    result = fit_cfa(answers, "four-factors-method")
    # R lavaan 0.6-14, std.lv = TRUE, equal loadings of the two reversed items: it ends at 0 too.
    assert result.converged
    assert result.fit["chisq"] == pytest.approx(296.417, abs=5e-4)
    assert result.fit["df"] == 223
    own = result.loadings.query("factor == 'REVERSED'")
    assert own["estimate"].tolist() == [0, 0]
    assert own[["std_error", "standardised_std_error", "p_value"]].isna().all(axis=None)
    assert any("REVERSED vanishes: its loadings are 0" in note for note in result.notes)
    assert not result.improper
    assert result.readings[0].verdict == "met"


def test_what_is_left_is_the_model_without_it():
    seen, n = correlations(-0.12), 400
    plain, result = fit_covariance(PLAIN, seen, n), fit_covariance(METHOD, seen, n)
    assert result.converged
    assert result.fit["chisq"] == pytest.approx(plain.fit["chisq"], abs=1e-8)
    assert result.fit["df"] == plain.fit["df"] - 1
    assert method(result)["estimate"].tolist() == [0, 0]
    rest = result.loadings.query("factor != 'm'").reset_index(drop=True)
    pd.testing.assert_frame_equal(rest, plain.loadings, atol=1e-7)
    for name in ("modification_index", "expected_change"):
        ours, theirs = (
            fit.modification_indices.query("left == 'a' and right == 'd'")[name].tolist()
            for fit in (result, plain)
        )
        assert ours == pytest.approx(theirs, abs=1e-6)


@pytest.mark.parametrize("beyond", [0.03, 0.12])
def test_one_that_is_there_does_not_vanish(beyond):
    result = fit_covariance(METHOD, correlations(beyond), 400)
    assert result.converged
    assert method(result)["estimate"].tolist() == pytest.approx(
        [(beyond * 399 / 400) ** 0.5] * 2, abs=1e-6
    )
    assert method(result)["std_error"].gt(0).all()
    assert not any("vanishes" in note for note in result.notes)


def test_free_loadings_never_count_as_vanished_where_0_is_a_saddle():
    free = f"{PLAIN}\nm =~ a + d + e\nm ~~ 0*f\nm ~~ 0*g"
    result = fit_covariance(free, correlations(-0.12), 400)
    assert not any("vanishes" in note for note in result.notes)


def test_with_groups_it_is_said_where():
    both = pd.concat([drawn(-0.12, 500, 1).assign(k="x"), drawn(-0.1, 500, 2).assign(k="y")])
    result = fit_cfa(both, METHOD, group="k")
    assert result.converged
    assert method(result)["estimate"].tolist() == [0] * 4
    said = [note for note in result.notes if "vanishes" in note]
    assert [note[:30] for note in said] == [
        "m vanishes in group 'x': its l",
        "m vanishes in group 'y': its l",
    ]


def test_a_special_case_is_tested_against_it_without_a_misfit_of_rounding():
    answers = drawn(-0.12, 400, 3)
    result = compare_models(answers, models={"plain": PLAIN, "method": METHOD})
    (row,) = result.nested.to_dict("records")
    assert (row["inner"], row["outer"]) == ("plain", "method")
    assert row["delta_chisq"] == pytest.approx(0, abs=1e-6)
    assert row["p_value"] == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("estimator", ["FIML", "WLSMV"])
def test_every_estimator_finds_it(estimator):
    answers = pd.DataFrame(np.digitize(drawn(-0.15, 600, 4), [-1, 0, 1]), columns=ITEMS)
    plain = fit_cfa(answers, PLAIN, estimator=estimator)
    result = fit_cfa(answers, METHOD, estimator=estimator)
    assert result.converged
    assert method(result)["estimate"].tolist() == [0, 0]
    assert result.fit["chisq"] == pytest.approx(plain.fit["chisq"], abs=1e-5)
    ending = "_scaled" if estimator == "WLSMV" else ""
    assert result.fit["p_value" + ending] < 0.5
    assert np.isfinite(result.fit["rmsea" + ending])
    rest = result.loadings.query("factor != 'm'")["std_error"].tolist()
    assert rest == pytest.approx(plain.loadings["std_error"].tolist(), rel=1e-4)
