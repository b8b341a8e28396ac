"""What REDCap records of each form: when it was submitted, and whether it is complete."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from relsurvey.intake.log import LogEntry
from relsurvey.intake.respondents import read_records
from relsurvey.intake.structure import Part
from relsurvey.intake.table import RawTable
from relsurvey.intake.text_column import TextColumn

__all__ = ["read_form_records"]

# 1 (unverified) was saved by staff and awaits a check; only 2 says that it is done.
_FINISHED = {
    "0": False,
    "1": False,
    "2": True,
    "incomplete": False,
    "unverified": False,
    "complete": True,
}
# Stands for the time of a survey that was begun and not submitted (seen in real exports).
_NOT_SUBMITTED = "[not completed]"


def read_form_records(
    table: RawTable, parts: Sequence[Part]
) -> tuple[pd.DataFrame, list[LogEntry]]:
    """Read when forms were submitted and whether they are finished.

    Parameters
    ----------
    table : RawTable
        The export.
    parts : sequence of Part
        The forms that hold the items. Where they are several, the last submission counts, and
        all of them must be finished.

    Returns
    -------
    records : pandas.DataFrame
        ``submitted`` and ``finished``, as far as the export has them.
    entries : list of LogEntry
        What could not be read.
    """
    submitted: list[pd.Series[pd.Timestamp]] = []
    finished: list[pd.Series[bool]] = []
    entries: list[LogEntry] = []
    for part in parts:
        if part.submitted is not None:
            times, told = _times(table, part.submitted)
            submitted.append(times)
            entries += told
        done = _finished(table, part)
        if done is not None:
            finished.append(done)
    records = pd.DataFrame(index=table.index)
    if submitted:
        records["submitted"] = pd.concat(submitted, axis="columns").max(axis="columns")
    if finished:
        all_done = finished[0]
        for done in finished[1:]:
            all_done = all_done & done
        records["finished"] = all_done
    return records, entries


def _times(table: RawTable, place: int) -> tuple[pd.Series[pd.Timestamp], list[LogEntry]]:
    column = table.columns[place]
    texts = tuple("" if text.lower() == _NOT_SUBMITTED else text for text in column.trimmed)
    columns = list(table.columns)
    columns[place] = TextColumn(texts, column.codes)
    records, entries = read_records(table.replaced(columns=tuple(columns)), submitted=place)
    return records["submitted"], entries


def _finished(table: RawTable, part: Part) -> pd.Series[bool] | None:
    if part.status is None and part.submitted is None:
        return None
    known = np.full(len(table.rows), None, dtype=object)
    if part.submitted is not None:
        column = table.columns[part.submitted]
        known[column.marked([text.lower() == _NOT_SUBMITTED for text in column.trimmed])] = False
        if part.status is None:
            at = [text.lower() not in ("", _NOT_SUBMITTED) for text in column.trimmed]
            known[column.marked(at)] = True
    if part.status is not None:
        column = table.columns[part.status]
        for text, meaning in _FINISHED.items():
            known[column.marked([one.lower() == text for one in column.trimmed])] = meaning
    return pd.Series(pd.array(known, dtype="boolean"), index=table.index)
