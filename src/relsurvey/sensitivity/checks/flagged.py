"""What if some answers are not like the others: chosen, by proxy, in presence, careless."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from relsurvey.errors import ModelError
from relsurvey.sensitivity.check import Check, Version, left_out
from relsurvey.sensitivity.interaction import interaction
from relsurvey.sensitivity.question import Question
from relsurvey.sensitivity.slope import Slope
from relsurvey.sensitivity.verdicts import versions_sentence
from relsurvey.text import counted

__all__ = ["FLAGS", "Flag", "check_flagged"]


@dataclass(frozen=True, slots=True)
class Flag:
    """A property that an answer has or has not.

    Attributes
    ----------
    option : str
        What the caller names the column by.
    name, question : str
        Of the check.
    without, held : str
        What the two versions are called; where ``held`` is empty, flagged answers are only left
        out.
    """

    option: str
    name: str
    question: str
    without: str
    held: str = ""


FLAGS = (
    Flag("chosen_by", "chosen by worker", "Were service users chosen by their worker?",
         "without those chosen", "being chosen held equal"),
    Flag("proxy", "proxy answers", "Did somebody else answer for the service user?",
         "without proxy answers", "proxy answer held equal"),
    Flag("present", "worker present", "Was the worker there while the service user answered?",
         "without the worker present", "presence held equal"),
    Flag("careless", "careless answers", "Does it hang on answers that look careless?",
         "without careless answers"),
)  # fmt: skip


def check_flagged(question: Question, primary: Slope, flag: Flag, column: str) -> Check:
    """Leave flagged answers out, hold the flag equal, and compare the slopes.

    Parameters
    ----------
    question : Question
        The primary question.
    primary : Slope
        Its answer.
    flag : Flag
        What the column says.
    column : str
        A column of 0 and 1; where it is missing the answer is in none of the versions.

    Returns
    -------
    Check
        The slope without the flagged; with the flag as a covariate; and how much the slope among
        the flagged differs from that among the others.

    Raises
    ------
    ModelError
        Where the column holds anything else but 0 and 1.
    """
    values = question.columns[column]
    require_flag_values(values, flag.option)
    used = question.used()
    unknown = int((used & np.isnan(values)).sum())
    # Among those without it the flag is the same for all, and no covariate any more.
    others = tuple(name for name in question.covariates if name != column)
    without = replace(question, covariates=others).only(values == 0).slope()
    versions = [Version(flag.without, left_out(without, primary, question.threshold))]
    if flag.held and not (used & (values == 1)).any():
        note = "no answer in use has this flag"
        versions.append(Version(flag.held, Slope(note=note)))
    elif flag.held:
        held = question.holding(column).slope()
        versions += [
            Version(flag.held, left_out(held, primary, question.threshold)),
            *interaction(question, column, flag.name),
        ]
    sentence = versions_sentence(versions, primary)
    if unknown:
        shown = (
            counted(unknown, "answer") if unknown >= question.threshold
            else f"Fewer than {question.threshold} answers"
        )  # fmt: skip
        sentence += f" {shown} of which this is not known are in none of these."
    return Check(flag.name, flag.question, tuple(versions), sentence)


def require_flag_values(values: np.ndarray, option: str) -> None:
    """Refuse a flag that is anything else but 0, 1 or missing."""
    known = values[~np.isnan(values)]
    other = np.setdiff1d(known, [0.0, 1.0])
    if len(other):
        raise ModelError(
            f"{option} has to be 0 or 1 in every row; it has other values too, such as "
            f"{other[0]:g}.",
            hint="1 (or True) where it is so, 0 where not, empty where it is not known.",
        )
