"""What any frame Narwhals knows is asked for here: its numbers, and its rows in the file."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt

__all__ = ["ROW", "float_array", "float_columns", "spreadsheet_rows"]

# Tables that were read from a file carry the rows of the file as an index of this name, which
# stays with them through whatever pandas does.
ROW = "row"
FIRST_ROW = 2  # of a spreadsheet; the heading is row 1


def float_array(frame: nw.DataFrame[Any]) -> npt.NDArray[np.float64]:
    """Return the values of a frame of numbers.

    Parameters
    ----------
    frame : narwhals.DataFrame
        Numeric columns of any kind.

    Returns
    -------
    numpy.ndarray
        Shape (rows, columns); NaN where a value is missing.
    """
    values = frame.to_numpy()
    if values.dtype.kind not in "fiu":
        # pandas gives an array of objects where a column has Arrow's own missing value.
        values = np.column_stack([column.to_numpy() for column in frame.iter_columns()])
    return np.asarray(values, dtype=np.float64)


def float_columns(frame: nw.DataFrame[Any]) -> list[npt.NDArray[np.float64]]:
    """Return the columns of a frame of numbers, without copying those that are floats already.

    Parameters
    ----------
    frame : narwhals.DataFrame
        Numeric columns of any kind.

    Returns
    -------
    list of numpy.ndarray
        Shape (rows,) each, possibly read-only; NaN where a value is missing.
    """
    return [np.asarray(column.to_numpy(), dtype=np.float64) for column in frame.iter_columns()]


def spreadsheet_rows(frame: Any) -> npt.NDArray[np.int64]:
    """Return the row of each record as a spreadsheet counts: the heading is row 1.

    Parameters
    ----------
    frame : frame
        Eager: pandas, Polars, PyArrow, or any of them as a Narwhals frame.

    Returns
    -------
    numpy.ndarray of int
        Shape (rows,): the index where it is named "row" and holds whole numbers, as in what
        was read from a file; otherwise 2, 3, and so on.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"x": [1, 2]}, index=pd.Index([2, 4], name="row"))
    >>> spreadsheet_rows(frame).tolist(), spreadsheet_rows(frame.reset_index()).tolist()
    ([2, 4], [2, 3])
    """
    eager = nw.from_native(frame, eager_only=True, pass_through=False)
    index = nw.maybe_get_index(eager)
    if index is not None and index.name == ROW and index.dtype.kind in "iu":
        return np.asarray(index, dtype=np.int64)
    return np.arange(FIRST_ROW, len(eager) + FIRST_ROW, dtype=np.int64)
