"""Whether it hangs on one worker, or on one team."""

from __future__ import annotations

import pandas as pd
from scipy.special import stdtr

from relsurvey.association.associate import primary_df
from relsurvey.association.models.influence import LeaveOneOut, leave_one_out
from relsurvey.errors import ModelError
from relsurvey.sensitivity.check import Check, Version
from relsurvey.sensitivity.question import Question
from relsurvey.sensitivity.slope import Slope
from relsurvey.text import counted, readable

__all__ = ["check_one_left_out"]

# Refits times workers in each: some half a minute. Beyond, no one worker weighs much.
MOST_REFITTED = 4_000_000


def check_one_left_out(question: Question, unit: str) -> Check:
    """Leave out one worker, or one team, after the other; each slope is an exact refit.

    Parameters
    ----------
    question : Question
        The primary question.
    unit : {"worker", "team"}
        What is left out.

    Returns
    -------
    Check
        The lowest and the highest slope, and without how many units, taken one at a time, sign
        or verdict are other ones. Which they are is not said, and no one is counted beside
        those slopes, since that would tell of one: ``leave_one_out`` tells the analyst.
    """
    name, asked = f"one {unit} left out", f"Does it hang on one {unit}?"
    ready = question.prepared(each_within=True)
    refits = ready.sums.n_groups if unit == "worker" else (ready.sums.n_parents or 0)
    if refits * ready.sums.n_groups > MOST_REFITTED:
        why = Slope(
            note=f"not run: {refits:,} refits with {ready.sums.n_groups:,} workers take long, and "
            f"among so many one {unit} weighs little"
        )
        return Check(name, asked, (Version("slope", why),), "This was not tried: they are many.")
    try:
        found = leave_one_out(
            ready.sums, ready.outcome, ready.terms, focus=ready.predictor, df=primary_df(ready),
            confidence=question.confidence, level="group" if unit == "worker" else "parent",
        )  # fmt: skip
    except ModelError as problem:
        why = Slope(note=f"not possible: {problem.message}")
        return Check(name, asked, (Version("slope", why),), "This cannot be tried.")
    fitted = found.groups[found.groups["estimate"].notna()]
    if not len(fitted):
        why = Slope(note=f"the model needs every {unit}")
        return Check(name, asked, (Version("slope", why),), f"The model needs every {unit}.")
    counts = {"sign": found.n_sign_changes, "verdict": found.n_verdict_changes}
    versions = (
        Version("slope at its lowest", _slope(fitted, fitted["estimate"].idxmin())),
        Version("slope at its highest", _slope(fitted, fitted["estimate"].idxmax())),
        *(
            Version(f"{what} is another one", Slope(float(count)), f"number of {unit}s")
            for what, count in counts.items()
        ),
    )
    return Check(name, asked, versions, _sentence(found, unit))


def _slope(refits: pd.DataFrame, which: object) -> Slope:
    row = refits.loc[[which]]
    ratio = (row["estimate"] / row["std_error"]).abs()
    return Slope.of(row.assign(p_value=2.0 * stdtr(row["df"], -ratio)))


def _sentence(found: LeaveOneOut, unit: str) -> str:
    text = (
        f"With each of {counted(found.n_fitted, unit)} left out in turn, the slope lies between "
        f"{readable(found.lowest)} and {readable(found.highest)}; "
    )
    signs, others = found.n_sign_changes, found.n_verdict_changes
    if not signs and not others:
        text += "sign and verdict never change."
        if found.fewest_for_verdict is not None:
            together = counted(found.fewest_for_verdict, unit)
            text += f" Leaving out {together} together, chosen for it, changes the verdict."
        return text
    parts = []
    if signs:
        parts.append(f"{_one_of(signs, unit)} turns its sign")
    if others:
        parts.append(f"{_one_of(others, unit)} changes the verdict")
    return text + "; ".join(parts) + "."


def _one_of(count: int, unit: str) -> str:
    """Say for how many units leaving out that one alone does something."""
    return f"for {count:,} of these {unit}s, leaving out that one alone"
