"""Categories as covariates: one indicator column a level, against a stated reference level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.association.models.levels import (
    Coded,
    code_levels,
    is_category,
    reference_level,
    require_references,
)
from relsurvey.errors import ModelError, listed
from relsurvey.moments.group_columns import Columns, take_columns
from relsurvey.options import require_whole
from relsurvey.text import and_list

__all__ = ["Encoded", "by_category", "encode_categories", "indicator_name"]

Mask: TypeAlias = npt.NDArray[np.bool_]
Counts: TypeAlias = npt.NDArray[np.intp]
MOST_LEVELS = 20
FEW_ROWS = 10


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """A table whose categories are numbers.

    Attributes
    ----------
    data : frame or mapping of arrays
        What was given where nothing had to be coded; otherwise that with indicator columns
        added: 1 for the level, 0 for another, NaN where the category is missing.
    names : tuple of str
        The columns asked for, in order, a category replaced by its indicators.
    parts : mapping of str to tuple of str
        The indicators of each category.
    levels : mapping of str to tuple of str
        The levels of each category, its reference level first.
    notes : tuple of str
        What a reader has to know.
    """

    data: Any
    names: tuple[str, ...]
    parts: Mapping[str, tuple[str, ...]]
    levels: Mapping[str, tuple[str, ...]]
    notes: tuple[str, ...]


def by_category(counts: Mapping[str, int], encoded: Encoded) -> dict[str, int]:
    """Count what concerns a category once, under its own name, not once for each indicator."""
    whose = {part: name for name, parts in encoded.parts.items() for part in parts}
    return {whose.get(name, name): count for name, count in counts.items()}


def indicator_name(column: str, level: str) -> str:
    """Return what the indicator of a level is called.

    Examples
    --------
    >>> indicator_name("sector", "Catholic")
    'sector[Catholic]'
    """
    return f"{column}[{level}]"


def encode_categories(
    data: Any,
    columns: Sequence[str],
    *,
    used: Sequence[str] = (),
    reference: Mapping[str, str] | None = None,
    most_levels: int = MOST_LEVELS,
) -> Encoded:
    """Turn categories among columns into indicator columns (treatment coding).

    Text, pandas' and Polars' categories, and objects that are not all numbers are categories;
    numbers and booleans stay as they are. A category of k levels becomes k - 1 columns, each
    named "column[level]": the difference of that level from the reference level.

    Parameters
    ----------
    data : frame or mapping of arrays
        pandas, Polars (eager or lazy) or another frame Narwhals knows.
    columns : sequence of str
        The predictors of a model.
    used : sequence of str
        The other columns of the model. Only rows with none of them missing decide on levels, so
        that none is made for which no row is left; of a lazy frame, only these are collected.
    reference : mapping of str to str, optional
        The reference level of some categories. Otherwise it is the level of the most rows, and
        the first by its label where several have as many.
    most_levels : int, default 20
        A column of more levels is refused: it is an id or free text.

    Returns
    -------
    Encoded
        The table, the names in order, the levels, and notes on reference levels, on levels with
        fewer than 10 rows, and on levels that differ only in case or spaces.

    Raises
    ------
    ModelError
        Where a column is unknown, holds numbers as text, mixes text and numbers, has one level
        or too many, or is there already under an indicator's name; or a reference level is not
        among the levels. All faults of all columns are given at once.

    Examples
    --------
    >>> data = {"role": ["nurse", "nurse", "aide", None], "age": [30, 40, 50, 60]}
    >>> encoded = encode_categories(data, ["age", "role"])
    >>> encoded.names, encoded.data["role[aide]"].tolist()
    (('age', 'role[aide]'), [0.0, 0.0, 1.0, nan])
    """
    most = require_whole("most_levels", most_levels, lowest=2)
    table = take_columns(data, list(dict.fromkeys([*columns, *used])))
    chosen = [name for name in columns if is_category(table.by_name[name])]
    given = require_references(reference, chosen)
    if not chosen:
        return Encoded(data, tuple(columns), {}, {}, ())
    coded = [code_levels(table.by_name[name], name, most) for name in chosen]
    complete = _complete(table, [name for name in (*columns, *used) if name not in chosen])
    for one in coded:
        if not one.fault:
            complete &= one.codes >= 0
    counts = {one.name: _counts(one, complete) for one in coded}
    orders = _orders(coded, counts, given)
    parts = {one.name: _indicators(one, orders[one.name][1:]) for one in coded}
    made = {name: values for each in parts.values() for name, values in each.items()}
    _require_new(made, data)
    return Encoded(
        data=_with_columns(data, table, made),
        names=tuple(part for name in columns for part in parts.get(name, (name,))),
        parts={name: tuple(columns_made) for name, columns_made in parts.items()},
        levels={
            one.name: tuple(str(one.levels[place]) for place in orders[one.name]) for one in coded
        },
        notes=tuple(note for one in coded for note in _notes(one, counts, orders[one.name])),
    )


def _counts(one: Coded, complete: Mask) -> Counts:
    codes = one.codes[complete]
    return np.bincount(codes[codes >= 0], minlength=len(one.levels))


def _orders(
    coded: Sequence[Coded], counts: Mapping[str, Counts], given: Mapping[str, str]
) -> dict[str, list[int]]:
    """Return the places of the levels that some row has, the reference level first."""
    orders, faults = {}, []
    for one in coded:
        first = one.fault or reference_level(one, counts[one.name], given.get(one.name))
        if isinstance(first, dict):
            faults.append({"column": one.name, **first})
            continue
        rest = [place for place in np.argsort(one.levels).tolist() if place != first]
        orders[one.name] = [first, *(place for place in rest if counts[one.name][place] > 0)]
    _require_no_faults(faults)
    return orders


def _complete(table: Columns, names: Sequence[str]) -> Mask:
    """Return which rows have a value in all the columns named."""
    complete: Mask = np.ones(table.n_rows, dtype=np.bool_)
    for name in names:
        column = table.by_name[name]
        values: Any = column
        if isinstance(column, nw.Series):
            native = column.to_native()
            values = native if isinstance(native, pd.Series) else column.to_numpy()
        complete &= ~np.asarray(pd.isna(values), dtype=np.bool_)
    return complete


def _indicators(one: Coded, places: Sequence[int]) -> dict[str, npt.NDArray[np.float64]]:
    missing = np.where(one.codes < 0, np.nan, 0.0)
    return {
        indicator_name(one.name, str(one.levels[place])): missing + (one.codes == place)
        for place in places
    }


def _notes(one: Coded, counts: Mapping[str, Counts], order: Sequence[int]) -> list[str]:
    number = counts[one.name]
    shown = [str(one.levels[place]) for place in order]
    notes = [
        f"{one.name} is a category: {and_list(shown[1:])} "
        f"{'is' if len(shown) == 2 else 'are each'} compared with {shown[0]}."
    ]
    few = [str(one.levels[place]) for place in order if number[place] < FEW_ROWS]
    if few:
        notes.append(
            f"Fewer than {FEW_ROWS} rows of {one.name} are {and_list(few)}: what is said of "
            f"{'it' if len(few) == 1 else 'them'} rests on very few."
        )
    gone = [str(level) for level, count in zip(one.levels, number, strict=True) if count == 0]
    if gone:
        notes.append(f"No complete row of {one.name} is {and_list(gone)}: left out of the levels.")
    alike = Counter(" ".join(level.split()).casefold() for level in shown)
    same = [level for level in shown if alike[" ".join(level.split()).casefold()] > 1]
    if same:
        notes.append(
            f"The levels {listed([repr(level) for level in same])} of {one.name} differ only in "
            "case or spaces and are taken as different."
        )
    return notes


def _require_no_faults(faults: Sequence[Mapping[str, Any]]) -> None:
    if not faults:
        return
    named = listed([repr(fault["column"]) for fault in faults])
    raise ModelError(
        f"{named} cannot enter as {'a category' if len(faults) == 1 else 'categories'}.",
        hint="A category has a few levels, each a label. Gather rare levels into one, leave ids "
        "and free text out, and turn numbers read as text into numbers with pandas.to_numeric "
        "(or, where they are codes of categories, into .astype('category')).",
        failures=faults,
    )


def _require_new(made: Mapping[str, Any], data: Any) -> None:
    known = list(data) if isinstance(data, Mapping) else nw.from_native(data).collect_schema()
    there = [name for name in made if name in known]
    if there:
        raise ModelError(
            f"The table has {listed([repr(name) for name in there])} already, as a level of a "
            "category would be called.",
            hint="Rename that column.",
        )


def _with_columns(data: Any, table: Columns, made: Mapping[str, Any]) -> Any:
    """Add columns to a table without copying the others."""
    if table.frame is None:
        return {**data, **made}
    backend = table.frame.implementation
    series = [
        nw.new_series(name, values, nw.Float64(), backend=backend) for name, values in made.items()
    ]
    index = nw.maybe_get_index(table.frame)
    if index is not None:
        series = [nw.maybe_set_index(one, index=index) for one in series]
    return table.frame.with_columns(*series).to_native()
