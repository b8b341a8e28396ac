"""A family of tests in plain English: how many, and which stand after adjustment."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from relsurvey.errors import listed
from relsurvey.text import and_list, counted, p_value_text, percent, readable

__all__ = ["family_sentence", "others_sentence", "pair_names"]

ADJUSTMENTS = {
    "holm": "Holm",
    "benjamini_hochberg": "Benjamini-Hochberg",
    "max_t": "max-T permutation",
}


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
        The primary pair first, which is not adjusted; then how many of
        the others stand, raw and under each adjustment, and which stand under all.
    """
    parts = [_primary(row, confidence) for row in table[table["primary"]].to_dict("records")]
    parts.append(others_sentence(table, alpha, "further pair" if parts else "pair"))
    return " ".join(filter(None, parts))


def _primary(row: Mapping[Any, Any], confidence: float) -> str:
    name = f"The primary pair, {row['outcome']} by {row['predictor']}, named as such"
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


def others_sentence(table: pd.DataFrame, alpha: float, noun: str) -> str:
    """Say how many pairs but the primary one stand, and which; empty where there are none.

    Parameters
    ----------
    table : pandas.DataFrame
        As in ``FamilyResult``.
    alpha : float
        Level of the tests.
    noun : str
        What a pair is called, in the singular.
    """
    others = table[~table["primary"] & table["p_value"].notna()]
    n = len(others)
    if not n:
        return ""
    known = [name for name in ADJUSTMENTS if others[name].notna().any()]
    counts = [f"{int((others[name] < alpha).sum())} by {ADJUSTMENTS[name]}" for name in known]
    alone = int((others["p_value"] < alpha).sum())
    text = (
        f"Of {counted(n, noun)}, {alone} {'has' if alone == 1 else 'have'} p below "
        f"{readable(alpha)} taken alone, where {readable(n * alpha)} would be expected if there "
        f"were no association at all; adjusted for their number, {and_list(counts)}."
    )
    names = pair_names(table)[others.index[others["stands"]]].tolist()
    if not names:
        return f"{text} None stands under every adjustment."
    return (
        f"{text} Under every adjustment {'stands' if len(names) == 1 else 'stand'} {listed(names)}."
    )


def pair_names(table: pd.DataFrame) -> pd.Series:
    """Name each pair; with the covariates it is adjusted for, where these are not the same."""
    names = table["outcome"] + " by " + table["predictor"]
    if len(set(table["covariates"])) < 2:
        return names
    return names + ("; given " + table["covariates"]).where(table["covariates"] != "", "")
