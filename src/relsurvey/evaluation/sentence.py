"""A change in plain English: direction, size, certainty and numbers of people.

No verb in it says that one thing brings about another: neither the calendar nor a training.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from relsurvey.evaluation.words import noun, several
from relsurvey.text import p_value_text, percent, readable

__all__ = ["FEWEST_UNITS", "Found", "change_sentence"]

FEWEST_UNITS = 4
"""Fewest trained units and others for which a direction is stated.

With fewer, one odd unit makes the difference, and no test can tell (the smallest p value of a
permutation of 3 and 3 teams is 1 in 10 two-sided).
"""


@dataclass(frozen=True, slots=True)
class Found:
    """What a sentence is made of.

    Attributes
    ----------
    outcome, first, last : str
        The outcome, and the names of the two waves.
    estimate, low, high, p_value, standardised : float
        The change; or, with training, how much more the trained changed than the others.
    confidence : float
        Coverage of the interval.
    basis : str
        How many people, and whose; "" where that may not be shown.
    unit : str
        What was trained.
    n_trained, n_others : int or None
        How many units; ``None`` without training.
    disputed : bool
        Whether other ways to estimate the same come to another verdict: no direction is claimed.
    withheld : str
        Why nothing may be shown; "" where it may.
    """

    outcome: str
    first: str
    last: str
    estimate: float
    low: float
    high: float
    p_value: float
    standardised: float
    confidence: float
    basis: str
    unit: str
    n_trained: int | None = None
    n_others: int | None = None
    disputed: bool = False
    withheld: str = ""


def change_sentence(found: Found) -> str:
    """Say in plain English what was found.

    Parameters
    ----------
    found : Found
        The numbers.

    Returns
    -------
    str
        Two or three sentences. Where the interval holds zero, or very few units were trained or
        not, no direction is claimed.

    Examples
    --------
    >>> print(change_sentence(Found("experience", "before", "after", 0.3, 0.1, 0.5, 0.01, 0.25,
    ...       0.95, "240 answers", "team")))
    At wave after, experience was 0.30 points higher on average than at wave before (95% confidence
    interval 0.10 to 0.50 higher, p = .010), that is 0.25 standard deviations of the scores at wave
    before. This rests on 240 answers, and does not tell why.
    """
    if found.withheld:
        return (
            f"The change in {found.outcome} from wave {found.first} to wave {found.last} is not "
            f"shown: it rests on {found.withheld}."
        )
    said = _alone(found) if found.n_trained is None else _compared(found)
    basis = f" rests on {found.basis}, and" if found.basis else ""
    return f"{said} This{basis} does not tell why."


def _alone(found: Found) -> str:
    y, first, last = found.outcome, f"wave {found.first}", f"wave {found.last}"
    if _open(found):
        return (
            f"These data do not show whether {y} was higher or lower at {last} than at {first}: "
            f"the estimated change is {_estimate(found)}{_reason(found)}."
        )
    return (
        f"At {last}, {y} was {readable(abs(found.estimate))} points {_way(found)} on average than "
        f"at {first} ({_interval(found, _way(found))}), that is "
        f"{readable(abs(found.standardised))} standard deviations of the scores at {first}."
    )


def _compared(found: Found) -> str:
    y = found.outcome
    when = f"from wave {found.first} to wave {found.last}"
    least = min(found.n_trained or 0, found.n_others or 0)
    if least < FEWEST_UNITS:
        return (
            f"With {found.n_trained} trained {noun(found.n_trained or 0, found.unit)} and "
            f"{found.n_others} {'other' if found.n_others == 1 else 'others'} "
            f"there are too few to say whether {y} changed differently {when}; in these data the "
            f"trained differ from the others in their change by {_estimate(found)}."
        )
    if _open(found):
        return (
            f"These data do not show whether {y} changed differently {when} where "
            f"{several(found.unit)} were trained: the estimated difference in change is "
            f"{_estimate(found)}{_reason(found)}."
        )
    return (
        f"{when[0].upper()}{when[1:]}, the change in {y} was {readable(abs(found.estimate))} "
        f"points {_way(found)} where {several(found.unit)} were trained than where they were not "
        f"({_interval(found, _way(found))}), that is {readable(abs(found.standardised))} standard "
        f"deviations of the scores at wave {found.first}."
    )


def _open(found: Found) -> bool:
    return found.disputed or found.low <= 0 <= found.high or math.isnan(found.low)


def _reason(found: Found) -> str:
    if math.isnan(found.low):
        return ", and there is too little to judge chance by"
    if found.low <= 0 <= found.high:
        return ", and the interval includes none"
    return ", but other ways to estimate it do not bear it out"


def _way(found: Found) -> str:
    return "higher" if found.estimate > 0 else "lower"


def _estimate(found: Found) -> str:
    if math.isnan(found.low):
        return f"{readable(found.estimate)} points"
    return (
        f"{readable(found.estimate)} points ({percent(found.confidence)} confidence interval "
        f"{readable(found.low)} to {readable(found.high)}, {p_value_text(found.p_value)})"
    )


def _interval(found: Found, way: str) -> str:
    least, most = sorted([abs(found.low), abs(found.high)])
    return (
        f"{percent(found.confidence)} confidence interval {readable(least)} to {readable(most)} "
        f"{way}, {p_value_text(found.p_value)}"
    )
