"""Who was trained: a column of yes and no, or a list of teams."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt

from relsurvey.errors import ModelError, listed, suggestion
from relsurvey.evaluation.waves import Codes
from relsurvey.evaluation.words import several, some
from relsurvey.moments.group_columns import Columns, number_matrix
from relsurvey.personal import masked

__all__ = ["read_trained"]

Flags = npt.NDArray[np.bool_]


def read_trained(
    table: Columns,
    trained: str | Sequence[Any],
    unit: str,
    codes: tuple[Codes, npt.NDArray[np.object_]],
) -> tuple[Flags, Flags]:
    """Return for each row whether its unit was trained, and whether that is known.

    Parameters
    ----------
    table : Columns
        The rows.
    trained : str or sequence
        A column of True and False or 1 and 0, the same in all rows and waves of a unit; or the ids
        of the units that were trained.
    unit : str
        The column of units: teams, or else workers, or else persons.
    codes : tuple
        The unit of each row, and the units' ids.

    Returns
    -------
    trained, known : numpy.ndarray of bool
        Shape (rows,).

    Raises
    ------
    ModelError
        Where the column holds anything else or differs within a unit, ids are not there, or
        all units or none were trained.
    """
    if isinstance(trained, str):
        flags, known = _from_column(table, trained)
        known &= codes[0] >= 0
        _require_constant(flags, known, _Column(trained, table), unit, codes)
    else:
        known = codes[0] >= 0
        flags = known & _from_list(trained, unit, codes[1])[codes[0]]
    if known.any() and (flags[known].all() or not flags[known].any()):
        raise ModelError(
            f"{'All' if flags[known].all() else 'No'} {several(unit)} were trained: there are "
            "none to compare with.",
            hint="Leave trained= out to see the change alone.",
        )
    return flags, known


def _from_column(table: Columns, name: str) -> tuple[Flags, Flags]:
    values = number_matrix(table, [name])[0]
    known = ~np.isnan(values)
    odd = np.unique(values[known & (values != 0) & (values != 1)])
    if len(odd):
        raise ModelError(
            f"The column {name!r} has to say True or False (1 or 0) of each row; it also holds "
            f"{listed([f'{one:g}' for one in odd])}.",
            hint=f"Make it so first, for instance data['{name}'] = data['{name}'] == 2.",
        )
    return values == 1, known


@dataclass(frozen=True, slots=True, eq=False)
class _Column:
    """The column that says who was trained."""

    name: str
    table: Columns

    @property
    def yes(self) -> str:
        """What it says of who was trained: True, or 1 where it holds numbers."""
        column = self.table.by_name[self.name]
        if isinstance(column, nw.Series):
            numeric = column.dtype.is_numeric()
        else:
            numeric = column.dtype.kind in "iuf"
        return "1" if numeric else "True"


def _require_constant(
    flags: Flags,
    known: Flags,
    column: _Column,
    unit: str,
    codes: tuple[Codes, npt.NDArray[np.object_]],
) -> None:
    both = np.unique(np.stack([codes[0][known], flags[known]]), axis=1)
    there, counts = np.unique(both[0], return_counts=True)
    differing = codes[1][there[counts > 1]]
    if not len(differing):
        return
    raise ModelError(
        f"{column.name!r} differs within {some(len(differing), unit)}: training is compared "
        f"between {several(unit)}, so that all rows of one have to say the same, in every wave.",
        hint=f"Say {column.yes} in all waves of who was trained, also those before the training. "
        "Where only some workers of a team were trained, leave team= out, so that workers are "
        "compared.",
        failures=[{unit: masked(one) if isinstance(one, str) else one} for one in differing],
    )


def _from_list(
    trained: Iterable[Any], unit: str, ids: npt.NDArray[np.object_]
) -> npt.NDArray[np.bool_]:
    there = [str(one) for one in ids]
    try:
        wanted = [str(one) for one in trained]
    except TypeError as problem:
        raise ModelError(
            f"trained has to be a column or a list of {several(unit)}; it is {trained!r}.",
            hint="For instance trained=['north', 'south'].",
        ) from problem
    failures = []
    for one in wanted:
        if one not in there:
            near = suggestion(one, there)
            failures.append({unit: one, "did you mean": near} if near else {unit: one})
    if failures:
        raise ModelError(
            f"{len(failures)} of the trained {several(unit)} "
            f"{'is' if len(failures) == 1 else 'are'} not in the data.",
            hint="Ids have to be written as they are there.",
            failures=failures,
        )
    return np.array([one in set(wanted) for one in there], dtype=np.bool_)
