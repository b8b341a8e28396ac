"""Sentences for a service manager: what was found in points of the scale, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Iterator

from relsurvey.reporting import wording
from relsurvey.reporting.numbers import number, percent
from relsurvey.reporting.sentences.finding import Doubt, Finding
from relsurvey.text import and_list

__all__ = [
    "LIMITS",
    "answer_words",
    "certainty_words",
    "doubt_points",
    "score_digits",
    "size_words",
]

Point = tuple[str, str]

LONG_SCALE = 10

LIMITS = (
    "It does not show that one follows from the other: experience, caseload or the kind of case "
    "may lie behind both.",
    "It is not a ranking of workers and tells nothing about any one worker.",
    "It tells nothing about people who did not answer or could not be linked.",
)

RATHER = (
    "“Rather”: one standard deviation from the workers' mean; about one worker in six scores "
    "beyond."
)

_DOUBTS: dict[Doubt, Point] = {
    "few workers": (
        "Few workers",
        "it rests on fewer than 50 workers, and asking more people of the same workers hardly "
        "narrows it",
    ),
    "other methods": (
        "Other methods",
        "not every other method of computing it says the same",
    ),
    "other choices": (
        "Other choices",
        "with one choice changed at a time, such as which workers are counted, not every result "
        "is the same",
    ),
    "edge": (
        "Differences between workers",
        "the model found no differences between workers beyond chance, so that the range given "
        "may be too narrow",
    ),
    "unfinished": (
        "The computation",
        "it did not come to an end, and its figures are not to be relied on until somebody has "
        "found out why",
    ),
}


def answer_words(finding: Finding) -> str:
    """Give the finding in one sentence."""
    said = finding.said
    outcome, predictor = said.outcome.title, said.predictor.title
    held = wording.adjusted(said.covariates)
    if finding.case == "withheld":
        return (
            f"How {outcome} goes with the worker's {predictor} is not shown: it rests on "
            f"{finding.too_few}."
        )
    if finding.case == "none":
        why = (
            f"it would rest on {finding.too_few}"
            if finding.too_few
            else "the scores do not differ enough"
        )
        return (
            f"Whether {outcome} and the worker's {predictor} go together could not be computed: "
            f"{why}."
        )
    if finding.case == "small":
        return (
            f"People's {outcome} hardly differs between workers with higher and with lower scores "
            f"on {predictor}{held}: any difference is smaller than the smallest one of interest "
            "to this study."
        )
    both = f"people whose worker scored higher on {predictor} gave higher or lower scores on"
    if finding.case == "few":
        return f"There are too few workers to say whether {both} {outcome}{held}."
    if finding.case == "open":
        return f"These answers do not settle whether {both} {outcome}{held}."
    return (
        f"People whose worker scored higher on {predictor} gave {finding.case} scores on "
        f"{outcome}{held}."
    )


def certainty_words(finding: Finding) -> str:
    """Say in one or two sentences how sure that is."""
    if finding.case == "withheld":
        return (
            "Figures of so few people could tell who they are, and could not settle the question."
        )
    if finding.case == "none":
        return "Everything else that was asked is in this report."
    if finding.case == "few":
        return (
            "Whether it is so is not known. With fewer than ten workers, no direction is to be "
            "read into the figures."
        )
    if finding.case == "open":
        return (
            "Whether it is so is not known: higher scores, lower scores and no difference all fit "
            "these answers. That is not evidence that there is none."
        )
    if finding.doubts:
        names = and_list([_DOUBTS[doubt][0].lower() for doubt in finding.doubts])
        return f"We are less sure of that than the figures alone suggest ({names}; see below)."
    if finding.case == "small":
        return "We are fairly sure of that: all sizes that fit these answers are below that one."
    return "We are fairly sure of the direction: chance alone would seldom give such answers."


def doubt_points(finding: Finding) -> Iterator[Point]:
    """Name what it rests on, and each reason to be less sure."""
    if not finding.told:
        return
    users = f"{finding.users[0].upper()}{finding.users[1:]}"
    yield "How many", f"{users} people of {finding.workers} workers."
    if finding.directed and (fits := _range_words(finding)):
        yield "Chance", fits
    for doubt in finding.doubts:
        name, what = _DOUBTS[doubt]
        yield name, f"{what[0].upper()}{what[1:]}."


def _range_words(finding: Finding) -> str:
    """Say what differences fit the answers; nothing where the scale has no known range."""
    low, high = finding.difference[1:]
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    return (
        "With workers who score rather high, people's scores may be anything from "
        f"{_way(low)} to {_way(high)} than with workers who score rather low "
        f"({finding.said.level} interval, in percent of the scale)."
    )


def score_digits(finding: Finding) -> int:
    """Return how many decimals a score deserves: one on a long scale, two on a short one."""
    low, high = finding.said.outcome.minimum, finding.said.outcome.maximum
    return 1 if low is not None and high is not None and high - low > LONG_SCALE else 2


def _way(share: float) -> str:
    if percent(abs(share)) == "0%":
        return "none"
    return f"{percent(abs(share))} {'higher' if share > 0 else 'lower'}"


def size_words(finding: Finding) -> str:
    """Say how far apart people's scores are between workers who score rather low and rather high.

    Where no direction is said, only what fits the answers: one number would be read as a finding.
    """
    if finding.case in {"few", "withheld", "none"}:
        return ""
    if finding.expected is None or not finding.directed:
        return _range_words(finding)
    outcome, digits = finding.said.outcome, score_digits(finding)
    low, high = finding.expected
    share = abs(finding.difference[0])
    of_scale = f", {percent(share)} of that scale" if math.isfinite(share) else ""
    return (
        f"With workers who score rather high, people's {outcome.with_range} is expected at "
        f"{number(high.mean, digits)}, with workers who score rather low at "
        f"{number(low.mean, digits)}: {number(abs(high.mean - low.mean), digits)} points apart"
        f"{of_scale}."
    )
