"""What holds between the parameters of ``power``, each being sound by itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

from relsurvey.planning.power.effect import EFFECTS, correlation_of
from relsurvey.planning.power.faults import failure
from relsurvey.planning.power.sizes import least_variation

__all__ = ["at_odds", "given_correlation"]

Given = dict[str, Any]
Failures = Iterator[dict[str, Any]]


def given_correlation(given: Given, kind: str) -> float:
    """Return the correlation that the association, given in one of its kinds, comes to."""
    names = ("icc", "reliability_predictor", "reliability_outcome", "predictor_sd", "outcome_sd")
    return correlation_of(kind, float(given[kind]), **{name: given[name] for name in names})


def at_odds(given: Given, unsound: set[str]) -> Failures:
    """Ask what holds between parameters, where each of them is sound by itself.

    Parameters
    ----------
    given : dict
        The arguments of ``power``.
    unsound : set of str
        Parameters that are at fault already: nothing is asked of them.

    Yields
    ------
    dict
        Each fault: parameter, value, allowed.
    """
    for check, needed in _BETWEEN.items():
        if unsound.isdisjoint(needed):
            yield from check(given)


def _impossible_effect(given: Given) -> Failures:
    for kind in EFFECTS:
        if given[kind] is None:
            continue
        correlation = given_correlation(given, kind)
        if kind != "correlation" and abs(correlation) > 1.0 + 1e-12:
            most = abs(float(given[kind]) / correlation)
            yield failure(
                kind, given[kind],
                f"from -{most:.4g} to {most:.4g}: beyond it the correlation with the workers' true "
                f"means would be {correlation:.3g}",
            )  # fmt: skip


def _impossible_teams(given: Given) -> Failures:
    teams, size, workers = given["n_teams"], given["workers_per_team"], given["n_workers"]
    if teams is not None and size is not None:
        yield failure("n_teams and workers_per_team", (teams, size), "one of them")
    if teams is None and size is None and given["team_share"] > 0:
        yield failure(
            "team_share", given["team_share"], "0 without teams: give n_teams or workers_per_team"
        )
    if workers is None:
        return
    if teams is not None and teams > workers / 2:
        yield failure("n_teams", teams, f"at most half of n_workers ({workers})")
    if size is not None and workers / size < 2:
        yield failure("workers_per_team", size, f"at most half of n_workers ({workers})")


def _impossible_sizes(given: Given) -> Failures:
    users, variation = given["users_per_worker"], given["user_count_cv"]
    if users is not None and variation > 0 and (users == 1 or variation < least_variation(users)):
        least = 0.0 if users == 1 else least_variation(users)
        only = "0, since every worker has one" if users == 1 else f"at least {least:.3f} (or 0)"
        yield failure("user_count_cv", variation, f"{only}, with {users:g} users_per_worker")


def _too_few_workers(given: Given) -> Failures:
    workers = given["n_workers"]
    if workers is None:
        return
    left = workers * (1.0 - given["attrition_workers"])
    needed = given["covariates"] + 3
    if math.floor(left + 1e-9) < needed:
        yield failure(
            "n_workers", workers,
            f"enough that at least {needed} answer (attrition_workers "
            f"{given['attrition_workers']:g}, covariates {given['covariates']})",
        )  # fmt: skip


def _nothing_explained(given: Given) -> Failures:
    for name in ("r_squared_between", "r_squared_within"):
        if given[name] > 0 and given["covariates"] == 0:
            yield failure(
                name, given[name], "0 without covariates: say how many there are (covariates=1)"
            )


def _no_aim(given: Given) -> Failures:
    if given["power"] is not None and given["power"] <= given["alpha"]:
        yield failure(
            "power", given["power"], f"above alpha ({given['alpha']:g}), which chance alone gives"
        )


def _no_simulation(given: Given) -> Failures:
    if given["method"] == "simulation":
        if given["seed"] is None:
            yield failure("seed", None, "a whole number, so that the simulation can be made again")
        return
    if given["ceiling"] is not None:
        yield failure("ceiling", given["ceiling"], "with method='simulation' only")
    if given["items"]:
        yield failure("items", given["items"], "with method='simulation' only")


def _no_part_in_items(given: Given) -> Failures:
    if not given["items"]:
        return
    for name, (plain, allowed) in _NOT_WITH_ITEMS.items():
        if given[name] != plain:
            yield failure(name, given[name], f"with items=True, {allowed}")


_NOT_WITH_ITEMS = {
    "reliability_predictor": (1.0, "the items decide on it: leave it at 1"),
    "reliability_outcome": (1.0, "the items decide on it: leave it at 1"),
    "covariates": (0, "0: simulated questionnaires have no covariates"),
    "user_count_cv": (0.0, "0: the simulation spreads service users over workers by itself"),
}
# What is asked between parameters, and which have to be sound before it can be.
_BETWEEN: dict[Callable[[Given], Failures], tuple[str, ...]] = {
    _impossible_effect: (
        *EFFECTS, "icc", "reliability_predictor", "reliability_outcome", "predictor_sd",
        "outcome_sd",
    ),
    _impossible_teams: ("n_teams", "workers_per_team", "team_share", "n_workers"),
    _impossible_sizes: ("users_per_worker", "user_count_cv"),
    _too_few_workers: ("n_workers", "attrition_workers", "covariates"),
    _nothing_explained: ("r_squared_between", "r_squared_within", "covariates"),
    _no_aim: ("power", "alpha"),
    _no_simulation: ("method", "seed", "ceiling", "items"),
    _no_part_in_items: ("items", *_NOT_WITH_ITEMS),
}  # fmt: skip
