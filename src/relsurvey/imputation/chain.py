"""Chained equations: each column is drawn given all others, in turn, until that settles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from relsurvey.errors import ModelError
from relsurvey.imputation.draws import Levels, draw_missing
from relsurvey.imputation.posterior import Floats
from relsurvey.imputation.table import Rows

__all__ = ["Plan", "Shift", "complete", "require_enough"]


@dataclass(frozen=True, slots=True)
class Shift:
    """What is added to every imputed value of a column, and for whom.

    Attributes
    ----------
    column : int
        Its place.
    amount : float
        In units of the column.
    by : int or None
        Place of a property of the group; only groups on one side of ``border`` are shifted.
    border : float
        Where the sides meet.
    below : bool
        Whether the side below the border is meant.
    """

    column: int
    amount: float
    by: int | None = None
    border: float = 0.0
    below: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """How the columns are imputed.

    Attributes
    ----------
    methods : tuple of str
        One for each column.
    iterations : int
        Rounds through all incomplete columns.
    shifts : tuple of Shift
        For answers missing not at random.
    """

    methods: tuple[str, ...]
    iterations: int
    shifts: tuple[Shift, ...] = ()


def require_enough(rows: Rows, group: str) -> None:
    """Refuse more predictors than there are rows, or groups, with a value to learn from."""
    failures = []
    n_users = int((~rows.of_group).sum())
    for place in np.flatnonzero(rows.missing.any(axis=1)):
        seen = ~rows.missing[place]
        at_group = bool(rows.of_group[place])
        count = len(np.unique(rows.codes[seen])) if at_group else int(seen.sum())
        terms = len(rows.columns) if at_group else len(rows.columns) + n_users - 1
        if count < terms + 2:
            of = f"{group} with a value" if at_group else "rows with a value"
            failures.append({"column": rows.columns[place], of: count, "predictors": terms - 1})
    if failures:
        raise ModelError(
            "Too few values to impute from: a model needs more of them than it has predictors, "
            "and every other column is one (those of service users two, with their mean).",
            hint="Impute fewer columns together.",
            failures=failures,
        )


def complete(rows: Rows, plan: Plan, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Fill in all empty cells once.

    Parameters
    ----------
    rows : Rows
        What there is.
    plan : Plan
        How.
    rng : numpy.random.Generator
        Where chance comes from.

    Returns
    -------
    values : numpy.ndarray
        Shape (k, n): complete; what was there is as it was.
    trace : numpy.ndarray
        Shape (iterations, k, 2): mean and standard deviation (divisor n) of the imputed values
        after each round, NaN for complete columns.
    """
    missing = rows.missing
    order = [int(one) for one in np.argsort(missing.sum(axis=1), kind="stable")]
    order = [place for place in order if missing[place].any()]
    values = rows.cells.copy()
    for place in order:
        values[place] = _first_guess(rows, place, rng)
    trace = np.full((plan.iterations, len(values), 2), np.nan)
    for round_ in range(plan.iterations):
        for place in order:
            _redraw(rows, plan, values, place, missing[place], rng)
            drawn = rows.imputed(place, values[place][missing[place]])
            trace[round_, place] = drawn.mean(), drawn.std()
    return values, trace


def _first_guess(rows: Rows, place: int, rng: np.random.Generator) -> Floats:
    """Fill a column with values of others at random, one for each group where it is the group's."""
    if not rows.of_group[place]:
        return _filled(rows.cells[place], rng)
    filled: Floats = _filled(rows.one_each(rows.cells[place]), rng)[rows.codes]
    return filled


def _filled(row: Floats, rng: np.random.Generator) -> Floats:
    filled, empty = row.copy(), np.isnan(row)
    filled[empty] = rng.choice(row[~empty], size=int(empty.sum()))
    return filled


def _redraw(
    rows: Rows,
    plan: Plan,
    values: Floats,
    place: int,
    missing: npt.NDArray[np.bool_],
    rng: np.random.Generator,
) -> None:
    """Draw the empty cells of one column given the others as they stand; in place."""
    others = np.array([one for one in range(len(values)) if one != place], dtype=np.intp)
    of_group = others[rows.of_group[others]]
    of_user = others[~rows.of_group[others]]
    means = [_means(rows, values[one]) for one in of_user]
    if rows.of_group[place]:
        own = rows.one_each(values[place])
        x = _columns([*(rows.one_each(values[one]) for one in of_group), *means], rows.n_groups)
        empty = rows.one_each(missing.astype(np.float64)) > 0
        levels = _team_level(rows)
        own[empty] = draw_missing(own, x, empty, levels, plan.methods[place], rng)
        values[place] = own[rows.codes]
    else:
        spread = [mean[rows.codes] for mean in means]
        x = _columns([*values[of_user], *spread, *values[of_group]], values.shape[1])
        levels = Levels(rows.codes, rows.n_groups, rows.parents)
        drawn = draw_missing(values[place], x, missing, levels, plan.methods[place], rng)
        values[place, missing] = drawn
    for shift in plan.shifts:
        if shift.column == place:
            values[place, missing] += shift.amount * _whom(values, shift)[missing]


def _team_level(rows: Rows) -> Levels:
    if rows.parents is None:
        return Levels()
    return Levels(rows.parents, int(rows.parents.max()) + 1)


def _whom(values: Floats, shift: Shift) -> npt.NDArray[np.bool_]:
    if shift.by is None:
        return np.ones(values.shape[1], dtype=bool)
    side: npt.NDArray[np.bool_] = values[shift.by] < shift.border
    return side if shift.below else ~side


def _means(rows: Rows, row: Floats) -> Floats:
    counts = np.bincount(rows.codes, minlength=rows.n_groups)
    means: Floats = np.bincount(rows.codes, weights=row, minlength=rows.n_groups) / counts
    return means


def _columns(columns: Sequence[Floats], length: int) -> Floats:
    return np.column_stack(columns) if columns else np.empty((length, 0))
