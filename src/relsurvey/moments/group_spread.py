"""How far answers lie apart within each group: one pass, and the rows are not kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from relsurvey.moments.group_columns import Floats, number_matrix, require_finite, take_columns
from relsurvey.moments.group_ids import group_codes

__all__ = ["GroupSpread", "group_spread"]

Codes = npt.NDArray[np.intp]
WIDEST = 200  # steps between the lowest and the highest whole number that are counted in a table


@dataclass(frozen=True, slots=True, eq=False)
class GroupSpread:
    """Spread of k columns within each of J groups, over rows complete in all k.

    Attributes
    ----------
    ids : numpy.ndarray of object
        Shape (J,): the groups that have a complete row, in the order they appeared.
    counts : numpy.ndarray
        Shape (J,): complete rows per group, at least 1.
    means, medians : numpy.ndarray
        Shape (J, k), in units of the columns.
    variances : numpy.ndarray
        Shape (J, k), with the number of rows less one below; NaN for a group of one row.
    deviation_from_mean, deviation_from_median : numpy.ndarray
        Shape (J, k): mean absolute deviation; NaN for a group of one row.
    lowest, highest : numpy.ndarray
        Shape (k,): over all complete rows; NaN where there are none.
    n_dropped : int
        Rows left out because a column or the group is missing.
    """

    ids: npt.NDArray[np.object_]
    counts: Floats
    means: Floats
    medians: Floats
    variances: Floats
    deviation_from_mean: Floats
    deviation_from_median: Floats
    lowest: Floats
    highest: Floats
    n_dropped: int


def group_spread(data: Any, columns: Sequence[str], group: str) -> GroupSpread:
    """Read the rows once and keep how far they lie apart in each group.

    Parameters
    ----------
    data : frame or mapping of arrays
        pandas, Polars (eager or lazy) or another frame Narwhals knows.
    columns : sequence of str
        k number or boolean columns.
    group : str
        The column of group ids.

    Returns
    -------
    GroupSpread
        With no group where no row is complete.

    Raises
    ------
    ModelError
        Where a column is unknown, given twice, or holds text or infinite values; or ids cannot
        be told apart.

    Examples
    --------
    >>> data = {"worker": ["a", "a", "a", "b"], "y": [1.0, 2.0, 6.0, 7.0]}
    >>> spread = group_spread(data, ["y"], "worker")
    >>> spread.variances[:, 0].tolist(), spread.deviation_from_mean[:, 0].tolist()
    ([7.0, nan], [2.0, nan])
    """
    table = take_columns(data, [*columns, group])
    codes, ids = group_codes(table.by_name[group], group)
    values = number_matrix(table, columns)
    require_finite(values, columns, table)
    keep = (codes >= 0) & ~np.isnan(values).any(axis=0)
    values, codes = values.compress(keep, axis=1), codes[keep]
    there = np.bincount(codes, minlength=len(ids)) > 0
    codes, ids = (np.cumsum(there) - 1)[codes], ids[there]
    counts = np.bincount(codes, minlength=len(ids)).astype(np.float64)
    by_column = [_spread(column, codes, counts) for column in values]
    means, medians, variances, from_mean, from_median = np.stack(by_column, axis=-1)
    some = bool(len(codes))
    return GroupSpread(
        ids=ids,
        counts=counts,
        means=means,
        medians=medians,
        variances=variances,
        deviation_from_mean=from_mean,
        deviation_from_median=from_median,
        lowest=values.min(axis=1) if some else np.full(len(columns), np.nan),
        highest=values.max(axis=1) if some else np.full(len(columns), np.nan),
        n_dropped=int((~keep).sum()),
    )


def _spread(column: Floats, codes: Codes, counts: Floats) -> Floats:
    """Return means, medians, variances and both mean deviations, shape (5, J)."""
    n_groups = len(counts)
    if not n_groups:
        return np.empty((5, 0))
    # A large offset would cost the means their last digits, and these the variances.
    centre = column.mean()
    centred = column - centre
    means = np.bincount(codes, weights=centred, minlength=n_groups) / counts
    medians = _medians(column, codes, counts)
    off_mean = centred - means[codes]
    squares = np.bincount(codes, weights=off_mean * off_mean, minlength=n_groups)
    from_mean = np.bincount(codes, weights=np.abs(off_mean), minlength=n_groups)
    from_median = np.bincount(codes, weights=np.abs(column - medians[codes]), minlength=n_groups)
    several = np.where(counts > 1, counts, np.nan)
    return np.stack(
        [means + centre, medians, squares / (several - 1), from_mean / several,
         from_median / several]
    )  # fmt: skip


def _medians(column: Floats, codes: Codes, counts: Floats) -> Floats:
    low, high = column.min(), column.max()
    # Answers are whole numbers close together: counting them beats sorting a million rows.
    if high - low <= WIDEST and (column == np.rint(column)).all():
        counted: Floats = low + _counted_medians((column - low).astype(np.intp), codes, counts)
        return counted
    ordered = column[np.lexsort((column, codes))]
    ends = np.cumsum(counts).astype(np.intp)
    starts = ends - counts.astype(np.intp)
    lower, upper = starts + (ends - starts - 1) // 2, starts + (ends - starts) // 2
    medians: Floats = (ordered[lower] + ordered[upper]) / 2.0
    return medians


def _counted_medians(steps: npt.NDArray[np.intp], codes: Codes, counts: Floats) -> Floats:
    n_steps = int(steps.max()) + 1
    table = np.bincount(codes * n_steps + steps, minlength=len(counts) * n_steps)
    reached = np.cumsum(table.reshape(-1, n_steps), axis=1)
    places = [(counts - 1) // 2, counts // 2]
    lower, upper = ((reached <= place[:, None]).sum(axis=1) for place in places)
    medians: Floats = (lower + upper) / 2.0
    return medians
