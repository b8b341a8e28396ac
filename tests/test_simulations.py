"""The simulation study: its script does what it says, and its README says what it found."""

import math
import sys
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from relsurvey.association.cluster_ols import cluster_ols
from relsurvey.association.models.mixed import fit_mixed
from relsurvey.moments.group_rows import group_sums
from relsurvey.reporting.figures.style import styled

FOLDER = Path(__file__).parents[1] / "simulations"
MODULES = ("cells", "counts", "methods", "plan", "type_one_error", "tables", "report", "figure")
SURE = 3.5  # Monte Carlo standard errors: many designs are looked at


@pytest.fixture(scope="module")
def study():
    sys.path.insert(0, str(FOLDER))
    yield SimpleNamespace(**{name: import_module(name) for name in MODULES})
    sys.path.remove(str(FOLDER))
    for name in MODULES:
        sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def results(study):
    return study.report.load()


def answers(study, cell, number):
    one = study.type_one_error.replicate(cell, number)
    return {answer.method: answer for answer in study.methods.models(one)}


def two(study, workers=25, **changes):
    return study.cells.Cell(workers, 1, 20, **{"icc": 0.10, **changes})


def with_teams(study):
    return study.cells.Cell(24, 4, 4, 0.20, teams=6, team_variance=0.10)


@pytest.mark.parametrize(
    ("method", "df"), [("Satterthwaite", "satterthwaite"), ("Kenward-Roger", "kenward_roger")]
)
@pytest.mark.parametrize("make", [two, with_teams])
def test_mixed_models_are_those_of_the_package(study, method, df, make):
    cell = make(study)
    rows = study.cells.draw(cell, cell.generator(3))
    found = fit_mixed(
        rows, "y", ["x"], "worker", nested_in="team" if cell.teams else None, df=df
    ).table.iloc[1]
    answer = answers(study, cell, 3)[method]
    assert answer.p_value == pytest.approx(found["p_value"], rel=1e-9)
    assert (answer.low, answer.high) == pytest.approx((found["conf_low"], found["conf_high"]))


@pytest.mark.parametrize("make", [two, with_teams])
def test_clustered_regression_is_that_of_the_package(study, make):
    cell = make(study)
    rows = study.cells.draw(cell, cell.generator(1))
    nested = "team" if cell.teams else None
    sums = group_sums(rows, ["x", "y"], "worker", nested_in=nested, each_within=True)
    found = cluster_ols(sums, "y", ("x",), by_parent=cell.teams > 0).table.iloc[1]
    answer = answers(study, cell, 1)["CR2"]
    assert (answer.p_value, answer.low, answer.high) == pytest.approx(
        (found["p_value"], found["conf_low"], found["conf_high"]), rel=1e-8
    )


def test_ordinary_regression_is_that_of_scipy(study):
    from scipy.stats import linregress, t

    cell = two(study)
    rows = study.cells.draw(cell, cell.generator(2))
    found = linregress(rows["x"], rows["y"])
    half = t.ppf(0.975, len(rows["y"]) - 2) * found.stderr
    answer = answers(study, cell, 2)["ordinary regression"]
    assert (answer.p_value, answer.low, answer.high) == pytest.approx(
        (found.pvalue, found.slope - half, found.slope + half)
    )


def test_coverage_of_a_slope_does_not_depend_on_the_slope(study):
    cell = two(study)
    rows = study.cells.draw(cell, cell.generator(4))
    moved = {**rows, "y": rows["y"] + 0.7 * rows["x"]}
    before, after = (fit_mixed(one, "y", ["x"], "worker").table.iloc[1] for one in (rows, moved))
    for end in ("conf_low", "conf_high"):
        assert after[end] - before[end] == pytest.approx(0.7, rel=1e-6)


@pytest.mark.parametrize(
    "group", ["permutation", "bootstrap", "correlations", "score error", "cumulative logit"]
)
def test_every_group_answers_under_its_names(study, group, monkeypatch):
    monkeypatch.setattr(
        study.methods, "DRAWS",
        {"bootstrap": 99, "permutation": 99, "SIMEX": 4, "plausible values": 3},
    )  # fmt: skip
    cell = two(study, outcome="ceiling" if group == "cumulative logit" else "normal")
    found = study.type_one_error.run_cell(group, cell, 0, 2)
    assert set(found) == set(study.methods.names_of(group, cell))
    for counted in found.values():
        assert (counted.n_replicates, counted.n_tested) == (2, 2)
        assert counted.n_rejected <= 2
        assert counted.n_intervals == (0 if group == "permutation" else 2)


def test_a_run_in_two_parts_is_the_run_in_one(study):
    run, cell = study.type_one_error.run_cell, two(study, workers=8)
    whole, first, rest = run("models", cell, 0, 8), run("models", cell, 0, 3), run(
        "models", cell, 3, 8
    )  # fmt: skip
    assert {name: first[name] + rest[name] for name in whole} == whole


