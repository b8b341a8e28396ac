"""Take the columns of a grouped model out of a table of any kind, as numbers, with checks."""

from __future__ import annotations

import numbers
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set, Sized
from dataclasses import dataclass
from typing import Any, TypeAlias

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.errors import ModelError, listed, suggestion
from relsurvey.frames import FIRST_ROW, spreadsheet_rows
from relsurvey.personal import masked_answer

__all__ = [
    "Column",
    "Columns",
    "as_column",
    "number_matrix",
    "require_column_names",
    "require_finite",
    "take_columns",
]

Floats = npt.NDArray[np.float64]
# Plain NumPy numbers are taken as they are: asking Narwhals about them costs more than their sums.
Column: TypeAlias = npt.NDArray[Any] | nw.Series[Any]
PLAIN = "biuf"
EXAMPLES = 3
NOTHING = ("None", "nan", "NaN", "NaT", "<NA>")


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """The columns asked for, all of one length.

    Attributes
    ----------
    by_name : mapping of str to numpy.ndarray or narwhals.Series
        A NumPy array where that is what the numbers are in already.
    n_rows : int
        Their length.
    frame : narwhals.DataFrame or None
        What they were taken from; ``None`` where that was a mapping of arrays.
    """

    by_name: Mapping[str, Column]
    n_rows: int
    frame: nw.DataFrame[Any] | None

    def rows(self) -> npt.NDArray[np.int64]:
        """Return the row of each record as a spreadsheet counts, for messages."""
        if self.frame is None:
            return np.arange(FIRST_ROW, self.n_rows + FIRST_ROW, dtype=np.int64)
        return spreadsheet_rows(self.frame)


def take_columns(data: Any, columns: Sequence[str]) -> Columns:
    """Take the named columns of any table; a lazy one is collected.

    Parameters
    ----------
    data : frame or mapping of arrays
        pandas, Polars (eager or lazy) or anything Narwhals knows; or a mapping from column
        name to array.
    columns : sequence of str
        The columns wanted, each once.

    Returns
    -------
    Columns
        Those columns.

    Raises
    ------
    ModelError
        Where ``data`` is no table; a name is no text; a column is asked for twice, unknown, or
        there twice; or arrays are not one-dimensional and of one length.
    """
    require_column_names(columns)
    if isinstance(data, Mapping):
        _require_known(columns, list(data))
        taken = {name: _from_array(name, data[name]) for name in columns}
        return Columns(taken, _common_length(taken), None)
    frame = _frame(data, columns)
    by_name = {name: as_column(frame.get_column(name)) for name in columns}
    return Columns(by_name, len(frame), frame)


def require_column_names(columns: Sequence[str]) -> None:
    """Refuse what is no name of a column, and a column named twice."""
    for name in columns:
        if not isinstance(name, str):
            raise ModelError(
                f"A column is named by a text; {name!r} is of type {type(name).__name__}.",
                hint="Give outcome and group one name each, and predictors a list of names. Where "
                "a table's own column names are numbers: frame.rename(columns=str).",
            )
    twice = [name for name, count in Counter(columns).items() if count > 1]
    if twice:
        raise ModelError(
            f"{listed([repr(name) for name in twice])} is used more than once.",
            hint="Outcome, predictors and group have to be different columns, each named once.",
        )


def _frame(data: Any, columns: Sequence[str]) -> nw.DataFrame[Any]:
    try:
        frame = nw.from_native(data)
        known = frame.collect_schema().names() if isinstance(frame, nw.LazyFrame) else frame.columns
    except TypeError as problem:
        raise ModelError(
            f"A table is needed; this is a {type(data).__name__}.",
            hint="Give a pandas or Polars frame, or a mapping from column name to array.",
        ) from problem
    except nw.exceptions.DuplicateError as problem:
        raise ModelError(
            "The table has columns of the same name.", hint="Rename them so that each is unique."
        ) from problem
    _require_known(columns, known)
    # An eager frame is left whole: choosing its columns would copy them.
    return frame.select(*columns).collect() if isinstance(frame, nw.LazyFrame) else frame


def _require_known(columns: Sequence[str], known: Sequence[Any]) -> None:
    texts = [name for name in known if isinstance(name, str)]
    failures = []
    for name in columns:
        if name not in texts:
            near = suggestion(name, texts)
            failures.append({"column": name, "did you mean": near} if near else {"column": name})
    if failures:
        noun = "column is" if len(failures) == 1 else "columns are"
        hint = f"Its columns are: {listed([str(name) for name in known])}."
        if len(texts) < len(known):
            hint += " Names have to be texts: frame.rename(columns=str)."
        raise ModelError(f"{len(failures)} {noun} not in the table.", hint=hint, failures=failures)


