"""The levels of a category: what they are, and which the others are compared with."""

from __future__ import annotations

import numbers
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.errors import ModelError, listed, suggestion
from relsurvey.instruments import without_invisible
from relsurvey.moments.group_columns import Column
from relsurvey.personal import masked_answer

__all__ = ["Coded", "code_levels", "is_category", "reference_level", "require_references"]

Codes = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """A category as codes.

    Attributes
    ----------
    name : str
        The column.
    codes : numpy.ndarray of int
        Shape (rows,): the level of each row, -1 where it is missing or blank.
    levels : numpy.ndarray of object
        Shape (k,): labels, all text.
    fault : dict
        Why the column is no category: one "problem", or none.
    """

    name: str
    codes: Codes
    levels: npt.NDArray[np.object_]
    fault: dict[str, str]


def is_category(column: Column) -> bool:
    """Return whether a column holds categories rather than numbers, booleans or dates."""
    if isinstance(column, np.ndarray):
        return False
    dtype = column.dtype
    if dtype == nw.Object:
        values = column.to_numpy()
        return any(isinstance(value, str) for value in values)
    return dtype in (nw.String, nw.Categorical, nw.Enum) and column.null_count() < len(column)


def code_levels(column: Column, name: str, most_levels: int) -> Coded:
    """Return the levels of a category, and the level of each row.

    Parameters
    ----------
    column : narwhals.Series
        A category (see `is_category`).
    name : str
        Its name.
    most_levels : int
        The most levels it may have.

    Returns
    -------
    Coded
        Labels are kept as they are, never trimmed or folded; a label of spaces and invisible
        characters only is a missing value. Where the column cannot be a category, its ``fault``
        says why.
    """
    declared = isinstance(column, nw.Series) and column.dtype in (nw.Categorical, nw.Enum)
    native = column.to_native() if isinstance(column, nw.Series) else column
    raw, found = pd.factorize(native if isinstance(native, pd.Series) else _objects(column))
    values = list(found)
    blank = [isinstance(one, str) and not without_invisible(one).strip() for one in values]
    kept = np.flatnonzero(~np.array(blank, dtype=np.bool_))
    renumbered = np.full(len(values) + 1, -1, dtype=np.intp)  # the last place is for a missing one
    renumbered[kept] = np.arange(len(kept))
    values = [values[place] for place in kept]
    labels = np.empty(len(values), dtype=object)
    labels[:] = [str(value) for value in values]
    problem = _problem(values, most_levels, declared=declared)
    return Coded(name, renumbered[raw], labels, {"problem": problem} if problem else {})


def _objects(column: Column) -> npt.NDArray[np.object_]:
    values = np.empty(len(column), dtype=object)
    values[:] = column.to_list() if isinstance(column, nw.Series) else list(column)
    return values


def _problem(values: Sequence[Any], most_levels: int, *, declared: bool) -> str:
    """Say why values are no levels of a category, or nothing."""
    kinds = {isinstance(value, numbers.Number) for value in values}
    if len(kinds) > 1:
        return "mixes text and numbers"
    texts = [value for value in values if isinstance(value, str)]
    if not declared and len(texts) < len(values):
        return "holds values that are no text"
    if not declared and texts and all(map(_is_number, texts)):
        return "holds numbers as text"
    if len(values) > most_levels:
        return f"{len(values):,} different values, more than {most_levels}"
    if len(values) < 2:
        return "the same value in all rows" if values else "no value in any row"
    return ""


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def require_references(reference: object, categories: Sequence[str]) -> dict[str, str]:
    """Return the reference levels asked for, or refuse those of columns that are no category."""
    if reference is None:
        return {}
    if not isinstance(reference, Mapping):
        raise ModelError(
            f"reference has to give a level for each column it names; it is {reference!r}.",
            hint="For instance reference={'role': 'nurse'}.",
        )
    strange = [name for name in reference if name not in categories]
    if strange:
        raise ModelError(
            f"A reference level is given for {listed([repr(name) for name in strange])}, which "
            f"{'is' if len(strange) == 1 else 'are'} no category of this model.",
            hint=f"Its categories are: {listed(list(categories)) or 'none'}.",
        )
    return {str(name): str(level) for name, level in reference.items()}


def reference_level(
    coded: Coded, counts: npt.NDArray[np.intp], wanted: str | None
) -> int | dict[str, str]:
    """Return the place of the reference level, or what is wrong with the one wanted."""
    if np.count_nonzero(counts) < 2:
        return {"problem": "the same value in all rows that are complete"}
    order = sorted(range(len(counts)), key=lambda place: (-counts[place], coded.levels[place]))
    if wanted is None:
        return order[0]
    labels = [str(coded.levels[place]) for place in range(len(counts)) if counts[place] > 0]
    if wanted not in labels:
        near = suggestion(wanted, labels)
        shown = listed([masked_answer(label) for label in sorted(labels)])
        guess = f"; did you mean {near!r}?" if near else ""
        return {"problem": f"no level {wanted!r} among {shown}{guess}"}
    return int(np.flatnonzero(coded.levels == wanted)[0])
