"""Write a report as one HTML file that needs nothing from outside."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from relsurvey.reporting.plain import shortened
from relsurvey.reporting.writers.words import KICKERS, LONGEST_TITLES, heading, led
from relsurvey.templates import as_shipped, html_environment, source_hash
from relsurvey.views import Audience, Block, Cell, Figure, Paragraph, Report, Subheading, Table

__all__ = ["as_html"]

TEMPLATES = Path(__file__).parent / "templates"

LONG_TEXT = 30  # letters; a cell with more has room for some words in a line, on a phone too
NARROWEST = 380  # points of a drawing that is shown whole on a phone
SHORT_TABLE = 8  # rows; a table of at most so many is not broken between pages

# Later sheets change what earlier ones say.
STYLES = ("colours.css", "screen.css", "print.css")


SHEETS: Mapping[Audience, tuple[str, ...]] = {
    "technical": (), "service": ("service.css",), "plain": ("plain.css",),
}  # fmt: skip


def as_html(report: Report) -> str:
    """Return a report as an HTML document.

    Every text is escaped; the only markup that passes is the style sheet, the script that sorts
    tables, and the drawings, which this package makes itself. The page lets nothing else be
    loaded or run: its Content-Security-Policy names the style and the script by their hashes.
    """
    style = as_shipped(*(TEMPLATES / name for name in (*STYLES, *SHEETS[report.audience])))
    script = as_shipped(TEMPLATES / "sort.js") if _has_tables(report) else Markup()
    page = _environment().get_template("page.html.jinja")
    policy = _policy(style, script)
    return page.render(
        report=report,
        heading=heading(report),
        kicker=KICKERS[report.audience],
        longest=LONGEST_TITLES[report.audience],
        style=style,
        script=script,
        policy=policy,
    )


def _has_tables(report: Report) -> bool:
    return any(section.tables for section in report.sections)


def _policy(style: str, script: str) -> str:
    """Return what the page may load: its own style and script, pictures inside it, nothing else."""
    rules = {
        "default-src": "'none'",
        "style-src": source_hash(style),
        "script-src": source_hash(script) if script else "'none'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{kind} {allowed}" for kind, allowed in rules.items())


@functools.cache
def _environment() -> Environment:
    environment = html_environment(TEMPLATES)
    environment.filters["drawing"] = Markup
    environment.filters["cell"] = _as_cell
    environment.filters["led"] = led
    environment.filters["shortened"] = shortened
    environment.filters["units"] = _units
    environment.tests["number_column"] = lambda position, table: position not in table.text_columns
    environment.tests["wordy"] = _is_wordy
    environment.tests["long"] = lambda text: len(text) > LONG_TEXT
    environment.tests["short"] = _is_short
    environment.tests["narrow"] = _is_narrow
    environment.filters["kind"] = lambda block: type(block).__name__
    return environment


def _is_wordy(text: str) -> bool:
    """Say whether a cell in a column of numbers holds words, which may be broken into lines."""
    return any(word.isalpha() and len(word) > 3 for word in text.split())


def _is_narrow(figure: Figure) -> bool:
    """Say whether a drawing can be read on a phone without scrolling."""
    box = re.search(r'viewBox="0 0 ([\d.]+)', figure.picture.svg)
    return box is not None and float(box[1]) <= NARROWEST


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