def as_column(series: nw.Series[Any]) -> Column:
    """Return plain numbers as an array in the byte order of the machine, the rest as it is."""
    native = series.to_native()
    if isinstance(native, pd.Series) and isinstance(native.dtype, np.dtype):
        values = native.to_numpy()
        if values.dtype.kind in PLAIN:
            return _in_own_order(values)
    return series


def _in_own_order(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return values if values.dtype.isnative else values.astype(values.dtype.newbyteorder("="))


def _from_array(name: str, values: Any) -> Column:
    """Return one array of a mapping; lists, pandas and Polars series are arrays too."""
    if type(values) is np.ndarray and values.ndim == 1 and values.dtype.kind in PLAIN:
        return _in_own_order(values)
    if nw.dependencies.is_into_series(values):
        return as_column(nw.from_native(values, series_only=True))
    single = isinstance(values, str | bytes | Mapping | Set) or not isinstance(values, Sized)
    dimensions = getattr(values, "ndim", 1)
    if single or not isinstance(values, Iterable) or dimensions != 1:
        found = f"{dimensions} dimensions" if dimensions > 1 else type(values).__name__
        raise ModelError(
            f"Each column has to be one array of values; {name!r} is not ({found}).",
            hint="Give a list, array or series with one value for each row.",
        )
    if isinstance(values, np.ndarray) and values.dtype.kind == "U":
        values = values.astype(object)
    return as_column(nw.from_native(pd.Series(values), series_only=True))


def _common_length(columns: Mapping[str, Column]) -> int:
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        raise ModelError(
            "The columns have different numbers of rows.",
            hint="Each needs one value for every row.",
            failures=[{"column": name, "rows": length} for name, length in lengths.items()],
        )
    return next(iter(lengths.values()), 0)


def number_matrix(columns: Columns, names: Sequence[str]) -> Floats:
    """Return columns as one matrix of floats; no answer is NaN, booleans are 0 and 1.

    Parameters
    ----------
    columns : Columns
        The rows.
    names : sequence of str
        k of the columns.

    Returns
    -------
    numpy.ndarray
        Shape (k, rows), a copy: one column of the table after the other, so that each is
        contiguous. Infinite values are still in it.

    Raises
    ------
    ModelError
        Where columns hold text, dates or anything else but numbers; all of them are named.
    """
    matrix = np.empty((len(names), columns.n_rows))
    not_numbers = []
    for place, name in enumerate(names):
        column = columns.by_name[name]
        values = column if isinstance(column, np.ndarray) else _as_numbers(column)
        if values is None:
            not_numbers.append({"column": name, "holds": _examples(column)})
        else:
            matrix[place] = values
    if not_numbers:
        first = not_numbers[0]["column"]
        raise ModelError(
            "A model needs numbers, and "
            + listed([repr(fault["column"]) for fault in not_numbers])
            + (" does not hold them." if len(not_numbers) == 1 else " do not hold them."),
            hint="Code categories as 0 and 1 first, for instance "
            f"data['{first}_yes'] = data['{first}'] == 'yes'; turn numbers read as text into "
            "numbers with pandas.to_numeric, and numbers of other kinds with .astype(float).",
            failures=not_numbers,
        )
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


def _examples(column: Column) -> str:
    shown: dict[str, None] = {}
    for value in column:
        if len(shown) == EXAMPLES:
            break
        safe = masked_answer(str(value))
        shown[repr(value) if safe == str(value) else safe] = None
        for nothing in NOTHING:
            shown.pop(nothing, None)
    return ", ".join(shown)


def require_finite(matrix: Floats, names: Sequence[str], columns: Columns) -> None:
    """Refuse infinite values, with the rows they are in."""
    infinite = np.argwhere(np.isinf(matrix))
    if not len(infinite):
        return
    rows = columns.rows()
    failures = [
        {"row": int(rows[row]), "column": names[place], "value": str(matrix[place, row])}
        for place, row in infinite
    ]
    found = list(dict.fromkeys(fault["column"] for fault in failures))
    raise ModelError(
        f"Infinite values in {listed([repr(name) for name in found])}.",
        hint="Correct them, or leave the cell empty. (Rows as in a spreadsheet: heading is row 1.)",
        failures=failures,
    )
