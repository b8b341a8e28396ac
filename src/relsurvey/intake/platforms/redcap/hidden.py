"""Rows in which branching logic hid a field, as far as the export itself shows it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from relsurvey.intake.platforms.redcap.branching import Comparison, comparisons, met, read_condition
from relsurvey.intake.platforms.redcap.dictionary import Field, in_heading
from relsurvey.intake.platforms.redcap.headings import Heading
from relsurvey.intake.table import RawTable

__all__ = ["Hidden"]

_TICKED = frozenset({"1", "checked"})


@dataclass(frozen=True)
class Hidden:
    """What the branching logic of the fields hides.

    Attributes
    ----------
    headings : tuple of Heading
        What each column is.
    fields : tuple of Field or None
        The field of each column, where a dictionary says.
    """

    headings: tuple[Heading, ...]
    fields: tuple[Field | None, ...]

    def is_conditional(self, position: int) -> bool:
        """Say whether branching logic may hide a column."""
        field = self.fields[position]
        return field is not None and field.conditional

    def needs(self, position: int) -> list[int] | None:
        """Return the columns that a column's condition compares.

        Parameters
        ----------
        position : int
            The column.

        Returns
        -------
        list of int or None
            ``None`` where it has no condition, or one that the export cannot answer.
        """
        field = self.fields[position]
        condition = read_condition(field.logic) if field is not None and field.logic else None
        if condition is None:
            return None
        places = [self._place(one) for one in comparisons(condition)]
        known = [place for place in places if place is not None]
        return known if len(known) == len(places) else None

    def rows(self, table: RawTable, position: int) -> NDArray[np.bool_]:
        """Return the rows in which a column was hidden; `needs` has to be there."""
        field = self.fields[position]
        condition = read_condition(field.logic if field is not None else "")
        if condition is None:
            return np.zeros(len(table.rows), dtype=bool)
        return ~met(condition, lambda one: self._holds(table, one))

    def _place(self, one: Comparison) -> int | None:
        """Return the one column of a field or of its box, whose cells can be compared."""
        found = []
        for place, (heading, field) in enumerate(zip(self.headings, self.fields, strict=True)):
            if field is None or field.name != one.field:
                continue
            is_box = heading.kind == "box"
            its_code = (in_heading(one.code), field.choices.get(one.code))
            if is_box == bool(one.code) and (not is_box or heading.code in its_code):
                found.append(place)
        if len(found) != 1:
            return None
        field = self.fields[found[0]]
        labels = list(field.choices.values()) if field is not None else []
        # With one label for two codes, an export of labels does not say which was chosen.
        return found[0] if one.code or len(set(labels)) == len(labels) else None

    def _holds(self, table: RawTable, one: Comparison) -> NDArray[np.bool_]:
        place = self._place(one)
        if place is None:
            raise ValueError(one.field)
        column, field = table.columns[place], self.fields[place]
        if one.code:
            wanted = {"1": True, "0": False}.get(one.value)
            return column.marked([(text.lower() in _TICKED) is wanted for text in column.trimmed])
        codes = {label: code for code, label in field.choices.items()} if field else {}
        own = field.choices if field else {}
        texts = [text if text in own else codes.get(text, text) for text in column.trimmed]
        return column.marked([_same(text, one.value) for text in texts])


def _same(text: str, value: str) -> bool:
    """Say whether two texts are the same, or the same number."""
    if text == value:
        return True
    try:
        return float(text) == float(value)
    except ValueError:
        return False
