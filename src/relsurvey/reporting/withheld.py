"""The log of what a report does not show: where, what and why, without the numbers.

It is made from the views themselves, after disclosure control, so that it cannot say more than
they do, and leaves nothing out that a table says it withholds.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from relsurvey.reporting.labels import PEOPLE
from relsurvey.reporting.material import Material
from relsurvey.reporting.numbered import numbered
from relsurvey.reporting.plain import plain
from relsurvey.sensitivity.checks.who_is_missing import FEW_WORKERS
from relsurvey.views import Cell, Report, Section, Table, Withheld

__all__ = ["with_log", "withheld_in"]

WITHHELD = "withheld"
MOST_NAMED = 3  # rows of one table
COMPLEMENT = "the number is small, or would give a small one away"
TOGETHER = "few people gave one of these answers, so that they are counted together"
ROUNDED = "a small part could be worked out, so that all counts of this group are rounded"


def with_log(report: Report, material: Material) -> Report:
    """Return a report with the log of what it withholds; the technical one also shows it."""
    cells, throughout = withheld_in(report, material), tuple(_throughout(material))
    sections = report.sections
    if (cells or throughout) and report.audience == "technical":
        sections = (*sections, *numbered([_section(cells, throughout)], after=sections))
    return dataclasses.replace(report, sections=sections, withheld=(*cells, *throughout))


def withheld_in(report: Report, material: Material) -> tuple[Withheld, ...]:
    """Find the cells of a report's tables that say that they are withheld.

    Parameters
    ----------
    report : Report
        Past disclosure control.
    material : Material
        What it was made of.

    Returns
    -------
    tuple of Withheld
        One for each row of a table and each reason, in the order of the report.
    """
    few = material.rules.few
    return tuple(
        entry
        for section in report.sections
        for table in section.tables
        for row in table.rows
        for entry in _of_row(f"{section.title}: {table.caption}", table, row, few)
    )


def _of_row(where: str, table: Table, row: tuple[str | Cell, ...], few: str) -> Iterator[Withheld]:
    reasons: dict[str, list[str]] = {}
    position = 0
    for cell in row:
        text, span = (cell.text, cell.span) if isinstance(cell, Cell) else (cell, 1)
        if why := _reason(text, span, few):
            reasons.setdefault(why, []).extend(table.columns[position : position + span])
        position += span
    head = row[0].text if isinstance(row[0], Cell) else row[0]
    for why, columns in reasons.items():
        yield Withheld(where, f"{head}: {', '.join(filter(None, columns))}", why)


def _reason(text: str, span: int, few: str) -> str:
    """Say why a cell is withheld; nothing where it is not."""
    if FEW_WORKERS in text:
        return "it would tell of one or a few workers"
    if few in text:
        return "it is a number of few people, or all but few"
    if WITHHELD in text:
        return COMPLEMENT
    return TOGETHER if span > 1 and text.endswith("%") else ""


def _throughout(material: Material) -> Iterator[Withheld]:
    """Tell what is withheld in the whole report rather than in one cell."""
    rules = material.rules
    yield from (Withheld("The whole report", what, ROUNDED) for what in rules.withheld)
    for one in material.surveys:
        if one.withheld:
            yield Withheld(
                "The whole report", f"scores and answers of {PEOPLE[one.role]}", one.withheld
            )
        for scale in one.survey.instrument.scales:
            items = [answers for answers in one.answers if answers.id in scale.items]
            if items and not rules.allows_moments([a.counts for a in items], one.role):
                yield Withheld(
                    "Reliability",
                    f"means and SDs of the questions of {plain(scale.title)} ({PEOPLE[one.role]})",
                    "they would take apart answers of few people, or tell how many people there "
                    "are",
                )


def _section(cells: tuple[Withheld, ...], throughout: tuple[Withheld, ...]) -> Section:
    """Show the log for people: one row for each table or place, and reason."""
    rows = [*_grouped(cells, most=MOST_NAMED), *_grouped(throughout, most=len(throughout))]
    shortened = any(more for *_, more in rows)
    table = Table(
        id="table-withheld",
        caption="What is withheld, and why",
        columns=("Where", "What", "Why"),
        rows=tuple((where, what, why) for where, what, why, _ in rows),
        notes=("The file withheld.csv of the results has every row by itself.",) * shortened,
        text_columns=frozenset({0, 1, 2}),
        folded=True,
    )
    return Section("withheld", "What is withheld", (table,))


def _grouped(log: tuple[Withheld, ...], most: int) -> Iterator[tuple[str, str, str, bool]]:
    """Put together what has one place and reason; beyond ``most``, the first and how many more."""
    groups: dict[tuple[str, str], list[str]] = {}
    for one in log:
        groups.setdefault((one.where, one.why), []).append(one.what)
    for (where, why), what in groups.items():
        more = len(what) > most
        named = (
            f"{what[0]}; and in {len(what) - 1} other rows of this table"
            if more
            else "; ".join(what)
        )
        yield where, named, why, more
