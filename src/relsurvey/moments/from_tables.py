"""Moments of items from their contingency tables: no second pass over the rows.

Where every pair of answers has been counted, means and covariances are sums over the counts.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.moments.items import ROUNDING, ItemMoments
from relsurvey.moments.tables import ItemTables

__all__ = ["moments_from_tables"]

Array: TypeAlias = npt.NDArray[np.float64]


def moments_from_tables(tables: ItemTables) -> ItemMoments:
    """Return what ``item_moments`` would have found in the same rows.

    Parameters
    ----------
    tables : ItemTables
        Of k items, none of which has too many codes to be counted (``tables.measures``).

    Returns
    -------
    ItemMoments
        Without floor and ceiling.

    Examples
    --------
    >>> import narwhals as nw
    >>> import pandas as pd
    >>> from relsurvey.moments.tables import item_tables
    >>> frame = nw.from_native(pd.DataFrame({"a": [1.0, 2, 3], "b": [1.0, None, 5]}))
    >>> moments = moments_from_tables(item_tables(frame, {"s": ["a", "b"]})["s"])
    >>> moments.n, moments.mean.tolist(), moments.covariance.tolist()
    (2, [2.0, 3.0], [[2.0, 4.0], [4.0, 8.0]])
    """
    k = len(tables.columns)
    sizes = np.diff(tables.starts)
    item = np.repeat(np.arange(k), sizes)
    codes = np.concatenate([*tables.codes, np.zeros(0)])
    single = np.diag(tables.joint).astype(np.float64)
    used = np.bincount(item, weights=single, minlength=k)
    # Whole numbers near the means, so that sums of whole-number codes stay exact.
    sums = np.bincount(item, weights=single * codes, minlength=k)
    centre = np.rint(sums / np.maximum(used, 1))
    # Column i of ``member`` says which codes are of item i; ``value`` holds the centred codes.
    member = (item[:, None] == np.arange(k)).astype(np.float64)
    value = member * (codes - centre[item])[:, None]
    joint = tables.joint.astype(np.float64)
    pairs = member.T @ joint @ member
    first = value.T @ joint @ member
    product = value.T @ joint @ value
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.diag(first) / used + centre
    return ItemMoments(
        columns=tables.columns,
        n=tables.n,
        n_total=tables.n_total,
        answered=tables.answered,
        used=used.astype(np.int64),
        pair_n=pairs.astype(np.int64),
        mean=mean,
        covariance=_covariance(pairs, first, product),
        floor=None,
        ceiling=None,
    )


def _covariance(pairs: Array, first: Array, product: Array) -> Array:
    n = np.where(pairs > 1, pairs, np.nan)
    covariance: Array = (product - first * first.T / n) / (n - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        square = np.diag(product) / np.diag(n)
    # What rounding leaves of the variance of a constant is none.
    constant = np.diag(covariance) <= ROUNDING * square
    apart = np.isnan(covariance)
    covariance[constant, :] = 0.0
    covariance[:, constant] = 0.0
    covariance[apart] = np.nan
    return covariance
