"""The rows to be completed: numbers, who belongs to whom, and whose property each column is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from relsurvey.association.models.categories import encode_categories
from relsurvey.errors import ModelError, listed
from relsurvey.imputation.posterior import Codes, Floats
from relsurvey.moments.group_columns import number_matrix, require_finite, take_columns
from relsurvey.moments.group_ids import group_codes
from relsurvey.text import and_list, counted

__all__ = ["Rows", "read_rows"]

FEWEST_VALUES = 3


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The rows of people who belong to someone; k columns, n rows, J groups.

    Attributes
    ----------
    columns : tuple of str
        The k columns.
    cells : numpy.ndarray
        Shape (k, n), NaN where there is no answer. A group's property known from one of its rows
        stands in all of them.
    of_group : numpy.ndarray of bool
        Shape (k,): whether the column is a property of the group.
    codes, ids : numpy.ndarray
        Shape (n,) and (J,): the group of each row, and the groups' ids.
    parents, parent_ids : numpy.ndarray or None
        Shape (J,) and (T,): the team of each group, and the teams' ids.
    places : numpy.ndarray of int
        Shape (n,): where each row stood in what was given, from 0.
    notes : tuple of str
        What was left out or filled in.
    categories : mapping of str to tuple of str
        The indicators among the columns of each category that was given.
    """

    columns: tuple[str, ...]
    cells: Floats
    of_group: npt.NDArray[np.bool_]
    codes: Codes
    ids: npt.NDArray[np.object_]
    parents: Codes | None
    parent_ids: npt.NDArray[np.object_] | None
    places: Codes
    notes: tuple[str, ...]
    categories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def missing(self) -> npt.NDArray[np.bool_]:
        """Which cells are empty, shape (k, n)."""
        return np.isnan(self.cells)

    @property
    def n_groups(self) -> int:
        """Number of groups, J."""
        return len(self.ids)

    def imputed(self, place: int, drawn: Floats) -> Floats:
        """Return imputed values of a column, a group's once; ``drawn`` has one a missing cell."""
        if not self.of_group[place]:
            return drawn
        _, first = np.unique(self.codes[self.missing[place]], return_index=True)
        return drawn[first]

    def one_each(self, row: Floats) -> Floats:
        """Return a group property once for each group, shape (J,)."""
        each = np.empty(self.n_groups)
        each[self.codes] = row
        return each


def read_rows(
    frame: Any,
    columns: Sequence[str],
    group: str,
    team: str | None,
    group_columns: Sequence[str] | None,
    numbers: Sequence[str] = (),
) -> Rows:
    """Read the columns to be completed, and find whose property each of them is.

    Parameters
    ----------
    frame : frame or mapping of arrays
        One row a service user.
    columns : sequence of str
        Number or boolean columns, and categories of which no value is missing: these become
        their indicators.
    group, team : str
        Columns of ids.
    group_columns : sequence of str, optional
        Those of the columns that are properties of the group. Where not given: those of which no
        group has two different values.
    numbers : sequence of str, optional
        Those of the columns that have to be numbers.

    Returns
    -------
    Rows
        Without the rows that have no group, or no team where that is asked for.

    Raises
    ------
    ModelError
        Where columns cannot be used, a category has missing values, nobody belongs to a group,
        a column has too few values, a group is in two teams, or a property of the group differs
        within it.
    """
    levels = [group] if team is None else [group, team]
    encoded = encode_categories(frame, [name for name in columns if name not in numbers])
    columns = _expanded(columns, encoded.parts)
    if group_columns is not None:
        group_columns = _expanded(group_columns, encoded.parts)
    table = take_columns(encoded.data, [*columns, *levels])
    codes, ids = group_codes(table.by_name[group], group)
    teams, team_ids = (None, None) if team is None else group_codes(table.by_name[team], team)
    values = number_matrix(table, columns)
    require_finite(values, columns, table)
    known = codes >= 0 if teams is None else (codes >= 0) & (teams >= 0)
    if not known.any():
        raise ModelError(
            f"None of the {counted(table.n_rows, 'row')} has a {and_list(levels)}.",
            hint="Link service users to workers first.",
        )
    _require_values(values[:, known], columns)
    _require_complete(values[:, known], columns, encoded.parts)
    codes, ids = _renumbered(codes[known], ids)
    notes = _left_out(int((~known).sum()), levels)
    parents = None
    if teams is not None and team_ids is not None and team is not None:
        teams, team_ids = _renumbered(teams[known], team_ids)
        parents = _parents(codes, teams, len(ids), group, team)
    values = values[:, known]
    low, high = _extremes(values, codes, len(ids))
    of_group = _of_group(low, high, columns, group, group_columns)
    filled = _spread_out(values, codes, low, of_group)
    if filled:
        notes.append(
            f"{counted(filled, 'cell')} of a property of {group} had no value where other rows of "
            f"the same {group} have one: that value stands there too."
        )
    return Rows(
        tuple(columns), values, of_group, codes, ids, parents, team_ids,
        np.flatnonzero(known), (*encoded.notes, *notes), encoded.parts,
    )  # fmt: skip


