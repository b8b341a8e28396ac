"""What others found with an instrument, beside what was found here."""

from __future__ import annotations

import math

from relsurvey.instruments.evidence import PublishedFigure
from relsurvey.reporting.material import Material, SurveyMaterial
from relsurvey.reporting.numbers import MISSING, bounded, number
from relsurvey.reporting.plain import plain
from relsurvey.reporting.sections.reliability import reliability_rows
from relsurvey.views import Table

__all__ = ["published_table"]

STATISTICS = {
    "alpha": "Alpha",
    "omega": "Omega",
    "test_retest_icc": "Test-retest ICC",
    "mean": "Mean",
    "sd": "SD",
    "cfi": "CFI",
    "tli": "TLI",
    "rmsea": "RMSEA",
    "srmr": "SRMR",
    "structure": "Structure",
}
OF_A_SCALE = {"alpha": "alpha", "omega": "omega_total"}
OF_A_FIT = ("cfi", "tli", "rmsea", "srmr")


def published_table(material: Material, one: SurveyMaterial) -> Table | None:
    """Tabulate the figures that an instrument's definition quotes; ``None`` where it has none."""
    instrument = one.survey.instrument
    if not instrument.published:
        return None
    return Table(
        id=f"table-published-{one.role.replace('_', '-')}",
        caption=f"What others found with {plain(instrument.short_title)} or its original",
        columns=("Figure", "Published", "Here", "Who answered there", "Source"),
        rows=tuple(
            (
                f"{STATISTICS[figure.statistic]}: {plain(figure.of)}",
                _published(figure),
                here(material, one, figure),
                f"{plain(figure.sample)}; n {number(figure.n, 0)}",
                plain(figure.source) + (f". {plain(figure.note)}" if figure.note else ""),
            )
            for figure in instrument.published
        ),
        notes=(f"{MISSING}: this study has no such figure, or it is withheld.",),
        text_columns=frozenset({0, 1, 3, 4}),
        folded=True,
    )


def _published(figure: PublishedFigure) -> str:
    if figure.finding:
        return plain(figure.finding)
    write = number if figure.statistic in {"mean", "sd"} else bounded
    if figure.value is not None:
        return write(float(figure.value))
    if figure.low is None or figure.high is None:
        return MISSING
    return f"{write(float(figure.low))} to {write(float(figure.high))}"


def here(material: Material, one: SurveyMaterial, figure: PublishedFigure) -> str:
    """Write what this study found of the same scale or model; a dash where nothing may be shown."""
    if figure.statistic in OF_A_SCALE:
        column = OF_A_SCALE[figure.statistic]
        rows = {str(row["scale"]): row for row in reliability_rows(material, one)}
        return bounded(rows[figure.scale][column]) if figure.scale in rows else MISSING
    if figure.statistic in {"mean", "sd"}:
        found = next((s for s in one.scores if s.scale.id == figure.scale), None)
        if found is None or not material.rules.allows(found.n):
            return MISSING
        return number(found.mean if figure.statistic == "mean" else found.sd)
    if figure.statistic in OF_A_FIT:
        return bounded(_fit(material, one, figure))
    return MISSING


def _fit(material: Material, one: SurveyMaterial, figure: PublishedFigure) -> float:
    structure = one.survey.structure
    if structure is None or not material.rules.allows(structure.n):
        return math.nan
    rows = {str(row["model"]): row for row in structure.to_frame().to_dict("records")}
    row = rows.get(str(figure.model), {})
    name = figure.statistic
    return float(row.get(f"{name}_scaled", row.get(name, math.nan)))
