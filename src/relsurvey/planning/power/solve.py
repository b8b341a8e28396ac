"""Find the number, or the association, that gives the power wanted."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from scipy.special import ndtr, ndtri

from relsurvey.errors import ModelError
from relsurvey.planning.power.design import Design
from relsurvey.planning.power.formula import formula_power, no_value
from relsurvey.planning.power.replicates import MonteCarlo
from relsurvey.planning.power.request import MOST_USERS, MOST_WORKERS
from relsurvey.planning.power.sizes import least_variation
from relsurvey.text import percent, readable

__all__ = ["FEWEST_ANSWERING", "fewest_workers", "solved", "solved_by_simulation"]

FEWEST_ANSWERING = 6
CLOSE = 1e-5  # of a correlation
MOST_ROUNDS = 5
NEAREST, FURTHEST = 0.001, 0.999  # a power that a simulated share is taken for, at the ends


def fewest_workers(design: Design) -> int:
    """Return the least number of workers asked that a search or a curve begins with.

    Below six who answer, power does not rise with workers: the variance between them is so often
    estimated as zero that the test rejects too often.
    """
    needed = math.ceil(
        (design.covariates + FEWEST_ANSWERING) / (1.0 - design.attrition_workers) - 1e-9
    )
    if design.n_teams is not None:
        return max(needed, 2 * design.n_teams)
    if design.workers_per_team is not None:
        return max(needed, math.ceil(2 * design.workers_per_team))
    return needed


def solved(unknown: str, design: Design, power: float) -> Design:
    """Put in place of what is unknown what gives the power wanted, by formula.

    Parameters
    ----------
    unknown : {"n_workers", "users_per_worker", "effect"}
        What to find.
    design : Design
        Everything else; the sign of its correlation stays.
    power : float
        Wanted.

    Returns
    -------
    Design
        The fewest workers or service users, or the weakest correlation, with at least this
        power.

    Raises
    ------
    ModelError
        Where no number, and no correlation, gives it.
    """
    if unknown == "n_workers":
        found = _fewest(
            lambda count: replace(design, n_workers=count),
            power, (fewest_workers(design), MOST_WORKERS),
        )  # fmt: skip
    elif unknown == "users_per_worker":
        found = _fewest(
            lambda count: replace(design, users_per_worker=float(count)),
            power, (_fewest_users(design), MOST_USERS),
        )  # fmt: skip
    else:
        found = _weakest(design, power)
    if found is None:
        raise _unreachable(unknown, design, power)
    return found


def _fewest_users(design: Design) -> int:
    if design.user_count_cv == 0:
        return 1
    return next(n for n in (2, 3) if least_variation(n) <= design.user_count_cv)


def _fewest(
    with_count: Callable[[int], Design], power: float, ends: tuple[int, int]
) -> Design | None:
    """Return the design of the least count with at least this power; None where none has it."""
    low, most = ends
    if formula_power(with_count(low)) >= power:
        return with_count(low)
    high = 2 * low
    # No value of the formula counts as not enough.
    while not formula_power(with_count(min(high, most))) >= power:
        if high >= most:
            return None
        low, high = high, 2 * high
    high = min(high, most)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if formula_power(with_count(middle)) >= power else (middle, high)
    return with_count(high)


def _weakest(design: Design, power: float) -> Design | None:
    sign = math.copysign(1.0, design.correlation)
    low, high = 0.0, 1.0
    highest = formula_power(replace(design, correlation=sign))
    if math.isnan(highest):
        raise no_value(design)
    if highest < power:
        return None
    while high - low > CLOSE:
        middle = 0.5 * (low + high)
        enough = formula_power(replace(design, correlation=sign * middle)) >= power
        low, high = (low, middle) if enough else (middle, high)
    return replace(design, correlation=sign * high)


def _unreachable(unknown: str, design: Design, power: float) -> ModelError:
    wanted = f"A power of {percent(power)} cannot be reached"
    if unknown == "effect":
        most = formula_power(replace(design, correlation=1.0))
        return ModelError(
            f"{wanted} with {design.n_workers} workers and {design.users_per_worker:g} service "
            f"users each: even a correlation of 1 would be found with {percent(round(most, 3))}.",
            hint="Plan more workers, or more service users for each.",
        )
    if unknown == "n_workers":
        return ModelError(
            f"{wanted} with up to {MOST_WORKERS:,} workers: a correlation of "
            f"{readable(design.correlation)} is too weak to be found in such a study.",
            hint="Plan for the weakest association that would matter.",
        )
    limit = formula_power(replace(design, users_per_worker=float(MOST_USERS), user_count_cv=0.0))
    try:
        workers = solved("n_workers", replace(design, users_per_worker=20.0), power).n_workers
        more = f"With 20 service users each, {workers:,} workers would be needed."
    except ModelError:
        more = "Plan more workers."
    return ModelError(
        f"{wanted} with {design.n_workers} workers, however many service users each has: with "
        f"{MOST_USERS:,} it is {percent(round(limit, 3))}.",
        hint=f"What is missing is workers. {more}",
    )


def solved_by_simulation(
    unknown: str, design: Design, power: float, simulate: Callable[[Design], MonteCarlo]
) -> tuple[Design, list[tuple[Design, MonteCarlo]]]:
    """Find what gives the power wanted where studies are simulated.

    The formula's answer stands where the Monte Carlo interval of its power holds the power
    wanted. Otherwise the formula is set right by what the simulation gave, on the scale of normal
    quantiles, and asked anew; a few rounds are enough, since it is never far off.

    Returns
    -------
    design : Design
        The last one that was simulated: the answer, or the nearest to it after five rounds.
    tried : list of (Design, MonteCarlo)
        Every design that was simulated, the answer last.
    """
    tried: list[tuple[Design, MonteCarlo]] = []
    aim = power
    for _ in range(MOST_ROUNDS):
        asked = solved(unknown, design, aim)
        if any(asked == before for before, _ in tried):
            break
        found = simulate(asked)
        tried.append((asked, found))
        low, high = found.limits
        if low <= power <= high:
            break
        share = min(max(found.power, NEAREST), FURTHEST)
        off = ndtri(min(max(formula_power(asked), NEAREST), FURTHEST)) - ndtri(share)
        aim = float(ndtr(ndtri(power) + off))
    nearest = min(range(len(tried)), key=lambda place: abs(tried[place][1].power - power))
    tried.append(tried.pop(nearest))
    return tried[-1][0], tried