def test_what_is_counted_is_what_the_methods_say(study):
    cell, run = two(study, workers=8, correlation=0.5), study.type_one_error
    truth = study.cells.truths(cell)["slope"]
    said = [answers(study, cell, number)["Satterthwaite"] for number in range(12)]
    counted = run.run_cell("models", cell, 0, 12)["Satterthwaite"]
    assert counted.n_rejected == sum(one.p_value <= 0.05 for one in said)
    assert counted.n_covered == sum(one.low <= truth <= one.high for one in said)
    assert counted.n_boundary == sum(run.replicate(cell, k).fit.boundary for k in range(12))


def test_what_is_missing_is_counted_as_missing(study):
    counted = study.counts.Counts(2)
    nothing = study.methods.Answer("x", "slope", math.nan)
    study.type_one_error.count(counted, nothing, 0.0, boundary=True)
    assert (counted.n_tested, counted.n_intervals, counted.n_tested_at_boundary) == (0, 0, 0)


def test_draws_have_the_parameters_asked_for(study):
    cell = study.cells.Cell(30_000, 1, 5, 0.30, correlation=0.5)
    rows = study.cells.draw(cell, cell.generator(0))
    users = np.bincount(rows["worker"])
    assert (users.min(), users.max()) == (1, 5)
    sums = group_sums(rows, ["x", "y"], "worker")
    fit = fit_mixed(rows, "y", [], "worker")
    assert np.var(rows["y"]) == pytest.approx(1.0, abs=0.03)
    assert fit.variance["worker"] == pytest.approx(0.30, abs=0.015)
    assert np.var(sums.means[:, 0]) == pytest.approx(1.0, abs=0.03)
    slope = fit_mixed(rows, "y", ["x"], "worker").table["estimate"][1]
    assert slope == pytest.approx(study.cells.truths(cell)["slope"], abs=0.015)


def test_draws_with_teams_have_the_parameters_asked_for(study):
    cell = study.cells.Cell(24_000, 3, 3, 0.20, teams=6_000, team_variance=0.10)
    rows = study.cells.draw(cell, cell.generator(0))
    found = fit_mixed(rows, "y", [], "worker", nested_in="team")
    assert found.variance["worker"] == pytest.approx(0.20, abs=0.02)
    assert found.variance["team"] == pytest.approx(0.10, abs=0.02)
    score = fit_mixed(pd.DataFrame(rows).groupby("worker").first(), "x", [], "team")
    assert score.variance["team"] == pytest.approx(0.5, abs=0.03)


def test_true_values_with_a_ceiling_are_those_of_a_large_draw(study):
    cell = two(study, outcome="ceiling", correlation=0.5, icc=0.30)
    truth = study.cells.truths(cell)
    many = study.cells.Cell(100_000, 1, 2, 0.30, "ceiling", 0.5)
    rows = study.cells.draw(many, many.generator(1))
    shares = np.bincount(rows["y"].astype(int))[1:] / len(rows["y"])
    assert shares == pytest.approx([0.02, 0.04, 0.09, 0.25, 0.60], abs=0.006)
    slope = np.cov(rows["x"], rows["y"])[0, 1] / np.var(rows["x"])
    assert truth["slope"] == pytest.approx(slope, abs=0.01)
    assert truth["corrected slope"] == pytest.approx(truth["slope"] / 0.8)
    assert 0.45 < truth["disattenuated"] < 0.5
    assert 0.0 < truth["top box"] < 1.0


def test_no_association_is_zero_on_every_scale(study):
    assert set(study.cells.truths(two(study)).values()) == {0.0}


def test_what_is_done_is_not_done_again(study, tmp_path):
    run = study.type_one_error
    done = {
        (cell, study.methods.names_of(group, cell)[0]): study.counts.Counts(wanted)
        for group, cell, wanted in study.plan.steps()
    }
    assert list(run.tasks(done)) == []
    group, cell, first, last = next(run.tasks({}))
    assert first == 0
    found = run.run_cell(group, cell, 0, 2)
    kept = {(cell, name): counted for name, counted in found.items()}
    study.counts.write(kept, tmp_path / "some.csv")
    again = study.counts.read(tmp_path / "some.csv")
    assert again == kept
    assert next(run.tasks(again))[2] == 2
    assert last > 2


def test_the_results_have_every_design_and_method_of_the_plan(study, results):
    done = study.counts.read(study.type_one_error.RESULTS)
    wanted = {
        (cell, name)
        for group, cell, _ in study.plan.steps()
        for name in study.methods.names_of(group, cell)
    }
    assert wanted - set(done) == set()
    assert min(found.n_replicates for found in done.values()) >= 80
    assert set(study.counts.RATES) | set(study.counts.COUNTED) < set(results.columns)


