"""Simulation: against the formula, alike for any number of jobs, on Dask, by questionnaires."""

import importlib.util
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import stdtr

from relsurvey.association import associate
from relsurvey.errors import ModelError
from relsurvey.linkage import link
from relsurvey.planning import simulate_study
from relsurvey.planning.power import power, power_curve
from relsurvey.planning.power.backends import Runner
from relsurvey.planning.power.design import Design
from relsurvey.planning.power.draws import GROUP, OUTCOME, PREDICTOR, TEAM, draw_rows
from relsurvey.planning.power.formula import formula_power
from relsurvey.planning.power.questionnaires import study_test
from relsurvey.planning.power.replicates import MonteCarlo, score_test, simulated_power
from relsurvey.scoring import score

SMALL = {"correlation": 0.8, "icc": 0.3, "n_workers": 12, "users_per_worker": 4}


def many(**changes):
    """Draw one large study."""
    design = Design(3_000, 10, 0.5, 0.2, **changes)
    return design, draw_rows(design, np.random.default_rng(1))


def over_workers(rows, name):
    counts = np.bincount(rows[GROUP])
    return np.bincount(rows[GROUP], weights=rows[name])[counts > 0] / counts[counts > 0]


def test_drawn_rows_have_the_variances_and_the_slope_they_were_drawn_from():
    design, rows = many(reliability_predictor=0.8, reliability_outcome=0.9)
    score, outcome = over_workers(rows, PREDICTOR), rows[OUTCOME]
    assert score.var() == pytest.approx(1.0, abs=0.06)
    assert outcome.var() == pytest.approx(1.0, abs=0.04)
    slope = np.polyfit(score, over_workers(rows, OUTCOME), 1)[0]
    assert slope == pytest.approx(design.slope_observed, abs=0.03)
    assert design.slope_observed == pytest.approx(0.5 * math.sqrt(0.2 * 0.9 * 0.8))
    found = associate(rows, OUTCOME, PREDICTOR, group=GROUP)
    assert found.model.variance[GROUP] == pytest.approx(design.between_left, abs=0.02)
    assert found.model.variance["residual"] == pytest.approx(design.within_left, abs=0.02)


def test_covariates_explain_the_shares_they_are_said_to():
    design, rows = many(covariates=2, r_squared_between=0.4, r_squared_within=0.3)
    found = associate(
        rows, OUTCOME, PREDICTOR, group=GROUP,
        covariates=["of_worker_1", "of_worker_2", "within_1", "within_2"],
    )  # fmt: skip
    assert found.model.variance[GROUP] == pytest.approx(design.between_left, abs=0.02)
    assert found.model.variance["residual"] == pytest.approx(design.within_left, abs=0.02)


def test_teams_hold_their_share_of_both_traits():
    _, rows = many(n_teams=400, team_share=0.3)
    found = associate(rows, OUTCOME, PREDICTOR, group=GROUP, team=TEAM)
    between = sum(found.null_model.variance[name] for name in (GROUP, TEAM))
    assert between == pytest.approx(0.2, abs=0.03)
    assert found.null_model.variance[TEAM] / between == pytest.approx(0.3, abs=0.08)


def test_a_ceiling_is_reached_by_the_share_asked_for():
    _, rows = many(ceiling=0.4)
    best = rows[OUTCOME].max()
    assert (rows[OUTCOME] == best).mean() == pytest.approx(0.4, abs=0.02)


def test_service_users_and_workers_are_lost_at_their_rates():
    design = Design(1_000, 2, 0.5, 0.2, attrition_users=0.5, attrition_workers=0.2)
    rows = draw_rows(design, np.random.default_rng(3))
    assert len(np.unique(rows[GROUP])) == pytest.approx(800 * 0.75, abs=50)
    assert len(rows[GROUP]) == pytest.approx(800, abs=80)


