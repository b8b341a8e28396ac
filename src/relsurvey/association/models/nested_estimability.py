"""Can the variance between larger units be told from that between the groups in them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from relsurvey.association.models.likelihood import Floats
from relsurvey.errors import ModelError, listed
from relsurvey.moments.groups import NO_VARIATION, SAME, GroupSums
from relsurvey.personal import masked
from relsurvey.text import counted

__all__ = ["constant_within_units", "require_levels_apart", "require_units"]

Codes = npt.NDArray[np.intp]
COLLINEAR = 1e-9  # of a column's length: only rounding is left


def require_units(sums: GroupSums) -> None:
    """Refuse one larger unit, or one group in each; do nothing where there is no such level.

    Raises
    ------
    ModelError
        The variance between units would be that of one unit, or of the groups.
    """
    if sums.nested_in is None or sums.parent_ids is None:
        return
    group, unit = sums.group, sums.nested_in
    if sums.n_parents == 1:
        only = sums.parent_ids[0]
        shown = repr(masked(only) if isinstance(only, str) else only)
        raise ModelError(
            f"All {counted(sums.n_groups, 'group')} of {group} are in the same {unit} ({shown}); "
            "variance between units needs at least two.",
            hint=f"Leave out the level of {unit}, or check the column.",
        )
    if sums.n_parents == sums.n_groups:
        raise ModelError(
            f"Each {unit} has one {group} only, so variance between {unit} and between {group} "
            "cannot be told apart.",
            hint=f"Leave out the level of {unit}, or check which of the two columns is the larger "
            "unit.",
        )


def require_levels_apart(sums: GroupSums, predictors: tuple[str, ...]) -> None:
    """Refuse predictors that leave nothing to estimate a level's variance from.

    Raises
    ------
    ModelError
        As many predictors that are constant within units as there are units; or as many that
        differ between the groups of a unit as there are such differences.
    """
    if sums.nested_in is None or sums.parents is None:
        return
    group, unit = sums.group, sums.nested_in
    of_units = [name for name in predictors if constant_within_units(sums, name)]
    if sums.n_parents <= len(of_units) + 1:
        names = listed([sums.labels[sums.place(name)] for name in of_units])
        raise ModelError(
            f"{names} and the intercept differ only between units, and there are only "
            f"{counted(sums.n_parents, 'unit')} of {unit}: nothing is left to estimate the "
            "variance between units.",
            hint=f"At least {len(of_units) + 2} units are needed: use fewer predictors that are "
            f"constant within a unit, or leave out the level of {unit}.",
        )
    of_groups = [
        name for name in predictors if sums.varying[sums.place(name)] == 0 and name not in of_units
    ]
    directions = _off_unit_means(sums, sums.parents, of_groups)
    used = int(np.linalg.matrix_rank(directions, tol=COLLINEAR))
    spare = sums.n_groups - sums.n_parents
    if spare <= used:
        names = listed([sums.labels[sums.place(name)] for name in of_groups])
        raise ModelError(
            f"With {names} in the model, nothing is left to tell how far {group} differ from how "
            f"far {unit} differ: {counted(sums.n_groups, 'group')} of {group} in "
            f"{counted(sums.n_parents, 'unit')} of {unit} differ in {spare} ways within units, and "
            f"the predictors account for {used}.",
            hint=f"Use fewer predictors, or leave out the level of {unit}.",
        )


def constant_within_units(sums: GroupSums, name: str) -> bool:
    """Whether a column has one value in every larger unit, up to rounding."""
    place = sums.place(name)
    if sums.parents is None or sums.varying[place]:
        return False
    means = sums.sums[:, place] / sums.counts
    order = np.argsort(sums.parents, kind="stable")
    starts = np.flatnonzero(np.diff(sums.parents[order], prepend=-1))
    ordered = means[order]
    ranges = np.maximum.reduceat(ordered, starts) - np.minimum.reduceat(ordered, starts)
    spread = sums.standard_deviation(name) / sums.units[place]
    offset = abs(float(sums.centres[place] / sums.units[place]))
    return bool(ranges.max() <= NO_VARIATION * spread + SAME * (1.0 + offset))


def _off_unit_means(sums: GroupSums, parents: Codes, names: list[str]) -> Floats:
    """Return group means less their unit's mean, as columns of length 1, shape (J, k)."""
    each = np.bincount(parents)
    columns = [np.zeros(sums.n_groups)]
    for name in names:
        place = sums.place(name)
        means = sums.sums[:, place] / sums.counts
        off = means - (np.bincount(parents, weights=means) / each)[parents]
        columns.append(off / np.linalg.norm(off))
    return np.stack(columns, axis=1)
