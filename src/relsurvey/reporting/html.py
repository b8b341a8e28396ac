"""Write a report as one HTML file that needs nothing from outside."""

from __future__ import annotations

import functools
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from relsurvey.reporting.plain import shortened
from relsurvey.reporting.views import Cell, Report

__all__ = ["as_html"]

TEMPLATES = Path(__file__).parent / "templates"


def as_html(report: Report) -> str:
    """Return a report as an HTML document.

    Every text is escaped; the only markup that passes is the style sheet and the drawings,
    which this package makes itself.
    """
    style = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    template = _environment().get_template("report.html.jinja")
    return template.render(report=report, style=Markup(style))  # noqa: S704


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["drawing"] = Markup
    environment.filters["cell"] = _as_cell
    environment.filters["shortened"] = shortened
    environment.tests["number_column"] = lambda position, table: position not in table.text_columns
    environment.tests["wordy"] = _is_wordy
    environment.filters["kind"] = lambda block: type(block).__name__
    return environment


def _is_wordy(text: str) -> bool:
    """Say whether a cell in a column of numbers holds words, which may be broken into lines."""
    return any(word.isalpha() and len(word) > 3 for word in text.split())


def _as_cell(cell: str | Cell) -> Cell:
    return cell if isinstance(cell, Cell) else Cell(cell)
