"""What other methods say to the primary question, beside the primary one."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from relsurvey.association.panel import Companions
from relsurvey.association.panel.sentence import panel_sentence
from relsurvey.association.panel.voices import SLOPE
from relsurvey.reporting.disclosure.statistics import correlation_of
from relsurvey.reporting.material import Material
from relsurvey.reporting.numbers import MISSING, interval, number, places
from relsurvey.reporting.references import named_in
from relsurvey.reporting.sections.estimates import p_cell, rounded_words
from relsurvey.reporting.sections.headline import said_of
from relsurvey.reporting.wording import Said
from relsurvey.views import Block, Paragraph, Table

__all__ = ["companion_blocks"]

PEARSON = "Pearson, worker means"


def companion_blocks(material: Material) -> Iterator[Block]:
    """Show the other methods; nothing where there are none, or where the primary is withheld."""
    panel = material.study.companions
    if panel is None or not material.tells(panel.primary):
        return
    said = said_of(material, panel.primary)
    table = _shown_table(material, panel)
    own = panel.primary
    digits = places((own.slope_high - own.slope_low) / 2)
    yield Table(
        id="table-companions",
        caption="The primary method and others, asked the same",
        columns=(
            "Method",
            "What is estimated",
            "Estimate",
            f"{material.level} interval",
            "p",
            "Says the same",
        ),
        rows=tuple(_row(row, digits) for row in table.to_dict("records")),
        notes=(*_notes(panel, said), *_rounded_words(material)),
        text_columns=frozenset({0, 1, 5}),
    )
    yield Paragraph(
        panel_sentence(
            table, 1.0 - panel.primary.confidence, said.outcome.title, said.predictor.title
        )
    )


def _shown_table(material: Material, panel: Companions) -> pd.DataFrame:
    """Return the methods with nothing that tells how many workers there are.

    Where their number is rounded, p values are those for rounded degrees of freedom. Pearson's
    interval and p are those for the number shown; others over workers have neither, and the Bayes
    factor, which follows from r and their number, goes.
    """
    table = panel.to_frame()
    if not material.rules.rounds("worker"):
        return table
    rows = [_shown(material, panel, row) for row in table.to_dict("records")]
    return pd.DataFrame(rows, columns=table.columns)


def _shown(material: Material, panel: Companions, row: dict[Any, Any]) -> dict[Any, Any]:
    if row["scale"] == SLOPE:
        ends = (row["conf_low"], row["conf_high"])
        df = row["df"] if row["df"] > 0 else math.inf
        if not math.isfinite(ends[0]):
            return row
        return {**row, "p_value": material.p_shown(row["p_value"], row["estimate"], ends, df)}
    if row["name"] == PEARSON:
        n = material.rules.shown(panel.primary.n_workers, "worker")
        low, high, p = correlation_of(row["estimate"], n, panel.primary.confidence)
        return {**row, "conf_low": low, "conf_high": high, "p_value": p}
    bayes = {"estimate": math.nan} if str(row["scale"]).startswith("Bayes") else {}
    return {**row, **bayes, **dict.fromkeys(("conf_low", "conf_high", "p_value"), math.nan)}


def _rounded_words(material: Material) -> Iterator[str]:
    yield from rounded_words(material)
    if material.rules.rounds("worker"):
        yield (
            "For the same reason, other correlations across workers have no interval and no p "
            "here, and the Bayes factor is not shown; whether they say the same is."
        )


def _half(row: dict[Any, Any]) -> float:
    return float(row["conf_high"] - row["conf_low"]) / 2


def _row(row: dict[Any, Any], slope_digits: int) -> tuple[str, ...]:
    digits = places(_half(row))
    if not math.isfinite(_half(row)) and row["scale"] == SLOPE:
        # A slope without an interval stands beside others: with the decimals of the primary one.
        digits = slope_digits
    return (
        f"{row['name']} (primary)" if row["standing"] == "primary" else str(row["name"]),
        "slope" if row["scale"] == SLOPE else str(row["scale"]) or MISSING,
        number(row["estimate"], digits),
        interval(row["conf_low"], row["conf_high"], digits),
        p_cell(row["p_value"]),
        str(row["agrees"]) or MISSING,
    )


def _notes(panel: Companions, said: Said) -> Iterator[str]:
    yield (
        f"Slope: points of {said.outcome.title} for one point of {said.predictor.title}. The "
        "primary method was fixed beforehand and remains the result. A Wald z test is shown "
        "as other programs print it; it rejects too often with few workers and is not counted "
        "among the methods that agree."
    )
    rows = [row for row in panel.to_frame().to_dict("records") if row["standing"] == "companion"]
    sources = named_in("; ".join(str(row["source"]) for row in rows))
    if sources:
        yield f"Methods after {'; '.join(sources)}: see the references."
    for row in rows:
        if row["note"]:
            yield f"{row['name']}: {row['note']}"
