"""How many draws are made where nobody says how many: fewer where the workers are many.

With thousands of workers a draw costs more and adds less: the distribution that is drawn from
comes ever closer to the one that the model assumes.
"""

from __future__ import annotations

__all__ = [
    "MANY_WORKERS",
    "usual_bootstraps",
    "usual_permutations",
    "usual_plausible_values",
    "usual_remeasurements",
]

MANY_WORKERS = 2_000


def usual_bootstraps(n_workers: int) -> int:
    """Return how often workers are drawn again: 2,000 times, not at all above 2,000 workers.

    Examples
    --------
    >>> usual_bootstraps(120), usual_bootstraps(20_000)
    (2000, 0)
    """
    return 2_000 if n_workers <= MANY_WORKERS else 0


def usual_permutations(n_workers: int) -> int:
    """Return in how many orders scores are put: 10,000, or 1,000 above 2,000 workers.

    Examples
    --------
    >>> usual_permutations(120), usual_permutations(20_000)
    (10000, 1000)
    """
    return 10_000 if n_workers <= MANY_WORKERS else 1_000


def usual_plausible_values(n_workers: int, *, teams: bool) -> int:
    """Return how many true scores are drawn for each worker.

    200, or 100 where each fit has a level for teams; 20 above 2,000 workers.

    Examples
    --------
    >>> [usual_plausible_values(n, teams=True) for n in (120, 20_000)]
    [100, 20]
    """
    if n_workers > MANY_WORKERS:
        return 20
    return 100 if teams else 200


def usual_remeasurements(n_workers: int) -> int:
    """Return how often scores are measured anew at each lambda of SIMEX: 100 times, or 10.

    Examples
    --------
    >>> usual_remeasurements(120), usual_remeasurements(20_000)
    (100, 10)
    """
    return 100 if n_workers <= MANY_WORKERS else 10
