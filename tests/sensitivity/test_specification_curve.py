"""The whole grid: its rows, what it comes to, and the curve by chance."""

import json
import math
from itertools import permutations

import numpy as np
import pytest

from relsurvey.association import associate
from relsurvey.association.cluster_ols import cluster_ols, fit_cluster_ols
from relsurvey.association.models.fit import fit_sums
from relsurvey.association.prepared import prepare
from relsurvey.errors import ModelError
from relsurvey.sensitivity import specification_curve
from relsurvey.sensitivity.curve.dealings import curve_tests, deal, log_dealings, strata
from relsurvey.sensitivity.curve.fixed_variance import fixed_variance


@pytest.fixture(scope="module")
def curve(study):
    return specification_curve(
        study, ["y", "y2"], "x", covariate_sets={"nothing": (), "age": ["age"]},
        group="worker_id", team="team", minimum_users=(1, 3),
        exclusions={"proxy answers": "proxy", "worker present": study["present"] == 1},
        permutations=99, seed=1,
    )  # fmt: skip


def spec(curve, **choices):
    table = curve.table
    for name, value in choices.items():
        table = table[table[name] == value]
    assert len(table) == 1
    return table.iloc[0]


def test_the_grid_is_whole_and_the_first_is_primary(study, curve):
    assert curve.n_specifications == curve.n_fitted == 2 * 2 * 2 * 4 * 3
    own = associate(study, "y", "x", group="worker_id", team="team")
    first = curve.table.iloc[0]
    assert first["primary"]
    assert curve.table["primary"].sum() == 1
    for name, value in (("estimate", own.slope_standardised), ("p_value", own.p_value),
                        ("conf_low", own.slope_standardised_low),
                        ("slope", own.slope)):  # fmt: skip
        assert first[name] == pytest.approx(value, rel=1e-12)
    assert curve.primary_estimate == first["estimate"]


def test_a_specification_is_what_it_says(study, curve):
    keep = (study["proxy"] == 0) & (study["present"] == 0)
    rest = {name: values[keep] for name, values in study.items()}
    ids, place, counts = np.unique(rest["worker_id"], return_inverse=True, return_counts=True)
    rest = {name: values[counts[place] >= 3] for name, values in rest.items()}
    chosen = {"outcome": "y2", "covariates": "age", "minimum_users": 3,
              "excluded": "proxy answers + worker present"}  # fmt: skip
    mixed = spec(curve, model="mixed", **chosen)
    own = associate(rest, "y2", "x", covariates=["age"], group="worker_id", team="team")
    assert mixed["estimate"] == pytest.approx(own.slope_standardised, rel=1e-9)
    assert mixed["n_workers"] == own.n_workers < len(ids)
    users = spec(curve, model="cluster_ols", outcome="y2", covariates="nothing", minimum_users=3,
                 excluded="proxy answers + worker present")  # fmt: skip
    ols = fit_cluster_ols(rest, "y2", ["x"], "team").to_frame().set_index("term")
    assert users["slope"] == pytest.approx(ols.loc["x", "estimate"], rel=1e-9)
    assert users["p_value"] == pytest.approx(ols.loc["x", "p_value"], rel=1e-6)


def test_what_the_curve_comes_to_follows_from_its_rows(curve):
    table = curve.table
    assert curve.median == np.median(table["estimate"])
    sign = np.sign(table["estimate"].iloc[0])
    assert curve.share_same_direction == np.mean(np.sign(table["estimate"]) == sign)
    sure = (table["conf_low"] > 0) if sign > 0 else (table["conf_high"] < 0)
    assert curve.share_excludes_zero == np.mean(sure)
    assert curve.moves["choice"].iloc[0] == "outcome"
    means = table.groupby("outcome")["estimate"].mean()
    assert curve.moves["range"].iloc[0] == pytest.approx(abs(means["y"] - means["y2"]))
    options = curve.options.set_index(["choice", "option"])
    assert options.loc[("excluded", "proxy answers"), "n"] == 48
    assert options.loc[("excluded", "nobody"), "n"] == 24


def test_nobody_is_named_and_everything_is_json(curve):
    text = curve.summary() + json.dumps(curve.to_dict(), allow_nan=False)
    assert "W0" not in text
    assert "T1" not in text
    for word in ("effect", "leads to", "improve", "impact", "because"):
        assert word not in curve.summary().casefold()


