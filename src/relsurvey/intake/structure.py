"""Rows that do not all carry the same questions: forms that belong to events and repeats.

Such an export is one wide table, and most of its blanks only say that a question belongs to
other rows. Which rows those are shows as soon as it is known which columns hold the items.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from relsurvey.errors import IntakeError, listed
from relsurvey.intake.conditions import Conditions, conditions_told
from relsurvey.intake.export import Export
from relsurvey.intake.fold import shown
from relsurvey.intake.log import LogEntry
from relsurvey.intake.other_rows import distinct, from_other_rows
from relsurvey.intake.table import RawTable
from relsurvey.intake.text_column import TextColumn
from relsurvey.text import counted

__all__ = ["Part", "Structure", "row_kinds"]

_UNTICKED = frozenset({"", "0", "unchecked"})


@dataclass(frozen=True)
class Part:
    """A part of a survey that is asked as a whole, such as a form.

    Attributes
    ----------
    name : str
        For messages: "form pmq".
    columns : tuple of int
        Positions of its columns.
    boxes : frozenset of int
        Those among them that hold a box to tick, whose 0 says nothing.
    status, submitted : int or None
        Positions of the columns that say how far it is, and when it was sent.
    """

    name: str
    columns: tuple[int, ...]
    boxes: frozenset[int] = frozenset()
    status: int | None = None
    submitted: int | None = None


Records = Callable[[RawTable, Sequence[Part]], tuple[pd.DataFrame, list[LogEntry]]]


@dataclass(frozen=True, eq=False)
class Structure:
    """Which rows carry which parts.

    A part was asked in all rows of a kind (an event, a repeated form) if any of these rows
    holds anything in it. So a person who left all of it blank has answered nothing, and is not
    taken for someone who was not asked.

    Attributes
    ----------
    parts : tuple of Part
        Columns that are in none of them are looked at one by one.
    kinds : ndarray of int, shape (n_rows,)
        Which kind each row is of.
    names : tuple of str
        Name of each kind, for messages.
    records : callable
        Reads the records of parts, as far as the platform has them.
    record : int or None
        Position of the id that the rows of one person share.
    fields : frozenset of int
        Positions of what people were asked, other than what the platform writes into rows.
    hidden : Conditions or None
        What the conditions of single questions hide, where the platform tells them.
    """

    parts: tuple[Part, ...]
    kinds: NDArray[np.intp]
    names: tuple[str, ...]
    records: Records
    record: int | None = None
    fields: frozenset[int] = frozenset()
    hidden: Conditions | None = None

    def narrow(self, export: Export, items: Sequence[int], asked_for: Sequence[int] = ()) -> Export:
        """Return the export of those who were asked any of the items.

        Parameters
        ----------
        export : Export
            With the rows that ``kinds`` stands for.
        items : sequence of int
            Positions of the columns that hold items.
        asked_for : sequence of int
            Positions of columns with ids, such as the worker's. Where one was asked in other
            rows only, the rows of the same person say it.

        Returns
        -------
        Export
            Rows of other events and forms are left out and counted; ``not_asked`` says where
            only some of the items were asked.

        Raises
        ------
        IntakeError
            Where no row has any of the items; or the other rows of a person do not agree in a
            column that was asked for.
        """
        table = export.table
        asked_by_part = {
            part: self._asked(table, part)
            for part in dict.fromkeys(self._part_of(table, position) for position in items)
        }
        parts = list(asked_by_part)
        kept_kinds = np.logical_or.reduce(list(asked_by_part.values()))
        if not kept_kinds.any():
            raise _asked_nowhere(table, parts)
        kept = kept_kinds[self.kinds]
        table = self._filled(table, asked_for, kept)
        narrowed = table if kept.all() else table.taken(kept)
        not_asked: dict[int, NDArray[np.bool_]] = {}
        for part, asked in asked_by_part.items():
            if not asked[kept_kinds].all():
                rows = ~asked[self.kinds[kept]]
                not_asked |= {place: rows for place in items if place in part.columns}
        hidden, hidden_entries = self._hidden(table, narrowed, items, kept)
        for place, rows in hidden.items():
            not_asked[place] = not_asked[place] | rows if place in not_asked else rows
        records, entries = self.records(narrowed, parts)
        told = [*self._told(kept, kept_kinds, parts), *hidden_entries, *entries]
        return replace(
            export,
            table=narrowed.with_entries(*told),
            records=records,
            narrow=None,
            not_asked=not_asked,
        )

    def _filled(
        self, table: RawTable, asked_for: Sequence[int], kept: NDArray[np.bool_]
    ) -> RawTable:
        """Return the table with ids that were asked in other rows of the same person."""
        if self.record is None or len(self.names) == 1:
            return table
        for position in dict.fromkeys(asked_for):
            if position in self.fields:
                asked = self._asked(table, Part(table.heading[position], (position,)))
                table = from_other_rows(table, position, self.record, kept & ~asked[self.kinds])
        return table

    def _hidden(
        self, table: RawTable, narrowed: RawTable, items: Sequence[int], kept: NDArray[np.bool_]
    ) -> tuple[dict[int, NDArray[np.bool_]], list[LogEntry]]:
        """Return where the conditions of the items were not met, and say what is not known."""
        conditions = self.hidden
        found: dict[int, NDArray[np.bool_]] = {}
        if conditions is None:
            return found, []
        unknown: list[int] = []
        cells = 0
        for place in filter(conditions.is_conditional, items):
            needed = conditions.needs(place)
            here = kept[kept] if needed is None else self._all_asked(table, needed)[kept]
            if needed is None or not here.any():
                unknown.append(place)
                continue
            found[place] = conditions.rows(narrowed, place) & here
            cells += int((found[place] & narrowed.columns[place].blank).sum())
        return found, conditions_told(narrowed, found, cells, unknown)

    def _all_asked(self, table: RawTable, places: Sequence[int]) -> NDArray[np.bool_]:
        """Return the rows in which all of some columns were asked: others cannot answer."""
        masks = (self._asked(table, self._part_of(table, place)) for place in set(places))
        found: NDArray[np.bool_] = np.logical_and.reduce([mask[self.kinds] for mask in masks])
        return found

    def _part_of(self, table: RawTable, position: int) -> Part:
        for part in self.parts:
            if position in part.columns:
                return part
        return Part(f"column {shown(table.heading[position])}", (position,))

    def _asked(self, table: RawTable, part: Part) -> NDArray[np.bool_]:
        """Return in which kinds of rows anything stands in a part."""
        if len(self.names) == 1:
            # There is nothing to tell apart, whatever the rows hold.
            return np.ones(1, dtype=bool)
        found = np.zeros(len(self.names), dtype=bool)
        for position in part.columns:
            column = table.columns[position]
            nothing = _UNTICKED if position in part.boxes else {""}
            filled = column.marked([text.lower() not in nothing for text in column.trimmed])
            found |= np.bincount(self.kinds[filled], minlength=len(found)) > 0
        return found

    def _told(
        self, kept: NDArray[np.bool_], kept_kinds: NDArray[np.bool_], parts: Sequence[Part]
    ) -> list[LogEntry]:
        if len(self.names) == 1:
            return []
        counts = np.bincount(self.kinds, minlength=len(self.names)).tolist()
        places = np.flatnonzero(kept_kinds)
        used = [f"{self.names[place]} ({counts[place]:,})" for place in places]
        what = f"{counted(int(kept.sum()), 'row')} hold the items: {listed(used, 8)}."
        why = "Name the column of the event as wave to keep them apart." if len(used) > 1 else ""
        entries = [LogEntry("rows", "", int(kept.sum()), what, why)]
        gone = int((~kept).sum())
        if gone:
            others = [self.names[place] for place in np.flatnonzero(~kept_kinds)]
            what = f"{counted(gone, 'row')} left out: {listed(others, 8)}."
            names = listed([part.name for part in parts], 4)
            why = f"Nobody was asked {names} in them; their blanks are no missing answers."
            entries.append(LogEntry("rows", "", gone, what, why))
        return entries


def row_kinds(columns: Iterable[TextColumn]) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    """Tell rows apart by what stands in some columns.

    Parameters
    ----------
    columns : iterable of TextColumn
        Such as the event and the repeated form; none of them makes one kind of all rows.

    Returns
    -------
    kinds : ndarray of int
        One number a row, counted from 0; of no length without columns.
    names : tuple of str
        The texts of each kind.

    Examples
    --------
    >>> event = TextColumn(("first", "second"), np.array([0, 1, 0], dtype=np.int32))
    >>> kinds, names = row_kinds([event])
    >>> kinds.tolist(), names
    ([0, 1, 0], ('first', 'second'))
    """
    kinds = np.zeros(0, dtype=np.intp)
    names: tuple[str, ...] = ()
    for column in columns:
        texts, own = distinct(column)
        if not names:
            kinds, names = own, tuple(texts)
        else:
            kinds = kinds * len(texts) + own
            names = tuple(", ".join(filter(None, (a, b))) for a in names for b in texts)
        there = np.bincount(kinds, minlength=len(names)) > 0
        kinds = (np.cumsum(there) - 1)[kinds]
        names = tuple(name for name, is_there in zip(names, there, strict=True) if is_there)
    return kinds, tuple(name or "rows without a name" for name in names)


def _asked_nowhere(table: RawTable, parts: Sequence[Part]) -> IntakeError:
    names = listed([part.name for part in parts], 4)
    return IntakeError(
        f"{table.path.name} holds no respondents: nothing stands in {names} in any row.",
        hint="Check that the export holds the event or the repeated form with the items.",
    )
