"""More on reliability: other coefficients, the error of a score, and what COSMIN asks."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from relsurvey.criteria import Reading
from relsurvey.reporting.disclosure import uncounted
from relsurvey.reporting.material import SurveyMaterial
from relsurvey.reporting.numbers import bounded, interval, number
from relsurvey.reporting.plain import plain
from relsurvey.views import Block, Paragraph, Table

__all__ = ["criteria_table", "criteria_tables", "further_tables"]

Row = Mapping[Any, Any]
HIERARCHICAL = {
    "omega_hierarchical_second_order": "Omega h, second order",
    "omega_hierarchical_bifactor": "Omega h, bifactor",
}


def further_tables(one: SurveyMaterial, rows: Sequence[Row]) -> Iterator[Table]:
    """Tabulate the other coefficients and the error of the score; nothing where none is known.

    Parameters
    ----------
    one : SurveyMaterial
        The survey.
    rows : sequence of mapping
        Its reliability as it may be shown, one a scale.
    """
    if not any(math.isfinite(row["alpha"]) for row in rows):
        return
    general = [name for name in HIERARCHICAL if any(math.isfinite(row[name]) for row in rows)]
    yield Table(
        id=f"table-reliability-further-{one.role.replace('_', '-')}",
        caption=f"Further figures on the reliability of {plain(one.survey.instrument.short_title)}",
        columns=(
            "Scale",
            "Ordinal alpha",
            "Ordinal omega",
            *(HIERARCHICAL[name] for name in general),
            "Split halves, mean",
            "Split halves, from worst to best",
            "SEM",
            "MDC95",
        ),
        rows=tuple(
            (
                plain(row["title"]),
                bounded(row["ordinal_alpha"]),
                bounded(row["ordinal_omega"]),
                *(bounded(row[name]) for name in general),
                bounded(row["split_half_all_mean"]),
                interval(row["split_half_all_min"], row["split_half_all_max"], below_one=True),
                number(row["sem"]),
                number(row["mdc95"]),
            )
            for row in rows
        ),
        notes=tuple(_legend(general)),
        folded=True,
    )


def _legend(general: Sequence[str]) -> Iterator[str]:
    yield (
        "Ordinal alpha and omega: from polychoric correlations, which take answers as steps "
        "(Zumbo, Gadermann and Zeisser 2007; Green and Yang 2009). Split halves: alpha's kin, from "
        "every way to split the questions into two halves. SEM: standard error of measurement, in "
        "points of the score. MDC95: smallest change of one person's score beyond what such error "
        "alone gives in 95 of 100."
    )
    if general:
        yield "Omega h: what the one general factor of all scales holds (McDonald 1999)."


def criteria_tables(groups: Sequence[tuple[SurveyMaterial, Sequence[Row]]]) -> Iterator[Block]:
    """Hold the reliability of each survey's scales against the criteria, those shown only."""
    for one, rows in groups:
        titles = {
            str(row["scale"]): plain(row["title"]) for row in rows if math.isfinite(row["alpha"])
        }
        readings = [r for r in one.survey.reliability.readings if r.about in titles]
        if not readings:
            continue
        name = plain(one.survey.instrument.short_title)
        criteria = dict.fromkeys(reading.criterion for reading in readings)
        yield Paragraph(" ".join(_verdicts(readings, criterion, name) for criterion in criteria))
        yield criteria_table(
            f"table-criteria-reliability-{one.role.replace('_', '-')}",
            f"Reliability of {name} beside the criteria",
            readings,
            titles,
            folded=True,
        )


def _verdicts(readings: Sequence[Reading], criterion: str, name: str) -> str:
    """Say in a sentence how many scales meet a criterion."""
    verdicts = [reading.verdict for reading in readings if reading.criterion == criterion]
    met, unknown = verdicts.count("met"), verdicts.count("not known")
    rest = f", and for {unknown} it is not known" if unknown else ""
    return f"{met} of {len(verdicts)} scales of {name} meet “{plain(criterion)}”{rest}."


def criteria_table(
    name: str,
    caption: str,
    readings: Sequence[Reading],
    titles: Mapping[str, str],
    *,
    folded: bool = False,
) -> Table:
    """Tabulate figures beside their criteria, in the order of the criteria.

    Parameters
    ----------
    name, caption : str
        Of the table.
    readings : sequence of Reading
        Figures that may be shown.
    titles : mapping of str to str
        What the things are called that readings are about.
    folded : bool
        Whether it is detail.
    """
    criteria = dict.fromkeys((reading.criterion, reading.source) for reading in readings)
    marks = {key: chr(ord("a") + position) for position, key in enumerate(criteria)}
    return Table(
        id=name,
        caption=caption,
        columns=("Of", "Figure", "Criterion", "Verdict", "Why"),
        rows=tuple(
            (
                titles.get(reading.about, plain(reading.about)),
                plain(reading.figure),
                marks[reading.criterion, reading.source],
                reading.verdict,
                plain(uncounted(reading.because)),
            )
            for reading in readings
        ),
        notes=tuple(
            f"{mark}: {plain(criterion)}. Asked by {plain(source)}."
            for (criterion, source), mark in marks.items()
        ),
        text_columns=frozenset(range(5)),
        folded=folded,
    )
