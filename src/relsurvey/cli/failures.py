"""How an error looks in a terminal: one panel on stderr, every fault in a table."""

from __future__ import annotations

import json
import os

import typer
from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from relsurvey.errors import RelSurveyError
from relsurvey.results import json_ready

__all__ = ["EXIT_FAULT", "EXIT_INPUT", "show_error", "show_fault"]

EXIT_FAULT = 1
EXIT_INPUT = 3
MOST_ROWS = 30
LONGEST_CELL = 300
WIDTH_OF_A_PIPE = 120


def _stderr() -> Console:
    console = Console(stderr=True, highlight=False)
    if console.is_terminal or "COLUMNS" in os.environ:
        return console
    return Console(stderr=True, highlight=False, width=WIDTH_OF_A_PIPE)


def show_error(problem: RelSurveyError, *, as_json: bool) -> None:
    """Print an error as a panel on stderr, and as JSON on stdout where JSON was asked for.

    The JSON has every fault; the panel has the first thirty and says how many more there are.
    """
    parts: list[Text | Table] = [Text(problem.message)]
    if problem.failure_rows:
        parts += [Text(), _table(problem.failure_rows[:MOST_ROWS])]
        unseen = len(problem.failure_rows) - MOST_ROWS
        if unseen > 0:
            parts.append(Text(f"... and {unseen:,} more (--json prints them)."))
    if problem.hint:
        parts += [Text(), Text(problem.hint, style="bold")]
    title = type(problem).__name__.removesuffix("Error") or "Error"
    _stderr().print(Panel(Group(*parts), title=f"{title} error", border_style="red"))
    if as_json:
        error = {
            "error": type(problem).__name__,
            "message": problem.message,
            "hint": problem.hint,
            "failures": problem.failure_rows,
        }
        typer.echo(json.dumps(json_ready(error), indent=2))


def show_fault(problem: Exception) -> None:
    """Say that the program, not the input, is at fault, without a traceback."""
    text = Text(
        f"relsurvey itself failed: {type(problem).__name__}: {problem}\n\n"
        "This is a fault of the program. Nothing of yours was changed. Run the command again "
        "with --debug and report what it prints (check that it shows nothing of anybody's "
        "answers)."
    )
    _stderr().print(Panel(text, title="Fault", border_style="red"))


def _table(rows: list[dict[str, object]]) -> Table:
    headings = list(dict.fromkeys(key for row in rows for key in row))
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(Text(_short(row.get(heading, ""))) for heading in headings))
    return table


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 3]}..."
