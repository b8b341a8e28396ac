"""What other methods say to the primary question, beside the primary one."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from relsurvey.association.panel import Companions
from relsurvey.association.panel.sentence import panel_sentence
from relsurvey.reporting.material import Material
from relsurvey.reporting.numbers import MISSING, interval, number, places
from relsurvey.reporting.sections.estimates import p_cell
from relsurvey.reporting.sections.headline import said_of
from relsurvey.views import Block, Paragraph, Table

__all__ = ["companion_blocks"]


def companion_blocks(material: Material) -> Iterator[Block]:
    """Show the other methods; nothing where there are none, or where the primary is withheld."""
    panel = material.study.companions
    if panel is None or not material.tells(panel.primary):
        return
    yield Table(
        id="table-companions",
        caption="The primary method and others, asked the same",
        columns=("Method", "Scale", "Estimate", f"{material.level} interval", "p", "Says the same"),
        rows=tuple(_row(row) for row in panel.to_frame().to_dict("records")),
        notes=tuple(_notes(panel)),
        text_columns=frozenset({0, 1, 5}),
    )
    said = said_of(material, panel.primary)
    yield Paragraph(
        panel_sentence(
            panel.table, 1.0 - panel.primary.confidence, said.outcome.title, said.predictor.title
        )
    )


def _row(row: dict[Any, Any]) -> tuple[str, ...]:
    half = (row["conf_high"] - row["conf_low"]) / 2
    digits = places(half) if math.isfinite(half) else 2
    return (
        f"{row['name']} (primary)" if row["standing"] == "primary" else str(row["name"]),
        str(row["scale"]) or MISSING,
        number(row["estimate"], digits),
        interval(row["conf_low"], row["conf_high"], digits),
        p_cell(row["p_value"]),
        str(row["agrees"]) or MISSING,
    )


def _notes(panel: Companions) -> Iterator[str]:
    yield (
        "The primary method was fixed beforehand and remains the result. A Wald z test is shown "
        "because other programs print it; it rejects too often with few workers and is not counted "
        "among the methods that agree."
    )
    sources = [f"{name}: {source}" for name, source in _sources(panel)]
    yield f"Methods after {'; '.join(sources)}."
    for row in panel.to_frame().to_dict("records"):
        if row["note"] and row["standing"] == "companion":
            yield f"{row['name']}: {row['note']}"


def _sources(panel: Companions) -> Iterator[tuple[str, str]]:
    for row in panel.to_frame().to_dict("records"):
        if row["source"] and row["standing"] == "companion":
            yield str(row["name"]), str(row["source"])
