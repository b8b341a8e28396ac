"""Which rows belong together: ids as codes, and ids that cannot be told apart refused."""

from __future__ import annotations

import numbers
from collections.abc import Collection
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.errors import ModelError, RelSurveyError
from relsurvey.instruments import without_invisible
from relsurvey.moments.group_columns import PLAIN, Column

__all__ = ["group_codes"]

Codes = npt.NDArray[np.intp]
Labels = npt.NDArray[np.object_]
EXACT = 2.0**53  # floats hold every whole number below it
LARGEST = int(np.iinfo(np.intp).max)
WIDEST_TABLE = 4  # entries for each row: up to here, looking ids up beats hashing them


def group_codes(
    column: Column, name: str, *, where: str = "", error: type[RelSurveyError] = ModelError
) -> tuple[Codes, Labels]:
    """Give each group a number, in the order the groups appear.

    Parameters
    ----------
    column : numpy.ndarray or narwhals.Series
        Ids, text or numbers; kept as they are, never trimmed or folded.
    name, where : str
        The column and, if need be, its table (" of the workers' table"), for messages.
    error : type of RelSurveyError
        What to raise.

    Returns
    -------
    codes : numpy.ndarray of int
        Shape (rows,): the group of each row, -1 where the id is missing or blank (of spaces
        and invisible characters only).
    ids : numpy.ndarray of object
        Shape (groups,): the id behind each code.

    Raises
    ------
    RelSurveyError
        Of the type asked for, where ids are lists, mix text and numbers, or are floats so
        large that different ids may have become one.
    """
    values = _values(column)
    try:
        codes, ids, fault = _codes(values)
    except (TypeError, NotImplementedError) as problem:
        raise error(
            f"The id column {name!r}{where} does not hold ids: its values cannot be compared.",
            hint="An id is a text or a number, one in each row.",
        ) from problem
    if fault:
        raise error(
            f"The id column {name!r}{where} {fault}.",
            hint="Read ids as text, so that '007' stays '007': "
            f"pandas.read_csv(path, dtype={{{name!r}: str}}).",
        )
    return codes.astype(np.intp, copy=False), ids


def _values(column: Column) -> Any:
    """Return what is behind a Narwhals series; whole numbers are not made floats."""
    if not isinstance(column, nw.Series):
        return column
    native = column.to_native()
    if isinstance(native, pd.Series):
        return native
    if column.dtype.is_integer() and column.null_count():
        return np.array(column.to_list(), dtype=object)
    return column.to_numpy()


def _codes(values: Any) -> tuple[Codes, Labels, str]:
    """Return codes and ids, and why different ids may have become one or one different."""
    if isinstance(values, np.ndarray) and values.dtype.kind in PLAIN:
        return _plain_codes(values)
    codes, found = pd.factorize(values)
    ids = np.empty(len(found), dtype=object)
    ids[:] = found.tolist()
    kinds = {issubclass(kind, numbers.Number) for kind in set(map(type, ids))}
    if len(kinds) > 1:
        return codes, ids, "mixes text and numbers"
    if kinds == {True}:
        return codes, ids, _inexact([label for label in ids if isinstance(label, float)], EXACT)
    blank = np.array(
        [isinstance(label, str) and _is_blank(label) for label in ids.tolist()], dtype=bool
    )
    if blank.any():
        # People without an id are strangers to each other: pooled, they would pose as one worker.
        renumbered = np.where(blank, -1, np.cumsum(~blank) - 1)
        codes = np.where(codes >= 0, renumbered[codes], -1)
        ids = ids[~blank]
    return codes, ids, ""


def _is_blank(label: str) -> bool:
    # Most begin with a letter or a digit, which takes no copy of the text to see.
    return not (label[:1].isalnum() or without_invisible(label).strip())


def _inexact(labels: Collection[float], limit: float) -> str:
    largest = max(map(abs, labels), default=0.0)
    if largest < limit:
        return ""
    return (
        f"holds decimal numbers too large to be exact (up to {largest:g}), as long ids become "
        "where one is missing: different ids may have become one"
    )


def _plain_codes(values: npt.NDArray[Any]) -> tuple[Codes, Labels, str]:
    """Code plain numbers; whole ones close together by a table, which is faster."""
    if values.dtype.kind == "f":
        limit = 2.0 ** (np.finfo(values.dtype).nmant + 1)
        codes, found = pd.factorize(values.astype(np.float64, copy=False))
        return codes, found.astype(object), _inexact(found.tolist(), limit)
    if values.dtype.kind in "iu" and len(values):
        low, high = int(values.min()), int(values.max())
        if high - low < WIDEST_TABLE * len(values) and high <= LARGEST:
            whole = values.astype(np.intp, copy=False)
            return *_table_codes(whole - low if low else whole, high - low, low), ""
    codes, found = pd.factorize(values)
    return codes, found.astype(object), ""


def _table_codes(shifted: Codes, highest: int, low: int) -> tuple[Codes, Labels]:
    n_rows = len(shifted)
    first = np.full(highest + 1, n_rows, dtype=np.intp)
    # Written from the last row to the first, so that the first one stays.
    first[shifted[::-1]] = np.arange(n_rows - 1, -1, -1)
    there = np.flatnonzero(first < n_rows)
    order = there[np.argsort(first[there])]
    rank = np.empty(len(first), dtype=np.intp)
    rank[order] = np.arange(len(order))
    return rank[shifted], order.astype(object) + low