@pytest.mark.parametrize(
    "design",
    [
        Design(12, 4, 0.9, 0.2),
        Design(25, 1, 0.8, 0.3),
        Design(14, 6, 0.85, 0.2, user_count_cv=0.6, attrition_users=0.2),
        Design(24, 4, 0.85, 0.2, n_teams=6, team_share=0.2),
    ],
)
def test_formula_and_simulation_agree_within_chance(design):
    found = simulated_power(design, replicates=100, seed=11, runner=Runner())
    error = math.sqrt(found.power * (1 - found.power) / 100)
    assert abs(found.power - formula_power(design)) < 3 * error + 0.01


def balanced_p(rows):
    """Test drawn studies of equal numbers by hand: worker means, or all users where it is zero."""
    worker, score, outcome = (rows[name] for name in (GROUP, PREDICTOR, OUTCOME))
    workers = worker.max() + 1
    users = len(worker) // workers
    means, x = outcome.reshape(workers, users).mean(axis=1), score[::users]
    slope = ((x - x.mean()) @ means) / ((x - x.mean()) @ (x - x.mean()))
    left = means - means.mean() - slope * (x - x.mean())
    squares = users * left @ left, ((outcome - np.repeat(means, users)) ** 2).sum()
    dfs = workers - 2, workers * (users - 1)
    zero = squares[0] / dfs[0] <= squares[1] / dfs[1]
    square, df = (sum(squares), sum(dfs)) if zero else (squares[0], dfs[0])
    error = math.sqrt(square / df / users / ((x - x.mean()) @ (x - x.mean())))
    return 2 * stdtr(df, -abs(slope) / error), zero


def test_the_formula_is_within_two_points_of_many_simulated_studies():
    # The model of equal numbers is known in closed form; that the simulation gives the same p
    # value study by study lets it stand for 3,000 of them, with a standard error of .008.
    design = Design(12, 4, 0.95, 0.3)
    streams = (np.random.SeedSequence(5, spawn_key=(number,)) for number in range(3_000))
    tested = [balanced_p(draw_rows(design, np.random.default_rng(one))) for one in streams]
    for number in range(60):
        p_value, boundary = score_test(design, 5, number)
        assert p_value == pytest.approx(tested[number][0], rel=1e-5)
        assert boundary == tested[number][1]
    assert 10 < sum(zero for _, zero in tested[:60]) < 50
    power_found = np.mean([p_value < design.alpha for p_value, _ in tested])
    assert 0.6 < power_found < 0.9
    assert formula_power(design) == pytest.approx(power_found, abs=0.02)


