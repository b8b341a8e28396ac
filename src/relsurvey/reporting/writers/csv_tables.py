"""Write the tables of a report as CSV files, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from relsurvey.reporting.writers.letters import as_number
from relsurvey.tables import neutralised
from relsurvey.views import Cell, Report, Table

__all__ = ["CONTENTS", "as_csv", "as_rows", "contents_of", "rows_of", "tables_of"]

CONTENTS = "contents"


def as_csv(report: Report) -> dict[str, bytes]:
    """Return each table of a report as a CSV file, and one that says what they are.

    A cell that is a number and nothing else is written as programs write numbers; all other
    cells are text, and those that a spreadsheet would run as a formula get an apostrophe.
    """
    tables = tables_of(report)
    files = {CONTENTS: as_rows(contents_of(tables))}
    files |= {table.id: as_rows([table.columns, *rows_of(table)]) for table in tables}
    return {f"{name}.csv": content for name, content in files.items()}


def tables_of(report: Report) -> tuple[Table, ...]:
    """Return the tables of a report in order."""
    return tuple(table for section in report.sections for table in section.tables)


def contents_of(tables: Iterable[Table]) -> list[tuple[str, ...]]:
    """Say of each table what it shows, as rows below a heading."""
    return [
        ("table", "caption", "notes"),
        *((table.id, table.caption, " ".join(table.notes)) for table in tables),
    ]


def rows_of(table: Table) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a table, a cell over several columns in the first of them."""
    for row in table.rows:
        texts: list[str] = []
        for entry in row:
            cell = entry if isinstance(entry, Cell) else Cell(entry)
            texts += [cell.text, *[""] * (cell.span - 1)]
        yield tuple(texts)


def as_rows(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows as a CSV file that is safe to open."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([_plain(text) for text in r] for r in rows)
    return stream.getvalue().encode("utf-8")


def _plain(text: str) -> object:
    number = as_number(text)
    return neutralised(text) if number is None else number[0]
