"""An association in plain English: direction, size, certainty and numbers of people.

No verb in it says that one thing brings about another: the design cannot tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from relsurvey.text import and_list, counted, p_value_text, percent, readable

__all__ = ["FEWEST_WORKERS", "Finding", "association_sentence", "held_equal"]

FEWEST_WORKERS = 10
"""Below this number of workers, no direction is stated.

Snijders and Bosker (2012, section 4.3) advise against treating groups as a sample from a
population when there are fewer than ten.
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a sentence is made of; slope and interval in points of the outcome.

    ``persons`` says whether groups are workers and rows their service users; otherwise the
    group goes by the name of its column. ``n_teams`` is set where teams are a level of the
    model.
    """

    outcome: str
    predictor: str
    adjusted_for: Sequence[str]
    group: str
    persons: bool
    slope: float
    low: float
    high: float
    p_value: float
    standardised: float
    confidence: float
    n_groups: int
    n_rows: int
    n_teams: int | None = None


def association_sentence(finding: Finding) -> str:
    """Say in plain English what was found.

    Parameters
    ----------
    finding : Finding
        The numbers.

    Returns
    -------
    str
        Two or three sentences. Where the interval holds zero, or there are fewer than ten
        workers, no direction is claimed.

    References
    ----------
    Snijders, T. A. B., & Bosker, R. J. (2012). Multilevel analysis (2nd ed.). Sage.

    Examples
    --------
    >>> print(association_sentence(Finding("experience", "reflection", (), "worker_id", True,
    ...       0.42, 0.10, 0.74, 0.011, 0.2, 0.95, 118, 900)))
    Service users of workers with a higher reflection reported a higher experience on average:
    one point more on reflection went with 0.42 points more on experience (95% confidence
    interval 0.10 to 0.74 more, p = .011), that is 0.20 standard deviations more per standard
    deviation. This rests on 900 service users of 118 workers, and does not tell why.
    """
    basis = _basis(finding)
    if finding.n_groups < FEWEST_WORKERS:
        return (
            f"With {_groups(finding)} there are too few to say whether {_question(finding)}; "
            f"in these data {_estimate(finding)}). This rests on {basis}."
        )
    if finding.low <= 0 <= finding.high:
        return (
            f"These data do not show whether {_question(finding)}: {_estimate(finding)}), "
            f"and the interval includes no difference. This rests on {basis}."
        )
    return f"{_claim(finding)}. This rests on {basis}, and does not tell why."


def _claim(finding: Finding) -> str:
    up = finding.slope > 0
    direction, amount = ("higher", "more") if up else ("lower", "less")
    x, y = finding.predictor, finding.outcome
    least, most = sorted([abs(finding.low), abs(finding.high)])
    if finding.persons:
        who = f"Service users of workers with a higher {x} reported a {direction} {y} on average"
    else:
        who = f"Where {x} is higher for a {finding.group}, {y} is {direction} on average"
    return (
        f"{who}: one point more on {x}{held_equal(finding.adjusted_for)} went with "
        f"{readable(abs(finding.slope))} points {amount} on {y} "
        f"({percent(finding.confidence)} confidence interval {readable(least)} to "
        f"{readable(most)} {amount}, {p_value_text(finding.p_value)}), "
        f"that is {readable(abs(finding.standardised))} standard deviations {amount} per standard "
        "deviation"
    )


def _question(finding: Finding) -> str:
    x, y = finding.predictor, finding.outcome
    if finding.persons:
        return f"service users of workers with a higher {x} report a higher or a lower {y}"
    return f"{y} is higher or lower where {x} is higher for a {finding.group}"


def _estimate(finding: Finding) -> str:
    return (
        f"the estimated difference in {finding.outcome} per point of {finding.predictor}"
        f"{held_equal(finding.adjusted_for)} is {readable(finding.slope)} "
        f"({percent(finding.confidence)} confidence interval {readable(finding.low)} to "
        f"{readable(finding.high)}, {p_value_text(finding.p_value)}"
    )


def held_equal(names: Sequence[str]) -> str:
    """Say in the middle of a sentence what a slope is adjusted for; nothing where it is not."""
    return f", with {and_list(names)} held equal," if names else ""


def _groups(finding: Finding) -> str:
    if finding.persons:
        return counted(finding.n_groups, "worker")
    return f"{counted(finding.n_groups, 'group')} of {finding.group}"


def _basis(finding: Finding) -> str:
    rows = counted(finding.n_rows, "service user" if finding.persons else "row")
    teams = "" if finding.n_teams is None else f" in {counted(finding.n_teams, 'team')}"
    return f"{rows} {'of' if finding.persons else 'in'} {_groups(finding)}{teams}"
