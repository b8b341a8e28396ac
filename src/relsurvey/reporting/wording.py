"""The sentences of a report, made from results.

No sentence says that one thing brings about another: a survey taken once cannot show that. A
test holds the verbs that must not appear.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from relsurvey.reporting.labels import ScoreLabel
from relsurvey.reporting.numbers import bounded, interval, number, p_value, percent, places
from relsurvey.reporting.subject import AssociationLike

__all__ = [
    "LIMITS",
    "Said",
    "and_list",
    "answer",
    "certainty",
    "common_size",
    "direction_of",
    "smallest_of_interest",
]

LIMITS = (
    "It does not show cause and effect. Nobody was assigned to anything and both scores were "
    "taken in surveys, so other things, such as experience, caseload or the kind of case, may "
    "lie behind both.",
    "It is not a ranking of workers and says nothing about any single worker: people with the "
    "same worker differ among themselves, and a worker's average rests on few of them.",
    "It speaks of the people who answered and could be linked, not of those who did not.",
)


@dataclass(frozen=True)
class Said:
    """What a sentence about an association needs beside the association.

    Attributes
    ----------
    predictor, outcome : ScoreLabel
        How the scores are called.
    level : str
        Of the intervals, as in "95%".
    alpha : float
        Two-sided error probability.
    """

    predictor: ScoreLabel
    outcome: ScoreLabel
    level: str
    alpha: float


def and_list(words: Sequence[str]) -> str:
    """Join words as in a sentence.

    Examples
    --------
    >>> and_list(["a"]), and_list(["a", "b"]), and_list(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def direction_of(association: AssociationLike, alpha: float) -> str:
    """Say which way an association points: "higher", "lower", "open" or "none" (not computed)."""
    if not (math.isfinite(association.slope) and math.isfinite(association.p_value)):
        return "none"
    if association.p_value > alpha:
        return "open"
    return "higher" if association.slope > 0 else "lower"


def answer(association: AssociationLike, said: Said) -> str:
    """Give the finding in one plain sentence."""
    direction = direction_of(association, said.alpha)
    predictor, outcome = said.predictor.title, said.outcome.title
    if direction == "none":
        return (
            f"Whether {outcome} and the worker's {predictor} go together could not be computed "
            "from these answers."
        )
    if direction == "open":
        return (
            f"These answers do not settle whether people whose worker scored higher on "
            f"{predictor} gave higher or lower scores on {outcome}."
        )
    return f"People whose worker scored higher on {predictor} gave {direction} scores on {outcome}."


def certainty(association: AssociationLike, said: Said) -> str:
    """Say how large the association is and how sure that is."""
    direction = direction_of(association, said.alpha)
    if direction == "none":
        return "The section on the association says why."
    digits = places((association.slope_high - association.slope_low) / 2)
    ends = interval(association.slope_low, association.slope_high, digits)
    word = "higher" if association.slope >= 0 else "lower"
    size = number(abs(association.slope), digits)
    held = _held(association.covariates)
    first = (
        f"For each point more on {said.predictor.with_range}, {said.outcome.with_range} is "
        f"{size} points {word} on average{held} ({said.level} confidence interval {ends}; "
        f"{p_value(association.p_value)})."
    )
    if direction == "open":
        return (
            f"{first} The interval includes zero: no difference fits these answers, and so do "
            f"differences as large as its ends. That is not evidence that there is none."
        )
    step = abs(association.slope * association.predictor_sd)
    return (
        f"{first} Put differently: between workers who are one standard deviation apart, the "
        f"expected difference is {number(step, digits)} points."
    )


def _held(covariates: Sequence[str]) -> str:
    return f", at equal {and_list([str(name) for name in covariates])}" if covariates else ""


def common_size(correlation: float) -> str:
    """Name a correlation on Cohen's yardstick.

    References
    ----------
    Cohen J (1988). Statistical power analysis for the behavioral sciences, 2nd ed.

    Examples
    --------
    >>> [common_size(r) for r in (0.04, -0.2, 0.41, 0.7)]
    ['very small', 'small', 'medium', 'large']
    """
    size = abs(correlation)
    if size < 0.1:
        return "very small"
    if size < 0.3:
        return "small"
    return "medium" if size < 0.5 else "large"


def smallest_of_interest(association: AssociationLike, smallest: float | None, level: str) -> str:
    """Hold the standardised slope's interval against the smallest association of interest."""
    low, high = association.slope_standardised_low, association.slope_standardised_high
    if smallest is None or not (math.isfinite(low) and math.isfinite(high)):
        return ""
    start = (
        f"The study file set {number(smallest)} standard deviations as the smallest association "
        f"of interest; the {level} interval of the standardised slope, {interval(low, high)},"
    )
    if low >= smallest or high <= -smallest:
        return f"{start} lies wholly beyond it."
    if -smallest < low and high < smallest:
        return f"{start} lies wholly below it in size."
    return f"{start} holds values on both sides of it."


def slope_words(association: AssociationLike, said: Said) -> str:
    """Explain the slope."""
    return (
        f"points of {said.outcome.title} for one point of {said.predictor.title}"
        f"{_held(association.covariates)}"
    )


def icc_words(icc: float) -> str:
    """Explain the intraclass correlation."""
    if not math.isfinite(icc):
        return "could not be computed"
    return (
        f"{percent(icc)} of the variance of service users' scores lies between workers, the rest "
        "between people with the same worker"
    )


def explained_words(share: float, covariates: Sequence[str]) -> str:
    """Explain the share of variance between workers that goes with the predictor."""
    if not math.isfinite(share):
        return "could not be computed: there is no variance between workers to share out"
    if share < 0:
        return "the estimate is below zero, which is read as none"
    together = " and the covariates together" if covariates else ""
    return f"of the variance between workers goes with the worker's score{together}"


def correlation_words(association: AssociationLike) -> str:
    """Explain the correlation at the level of workers."""
    if not math.isfinite(association.correlation):
        return "could not be computed"
    return (
        f"workers' scores with the means of their service users; "
        f"{common_size(association.correlation)} by Cohen's yardstick; "
        f"{p_value(association.correlation_p)}"
    )


def design_words() -> str:
    """Explain the design effect."""
    return (
        "how many times as many answers are needed, compared with independent ones, since people "
        "share workers"
    )


def figure_words(association: AssociationLike, said: Said) -> str:
    """Say what the association figure shows, for those who do not see it."""
    if not math.isfinite(association.slope):
        return f"No line could be fitted for {said.outcome.title} on {said.predictor.title}."
    way = "rises" if association.slope > 0 else "falls" if association.slope < 0 else "stays level"
    digits = places((association.slope_high - association.slope_low) / 2)
    return (
        f"Expected {said.outcome.title} {way} with the worker's {said.predictor.title}: slope "
        f"{number(association.slope, digits)} ({said.level} interval "
        f"{interval(association.slope_low, association.slope_high, digits)}), drawn as a line "
        f"with a band; points are means of groups of workers, never of one worker."
    )


def alpha_words(row_title: str, alpha: float, low: float, high: float) -> str:
    """Say one scale's alpha with its interval in a few words."""
    if not math.isfinite(alpha):
        return f"{row_title} not shown"
    return f"{row_title} {bounded(alpha)} ({interval(low, high, below_one=True)})"
