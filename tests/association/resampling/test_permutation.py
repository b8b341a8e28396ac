"""Permutation of scores: by hand, by brute force, exact where it should be, plain where not."""

from __future__ import annotations

import itertools
import json
import math

import numpy as np
import pytest
from scipy.stats import pearsonr

from relsurvey.association.models.fit import fit_sums
from relsurvey.association.resampling.orders import all_orders, count_orders, drawn_orders, tied
from relsurvey.association.resampling.permutation import permutation_test
from relsurvey.association.resampling.score_form import score_form
from relsurvey.errors import ModelError
from relsurvey.moments.group_rows import group_sums

from .studies import TERMS, study, sums_of


def simple(x, y_by_worker, spread=(-1.0, 1.0)):
    """Two users a worker: GLS is then least squares of the worker means."""
    n = len(x)
    worker = np.repeat(np.arange(n), 2)
    y = np.repeat(np.asarray(y_by_worker, float), 2) + np.tile(spread, n)
    return group_sums(
        {"w": worker, "x": np.repeat(np.asarray(x, float), 2), "y": y}, ["x", "y"], "w"
    )


def test_four_workers_by_hand() -> None:
    x, y = [1.0, 2.0, 4.0, 8.0], [0.0, 3.0, 1.0, 7.0]
    # Observed: 0*1 + 3*2 + 1*4 + 7*8 = 66. With 8 beside 7, the others give 14, 13, 10, 7, 7 or
    # 5; without, at most 4*7 + 8*3 + 2*1 = 54. So 70, 69 and 66 are as high: three of 24.
    result = permutation_test(simple(x, y), "y", ("x",), "x", seed=1)
    assert result.orders == 24
    assert result.exact
    assert result.permutations == 24
    assert result.p_value == pytest.approx(2 * 3 / 24)
    assert result.smallest_p == pytest.approx(2 / 24)
    assert not result.reachable
    assert result.p_std_error == 0.0


def test_is_the_exact_test_of_the_correlation_of_worker_means_where_all_have_as_many() -> None:
    random = np.random.default_rng(4)
    x, y = random.normal(size=(2, 6))
    result = permutation_test(simple(x, y), "y", ("x",), "x", seed=1)
    found = np.array([pearsonr(order, y).statistic for order in itertools.permutations(x)])
    observed = pearsonr(x, y).statistic
    tails = (found >= observed - 1e-12).mean(), (found <= observed + 1e-12).mean()
    assert result.p_value == pytest.approx(2 * min(tails))


@pytest.mark.parametrize("teams", [0, 4])
def test_statistic_is_generalised_least_squares_of_the_rows(teams) -> None:
    data = study(16, 3, teams=teams)
    sums = sums_of(data, teams=teams > 0)
    null = fit_sums(sums, "y", TERMS[1:])
    same = data["worker"][:, None] == data["worker"]
    V = np.eye(len(same)) + null.best.ratios[0] * same
    if teams:
        V += null.best.ratios[1] * (data["team"][:, None] == data["team"])
    means = np.array([data["z"][data["worker"] == w].mean() for w in data["worker"]])
    Z = np.column_stack([np.ones(len(means)), data["z"] - means, means, data["v"]])
    X = np.column_stack([Z, data["x"]])
    inverse = np.linalg.inv(V)
    slope = np.linalg.solve(X.T @ inverse @ X, X.T @ inverse @ data["y"])[-1]
    error = np.sqrt(np.linalg.inv(X.T @ inverse @ X)[-1, -1] * null.residual_variance)
    form = score_form(sums, "y", TERMS, "x", "workers")
    assert form.slope == pytest.approx(slope, rel=1e-9)
    assert form.statistics(form.scores[None])[0] == pytest.approx(slope / error, rel=1e-9)