def test_the_same_seed_gives_the_same_p_values(study, curve):
    options = {"group": "worker_id", "minimum_users": 1, "permutations": 99}
    one, same, other = (
        specification_curve(study, "y", "x", seed=seed, **options).permutation for seed in (3, 3, 4)
    )
    assert one == same
    assert one["median"]["expected"] != other["median"]["expected"]


@pytest.mark.parametrize("team", [None, "team"])
@pytest.mark.parametrize("model", ["mixed", "cluster_ols", "worker_means"])
def test_slopes_at_fixed_variances_are_generalised_least_squares(study, team, model):
    """Against matrices of all rows written out."""
    ready = prepare(study, "y", "x", covariates=["age", "tenure"], group="worker_id", team=team,
                    each_within=True)  # fmt: skip
    fixed = fixed_variance(ready, model)
    worker = np.unique(study["worker_id"], return_inverse=True)[1]
    unit = np.unique(study["team"], return_inverse=True)[1]
    age = study["age"]
    mean_age = (np.bincount(worker, age) / np.bincount(worker))[worker]
    rows = np.column_stack([np.ones(len(age)), study["x"], age - mean_age, mean_age,
                            study["tenure"], study["y"]])  # fmt: skip
    variance = np.eye(len(age))
    if model == "mixed":
        found = fit_sums(ready.sums, "y", tuple(t for t in ready.terms if t != "x")).variances
        variance *= found["residual"]
        variance += found["worker_id"] * (worker[:, None] == worker)
        if team:
            variance += found["team"] * (unit[:, None] == unit)
    if model == "worker_means":
        rows = np.stack([rows[worker == one].mean(axis=0) for one in range(worker.max() + 1)])
        rows, variance = np.delete(rows, 2, axis=1), np.eye(worker.max() + 1)
    design, y = rows[:, :-1], rows[:, -1]
    weighted = np.linalg.solve(variance, rows)
    bread = np.linalg.inv(design.T @ weighted[:, :-1])
    effects = bread @ design.T @ weighted[:, -1]
    residual = y - design @ effects
    sigma2 = residual @ np.linalg.solve(variance, residual) / (len(y) - design.shape[1])
    scores = ready.sums.means[:, ready.sums.place("x")]
    slopes, t = fixed.slopes(scores[None, :])
    ratio = scores.std(ddof=1) / study["y"].std(ddof=1)
    assert slopes[0] == pytest.approx(effects[1] * ratio, rel=1e-9)
    assert t[0] == pytest.approx(effects[1] / np.sqrt(bread[1, 1] * sigma2), rel=1e-9)


def test_a_dealing_is_the_analysis_of_dealt_scores(study):
    """The curve of one dealing, against sums in which the scores were put in place."""
    ready = prepare(study, "y", "x", group="worker_id", team="team", each_within=True)
    scores = ready.sums.means[:, ready.sums.place("x")]
    given = deal(strata(scores[None, :], None), 5, np.random.default_rng(1))
    fixed = fixed_variance(ready, "cluster_ols")
    slopes, _ = fixed.slopes(scores[given])

    for place, order in enumerate(given):
        dealt = ready.sums.with_group_values("x", scores[order])
        table = cluster_ols(dealt, "y", ("x",)).table.set_index("term")
        ratio = scores.std(ddof=1) / study["y"].std(ddof=1)
        assert slopes[place] == pytest.approx(table.loc["x", "estimate"] * ratio, rel=1e-9)


