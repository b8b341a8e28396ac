"""The item columns of a frame: that they are there, and that they hold numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import narwhals as nw
import pandas as pd
from narwhals.exceptions import DuplicateError

from relsurvey.errors import ScoringError, listed, suggestion
from relsurvey.personal import masked_answer

__all__ = ["Frame", "as_frame", "readable", "require_columns", "require_numbers", "text_labels"]

Frame: TypeAlias = nw.DataFrame[Any] | nw.LazyFrame[Any]


def as_frame(data: Any) -> Frame:
    """Take any supported frame as a Narwhals frame.

    Raises
    ------
    ScoringError
        Where it is not a frame, or a column name stands twice.
    """
    if isinstance(data, nw.DataFrame | nw.LazyFrame):
        return data
    try:
        frame: Frame = nw.from_native(data)
        frame.collect_schema()
    except DuplicateError as problem:
        raise ScoringError(
            f"A column name stands more than once. {problem}", hint="Rename one of them."
        ) from problem
    except TypeError as problem:
        raise ScoringError(
            f"Answers have to come as a frame; found {type(data).__name__}.",
            hint="Give what read_responses returned, or a pandas, Polars or PyArrow frame.",
        ) from problem
    return frame


def readable(data: Any, columns: Iterable[str]) -> Any:
    """Make named pandas columns that hold nothing but pandas' own missing value NaN.

    pandas keeps them as objects, which nothing casts to numbers. Other columns and other frames
    are left as they are.
    """
    native = nw.to_native(data, pass_through=True)
    if not isinstance(native, pd.DataFrame):
        return data
    named = set(columns)
    empty = [
        place
        for place, (name, dtype) in enumerate(native.dtypes.items())
        if str(name) in named and dtype.kind == "O" and _is_empty(native.iloc[:, place])
    ]
    if not empty:
        return data
    found = native.copy(deep=False)
    for place in empty:
        found.isetitem(place, float("nan"))
    return found


def _is_empty(column: pd.Series[Any]) -> bool:
    # The first value decides nearly always, and is looked at first.
    return bool(pd.isna(column.iloc[:1]).all() and column.isna().all())


def require_columns(frame: Frame, wanted: Mapping[str, str] | Sequence[str]) -> None:
    """Make sure that every wanted column is there.

    Parameters
    ----------
    frame : narwhals frame
        The data.
    wanted : sequence of str, or mapping of str to str
        Column names; a mapping says for each of them what it is wanted for.

    Raises
    ------
    ScoringError
        Where some are not; ``.failures`` has ``column``, and ``did you mean`` where a column
        with a similar name exists.
    """
    there = [str(name) for name in frame.collect_schema().names()]
    absent = [name for name in wanted if name not in there]
    if not absent:
        return
    free = [name for name in there if name not in wanted]
    failures = []
    for name in absent:
        failure = {"column": name}
        if isinstance(wanted, Mapping):
            failure["wanted for"] = wanted[name]
        near = suggestion(name, free)
        if near:
            failure["did you mean"] = near
        failures.append(failure)
    count = "1 item column is" if len(absent) == 1 else f"{len(absent)} item columns are"
    raise ScoringError(
        f"{count} not in the data: {listed(absent)}.",
        hint=f"Rename the columns to the item ids. The data have: {listed(there) or 'no column'}.",
        failures=failures,
    )


def require_numbers(frame: Frame, columns: Sequence[str]) -> None:
    """Make sure that every column holds numbers, or nothing at all.

    Raises
    ------
    ScoringError
        Where one holds text, categories, dates or truth values; ``.failures`` has ``column,
        holds`` and, where it can be seen without reading the data, ``first`` (a value).
    """
    schema = frame.collect_schema()
    failures = []
    for name in columns:
        dtype = schema[name]
        if dtype.is_numeric() or _holds_nothing(frame, name):
            continue
        failure = {"column": name, "holds": str(dtype)}
        if isinstance(frame, nw.DataFrame):
            failure["first"] = masked_answer(str(frame.get_column(name).drop_nulls()[0]))
        failures.append(failure)
    if failures:
        names = listed([failure["column"] for failure in failures])
        raise ScoringError(
            f"Items have to be numbers (codes); these columns are not: {names}.",
            hint="read_responses turns labels into codes; in a frame of your own, convert the "
            "columns to numbers first, with .astype(float) or pandas.to_numeric.",
            failures=failures,
        )


def _holds_nothing(frame: Frame, name: str) -> bool:
    # An item that nobody answered has no type of its own: pandas calls it object, Polars null.
    if isinstance(frame, nw.LazyFrame):
        return frame.collect_schema()[name] == nw.Unknown
    return bool(frame.get_column(name).is_null().all())


def text_labels(data: Any) -> Any:
    """Give a pandas frame whose column labels are numbers text labels; leave others alone."""
    if isinstance(data, pd.DataFrame) and not all(isinstance(name, str) for name in data.columns):
        return data.set_axis([str(name) for name in data.columns], axis="columns")
    return data
