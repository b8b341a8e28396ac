"""Write a report as one HTML file that needs nothing from outside."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from relsurvey.reporting.plain import shortened
from relsurvey.templates import html_environment, style_sheet
from relsurvey.views import Block, Cell, Paragraph, Report, Subheading, Table

__all__ = ["as_html"]

TEMPLATES = Path(__file__).parent / "templates"

SHORT_TABLE = 8  # rows; a table of at most so many is not broken between pages


def as_html(report: Report) -> str:
    """Return a report as an HTML document.

    Every text is escaped; the only markup that passes is the style sheet and the drawings,
    which this package makes itself.
    """
    template = _environment().get_template("report.html.jinja")
    return template.render(report=report, style=style_sheet(TEMPLATES / "report.css"))


@functools.cache
def _environment() -> Environment:
    environment = html_environment(TEMPLATES)
    environment.filters["drawing"] = Markup
    environment.filters["cell"] = _as_cell
    environment.filters["shortened"] = shortened
    environment.filters["units"] = _units
    environment.tests["number_column"] = lambda position, table: position not in table.text_columns
    environment.tests["wordy"] = _is_wordy
    environment.tests["short"] = _is_short
    environment.filters["kind"] = lambda block: type(block).__name__
    return environment


def _is_wordy(text: str) -> bool:
    """Say whether a cell in a column of numbers holds words, which may be broken into lines."""
    return any(word.isalpha() and len(word) > 3 for word in text.split())


def _is_short(table: Table) -> bool:
    """Say whether a table is kept on one page of a print."""
    return len(table.rows) <= SHORT_TABLE


def _units(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Put a figure or table together with the headings and paragraphs above it.

    A print keeps those with a figure on one page; a section's heading is in its first unit.
    """
    unit: list[Block] = []
    for block in blocks:
        unit.append(block)
        if not isinstance(block, Subheading | Paragraph):
            yield unit
            unit = []
    if unit:
        yield unit


def _as_cell(cell: str | Cell) -> Cell:
    return cell if isinstance(cell, Cell) else Cell(cell)
