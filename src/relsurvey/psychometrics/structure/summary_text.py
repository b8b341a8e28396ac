"""A fitted factor model in words, for somebody who has not seen one before."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from relsurvey.criteria import bar_in_words, readings_text
from relsurvey.psychometrics.structure.estimators import estimator_class
from relsurvey.text import (
    aligned,
    and_list,
    counted,
    number,
    p_value_text,
    remark,
    wrapped,
)

if TYPE_CHECKING:
    import pandas as pd

    from relsurvey.psychometrics.structure.result import CfaResult

__all__ = ["summary_lines"]

MEANINGS = (
    ("cfi", "share of the misfit of unrelated items that is explained"),
    ("tli", "the same, counting parameters against it"),
    ("rmsea", "misfit for each degree of freedom"),
    ("srmr", "typical size of a correlation left unexplained"),
)


def summary_lines(result: CfaResult) -> list[str]:
    """Return the lines of the text."""
    return [
        *_head(result),
        *_fit(result),
        *_loadings(result),
        *_correlations(result),
        *_omega(result),
        *_notes(result),
        "",
        *readings_text(result.readings),
    ]


def _head(result: CfaResult) -> Iterator[str]:
    yield f"Confirmatory factor analysis: {result.model}"
    parts = f"{counted(len(result.factors), 'factor')}, {counted(len(result.items), 'item')}"
    yield f"{parts}; {result.n:,} of {counted(result.n_total, 'row')} used"
    yield f"Estimated by {estimator_class(result.estimator).label}"
    if result.groups:
        sizes = zip(result.groups, result.group_n, strict=True)
        shown = [f"{label} ({n:,} rows)" for label, n in sizes]
        yield from wrapped(f"Groups: {and_list(shown)}", hanging="  ")
        yield f"Held equal across groups: {and_list(result.equal) or 'nothing'}"


def _fit(result: CfaResult) -> Iterator[str]:
    fit = result.fit
    scaled = "_scaled" if "chisq_scaled" in fit else ""
    yield ""
    yield f"Fit{' (scaled for ordinal answers)' if scaled else ''}"
    if not result.converged:
        yield "  none: the estimation did not converge"
        return
    df, p_value = fit[f"df{scaled}"], fit[f"p_value{scaled}"]
    yield (
        f"  chi-square {number(fit[f'chisq{scaled}'], 2)}, {df:g} degrees of freedom, "
        f"{p_value_text(p_value)}"
    )
    if not math.isnan(p_value):
        yield from wrapped(_meaning(p_value), indent="  ")
    rows = [
        {
            "index": name.upper(),
            "value": number(fit.get(f"{name}{scaled}", fit[name]), 3),
            "90% interval": _interval(fit, name, scaled),
            "what it means": f"{meaning}; good {bar_in_words(name)}",
        }
        for name, meaning in MEANINGS
    ]
    yield from aligned(rows, left=("index", "90% interval", "what it means"))


def _meaning(p_value: float) -> str:
    if p_value >= 0.05:
        return "(no more misfit than chance would bring)"
    return (
        "(the model does not reproduce the data exactly; with many rows small misfits "
        "suffice for that, so read the indices too)"
    )


def _interval(fit: Mapping[str, float], name: str, scaled: str) -> str:
    if name != "rmsea":
        return ""
    low, high = (fit.get(f"rmsea_{end}{scaled}", fit[f"rmsea_{end}"]) for end in ("low", "high"))
    return "n/a" if math.isnan(low) else f"{number(low, 3)} to {number(high, 3)}"


def _loadings(result: CfaResult) -> Iterator[str]:
    yield ""
    yield "Loadings (standardised: the correlation-like strength, 0 to 1 in most cases)"
    rows = [
        {
            **({"group": str(row["group"])} if result.groups else {}),
            "factor": str(row["factor"]),
            "item": str(row["item"]),
            "standardised": number(row["standardised"], 3),
            "s.e. of it": number(row["standardised_std_error"], 3),
            "estimate": number(row["estimate"], 3),
            "s.e.": number(row["std_error"], 3),
        }
        for row in result.loadings.to_dict(orient="records")
    ]
    yield from aligned(rows, left=("group", "factor", "item"))


def _correlations(result: CfaResult) -> Iterator[str]:
    if len(result.factors) < 2:
        return
    yield ""
    yield "Correlations of the factors"
    frame = result.factor_correlations
    for place, label in enumerate(result.groups or ("",)):
        block = frame.iloc[place * len(result.factors) :].iloc[: len(result.factors)]
        if result.groups:
            yield f"group {label}"
        yield from (line.rstrip() for line in aligned(_triangle(block), left=("",)))


def _triangle(block: pd.DataFrame) -> list[dict[str, str]]:
    names = [str(name) for name in block.columns]
    values = block.to_numpy()
    return [
        {"": row}
        | {name: number(values[i, j], 2) if j < i else "" for j, name in enumerate(names[:-1])}
        for i, row in enumerate(names)
        if i
    ]


def _omega(result: CfaResult) -> Iterator[str]:
    yield ""
    yield "Omega (the share of the variance of the sum of its items that is due to the factor)"
    found: Mapping[Any, Any] = result.omega if result.groups else {None: result.omega}
    rows = [
        {
            **({"group": str(label)} if result.groups else {}),
            "factor": factor,
            "omega": number(value, 3),
        }
        for label, values in found.items()
        for factor, value in values.items()
    ]
    yield from aligned(rows, left=("group", "factor"))


def _notes(result: CfaResult) -> Iterator[str]:
    if result.notes:
        yield ""
        yield "Notes"
    for note in result.notes:
        yield from remark(note)