def test_scores_stay_in_their_team_and_with_their_like():
    scores = np.array([[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [1.0, np.nan, 3.0, 4.0, 5.0, np.nan]])
    teams = np.array([0.0, 0.0, 0.0, 1.0, 1.0, 1.0])
    given = deal(strata(scores, teams), 50, np.random.default_rng(1))
    assert (given[0] == np.arange(6)).all()
    assert (given[:, [1, 5]] == [1, 5]).all()
    assert set(given[:, 0]) == {0, 2}
    assert set(given[:, 3]) == {3, 4}
    assert math.exp(log_dealings(strata(scores, teams))) == pytest.approx(4)


def test_the_p_value_of_the_curve_is_that_of_enumeration():
    """Five workers: all 120 dealings one by one, against as many drawn ones as it takes."""
    generator = np.random.default_rng(4)
    scores = np.arange(5.0)
    outcomes = scores[:, None] * 0.8 + generator.normal(size=(5, 3))
    every = np.array(list(permutations(range(5))))
    slopes = np.stack([[np.corrcoef(scores[order], y)[0, 1] for order in every]
                       for y in outcomes.T])  # fmt: skip
    tests = curve_tests(slopes, slopes, 0.05)
    medians = np.abs(np.median(slopes, axis=0))
    assert tests["median"]["p_value"] == pytest.approx(np.mean(medians >= medians[0] - 1e-12))
    drawn = deal(np.zeros(5, dtype=np.intp), 20_000, generator)
    # Each dealing drawn is one of the 120; look its curve up.
    row_of = {tuple(order): row for row, order in enumerate(every.tolist())}
    rows = [row_of[tuple(order)] for order in drawn.tolist()]
    close = np.mean(medians[rows] >= medians[0] - 1e-12)
    assert close == pytest.approx(tests["median"]["p_value"], abs=0.015)


def test_without_an_association_the_curve_is_as_by_chance(make_study):
    found = []
    for seed in range(40):
        data = make_study(seed=seed, n_workers=20, slope=0.0, teams=False, largest=5)
        one = specification_curve(
            data, ["y", "y2"], "x", group="worker_id", minimum_users=1, permutations=39, seed=seed,
            models=["cluster_ols", "worker_means"],
        )  # fmt: skip
        found.append([one.permutation[name]["p_value"] for name in ("median", "share")])
    rejected = (np.array(found) <= 0.05).mean(axis=0)
    # 40 studies: more than 7 rejections at .05 have a probability below .001.
    assert (rejected <= 7 / 40).all()
    assert np.array(found)[:, 0].mean() == pytest.approx(0.5, abs=0.18)


def test_what_cannot_be_fitted_is_counted_with_its_reason(study):
    result = specification_curve(study, "y", "x", group="worker_id", minimum_users=(1, 50),
                                 permutations=0)  # fmt: skip
    assert (result.n_specifications, result.n_fitted) == (6, 3)
    assert result.failed["reason"].tolist() == ["no complete row is left"] * 3
    assert "3 specifications: no complete row is left" in result.summary()
    assert result.permutation == {}
    assert len(result.to_frame()) == 6


def test_few_workers_cannot_reach_a_small_p_value():
    data = {"w": np.repeat(np.arange(4), 6), "x": np.repeat(np.arange(4.0), 6),
            "y": np.random.default_rng(1).normal(size=24)}  # fmt: skip
    result = specification_curve(data, "y", "x", group="w", minimum_users=1, models="mixed",
                                 permutations=20, seed=1, confidence=0.99)  # fmt: skip
    assert "at most 24 different dealings" in result.notes[0]
    assert "no p value below 0.042" in result.notes[0]
    assert "fewer than 10 workers" in result.sentence
    assert "neither support nor refute" in result.sentence


def test_progress_is_told(study):
    heard = []
    specification_curve(study, "y", "x", group="worker_id", minimum_users=1, permutations=0,
                        progress=lambda done, total: heard.append((done, total)))  # fmt: skip
    assert heard == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"permutations": 10}, "seed has to be a whole number from 0; it is None"),
        ({"models": ["mixd"]}, "models cannot be 'mixd'"),
        ({"minimum_users": ()}, "minimum_users is empty"),
        ({"minimum_users": (50,)}, "primary specification cannot be fitted: no complete row"),
        ({"exclusions": ["proxy"]}, "exclusions has to be a mapping"),
        ({"exclusions": {"old": "age"}}, "The exclusion 'old' has to be 0 or 1"),
        ({"exclusions": {"old": [True]}}, "The exclusion 'old' has to be a column"),
        ({"covariate_sets": []}, "covariate_sets is empty"),
        ({"covariate_sets": [["agee"]]}, "1 column is not in the table"),
        ({"minimum_users": tuple(range(1, 9000))}, "make 26,997 specifications"),
    ],
)
def test_what_cannot_be_used_is_refused(study, options, words):
    given = {"permutations": 0, **options}
    with pytest.raises(ModelError, match=words):
        specification_curve(study, "y", "x", group="worker_id", **given)


def test_a_predictor_that_varies_within_workers_is_refused(study):
    with pytest.raises(ModelError, match="cannot be fitted: The predictor 'age' is not a property"):
        specification_curve(study, "y", "age", group="worker_id", permutations=0)
