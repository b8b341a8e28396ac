"""Keyed items: the one table that every statistic on items starts from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import narwhals as nw

from relsurvey.errors import ScoringError, listed, suggestion
from relsurvey.instruments import Instrument, InstrumentLike
from relsurvey.scoring.answers import answers_of, instrument_of
from relsurvey.scoring.columns import (
    Frame,
    as_frame,
    readable,
    require_columns,
    require_numbers,
    text_labels,
)
from relsurvey.scoring.keying import keyed
from relsurvey.scoring.validity import require_on_scale

__all__ = ["KeyedItems", "ScaleChoice", "keyed_items"]

ScaleChoice: TypeAlias = str | Iterable[str] | Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class KeyedItems:
    """Items after reversal, does-not-apply and unanswered both missing.

    Attributes
    ----------
    frame : narwhals frame, n rows by k columns
        Float columns in the order in which the scales name them; null or NaN is no answer.
        Lazy where what came in was lazy.
    scales : dict of str to tuple of str
        The columns of each scale.
    instrument : Instrument or None
        The definition; ``None`` where the scales were given as columns.
    """

    frame: Frame
    scales: dict[str, tuple[str, ...]]
    instrument: Instrument | None


def keyed_items(
    data: Any, instrument: InstrumentLike | None = None, scales: ScaleChoice | None = None
) -> KeyedItems:
    """Key the items of some scales.

    Parameters
    ----------
    data : Responses, or a pandas, Polars (eager or lazy) or PyArrow frame
        One row a respondent, items as answered (with an instrument) or keyed already (without).
    instrument : Instrument, str or path, optional
        The definition, its id or its file. Responses bring their own.
    scales : str, iterable of str, or mapping of str to sequence of columns, optional
        With an instrument, ids of its scales (all by default); without one, the columns of
        each scale.

    Returns
    -------
    KeyedItems
        Reversed items turned with the declared range; does-not-apply counts as no answer.

    Raises
    ------
    ScoringError
        Where a scale or a column is unknown, a column is not numeric, a value is off the
        instrument's scale (without an instrument: infinite), or neither an instrument nor
        columns were given.
    InstrumentError
        Where there is no such instrument.

    Examples
    --------
    >>> import pandas as pd
    >>> items = keyed_items(pd.DataFrame({"a": [1, 2], "b": [2, None]}), scales={"s": ["a", "b"]})
    >>> items.scales, items.frame.to_native()["b"].tolist()
    ({'s': ('a', 'b')}, [2.0, nan])
    """
    found = instrument_of(data, instrument)
    if found is None:
        return _plain_items(data, scales)
    chosen = _chosen(found, scales)
    answers = answers_of(data, found)
    items = _in_order(chosen)
    require_columns(answers.frame, items)
    require_on_scale(answers, list(items))
    columns = [keyed(item, answers).alias(item) for item in items]
    return KeyedItems(answers.frame.select(*columns), chosen, found)


def _plain_items(data: Any, scales: ScaleChoice | None) -> KeyedItems:
    if not isinstance(scales, Mapping) or not scales:
        raise ScoringError(
            "Without an instrument, the scales have to say which columns they are made of.",
            hint='For instance scales={"trust": ["q1", "q2", "q3"]}, with items keyed already; '
            "or name an instrument.",
        )
    chosen = {str(key): _columns(str(key), columns) for key, columns in scales.items()}
    items = _in_order(chosen)
    frame = as_frame(readable(text_labels(data), items))
    require_columns(frame, items)
    require_numbers(frame, list(items))
    table = frame.select(*[nw.col(name).cast(nw.Float64) for name in items])
    _require_finite(table, list(items))
    return KeyedItems(table, chosen, None)


def _require_finite(table: Frame, columns: Sequence[str]) -> None:
    endless = table.select(*[(nw.col(name).abs() == float("inf")).any() for name in columns])
    row = (endless.collect() if isinstance(endless, nw.LazyFrame) else endless).row(0)
    found = [name for name, flag in zip(columns, row, strict=True) if flag]
    if found:
        raise ScoringError(
            f"Infinite values in {listed(found)}.",
            hint="Correct them, or make them empty, before computing anything from them.",
            failures=[{"column": name} for name in found],
        )


def _columns(scale: str, columns: Any) -> tuple[str, ...]:
    if isinstance(columns, str) or not isinstance(columns, Iterable):
        raise ScoringError(
            f"Scale {scale!r} has to be a list of columns; found {columns!r}.",
            hint=f'For instance {{{scale!r}: ["q1", "q2", "q3"]}}.',
        )
    names = tuple(str(column) for column in columns)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or not names:
        what = f"names {listed(twice)} more than once" if twice else "names no column"
        raise ScoringError(f"Scale {scale!r} {what}.")
    return names


def _chosen(instrument: Instrument, scales: ScaleChoice | None) -> dict[str, tuple[str, ...]]:
    if isinstance(scales, Mapping):
        raise ScoringError(
            f"With an instrument, scales are ids of its scales: {listed(instrument.scales.ids)}.",
            hint="Leave the instrument out to name columns, which are then taken as keyed.",
        )
    wanted = instrument.scales.ids if scales is None else scales
    names = (wanted,) if isinstance(wanted, str) else tuple(wanted)
    unknown = [str(name) for name in names if name not in instrument.scales.ids]
    if unknown:
        near = suggestion(unknown[0], instrument.scales.ids)
        guess = f"Did you mean {near!r}? " if near else ""
        raise ScoringError(
            f"{instrument.id} has no scale {listed(unknown)}.",
            hint=f"{guess}It has: {listed(instrument.scales.ids)}.",
        )
    return {name: tuple(dict.fromkeys(instrument.items_of(name))) for name in names}


def _in_order(scales: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return every column once, in the order named, with the first scale that wants it."""
    first: dict[str, str] = {}
    for scale, columns in scales.items():
        for column in columns:
            first.setdefault(column, scale)
    return first
