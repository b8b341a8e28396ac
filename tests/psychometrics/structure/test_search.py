"""The search: several starts, no solution that is none, and no worse one than there is."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from relsurvey.psychometrics.structure import search
from relsurvey.psychometrics.structure.cfa import fit_cfa, fit_covariance, fit_estimator
from relsurvey.psychometrics.structure.data import structure_data
from relsurvey.psychometrics.structure.estimators import Estimator, Options, Point
from relsurvey.psychometrics.structure.estimators.ml import ML
from relsurvey.psychometrics.structure.specification import structure_of
from relsurvey.psychometrics.structure.starts import start_values

TWO = {
    "agree": ["A1", "A2", "A3", "A4", "A5"],
    "conscientious": ["C1", "C2", "C3", "C4", "C5"],
}
BEST = 503.3404648
REFERENCE = Path(__file__).parents[2] / "reference"


def estimator_of(data: pd.DataFrame, model: object, *, std_lv: bool = True) -> ML:
    structure = structure_of(model)  # type: ignore[arg-type]
    rows = structure_data(data, structure.items)
    return ML.from_data(rows, structure, Options(std_lv=std_lv))


def test_a_reverse_keyed_marker_has_a_worse_place_to_end_in(raw: pd.DataFrame) -> None:
    # With A1 as it was asked, a search from loadings of 1 runs off to a chi-square of 788.
    estimator = estimator_of(raw, TWO, std_lv=False)
    poor = search._descend(estimator, np.ones(estimator.table.n_free))
    assert 2 * poor.value > 780
    assert not poor.converged


def test_the_best_of_all_starts_is_kept(raw: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    estimator = estimator_of(raw, TWO, std_lv=False)

    def poor_first(same: Estimator) -> Iterator[np.ndarray]:
        yield np.ones(same.table.n_free)
        yield from start_values(same)

    monkeypatch.setattr(search, "start_values", poor_first)
    monkeypatch.setattr(search, "MOST_STARTS", 4)
    found = search.minimise(estimator)
    assert 2 * found.value == pytest.approx(BEST, abs=1e-6)
    assert found.converged
    assert found.starts > 2
    assert found.others >= 1
    notes = fit_estimator(estimator).notes
    assert any("ended in a worse solution" in note for note in notes)


def test_a_lower_end_without_arrival_is_no_solution(
    raw: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    estimator = estimator_of(raw, TWO)
    descend = search._descend

    def astray(same: Estimator, start: np.ndarray, most_steps: int) -> search.Found:
        found = descend(same, start, most_steps)
        if start[0] != next(start_values(same))[0]:
            return found
        return search.Found(
            found.theta, found.value - 10, found.information, False, 1, reason="it ran off"
        )

    monkeypatch.setattr(search, "_descend", astray)
    result = fit_estimator(estimator)
    assert not result.converged
    assert math.isnan(result.fit["chisq"])
    assert math.isnan(result.fit["cfi"])
    assert result.fit["df"] == 34
    assert result.loadings["std_error"].isna().all()
    assert "did not converge (it ran off)" in result.notes[0]
    assert result.modification_indices.empty
    assert result.readings[0].verdict == "not known"
    assert "did not converge" in result.summary()


def test_an_infinite_objective_never_converges(
    raw: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    estimator = estimator_of(raw, TWO)
    q = estimator.table.n_free

    def nowhere(_: Estimator, theta: np.ndarray) -> Point:
        return Point(math.inf, np.zeros(q), np.eye(q))

    monkeypatch.setattr(ML, "objective", nowhere)
    found = search.minimise(estimator)
    assert not found.converged
    assert "possible covariance matrix" in found.reason


def test_every_start_ends_in_the_same_place(keyed: pd.DataFrame) -> None:
    estimator = estimator_of(keyed, TWO)
    ends = [
        search._descend(estimator, start)
        for _, start in zip(range(10), start_values(estimator), strict=False)
    ]
    assert [2 * end.value for end in ends] == pytest.approx([BEST] * 10, abs=1e-6)
    assert all(end.converged for end in ends)


def test_a_flat_improper_solution_is_reached_from_everywhere(keyed: pd.DataFrame) -> None:
    # The method factor settles on one item, far out, where the likelihood is nearly flat.
    text = (
        "agree =~ A1 + A2 + A3 + A4 + A5\nc =~ C1 + C2 + C3 + C4 + C5\n"
        "method =~ A1 + C4 + C5\nmethod ~~ 0*agree\nmethod ~~ 0*c"
    )
    result = fit_cfa(keyed, text)
    assert result.fit["chisq"] == pytest.approx(355.4857, abs=1e-3)
    assert result.converged
    assert any("residual variance of C4 is negative" in note for note in result.notes)


@pytest.mark.parametrize("n", [15, 1000, 10**7, 10**9])
def test_a_perfect_fit_is_found_at_any_number_of_rows(n: int) -> None:
    loadings = np.linspace(0.3, 0.9, 8)
    seen = np.outer(loadings, loadings)
    np.fill_diagonal(seen, 1.0)
    result = fit_covariance({"f": [f"q{i}" for i in range(8)]}, seen, n)
    assert result.converged
    assert 0 <= result.fit["chisq"] < 1e-5
    assert result.fit["rmsea"] == 0
    assert result.fit["cfi"] == 1
    assert result.loadings["standardised"].to_numpy() == pytest.approx(loadings, abs=1e-7)


def test_data_that_cannot_tell_two_parameters_apart_do_not_converge() -> None:
    # A factor of two items is known only through another factor, and here they are unrelated.
    seen = np.eye(5)
    seen[:3, :3] = [[1, 0.56, 0.48], [0.56, 1, 0.42], [0.48, 0.42, 1]]
    seen[3, 4] = seen[4, 3] = 0.5
    result = fit_covariance({"f": ["a", "b", "c"], "g": ["d", "e"]}, seen, 300)
    assert not result.converged
    assert "cannot tell apart" in result.notes[0]
    assert "g =~ d" in result.notes[0]


def test_an_objective_that_falls_without_end_is_given_up_soon(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    draw = np.random.default_rng(2)
    answers = pd.DataFrame(draw.normal(size=(400, 9)), columns=[f"q{i}" for i in range(9)])
    model = {name: [f"q{i}" for i in range(k, k + 3)] for k, name in ((0, "a"), (3, "b"), (6, "c"))}
    taken = []
    descend = search._descend

    def counted(*arguments: object) -> search.Found:
        taken.append(descend(*arguments))  # type: ignore[arg-type]
        return taken[-1]

    monkeypatch.setattr(search, "_descend", counted)
    assert not fit_cfa(answers, model).converged
    assert sum(end.steps for end in taken) <= search.HOPELESS * search.MOST_STEPS


@pytest.mark.parametrize("turned", [False, True])
def test_a_possible_solution_counts_where_another_start_runs_away_without_end(turned):
    reference = json.loads((REFERENCE / "local_reference.json").read_text(encoding="utf-8"))
    data = pd.read_csv(REFERENCE / "small_bifactor.csv")
    names = list(data)[:: -1 if turned else 1]
    text = f"g =~ {'+'.join(names)}\ns1 =~ v1+v2+v3+v4\ns2 =~ v5+v6+v7+v8\n" + (
        "g ~~ 0*s1\ng ~~ 0*s2\ns1 ~~ 0*s2"
    )
    result = fit_cfa(data, text)
    assert result.converged
    assert not result.improper
    assert result.fit["df"] == reference["fit"]["df"]
    assert result.fit["chisq"] == pytest.approx(reference["fit"]["chisq"], abs=1e-4)
    assert any("a local one" in note for note in result.notes)
