"""Why a code stands for no answer, told from the label a file gives it.

The words are those of large surveys (the General Social Survey, the European Social Survey,
Understanding Society, the German SOEP and ALLBUS) and of survey platforms.
"""

from __future__ import annotations

import re

from relsurvey.instruments import fold_label

__all__ = ["missing_reason"]

# Looked for in this order: "not asked, does not apply" was not asked; "don't know / refused" is a
# mix in which not knowing comes first. "NA" by itself is none of them: in surveys that write DK
# and IAP it is short for "no answer", elsewhere for "not applicable".
_WORDS = (
    (
        "not_shown",
        r"not asked|not shown|not displayed|not seen|not presented|not administered|routed?\b"
        r"|routing|skip logic|filtered|\bfilter\b|nicht gezeigt|nicht gestellt|nicht gefragt",
    ),
    (
        "not_applicable",
        r"\biap\b|inapplicable|n[o']?t (?:be )?appl(?:y|icable)|\bn/a\b|\bn\.a\.|not relevant"
        r"|no basis|trifft nicht zu|nicht zutreffend|sans objet|no aplica|no procede"
        r"|niet van toepassing|ikke relevant",
    ),
    (
        "dont_know",
        r"do(?:es)? ?n[o']?t know|\bdk\b|unsure|not sure|uncertain|no opinion"
        r"|can ?(?:no|'|)t (?:choose|say)|weiss nicht|ne sai[st] pas|\bno s(?:abe|é)\b|weet niet"
        r"|v[eé]d ikke|vet ikke|vet inte",
    ),
    (
        "prefer_not",
        r"prefer not|rather not|refus|declin|not say|not to answer|verweiger|möchte nicht"
        r"|no desea",
    ),
)
_PATTERNS = tuple((reason, re.compile(words)) for reason, words in _WORDS)


def missing_reason(label: str) -> str:
    """Return the reason a label gives for a code without an answer; "unanswered" if none.

    Only for codes that a file itself declares missing: the label then says why, not whether.

    Examples
    --------
    >>> missing_reason("IAP"), missing_reason("DK"), missing_reason("No answer")
    ('not_applicable', 'dont_know', 'unanswered')
    """
    folded = fold_label(label)
    return next((reason for reason, words in _PATTERNS if words.search(folded)), "unanswered")
