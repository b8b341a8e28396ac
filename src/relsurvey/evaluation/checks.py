"""The same change by the model and by simpler or sturdier ways, side by side."""

from __future__ import annotations

import math
from dataclasses import asdict

import numpy as np
import pandas as pd

from relsurvey.errors import ModelError
from relsurvey.evaluation.differences import Difference, mean_of, paired_means, welch
from relsurvey.evaluation.model import DIFFERENCE, OTHERS, TRAINED, Model, clustered
from relsurvey.evaluation.rows import ChangeRows
from relsurvey.evaluation.words import several, some
from relsurvey.moments.group_columns import Floats

__all__ = ["BY_MODEL", "by_units", "change_checks", "changes_of_units", "disagreement"]

BY_MODEL = "mixed model"
NUMBERS = ("estimate", "std_error", "df", "statistic", "p_value", "conf_low", "conf_high")


def by_units(rows: ChangeRows) -> str | None:
    """Return the check that the change itself is taken from, ``None`` where that is the model.

    The model of people who are followed has no room for units that change differently; where
    training is given to units of several people, this is what chance has to be judged by.
    """
    if rows.trained is None or rows.panel in (None, rows.unit):
        return None
    return _welch_name(rows.unit)


def changes_of_units(rows: ChangeRows, confidence: float) -> pd.DataFrame:
    """Return each wave against the baseline from the means of units, one value each.

    Parameters
    ----------
    rows : ChangeRows
        The answers, with training.
    confidence : float
        Coverage of the intervals.

    Returns
    -------
    pandas.DataFrame
        As ``change_rows``: of others and of trained (Student's t), and of their difference
        (Welch's). Units not seen at both waves are left out of a row.
    """
    found = []
    for place, label in enumerate(rows.waves.labels):
        if place == rows.baseline:
            continue
        trained, others = _changes_by_arm(rows, place)
        for who, tested in (
            (OTHERS, mean_of(others, confidence)),
            (TRAINED, mean_of(trained, confidence)),
            (DIFFERENCE, welch(trained, others, confidence)),
        ):
            numbers = {name: getattr(tested, name) for name in NUMBERS}
            found.append({"wave": label, "who": who, **numbers})
    return pd.DataFrame(found)


def _changes_by_arm(rows: ChangeRows, wave: int) -> tuple[Floats, Floats]:
    """Return the changes of the units' means: of trained units, and of others."""
    codes = rows.levels[rows.unit]
    both, before, after = paired_means(rows, codes, wave)
    in_training = np.zeros(int(codes.max()) + 1, dtype=np.bool_)
    in_training[codes[rows.trained]] = True
    change, arm = after - before, in_training[both]
    return change[arm], change[~arm]


def change_checks(
    rows: ChangeRows, model: Model, by_model: dict[str, float], confidence: float
) -> pd.DataFrame:
    """Estimate the last change by the model, from units' own means, and with CR2 errors.

    Parameters
    ----------
    rows : ChangeRows
        The answers.
    model : Model
        Their model; clusters of the regression are its outermost level.
    by_model : dict
        What the model says of the change.
    confidence : float
        Coverage of the interval.

    Returns
    -------
    pandas.DataFrame
        See ``ChangeResult.checks``. With training: the Welch t test of the changes of the units'
        means, one value a unit. Without: Student's t of them.
    """
    found: list[dict[str, object]] = [
        {"check": BY_MODEL, **by_model, "n": math.nan, "sd": math.nan, "note": _of_model(rows)}
    ]
    if rows.trained is not None:
        tested = welch(*_changes_by_arm(rows, rows.last), confidence)
        found.append(_row(_welch_name(rows.unit), tested, rows.unit))
    else:
        for name in (rows.group, rows.team):
            if name is not None:
                _, before, after = paired_means(rows, rows.levels[name])
                change = mean_of(after - before, confidence)
                found.append(_row(f"means of each {name}, paired t", change, name))
    outermost = model.levels[-1] if model.levels[-1] in rows.levels else rows.unit
    found.append(_robust(rows, outermost, confidence))
    return pd.DataFrame(found)


def _welch_name(unit: str) -> str:
    return f"means of each {unit}, Welch t"


def _of_model(rows: ChangeRows) -> str:
    if rows.panel in (None, rows.unit) or len(np.unique(rows.levels[rows.unit])) == 1:
        return ""
    return f"takes all {several(rows.unit)} to change alike"


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
    note = f"too few {several(cluster)} to be tested" if few else some(count, cluster)
    return {"check": check, **numbers, "n": count, "sd": math.nan, "note": note}


def disagreement(method: str, checks: pd.DataFrame, confidence: float) -> list[str]:
    """Say which ways come to another verdict than the one the change is taken from."""
    border = 1.0 - confidence
    said = checks.loc[checks["check"] == method, "p_value"].iloc[0] < border
    known = checks[checks["p_value"].notna()]
    other = known.loc[(known["p_value"] < border) != said, "check"].tolist()
    if not other:
        return []
    several_do = len(other) > 1
    verb = ("do not" if several_do else "does not") if said else ("do" if several_do else "does")
    return [
        f"Not all ways agree: {method} {'shows' if said else 'does not show'} a difference, and "
        f"{'; '.join(other)} {verb}. Where units change differently, trust their own means and "
        "errors by unit more than the model."
    ]
