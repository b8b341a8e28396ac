"""Which respondent a rule flags, and why, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import pdtrc

from relsurvey.quality.respondents import Measured
from relsurvey.quality.rules import RULES, Rule
from relsurvey.quality.runs import mixed_scales, uniform_contradiction
from relsurvey.quality.sheet import AnswerSheet
from relsurvey.text import counted, p_value_text, readable

__all__ = ["FEWEST_ANSWERS", "Judged", "judged"]

Array: TypeAlias = npt.NDArray[np.float64]
Truths: TypeAlias = npt.NDArray[np.bool_]

# Over few scales an honest answerer's halves agree by chance: people differ little between scales.
FEWEST_SCALES = 10
# One answer throughout is no wonder where there are few.
FEWEST_ANSWERS = 5
RUNS = ("longstring", "no_variation")
# An equal pattern speaks for itself where chance gives this share of those found, and where among
# so many respondents it would give so many to anybody no more often than this.
MOST_BY_CHANCE = 0.05
NO_REVERSED = (
    "no scale has items keyed both ways, so that one answer throughout can be meant; "
    "contradicting=False (--any-run) judges it all the same"
)


@dataclass(frozen=True, eq=False)
class Judged:
    """What the rules found.

    Attributes
    ----------
    flags : pandas.DataFrame
        One row a flag, as ``QualityResult.flags``.
    rules : pandas.DataFrame
        One row a rule: ``rule, looks_at, threshold, source, judged, n_flagged, note``.
    flagged : dict of str to ndarray of bool
        Respondents, by rule.
    """

    flags: pd.DataFrame
    rules: pd.DataFrame
    flagged: dict[str, Truths]


@dataclass(frozen=True, eq=False)
class _Verdict:
    """Whom a rule flags, the figure compared, and its explanation for one respondent."""

    who: Truths
    value: Array
    why: Callable[[int], str]


@dataclass(frozen=True, eq=False)
class _Case:
    """All that rules look at."""

    sheet: AnswerSheet
    found: Measured
    contradicting: bool

    def column(self, name: str) -> Array:
        return self.found.table[name].to_numpy(dtype=np.float64)


def judged(
    sheet: AnswerSheet, found: Measured, thresholds: Mapping[str, float], *, contradicting: bool
) -> Judged:
    """Apply every rule to every respondent.

    Parameters
    ----------
    sheet, found : AnswerSheet, Measured
        The answers and what was measured on them.
    thresholds : mapping of str to float
        By rule.
    contradicting : bool
        Whether a run of one answer counts only where it contradicts itself.
    """
    case = _Case(sheet, found, contradicting)
    ids = found.table["respondent_id"].to_numpy()
    rows = found.table["row"].to_numpy()
    parts, table, flagged = [], [], {}
    for rule in RULES:
        threshold = thresholds[rule.name]
        obstacle = _obstacle(rule.name, case)
        who = np.zeros(sheet.n, dtype=bool)
        if not obstacle:
            verdict = _JUDGES[rule.name](case, threshold)
            who = verdict.who
            places = np.flatnonzero(who)
            part = {
                "respondent_id": ids[places],
                "row": rows[places],
                "rule": rule.name,
                "value": verdict.value[places],
                "threshold": threshold,
                "why": [verdict.why(place) for place in places.tolist()],
            }
            parts.append(pd.DataFrame(part))
        flagged[rule.name] = who
        table.append(
            {
                "rule": rule.name,
                "looks_at": _looks_at(rule, contradicting=contradicting),
                "threshold": threshold,
                "source": rule.source,
                "judged": not obstacle,
                "n_flagged": int(who.sum()),
                "note": obstacle,
            }
        )
    flags = pd.concat(parts, ignore_index=True)
    return Judged(flags.astype({"rule": "str", "why": "str"}), pd.DataFrame(table), flagged)


def _looks_at(rule: Rule, *, contradicting: bool) -> str:
    """Return the rule as it was applied."""
    if not contradicting or rule.name not in RUNS:
        return rule.looks_at
    return f"{rule.looks_at}, and the answer contradicts itself (items keyed both ways)"


def _obstacle(rule: str, case: _Case) -> str:
    """Say why a rule cannot be judged at all; nothing where it can."""
    sheet, table = case.sheet, case.found.table
    if rule in RUNS and case.contradicting and not mixed_scales(sheet):
        return NO_REVERSED
    if rule == "too_fast" and "seconds_per_item" not in table:
        return "the file does not say how long people took"
    if rule == "attention" and "attention_failed" not in table:
        return "no attention item was named"
    halved = sum(len(one) > 1 for one in sheet.scales.values())
    if rule == "inconsistent" and halved < FEWEST_SCALES:
        return (
            f"{counted(halved, 'scale')} of two items or more; with fewer than {FEWEST_SCALES} "
            "the halves of honest answers disagree often"
        )
    if rule == "outlier" and sheet.n and not np.isfinite(case.column("mahalanobis_d2")).any():
        return "there is no Mahalanobis distance"
    if rule == "duplicate_id" and not _has_ids(sheet):
        return "no column with ids of respondents was named"
    if rule == "same_worker_answers" and not _of_users(sheet):
        return "no worker is named beside the respondent"
    return ""


def _has_ids(sheet: AnswerSheet) -> bool:
    return sheet.named or sheet.worker_answered


def _of_users(sheet: AnswerSheet) -> bool:
    return "worker_id" in sheet.people and not sheet.worker_answered


def _mostly_missing(case: _Case, threshold: float) -> _Verdict:
    value = case.column("missing_share")
    answered, asked = case.column("n_answered"), case.column("n_asked")
    return _Verdict(
        value > threshold,
        value,
        lambda i: f"{answered[i]:.0f} of {counted(int(asked[i]), 'item')} answered",
    )


def _attention(case: _Case, threshold: float) -> _Verdict:
    failed, passed = case.column("attention_failed"), case.column("attention_passed")
    return _Verdict(
        failed >= threshold,
        failed,
        lambda i: (
            f"{failed[i]:.0f} of {counted(int(failed[i] + passed[i]), 'attention item')} "
            "answered otherwise than asked for"
        ),
    )


def _too_fast(case: _Case, threshold: float) -> _Verdict:
    value = case.column("seconds_per_item")
    return _Verdict(
        value < threshold,
        value,
        lambda i: f"{readable(value[i])} seconds an answer for the whole form",
    )


def _no_variation(case: _Case, threshold: float) -> _Verdict:
    value, answered = case.column("irv"), case.column("n_answered")
    who = (value <= threshold) & (answered >= FEWEST_ANSWERS)
    if case.contradicting:
        places = np.flatnonzero(who & (value == 0))
        who = np.zeros(case.sheet.n, dtype=bool)
        who[places[uniform_contradiction(case.sheet, places)]] = True
    else_words = "also to reverse-keyed items" if case.contradicting else "or nearly"
    return _Verdict(
        who, value, lambda i: f"the same answer to all {answered[i]:.0f} items, {else_words}"
    )


def _longstring(case: _Case, threshold: float) -> _Verdict:
    run = case.column("longstring_contradicting" if case.contradicting else "longstring")
    asked = case.column("n_asked")
    share = np.divide(run, asked, out=np.full(run.shape, np.nan), where=asked > 0)
    more = ", across items that say the opposite" if case.contradicting else ""
    return _Verdict(
        (share >= threshold) & (run >= FEWEST_ANSWERS),
        share,
        lambda i: f"the same answer to {run[i]:.0f} of {asked[i]:.0f} items in a row{more}",
    )


def _inconsistent(case: _Case, threshold: float) -> _Verdict:
    value, scales = case.column("even_odd"), case.column("even_odd_scales")
    return _Verdict(
        (value < threshold) & (scales >= FEWEST_SCALES),
        value,
        lambda i: f"the halves of {scales[i]:.0f} scales agree by {readable(value[i])} only",
    )


def _outlier(case: _Case, threshold: float) -> _Verdict:
    p, squared, df = (case.column(f"mahalanobis_{name}") for name in ("p", "d2", "df"))
    return _Verdict(
        p < threshold,
        p,
        lambda i: (
            f"an unusual combination of answers: D-squared {readable(squared[i])} over "
            f"{counted(int(df[i]), 'item')}, {p_value_text(p[i])}"
        ),
    )


def _duplicate_id(case: _Case, threshold: float) -> _Verdict:
    value = case.column("rows_with_id")
    return _Verdict(value >= threshold, value, lambda i: f"{value[i]:.0f} rows have this id")


def _duplicate_answers(case: _Case, threshold: float) -> _Verdict:
    same = case.found.alike
    return _equal_patterns(case, threshold, same.others, same.by_chance, "other respondents")


def _same_worker(case: _Case, threshold: float) -> _Verdict:
    same = case.found.alike
    others, by_chance = same.others_same_worker, same.by_chance_same_worker
    return _equal_patterns(case, threshold, others, by_chance, "others with the same worker")


def _equal_patterns(
    case: _Case, threshold: float, others: npt.NDArray[np.int64], by_chance: Array, whom: str
) -> _Verdict:
    same = case.found.alike
    # On a short form somebody will be equal to somebody: everybody could have been the one.
    anybody = case.sheet.n * pdtrc(others - 1.0, by_chance)
    telling = (
        (same.varied >= threshold)
        & (by_chance < MOST_BY_CHANCE * others)
        & (anybody < MOST_BY_CHANCE)
    )
    k = len(case.sheet.items)
    return _Verdict(
        (others > 0) & telling,
        same.varied,
        lambda i: (
            f"the same answers to all {k} items as {others[i]:,} {whom}; "
            f"{readable(by_chance[i])} would be expected by chance"
        ),
    )


_JUDGES: Mapping[str, Callable[[_Case, float], _Verdict]] = {
    "mostly_missing": _mostly_missing,
    "attention": _attention,
    "too_fast": _too_fast,
    "no_variation": _no_variation,
    "longstring": _longstring,
    "inconsistent": _inconsistent,
    "outlier": _outlier,
    "duplicate_id": _duplicate_id,
    "duplicate_answers": _duplicate_answers,
    "same_worker_answers": _same_worker,
}
