"""What cannot be seen: the traits of workers and service users, all with mean 0 and variance 1."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

__all__ = ["domain_traits", "experience_traits", "worker_traits"]

Real = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


def worker_traits(
    rng: np.random.Generator, team: Whole, correlation: float, team_share: float
) -> Real:
    """Draw each worker's reflective capacity and mean experience of their service users.

    Both are the sum of a team part and an own part; the two parts have the same correlation,
    so that the correlation over all workers is the one asked for.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    team : numpy.ndarray, shape (n_workers,)
        Number of each worker's team, from 0.
    correlation : float
        Between the two traits.
    team_share : float
        Share of each trait's variance that lies between teams.

    Returns
    -------
    numpy.ndarray, shape (n_workers, 2)
        Reflective capacity, mean experience.
    """
    of_teams = _correlated_pairs(rng, int(team.max()) + 1, correlation)
    own = _correlated_pairs(rng, team.size, correlation)
    return math.sqrt(team_share) * of_teams[team] + math.sqrt(1.0 - team_share) * own


def experience_traits(rng: np.random.Generator, worker_mean: Real, icc: float) -> Real:
    """Draw each service user's experience around the mean of their worker.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    worker_mean : numpy.ndarray, shape (n_service_users,)
        The worker's mean experience as a standard score, repeated for each service user.
    icc : float
        Share of the variance that lies between workers.

    Returns
    -------
    numpy.ndarray, shape (n_service_users,)
    """
    own = rng.standard_normal(worker_mean.size)
    return math.sqrt(icc) * worker_mean + math.sqrt(1.0 - icc) * own


def domain_traits(rng: np.random.Generator, general: Real, n_domains: int, share: float) -> Real:
    """Draw the traits of the domains: a general part and a part of their own.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    general : numpy.ndarray, shape (n,)
        The general trait.
    n_domains : int
        Number of domains. A single domain is the general trait itself.
    share : float
        Share of a domain's variance that is general; also the correlation of two domains.

    Returns
    -------
    numpy.ndarray, shape (n, n_domains)
    """
    if n_domains == 1:
        return general[:, np.newaxis]
    own = rng.standard_normal((general.size, n_domains))
    return math.sqrt(share) * general[:, np.newaxis] + math.sqrt(1.0 - share) * own


def _correlated_pairs(rng: np.random.Generator, count: int, correlation: float) -> Real:
    pairs = rng.standard_normal((count, 2))
    pairs[:, 1] = correlation * pairs[:, 0] + math.sqrt(1.0 - correlation**2) * pairs[:, 1]
    return pairs
