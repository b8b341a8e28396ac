"""The waist for linked rows: everything a two-level model needs, as sums per worker.

The rows are read once. A random-intercept model, its null model, worker means and the split
of a covariate into its within and between parts are all made of what is kept here: for each
group its number of rows and its column sums, and for all groups together the cross-products
of the deviations from the group means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from relsurvey.errors import ModelError, listed
from relsurvey.moments.group_columns import Floats, eager_columns, group_codes, number_matrix

__all__ = ["GroupSums", "between_name", "group_sums", "within_name"]

EPSILON = float(np.finfo(np.float64).eps)
NO_VARIATION = 1e-9  # of a column's standard deviation: rounding, not a difference between rows


def within_name(name: str) -> str:
    """Return the label of a covariate's deviation from its group mean."""
    return f"{name} (within)"


def between_name(name: str) -> str:
    """Return the label of a covariate's group mean."""
    return f"{name} (between)"


@dataclass(frozen=True, slots=True, eq=False)
class GroupSums:
    """Sums per group and pooled cross-products of k columns; J groups.

    Attributes
    ----------
    group : str
        The column that tells the groups apart.
    columns : tuple of str
        The k columns, in the order of the arrays.
    ids : numpy.ndarray of object
        Shape (J,): the group ids, in the order they appeared.
    counts : numpy.ndarray
        Shape (J,): rows per group, at least 1.
    centres : numpy.ndarray
        Shape (k,): what was subtracted from each column before anything was summed, so that a
        large offset costs no digits. Units of the column.
    sums : numpy.ndarray
        Shape (J, k): sums of the centred columns per group.
    within : numpy.ndarray
        Shape (k, k): cross-products of deviations from the group means, over all rows. Rows
        and columns of what does not vary within any group are exactly 0.
    varying : numpy.ndarray of int
        Shape (k,): in how many groups the column varies.
    n_dropped : int
        Rows left out because a column used, or the group, is missing.
    missing : mapping of str to int
        Missing values per column, only where there are any; a row may miss several.
    """

    group: str
    columns: tuple[str, ...]
    ids: npt.NDArray[np.object_]
    counts: Floats
    centres: Floats
    sums: Floats
    within: Floats
    varying: npt.NDArray[np.intp]
    n_dropped: int
    missing: Mapping[str, int]

    @property
    def n_groups(self) -> int:
        """Number of groups, J."""
        return len(self.counts)

    @property
    def n_rows(self) -> int:
        """Number of rows used."""
        return int(self.counts.sum())

    @property
    def means(self) -> Floats:
        """Group means in the units of the columns, shape (J, k)."""
        means: Floats = self.centres + self.sums / self.counts[:, None]
        return means

    @property
    def crossproducts(self) -> Floats:
        """Cross-products of the centred columns over all rows, shape (k, k)."""
        total: Floats = self.within + (self.sums / self.counts[:, None]).T @ self.sums
        return total

    def place(self, name: str) -> int:
        """Return the position of a column."""
        return self.columns.index(name)

    def standard_deviation(self, name: str) -> float:
        """Return a column's standard deviation over rows (divisor n - 1); NaN for one row."""
        place, rows = self.place(name), self.n_rows
        if rows < 2:
            return float("nan")
        squares = self.crossproducts[place, place] - self.sums[:, place].sum() ** 2 / rows
        return float(np.sqrt(max(squares, 0.0) / (rows - 1)))

    def split(self, names: Sequence[str]) -> GroupSums:
        """Replace columns by their within part and their group mean.

        Parameters
        ----------
        names : sequence of str
            The columns to be split; each gives two, labelled "<name> (within)", the deviation
            from the group mean, and "<name> (between)", the group mean.

        Returns
        -------
        GroupSums
            The same rows and groups; the columns stay in order.

        References
        ----------
        Mundlak, Y. (1978). On the pooling of time series and cross section data.
        Econometrica, 46(1), 69-85.
        """
        columns: list[str] = []
        source: list[int] = []  # which column a new one is made of
        kept: list[tuple[bool, bool]] = []  # does it keep the within part, the group sums
        for place, name in enumerate(self.columns):
            if name in names:
                columns += [within_name(name), between_name(name)]
                source += [place, place]
                kept += [(True, False), (False, True)]
            else:
                columns.append(name)
                source.append(place)
                kept.append((True, True))
        has_within, has_between = np.array(kept, dtype=float).T
        return GroupSums(
            self.group,
            tuple(columns),
            self.ids,
            self.counts,
            # A deviation from the group mean has no offset to take away.
            self.centres[source] * has_between,
            self.sums[:, source] * has_between,
            self.within[np.ix_(source, source)] * np.outer(has_within, has_within),
            (self.varying[source] * has_within).astype(np.intp),
            self.n_dropped,
            self.missing,
        )


