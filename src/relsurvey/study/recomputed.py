"""The headline figures and how to get them again, for ``verify.R`` to hold R's beside ours.

Two tables: what was asked (which items make a scale, which model, which terms), from which the
script works everything out anew, and what this package found, which it only compares with.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from relsurvey.psychometrics.structure.specification import Structure, structure_of

if TYPE_CHECKING:
    from relsurvey.study.result import StudyResult, Survey

__all__ = ["our_figures", "what_was_asked"]

# How far two programs may be apart that search for the same optimum, as a share of the figure,
# and at least; what needs no search agrees to rounding.
EXACT = (1e-9, 1e-9)
SEARCHED = (1e-4, 1e-5)
LOOSELY = (1e-2, 1e-4)

FIT = ("chisq", "df", "cfi", "tli", "rmsea", "srmr")
ON_THE_EDGE = "a variance is estimated as zero, where the two programs go different ways"

Row = dict[str, Any]


def our_figures(result: StudyResult) -> pd.DataFrame:
    """Return the headline figures, one row each.

    Returns
    -------
    pandas.DataFrame
        ``part, survey, name, quantity, ours, tolerance, note``; ``ours`` is NaN where there is
        no figure or it cannot be compared, and the note says why.
    """
    rows: list[Row] = []
    for key, survey in _surveys(result).items():
        rows += _reliability_rows(key, survey)
        rows += _structure_rows(key, survey)
    rows += _association_rows(result)
    columns = ["part", "survey", "name", "quantity", "ours", "tolerance", "note"]
    return pd.DataFrame(rows, columns=columns)


def what_was_asked(result: StudyResult) -> pd.DataFrame:
    """Return the scales, models and terms behind the figures, one value a row.

    Returns
    -------
    pandas.DataFrame
        ``part, survey, name, key, value``; several rows of one key are a list, in order.
    """
    rows: list[Row] = []
    for key, survey in _surveys(result).items():
        for scale in survey.reliability.to_frame()["scale"]:
            items = dict.fromkeys(survey.instrument.items_of(str(scale)))
            rows += _asked("reliability", key, scale, item=items, missing=[result.plan.missing])
        for name, model in _models(survey).items():
            rows += _asked(
                "structure",
                key,
                name,
                item=model.items,
                row_item=[] if survey.structure is None else survey.structure.items,
                syntax=[lavaan_text(model)],
            )
    rows += _association_asked(result)
    return pd.DataFrame(rows, columns=["part", "survey", "name", "key", "value"])


def _surveys(result: StudyResult) -> dict[str, Survey]:
    return {"workers": result.workers, "service_users": result.service_users}


def _asked(part: str, survey: str, name: str, **values: Any) -> list[Row]:
    return [
        {"part": part, "survey": survey, "name": name, "key": key, "value": value}
        for key, several in values.items()
        for value in several
    ]


def _figure(
    part: str,
    survey: str,
    name: str,
    quantity: str,
    ours: float,
    allowed: tuple[float, float],
    note: str = "",
) -> Row:
    share, least = allowed
    if note or not math.isfinite(ours):
        ours, note = math.nan, note or "there is no such figure"
    return {
        "part": part, "survey": survey, "name": name, "quantity": quantity, "ours": ours,
        "tolerance": max(share * abs(ours), least), "note": note,
    }  # fmt: skip


def _reliability_rows(key: str, survey: Survey) -> Iterator[Row]:
    for row in survey.reliability.to_frame().to_dict("records"):
        for quantity, allowed in (("alpha", EXACT), ("omega_total", SEARCHED)):
            ours = float(row[quantity])
            note = "" if math.isfinite(ours) else str(row["note"])
            yield _figure("reliability", key, row["scale"], quantity, ours, allowed, note)


def _models(survey: Survey) -> dict[str, Structure]:
    if survey.structure is None:
        return {}
    instrument = survey.instrument
    names = survey.structure.to_frame()["model"]
    return {str(name): structure_of(str(name), instrument) for name in names}


def _structure_rows(key: str, survey: Survey) -> Iterator[Row]:
    table = None if survey.structure is None else survey.structure.to_frame()
    for row in [] if table is None else table.to_dict("records"):
        note = "" if row["converged"] and not row["improper"] else str(row["note"] or "no fit")
        for quantity in FIT:
            ours = float(row[quantity])
            yield _figure("structure", key, row["model"], quantity, ours, SEARCHED, note)


def lavaan_text(model: Structure) -> str:
    """Write a model for lavaan; items are i1, i2 and so on in its order, factors f1, f2.

    Examples
    --------
    >>> lavaan_text(structure_of({"a": ["x", "y", "z"], "b": ["u", "v", "w"]}))
    'f1 =~ i1 + i2 + i3; f2 =~ i4 + i5 + i6; f1 ~~ f2'
    """
    names = {item: f"i{place}" for place, item in enumerate(model.items, 1)}
    names |= {factor: f"f{place}" for place, factor in enumerate(model.factors, 1)}
    labels: dict[str, str] = {}
    lines = []
    for factor in model.factors:
        parts = [
            _weight(cell.value, cell.label, labels) + names[cell.row]
            for cell in (*model.of("lambda"), *model.of("beta"))
            if cell.column == factor
        ]
        lines.append(f"{names[factor]} =~ {' + '.join(parts)}")
    for cell in (*model.of("psi"), *model.of("theta")):
        if cell.row != cell.column:
            weight = _weight(cell.value, cell.label, labels)
            lines.append(f"{names[cell.row]} ~~ {weight}{names[cell.column]}")
    return "; ".join(lines)


def _weight(value: float, label: str, labels: dict[str, str]) -> str:
    if math.isfinite(value):
        return f"{value!r}*"
    return f"{labels.setdefault(label, f'e{len(labels) + 1}')}*" if label else ""


def _association_asked(result: StudyResult) -> list[Row]:
    primary = result.primary
    if primary.note:
        return []
    return _asked(
        "association",
        "",
        "primary",
        outcome=[primary.outcome],
        predictor=[primary.predictor],
        term=primary.model.predictors,
        column=[*primary.covariates],
        group=[primary.group],
        team=[] if primary.team is None else [primary.team],
        df=[primary.model.df],
    )


def _association_rows(result: StudyResult) -> Iterator[Row]:
    primary = result.primary
    if primary.note:
        yield _figure("association", "", "primary", "slope", math.nan, EXACT, primary.note)
        return
    model = primary.model
    edge = ON_THE_EDGE if model.boundary else ""
    of = {primary.group: "variance of workers", primary.team: "variance of teams"}
    variances: Mapping[str, float] = {
        of.get(level, f"variance, {level}"): value for level, value in model.variance.items()
    }
    figures: list[tuple[str, float, tuple[float, float], str]] = [
        ("slope", primary.slope, SEARCHED, ""),
        ("std_error", primary.std_error, SEARCHED, edge),
        ("df", primary.df, LOOSELY, edge),
        ("p_value", primary.p_value, LOOSELY, edge),
        *((name, value, (1e-3, 1e-5), "") for name, value in variances.items()),
        ("icc", primary.icc, (1e-3, 1e-5), ""),
        ("deviance", model.deviance, (1e-7, 1e-4), ""),
    ]
    for quantity, ours, allowed, note in figures:
        yield _figure("association", "", "primary", quantity, float(ours), allowed, note)
