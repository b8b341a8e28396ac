"""The same change by simpler or sturdier ways, beside the model."""

from __future__ import annotations

import math
from dataclasses import asdict

import numpy as np
import pandas as pd

from relsurvey.evaluation.differences import Difference, mean_of, paired_means, welch
from relsurvey.evaluation.model import Model, clustered
from relsurvey.evaluation.rows import ChangeRows
from relsurvey.evaluation.words import some
from relsurvey.errors import ModelError

__all__ = ["change_checks", "disagreement"]

NUMBERS = ("estimate", "std_error", "df", "statistic", "p_value", "conf_low", "conf_high")


def change_checks(rows: ChangeRows, model: Model, confidence: float) -> pd.DataFrame:
    """Estimate the last change from the units' own means, and by regression with CR2 errors.

    Parameters
    ----------
    rows : ChangeRows
        The answers.
    model : Model
        Their model; clusters of the regression are its outermost level.
    confidence : float
        Coverage of the intervals.

    Returns
    -------
    pandas.DataFrame
        See ``ChangeResult.checks``. With training: the Welch t test of the changes of the units'
        means, one value a unit. Without: Student's t of them.
    """
    found = []
    if rows.trained is not None:
        found.append(_compared(rows, rows.unit, rows.trained, confidence))
    else:
        for name in (rows.group, rows.team):
            if name is not None:
                codes = rows.levels[name]
                _, before, after = paired_means(rows, codes)
                change = mean_of(after - before, confidence)
                found.append(_row(f"means of each {name}, paired t", change, name))
    found.append(_robust(rows, model.levels[-1], confidence))
    return pd.DataFrame(found)


def _compared(
    rows: ChangeRows, unit: str, trained: np.ndarray[tuple[int], np.dtype[np.bool_]],
    confidence: float,
) -> dict[str, object]:  # fmt: skip
    codes = rows.levels[unit]
    both, before, after = paired_means(rows, codes)
    in_training = np.zeros(int(codes.max()) + 1, dtype=np.bool_)
    in_training[codes[trained]] = True
    change, arm = after - before, in_training[both]
    found = welch(change[arm], change[~arm], confidence)
    return _row(f"means of each {unit}, Welch t", found, unit)


def _row(check: str, found: Difference, unit: str) -> dict[str, object]:
    note = f"{some(found.n, unit)} seen at both waves"
    if math.isnan(found.p_value):
        note += ": too few, or too alike, to be tested"
    return {"check": check, **asdict(found), "note": note}


def _robust(rows: ChangeRows, cluster: str, confidence: float) -> dict[str, object]:
    check = f"regression, errors by {cluster} (CR2)"
    count = len(np.unique(rows.levels[cluster]))
    try:
        numbers = clustered(rows, cluster, confidence)
    except ModelError as problem:
        empty = dict.fromkeys(NUMBERS, math.nan)
        return {"check": check, **empty, "n": count, "sd": math.nan, "note": problem.message}
    few = math.isnan(numbers["p_value"])
    note = "too few clusters speak to it" if few else f"{count:,} clusters"
    return {"check": check, **numbers, "n": count, "sd": math.nan, "note": note}


def disagreement(p_value: float, checks: pd.DataFrame, confidence: float) -> list[str]:
    """Say which checks come to another verdict than the model."""
    border = 1.0 - confidence
    known = checks[checks["p_value"].notna()]
    other = known.loc[(known["p_value"] < border) != (p_value < border), "check"].tolist()
    if not other:
        return []
    return [
        f"Not all ways agree: the model {'shows' if p_value < border else 'does not show'} a "
        f"difference, and {'; '.join(other)} {'does not' if p_value < border else 'does'}. "
        "Where units change differently, trust the others more than the model."
    ]