@pytest.fixture(scope="module")
def benchmark():
    place = Path(__file__).parents[3] / "benchmarks" / "power.py"
    spec = importlib.util.spec_from_file_location("power_benchmark", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_committed_grid_is_whole_and_of_the_formula_as_it_is(benchmark):
    grid = pd.read_csv(benchmark.GRID, keep_default_na=False)
    names = ["n_workers", "users_per_worker", "icc", "correlation"]
    assert len(grid) == len(benchmark.CELLS) == 32
    for cell in benchmark.CELLS:
        *numbers, more = cell
        said = ", ".join(f"{name} {value:g}" for name, value in more.items())
        row = grid[(grid[names] == numbers).all(axis=1) & (grid["more"] == said)].squeeze(axis=0)
        design = Design(numbers[0], numbers[1], numbers[3], numbers[2], **more)
        assert row["formula"] == pytest.approx(formula_power(design), abs=1e-6)
        least = benchmark.REPLICATES if design.teams is None else benchmark.WITH_TEAMS
        assert row["replicates"] >= least
    assert (grid["failed"] == 0).all()


def test_the_formula_is_within_one_point_of_power_over_the_grid(benchmark):
    grid = pd.read_csv(benchmark.GRID, keep_default_na=False)
    difference = grid["formula"] - grid["simulated"]
    assert difference.to_numpy() == pytest.approx(grid["difference"].to_numpy(), abs=1e-12)
    assert difference.abs().max() <= 0.0105
    assert abs(difference.mean()) < 0.002


@pytest.mark.parametrize("number", [0, 7])
def test_the_test_is_that_of_associate(number):
    design = Design(20, 5, 0.6, 0.2, n_teams=5, team_share=0.2)
    p_value, boundary = score_test(design, 4, number)
    rng = np.random.default_rng(np.random.SeedSequence(4, spawn_key=(number,)))
    found = associate(draw_rows(design, rng), OUTCOME, PREDICTOR, group=GROUP, team=TEAM)
    assert p_value == pytest.approx(found.p_value, rel=1e-12)
    assert boundary == found.model.boundary


def test_one_user_each_is_tested_by_ordinary_regression():
    from scipy import stats

    design = Design(20, 1, 0.6, 0.2)
    rng = np.random.default_rng(np.random.SeedSequence(4, spawn_key=(0,)))
    rows = draw_rows(design, rng)
    expected = stats.linregress(rows[PREDICTOR], rows[OUTCOME]).pvalue
    assert score_test(design, 4, 0)[0] == pytest.approx(expected, rel=1e-9)
    with pytest.raises(ModelError, match="one row only"):
        associate(rows, OUTCOME, PREDICTOR, group=GROUP)


def test_one_user_each_with_covariates_is_that_of_statsmodels():
    import statsmodels.api as sm

    design = Design(20, 1, 0.6, 0.2, covariates=2, r_squared_between=0.3)
    rng = np.random.default_rng(np.random.SeedSequence(4, spawn_key=(1,)))
    rows = draw_rows(design, rng)
    columns = np.column_stack([rows[name] for name in (PREDICTOR, "of_worker_1", "of_worker_2")])
    expected = sm.OLS(rows[OUTCOME], sm.add_constant(columns)).fit().pvalues[1]
    assert score_test(design, 4, 1)[0] == pytest.approx(expected, rel=1e-9)
    with pytest.raises(ModelError, match="does not vary"):
        score_test(Design(20, 1, 0.6, 0.2, ceiling=0.999), 4, 1)


def test_results_do_not_depend_on_the_number_of_jobs_or_where_they_run():
    options = {**SMALL, "method": "simulation", "replicates": 30, "seed": 5}
    alone = power(**options, n_jobs=1)
    for backend in ("threads", "processes"):
        assert power(**options, n_jobs=2, backend=backend).to_dict() == alone.to_dict()
    assert power(**{**options, "seed": 6}).power != alone.power


def test_dask_draws_the_same_studies_on_the_running_cluster(monkeypatch):
    from distributed import Client, LocalCluster

    monkeypatch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)
    options = {**SMALL, "method": "simulation", "replicates": 30, "seed": 5}
    here = power(**options).to_dict()
    with LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None
    ) as cluster:
        by_name = power(**options, backend="dask", address=cluster.scheduler_address)
        monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", cluster.scheduler_address)
        by_variable = power(**options, backend="dask")
        monkeypatch.delenv("DASK_SCHEDULER_ADDRESS")
        with Client(cluster):
            by_client = power(**options, backend="dask")
    assert by_name.to_dict() == by_variable.to_dict() == by_client.to_dict() == here


def test_without_a_dask_cluster_it_is_said_how_to_start_one(monkeypatch):
    monkeypatch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)
    with pytest.raises(ModelError, match=r"No Dask cluster is running[\s\S]*DASK_SCHEDULER"):
        power(**SMALL, method="simulation", seed=1, backend="dask")
    with pytest.raises(ModelError, match=r"No Dask cluster answers at 'nonsense://x'"):
        power(**SMALL, method="simulation", seed=1, backend="dask", address="nonsense://x")


def test_without_distributed_it_is_said_what_to_install(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ModelError, match=r"needs the package distributed[\s\S]*relsurvey\[dask\]"):
        power(**SMALL, method="simulation", seed=1, backend="dask")


def test_the_monte_carlo_interval_is_exact():
    # R: binom.test(80, 100)$conf.int
    low, high = MonteCarlo(100, 80, 0, 0).limits
    assert low == pytest.approx(0.7081573, abs=1e-7)
    assert high == pytest.approx(0.8733444, abs=1e-7)
    assert MonteCarlo(100, 0, 0, 0).limits[0] == 0.0
    assert MonteCarlo(100, 100, 0, 0).limits[1] == 1.0


