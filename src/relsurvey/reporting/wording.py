"""The sentences of a report, made from results.

No sentence says that one thing brings about another: nothing that this package reads can show
that. A test holds the verbs that must not appear.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from relsurvey.association import AssociationResult
from relsurvey.association.caveats import is_ordinary
from relsurvey.association.sentence import FEWEST_WORKERS
from relsurvey.reporting.labels import ScoreLabel
from relsurvey.reporting.numbers import bounded, interval, number, p_value, places
from relsurvey.text import and_list

__all__ = [
    "LIMITS",
    "NO_SLOPE",
    "Direction",
    "Said",
    "adjusted",
    "alpha_words",
    "answer",
    "boundary_words",
    "certainty",
    "direction_of",
    "figure_words",
    "is_computed",
    "other_methods",
    "smallest_of_interest",
]

Direction: TypeAlias = Literal["higher", "lower", "open", "small", "few", "none"]

NO_SLOPE = (
    "No slope could be computed: the scores do not differ enough between workers, or too few of "
    "them are there."
)
LIMITS = (
    "It does not show that one follows from the other. The study file says nothing of random "
    "assignment and both scores come from surveys, so other things, such as experience, caseload "
    "or the kind of case, may lie behind both.",
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
    covariates : tuple of str
        How the covariates are called.
    smallest : float or None
        The smallest association of interest, in standard deviations.
    """

    predictor: ScoreLabel
    outcome: ScoreLabel
    level: str
    alpha: float
    covariates: tuple[str, ...] = ()
    smallest: float | None = None


def adjusted(covariates: Sequence[str]) -> str:
    """Say for what something is adjusted; nothing where it is not.

    Examples
    --------
    >>> adjusted(["Months known", "Age"]), adjusted([])
    (', adjusted for Months known and Age', '')
    """
    return f", adjusted for {and_list(covariates)}" if covariates else ""


def is_computed(association: AssociationResult) -> bool:
    """Say whether there is an association to tell: a slope that could be tested."""
    return math.isfinite(association.slope) and math.isfinite(association.p_value)


def direction_of(association: AssociationResult, said: Said) -> Direction:
    """Say what may be claimed of an association.

    Returns
    -------
    str
        "higher" or "lower"; "open" where the interval holds zero, "small" where it moreover
        lies within the smallest association of interest; "few" where there are too few workers
        for a direction; "none" where nothing was computed.
    """
    if not is_computed(association):
        return "none"
    if association.n_workers < FEWEST_WORKERS:
        return "few"
    if association.p_value > said.alpha:
        return "small" if _within(association, said.smallest) else "open"
    return "higher" if association.slope > 0 else "lower"


def _within(association: AssociationResult, smallest: float | None) -> bool:
    low, high = association.slope_standardised_low, association.slope_standardised_high
    return smallest is not None and -smallest < low and high < smallest


def answer(association: AssociationResult, said: Said) -> str:
    """Give the finding in one plain sentence."""
    direction = direction_of(association, said)
    predictor, outcome = said.predictor.title, said.outcome.title
    both = f"people whose worker scored higher on {predictor} gave higher or lower scores on"
    held = adjusted(said.covariates)
    if direction == "none":
        return (
            f"Whether {outcome} and the worker's {predictor} go together could not be computed "
            "from these answers."
        )
    if direction == "few":
        return f"There are too few workers to say whether {both} {outcome}{held}."
    if direction == "open":
        return f"These answers do not settle whether {both} {outcome}{held}."
    if direction == "small":
        return (
            f"If {both} {outcome} at all{held}, the difference is smaller than the smallest one "
            "of interest to this study."
        )
    return (
        f"People whose worker scored higher on {predictor} gave {direction} scores on "
        f"{outcome}{held}."
    )


def certainty(association: AssociationResult, said: Said) -> str:
    """Say how large the association is and how sure that is."""
    direction = direction_of(association, said)
    if direction == "none":
        return NO_SLOPE
    parts = [_size(association, said)]
    if direction in {"open", "few"} and association.p_value > said.alpha:
        parts.append(
            "The interval includes zero: no difference fits these answers, and so do differences "
            "as large as its ends. That is not evidence that there is none."
        )
    if direction == "small":
        parts.append("The interval includes zero.")
    if direction in {"higher", "lower"}:
        step = abs(association.slope * association.predictor_sd)
        parts.append(
            f"Put differently: between workers who are one standard deviation apart, the expected "
            f"difference is {number(step, _digits(association))} points."
        )
    return " ".join([*parts, *boundary_words(association)])


