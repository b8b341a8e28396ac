"""SPSS and Stata files that no platform left its mark on: the file itself says what is what.

Value labels may cover all codes, some, or only the missing ones; all three kinds are read alike
(`ColumnChoices`). Codes the file declares missing keep the reason that their label gives.
"""

from __future__ import annotations

from pathlib import Path

from relsurvey.intake.export import Export, ExportColumn, Platform
from relsurvey.intake.log import LogEntry
from relsurvey.intake.respondents import no_records
from relsurvey.intake.table import RawTable
from relsurvey.text import counted

__all__ = ["SPSS", "STATA"]


def _spss(table: RawTable) -> str | None:
    return "It is an SPSS file" if table.container == "spss" else None


def _stata(table: RawTable) -> str | None:
    return "It is a Stata file" if table.container == "stata" else None


def _read_spss(table: RawTable, dictionary: Path | None) -> Export:
    return _read("spss", table, dictionary)


def _read_stata(table: RawTable, dictionary: Path | None) -> Export:
    return _read("stata", table, dictionary)


def _read(platform: str, table: RawTable, dictionary: Path | None) -> Export:
    del dictionary
    columns: tuple[ExportColumn, ...] = table.described
    labelled = sum(bool(column.choices) for column in columns)
    what = f"{counted(labelled, 'column')} with labels for codes."
    why = "A label goes before its code. A blank (system-missing) cell is taken for unanswered."
    table = table.with_entries(LogEntry("platform", "", labelled, what, why))
    return Export(platform, "The file says so", table, columns, no_records(table))


SPSS = Platform("spss", "SPSS", _spss, _read_spss)
STATA = Platform("stata", "Stata", _stata, _read_stata)
