"""An export as its platform means it: respondents only, and what each column is.

Between the file (a `RawTable`: texts under a heading) and the answers stands what a platform
adds: further heading rows, question texts, codes behind labels, codes that stand for no answer,
test rows, times. A platform's module turns the one into the other and decodes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from relsurvey.intake.log import LogEntry
from relsurvey.intake.table import RawTable

__all__ = ["RECORDS", "Export", "ExportColumn", "Platform", "Role", "plain_columns"]

Role = Literal["answer", "record", "personal", "platform"]

RECORDS = ("started", "submitted", "finished", "duration", "progress", "preview", "language")


@dataclass(frozen=True)
class ExportColumn:
    """What is known of one column of an export.

    Attributes
    ----------
    name : str
        Its heading, as a person names the column: as a rule the cell in row 1.
    role : {"answer", "record", "personal", "platform"}
        "answer" may be an item or a context question; "record" is about the respondent (times,
        progress, language, the platform's id); "personal" names or locates a person; "platform"
        is anything else the platform adds (form status, page timings). Only answers are matched
        to items.
    ids : tuple of str
        What the platform calls it besides: an ImportId, an export tag.
    code : str
        The code of the row or item inside the name: ``SEC1`` in ``peech[SEC1]`` or
        ``group/SEC1``.
    stem, text : str
        The question a row belongs to, and the wording of the row (or of the question, where it
        has no rows); HTML and entities as they stand.
    choices : dict of str to str
        Label by code as it stands in the cells, where the file or its dictionary tells.
    declared : dict of str to str
        Reason by cell text for codes that the file itself declares missing; empty where it gives
        none, and the instrument's is taken if it has one. It goes before the instrument: where a
        file says that 0 is no answer, 0 is no answer.
    missing : dict of str to str
        Reason by cell text for what the platform usually writes without an answer; ``""`` is
        the blank cell. The instrument goes before it.
    numbered : bool
        Whether numbers in the cells are those that the platform gave the answers, and nothing
        told their labels: 1 may be the first answer, whatever its code in the instrument is.
    """

    name: str
    role: Role = "answer"
    ids: tuple[str, ...] = ()
    code: str = ""
    stem: str = ""
    text: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    declared: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    numbered: bool = False

    def replaced(self, **changes: Any) -> ExportColumn:
        """Return the column with some fields changed."""
        return replace(self, **changes)


def plain_columns(headings: Sequence[str]) -> tuple[ExportColumn, ...]:
    """Return columns of which only the heading is known.

    Examples
    --------
    >>> plain_columns(["id", "Q1"])[1].name
    'Q1'
    """
    return tuple(ExportColumn(heading) for heading in headings)


@dataclass(frozen=True, eq=False)
class Export:
    """An export as its platform means it.

    Attributes
    ----------
    platform : str
        Name of the platform.
    why : str
        What it was recognised by, as a sentence without a full stop.
    table : RawTable
        One row a respondent; its headings are the names of the columns.
    columns : tuple of ExportColumn
        One a column of the table, in its order.
    records : pandas.DataFrame
        Under the table's index, those of `RECORDS` that the platform has: ``started`` and
        ``submitted`` (datetime64, NaT where unknown), ``finished`` and ``preview`` (boolean),
        ``duration`` (seconds), ``progress`` (percent), ``language`` (text).
    respondent : int or None
        Position of the column with the platform's own id of a respondent.
    narrow : callable or None
        For platforms whose rows do not all carry the same questions: makes of the export, of
        the positions of the items, and of those of the ids that were asked for, the export of
        those who were asked the items.
    not_asked : dict of int to ndarray of bool
        Rows, by position of a column, in which its question was not asked; a blank cell there
        is "not shown".
    """

    platform: str
    why: str
    table: RawTable
    columns: tuple[ExportColumn, ...]
    records: pd.DataFrame
    respondent: int | None = None
    narrow: Callable[[Export, Sequence[int], Sequence[int]], Export] | None = None
    not_asked: Mapping[int, NDArray[np.bool_]] = field(default_factory=dict)

    def with_entries(self, *entries: LogEntry) -> Export:
        """Return the export with more log entries."""
        return replace(self, table=self.table.with_entries(*entries))


@dataclass(frozen=True)
class Platform:
    """One platform: how its exports are told, and how they are read.

    Attributes
    ----------
    name : str
        As in ``platform="qualtrics"``.
    title : str
        As its users call it.
    recognise : callable
        Says what a table is recognised by ("row 3 holds ImportIds"); ``None`` where it is not
        this platform's. It looks at the heading and the first rows only.
    read : callable
        Makes the export of a table. The second argument is the dictionary the user named (a
        .qsf, a data dictionary), or ``None``.
    dictionary : str
        What the dictionary is, for messages ("the .qsf of the survey"); empty where there is
        none.
    """

    name: str
    title: str
    recognise: Callable[[RawTable], str | None]
    read: Callable[[RawTable, Path | None], Export]
    dictionary: str = ""
