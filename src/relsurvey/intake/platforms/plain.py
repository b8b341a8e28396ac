"""A plain table: one heading, one row a respondent, and nothing of any platform."""

from __future__ import annotations

from pathlib import Path

from relsurvey.intake.export import Export, Platform, plain_columns
from relsurvey.intake.respondents import no_records
from relsurvey.intake.table import RawTable

__all__ = ["PLAIN"]


def _recognise(table: RawTable) -> str | None:
    return f"{table.container} with one heading"


def _read(table: RawTable, dictionary: Path | None) -> Export:
    del dictionary
    columns = table.described or plain_columns(table.heading)
    return Export("csv", "One heading", table, columns, no_records(table))


PLAIN = Platform("csv", "a plain table", _recognise, _read)
