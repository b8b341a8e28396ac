"""The rules by which a respondent is flagged: what each looks at, from where on, whose it is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any

from relsurvey.errors import ModelError, listed, suggestion

__all__ = ["CAUTION", "RULES", "Rule", "chosen_rules", "thresholds_of", "wrong_threshold"]

CAUTION = (
    "A flag is a question, not a verdict. People with little schooling, who answer in a second "
    "language or with help, overlook reversed wording more often; people who are content give the "
    "best answer throughout; an outlier is often somebody who had a bad experience where most had "
    "a good one. To leave them out biases the result towards everybody else. Look at who is "
    "flagged, name the rules before looking at the outcome, and report the analysis with and "
    "without."
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes
    ----------
    name : str
        As in ``exclude=`` and in the flags.
    looks_at : str
        What is compared with the threshold, in words.
    threshold : float
        By default.
    lowest, highest : float
        Between which a threshold has to be.
    source : str
        Who uses it, or that it is a convention.
    """

    name: str
    looks_at: str
    threshold: float
    lowest: float
    highest: float
    source: str


RULES = (
    Rule(
        "mostly_missing",
        "share of items without an answer is above it ('does not apply' is an answer)",
        0.5,
        0.0,
        1.0,
        "half rule (Fairclough & Cella 1996)",
    ),
    Rule(
        "attention",
        "attention items answered otherwise than asked for are at least so many",
        1,
        1,
        1000,
        "Meade & Craig 2012",
    ),
    Rule(
        "too_fast",
        "seconds an answer are below it (time of the whole form, so the true figure is lower)",
        2.0,
        0.0,
        math.inf,
        "Huang et al. 2012",
    ),
    Rule(
        "no_variation",
        "standard deviation over five or more raw answers (IRV) is not above it",
        0.0,
        0.0,
        math.inf,
        "Dunn et al. 2018",
    ),
    Rule(
        "longstring",
        "longest run of one raw answer, as a share of the items asked, is at least it",
        0.5,
        0.0,
        1.0,
        "half the items (Curran 2016)",
    ),
    Rule(
        "inconsistent",
        "even-odd consistency over ten or more scales is below it",
        0.30,
        -1.0,
        1.0,
        "Jackson 1976, in Johnson 2005",
    ),
    Rule(
        "outlier",
        "p value of the Mahalanobis distance is below it",
        0.001,
        0.0,
        1.0,
        "Tabachnick & Fidell 2013",
    ),
    Rule(
        "duplicate_id",
        "rows with the same id (in the same wave) are at least so many",
        2,
        2,
        math.inf,
        "an id stands for one person",
    ),
    Rule(
        "duplicate_answers",
        "share of answers off the respondent's commonest one (raw and keyed), where somebody else "
        "gave the same answers to everything, is at least it",
        0.25,
        0.0,
        1.0,
        "convention of this package",
    ),
    Rule(
        "same_worker_answers",
        "the same, where the other is with the same worker",
        0.10,
        0.0,
        1.0,
        "convention of this package",
    ),
)
_BY_NAME = {rule.name: rule for rule in RULES}


def chosen_rules(names: Iterable[str]) -> tuple[str, ...]:
    """Return names of rules in the order of ``RULES``, each once.

    Raises
    ------
    ModelError
        Where one is no rule.

    Examples
    --------
    >>> chosen_rules(["outlier", "attention"])
    ('attention', 'outlier')
    """
    if not isinstance(names, Iterable):
        raise ModelError(
            f"exclude has to be names of rules; it is {names!r}.",
            hint='For instance exclude=["attention"]; exclude=[] leaves nobody out.',
        )
    wanted = [names] if isinstance(names, str) else list(names)
    _require_known(wanted)
    return tuple(name for name in _BY_NAME if name in wanted)


def thresholds_of(changes: Mapping[str, float] | None) -> dict[str, float]:
    """Return the threshold of every rule, some of them changed.

    Raises
    ------
    ModelError
        Where a name is no rule, or a threshold is not a number within its bounds.

    Examples
    --------
    >>> thresholds_of({"too_fast": 1.5})["too_fast"]
    1.5
    """
    if changes is not None and not isinstance(changes, Mapping):
        raise ModelError(
            f"thresholds has to be a mapping from a rule to a number; it is {changes!r}.",
            hint='For instance thresholds={"longstring": 0.7}.',
        )
    given = dict(changes or {})
    _require_known(list(given))
    wrong = [
        {"rule": name, "threshold": value, "allowed": allowed}
        for name, value in given.items()
        if (allowed := wrong_threshold(name, value))
    ]
    if wrong:
        raise ModelError(
            f"Thresholds that cannot be: {listed([str(row['rule']) for row in wrong])}.",
            hint='For instance thresholds={"longstring": 0.7}.',
            failures=wrong,
        )
    return {rule.name: float(given.get(rule.name, rule.threshold)) for rule in RULES}


def wrong_threshold(name: str, value: object) -> str:
    """Say what the threshold of a rule may be, where it is not that; otherwise nothing.

    Examples
    --------
    >>> wrong_threshold("outlier", 7), wrong_threshold("outlier", 0.01)
    ('a number of 0 to 1', '')
    """
    rule = _BY_NAME[name]
    number = float(value) if isinstance(value, Real) and not isinstance(value, bool) else math.nan
    if math.isfinite(number) and rule.lowest <= number <= rule.highest:
        return ""
    upper = f" to {rule.highest:g}" if math.isfinite(rule.highest) else " or more"
    return f"a number of {rule.lowest:g}{upper}"


def _require_known(names: list[Any]) -> None:
    unknown = [name for name in names if not isinstance(name, str) or name not in _BY_NAME]
    if unknown:
        near = suggestion(str(unknown[0]), _BY_NAME)
        guess = f"Did you mean {near!r}? " if near else ""
        raise ModelError(
            f"There is no rule {listed([repr(name) for name in unknown])}.",
            hint=f"{guess}The rules: {listed(list(_BY_NAME), most=20)}.",
        )
