"""Take the columns of a grouped model out of a frame as numbers and group codes, with checks."""

from __future__ import annotations

import numbers
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.errors import ModelError, listed, suggestion

__all__ = ["eager_columns", "group_codes", "number_matrix"]

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]
HEADING_ROWS = 2  # the first row of data is row 2 of a spreadsheet


def eager_columns(data: Any, columns: Sequence[str]) -> nw.DataFrame[Any]:
    """Return any frame with the named columns, collected if it is lazy.

    Parameters
    ----------
    data : frame or mapping of arrays
        pandas, Polars (eager or lazy) or anything Narwhals knows; or a mapping from column
        name to array.
    columns : sequence of str
        The columns wanted, each once.

    Returns
    -------
    narwhals.DataFrame
        It has at least these columns.

    Raises
    ------
    ModelError
        Where ``data`` is no frame, or a column is asked for twice, unknown, or there twice.
    """
    if isinstance(data, Mapping):
        data = pd.DataFrame(dict(data), copy=False)
    twice = [name for name, count in Counter(columns).items() if count > 1]
    if twice:
        raise ModelError(
            f"{listed([repr(name) for name in twice])} is used more than once.",
            hint="Outcome, predictors and group have to be different columns, each named once.",
        )
    try:
        frame = nw.from_native(data)
        known = frame.collect_schema().names()
    except TypeError as problem:
        raise ModelError(
            f"A table is needed; this is a {type(data).__name__}.",
            hint="Give a pandas or Polars frame, or a mapping from column name to array.",
        ) from problem
    except nw.exceptions.DuplicateError as problem:
        raise ModelError(
            "The table has columns of the same name.", hint="Rename them so that each is unique."
        ) from problem
    _require_known(columns, [str(name) for name in known])
    # An eager frame is left whole: choosing its columns would copy them.
    return frame.select(*columns).collect() if isinstance(frame, nw.LazyFrame) else frame


def _require_known(columns: Sequence[str], known: Sequence[str]) -> None:
    failures = []
    for name in columns:
        if name not in known:
            near = suggestion(str(name), known)
            failures.append({"column": name, "did you mean": near} if near else {"column": name})
    if failures:
        noun = "column is" if len(failures) == 1 else "columns are"
        raise ModelError(
            f"{len(failures)} {noun} not in the table.",
            hint=f"Its columns are: {listed(known)}.",
            failures=failures,
        )


def number_matrix(frame: nw.DataFrame[Any], columns: Sequence[str]) -> Floats:
    """Return columns as one matrix of floats; no answer is NaN, booleans are 0 and 1.

    Parameters
    ----------
    frame : narwhals.DataFrame
        The rows.
    columns : sequence of str
        k columns.

    Returns
    -------
    numpy.ndarray
        Shape (k, rows): one column of the table after the other, so that each is contiguous.

    Raises
    ------
    ModelError
        Where columns hold text, dates or infinite values; all of them are named.
    """
    matrix = np.empty((len(columns), len(frame)))
    not_numbers = []
    for place, name in enumerate(columns):
        values = _as_numbers(frame.get_column(name))
        if values is None:
            not_numbers.append({"column": name, "holds": _examples(frame.get_column(name))})
        else:
            matrix[place] = values
    if not_numbers:
        first = not_numbers[0]["column"]
        raise ModelError(
            "A model needs numbers, and "
            + listed([repr(fault["column"]) for fault in not_numbers])
            + (" does not hold them." if len(not_numbers) == 1 else " do not hold them."),
            hint="Code categories as 0 and 1 first, for instance "
            f"data['{first}_yes'] = data['{first}'] == 'yes'; "
            "turn numbers read as text into numbers with pandas.to_numeric.",
            failures=not_numbers,
        )
    _require_finite(matrix, columns)
    return matrix


def _as_numbers(series: nw.Series[Any]) -> Floats | None:
    """Return the values as floats, or ``None`` where they are not numbers."""
    dtype = series.dtype
    if dtype.is_numeric():
        values = series.to_numpy()
        if values.dtype.kind in "fiu":
            return np.asarray(values, dtype=np.float64)
        return np.asarray(series.cast(nw.Float64()).to_numpy(), dtype=np.float64)
    if series.null_count() == len(series):
        return np.full(len(series), np.nan)
    if dtype == nw.Boolean:
        return np.asarray(series.cast(nw.Float64()).to_numpy(), dtype=np.float64)
    if dtype != nw.Object:
        return None
    values = series.to_numpy()
    empty = pd.isna(values)
    if not all(isinstance(value, numbers.Real | np.bool_) for value in values[~empty]):
        return None
    return np.where(empty, np.nan, values).astype(np.float64)


def _examples(series: nw.Series[Any]) -> str:
    shown = series.drop_nulls().unique(maintain_order=True).head(3).to_list()
    return ", ".join(repr(value) for value in shown)


def _require_finite(matrix: Floats, columns: Sequence[str]) -> None:
    with np.errstate(invalid="ignore", over="ignore"):
        if np.isfinite(matrix.sum()) or not np.isinf(matrix).any():
            return
    failures = [
        {"row": int(row) + HEADING_ROWS, "column": columns[place], "value": str(matrix[place, row])}
        for place, row in np.argwhere(np.isinf(matrix))
    ]
    names = list(dict.fromkeys(fault["column"] for fault in failures))
    raise ModelError(
        f"Infinite values in {listed([repr(name) for name in names])}.",
        hint="Correct them, or leave the cell empty. (Rows as in a spreadsheet: heading is row 1.)",
        failures=failures,
    )


def group_codes(series: nw.Series[Any]) -> tuple[Codes, npt.NDArray[np.object_]]:
    """Give each group a number, in the order the groups appear.

    Parameters
    ----------
    series : narwhals.Series
        Ids, text or numbers; kept as they are, never trimmed or folded.

    Returns
    -------
    codes : numpy.ndarray of int
        Shape (rows,): the group of each row, -1 where the id is missing or blank.
    ids : numpy.ndarray of object
        Shape (groups,): the id behind each code.
    """
    native = series.to_native()
    codes, found = pd.factorize(native if isinstance(native, pd.Series) else series.to_numpy())
    ids = np.asarray(found, dtype=object)
    blank = np.array([isinstance(label, str) and not label.strip() for label in ids], dtype=bool)
    if blank.any():
        # People without an id are strangers to each other: pooled, they would pose as one worker.
        renumbered = np.where(blank, -1, np.cumsum(~blank) - 1)
        codes = np.where(codes >= 0, renumbered[codes], -1)
        ids = ids[~blank]
    return codes.astype(np.intp, copy=False), ids
