"""Sentences for people who answered: short words, no terms of statistics, no reasons claimed.

Titles of scores, which are the instrument's own, stand in quotation marks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from relsurvey.reporting.sentences.differing import Differing, Sign
from relsurvey.reporting.sentences.finding import Doubt, Finding
from relsurvey.reporting.sentences.reasons import Reason
from relsurvey.text import and_list

__all__ = [
    "SOME_SHOWN",
    "answered_words",
    "certainty_words",
    "found_words",
    "handling_words",
    "in_ten",
    "named",
    "not_known",
    "share_words",
    "size_words",
    "told_words",
]

SOME_SHOWN = "We show only some of the scores here, to keep this page short and safe."
STEPS = 100
NEARLY_ALL, HARDLY_ANY = "nearly all", "hardly any"

OTHER_WAYS = "We checked it in other ways too, and not all of them say the same."
_DOUBTS: dict[Doubt, str] = {
    "few workers": "Only a few workers took part.",
    "other methods": OTHER_WAYS,
    "other choices": OTHER_WAYS,
    "bend": "The link is not the same for low scores as for high scores.",
    "edge": "It may look more sure than it is.",
    "waves": "One person may have answered more than once, and each time counts.",
    "unfinished": "Some of our sums did not come to an end.",
}
_WHY: dict[Reason, str] = {
    "few workers": "Too few workers took part.",
    "few people": "Too few people took part.",
    "left out": "Too many answers had to be left out.",
    "unlinked": "Too few answers could be joined to those of a worker.",
    "left open": "Too many questions were left open.",
    "one each": "We have just one person’s answers for each worker.",
    "together": "Too few workers had enough people who took part.",
    "alike": "The scores were too much alike.",
}
_NEXT: dict[Reason, str] = {
    "few workers": "More workers need to take part.",
    "few people": "More people need to take part.",
    "unlinked": "More answers need to name a worker who took part.",
    "left open": "More questions need to be answered.",
    "one each": "More people need to take part.",
    "together": "More people need to take part.",
}


def named(title: str) -> str:
    """Return a score's title in quotation marks, as a name that needs no reading.

    Examples
    --------
    >>> named("Security"), named("“Security and more”")
    ('“Security”', '“Security and more”')
    """
    return f"“{title.strip('“”')}”"


def told_words(finding: Finding) -> str:
    """Say what was asked of whom, what the two scores are called, and what a high one is."""
    high = (
        " “High” and “low” are where about the top and the lowest 1 in 6 workers start."
        if size_words(finding)
        else ""
    )
    return (
        f"Thank you for taking part. We call a worker’s score "
        f"{named(finding.said.predictor.title)}, and yours {named(finding.said.outcome.title)}."
        f"{high}"
    )


def answered_words(count: str, *, waves: bool = False) -> str:
    """Say how many people answered; in several waves, where one may have twice, how often.

    Examples
    --------
    >>> answered_words("about 900")
    'About 900 people answered.'
    >>> answered_words("about 900", waves=True)
    'We have about 900 answers.'
    """
    if waves:
        return f"We have {count} answers."
    return f"{count[:1].upper()}{count[1:]} people answered."


def found_words(finding: Finding) -> str:
    """Say what was found in a few short sentences."""
    worker, yours = (
        named(finding.said.predictor.title),
        named(finding.said.outcome.title),
    )
    found = _found_words(finding, worker, yours)
    return " ".join(filter(None, (found, _differing_words(finding.differing))))


def _found_words(finding: Finding, worker: str, yours: str) -> str:
    """Say what was found of the link itself."""
    if finding.directed:
        return (
            f"If a worker had a higher {worker} score, the people they work with gave "
            f"{finding.case} {yours} scores. This is so on the whole, not for each one."
        )
    if finding.case == "small":
        return (
            f"The {worker} score of a worker and the {yours} scores of the people they work with "
            "hardly go together. If there is a link, it is too small to matter here."
        )
    if finding.case in {"open", "little"}:
        return (
            f"We cannot tell if people gave higher or lower {yours} scores when their worker had a "
            f"higher {worker} score. It could be higher, lower or the same."
        )
    if finding.case == "few":
        return (
            f"{_WHY[finding.reason]} We cannot say if the {worker} score of a worker and the "
            f"{yours} scores of the people they work with go together."
        )
    if finding.case == "withheld":
        return (
            f"We do not show how the {worker} score of a worker and the {yours} scores of people "
            f"go together. {_WHY[finding.reason]} Someone might be known by it."
        )
    return (
        f"We could not work out if the {worker} score of a worker and the {yours} scores of the "
        f"people they work with go together. {_WHY[finding.reason]}"
    )


def _differing_words(found: Differing | None) -> str:
    """Say whether the link is the same wherever the third score is high or low."""
    if found is None:
        return ""
    name = named(found.moderator)
    if found.way == "withheld":
        return f"We do not show if this is the same where {name} is high or low."
    if found.way in {"open", "unknown"}:
        return f"We cannot tell if this is the same where {name} is high or low."
    if found.alike and found.above == "open":
        return f"This is not the same where {name} is high as where it is low."
    if found.alike:
        return f"The link is stronger where {name} is {'high' if found.stronger_above else 'low'}."
    return (
        f"This is not the same everywhere. Where {name} is high, "
        f"{_end_words(found.above)}. Where it is low, {_end_words(found.below)}."
    )


def _end_words(sign: Sign) -> str:
    if sign == "open":
        return "we cannot tell"
    return f"people whose worker scored higher gave {sign} scores"


def size_words(finding: Finding) -> str:
    """Say how far apart scores are, in steps from 0 to 100; nothing where no direction is said."""
    apart = abs(finding.difference[0]) * STEPS
    if not finding.directed or not math.isfinite(apart):
        return ""
    small = " That is too small to matter here." if finding.trivial else ""
    way = "above" if finding.case == "higher" else "below"
    if apart < 1:
        far = f"less than 1 step {way}"
    else:
        far = f"about {apart:.0f} {'step' if f'{apart:.0f}' == '1' else 'steps'} {way}"
    return (
        "On a scale of 100 steps, people whose worker has a high score are "
        f"{far} people whose worker has a low score.{small}"
    )


def certainty_words(finding: Finding) -> str:
    """Say how sure that is."""
    if finding.case in {"open", "little"}:
        not_none = "That does not mean there is no link. It means we do not know yet."
        return " ".join([not_none, *(_DOUBTS[doubt] for doubt in finding.doubts)])
    if finding.case in {"few", "withheld", "none"}:
        return f"So we do not know yet. {_NEXT.get(finding.reason, '')}".rstrip()
    held = _held_words(finding.said.covariates)
    if not finding.doubts:
        return " ".join(["We are fairly sure of this.", *held])
    return " ".join(
        [
            "We are not very sure of this.",
            *dict.fromkeys(_DOUBTS[doubt] for doubt in finding.doubts),
            *held,
        ]
    )


def _held_words(covariates: Sequence[str]) -> list[str]:
    if not covariates:
        return []
    return [f"We took {and_list([named(title) for title in covariates])} into account."]


def not_known(finding: Finding) -> tuple[str, ...]:
    """Say what nobody can know from this."""
    why = ("Why it is so. Other things may lie behind it.",) if finding.directed else ()
    return (
        *why,
        "What any one worker is like. This is not about who is a good worker.",
        "What people who did not take part think.",
    )


def handling_words(fewest: int, *, rounded: bool) -> tuple[str, ...]:
    """Say who can see the answers, and what is kept back.

    Parameters
    ----------
    fewest : int
        Smallest group of which anything is shown.
    rounded : bool
        Whether numbers of people are rounded.
    """
    about = ("We round numbers of people, so that no one can be known.",) if rounded else ()
    return (
        "The study team keeps your answers. You can ask who sees them.",
        "No one’s own answers are on this page.",
        f"We show nothing about a group of fewer than {fewest} people.",
        *about,
    )


def in_ten(share: float) -> int:
    """Return how many of ten people a share comes to.

    Examples
    --------
    >>> in_ten(0.84), in_ten(0.25), in_ten(0.02)
    (8, 3, 0)
    """
    return math.floor(10 * share + 0.5)


def share_words(share: float, *, alike: bool = False) -> str:
    """Say a share of people in words; ``alike`` where it holds for every one, or for no one.

    Examples
    --------
    >>> [share_words(share) for share in (0.84, 0.98, 0.01, 1.0, 0.52)]
    ['about 8 in 10', 'nearly all', 'hardly any', 'nearly all', 'about 5 in 10']
    >>> share_words(1.0, alike=True), share_words(0.0, alike=True)
    ('all', 'none')
    """
    if alike:
        return "all" if share else "none"
    tenths = in_ten(share)
    return {0: HARDLY_ANY, 10: NEARLY_ALL}.get(tenths, f"about {tenths} in 10")
