"""Who belongs to whom: group sizes, teams and ids."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from relsurvey.planning.parameters import SimulationParameters

__all__ = ["People", "allocate", "draw_people", "numbered"]

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# Shapes of the gamma weights: teams are of similar size, service users per worker are not.
TEAM_EVENNESS = 6.0
SERVICE_USER_EVENNESS = 2.0


@dataclass(frozen=True, slots=True)
class People:
    """Who there is and who belongs to whom.

    Attributes
    ----------
    team : numpy.ndarray of int, shape (workers,)
        Team number of every worker, those who did not answer included.
    answered : numpy.ndarray of bool, shape (workers,)
        Whether the worker stands in the workers' file.
    worker : numpy.ndarray of int, shape (service users,)
        Position of each service user's worker.
    with_id : numpy.ndarray of bool, shape (service users,)
        Whether the service user's answers carry the worker's id.
    """

    team: Whole
    answered: Flags
    worker: Whole
    with_id: Flags


def draw_people(rng: np.random.Generator, parameters: SimulationParameters) -> People:
    """Draw teams, workers and service users; every count is met exactly.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    parameters : SimulationParameters
        The counts.

    Returns
    -------
    People
        In no order of teams or workers.
    """
    n_workers, n_absent = parameters.n_workers, parameters.n_workers_absent
    order = rng.permutation(n_workers + n_absent)
    present, absent = order[:n_workers], order[n_workers:]
    team = np.empty(order.size, dtype=np.int64)
    sizes = allocate(rng, n_workers, parameters.n_teams, n_workers, TEAM_EVENNESS)
    team[present] = np.repeat(np.arange(parameters.n_teams), sizes)
    team[absent] = rng.integers(parameters.n_teams, size=n_absent)

    linked = rng.permutation(present)[: parameters.n_workers_linked]
    largest, evenness = parameters.largest_group, SERVICE_USER_EVENNESS
    counts = allocate(rng, parameters.n_service_users_linked, linked.size, largest, evenness)
    apart = allocate(rng, parameters.unmatched_service_users, n_absent, largest, evenness)
    worker = np.concatenate(
        [
            np.repeat(linked, counts),
            np.repeat(absent, apart),
            rng.choice(linked, size=parameters.without_id),
        ]
    )
    with_id = np.arange(worker.size) < worker.size - parameters.without_id
    arrival = rng.permutation(worker.size)
    answered = np.isin(np.arange(order.size), present)
    return People(team, answered, worker[arrival], with_id[arrival])


def allocate(
    rng: np.random.Generator, total: int, n_groups: int, largest: int, evenness: float
) -> Whole:
    """Share people out over groups, unevenly, at least one and at most ``largest`` in each.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    total : int
        People; from ``n_groups`` to ``n_groups * largest``.
    n_groups : int
        Groups; 0 only where ``total`` is 0.
    largest : int
        The most a group can hold.
    evenness : float
        Shape of the gamma distribution of the groups' weights: 1 very uneven, 10 nearly even.

    Returns
    -------
    numpy.ndarray, shape (n_groups,)
        Sizes; they sum to ``total`` exactly.

    Examples
    --------
    >>> sizes = allocate(np.random.default_rng(1), 12, 4, 5, evenness=2.0)
    >>> int(sizes.sum()), bool(sizes.min() >= 1), bool(sizes.max() <= 5)
    (12, True, True)
    """
    sizes = np.ones(n_groups, dtype=np.int64)
    # A tiny floor keeps a group from a weight of exactly 0, which could strand people.
    weights = rng.gamma(evenness, size=n_groups) + 1e-6
    left = total - n_groups
    while left > 0:
        room = np.where(sizes < largest, weights, 0.0)
        sizes += rng.multinomial(left, room / room.sum())
        left = int(np.maximum(sizes - largest, 0).sum())
        sizes = np.minimum(sizes, largest)
    return sizes


def numbered(prefix: str, count: int, least_digits: int) -> npt.NDArray[np.object_]:
    """Return ids as text, padded with zeros to one length.

    Examples
    --------
    >>> numbered("W", 3, 3).tolist()
    ['W001', 'W002', 'W003']
    """
    digits = max(least_digits, len(str(count)))
    return np.array([f"{prefix}{i:0{digits}d}" for i in range(1, count + 1)], dtype=object)
