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
from relsurvey.association.equivalence import (
    CLEAR,
    CLEAR_BUT_SMALL,
    LARGER,
    TOO_LITTLE,
    UNCERTAIN,
    WITHIN,
)
from relsurvey.association.sentence import FEWEST_WORKERS
from relsurvey.reporting.labels import ScoreLabel
from relsurvey.reporting.numbers import bounded, interval, number, p_value, places
from relsurvey.text import and_list, percent

__all__ = [
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
    "is_trivial",
    "limits",
    "other_methods",
    "smallest_of_interest",
]

Direction: TypeAlias = Literal["higher", "lower", "open", "little", "small", "few", "none"]

NO_SLOPE = (
    "No slope could be computed: the scores do not differ enough between workers, or too few of "
    "them are there."
)
NO_CAUSE = (
    "It does not show that one follows from the other. The study file says nothing of random "
    "assignment and both scores come from surveys"
)
_LIMITS = (
    "It is not a ranking of workers and says nothing about any single worker: people with the "
    "same worker differ among themselves, and a worker's average rests on few of them.",
    "It speaks of the people who answered and could be linked, not of those who did not.",
)


TRIVIAL = "by less than the smallest difference of interest to this study"


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
    """

    predictor: ScoreLabel
    outcome: ScoreLabel
    level: str
    alpha: float
    covariates: tuple[str, ...] = ()


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
        "higher" or "lower"; "open" where the interval holds zero; of these, by the equivalence
        test against the smallest association of interest, "small" where any is shown to be
        smaller, and "little" where the data are too few to show that of any slope; "few" where
        there are too few workers for a direction; "none" where nothing was computed.
    """
    if not is_computed(association):
        return "none"
    if association.n_workers < FEWEST_WORKERS:
        return "few"
    if association.p_value <= said.alpha:
        return "higher" if association.slope > 0 else "lower"
    held = association.equivalence
    unsettled: dict[str, Direction] = {WITHIN: "small", TOO_LITTLE: "little"}
    return "open" if held is None else unsettled.get(held.verdict, "open")


def is_trivial(association: AssociationResult) -> bool:
    """Say whether a direction is clear, and the size shown to be below the smallest of interest."""
    held = association.equivalence
    return held is not None and held.verdict == CLEAR_BUT_SMALL


def limits(direction: str) -> tuple[str, ...]:
    """Say what an association does not show; of what may lie behind it, where there is one."""
    behind = (
        ", so other things, such as experience, caseload or the kind of case, may lie behind both."
        if direction in {"higher", "lower"}
        else "."
    )
    return (f"{NO_CAUSE}{behind}", *_LIMITS)


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
    if direction == "little":
        return f"There are too few answers to settle whether {both} {outcome}{held}."
    if direction == "small":
        return (
            f"If {both} {outcome} at all{held}, the difference is smaller than the smallest one "
            "of interest to this study."
        )
    trivial = f", but {TRIVIAL}" if is_trivial(association) else ""
    return (
        f"People whose worker scored higher on {predictor} gave {direction} scores on "
        f"{outcome}{held}{trivial}."
    )


def certainty(association: AssociationResult, said: Said) -> str:
    """Say how large the association is and how sure that is."""
    direction = direction_of(association, said)
    if direction == "none":
        return NO_SLOPE
    parts = [_size(association, said)]
    if direction in {"open", "little", "few"} and association.p_value > said.alpha:
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
    """Tell the equivalence test against the smallest association of interest; nothing without."""
    held = association.equivalence
    if held is None or not math.isfinite(held.p_value):
        return ""
    narrow = f"the {percent(1 - 2 * held.alpha)} interval of the standardised slope, "
    to_deviations = held.margin_standardised / held.margin
    narrow += interval(held.conf_low * to_deviations, held.conf_high * to_deviations)
    wide = f"the {said.level} interval of the standardised slope, "
    wide += interval(association.slope_standardised_low, association.slope_standardised_high)
    tests = f"two one-sided tests, {p_value(held.p_value)}"
    found = {
        LARGER: f"{wide}, lies wholly beyond it.",
        CLEAR: f"{wide}, holds values on both sides of it.",
        CLEAR_BUT_SMALL: f"{narrow}, lies within it ({tests}): there is an association, and it is "
        "smaller than that.",
        WITHIN: f"{narrow}, lies within it ({tests}): no association as large as that, in either "
        "direction.",
        UNCERTAIN: f"{narrow}, reaches beyond it ({tests}): neither none at all nor one as large "
        "as that is ruled out.",
        TOO_LITTLE: f"{narrow}, reaches beyond it ({tests}), and is so wide that even a slope of "
        "zero would not have ruled out one as large as that.",
    }
    return (
        f"The study file names {number(held.margin_standardised)} standard deviations as the "
        f"smallest association of interest; {found[held.verdict]}"
    )


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
