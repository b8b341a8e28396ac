"""Fits of several models as a table, the tests of nested pairs, and which BIC prefers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

import pandas as pd

from relsurvey.errors import ModelError
from relsurvey.psychometrics.structure.estimators import Estimator
from relsurvey.psychometrics.structure.fit_measures import FIT_NAMES, SCALED_NAMES
from relsurvey.psychometrics.structure.nesting import nested_pairs
from relsurvey.psychometrics.structure.specification import Structure
from relsurvey.text import number

if TYPE_CHECKING:
    from relsurvey.psychometrics.structure.result import CfaResult

__all__ = ["Fits", "best_by_bic", "figures_of", "fits_table", "nested_table"]

# A model that cannot be fitted is the error that says why.
Fits: TypeAlias = "Mapping[str, CfaResult | ModelError]"

NESTED = ["inner", "outer", "delta_chisq", "delta_df", "p_value", "why", "note"]
# Differences of BIC, after Raftery 1995: from here, more than a hint.
POSITIVE, STRONG = 2.0, 6.0
SAME_BIC = 3  # decimals


def figures_of(estimator: type[Estimator]) -> list[str]:
    """Return the names of the figures of fit that an estimator has."""
    return [*FIT_NAMES, *(SCALED_NAMES if estimator.scaled else ())]


def fits_table(fits: Fits, titles: Mapping[str, str], estimator: type[Estimator]) -> pd.DataFrame:
    """Return one row a model."""
    names = figures_of(estimator)
    rows = []
    for name, fit in fits.items():
        failed = isinstance(fit, ModelError)
        values = {} if isinstance(fit, ModelError) else fit.fit
        rows.append(
            {
                "model": name,
                "title": titles.get(name, ""),
                **{key: float(values.get(key, math.nan)) for key in names},
                "converged": False if isinstance(fit, ModelError) else bool(fit.converged),
                "improper": False if isinstance(fit, ModelError) else fit.improper,
                "fitted": not failed,
                "note": fit.message if isinstance(fit, ModelError) else " ".join(fit.notes),
            }
        )
    return pd.DataFrame(rows)


def nested_table(structures: Mapping[str, Structure], fits: Fits) -> pd.DataFrame:
    """Return one row a pair of models of which one is a special case of the other."""
    from relsurvey.psychometrics.structure.difference import difference_test

    rows = []
    for pair in nested_pairs(structures):
        inner, outer = fits[pair.inner], fits[pair.outer]
        if isinstance(inner, ModelError) or isinstance(outer, ModelError):
            continue
        test = difference_test(inner, outer)
        rows.append(
            {
                "inner": pair.inner,
                "outer": pair.outer,
                "delta_chisq": test.chisq,
                "delta_df": test.df,
                "p_value": test.p_value,
                "why": pair.why,
                "note": test.note or pair.note,
            }
        )
    return pd.DataFrame(rows, columns=NESTED)


def best_by_bic(table: pd.DataFrame, *, alike: bool, estimator: type[Estimator]) -> tuple[str, str]:
    """Return the model with the lowest BIC, and with what caution to take it."""
    if not estimator.has_likelihood:
        return "", f"{estimator.name} has no likelihood, and so no BIC to choose a model by"
    if not alike:
        return "", "the models are not of the same items, so that their BIC cannot be compared"
    there = table[table["converged"] & table["bic"].notna()]
    # Two ways to write one model differ in the last digits only: the first named stands first.
    there = there.iloc[there["bic"].round(SAME_BIC).argsort(kind="stable")]
    if there.empty:
        return "", "no model converged"
    best = str(there["model"].iloc[0])
    doubt = str(there["note"].iloc[0]).rstrip(".")
    improper = bool(there["improper"].iloc[0])
    doubt = f". Its estimates give reason for doubt: {doubt}" if improper else ""
    if len(there) == 1:
        return best, f"{best} is the only model with a BIC{doubt}"
    gap = float(there["bic"].iloc[1] - there["bic"].iloc[0])
    second = str(there["model"].iloc[1])
    strength = "hardly" if gap < POSITIVE else "somewhat" if gap < STRONG else "clearly"
    caution = (
        f"{best} has the lowest BIC, {strength} lower than that of {second} (by "
        f"{number(gap, 1)}). That makes it the best supported of these models on these rows, "
        "not a good one: see its fit, and choose by theory"
    )
    if gap < 0.5 * 10**-SAME_BIC:
        caution = (
            f"{best} and {second} have the same BIC, the lowest: they fit alike, and only theory "
            "can choose between them"
        )
    return best, caution + doubt
