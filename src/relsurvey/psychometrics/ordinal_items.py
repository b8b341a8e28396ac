"""Which columns are the ordinal items, and the numbers that stand for their steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import narwhals as nw
import pandas as pd

from relsurvey.errors import ModelError, listed, suggestion
from relsurvey.instruments import InstrumentLike
from relsurvey.scoring.answers import instrument_of
from relsurvey.scoring.columns import as_frame, text_labels
from relsurvey.scoring.items import ScaleChoice, keyed_items

__all__ = ["EVERYTHING", "ordinal_items"]

EVERYTHING = "items"


def ordinal_items(
    data: Any,
    instrument: InstrumentLike | None,
    scales: ScaleChoice | None,
    items: Iterable[str] | None,
) -> tuple[nw.DataFrame[Any], list[str], list[str]]:
    """Key the items and say which of them are wanted.

    Parameters
    ----------
    data, instrument, scales, items
        As in ``polychoric``.

    Returns
    -------
    frame : narwhals.DataFrame
        Keyed items.
    names : list of str
        Those wanted, in order.
    notes : list of str
        What was not taken as an item, where none were named.

    Raises
    ------
    ScoringError, ModelError
        As ``polychoric``.
    """
    wanted = None if items is None else _named(items)
    notes: list[str] = []
    if instrument_of(data, instrument) is None:
        data = _as_numbers(text_labels(data))
        if scales is None:
            names, notes = (wanted, []) if wanted else _numeric_columns(data)
            scales = {EVERYTHING: names}
    keyed = keyed_items(data, instrument, scales)
    table = keyed.frame.collect() if isinstance(keyed.frame, nw.LazyFrame) else keyed.frame
    return table, _chosen(wanted, table.columns), notes


def _named(items: Any) -> list[str]:
    whole = isinstance(items, Iterable) and not isinstance(items, str | bytes | Mapping)
    names = [str(name) for name in items] if whole else []
    if not names or len(set(names)) < len(names):
        raise ModelError(
            f"items has to be a list of items, each named once; it is {items!r}.",
            hint='For instance items=["q1", "q2", "q3"]; for all, leave it out.',
        )
    return names


def _numeric_columns(data: Any) -> tuple[list[str], list[str]]:
    """Return the columns of numbers, and a note on the others where there are any."""
    schema = as_frame(data).collect_schema()
    numeric = [str(name) for name, kind in schema.items() if kind.is_numeric()]
    others = [str(name) for name in schema if str(name) not in numeric]
    if not numeric:
        raise ModelError(
            "The data have no column of numbers or ordered categories.",
            hint="Items have to be numbers (codes); read_responses turns labels into codes.",
        )
    note = f"not taken as items, being no numbers or ordered categories: {listed(others)}"
    return numeric, [note] if others else []


def _chosen(wanted: list[str] | None, there: list[str]) -> list[str]:
    unknown = [name for name in wanted or [] if name not in there]
    if unknown:
        near = suggestion(unknown[0], there)
        guess = f"Did you mean {near!r}? " if near else ""
        raise ModelError(
            f"There is no item {listed(unknown)}.",
            hint=f"{guess}There are: {listed(there)}.",
            failures=[{"item": name} for name in unknown],
        )
    return there if wanted is None else wanted


def _as_numbers(data: Any) -> Any:
    """Give category columns of pandas numbers: their own, or their place in a declared order."""
    if not isinstance(data, pd.DataFrame):
        return data
    replaced: dict[str, Any] = {}
    for name, column in data.items():
        kind = column.dtype
        if not isinstance(kind, pd.CategoricalDtype):
            continue
        if pd.api.types.is_numeric_dtype(kind.categories.dtype):
            replaced[str(name)] = column.astype("float64")
        elif kind.ordered:
            replaced[str(name)] = column.cat.codes.astype("float64").where(column.notna())
    return data.assign(**replaced) if replaced else data
