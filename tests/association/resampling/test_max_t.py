"""max-T: brute force by hand-written loops, the joint law of the family, and bad families."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from relsurvey.association.resampling.max_t import FamilyMember, max_t_adjusted
from relsurvey.association.resampling.score_form import score_form
from relsurvey.errors import ModelError
from relsurvey.moments.group_rows import group_sums


def rows(
    workers: int = 5, users: int = 3, *, seed: int = 1, teams: int = 0
) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    worker = np.repeat(np.arange(workers), users)
    data = {"w": worker, "t": worker % max(teams, 1)}
    for name in ("a", "b"):
        data[name] = random.normal(size=workers)[worker]
    for name in ("y", "z"):
        data[name] = 0.8 * data["a"] + random.normal(size=len(worker))
    return data


def family(data, *, outcomes=("y", "z"), foci=("a", "b"), nested=None) -> list[FamilyMember]:
    return [
        FamilyMember(
            group_sums(data, [focus, outcome], "w", nested_in=nested), outcome, (focus,), focus
        )
        for outcome in outcomes
        for focus in foci
    ]


def statistic(member: FamilyMember) -> float:
    form = score_form(member.sums, member.outcome, member.terms, member.focus, "workers")
    return float(form.statistics(form.scores[None])[0])


def test_equals_moving_whole_rows_of_scores_by_hand() -> None:
    data = rows(4)
    found = max_t_adjusted(family(data), seed=1)
    every = []
    for order in itertools.permutations(range(4)):
        place = np.array(order)[data["w"]] * 3
        moved = {**data, "a": data["a"][place], "b": data["b"][place]}
        every.append([abs(statistic(member)) for member in family(moved)])
    every = np.array(every)
    observed = every[0] - 1e-9
    assert found.exact
    assert found.orders == 24 == len(every)
    np.testing.assert_allclose(np.abs(found.statistics), every[0], rtol=1e-9)
    np.testing.assert_allclose(found.p_values, (every >= observed).mean(axis=0))
    largest = every.max(axis=1)
    np.testing.assert_allclose(found.single_step, [(largest >= t).mean() for t in observed])
    running = 0.0
    ranked = np.argsort(-observed)
    for place, member in enumerate(ranked):
        rest = every[:, ranked[place:]].max(axis=1)
        running = max(running, float((rest >= observed[member]).mean()))
        assert found.adjusted[member] == pytest.approx(running)


def test_adjusted_lies_between_raw_and_single_step_and_is_monotone() -> None:
    found = max_t_adjusted(family(rows(20)), permutations=999, seed=2)
    assert not found.exact
    assert found.permutations == 999
    assert (found.adjusted >= found.p_values).all()
    assert (found.adjusted <= found.single_step).all()
    order = np.argsort(-np.abs(found.statistics))
    assert (np.diff(found.adjusted[order]) >= 0).all()
    assert found.single_step.min() >= 1 / 1000


def test_a_family_of_one_needs_no_adjustment() -> None:
    found = max_t_adjusted(family(rows(8), outcomes=("y",), foci=("a",)), permutations=499, seed=3)
    assert found.p_values == found.adjusted == found.single_step


def test_twice_the_same_question_costs_nothing() -> None:
    one = family(rows(9), outcomes=("y",), foci=("a",))
    found = max_t_adjusted(one * 3, permutations=499, seed=3)
    np.testing.assert_array_equal(found.adjusted, found.p_values)


def test_workers_without_an_outcome_are_passed_over() -> None:
    data = rows(12)
    data["z"] = np.where(data["w"] == 4, np.nan, data["z"])
    found = max_t_adjusted(family(data), permutations=999, seed=4)
    alone = {name: column[data["w"] != 4] for name, column in data.items()}
    expected = [statistic(member) for member in family(alone, outcomes=("z",))]
    np.testing.assert_allclose(found.statistics[2:], expected, rtol=1e-9)
    by_itself = max_t_adjusted(family(alone, outcomes=("z",)), permutations=999, seed=4)
    np.testing.assert_allclose(found.p_values[2:], by_itself.p_values, atol=0.06)


def test_rejects_something_in_a_family_without_truth_as_often_as_it_says() -> None:
    rejected = 0
    for run in range(80):
        random = np.random.default_rng(10_000 + run)
        data = rows(10, 2, seed=run)
        shared = random.normal(size=10)[data["w"]]
        for name in ("y", "z"):
            data[name] = shared + random.normal(size=20)
        rejected += max_t_adjusted(family(data), permutations=99, seed=run).adjusted.min() <= 0.1
    assert rejected / 80 == pytest.approx(0.1, abs=0.1)  # three standard errors


def test_order_of_rows_and_of_members_does_not_matter() -> None:
    data = rows(15)
    first = max_t_adjusted(family(data), permutations=499, seed=5)
    order = np.random.default_rng(1).permutation(len(data["w"]))
    moved = {name: column[order] for name, column in data.items()}
    second = max_t_adjusted(family(moved), permutations=499, seed=5)
    np.testing.assert_array_equal(first.adjusted, second.adjusted)


def test_within_teams_keeps_scores_in_their_team() -> None:
    found = max_t_adjusted(family(rows(8, teams=2), nested="t"), seed=1)
    assert found.units == "workers within teams"
    assert found.orders == 24**2 == found.permutations
    assert any("play no part" in note for note in found.notes)


def test_a_predictor_of_teams_among_predictors_of_workers_is_not_tested() -> None:
    data = rows(8, teams=2)
    data["b"] = data["t"] * 1.5
    found = max_t_adjusted(family(data, nested="t"), permutations=199, seed=1)
    assert np.isnan(found.adjusted[[1, 3]]).all()
    assert np.isfinite(found.adjusted[[0, 2]]).all()
    assert any("Not tested" in note and "y by b" in note for note in found.notes)


def test_few_orders_are_said() -> None:
    found = max_t_adjusted(family(rows(3)), seed=1)
    assert found.notes == (
        "There are 6 orders of the scores; the smallest p there can be is .167.",
    )


def test_bad_families_are_refused() -> None:
    with pytest.raises(ModelError, match="no members"):
        max_t_adjusted([], seed=1)
    data = rows(8, teams=2)
    mixed = [*family(data, nested="t"), *family(data, outcomes=("z",), foci=("a",))]
    with pytest.raises(ModelError, match="Some of the family know teams"):
        max_t_adjusted(mixed, seed=1)
    elsewhere = {**data, "t": np.where(data["w"] == 3, 0, data["t"])}
    other = [*family(data, nested="t"), *family(elsewhere, nested="t")]
    with pytest.raises(ModelError, match="in different t"):
        max_t_adjusted(other, seed=1)
    flat = {**data, "z": np.zeros(len(data["w"]))}
    with pytest.raises(ModelError, match="'z' by 'a': The outcome 'z' does not vary"):
        max_t_adjusted(family(flat), seed=1)
    with pytest.raises(ModelError, match="permutations has to be"):
        max_t_adjusted(family(data), permutations=0, seed=1)
