"""What a service manager may do with a finding: it follows from certainty and numbers.

Nothing here says that something would follow from doing it: a survey of this kind cannot know.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from relsurvey.reporting.sentences.finding import Finding
from relsurvey.reporting.sentences.reasons import Reason

__all__ = ["considerations"]

Point = tuple[str, str]

_UNSETTLED: Point = (
    "Keep asking",
    "Ask more workers: that narrows the answer more than asking more people of each worker.",
)
_BY_REASON: dict[Reason, Point] = {
    "few workers": (
        "Ask more workers",
        "From so few nothing can be told, and with fewer than fifty workers little. Ask other "
        "teams or services to join.",
    ),
    "few people": (
        "Ask more service users",
        "From so few nothing can be told. Ask people of every worker who takes part.",
    ),
    "left out": (
        "Look at the answers that were left out",
        "The study file names rules by which answers are left out, and few are left. See whether "
        "the rules suit this survey, and whether people had time to answer with care.",
    ),
    "unlinked": (
        "See who can be linked",
        "An answer counts only where it names a worker who answered too. See whether names or "
        "codes of workers are written alike in both files before you ask more people.",
    ),
    "left open": (
        "See which questions were left open",
        "Who leaves too many questions open has no score. Ask people why, and whether the "
        "questions suit them, before you ask more people.",
    ),
    "one each": (
        "Ask more people of each worker",
        "With one person each, a worker cannot be told from the person who answered.",
    ),
    "together": (
        "Ask people of more workers",
        "An answer can be shown only where it rests on enough workers, none of whom has most of "
        "the people.",
    ),
    "alike": (
        "Look at the answers",
        "Scores that are nearly the same for everybody cannot be compared. Ask whether people "
        "felt free to answer, and whether the questions suit them.",
    ),
}


def considerations(finding: Finding, *, unlinked: str, drafts: Sequence[str]) -> tuple[Point, ...]:
    """List what to consider.

    Parameters
    ----------
    finding : Finding
        What was found.
    unlinked : str
        The share of service users who could not be linked, as it may be shown; empty where it is
        small.
    drafts : sequence of str
        Instruments that have not been validated.

    Returns
    -------
    tuple of (str, str)
        What, and why.
    """
    return (
        *_by_case(finding),
        *_unlinked(unlinked),
        *_drafts(drafts),
        (
            "Do not judge a worker by it",
            "No figure here is about one worker. Keep it out of appraisals and supervision of "
            "single workers.",
        ),
    )


def _by_case(finding: Finding) -> Iterator[Point]:
    predictor, outcome = finding.said.predictor.title, finding.said.outcome.title
    if finding.directed:
        yield (
            "Talk it over",
            f"Ask teams and people who use services whether they know this from their own work, "
            f"and what else may go with both {predictor} and {outcome}.",
        )
        yield (
            "Rest no change on this alone",
            f"Only a trial could tell whether {outcome} would differ if {predictor} did.",
        )
        if finding.doubts:
            more = " Ask more workers next time." if "few workers" in finding.doubts else ""
            yield (
                "Ask again before you build on it",
                f"The answer is less sure than it looks, for the reasons above.{more}",
            )
        else:
            yield "Keep asking", "See whether new answers show the same."
    elif finding.case == "small":
        yield (
            "Look elsewhere",
            f"Asking the same again is unlikely to tell more. What else goes with {outcome} may be "
            "worth asking.",
        )
    elif finding.case in {"open", "little"}:
        yield _UNSETTLED if finding.reason == "few workers" else _BY_REASON[finding.reason]
        yield "Until then", "Act as if you did not know."
    else:
        yield _BY_REASON[finding.reason]


def _unlinked(unlinked: str) -> Iterator[Point]:
    if unlinked:
        yield (
            "Find out who is missing",
            f"{unlinked} of the people who answered could not be linked to a worker, and are not "
            "in the comparison.",
        )


def _drafts(drafts: Sequence[str]) -> Iterator[Point]:
    if drafts:
        yield (
            "Take the scores as provisional",
            "The questionnaire in the notice above has not been validated yet."
            if len(drafts) == 1
            else "The questionnaires in the notice above have not been validated yet.",
        )
