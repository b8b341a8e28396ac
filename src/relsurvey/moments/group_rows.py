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
from relsurvey.personal import masked

__all__ = ["group_sums"]

Codes = npt.NDArray[np.intp]
SMALLEST, LARGEST = 1e-140, 1e140  # between them squares, and ratios of two columns, can be held


def group_sums(
    data: Any,
    columns: Sequence[str],
    group: str,
    *,
    nested_in: str | None = None,
    each_within: bool = False,
) -> GroupSums:
    """Read the rows once and keep what a model of two or three levels needs.

    Parameters
    ----------
    data : frame or mapping of arrays
        pandas, Polars (eager or lazy) or another frame Narwhals knows.
    columns : sequence of str
        Number or boolean columns (booleans count as 0 and 1).
    group : str
        The column of group ids, text or numbers; ids are used as they are.
    nested_in : str, optional
        The column of the larger unit (team) that each group belongs to one of.
    each_within : bool, default False
        Whether cross-products within each group are kept too; they cost another pass.

    Returns
    -------
    GroupSums
        Rows with a missing value in any of the columns, or with no id of the group or of the
        larger unit (missing or blank), are left out and counted.

    Raises
    ------
    ModelError
        Where a column is unknown, given twice, holds text, infinite values or values too large
        or too small to be squared; ids cannot be told apart; no row is complete; or a group
        belongs to two larger units.

    Examples
    --------
    >>> sums = group_sums({"worker": ["a", "a", "b"], "y": [1.0, 3.0, 7.0]}, ["y"], "worker")
    >>> sums.counts.tolist(), sums.means[:, 0].tolist()
    ([2.0, 1.0], [2.0, 7.0])
    """
    levels = [group] if nested_in is None else [group, nested_in]
    table = take_columns(data, [*columns, *levels])
    # In this order, so that the most memory is asked for last and stays with the process.
    codes, ids = group_codes(table.by_name[group], group)
    unit_codes, unit_ids = (
        (None, None) if nested_in is None else group_codes(table.by_name[nested_in], nested_in)
    )
    known = codes if unit_codes is None else np.minimum(codes, unit_codes)
    values = number_matrix(table, columns)
    n_groups = len(ids)
    with np.errstate(over="ignore", invalid="ignore"):
        totals = values.sum(axis=1)
    n_dropped, missing = 0, {}
    # A sum finds any missing value at less cost than a table of them.
    if not np.isfinite(totals).all() or known.min(initial=0) < 0 or not len(codes):
        require_finite(values, columns, table)
        absent = np.isnan(values)
        keep = (known >= 0) & ~absent.any(axis=0)
        missing = {
            **_missing_values(absent, columns),
            **_missing_ids(levels, (codes, unit_codes)),
        }
        if not keep.any():
            raise _nothing_left(table.n_rows, missing)
        n_dropped = int((~keep).sum())
        values = values.compress(keep, axis=1)
        codes, ids = _renumbered(codes[keep], ids)
        if unit_codes is not None and unit_ids is not None:
            unit_codes, unit_ids = _renumbered(unit_codes[keep], unit_ids)
    parents = None
    if unit_codes is not None and unit_ids is not None and nested_in is not None:
        parents = _parents(codes, ids, unit_codes, unit_ids, (group, nested_in))
    return GroupSums(
        group=group,
        columns=tuple(columns),
        labels=tuple(map(repr, columns)),
        ids=ids,
        n_dropped=n_dropped,
        n_groups_dropped=n_groups - len(ids),
        missing=missing,
        nested_in=nested_in,
        parents=parents,
        parent_ids=unit_ids,
        **_summed(values, codes, len(ids), columns, each_within=each_within),
    )


def _missing_values(absent: npt.NDArray[np.bool_], columns: Sequence[str]) -> dict[str, int]:
    return {name: int(row.sum()) for name, row in zip(columns, absent, strict=True) if row.any()}


def _missing_ids(levels: Sequence[str], codes: Sequence[Codes | None]) -> dict[str, int]:
    counts = {
        name: int((one < 0).sum())
        for name, one in zip(levels, codes, strict=False)
        if one is not None
    }
    return {name: count for name, count in counts.items() if count}


def _parents(
    codes: Codes,
    ids: npt.NDArray[np.object_],
    unit_codes: Codes,
    unit_ids: npt.NDArray[np.object_],
    names: tuple[str, str],
) -> Codes:
    """Return the one larger unit of each group, or refuse groups that belong to several."""
    parents = np.empty(len(ids), dtype=np.intp)
    parents[codes] = unit_codes
    strays = np.unique(codes[parents[codes] != unit_codes])
    if not len(strays):
        return parents
    group, nested_in = names
    failures = [
        {
            group: _shown(ids[stray]),
            nested_in: listed(
                [repr(_shown(unit_ids[unit])) for unit in np.unique(unit_codes[codes == stray])]
            ),
        }
        for stray in strays
    ]
    raise ModelError(
        f"{len(strays):,} of {len(ids):,} {group} belong to more than one {nested_in}: the model "
        f"needs every {group} in one.",
        hint=f"Give each {group} the one {nested_in} it mostly belongs to, or the same id in "
        f"different {nested_in} different ids; or leave the level out.",
        failures=failures,
    )


def _shown(label: Any) -> Any:
    return masked(label) if isinstance(label, str) else label


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
    values: Floats, codes: Codes, n_groups: int, columns: Sequence[str], *, each_within: bool
) -> dict[str, Any]:
    """Sum standardised columns per group; ``values`` has shape (k, rows) and is overwritten."""
    centres, units = _standardised(values, columns)
    counts = np.bincount(codes, minlength=n_groups).astype(np.float64)
    k, n_rows = values.shape
    sums = np.empty((n_groups, k))
    varies = np.zeros((n_groups, k), dtype=np.bool_)
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
        varies[:, place] = np.sqrt(squares / counts) > NO_VARIATION * spread + rounding
    within = np.zeros((k, k))
    within_each = np.zeros((n_groups, k, k)) if each_within else None
    moving = np.flatnonzero(varies.any(axis=0))
    # einsum, not BLAS: waking its threads costs more than these sums.
    for one in moving:
        for other in moving[moving <= one]:
            within[one, other] = within[other, one] = np.einsum("i,i", values[one], values[other])
            if within_each is None:
                continue
            np.multiply(values[one], values[other], out=spare)
            products = np.bincount(codes, weights=spare, minlength=n_groups)
            within_each[:, one, other] = within_each[:, other, one] = products
    return {
        "counts": counts, "centres": centres, "units": units, "sums": sums, "within": within,
        "varies": varies, "within_each": within_each,
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
