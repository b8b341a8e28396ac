"""Read the rows once, and keep their sums per group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from relsurvey.errors import ModelError, listed
from relsurvey.moments.group_columns import Floats, number_matrix, require_finite, take_columns
from relsurvey.moments.group_ids import group_codes
from relsurvey.moments.groups import EPSILON, NO_VARIATION, SAME, GroupSums

__all__ = ["group_sums"]

SMALLEST, LARGEST = 1e-140, 1e140  # between them squares, and ratios of two columns, can be held


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
        Where a column is unknown, given twice, holds text, infinite values or values too large
        or too small to be squared; ids cannot be told apart; or no row is complete.

    Examples
    --------
    >>> sums = group_sums({"worker": ["a", "a", "b"], "y": [1.0, 3.0, 7.0]}, ["y"], "worker")
    >>> sums.counts.tolist(), sums.means[:, 0].tolist()
    ([2.0, 1.0], [2.0, 7.0])
    """
    table = take_columns(data, [*columns, group])
    # In this order, so that the most memory is asked for last and stays with the process.
    codes, ids = group_codes(table.by_name[group], group)
    values = number_matrix(table, columns)
    n_groups = len(ids)
    with np.errstate(over="ignore", invalid="ignore"):
        totals = values.sum(axis=1)
    n_dropped, missing = 0, {}
    # A sum finds any missing value at less cost than a table of them.
    if not np.isfinite(totals).all() or codes.min(initial=0) < 0 or not len(codes):
        require_finite(values, columns, table)
        absent = np.isnan(values)
        keep = (codes >= 0) & ~absent.any(axis=0)
        missing = _missing_values(absent, codes, columns, group)
        if not keep.any():
            raise _nothing_left(table.n_rows, missing)
        n_dropped = int((~keep).sum())
        values = values.compress(keep, axis=1)
        codes, ids = _renumbered(codes[keep], ids)
    return GroupSums(
        group=group,
        columns=tuple(columns),
        labels=tuple(map(repr, columns)),
        ids=ids,
        n_dropped=n_dropped,
        n_groups_dropped=n_groups - len(ids),
        missing=missing,
        **_summed(values, codes, len(ids), columns),
    )


def _missing_values(
    absent: npt.NDArray[np.bool_], codes: npt.NDArray[np.intp], columns: Sequence[str], group: str
) -> dict[str, int]:
    missing = {name: int(row.sum()) for name, row in zip(columns, absent, strict=True) if row.any()}
    if (codes < 0).any():
        missing[group] = int((codes < 0).sum())
    return missing


def _nothing_left(n_rows: int, missing: Mapping[str, int]) -> ModelError:
    if n_rows == 0:
        return ModelError("The table has no rows.", hint="Check the file it was read from.")
    empty = [repr(name) for name, count in missing.items() if count == n_rows]
    if empty:
        return ModelError(
            f"All values are missing in {listed(empty)} ({n_rows} rows).",
            hint="Check the column name, and how missing answers are coded; if it is a score, "
            "nobody answered enough of its items.",
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
    values: Floats, codes: npt.NDArray[np.intp], n_groups: int, columns: Sequence[str]
) -> dict[str, Any]:
    """Sum standardised columns per group; ``values`` has shape (k, rows) and is overwritten."""
    centres, units = _standardised(values, columns)
    counts = np.bincount(codes, minlength=n_groups).astype(np.float64)
    k, n_rows = values.shape
    sums = np.empty((n_groups, k))
    varying = np.zeros(k, dtype=np.intp)
    spare = np.empty(n_rows)  # memory for what is needed for a moment: asking for it anew is slow
    for place, column in enumerate(values):
        sums[:, place] = np.bincount(codes, weights=column, minlength=n_groups)
        means = sums[:, place] / counts
        column -= means.take(codes, out=spare, mode="clip")
        np.multiply(column, column, out=spare)
        squares = np.bincount(codes, weights=spare, minlength=n_groups)
        spread = np.sqrt((squares.sum() + means @ sums[:, place]) / n_rows)
        # A mean of n values of one size is off by up to n rounding errors of that size.
        rounding = 4 * EPSILON * (counts.max() + abs(centres[place]) / units[place])
        varying[place] = (np.sqrt(squares / counts) > NO_VARIATION * spread + rounding).sum()
    within = np.zeros((k, k))
    moving = np.flatnonzero(varying)
    # einsum, not BLAS: waking its threads costs more than these sums.
    for one in moving:
        for other in moving[moving <= one]:
            within[one, other] = within[other, one] = np.einsum("i,i", values[one], values[other])
    return {
        "counts": counts, "centres": centres, "units": units, "sums": sums, "within": within,
        "varying": varying,
    }  # fmt: skip


def _standardised(values: Floats, columns: Sequence[str]) -> tuple[Floats, Floats]:
    """Centre and scale each row of ``values`` in place; return the centres and the units."""
    units = np.ones(len(values))
    failures = []
    with np.errstate(over="ignore", invalid="ignore"):
        centres = values.mean(axis=1)
        for place, column in enumerate(values):
            column -= centres[place]
            peak = max(column.max(), -column.min())
            if peak == 0:
                continue
            if not SMALLEST < peak < LARGEST:
                if peak <= SAME * abs(centres[place]):
                    column[:] = 0.0  # one value throughout; their mean is not quite that value
                    continue
                size = "small" if peak <= SMALLEST else "large"
                failures.append({"column": columns[place], "values are too": size})
                continue
            units[place] = np.ldexp(1.0, np.frexp(peak)[1])
            column *= 1.0 / units[place]  # exact: a power of two
    if failures:
        raise ModelError(
            "Values too large or too small to square: "
            f"{listed([repr(fault['column']) for fault in failures])}.",
            hint="Multiply or divide the column by a power of ten first, so that its values are "
            "of ordinary size.",
            failures=failures,
        )
    return centres, units
