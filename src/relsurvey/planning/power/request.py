"""What is asked of ``power``, checked: every fault of a call is said at once."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

from relsurvey.errors import ModelError, suggestion
from relsurvey.planning.power.backends import BACKENDS
from relsurvey.planning.power.design import Design
from relsurvey.planning.power.effect import EFFECTS, Effect, correlation_of
from relsurvey.planning.power.sizes import least_variation

__all__ = ["LEFT_OPEN", "METHODS", "Request", "checked", "failure", "refuse"]

METHODS = ("formula", "simulation")
LEFT_OPEN = ("n_workers", "users_per_worker", "effect", "power")
MOST_WORKERS, MOST_USERS, LARGEST_VARIATION = 1_000_000, 10_000, 2.0

# name: lowest, highest, is the lowest itself allowed, is the highest
_LIMITS: dict[str, tuple[float, float, bool, bool]] = {
    "users_per_worker": (1.0, MOST_USERS, True, True),
    "icc": (0.0, 1.0, False, False),
    "predictor_sd": (0.0, math.inf, False, False),
    "outcome_sd": (0.0, math.inf, False, False),
    "workers_per_team": (1.0, MOST_WORKERS, False, True),
    "team_share": (0.0, 1.0, True, False),
    "reliability_predictor": (0.0, 1.0, False, True),
    "reliability_outcome": (0.0, 1.0, False, True),
    "attrition_workers": (0.0, 1.0, True, False),
    "attrition_users": (0.0, 1.0, True, False),
    "r_squared_between": (0.0, 1.0, True, False),
    "r_squared_within": (0.0, 1.0, True, False),
    "user_count_cv": (0.0, LARGEST_VARIATION, True, True),
    "ceiling": (0.0, 1.0, False, False),
    "alpha": (0.0, 0.5, False, True),
    "power": (0.0, 1.0, False, False),
}
_COUNTS: dict[str, tuple[int, int | None]] = {
    "n_workers": (3, MOST_WORKERS),
    "n_teams": (2, None),
    "covariates": (0, 100),
    "replicates": (10, 1_000_000),
    "seed": (0, None),
    "n_jobs": (1, None),
}
_MAY_BE_NONE = frozenset(
    {"n_workers", "users_per_worker", "power", "n_teams", "workers_per_team", "ceiling", "seed",
     "n_jobs", "correlation", "standardised_slope", "slope"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Request:
    """A question about power that can be answered.

    Attributes
    ----------
    unknown : {"n_workers", "users_per_worker", "effect", "power"}
        What is to be found.
    design : Design
        All that is known; what is unknown stands with a value that means nothing.
    power : float or None
        What is wanted; ``None`` where it is the unknown.
    predictor_sd, outcome_sd : float
        Standard deviations of the observed scores, in points.
    """

    unknown: str
    design: Design
    power: float | None
    predictor_sd: float
    outcome_sd: float

    def effect(self, correlation: float) -> Effect:
        """Return an association of this study in all its forms."""
        design = self.design
        return Effect(
            correlation, design.icc, design.reliability_predictor, design.reliability_outcome,
            self.predictor_sd, self.outcome_sd,
        )  # fmt: skip


def failure(parameter: str, value: object, allowed: str) -> dict[str, Any]:
    """Return one fault of a call."""
    return {"parameter": parameter, "value": value, "allowed": allowed}


def refuse(failures: list[dict[str, Any]]) -> None:
    """Raise an error with all faults, if there is one.

    Raises
    ------
    ModelError
        With each fault in ``.failures``: parameter, value, allowed.
    """
    if failures:
        count = "1 parameter" if len(failures) == 1 else f"{len(failures)} parameters"
        raise ModelError(f"Power cannot be worked out: {count} out of bounds.", failures=failures)


def checked(given: dict[str, Any]) -> Request:
    """Check every parameter of a call.

    Parameters
    ----------
    given : dict
        The arguments of ``power``.

    Returns
    -------
    Request

    Raises
    ------
    ModelError
        Where parameters are out of bounds or at odds; each is in ``.failures``.
    """
    # What holds between two parameters is asked only once each is sound by itself.
    refuse([*_out_of_bounds(given), *_choices(given), *_open_ones(given)])
    refuse(list(_at_odds(given)))
    kind = next((name for name in EFFECTS if given[name] is not None), None)
    if kind is None:
        unknown, correlation = "effect", 0.5
    else:
        correlation = _correlation(given, kind)
        unknown = next(
            name for name in ("n_workers", "users_per_worker", "power") if given[name] is None
        )
    names = set(Design.__dataclass_fields__) - {"n_workers", "users_per_worker", "correlation"}
    design = Design(
        n_workers=int(given["n_workers"] or 3),
        users_per_worker=float(given["users_per_worker"] or 1.0),
        correlation=correlation,
        **{name: given[name] for name in names},
    )
    power = None if given["power"] is None else float(given["power"])
    return Request(unknown, design, power, float(given["predictor_sd"]), float(given["outcome_sd"]))


def _out_of_bounds(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name, (low, high, with_low, with_high) in _LIMITS.items():
        value = given[name]
        if value is None and name in _MAY_BE_NONE:
            continue
        number = isinstance(value, Real) and not isinstance(value, bool)
        sound = number and (low <= value if with_low else low < value)
        if not sound or not (value <= high if with_high else value < high):
            yield failure(name, value, _limits_text(_LIMITS[name]))
    for name, (least, most) in _COUNTS.items():
        value = given[name]
        if value is None and name in _MAY_BE_NONE:
            continue
        whole = isinstance(value, Integral) and not isinstance(value, bool)
        if not whole or not least <= value <= (math.inf if most is None else most):
            upper = "or more" if most is None else f"to {most:,}"
            yield failure(name, value, f"a whole number, {least} {upper}")
    for name in EFFECTS:
        value = given[name]
        number = isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)
        if value is not None and (not number or value == 0):
            yield failure(name, value, "a number other than 0")
        elif value is not None and name == "correlation" and abs(value) > 1:
            yield failure(name, value, "from -1 to 1, and not 0")


def _limits_text(limits: tuple[float, float, bool, bool]) -> str:
    low, high, with_low, with_high = limits
    lower = f"{'from' if with_low else 'above'} {low:g}"
    if math.isinf(high):
        return f"a number {lower}"
    return f"a number {lower} {'to' if with_high else 'and below'} {high:g}"


def _choices(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name, allowed in (("method", METHODS), ("backend", BACKENDS)):
        value = given[name]
        if value not in allowed:
            near = suggestion(str(value), allowed)
            guess = f" (did you mean {near!r}?)" if near else ""
            yield failure(name, value, " or ".join(map(repr, allowed)) + guess)
    if not isinstance(given["items"], bool):
        yield failure("items", given["items"], "True or False")


def _open_ones(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    effects = [name for name in EFFECTS if given[name] is not None]
    if len(effects) > 1:
        yield failure(
            " and ".join(effects), tuple(given[name] for name in effects),
            "one of them: they are three ways to say the same",
        )  # fmt: skip
    missing = [name for name in ("n_workers", "users_per_worker", "power") if given[name] is None]
    missing += [] if effects else ["correlation (or standardised_slope, or slope)"]
    if not missing:
        yield failure(
            "n_workers, users_per_worker, correlation, power", "all given",
            "one of the four left out: it is what is worked out",
        )  # fmt: skip
    if len(missing) > 1:
        yield failure(
            ", ".join(missing), "left out", "one left out; the others are needed to work it out"
        )


def _correlation(given: dict[str, Any], kind: str) -> float:
    names = ("icc", "reliability_predictor", "reliability_outcome", "predictor_sd", "outcome_sd")
    return correlation_of(kind, float(given[kind]), **{name: given[name] for name in names})


def _at_odds(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from _impossible_effect(given)
    yield from _impossible_teams(given)
    yield from _impossible_numbers(given)
    for name in ("r_squared_between", "r_squared_within"):
        if given[name] > 0 and given["covariates"] == 0:
            yield failure(
                name, given[name], "0 without covariates: say how many there are (covariates=1)"
            )
    if given["power"] is not None and given["power"] <= given["alpha"]:
        yield failure(
            "power", given["power"], f"above alpha ({given['alpha']:g}), which chance alone gives"
        )
    if given["method"] == "formula":
        if given["ceiling"] is not None:
            yield failure("ceiling", given["ceiling"], "with method='simulation' only")
        if given["items"]:
            yield failure("items", given["items"], "with method='simulation' only")
    elif given["seed"] is None:
        yield failure("seed", None, "a whole number, so that the simulation can be made again")


def _impossible_effect(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for kind in EFFECTS:
        if given[kind] is None:
            continue
        correlation = _correlation(given, kind)
        if kind != "correlation" and abs(correlation) > 1.0 + 1e-12:
            most = abs(float(given[kind]) / correlation)
            yield failure(
                kind, given[kind],
                f"from -{most:.4g} to {most:.4g}: beyond it the correlation with the workers' true "
                f"means would be {correlation:.3g}",
            )  # fmt: skip


def _impossible_teams(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
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


def _impossible_numbers(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    users, variation, workers = (
        given["users_per_worker"], given["user_count_cv"], given["n_workers"],
    )  # fmt: skip
    if users is not None and variation > 0 and (users == 1 or variation < least_variation(users)):
        least = 0.0 if users == 1 else least_variation(users)
        only = "0, since every worker has one" if users == 1 else f"at least {least:.3f} (or 0)"
        yield failure("user_count_cv", variation, f"{only}, with {users:g} users_per_worker")
    if workers is not None:
        left = workers * (1.0 - given["attrition_workers"])
        needed = given["covariates"] + 3
        if math.floor(left + 1e-9) < needed:
            yield failure(
                "n_workers", workers,
                f"enough that at least {needed} answer (attrition_workers "
                f"{given['attrition_workers']:g}, covariates {given['covariates']})",
            )  # fmt: skip
