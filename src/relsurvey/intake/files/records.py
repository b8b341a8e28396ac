"""The records of a delimited text, one a respondent, each as wide as the heading."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from csv import Error as CsvError
from pathlib import Path
from typing import Any

from relsurvey.errors import IntakeError
from relsurvey.intake.fold import trimmed
from relsurvey.intake.table import TableBuilder

__all__ = ["MOST_COLUMNS", "Records"]

MOST_COLUMNS = 20_000
MOST_FAILURES = 100_000
# Few enough that a piece stays in the processor's cache while it is turned on its side.
_CELLS_AT_ONCE = 10_000

Record = list[str]


class Records:
    """Reads the heading and the records from a csv reader, and keeps count of what was odd.

    Parameters
    ----------
    path : pathlib.Path
        The file, for messages.
    reader : csv.reader
        Strict, at the beginning of the file.
    lines_before : int
        Lines of the file that the reader was not given.

    Attributes
    ----------
    heading : list of str
        The first record that is not blank, made as wide as the records: where only the
        heading ends in a delimiter its empty end is taken off, where only the records do an
        empty heading is added.
    blank_lines : int
        Lines with nothing on them so far.
    uneven_end : {"", "heading", "records"}
        Which of them alone ends in a delimiter.

    Raises
    ------
    IntakeError
        Where there is no heading, or it is wider than any survey.
    """

    def __init__(self, path: Path, reader: Any, lines_before: int = 0) -> None:
        self.blank_lines = 0
        self.uneven_end = ""
        self._path = path
        self._reader = reader
        self._lines_before = lines_before
        self._row = 0
        self._faults: list[dict[str, int]] = []
        self._fault_count = 0
        heading = self._next_filled()
        if heading is None:
            raise IntakeError(
                f"{path.name} is empty: there is no heading in it.", hint="Export it again."
            )
        self.heading = heading
        if len(heading) > MOST_COLUMNS:
            raise IntakeError(
                f"{path.name} has {len(heading):,} columns; at most {MOST_COLUMNS:,} are read.",
                hint="Export the answers with one line a respondent.",
            )
        self._first = self._next_filled()
        self._even_out()

    def read_into(self, builder: TableBuilder) -> None:
        """Read everything under the heading.

        Raises
        ------
        IntakeError
            Where a record is wider or narrower than the heading (``.failures`` has
            ``row, cells, expected``) or the quotes do not fit.
        """
        width = len(self.heading)
        at_once = max(1, _CELLS_AT_ONCE // width)
        records = [] if self._first is None else [self._first]
        while records:
            rows: Sequence[int] = range(self._row - len(records) + 1, self._row + 1)
            if set(map(len, records)) != {width}:
                records, rows = self._of_width(width, records, rows)
            builder.add(records, rows)
            records = self._next(at_once)
        if self._fault_count:
            raise self._uneven(width)

    def _next(self, count: int) -> list[Record]:
        records: list[Record] = []
        line = self._lines_before + self._reader.line_num
        try:
            records.extend(itertools.islice(self._reader, count))
        except CsvError as problem:
            inside = sum(cell.count("\n") for record in records for cell in record)
            raise self._unreadable(
                problem, self._row + len(records) + 1, line + len(records) + inside + 1
            ) from problem
        self._row += len(records)
        return records

    def _next_filled(self) -> Record | None:
        while records := self._next(1):
            if not _is_blank_line(records[0]):
                return records[0]
            self.blank_lines += 1
        return None

    def _even_out(self) -> None:
        first = self.heading if self._first is None else self._first
        if len(first) == len(self.heading) - 1 and not trimmed(self.heading[-1]):
            self.heading.pop()
            self.uneven_end = "heading"
        elif len(first) == len(self.heading) + 1 and not trimmed(first[-1]):
            self.heading.append("")
            self.uneven_end = "records"

    def _of_width(
        self, width: int, records: list[Record], rows: Sequence[int]
    ) -> tuple[list[Record], list[int]]:
        """Keep the records of the right width; count blank lines, note all others."""
        kept = [pair for pair in zip(records, rows, strict=True) if len(pair[0]) == width]
        for record, row in zip(records, rows, strict=True):
            if _is_blank_line(record) and len(record) != width:
                self.blank_lines += 1
            elif len(record) != width:
                self._fault_count += 1
                if len(self._faults) < MOST_FAILURES:
                    self._faults.append({"row": row, "cells": len(record), "expected": width})
        return [record for record, _ in kept], [row for _, row in kept]

    def _uneven(self, width: int) -> IntakeError:
        count = "1 row has" if self._fault_count == 1 else f"{self._fault_count:,} rows have"
        return IntakeError(
            f"{self._path.name}: {count} more or fewer cells than the heading, which has {width}.",
            hint="Most often a text with a delimiter or a line break in it was not put in quotes. "
            "Export the file again, or mend these rows.",
            failures=self._faults,
        )

    def _unreadable(self, problem: CsvError, row: int, line: int) -> IntakeError:
        text = str(problem)
        if "expected after" in text:
            what = "a closing quote is followed by more text in the same cell"
        elif "unexpected end" in text or "field larger" in text:
            what = "a quote is opened and never closed, or a cell is longer than any answer"
        else:
            what = text
        return IntakeError(
            f"{self._path.name} cannot be read beyond row {row} (line {line}): {what}.",
            hint="Look at the quotes there; a quote inside a quoted text is written twice.",
        )


def _is_blank_line(record: Record) -> bool:
    return not record or (len(record) == 1 and not trimmed(record[0]))
