"""Traits: correlation, ICC and team share over repeated draws, by unbiased moments.

Means and variances of the traits are known (0 and 1), so the mean product of the right pairs
of people estimates each parameter without bias.
"""

import numpy as np
import pytest

from relsurvey.planning.traits import domain_traits, experience_traits, worker_traits

DRAWS = 200
MOST_STANDARD_ERRORS = 4.0
CORRELATION, ICC, TEAM_SHARE, GENERAL_SHARE = 0.35, 0.12, 0.25, 0.7
TEAM = np.repeat(np.arange(14), [3, 12, 8, 9, 7, 11, 8, 8, 10, 9, 9, 8, 10, 8])
WORKER = np.repeat(np.arange(120), np.arange(120) % 14 + 1)


def pair_product(values: np.ndarray, group: np.ndarray) -> float:
    """Return the mean product over all pairs of different members of one group."""
    sums, squares = np.bincount(group, values), np.bincount(group, values**2)
    count = np.bincount(group)
    return (sums**2 - squares).sum() / (count * (count - 1)).sum()


def drawn() -> dict[str, np.ndarray]:
    found = {name: [] for name in ("correlation", "icc", "team", "team_2", "domain", "variance")}
    for seed in range(DRAWS):
        rng = np.random.default_rng(seed)
        reflection, mean = worker_traits(rng, TEAM, CORRELATION, TEAM_SHARE).T
        experience = experience_traits(rng, mean[WORKER], ICC)
        domains = domain_traits(rng, experience, 3, GENERAL_SHARE)
        found["correlation"].append(np.mean(reflection * mean))
        found["icc"].append(pair_product(experience, WORKER))
        found["team"].append(pair_product(reflection, TEAM))
        found["team_2"].append(pair_product(mean, TEAM))
        found["domain"].append(np.mean(domains[:, 0] * domains[:, 2]))
        found["variance"].append(np.mean(domains[:, 1] ** 2))
    return {name: np.array(values) for name, values in found.items()}


@pytest.fixture(scope="module")
def repeated() -> dict[str, np.ndarray]:
    return drawn()


@pytest.mark.parametrize(
    ("name", "truth"),
    [
        ("correlation", CORRELATION),
        ("icc", ICC),
        ("team", TEAM_SHARE),
        ("team_2", TEAM_SHARE),
        ("domain", GENERAL_SHARE),
        ("variance", 1.0),
    ],
)
def test_parameters_are_recovered(repeated, name, truth) -> None:
    values = repeated[name]
    error = values.std(ddof=1) / np.sqrt(DRAWS)
    assert abs(values.mean() - truth) < MOST_STANDARD_ERRORS * error
    # The bound must be able to catch a parameter that is off by a fifth.
    assert MOST_STANDARD_ERRORS * error < 0.2 * truth


@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_perfect_correlation_makes_the_traits_one(sign) -> None:
    reflection, mean = worker_traits(np.random.default_rng(1), TEAM, sign, TEAM_SHARE).T
    assert mean == pytest.approx(sign * reflection)


def test_all_between_teams_makes_members_equal() -> None:
    traits = worker_traits(np.random.default_rng(1), TEAM, 0.3, 1.0)
    assert np.unique(traits[:, 0]).size == 14


def test_icc_of_one_leaves_nothing_within_workers() -> None:
    mean = np.random.default_rng(1).standard_normal(120)[WORKER]
    assert experience_traits(np.random.default_rng(2), mean, 1.0) == pytest.approx(mean)


def test_a_single_domain_is_the_general_trait() -> None:
    general = np.random.default_rng(1).standard_normal(50)
    assert np.array_equal(domain_traits(np.random.default_rng(2), general, 1, 0.2)[:, 0], general)


def test_spread_within_workers_is_what_the_icc_leaves() -> None:
    n = 100_000
    own = experience_traits(np.random.default_rng(3), np.zeros(n), 0.36)
    assert abs(own.var() - 0.64) < MOST_STANDARD_ERRORS * 0.64 * np.sqrt(2 / n)
