"""From any frame Narwhals knows to a NumPy array of floats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["float_array"]


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
