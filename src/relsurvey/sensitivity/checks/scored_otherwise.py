"""What another rule for answers that do not apply, or another outcome score, makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from relsurvey.sensitivity.check import Check, Version, left_out
from relsurvey.sensitivity.question import Question
from relsurvey.sensitivity.slope import Slope
from relsurvey.sensitivity.verdicts import versions_sentence

__all__ = ["ASKED", "NAME", "check_not_applicable"]

NAME = "does-not-apply"
ASKED = "Does it hang on how answers that do not apply were scored?"


def check_not_applicable(question: Question, primary: Slope, scored: Mapping[str, str]) -> Check:
    """Estimate the slope on the outcome scored by other rules.

    Parameters
    ----------
    question : Question
        The primary question.
    primary : Slope
        Its answer.
    scored : mapping of str to str
        What was done ("as best"), and the column of the outcome so scored.

    Returns
    -------
    Check
        One slope for each.
    """
    versions = tuple(
        Version(
            label,
            left_out(replace(question, outcome=column).slope(), primary, question.threshold),
        )
        for label, column in scored.items()
    )
    return Check(NAME, ASKED, versions, versions_sentence(versions, primary))
