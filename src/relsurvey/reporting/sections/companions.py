"""What other methods say to the primary question, beside the primary one."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

import pandas as pd

from relsurvey.association.panel import Companions
from relsurvey.association.panel.sentence import panel_sentence
from relsurvey.association.panel.voices import SLOPE
from relsurvey.reporting.disclosure import uncounted
from relsurvey.reporting.disclosure.statistics import correlation_of
from relsurvey.reporting.material import Material
from relsurvey.reporting.numbers import MISSING, interval, number, p_value, places
from relsurvey.reporting.references import named_in
from relsurvey.reporting.sections.estimates import p_cell, rounded_words
from relsurvey.reporting.sections.headline import said_of
from relsurvey.reporting.wording import Said
from relsurvey.views import Block, Paragraph, Table

__all__ = ["companion_blocks"]

PEARSON = "Pearson, worker means"
# What a note says of how many people, teams or orders there are, and the same without a number.
UNCOUNTED = (
    (r"\bWith \d[\d,]* (\w+?)s? the\b", r"With so few \1s the"),
    (r": degrees of freedom below [\d.]+ \(.*\)\.", "."),
    (r"\bWith [^:;]*? there (?:is|are) .*? cannot be reached\.", "Too few orders are there for a "
     "p that would count."),
)  # fmt: skip
COUNT = re.compile(r"\d{2}|[02-9]|\.\d")  # a lone 1 is the end of a scale
LARGE, HUGE = 1e3, 1e9  # Bayes factors of no decimals, and of three digits and a power


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
        notes=(*_notes(table, said), *_rounded_words(material)),
        text_columns=frozenset({0, 1, 5}),
    )
    yield Paragraph(_verdict(table, own.confidence, said))


def _verdict(table: pd.DataFrame, confidence: float, said: Said) -> str:
    """Say what the methods come to, p as the table above writes it."""
    names = (said.outcome.title, said.predictor.title)
    return panel_sentence(table, 1.0 - confidence, *names, p_words=p_value)


def _shown_table(material: Material, panel: Companions) -> pd.DataFrame:
    """Return the methods with nothing that tells how many workers there are.

    Where their number is rounded, p values by t are those for rounded degrees of freedom; p
    values by draws (bootstraps, permutations) follow from no number and stay. Pearson's interval
    is that for the number shown; others over workers have none, none of them has p, and the Bayes
    factor, which follows from r and their number, goes with its words. Notes lose their counts.
    """
    table = panel.to_frame()
    if not material.rules.rounds("worker"):
        return table
    rows = [_shown(material, panel, row) for row in table.to_dict("records")]
    return pd.DataFrame(rows, columns=table.columns)


def _shown(material: Material, panel: Companions, row: dict[Any, Any]) -> dict[Any, Any]:
    row = {**row, "note": _uncounted(str(row["note"]))}
    if row["scale"] == SLOPE:
        if math.isnan(row["df"]):
            return row
        ends = (row["conf_low"], row["conf_high"])
        p = material.p_shown(row["p_value"], row["estimate"], ends, row["df"])
        return {**row, "p_value": p}
    row |= dict.fromkeys(("conf_low", "conf_high", "p_value"), math.nan)
    if row["name"] == PEARSON:
        n = material.rules.shown(panel.primary.n_workers, "worker")
        low, high, _ = correlation_of(row["estimate"], n, panel.primary.confidence)
        return row | {"conf_low": low, "conf_high": high}
    if _is_factor(row):
        return row | {"estimate": math.nan, "note": ""}
    return row | {"note": _sentences(row["note"], re.compile("interval"))}


def _uncounted(note: str) -> str:
    """Take out of a note what tells how many there are; a sentence with a count goes.

    Examples
    --------
    >>> _uncounted("With 14 teams the bootstrap is not to be trusted. In 3% a team lacks.")
    'With so few teams the bootstrap is not to be trusted.'
    """
    for found, instead in UNCOUNTED:
        note = re.sub(found, instead, note)
    return _sentences(uncounted(note), COUNT)


def _sentences(note: str, without: re.Pattern[str]) -> str:
    """Return the sentences in which something is not found."""
    return " ".join(one for one in re.split(r"(?<=\.)\s+", note) if not without.search(one))


def _rounded_words(material: Material) -> Iterator[str]:
    yield from rounded_words(material)
    if material.rules.rounds("worker"):
        yield (
            "For the same reason, correlations across workers and odds ratios have no p here, "
            "all but Pearson's no interval, and the Bayes factor is not shown; whether they say "
            "the same is."
        )


def _is_factor(row: dict[Any, Any]) -> bool:
    return str(row["scale"]).startswith("Bayes factor")


def _factor(value: float) -> str:
    """Write a Bayes factor as its words do.

    Examples
    --------
    >>> _factor(6.3), _factor(1234.0), _factor(75_382_396_009.3)
    ('6.30', '1,234', '7.54e+10')
    """
    if value >= HUGE:
        return f"{value:.3g}"
    return number(value, 0 if value >= LARGE else 2)


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
        _factor(row["estimate"]) if _is_factor(row) else number(row["estimate"], digits),
        interval(row["conf_low"], row["conf_high"], digits),
        p_cell(row["p_value"]),
        str(row["agrees"]) or MISSING,
    )


def _notes(table: pd.DataFrame, said: Said) -> Iterator[str]:
    yield (
        f"Slope: points of {said.outcome.title} for one point of {said.predictor.title}. The "
        "primary method follows from the study file alone and remains the result. A Wald z test "
        "is shown as other programs print it; it rejects too often with few workers and is not "
        "counted among the methods that agree."
    )
    rows = [row for row in table.to_dict("records") if row["standing"] == "companion"]
    sources = named_in("; ".join(str(row["source"]) for row in rows))
    if sources:
        yield f"Methods after {'; '.join(sources)}: see the references."
    for row in rows:
        if row["note"]:
            yield f"{row['name']}: {row['note']}"
