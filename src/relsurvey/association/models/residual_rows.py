"""Residuals of every row of a fitted model: the one thing that the sums do not hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from relsurvey.association.models.likelihood import Floats
from relsurvey.errors import ModelError, listed
from relsurvey.moments.group_columns import number_matrix, take_columns
from relsurvey.moments.group_ids import group_codes
from relsurvey.moments.groups import GroupSums, between_name, within_name

if TYPE_CHECKING:
    from relsurvey.association.models.fit import MixedFit

__all__ = ["ResidualRows", "residual_rows"]


@dataclass(frozen=True, slots=True, eq=False)
class ResidualRows:
    """The rows a model was fitted to.

    Attributes
    ----------
    residuals : numpy.ndarray
        Shape (rows,): the outcome less what the fixed effects and random intercepts make of it.
    groups : numpy.ndarray of int
        Shape (rows,): the group of each, as a position in the sums.
    outcome : numpy.ndarray
        Shape (rows,): the outcome.
    """

    residuals: Floats
    groups: npt.NDArray[np.intp]
    outcome: Floats


def residual_rows(fit: MixedFit, data: Any, mean_residuals: Floats) -> ResidualRows:
    """Read the rows again, and return their residuals.

    Parameters
    ----------
    fit : MixedFit
        The model.
    data : frame or mapping of arrays
        The table that the sums were made of.
    mean_residuals : numpy.ndarray
        Shape (J,): mean residual of each group.

    Returns
    -------
    ResidualRows
        The rows used in the fit.

    Raises
    ------
    ModelError
        Where the table is not the one the model was fitted to.
    """
    sums = fit.sums
    levels = [sums.group] if sums.nested_in is None else [sums.group, sums.nested_in]
    sources = _sources(sums, list(_names(data)))
    columns = list(dict.fromkeys(sources.values()))
    table = take_columns(data, [*columns, *levels])
    values = number_matrix(table, columns)
    keep = ~np.isnan(values).any(axis=0)
    for level in levels:
        keep &= group_codes(table.by_name[level], level)[0] >= 0
    codes, ids = group_codes(table.by_name[sums.group], sums.group)
    places = {label: place for place, label in enumerate(sums.ids)}
    to_place = np.array([places.get(label, -1) for label in ids], dtype=np.intp)
    groups, values = to_place[codes[keep]], values[:, keep]
    counts = np.bincount(groups[groups >= 0], minlength=sums.n_groups)
    if (groups < 0).any() or not np.array_equal(counts, sums.counts):
        raise _other_table(f"{int(keep.sum()):,} complete rows, not {sums.n_rows:,} as in the fit")
    outcome = values[columns.index(sources[fit.outcome])]
    residuals = outcome - _group_mean(outcome, groups, sums.counts)
    moving = [name for name in fit.predictors if sums.varying[sums.place(name)] > 0]
    for name in moving:
        column = values[columns.index(sources[name])]
        effect = fit.effects[1 + fit.predictors.index(name)]
        residuals -= effect * (column - _group_mean(column, groups, sums.counts))
    return ResidualRows(residuals + mean_residuals[groups], groups, outcome)


def _names(data: Any) -> Sequence[str]:
    import narwhals as nw

    known = list(data) if hasattr(data, "keys") and not hasattr(data, "columns") else None
    return known if known is not None else list(nw.from_native(data).collect_schema())


def _sources(sums: GroupSums, known: Sequence[str]) -> dict[str, str]:
    """Return the column of the table behind each column of the sums; split ones share one."""
    parts = {part(name): name for name in known for part in (within_name, between_name)}
    sources = {name: name if name in known else parts.get(name) for name in sums.columns}
    strange = [name for name, source in sources.items() if source is None]
    if strange:
        raise _other_table(f"it has no column {listed([repr(name) for name in strange])}")
    return {name: source for name, source in sources.items() if source is not None}


def _group_mean(column: Floats, groups: npt.NDArray[np.intp], counts: Floats) -> Floats:
    means: Floats = (np.bincount(groups, weights=column, minlength=len(counts)) / counts)[groups]
    return means


def _other_table(why: str) -> ModelError:
    return ModelError(
        f"This is not the table the model was fitted to: {why}.",
        hint="Give the same table, with categories coded as for the fit.",
    )
