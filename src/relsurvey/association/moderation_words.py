"""A moderation in plain English: does the slope differ, by how much, how sure, of how many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from relsurvey.association.sentence import FEWEST_WORKERS, held_equal
from relsurvey.text import counted, p_value_text, percent, readable

__all__ = ["Differing", "moderation_sentence"]


@dataclass(frozen=True, slots=True, eq=False)
class Differing:
    """What a sentence on a moderation is made of; see ``Moderation``."""

    outcome: str
    predictor: str
    moderator: str
    level: str
    adjusted_for: Sequence[str]
    slopes: pd.DataFrame
    interaction: float
    low: float
    high: float
    p_value: float
    confidence: float
    n_workers: int
    n_service_users: int
    n_teams: int | None


def moderation_sentence(found: Differing) -> str:
    """Say in plain English whether the slope differs with the moderator.

    Parameters
    ----------
    found : Differing
        The numbers.

    Returns
    -------
    str
        Two or three sentences. Where the interval holds zero, or there are fewer than ten
        workers (ten teams, for a property of teams), no direction is claimed.
    """
    basis = f"This rests on {_basis(found)}"
    units, noun = _units(found)
    if units < FEWEST_WORKERS:
        return (
            f"With {counted(units, noun)} there are too few to say whether {_question(found)}; in "
            f"these data {_estimate(found)}. {basis}."
        )
    if found.low <= 0 <= found.high:
        return (
            f"These data do not show whether {_question(found)}: {_estimate(found)}, and the "
            f"interval includes no difference. {basis}."
        )
    way = "higher" if found.interaction > 0 else "lower"
    least, most = sorted([abs(found.low), abs(found.high)])
    below, _, above = found.slopes["slope"].tolist()
    return (
        f"The slope of {found.outcome} on {found.predictor}{held_equal(found.adjusted_for)} "
        f"was {way} where {found.moderator} was higher: by {readable(abs(found.interaction))} "
        f"per point of {found.moderator} ({percent(found.confidence)} confidence interval "
        f"{readable(least)} to {readable(most)} {way}, {p_value_text(found.p_value)}). "
        f"It was {readable(below)} where "
        f"{found.moderator} is one standard deviation below its mean, and {readable(above)} where "
        f"it is one above. {basis}, and does not tell why."
    )


def _units(found: Differing) -> tuple[int, str]:
    """Return how many different units there are on the moderator's level, or above it."""
    if found.level == "team" and found.n_teams is not None:
        return found.n_teams, "team"
    return found.n_workers, "worker"


def _question(found: Differing) -> str:
    return (
        f"the slope of {found.outcome} on {found.predictor} is higher or lower where "
        f"{found.moderator} is higher"
    )


def _estimate(found: Differing) -> str:
    return (
        f"the estimated difference in slope per point of {found.moderator}"
        f"{held_equal(found.adjusted_for)} is {readable(found.interaction)} "
        f"({percent(found.confidence)} confidence interval {readable(found.low)} to "
        f"{readable(found.high)}, {p_value_text(found.p_value)})"
    )


def _basis(found: Differing) -> str:
    users = counted(found.n_service_users, "service user")
    teams = "" if found.n_teams is None else f" in {counted(found.n_teams, 'team')}"
    return f"{users} of {counted(found.n_workers, 'worker')}{teams}"