def test_progress_is_told_after_every_part():
    seen = []
    power(**SMALL, method="simulation", replicates=100, seed=1, n_jobs=1,
          progress=lambda done, total: seen.append((done, total)))  # fmt: skip
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_simulated_answer_says_its_interval_and_holds_the_power_wanted():
    found = power(
        users_per_worker=5, correlation=0.9, icc=0.3, power=0.8, method="simulation",
        replicates=80, seed=2,
    )  # fmt: skip
    assert found.power_low <= 0.8 <= found.power_high
    assert "95% Monte Carlo interval" in found.summary()
    assert "80 simulated studies" in found.sentence
    simulated = found.curve[found.curve["method"] == "simulation"]
    assert simulated["n_workers"].iloc[-1] == found.n_workers
    assert found.power_formula == pytest.approx(formula_power(found.design), rel=1e-12)
    assert found.power_low < found.power_formula < found.power_high


def test_a_ceiling_costs_power_and_the_answer_is_set_right():
    options = {**SMALL, "method": "simulation", "replicates": 80, "seed": 3}
    free, bound = power(**options), power(**options, ceiling=0.6)
    assert bound.power < free.power
    assert bound.power_formula == pytest.approx(free.power_formula)


def test_studies_that_cannot_be_fitted_are_counted_and_said():
    # Nearly everyone is at the ceiling: some studies have no variance at all.
    found = power(
        n_workers=4, users_per_worker=2, correlation=0.5, icc=0.3, method="simulation",
        replicates=40, seed=1, ceiling=0.97,
    )  # fmt: skip
    assert found.failed > 0
    assert any("could not be fitted" in note for note in found.notes)


def test_questionnaires_are_simulated_scored_linked_and_tested():
    design = Design(30, 5, 0.95, 0.4, n_teams=5, team_share=0.1)
    test = study_test(("rpq-16", "peech-sc"), None)
    found = test(design, 1, range(6))
    assert ((found[:, 0] >= 0) & (found[:, 0] <= 1)).all()
    assert (found[:, 0] < 0.05).sum() >= 4
    assert test(design, 1, range(3, 5)) == pytest.approx(found[3:5], rel=1e-12)
    study = simulate_study(
        n_workers=30, n_teams=5, n_service_users=150, correlation=0.95, icc=0.4, team_share=0.1,
        ceiling=None, largest_group=25, unmatched_workers=0, unmatched_service_users=0,
        without_id=0,
        seed=int(np.random.SeedSequence(1, spawn_key=(3,)).generate_state(1)[0]),
    )  # fmt: skip
    linked = link(
        score(study.workers, "rpq-16"), score(study.service_users, "peech-sc"), team="team"
    )
    assert found[3, 0] == pytest.approx(associate(linked, "TOTAL", "RC").p_value, rel=1e-12)


def test_what_questionnaires_have_no_part_for_is_refused():
    with pytest.raises(ModelError, match="reliability_predictor") as caught:
        power(**SMALL, method="simulation", items=True, seed=1, reliability_predictor=0.8,
              user_count_cv=0.5)  # fmt: skip
    assert set(caught.value.failures["parameter"]) == {"reliability_predictor", "user_count_cv"}
    with pytest.raises(ModelError, match="did you mean 'TOTAL'"):
        study_test(("rpq-16", "peech-sc"), ("RC", "TOTL"))
    with pytest.raises(ModelError, match="are pairs"):
        study_test(("rpq-16",), None)


def test_a_simulated_curve_has_an_interval_at_every_design():
    found = power_curve(
        n_workers=[10, 20], users_per_worker=[3], correlation=0.9, icc=0.3,
        method="simulation", replicates=40, seed=1,
    )  # fmt: skip
    rows = found.curve
    assert rows["method"].eq("simulation").all()
    assert (rows["power_low"] < rows["power"]).all()
    assert (rows["power"] < rows["power_high"]).all()
    assert rows["power"].is_monotonic_increasing
