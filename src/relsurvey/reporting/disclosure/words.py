"""The rules for small groups, as the methods section of a report tells them."""

from __future__ import annotations

from relsurvey.small_groups import PRESETS, USUAL_BASE, SmallGroupRules
from relsurvey.text import and_list

__all__ = ["rules_in_words"]

NAMES = {
    "threshold": "the threshold",
    "round_to": "rounding",
    "zeros": "counts of nobody",
    "service_users_per_worker": "service users for each worker",
    "workers_per_cell": "workers behind a figure",
    "workers_per_team": "workers for each team",
}


def rules_in_words(rules: SmallGroupRules) -> str:
    """Tell by which numbers small groups are protected, and where they come from.

    Parameters
    ----------
    rules : SmallGroupRules
        The numbers of a study file.

    Returns
    -------
    str
        Some sentences; one of them says which numbers differ from the preset, if any does.

    Examples
    --------
    >>> print(rules_in_words(PRESETS["nhs7"]).split(". ")[0])
    Small groups are protected by the preset “nhs7”
    """
    sentences = [_source(rules), _counts(rules), _rounding(rules), _statistics(rules)]
    return " ".join(sentence for sentence in sentences if sentence)


def _source(rules: SmallGroupRules) -> str:
    if rules.preset not in PRESETS:
        return ""
    start = f"Small groups are protected by the preset “{rules.preset}”"
    differing = rules.differing()
    if not differing:
        return f"{start}."
    told = [
        f"{NAMES[name]} ({_value(own)} instead of {_value(usual)})"
        for name, (usual, own) in differing.items()
    ]
    return f"{start}, but the study file settles otherwise, and that is what counts: " + (
        f"{and_list(told)}."
    )


def _value(value: object) -> str:
    return "as usual" if value is None else str(value)


def _counts(rules: SmallGroupRules) -> str:
    few = f"Counts below {rules.threshold}"
    zero = "counts of nobody among them" if rules.zeros == "withheld" else "those of nobody not"
    return (
        f"{few} ({zero}), and what would give them away by subtraction, are withheld or rounded; "
        "where cells of a table are withheld, it was checked by solving its sums that none of "
        "them can be worked out."
    )


def _rounding(rules: SmallGroupRules) -> str:
    if rules.round_to is None:
        return (
            "Other counts are exact, unless a small part could be worked out from them: then all "
            f"counts of that group of people are rounded to the nearest {USUAL_BASE}, and "
            "intervals and p values that would tell the exact count are made from the rounded one."
        )
    return (
        f"After that, all other counts are rounded to the nearest {rules.round_to}. How many "
        "answered, were linked and are in an analysis is the same wherever it stands, and who is "
        "left over between two of them is what the rounded numbers leave. Any other total is the "
        "sum of the rounded numbers below it, which can differ a little from these, and shares in "
        "the table of who people are were made anew from it. Intervals and p values that would "
        "tell an exact count were made from the rounded one."
    )


def _statistics(rules: SmallGroupRules) -> str:
    least = rules.service_users_per_worker
    with_users = f" with {least} service users or more each" if least > 1 else ""
    teams = (
        f" A team counts as one only with {rules.workers_per_team} workers or more."
        if rules.workers_per_team > 1
        else ""
    )
    return (
        f"No mean, standard deviation, alpha or figure is of fewer than {rules.threshold} people; "
        f"none of service users rests on fewer than {rules.workers_needed} workers{with_users}. "
        f"No single score, smallest or largest, is shown, and nothing of one worker.{teams}"
    )