def test_within_teams_is_least_squares_with_a_column_for_each_team() -> None:
    data = study(18, 3, teams=5)
    sums = sums_of(data, teams=True)
    ratio = fit_sums(sums, "y", ("v",)).best.ratios[0]
    V = np.eye(len(data["y"])) + ratio * (data["worker"][:, None] == data["worker"])
    X = np.column_stack([data["team"][:, None] == np.arange(5), data["v"], data["x"]]).astype(float)
    inverse = np.linalg.inv(V)
    slope, spread = (
        np.linalg.solve(X.T @ inverse @ X, X.T @ inverse @ data["y"])[-1],
        np.linalg.inv(X.T @ inverse @ X)[-1, -1],
    )
    form = score_form(sums, "y", ("x", "v"), "x", "workers within teams")
    assert form.slope == pytest.approx(slope, rel=1e-9)
    # The residual deviation is that of the model without the predictor.
    r = (
        data["y"]
        - X[:, :-1]
        @ np.linalg.lstsq(
            X[:, :-1].T @ inverse @ X[:, :-1], X[:, :-1].T @ inverse @ data["y"], rcond=None
        )[0]
    )
    sigma = np.sqrt(r @ inverse @ r / (len(r) - 6))
    statistic = form.statistics(form.scores[None])[0]
    assert statistic == pytest.approx(slope / np.sqrt(spread) / sigma, rel=1e-9)


def test_whole_teams_is_generalised_least_squares_too() -> None:
    data = study(18, 3, teams=6)
    data["x"] = np.array([1.0, 4, 2, 7, 3, 5])[data["team"]]
    sums = sums_of(data, teams=True)
    null = fit_sums(sums, "y", ("v",))
    V = np.eye(len(data["y"])) + null.best.ratios[0] * (data["worker"][:, None] == data["worker"])
    V += null.best.ratios[1] * (data["team"][:, None] == data["team"])
    X = np.column_stack([np.ones(len(data["y"])), data["v"], data["x"]])
    inverse = np.linalg.inv(V)
    slope = np.linalg.solve(X.T @ inverse @ X, X.T @ inverse @ data["y"])[-1]
    result = permutation_test(sums, "y", ("x", "v"), "x", seed=1)
    assert result.units == "teams"
    assert result.slope == pytest.approx(slope, rel=1e-9)
    assert result.orders == math.factorial(6)
    assert "whole teams changed places" in result.note


def test_teams_with_one_score_by_brute_force() -> None:
    data = study(12, 2, teams=4)
    data["x"] = np.array([1.0, 4, 2, 7])[data["team"]]
    sums = sums_of(data, teams=True)
    found = []
    for order in itertools.permutations([1.0, 4, 2, 7]):
        moved = {**data, "x": np.array(order)[data["team"]]}
        form = score_form(sums_of(moved, teams=True), "y", ("x",), "x", "teams")
        found.append(form.statistics(form.scores[None])[0])
    found = np.array(found)
    tails = (found >= found[0] - 1e-9).mean(), (found <= found[0] + 1e-9).mean()
    result = permutation_test(sums, "y", ("x",), "x", seed=1)
    assert result.p_value == pytest.approx(min(1.0, 2 * min(tails)))


def test_within_teams_by_brute_force() -> None:
    data = study(6, 3, teams=2)
    sums = sums_of(data, teams=True)
    x = np.array([data["x"][data["worker"] == w][0] for w in range(6)])
    team = np.arange(6) % 2
    found = []
    for first in itertools.permutations(x[team == 0]):
        for second in itertools.permutations(x[team == 1]):
            moved = x.copy()
            moved[team == 0], moved[team == 1] = first, second
            other = sums_of({**data, "x": moved[data["worker"]]}, teams=True)
            form = score_form(other, "y", ("x",), "x", "workers within teams")
            found.append(form.statistics(form.scores[None])[0])
    found = np.array(found)
    tails = (found >= found[0] - 1e-9).mean(), (found <= found[0] + 1e-9).mean()
    result = permutation_test(sums, "y", ("x",), "x", seed=1)
    assert result.orders == math.factorial(3) ** 2 == len(found)
    assert result.p_value == pytest.approx(min(1.0, 2 * min(tails)))


def test_three_workers_cannot_reach_five_percent_and_it_is_said() -> None:
    result = permutation_test(simple([1, 2, 3], [0.0, 1.0, 5.0]), "y", ("x",), "x", seed=1)
    assert result.orders == 6
    assert result.p_value == pytest.approx(1 / 3)
    assert result.note == (
        "With 3 workers there are 6 orders; the smallest p there can be is .333, so p below 0.05 "
        "cannot be reached."
    )
    assert result.note in " ".join(result.summary().split())


