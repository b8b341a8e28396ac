"""Plausible values: drawn from the right distribution, pooled, and what they recover."""

import numpy as np
import pytest

from relsurvey.association.measurement_error import plausible
from relsurvey.association.measurement_error.plausible import plausible_values
from relsurvey.association.measurement_error.scores import scaled_draw, score_model
from relsurvey.errors import ModelError


@pytest.mark.parametrize("how", [{}, {"team": "team", "covariates": "age"}])
def test_without_error_it_is_the_naive_fit(simulated, asked, how):
    question = asked(simulated(1, teams=10, of_team=0.3), 1.0, **how)
    naive = question.slope(question.fit())
    pooled = plausible_values(question, score_model(question), draws=3, seed=1).pooled
    assert pooled.estimate == pytest.approx(naive["estimate"], rel=1e-10)
    assert pooled.std_error == pytest.approx(naive["std_error"], rel=1e-10)
    assert pooled.df == pytest.approx(naive["df"], rel=1e-6)
    assert pooled.fraction_missing == 0.0


@pytest.mark.parametrize("how", [{}, {"team": "team"}])
def test_true_scores_are_drawn_from_their_exact_distribution(simulated, asked, how):
    question = asked(simulated(2, teams=6, workers=3, of_team=0.4, unequal=True), None, **how)
    model = score_model(question)
    means = question.sums.means[:, question.sums.place("experience")]
    outcome = plausible._Outcome(0.6, means, 0.2, 0.15 if how else 0.0, 1.0)
    random = np.random.default_rng(5)
    drawn = np.array(
        [plausible._true_scores(question, model, outcome, random) for _ in range(2_000)]
    )
    n = len(means)
    same = np.zeros((n, n)) if question.teams is None else question.teams[:, None] == question.teams
    noise = outcome.worker_variance + outcome.row_variance / question.sums.counts
    true = model.variance * np.eye(n) + model.team_variance * same
    seen = np.block(
        [
            [true + np.diag(model.error_variance), 0.6 * true],
            [0.6 * true, 0.36 * true + np.diag(noise) + outcome.team_variance * same],
        ]
    )
    with_seen = np.hstack([true, 0.6 * true])
    off = np.concatenate([question.scores - model.means, means - 0.6 * model.means])
    expected = model.means + with_seen @ np.linalg.solve(seen, off)
    covariance = true - with_seen @ np.linalg.solve(seen, with_seen.T)
    spread = np.sqrt(np.diag(covariance))
    assert np.abs(drawn.mean(axis=0) - expected).max() < 5 * spread.max() / np.sqrt(2_000)
    assert np.cov(drawn.T) == pytest.approx(covariance, abs=0.15 * spread.max() ** 2)


@pytest.mark.parametrize(
    ("options", "how", "reliability"),
    [
        ({}, {}, 0.7),
        ({"of_team": 0.3, "of_covariate": 0.4, "unequal": True},
         {"team": "team", "covariates": "age"}, None),
    ],
    ids=["workers", "teams"],
)  # fmt: skip
def test_the_true_slope_comes_back(simulated, asked, options, how, reliability):
    naive, pooled, covered = [], [], []
    for seed in range(8):
        question = asked(simulated(200 + seed, teams=16, **options), reliability, **how)
        naive.append(question.slope(question.fit())["estimate"])
        found = plausible_values(question, score_model(question), draws=4, seed=seed).pooled
        low, high = found.interval(0.95)
        pooled.append(found.estimate)
        covered.append(low < 0.5 < high)
    error = np.std(pooled, ddof=1) / np.sqrt(len(pooled))
    assert abs(np.mean(pooled) - 0.5) < 3 * error
    assert np.mean(naive) < 0.5 - 3 * error
    assert sum(covered) >= 6


def test_the_same_seed_gives_the_same_values(simulated, asked):
    question = asked(simulated(3, teams=6), 0.7)
    model = score_model(question)
    one, same, other = (plausible_values(question, model, draws=3, seed=seed) for seed in (1, 1, 2))
    assert one.slopes.tolist() == same.slopes.tolist() != other.slopes.tolist()
    assert one.pooled.fraction_missing > 0


def test_variances_are_drawn_around_their_estimate_and_above_the_limit():
    random = np.random.default_rng(1)
    free = np.array([scaled_draw(random, 2.0, 30.0) for _ in range(4_000)])
    # A scaled inverse chi-square has mean 2 df / (df - 2).
    assert free.mean() == pytest.approx(2.0 * 30 / 28, rel=0.02)
    held = np.array([scaled_draw(random, 2.0, 30.0, above=2.5) for _ in range(500)])
    assert held.min() > 2.5
    assert held.mean() == pytest.approx(free[free > 2.5].mean(), rel=0.03)


def test_too_few_draws_are_refused(simulated, asked):
    question = asked(simulated(3, teams=6), 0.7)
    with pytest.raises(ModelError, match="draws has to be a whole number from 2; it is 1"):
        plausible_values(question, score_model(question), draws=1, seed=1)


def test_the_monte_carlo_error_is_that_seen_over_seeds(simulated, asked):
    question = asked(simulated(4), 0.7)
    model = score_model(question)
    found = [plausible_values(question, model, draws=8, seed=seed) for seed in range(12)]
    slopes = np.array([one.pooled.estimate for one in found])
    said = np.mean([one.monte_carlo_error for one in found])
    # A standard deviation over 12 seeds is known to about 21%.
    assert slopes.std(ddof=1) == pytest.approx(said, rel=0.6)
    one = found[0]
    assert one.monte_carlo_error == pytest.approx(one.slopes.std(ddof=1) / np.sqrt(8))
    # von Hippel: draws = 1 + (fraction missing / coefficient of variation)^2 / 2.
    missing = one.pooled.fraction_missing
    assert 1 + (missing / one.uncertainty_of_error) ** 2 / 2 == pytest.approx(8)


def test_how_many_are_drawn_depends_on_the_levels(simulated, asked, monkeypatch):
    monkeypatch.setattr(
        plausible, "usual_plausible_values", lambda n, *, teams: 3 if teams else n // 10
    )
    frame = simulated(1, teams=10, of_team=0.3)
    for how, draws in (({}, 5), ({"team": "team"}, 3)):
        question = asked(frame, 0.8, **how)
        found = plausible_values(question, score_model(question), seed=1)
        assert found.pooled.n_draws == len(found.slopes) == draws