def _require_values(values: Floats, columns: Sequence[str]) -> None:
    counts = (~np.isnan(values)).sum(axis=1)
    failures = [
        {"column": name, "values": int(count)}
        for name, count in zip(columns, counts, strict=True)
        if count < FEWEST_VALUES
    ]
    if failures:
        raise ModelError(
            f"Nothing can be imputed from nothing: {listed([repr(f['column']) for f in failures])} "
            f"{'has' if len(failures) == 1 else 'have'} fewer than {FEWEST_VALUES} values.",
            hint="Leave the column out, or check its name and how missing answers are coded.",
            failures=failures,
        )


def _expanded(names: Sequence[str], parts: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(part for name in names for part in parts.get(name, (name,)))


def _require_complete(
    values: Floats, columns: Sequence[str], categories: Mapping[str, tuple[str, ...]]
) -> None:
    """Refuse categories with missing values: indicators drawn one by one need not be a level."""
    failures = []
    for name, parts in categories.items():
        missing = int(np.isnan(values[columns.index(parts[0])]).sum())
        if missing:
            failures.append({"column": name, "missing": missing})
    if failures:
        raise ModelError(
            f"Categories are not imputed, and {listed([repr(f['column']) for f in failures])} "
            f"{'has' if len(failures) == 1 else 'have'} missing values.",
            hint="Give those rows a level of their own, such as 'not known'; or leave the column "
            "out, or its incomplete rows. A category of two levels coded as 0 and 1 is imputed.",
            failures=failures,
        )


def _renumbered(codes: Codes, ids: npt.NDArray[np.object_]) -> tuple[Codes, Any]:
    alive = np.bincount(codes, minlength=len(ids)) > 0
    return (np.cumsum(alive) - 1)[codes], ids[alive]


def _left_out(count: int, levels: Sequence[str]) -> list[str]:
    if not count:
        return []
    return [
        f"{counted(count, 'row')} left out: without {and_list(levels)} nobody is known to answer "
        "about anyone, and nothing is imputed for them."
    ]


def _parents(codes: Codes, teams: Codes, n_groups: int, group: str, team: str) -> Codes:
    parents = np.empty(n_groups, dtype=np.intp)
    parents[codes] = teams
    strays = np.unique(codes[parents[codes] != teams])
    if len(strays):
        raise ModelError(
            f"{len(strays):,} of {n_groups:,} {group} belong to more than one {team}.",
            hint=f"Give each {group} one {team}, or impute without that level (team=None).",
        )
    return parents


def _extremes(values: Floats, codes: Codes, n_groups: int) -> tuple[Floats, Floats]:
    """Return the lowest and highest value of each group, shape (k, J); NaN where there is none."""
    low = np.full((len(values), n_groups), np.nan)
    high = low.copy()
    for place, row in enumerate(values):
        np.fmin.at(low[place], codes, row)
        np.fmax.at(high[place], codes, row)
    return low, high


def _of_group(
    low: Floats,
    high: Floats,
    columns: Sequence[str],
    group: str,
    group_columns: Sequence[str] | None,
) -> npt.NDArray[np.bool_]:
    differing = (high > low).sum(axis=1)
    if group_columns is None:
        never: npt.NDArray[np.bool_] = differing == 0
        return never
    unknown = [name for name in group_columns if name not in columns]
    failures: list[dict[str, Any]] = [
        {"column": name, "problem": "not among the columns to impute"} for name in unknown
    ]
    failures += [
        {"column": name, "problem": f"differs within {count:,} {group}"}
        for name, count in zip(columns, differing, strict=True)
        if name in group_columns and count
    ]
    if failures:
        raise ModelError(
            f"group_columns are properties of {group}: one value each.",
            hint="Correct the rows that differ, or leave the column out of group_columns.",
            failures=failures,
        )
    return np.array([name in group_columns for name in columns], dtype=np.bool_)


def _spread_out(values: Floats, codes: Codes, low: Floats, of_group: npt.NDArray[np.bool_]) -> int:
    """Put a group's known property into all its rows; return how many cells that filled."""
    before = int(np.isnan(values).sum())
    for place in np.flatnonzero(of_group):
        values[place] = low[place][codes]
    return before - int(np.isnan(values).sum())
