"""Write the tables of a report as one Excel workbook: a sheet a table, and one that lists them."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from relsurvey.reporting.writers.csv_tables import CONTENTS, contents_of, rows_of, tables_of
from relsurvey.reporting.writers.letters import as_number, xml_text
from relsurvey.reporting.writers.words import day
from relsurvey.tables import neutralised
from relsurvey.views import Report
from relsurvey.word import with_fixed_times

if TYPE_CHECKING:
    from openpyxl.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["as_xlsx"]

LONGEST_NAME = 31  # letters, of a sheet
LONGEST_CELL = 32_767
WIDEST = 60.0
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_CORE = "docProps/core.xml"


def as_xlsx(report: Report) -> bytes:
    """Return the tables of a report as a workbook; the same report gives the same bytes.

    A cell that is a number and nothing else is a number, shown with the decimals it was written
    with; all others are text. No cell is a formula.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    tables = tables_of(report)
    names = _sheet_names([CONTENTS, *(table.id for table in tables)])
    listed = [(names[row[0]], *row[1:]) for row in contents_of(tables)[1:]]
    _fill(book.create_sheet(names[CONTENTS]), ("sheet", "what it shows", "notes"), listed)
    for table in tables:
        _fill(book.create_sheet(names[table.id]), table.columns, rows_of(table))
    moment = day(report)
    book.properties.title = xml_text(report.title)[:255]
    book.properties.creator = xml_text(report.maker)[:255]
    book.properties.created = moment.replace(tzinfo=None)
    stream = io.BytesIO()
    book.save(stream)
    # openpyxl notes the time of saving.
    changed = {_CORE: lambda content: _without_the_hour(content, moment)}
    return with_fixed_times(stream.getvalue(), moment, changed)


def _without_the_hour(content: bytes, moment: dt.datetime) -> bytes:
    stamp = moment.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    return re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, content)


def _sheet_names(ids: Iterable[str]) -> dict[str, str]:
    """Give each table a name that a sheet may have and no other sheet has."""
    names: dict[str, str] = {}
    for id_ in ids:
        plain = _FORBIDDEN.sub("_", xml_text(id_)).strip("'") or "table"
        name, number = plain[:LONGEST_NAME], 2
        while name.casefold() in {taken.casefold() for taken in names.values()}:
            name = f"{plain[: LONGEST_NAME - len(str(number)) - 1]}-{number}"
            number += 1
        names[id_] = name
    return names


def _fill(sheet: Worksheet, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    widths = [len(heading) for heading in headings]
    for column, heading in enumerate(headings, start=1):
        _put(sheet.cell(1, column), heading, number=False)
        sheet.cell(1, column).font = Font(bold=True)
    for position, row in enumerate(rows, start=2):
        for column, text in enumerate(row, start=1):
            _put(sheet.cell(position, column), text, number=True)
            widths[column - 1] = max(widths[column - 1], len(text))
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = min(width + 2.0, WIDEST)
    sheet.freeze_panes = "B2"


def _put(cell: Cell | MergedCell, text: str, *, number: bool) -> None:
    """Write a cell as a number or as a text, never as a formula."""
    found = as_number(text) if number else None
    if found is None:
        cell.value = str(neutralised(xml_text(text)))[:LONGEST_CELL]
        cell.data_type = "s"
        return
    written, decimals = found
    cell.value = float(written) if decimals else int(written)
    cell.number_format = "0" + "." * bool(decimals) + "0" * decimals