def test_two_workers_have_two_orders() -> None:
    result = permutation_test(simple([1, 2], [0.0, 1.0]), "y", ("x",), "x", seed=1)
    assert (result.orders, result.p_value, result.reachable) == (2, 1.0, False)


def test_ties_in_scores_make_no_new_orders() -> None:
    sums = simple([1, 1, 1, 2, 2, 3], [0.0, 1, 2, 1, 4, 6])
    result = permutation_test(sums, "y", ("x",), "x", seed=1)
    assert result.orders == 60 == result.permutations
    every = [
        np.corrcoef(order, [0.0, 1, 2, 1, 4, 6])[0, 1]
        for order in itertools.permutations([1, 1, 1, 2, 2, 3])
    ]
    assert result.p_value == pytest.approx(2 * (np.array(every) >= every[0] - 1e-12).mean())


def test_monte_carlo_agrees_with_all_orders_within_its_error() -> None:
    sums = simple([1, 2, 4, 8, 3, 9, 5], [0.0, 3, 1, 7, 1, 6, 2])
    exact = permutation_test(sums, "y", ("x",), "x", permutations=5040, seed=1)
    drawn = permutation_test(sums, "y", ("x",), "x", permutations=5039, seed=1)
    assert exact.exact
    assert not drawn.exact
    assert drawn.p_std_error > 0
    assert drawn.p_value == pytest.approx(exact.p_value, abs=4 * drawn.p_std_error + 2 / 5040)
    assert drawn.smallest_p == 2 / 5040


def test_orders_are_counted_exactly_however_many() -> None:
    zero = np.zeros(200, dtype=int)
    assert count_orders(np.arange(200), zero) == math.factorial(200)
    codes = np.repeat(np.arange(4), 50)
    assert count_orders(codes, zero) == math.factorial(200) // math.factorial(50) ** 4
    blocks = np.repeat([0, 1], 100)
    assert count_orders(np.arange(200), blocks) == math.factorial(100) ** 2


def test_every_order_is_listed_once_and_keeps_within_blocks() -> None:
    codes, blocks = np.array([0, 1, 1, 2, 0, 3]), np.array([0, 0, 0, 1, 1, 1])
    orders = all_orders(codes, blocks)
    assert len(orders) == count_orders(codes, blocks) == 3 * 6
    assert len({tuple(codes[order]) for order in orders}) == len(orders)
    assert (np.sort(orders, axis=1) == np.arange(6)).all()
    assert (blocks[orders] == blocks).all()


def test_drawn_orders_keep_within_blocks_and_are_even() -> None:
    blocks = np.array([1, 0, 1, 0, 1])
    orders = np.concatenate(list(drawn_orders(blocks, 6000, np.random.default_rng(1))))
    assert (blocks[orders] == blocks).all()
    share = [(orders[:, 0] == unit).mean() for unit in (0, 2, 4)]
    np.testing.assert_allclose(share, 1 / 3, atol=0.03)


def test_rounding_makes_no_difference_between_scores() -> None:
    assert tied(np.array([[0.1 + 0.2], [0.3], [5.0]])).tolist() == [0, 0, 1]


def test_rejects_as_often_as_it_says_where_users_are_unequal() -> None:
    """Sizes from 1 to 40, errors skewed and larger where there are few: exact all the same."""
    random = np.random.default_rng(8)
    sizes = np.array([2, 2, 2, 3, 3, 1, 1, 25, 30, 40])
    worker = np.repeat(np.arange(10), sizes)
    scale = np.where(sizes < 10, 3.0, 0.5)[worker]
    below = 0
    for run in range(240):
        y = scale * random.exponential(size=len(worker)) + random.normal(size=10)[worker]
        data = {"w": worker, "x": random.normal(size=10)[worker], "y": y}
        sums = group_sums(data, ["x", "y"], "w")
        below += permutation_test(sums, "y", ("x",), "x", permutations=199, seed=run).p_value <= 0.1
    assert below / 240 == pytest.approx(0.1, abs=0.06)  # three standard errors