def _digits(association: AssociationResult) -> int:
    return places((association.slope_high - association.slope_low) / 2)


def _size(association: AssociationResult, said: Said) -> str:
    digits = _digits(association)
    word = "higher" if association.slope >= 0 else "lower"
    return (
        f"For each point more on {said.predictor.with_range}, {said.outcome.with_range} is "
        f"{number(abs(association.slope), digits)} points {word} on average"
        f"{adjusted(said.covariates)} ({said.level} confidence interval "
        f"{interval(association.slope_low, association.slope_high, digits)}; "
        f"{p_value(association.p_value)})."
    )


def boundary_words(association: AssociationResult) -> tuple[str, ...]:
    """Say what interval and p are where no variance between workers was found."""
    if not is_ordinary(association.model):
        return ()
    return (
        "The variance between workers is estimated as zero, so this interval and this p value "
        "are those of ordinary regression, as if no two people shared a worker; the interval may "
        "be too narrow.",
    )


def other_methods(names: Sequence[str]) -> str:
    """Name the methods that do not bear the primary one out; nothing where there are none.

    Examples
    --------
    >>> other_methods(["Spearman"])
    'It is less certain than that: another method (Spearman) does not say quite the same.'
    >>> other_methods([])
    ''
    """
    if not names:
        return ""
    which = f"({and_list(list(names))})"
    if len(names) == 1:
        return f"It is less certain than that: another method {which} does not say quite the same."
    return f"It is less certain than that: other methods {which} do not say quite the same."


def smallest_of_interest(association: AssociationResult, said: Said) -> str:
    """Hold the standardised slope's interval against the smallest association of interest."""
    low, high = association.slope_standardised_low, association.slope_standardised_high
    if said.smallest is None or not (math.isfinite(low) and math.isfinite(high)):
        return ""
    start = (
        f"The study file names {number(said.smallest)} standard deviations as the smallest "
        f"association of interest; the {said.level} interval of the standardised slope, "
        f"{interval(low, high)},"
    )
    if low >= said.smallest or high <= -said.smallest:
        return f"{start} lies wholly beyond it."
    if _within(association, said.smallest):
        return f"{start} lies wholly below it in size."
    return f"{start} holds values on both sides of it."


def figure_words(association: AssociationResult, said: Said, *, points: bool) -> str:
    """Say what the association figure shows, for those who do not see it.

    It claims no more than ``answer``: a line has a direction only where the answer has one.

    Parameters
    ----------
    association : AssociationResult
        What is drawn.
    said : Said
        Names and levels.
    points : bool
        Whether groups of workers are drawn.
    """
    direction = direction_of(association, said)
    outcome, predictor = said.outcome.title, said.predictor.title
    if direction == "none":
        return f"No line could be fitted for {outcome} on {predictor}."
    way = {"higher": "rises, with", "lower": "falls, with"}.get(direction, "has")
    digits = _digits(association)
    ends = interval(association.slope_low, association.slope_high, digits)
    zero = ", which includes zero" if association.p_value > said.alpha else ""
    raw = "raw means" if said.covariates else "means"
    drawn = f" Diamonds are {raw} of groups of workers, never of one worker." if points else ""
    return (
        f"{answer(association, said)} The fitted line of {outcome} by the worker's {predictor}"
        f"{adjusted(said.covariates)}{',' if said.covariates else ''} {way} a slope of "
        f"{number(association.slope, digits)} ({said.level} interval {ends}{zero}), in a band "
        f"that is its {said.level} interval.{drawn}"
    )


def alpha_words(row_title: str, alpha: float, low: float, high: float) -> str:
    """Say one scale's alpha with its interval in a few words."""
    if not math.isfinite(alpha):
        return f"{row_title} not shown"
    return f"{row_title} {bounded(alpha)} ({interval(low, high, below_one=True)})"
