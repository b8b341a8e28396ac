"""Whether the slope differs with length, stage and continuity of the relationship."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from relsurvey.sensitivity.check import Check, Version
from relsurvey.sensitivity.interaction import interaction
from relsurvey.sensitivity.question import Question
from relsurvey.sensitivity.slope import Slope
from relsurvey.text import p_value_text, readable

__all__ = ["MODERATORS", "Moderator", "check_moderator", "check_stages"]

DIFFERENCE = "difference in slope"


@dataclass(frozen=True, slots=True)
class Moderator:
    """A property of the relationship; ``option`` is what the caller names its column by."""

    option: str
    name: str
    question: str


MODERATORS = (
    Moderator("length", "length of relationship",
              "Does the slope differ with how long they have known each other?"),
    Moderator("stage", "stage of relationship",
              "Does the slope differ with the stage of the relationship?"),
    Moderator("required", "required or asked for",
              "Does the slope differ where involvement was required or asked for?"),
    Moderator("continuity", "continuity of worker",
              "Does the slope differ with the continuity of the worker?"),
)  # fmt: skip


def check_moderator(question: Question, moderator: Moderator, column: str) -> Check:
    """Test whether the slope differs with a number column, and give simple slopes.

    Parameters
    ----------
    question : Question
        The primary question.
    moderator : Moderator
        What the column is.
    column : str
        A number column, of the worker or of the service user.

    Returns
    -------
    Check
        See ``interaction`` for model, centring and references.
    """
    versions = tuple(interaction(question, column, moderator.name))
    return Check(
        moderator.name, moderator.question, versions, _sentence(versions, 1.0 - question.confidence)
    )


def check_stages(
    question: Question, moderator: Moderator, column: str, labels: Sequence[str], given: str = ""
) -> Check:
    """Compare the slope between categories, each with all others.

    Parameters
    ----------
    question : Question
        The primary question.
    moderator : Moderator
        What the column is.
    column : str
        A column of codes of categories; NaN where none is known.
    labels : sequence of str
        Their names, in the order of the codes.
    given : str, optional
        What the column is called among the covariates, where it is one of them too.

    Returns
    -------
    Check
        For each category of at least ``threshold`` service users, how much the slope in it
        differs from that among all others, and the slope in it. P values are multiplied by the
        number of categories compared (Bonferroni).
    """
    codes = question.columns[column]
    used = question.used()
    held = [code for code in range(len(labels)) if (used & (codes == code)).any()]
    sizes = {code: int((used & (codes == code)).sum()) for code in held}
    enough = [code for code in held if sizes[code] >= question.threshold]
    versions: list[Version] = []
    for code in enough:
        own = np.where(np.isnan(codes), np.nan, (codes == code).astype(np.float64))
        name = f"stage {labels[code]}"
        made = question.without_level(given, labels[code]).having(**{name: own})
        versions += [
            Version(f"{labels[code]}: {one.name}", _adjusted(one.found, len(enough)), one.quantity)
            for one in interaction(made, name, labels[code])
            if not one.name.endswith(" is 0")
        ]
    sentence = (
        _sentence(versions, 1.0 - question.confidence)
        if versions
        else "No category has enough service users."
    )
    if len(held) > len(enough):
        sentence += f" Categories of fewer than {question.threshold} service users are not shown."
    return Check(moderator.name, moderator.question, tuple(versions), sentence)


def _adjusted(found: Slope, times: int) -> Slope:
    return replace(found, p_value=min(1.0, found.p_value * times))


def _sentence(versions: Sequence[Version], alpha: float) -> str:
    tested = [one for one in versions if DIFFERENCE in one.name]
    known = [one for one in tested if not math.isnan(one.found.p_value)]
    if not known:
        return f"This cannot be tested ({tested[0].found.note})." if tested else ""
    shown = [one for one in known if one.found.p_value < alpha]
    if not shown:
        least = min(one.found.p_value for one in known)
        return (
            f"It is not shown that the slope differs (smallest {p_value_text(least)}); such a "
            "test finds only large differences."
        )
    parts = [
        f"{one.name} {readable(one.found.estimate)} ({p_value_text(one.found.p_value)})"
        for one in shown
    ]
    return f"The slope differs: {'; '.join(parts)}."
