"""How small a group may be before nothing is said about it: one rule for every threshold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from numbers import Integral
from types import MappingProxyType
from typing import Literal, TypeAlias

from relsurvey.errors import ModelError, RelSurveyError, ReportError

__all__ = [
    "LOWEST_THRESHOLD",
    "PRESETS",
    "USUAL_BASE",
    "USUAL_RULES",
    "USUAL_THRESHOLD",
    "Preset",
    "SmallGroupRules",
    "dominated",
    "few_units",
    "require_threshold",
]

# The lowest threshold in use by a body that publishes one (SAIL Databank: counts under 5).
LOWEST_THRESHOLD = 5
USUAL_THRESHOLD = 10
USUAL_BASE = 5  # to what counts are rounded where one of them has to be hidden

SHARE_OF_ONE, SHARE_OF_TWO = 0.5, 0.9  # AI-SDC, ACRO, default.yaml

Preset: TypeAlias = Literal["ons10", "opensafely", "ukllc", "sail5", "nhs7"]


def require_threshold(
    threshold: object, of: str = "groups", error: type[RelSurveyError] = ModelError
) -> int:
    """Return the fewest people or groups in a cell that is shown, or say that it cannot be.

    Parameters
    ----------
    threshold : object
        What was given.
    of : str
        What is counted, for the message.
    error : type of RelSurveyError
        What to raise.

    Raises
    ------
    RelSurveyError
        Of the type asked for, where it is no whole number, or lower than 5: one that protects
        nobody is refused rather than raised unsaid.

    Examples
    --------
    >>> require_threshold(12)
    12
    >>> require_threshold(3)
    Traceback (most recent call last):
    relsurvey.errors.ModelError: threshold must be a whole number of 5 or more; it is 3.
    It is the fewest groups in a cell that is shown: 10 unless given. A lower one protects nobody.
    """
    number = 0
    if isinstance(threshold, Integral) and not isinstance(threshold, bool):
        number = int(threshold)
    if number < LOWEST_THRESHOLD:
        raise error(
            f"threshold must be a whole number of {LOWEST_THRESHOLD} or more; it is {threshold!r}.",
            hint=f"It is the fewest {of} in a cell that is shown: {USUAL_THRESHOLD} unless given. "
            "A lower one protects nobody.",
        )
    return number


def dominated(counts: Iterable[int]) -> bool:
    """Say whether one unit, or two, hold so much of a whole that it tells of them.

    Parameters
    ----------
    counts : iterable of int
        What each unit adds: for each worker, how many service users.

    Examples
    --------
    >>> dominated([200, *[3] * 10]), dominated([49, 49, *[1] * 10]), dominated([7] * 12)
    (True, True, False)
    """
    largest = sorted(counts, reverse=True)
    total = sum(largest)
    return sum(largest[:1]) > SHARE_OF_ONE * total or sum(largest[:2]) > SHARE_OF_TWO * total


def few_units(counts: Iterable[int], needed: int) -> bool:
    """Say whether people are of too few units, or most of them of one or two.

    Parameters
    ----------
    counts : iterable of int
        For each unit, such as a worker, how many people there are; at least one.
    needed : int
        Fewest units of which something is said together.

    Examples
    --------
    >>> few_units([12], 10), few_units([4] * 12, 10)
    (True, False)
    """
    sizes = list(counts)
    return len(sizes) < needed or dominated(sizes)


@dataclass(frozen=True)
class SmallGroupRules:
    """The numbers by which small groups are protected, as a study file settles them.

    Attributes
    ----------
    threshold : int
        The smallest count that is shown, and the fewest people of whom a statistic is.
    round_to : int or None
        All counts that are shown are rounded to the nearest multiple of it. ``None``: they are
        exact, and to the nearest 5 only where a small part could be worked out from them.
    zeros : {"shown", "withheld"}
        Whether "nobody" is shown, or written as a small count is.
    service_users_per_worker : int
        Workers with fewer service users than this do not count among the workers behind a
        statistic of service users.
    workers_per_cell : int or None
        Fewest such workers behind a statistic of service users, and in a group of workers;
        ``None``: as many as the threshold.
    workers_per_team : int
        Teams with fewer workers than this do not count among the teams of a study.

    References
    ----------
    ``ons10``: UK Office for National Statistics, "10-5 rule": counts below 10 are suppressed,
    the rest are rounded to the nearest 5.
    ``opensafely``: OpenSAFELY documentation, statistical disclosure control: counts of 7 and
    fewer are redacted, then the rest are rounded to the nearest 5, and totals made anew of them;
    here each total that stands below its parts is; of those who answered, were linked and are in
    an analysis, who is left over is made anew instead, so that these three are the same throughout.
    ``ukllc``: UK Longitudinal Linkage Collaboration guidebook: fewer than 10, zero included, no
    exceptions; percentages, means and SDs need 10 people.
    ``sail5``: SAIL Databank: counts of 1 to 4 are not released.
    ``nhs7``: NHS England, sub-national hospital figures since 2018: 1 to 7 are hidden, zeros are
    shown, all other counts are rounded to the nearest 5, and shares made from rounded counts.

    Examples
    --------
    >>> PRESETS["opensafely"].threshold, PRESETS["opensafely"].round_to
    (8, 5)
    >>> USUAL_RULES.threshold, USUAL_RULES.round_to
    (10, None)
    """

    threshold: int = USUAL_THRESHOLD
    round_to: int | None = None
    zeros: Literal["shown", "withheld"] = "shown"
    service_users_per_worker: int = 1
    workers_per_cell: int | None = None
    workers_per_team: int = 1
    preset: str = ""

    def __post_init__(self) -> None:
        """Refuse a threshold that protects nobody."""
        require_threshold(self.threshold, "people", ReportError)

    @property
    def workers_needed(self) -> int:
        """Fewest workers behind what is shown of a group of them."""
        return self.threshold if self.workers_per_cell is None else self.workers_per_cell

    def differing(self) -> dict[str, tuple[object, object]]:
        """Return what differs from the preset: its number and the study file's, by name.

        Examples
        --------
        >>> import dataclasses
        >>> dataclasses.replace(PRESETS["ons10"], threshold=12).differing()
        {'threshold': (10, 12)}
        """
        usual = PRESETS.get(self.preset, USUAL_RULES)
        pairs = {
            field.name: (getattr(usual, field.name), getattr(self, field.name))
            for field in fields(self)
            if field.name != "preset"
        }
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


USUAL_RULES = SmallGroupRules()
PRESETS: Mapping[str, SmallGroupRules] = MappingProxyType(
    {
        "ons10": SmallGroupRules(10, 5, "withheld", preset="ons10"),
        "opensafely": SmallGroupRules(8, 5, "withheld", preset="opensafely"),
        "ukllc": SmallGroupRules(10, None, "withheld", preset="ukllc"),
        "sail5": SmallGroupRules(5, preset="sail5"),
        "nhs7": SmallGroupRules(8, 5, preset="nhs7"),
    }
)