def group_sums(data: Any, columns: Sequence[str], group: str) -> GroupSums:
    """Read the rows once and keep what a two-level model needs.

    Parameters
    ----------
    data : frame or mapping of arrays
        pandas, Polars (eager or lazy) or another frame Narwhals knows.
    columns : sequence of str
        Number or boolean columns (booleans count as 0 and 1).
    group : str
        The column of group ids, text or numbers; ids are used as they are.

    Returns
    -------
    GroupSums
        Rows with a missing value in any of the columns, or with no group id (missing or
        blank), are left out and counted.

    Raises
    ------
    ModelError
        Where a column is unknown, given twice, holds text or infinite values, or no row is
        complete.

    Examples
    --------
    >>> sums = group_sums({"worker": ["a", "a", "b"], "y": [1.0, 3.0, 7.0]}, ["y"], "worker")
    >>> sums.counts.tolist(), sums.means[:, 0].tolist(), sums.within.tolist()
    ([2.0, 1.0], [2.0, 7.0], [[2.0]])
    """
    frame = eager_columns(data, [*columns, group])
    values = number_matrix(frame, columns)
    codes, ids = group_codes(frame.get_column(group))
    # One sum finds any missing value at less cost than a table of them.
    if len(codes) and codes.min() >= 0 and not np.isnan(values.sum()):
        return _summed(values, codes, ids, tuple(columns), group, 0, {})
    absent = np.isnan(values)
    keep = (codes >= 0) & ~absent.any(axis=0)
    missing = {name: int(row.sum()) for name, row in zip(columns, absent, strict=True) if row.any()}
    if (codes < 0).any():
        missing[group] = int((codes < 0).sum())
    if not keep.any():
        raise _nothing_left(len(frame), missing)
    values = values[:, keep]
    codes, ids = _renumbered(codes[keep], ids)
    return _summed(values, codes, ids, tuple(columns), group, int((~keep).sum()), missing)


def _nothing_left(n_rows: int, missing: Mapping[str, int]) -> ModelError:
    if n_rows == 0:
        return ModelError("The table has no rows.", hint="Check the file it was read from.")
    empty = [repr(name) for name, count in missing.items() if count == n_rows]
    if empty:
        return ModelError(
            f"All values are missing in {listed(empty)} ({n_rows} rows).",
            hint="Check the column name, and how missing answers are coded.",
        )
    return ModelError(
        f"None of the {n_rows} rows is complete.",
        hint="Use fewer columns; missing values by column are listed above.",
        failures=[{"column": name, "missing": count} for name, count in missing.items()],
    )


def _renumbered(
    codes: npt.NDArray[np.intp], ids: npt.NDArray[np.object_]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.object_]]:
    """Close the gaps that groups without a complete row leave in the codes."""
    alive = np.bincount(codes, minlength=len(ids)) > 0
    return (np.cumsum(alive) - 1)[codes], ids[alive]


def _summed(
    values: Floats,
    codes: npt.NDArray[np.intp],
    ids: npt.NDArray[np.object_],
    columns: tuple[str, ...],
    group: str,
    n_dropped: int,
    missing: Mapping[str, int],
) -> GroupSums:
    """Sum centred columns per group; ``values`` has shape (k, rows) and is overwritten."""
    centres = values.mean(axis=1)
    values -= centres[:, None]
    counts = np.bincount(codes, minlength=len(ids)).astype(np.float64)
    sums = np.empty((len(ids), len(columns)))
    varying = np.zeros(len(columns), dtype=np.intp)
    for place, column in enumerate(values):
        # einsum, not BLAS: waking its threads costs more than these sums.
        spread = np.sqrt(np.einsum("i,i", column, column) / len(column))
        # A mean of n equal values is off by up to n rounding errors.
        peak = max(column.max(), -column.min())
        rounding = 4 * EPSILON * (counts.max() * peak + abs(centres[place]))
        sums[:, place] = np.bincount(codes, weights=column, minlength=len(ids))
        column -= (sums[:, place] / counts).take(codes)
        differs = np.abs(column) > NO_VARIATION * spread + rounding
        if differs.any():
            varying[place] = np.count_nonzero(np.bincount(codes[differs]))
        else:
            column[:] = 0.0
    within = np.einsum("in,jn->ij", values, values)
    return GroupSums(
        group, columns, ids, counts, centres, sums, within, varying, n_dropped, missing
    )
