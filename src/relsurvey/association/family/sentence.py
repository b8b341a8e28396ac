"""A family of tests in plain English: how many, and which stand after adjustment."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from relsurvey.association.family.result import ADJUSTMENTS
from relsurvey.errors import listed
from relsurvey.text import and_list, counted, p_value_text, percent, readable

__all__ = ["family_sentence"]


def family_sentence(table: pd.DataFrame, alpha: float, confidence: float) -> str:
    """Say what a family of tests has found.

    Parameters
    ----------
    table : pandas.DataFrame
        As in ``FamilyResult``.
    alpha, confidence : float
        Level of the tests, coverage of the intervals.

    Returns
    -------
    str
        The primary pair first, as it was fixed beforehand and is not adjusted; then how many of
        the others stand, raw and under each adjustment, and which stand under all.
    """
    others = table[~table["primary"] & table["p_value"].notna()]
    parts = [_primary(row, confidence) for row in table[table["primary"]].to_dict("records")]
    if len(others):
        parts.append(_others(others, alpha, kept_apart=bool(parts)))
    return " ".join(parts)


def _primary(row: Mapping[Any, Any], confidence: float) -> str:
    name = f"The primary pair, {row['outcome']} by {row['predictor']}, fixed beforehand"
    if math.isnan(row["p_value"]):
        return f"{name}, cannot be fitted."
    slope, low, high, p_value = (
        float(row[key])
        for key in ("standardised", "standardised_low", "standardised_high", "p_value")
    )
    return (
        f"{name} and not adjusted: {readable(slope)} standard deviations per standard deviation "
        f"({percent(confidence)} confidence interval {readable(low)} to {readable(high)}, "
        f"{p_value_text(p_value)})."
    )


def _others(others: pd.DataFrame, alpha: float, *, kept_apart: bool) -> str:
    n = len(others)
    known = [name for name in ADJUSTMENTS if others[name].notna().any()]
    counts = [f"{int((others[name] < alpha).sum())} by {ADJUSTMENTS[name]}" for name in known]
    alone = int((others["p_value"] < alpha).sum())
    further = "further " if kept_apart else ""
    text = (
        f"Of {counted(n, further + 'pair')}, {alone} {'has' if alone == 1 else 'have'} p below "
        f"{readable(alpha)} taken alone, where {readable(n * alpha)} would be expected if there "
        f"were no association at all; adjusted for their number, {and_list(counts)}."
    )
    standing = others[(others[known] < alpha).all(axis=1)]
    if not len(standing):
        return f"{text} None stands under every adjustment."
    names = [f"{o} by {p}" for o, p in zip(standing["outcome"], standing["predictor"], strict=True)]
    return (
        f"{text} Under every adjustment {'stands' if len(names) == 1 else 'stand'} {listed(names)}."
    )
