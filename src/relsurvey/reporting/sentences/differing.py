"""Whether the primary association differs with a third property, as each reader is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from relsurvey.association.moderation import Moderation
from relsurvey.association.sentence import FEWEST_WORKERS
from relsurvey.reporting.labels import covariate_title, spoken
from relsurvey.reporting.material import Material
from relsurvey.reporting.numbers import interval, number, p_value, places

__all__ = ["Differing", "differing_of", "may_be_told"]

Way: TypeAlias = Literal["higher", "lower", "open", "withheld", "unknown"]
Sign: TypeAlias = Literal["higher", "lower", "open"]


@dataclass(frozen=True)
class Differing:
    """How the slope differs with the moderator, as far as it may be told.

    Attributes
    ----------
    moderator : str
        What it is called.
    way : {"higher", "lower", "open", "withheld", "unknown"}
        Whether the slope is higher or lower where the moderator is higher; not settled; of too
        few people or teams to be shown; could not be computed.
    below, above : {"higher", "lower", "open"}
        What people's scores are with higher-scoring workers, where the moderator is one standard
        deviation below its mean, and above.
    figures : str
        Interaction and the two slopes with their intervals; empty where there are none to tell.
    """

    moderator: str
    way: Way
    below: Sign = "open"
    above: Sign = "open"
    figures: str = ""

    @property
    def alike(self) -> bool:
        """Whether both ends say the same, so that only the size differs."""
        return self.below == self.above

    @property
    def stronger_above(self) -> bool:
        """Whether, both ends of one direction, the association is the larger one above."""
        return (self.way == "higher") == (self.above == "higher")


def may_be_told(material: Material, found: Moderation) -> bool:
    """Say whether a moderation rests on enough workers, service users and teams to be shown."""
    rules = material.rules
    people = rules.allows(found.n_workers) and rules.allows(found.n_service_users)
    return people and (found.level != "team" or rules.allows(material.teams(found.n_teams)))


def differing_of(material: Material) -> Differing | None:
    """Say how the primary association differs with its moderator; ``None`` where it has none."""
    primary = material.study.primary
    planned, found = material.study.plan.primary.moderator, primary.moderation
    if planned is None or not material.tells(primary):
        return None
    moderator = spoken(covariate_title(material.study, planned))
    if found is None:
        return Differing(moderator, "unknown")
    if not may_be_told(material, found):
        return Differing(moderator, "withheld")
    units = found.n_teams if found.level == "team" and found.n_teams else found.n_workers
    way = _sign(found.interaction_low, found.interaction_high)
    ends = found.slopes.to_dict("records")
    below, above = (_sign(row["conf_low"], row["conf_high"]) for row in (ends[0], ends[-1]))
    return Differing(
        moderator, way if units >= FEWEST_WORKERS else "open", below, above,
        _figures(material, found, moderator),
    )  # fmt: skip


def _sign(low: float, high: float) -> Sign:
    return "higher" if low > 0 else "lower" if high < 0 else "open"


def _figures(material: Material, found: Moderation, moderator: str) -> str:
    """Write the interaction, and the slopes at the two ends."""
    ends = (found.interaction_low, found.interaction_high)
    digits = places((ends[1] - ends[0]) / 2)
    p = material.p_shown(found.p_value, found.interaction, ends, found.df)
    rows = found.slopes.to_dict("records")
    below, above = (
        f"{number(row['slope'])} ({interval(row['conf_low'], row['conf_high'])})"
        for row in (rows[0], rows[-1])
    )
    return (
        f"Per point of {moderator} the slope differs by {number(found.interaction, digits)} "
        f"({material.level} interval {interval(*ends, digits)}; {p_value(p)}): it is {below} where "
        f"{moderator} is one standard deviation below its mean, and {above} where it is one above."
    )