def test_rates_are_those_of_the_counts(study, results):
    for rate, (of, those) in study.counts.RATES.items():
        known = results[results[of] > 0]
        assert known[rate].to_numpy() == pytest.approx(
            (known[those] / known[of]).to_numpy(), abs=1e-5
        )
        assert (known[those] <= known[of]).all()
    known = results[results["n_tested"] > 0]
    error = np.sqrt(known["rejection_rate"] * (1 - known["rejection_rate"]) / known["n_tested"])
    assert known["rejection_rate_monte_carlo_se"].to_numpy() == pytest.approx(
        error.to_numpy(), abs=1e-4
    )


def test_a_test_and_its_interval_agree_where_the_slope_is_zero(results):
    pairs = ("Satterthwaite", "Kenward-Roger", "CR2", "Wald z", "ordinary regression")
    rows = results[results["method"].isin(pairs) & (results["correlation"] == 0)]
    assert (rows["n_rejected"] + rows["n_covered"] == rows["n_tested"]).all()


@pytest.mark.parametrize("method", ["Satterthwaite", "Kenward-Roger"])
def test_two_levels_reject_at_five_percent_off_the_boundary(study, results, method):
    rows = study.report.steady(results, method)
    assert len(rows) >= 8
    assert study.report.deviation(rows).abs().max() < SURE


def test_neither_rejects_too_often_in_any_design_of_two_levels(study, results):
    rows = results[
        results["method"].isin(["Satterthwaite", "Kenward-Roger"])
        & (results["levels"] == 2)
        & (results["correlation"] == 0)
    ]
    assert study.report.deviation(rows).max() < SURE


@pytest.mark.parametrize("method", ["Satterthwaite", "Kenward-Roger", "CR2"])
def test_fits_at_zero_reject_more_often_than_the_others(study, results, method):
    rows = results[
        (results["method"] == method)
        & (results["boundary_share"] >= study.tables.OFTEN)
        & (results["correlation"] == 0)
    ]
    total = rows[[name for name in rows if name.startswith("n_")]].sum()
    at_zero = total["n_rejected_at_boundary"] / total["n_tested_at_boundary"]
    away = total["n_tested"] - total["n_tested_at_boundary"]
    assert at_zero > (total["n_rejected"] - total["n_rejected_at_boundary"]) / away


def test_where_zeros_are_frequent_and_workers_few_rejection_is_below_five_percent(results):
    rows = results[
        (results["boundary_share"] > 0.3)
        & (results["workers"] <= 25)
        & (results["levels"] == 2)
        & (results["correlation"] == 0)
    ]
    total = rows.groupby("method")[["n_rejected", "n_tested"]].sum()
    rate = total["n_rejected"] / total["n_tested"]
    assert rate["Kenward-Roger"] < rate["Satterthwaite"] < 0.05


def test_the_bootstrap_over_few_teams_rejects_too_often(results):
    rows = results[results["method"] == "BCa bootstrap over teams"]
    assert rows["teams"].max() <= 12
    assert (rows["n_rejected"].sum() / rows["n_tested"].sum()) > 0.07


@pytest.mark.parametrize("method", ["Kenward-Roger", "CR2"])
def test_with_teams_rejection_stays_between_three_and_six_percent(study, results, method):
    rows = study.report.in_teams(results, method)
    assert {(6, 24), (12, 60)} <= set(zip(rows["teams"], rows["workers"], strict=True))
    assert rows["rejection_rate"].between(0.03, 0.06).all()


def test_the_usual_tests_reject_too_often(study, results):
    small = results[(results["levels"] == 3) & (results["teams"] == 6) & (results["users"] == "4")]
    rate = small[small["outcome"] == "normal"].set_index("method")["rejection_rate"]
    assert rate["ordinary regression"] > 0.15
    assert rate["Wald z"] > rate["Satterthwaite"] > rate["Kenward-Roger"]


def test_the_readme_says_what_the_results_say(study, results):
    document = study.report.README.read_text(encoding="utf-8")
    assert study.report.text(results) in document
    assert study.report.renewed(document, results) == document


def test_figures_have_a_panel_a_method_and_a_panel_a_design(study, results):
    with styled():
        one, other = study.figure.two_levels(results), study.figure.three_levels(results)
    titles = [axes.get_title(loc="left") for axes in one.axes]
    assert titles == list(study.figure.METHODS)
    designs = results[results["levels"] == 3].drop_duplicates(
        ["outcome", "users", "team_variance", "teams"]
    )
    assert sum(bool(axes.get_title(loc="left")) for axes in other.axes) == len(designs)
    for name in ("two_levels", "three_levels"):
        assert (study.figure.FIGURES / f"{name}.svg").stat().st_size > 10_000
