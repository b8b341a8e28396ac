"""What was read, dropped and recoded, and why: every export leaves such a log."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import ClassVar

import pandas as pd

from relsurvey.errors import listed
from relsurvey.results import Drawn
from relsurvey.text import counted

__all__ = ["READ_AS", "IntakeLog", "LogEntry"]

READ_AS = "Read as"
_TO_LOOK_AT = ("Warning", "Please confirm")
_LONGEST = 400
# Stands for the count in what was done to several columns.
_COUNT = "\0"
_MOST_ALIKE = 3
_LEFT_OUT = " left out: "
_LONGEST_NAME = 24
_COUNTED = re.compile(r"(?<![^ ])\d[\d,]* (cell|label)s?(?= |\.$)")
_COLUMNS = ("step", "column", "count", "what", "why")


@dataclass(frozen=True)
class LogEntry:
    """One thing that was done while a file was read.

    Attributes
    ----------
    step : str
        When: "file", "platform", "rows", "columns", "personal", "ids", "respondents" or "answers";
        "quality" where respondents were left out after reading.
    column : str
        The item or heading it was done to; empty where it was the whole file.
    count : int
        How many rows, columns, cells or files; 0 where nothing was counted.
    what : str
        What was done, as a sentence.
    why : str
        The reason.
    """

    step: str
    column: str
    count: int
    what: str
    why: str = ""


def _kind(entry: LogEntry) -> str:
    """Return what was done without the column and the numbers, to find entries alike."""
    if not entry.column:
        return entry.what
    if entry.step == "columns":
        return "column"
    what = entry.what.removeprefix(f"{entry.column}: ")
    # "1 cell" and "2 cells" are alike; where they are added up there is more than one. Only the
    # count goes: in "'4' read as 0 in 5 cells" the other numbers are what was done.
    return _COUNTED.sub(rf"{_COUNT} \1s", what)


def _lines(entries: list[LogEntry]) -> list[str]:
    if len(entries) <= _MOST_ALIKE:
        return [_line(entry) for entry in entries]
    first = entries[0]
    names = listed([_short(entry.column) for entry in entries], most=4)
    if first.step == "columns":
        return [f"  {len(entries)} columns ({names}). {first.why}".rstrip()]
    total = sum(entry.count for entry in entries)
    what, among = _kind(first).rstrip("."), f"{len(entries)} columns ({names})"
    if _COUNT not in what:
        what = f"{_COUNT} {what}"
    within = "of" if what.endswith("cells") else "in"
    what = f"{what.replace(_COUNT, f'{total:,}')} {within} {among}."
    return [f"  {what} {first.why}".rstrip()]


def _short(heading: str) -> str:
    return heading if len(heading) <= _LONGEST_NAME else f"{heading[: _LONGEST_NAME - 3]}..."


def _line(entry: LogEntry) -> str:
    # What somebody has to compare is told whole.
    whole = len(entry.what) <= _LONGEST or entry.what.startswith(_TO_LOOK_AT)
    what = entry.what if whole else f"{entry.what[: _LONGEST - 3]}..."
    return f"  {what} {entry.why}".rstrip()


@dataclass(frozen=True)
class IntakeLog(Drawn):
    """The log of one file.

    Attributes
    ----------
    entries : tuple of LogEntry
        In the order of reading.

    Examples
    --------
    >>> log = IntakeLog((LogEntry("rows", "", 2, "2 blank lines were skipped.", "Nothing there."),))
    >>> print(log.summary())
    Rows
      2 blank lines were skipped. Nothing there.
    """

    _figure: ClassVar[str] = "plot_intake_log"

    entries: tuple[LogEntry, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row an entry: ``step, column, count, what, why``."""
        return pd.DataFrame([asdict(entry) for entry in self.entries], columns=list(_COLUMNS))

    @property
    def recognised(self) -> str:
        """What the file was read as, and why, in one line; empty where it was not told."""
        read = (one for one in self.entries if one.step == "platform")
        return next((f"{one.what} {one.why}" for one in read if one.what.startswith(READ_AS)), "")

    @property
    def left_out(self) -> tuple[str, ...]:
        """Which rows were taken for no respondents, such as previews, and why; a sentence each."""
        return tuple(
            f"{one.what} {one.why}"
            for one in self.entries
            if one.step == "rows" and _LEFT_OUT in one.what
        )

    @property
    def warnings(self) -> tuple[LogEntry, ...]:
        """What somebody should look at: warnings, lost cells, personal data, columns to confirm."""
        return tuple(
            one
            for one in self.entries
            if one.what.startswith(_TO_LOOK_AT)
            or one.why.startswith(_TO_LOOK_AT)
            or one.step == "personal"
        )

    @property
    def warning_lines(self) -> tuple[str, ...]:
        """The warnings as sentences; one where more than three columns lost cells alike."""
        alike: dict[tuple[str, str], list[LogEntry]] = {}
        for entry in self.warnings:
            lost = entry.why.startswith(_TO_LOOK_AT)
            alike.setdefault((_kind(entry) if lost else entry.what, entry.why), []).append(entry)
        lines = [
            _lines(entries) if why.startswith(_TO_LOOK_AT) else [f"{what} {why}"]
            for (what, why), entries in alike.items()
        ]
        return tuple(line.strip() for some in lines for line in some)

    def _short_text(self) -> str:
        count = len(self.warnings)
        told = self.recognised or self.entries[0].what if self.entries else "Nothing was read."
        left_out = f" {' '.join(self.left_out)}" if self.left_out else ""
        to_look_at = counted(count, "thing") if count else "Nothing"
        return f"{told}{left_out} {to_look_at} in it to look at."

    def summary(self) -> str:
        """Return the log as plain sentences, by step.

        What was done alike to more than three columns is one line; ``to_frame`` has each.
        """
        lines: list[str] = []
        for step in dict.fromkeys(entry.step for entry in self.entries):
            lines.append(step.capitalize())
            alike: dict[tuple[str, str], list[LogEntry]] = {}
            for entry in self.entries:
                if entry.step == step:
                    alike.setdefault((_kind(entry), entry.why), []).append(entry)
            for entries in alike.values():
                lines += _lines(entries)
        return "\n".join(lines)