def test_order_of_rows_shift_and_scale_do_not_matter() -> None:
    data = study(30, 4)
    first = permutation_test(sums_of(data), "y", TERMS, "x", permutations=999, seed=5)
    order = np.random.default_rng(1).permutation(len(data["y"]))
    moved = {name: column[order] for name, column in data.items()}
    moved["x"], moved["y"] = 100 + 7 * moved["x"], 3 * moved["y"] - 40
    second = permutation_test(sums_of(moved), "y", TERMS, "x", permutations=999, seed=5)
    assert second.p_value == first.p_value
    assert second.slope == pytest.approx(3 / 7 * first.slope)
    assert second.statistic == pytest.approx(first.statistic)


def test_the_seed_alone_decides() -> None:
    sums = sums_of(study(30, 4, slope=0.0))
    p = [
        permutation_test(sums, "y", ("x",), "x", permutations=999, seed=s).p_value
        for s in (1, 1, 2)
    ]
    assert p[0] == p[1] != p[2]


def test_nothing_to_move_is_said() -> None:
    data = study(6, 3, teams=3)
    data["x"] = np.array([1.0, 2, 3, 1, 2, 3])[data["worker"]]
    result = permutation_test(
        sums_of(data, teams=True), "y", ("x",), "x", seed=1, units="workers within teams"
    )
    assert math.isnan(result.p_value)
    assert not result.reachable
    assert result.note.startswith("Not computed: no team has two workers with different scores.")
    assert math.isnan(result.to_companion().p_value)


def test_covariates_that_leave_nothing_of_the_scores_are_said() -> None:
    data = study(6, 3)
    data["v"] = 2.0 - 3.0 * data["x"]
    result = permutation_test(sums_of(data), "y", ("x", "v"), "x", seed=1)
    assert math.isnan(result.p_value)
    assert "the covariates leave nothing of the scores to change places" in result.note


def test_more_covariates_than_workers_are_refused() -> None:
    data = study(4, 5)
    random = np.random.default_rng(3)
    for name in "ab":
        data[name] = random.normal(size=4)[data["worker"]]
    columns = ["x", "a", "b", "v", "y"]
    sums = group_sums(data, columns, "worker")
    with pytest.raises(ModelError, match="nothing is left"):
        permutation_test(sums, "y", ("x", "a", "b", "v"), "x", seed=1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"permutations": 10}, "permutations has to be a whole number from 99"),
        ({"seed": -1}, "seed has to be"),
        ({"seed": None}, "seed has to be"),
        ({"alpha": 1.0}, "alpha has to be"),
        ({"units": "team"}, "units cannot be 'team'"),
        ({"units": "teams"}, "which team"),
    ],
)
def test_bad_options_are_refused(options, message) -> None:
    with pytest.raises(ModelError, match=message):
        permutation_test(simple([1, 2, 3], [1.0, 2, 4]), "y", ("x",), "x", **{"seed": 1, **options})


def test_a_predictor_of_users_is_refused() -> None:
    sums = sums_of(study(10, 4))
    with pytest.raises(ModelError, match="differs between rows of the same worker"):
        permutation_test(sums, "y", TERMS, "z (within)", seed=1)


def test_whole_teams_need_one_score_a_team() -> None:
    sums = sums_of(study(10, 4, teams=3), teams=True)
    with pytest.raises(ModelError, match="differs within team"):
        permutation_test(sums, "y", ("x",), "x", seed=1, units="teams")


def test_across_teams_can_be_asked_for_and_is_said() -> None:
    sums = sums_of(study(12, 4, teams=3), teams=True)
    result = permutation_test(sums, "y", ("x",), "x", seed=1, units="workers", permutations=99)
    assert "Teams are known" in result.note


def test_result_goes_out_in_every_form() -> None:
    calls: list[tuple[int, int]] = []
    sums = sums_of(study(2000, 1.5))
    result = permutation_test(
        sums, "y", ("x",), "x", permutations=999, seed=1, progress=lambda a, b: calls.append((a, b))
    )
    assert calls[-1] == (999, 999)
    frame = result.to_frame()
    assert frame.loc[0, "p_value"] == result.p_value
    assert "orders" not in json.loads(json.dumps(result.to_dict()))  # 5,736 digits are no number
    assert result.orders == math.factorial(2000)
    assert "10 to the power of 5736 orders" in result.summary()
    line = result.to_companion()
    assert (line.p_value, line.estimate) == (result.p_value, result.slope)
    assert math.isnan(line.conf_low)
