"""What a platform records of each respondent: when, how long, how far, in which language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from relsurvey.intake.dates import read_times
from relsurvey.intake.export import RECORDS
from relsurvey.intake.fold import shown
from relsurvey.intake.log import LogEntry
from relsurvey.intake.table import RawTable
from relsurvey.intake.text_column import TextColumn
from relsurvey.text import counted

__all__ = ["no_records", "read_records"]


def no_records(table: RawTable) -> pd.DataFrame:
    """Return a frame without columns, for platforms that record nothing."""
    return pd.DataFrame(index=table.index)


def read_records(
    table: RawTable,
    *,
    started: int | None = None,
    submitted: int | None = None,
    finished: tuple[int, Mapping[str, bool]] | NDArray[np.bool_] | None = None,
    duration: int | None = None,
    progress: int | None = None,
    language: int | None = None,
    preview: NDArray[np.bool_] | None = None,
) -> tuple[pd.DataFrame, list[LogEntry]]:
    """Read the columns about the respondents.

    Parameters
    ----------
    table : RawTable
        One row a respondent.
    started, submitted, duration, progress, language : int, optional
        Positions of the columns; duration is in seconds, progress in percent.
    finished : tuple or array, optional
        A position and what its texts mean (folded to lower case), or one value a row.
    preview : ndarray of bool, optional
        Which rows are previews or tests.

    Returns
    -------
    records : pandas.DataFrame
        Those of `RECORDS` that were given, under the table's index. Where there is no duration
        and both times are there, it is the time between them; missing where that is negative.
    entries : list of LogEntry
        What could not be read.
    """
    found: dict[str, Any] = {}
    entries: list[LogEntry] = []
    both = [table.columns[place] for place in (started, submitted) if place is not None]
    for name, position in (("started", started), ("submitted", submitted)):
        if position is not None:
            times = read_times(table.columns[position], *both)
            found[name] = times.stamps
            if times.unread or times.note:
                entries.append(_entry(table, position, name, times.unread, times.note))
    for name, position in (("duration", duration), ("progress", progress)):
        if position is not None:
            found[name], unread = _numbers(table.columns[position])
            if unread:
                entries.append(_entry(table, position, name, unread, ""))
    if duration is None and {"started", "submitted"} <= set(found):
        found["duration"], backwards = _seconds(found["started"], found["submitted"])
        if backwards:
            what = f"{counted(backwards, 'respondent')} submitted before they started."
            entries.append(LogEntry("respondents", "", backwards, what, "No duration is given."))
    if isinstance(finished, tuple):
        column, meaning = table.columns[finished[0]], finished[1]
        known = [meaning.get(text.lower()) for text in column.trimmed]
        found["finished"] = pd.array(known, dtype="boolean")[column.codes]
    elif finished is not None:
        found["finished"] = pd.array(finished, dtype="boolean")
    if preview is not None:
        found["preview"] = pd.array(preview, dtype="boolean")
    if language is not None:
        found["language"] = table.answers(language)
    ordered = {name: found[name] for name in RECORDS if name in found}
    return pd.DataFrame(ordered, index=table.index, copy=False), entries


def _entry(table: RawTable, position: int, name: str, unread: int, note: str) -> LogEntry:
    heading = table.heading[position]
    what = (
        f"{counted(unread, 'cell')} of {shown(heading)} could not be read as {name}."
        if unread
        else f"{shown(heading)} was read as {name}."
    )
    return LogEntry("respondents", heading, unread, what, note or "They are left out of it.")


def _numbers(column: TextColumn) -> tuple[NDArray[np.float64], int]:
    numbers = pd.to_numeric(pd.Series(column.trimmed, dtype="str"), errors="coerce")
    values = numbers.to_numpy(dtype=np.float64)
    # Neither a duration nor a share of the questions can be below nothing.
    values = np.where(np.isfinite(values) & (values >= 0), values, np.nan)
    filled = np.array([bool(text) for text in column.trimmed], dtype=bool)
    unread = column.marked((filled & np.isnan(values)).tolist())
    return values[column.codes], int(unread.sum())


def _seconds(
    start: NDArray[np.datetime64], end: NDArray[np.datetime64]
) -> tuple[NDArray[np.float64], int]:
    gone = (end - start) / np.timedelta64(1, "s")
    backwards = gone < 0
    return np.where(backwards, np.nan, gone), int(backwards.sum())
