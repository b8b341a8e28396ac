"""The steps of invariance as a table: the fit of each, its change, and how that is read."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from relsurvey.criteria import Reading, invariance_step, judged_step, structural_validity
from relsurvey.errors import ModelError
from relsurvey.psychometrics.structure.compare_table import Fits, figures_of
from relsurvey.psychometrics.structure.estimators import Estimator

if TYPE_CHECKING:
    from relsurvey.psychometrics.structure.result import CfaResult

__all__ = ["STEPS", "level_of", "steps_of", "steps_table"]

STEPS: dict[str, tuple[str, ...]] = {
    "configural": (),
    "metric": ("loadings",),
    "scalar": ("loadings", "intercepts"),
    "strict": ("loadings", "intercepts", "residuals"),
}


def steps_of(estimator: type[Estimator]) -> dict[str, tuple[str, ...]]:
    """Return the steps there are with an estimator, and what each holds equal."""
    # Residual variances of ordinal items are no parameters that could be equal.
    return {
        step: equal
        for step, equal in STEPS.items()
        if not (estimator.ordinal and "residuals" in equal)
    }


def steps_table(fits: Fits, estimator: type[Estimator]) -> tuple[pd.DataFrame, list[Reading]]:
    """Return one row a step, and each step beside its criterion."""
    rows: list[dict[str, Any]] = []
    readings: list[Reading] = []
    rests_on = ""
    for step, fit in fits.items():
        row = _row(step, fit, estimator)
        row |= _change(row, rows[-1] if rows else None, estimator, fits)
        reading = _reading(row, rests_on)
        row |= {"verdict": _verdict(row, reading), "reading": reading.because}
        if row["verdict"] != "holds" and not rests_on:
            rests_on = reading.about
        rows.append(row)
        readings.append(reading)
    return pd.DataFrame(rows), readings


def _verdict(row: dict[str, Any], reading: Reading) -> str:
    if reading.verdict != "not known":
        return "holds" if reading.verdict == "met" else "fails"
    if row["note"] or math.isnan(row["delta_cfi"]):
        return "not known"
    judged = judged_step(row["delta_cfi"], row["delta_rmsea"], row["delta_p"])
    return "disputed" if judged.disputed else "open"


def _row(step: str, fit: CfaResult | ModelError, estimator: type[Estimator]) -> dict[str, Any]:
    names = figures_of(estimator)
    equal = "thresholds" if estimator.ordinal else "intercepts"
    held = [equal if name == "intercepts" else name for name in STEPS[step]]
    row: dict[str, Any] = {"step": step, "equal": ", ".join(held)}
    if isinstance(fit, ModelError):
        nothing = dict.fromkeys(names, math.nan)
        return row | nothing | {"converged": False, "note": fit.message}
    row |= {name: float(fit.fit.get(name, math.nan)) for name in names}
    return row | {"converged": fit.converged, "note": fit.doubt}


def _change(
    row: dict[str, Any], before: dict[str, Any] | None, estimator: type[Estimator], fits: Fits
) -> dict[str, float]:
    from relsurvey.psychometrics.structure.difference import difference_test

    nothing = dict.fromkeys(
        ("delta_chisq", "delta_df", "delta_p", "delta_cfi", "delta_rmsea", "delta_srmr"), math.nan
    )
    if before is None:
        return nothing
    inner, outer = fits[row["step"]], fits[before["step"]]
    if isinstance(inner, ModelError) or isinstance(outer, ModelError):
        return nothing
    test = difference_test(inner, outer)
    ending = "_scaled" if estimator.scaled else ""
    return {
        "delta_chisq": test.chisq,
        "delta_df": test.df,
        "delta_p": test.p_value,
        "delta_cfi": row["cfi" + ending] - before["cfi" + ending],
        "delta_rmsea": row["rmsea" + ending] - before["rmsea" + ending],
        "delta_srmr": row["srmr"] - before["srmr"],
    }


def _reading(row: dict[str, Any], rests_on: str) -> Reading:
    if row["step"] == "configural":
        return structural_validity("the configural model", row, reason=row["note"])
    return invariance_step(
        f"{row['step']} invariance",
        math.nan if row["note"] else row["delta_cfi"],
        row["delta_rmsea"],
        row["delta_p"],
        rests_on=rests_on,
        reason=row["note"] or "the step before it could not be fitted",
    )


def level_of(table: pd.DataFrame) -> str:
    """Return the last step up to which every one holds."""
    level = "none"
    for step, verdict in zip(table["step"], table["verdict"], strict=True):
        if verdict != "holds":
            break
        level = step
    return level
