"""What is asked of ``power``, checked: every fault of a call is said at once."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

from relsurvey.errors import suggestion
from relsurvey.planning.power.at_odds import at_odds, given_correlation
from relsurvey.planning.power.backends import BACKENDS
from relsurvey.planning.power.design import Design
from relsurvey.planning.power.effect import EFFECTS, Effect
from relsurvey.planning.power.faults import failure, refuse

__all__ = ["METHODS", "Request", "checked"]

Given = dict[str, Any]
Failures = Iterator[dict[str, Any]]

METHODS = ("formula", "simulation")
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
    alone = [*_out_of_bounds(given), *_choices(given), *_said_twice(given)]
    refuse([*alone, *at_odds(given, {row["parameter"] for row in alone})], [*_open_ones(given)])
    kind = next((name for name in EFFECTS if given[name] is not None), None)
    if kind is None:
        unknown, correlation = "effect", 0.5
    else:
        correlation = given_correlation(given, kind)
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


def _out_of_bounds(given: Given) -> Failures:
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
    return f"a number {lower} {'to' if with_high else 'and below'} {high:,g}"


def _choices(given: Given) -> Failures:
    for name, allowed in (("method", METHODS), ("backend", BACKENDS)):
        value = given[name]
        if value not in allowed:
            near = suggestion(str(value), allowed)
            guess = f" (did you mean {near!r}?)" if near else ""
            yield failure(name, value, " or ".join(map(repr, allowed)) + guess)
    if not isinstance(given["items"], bool):
        yield failure("items", given["items"], "True or False")


def _said_twice(given: Given) -> Failures:
    effects = [name for name in EFFECTS if given[name] is not None]
    if len(effects) > 1:
        yield failure(
            " and ".join(effects), tuple(given[name] for name in effects),
            "one of them: they are three ways to say the same",
        )  # fmt: skip


def _open_ones(given: Given) -> Failures:
    effects = [name for name in EFFECTS if given[name] is not None]
    missing = [name for name in ("n_workers", "users_per_worker", "power") if given[name] is None]
    missing += [] if effects else ["correlation (or standardised_slope, or slope)"]
    if not missing:
        yield failure(
            f"n_workers, users_per_worker, {effects[0]}, power", "all given",
            "three of them: the one left out is what is worked out",
        )  # fmt: skip
    if len(missing) > 1:
        yield failure(
            ", ".join(missing), "left out", "one left out; the others are needed to work it out"
        )
