"""Sentences for a service manager: what was found in points of the scale, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Iterator

from relsurvey.reporting import wording
from relsurvey.reporting.numbers import number, percent
from relsurvey.reporting.sentences.differing import Differing, Sign
from relsurvey.reporting.sentences.finding import Doubt, Finding
from relsurvey.reporting.sentences.reasons import Reason
from relsurvey.text import and_list

__all__ = [
    "RATHER",
    "ROUNDED",
    "answer_words",
    "certainty_words",
    "doubt_points",
    "limits",
    "score_digits",
    "size_words",
]

Point = tuple[str, str]

LONG_SCALE = 10

ROUNDED = "Numbers of people are rounded, so that nobody can be recognised by them."

_LIMITS = (
    "It is not a ranking of workers and tells nothing about any one worker.",
    "It tells nothing about people who did not answer or could not be linked.",
)

RATHER = (
    "“Rather”: one standard deviation from the workers' mean; about one worker in six scores "
    "lower than “rather low”, and one in six higher than “rather high”."
)
_WHY: dict[Reason, str] = {
    "few workers": "too few workers took part",
    "few people": "too few service users took part",
    "left out": "too many answers were left out by the rules that the study file names",
    "unlinked": "too few people's answers could be joined to those of a worker",
    "left open": "too many questions were left open",
    "one each": "no worker has answers from more than one person",
    "together": "too few workers have enough people who answered, or one or two have most of them",
    "alike": "the scores do not differ enough",
}

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
    "bend": (
        "A line that bends",
        "people's scores do not differ alike over the whole range of workers' scores, so that one "
        "difference does not say all",
    ),
    "edge": (
        "Differences between workers",
        "the model found no differences between workers beyond chance, so that the range given "
        "may be too narrow",
    ),
    "waves": (
        "Several waves",
        "answers from several waves were read together and one person's answers may count more "
        "than once, so that the range given may be too narrow",
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
        why = f"it would rest on {finding.too_few}" if finding.too_few else _WHY[finding.reason]
        return (
            f"Whether {outcome} and the worker's {predictor} go together could not be computed: "
            f"{why}."
        )
    return " ".join(filter(None, (_answer(finding, outcome, predictor, held),
                                  _differing_words(finding.differing))))  # fmt: skip


def _answer(finding: Finding, outcome: str, predictor: str, held: str) -> str:
    """Say what was found of the association itself."""
    if finding.case == "small":
        return (
            f"People's {outcome} hardly differs between workers with higher and with lower scores "
            f"on {predictor}{held}: any difference is smaller than the smallest one of interest "
            "to this study."
        )
    both = f"people whose worker scored higher on {predictor} gave higher or lower scores on"
    if finding.case == "few":
        return f"There are too few workers to say whether {both} {outcome}{held}."
    if finding.case == "little":
        return f"There are too few answers to settle whether {both} {outcome}{held}."
    if finding.case == "open":
        return f"These answers do not settle whether {both} {outcome}{held}."
    trivial = f", but {wording.TRIVIAL}" if finding.trivial else ""
    return (
        f"People whose worker scored higher on {predictor} gave {finding.case} scores on "
        f"{outcome}{held}{trivial}."
    )


def _differing_words(found: Differing | None) -> str:
    """Say whether it differs with the moderator; nothing where there is none."""
    if found is None:
        return ""
    name = found.moderator
    if found.way == "withheld":
        return f"Whether this differs with {name} is not shown: too few people or teams are there."
    if found.way == "open":
        return f"Whether this differs with {name} is not settled."
    if found.way == "unknown":
        return f"Whether this differs with {name} could not be computed."
    start = f"This differs with {name} beyond chance:"
    if not found.alike:
        return (
            f"{start} where that is rather high, {_end_words(found.above)}; where it is rather "
            f"low, {_end_words(found.below)}."
        )
    if found.above == "open":
        return (
            f"{start} people's scores go up more, or down less, with their worker's score where "
            f"that is {found.way}."
        )
    more = "larger" if found.stronger_above else "smaller"
    return f"{start} the difference between workers is {more} where that is higher."


def _end_words(sign: Sign) -> str:
    if sign == "open":
        return "neither higher nor lower scores are sure"
    return f"people whose worker scored higher gave {sign} scores"


def certainty_words(finding: Finding) -> str:
    """Say in one or two sentences how sure that is."""
    why = f"{_WHY[finding.reason][0].upper()}{_WHY[finding.reason][1:]}."
    if finding.case == "withheld":
        return (
            f"{why} Figures of so few people could tell who they are, and could not settle the "
            "question."
        )
    if finding.case == "none":
        rest = "What was asked, and where the scores stand, is in this report."
        return f"{why} {rest}" if finding.too_few else rest
    if finding.case == "few":
        return (
            "Whether it is so is not known. With fewer than ten workers, no direction is to be "
            "read into the figures."
        )
    if finding.case in {"open", "little"}:
        bends = " The line between the scores bends; see below." if "bend" in finding.doubts else ""
        return (
            "Whether it is so is not known: higher scores, lower scores and no difference all fit "
            f"these answers. That is not evidence that there is none.{bends}"
        )
    if finding.doubts:
        names = and_list([_DOUBTS[doubt][0].lower() for doubt in finding.doubts])
        return f"We are less sure of that than the figures alone suggest ({names}; see below)."
    if finding.case == "small":
        return (
            "We are fairly sure of that: with a size as large as that one, in either direction, "
            "chance alone would seldom give such answers."
        )
    return "We are fairly sure of the direction: chance alone would seldom give such answers."


def limits(finding: Finding) -> tuple[str, ...]:
    """Say what it does not show; what may lie behind it is named only where there is something."""
    behind = (
        ": experience, caseload or the kind of case may lie behind both."
        if finding.directed
        else "."
    )
    return (f"It does not show that one follows from the other{behind}", *_LIMITS)


def doubt_points(finding: Finding) -> Iterator[Point]:
    """Name what it rests on, and each reason to be less sure."""
    if not finding.told:
        return
    users = f"{finding.users[0].upper()}{finding.users[1:]}"
    people = "answers of people" if "waves" in finding.doubts else "people"
    yield "How many", f"{users} {people} of {finding.workers} workers."
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
    judged = (
        f" Whether any difference is smaller than the smallest one of interest is judged by two "
        f"tests, one for each direction, which go with the {percent(1 - 2 * finding.said.alpha)} "
        "interval; that is narrower than this one."
        if finding.case == "small"
        else ""
    )
    return (
        "With workers who score rather high, people's scores may be anything from "
        f"{_way(low)} to {_way(high)} than with workers who score rather low "
        f"({finding.said.level} interval, in percent of the scale).{judged}"
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
