"""Correlations of items, each from the rows that hold both answers and from nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import narwhals as nw
import numpy as np
import numpy.typing as npt

from relsurvey.moments.items import ROUNDING, answer_chunks, cross_product, rough_centre

__all__ = ["pair_correlations"]

Array: TypeAlias = npt.NDArray[np.float64]


def pair_correlations(frame: nw.DataFrame[Any], columns: Sequence[str]) -> Array:
    """Return the correlations of items over all rows that answer both.

    Parameters
    ----------
    frame : narwhals.DataFrame, n rows
        Numeric columns; null and NaN are no answer.
    columns : sequence of str, length k
        The items.

    Returns
    -------
    ndarray, shape (k, k)
        Means and variances are those of the same rows, as in R's ``cor(use = "pairwise")``; NaN
        where fewer than two rows answer both, or one of the two does not vary in them. The
        matrix need not be positive definite.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = nw.from_native(pd.DataFrame({"a": [1.0, 2, 3, 9], "b": [1.0, 3, 2, None]}))
    >>> pair_correlations(frame, ["a", "b"]).round(6).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """
    k = len(columns)
    pairs, first, squares, product = (np.zeros((k, k)) for _ in range(4))
    centre: Array | None = None
    for chunk in answer_chunks(frame, columns):
        there = ~np.isnan(chunk)
        if centre is None:
            centre = rough_centre(chunk, there)
        filled = np.where(there, chunk - centre[:, None], 0.0)
        present = there.astype(np.float64)
        pairs += cross_product(present, present)
        first += cross_product(filled, present)
        squares += cross_product(filled**2, present)
        product += cross_product(filled, filled)
    n = np.where(pairs > 1, pairs, np.nan)
    spread = squares - first**2 / n
    spread = np.where(spread > ROUNDING * squares, spread, np.nan)
    correlations: Array = (product - first * first.T / n) / np.sqrt(spread * spread.T)
    return correlations
