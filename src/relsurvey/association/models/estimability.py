"""Can the random-intercept model be fitted to these sums at all, and if not, why."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from relsurvey.association.models.likelihood import Floats
from relsurvey.association.models.nested_estimability import require_levels_apart, require_units
from relsurvey.errors import ModelError, listed
from relsurvey.moments.groups import GroupSums
from relsurvey.personal import masked
from relsurvey.text import counted

__all__ = ["correlations", "require_estimable", "require_regression"]

NO_SPREAD = 16 * float(np.finfo(np.float64).eps)  # of a column's mean: only rounding is left
COLLINEAR = 1e-11  # share of a predictor's variance that the others leave over
NO_RESIDUAL = 1e-13  # share of the outcome's sum of squares that is left within groups


def require_estimable(sums: GroupSums, outcome: str, predictors: tuple[str, ...]) -> float:
    """Refuse data from which the model cannot be estimated, and say why.

    Parameters
    ----------
    sums : GroupSums
        Sums of the outcome and the predictors.
    outcome : str
        The outcome.
    predictors : tuple of str
        The predictors, without the intercept.

    Returns
    -------
    float
        The residual sum of squares within groups, given the predictors; above 0.

    Raises
    ------
    ModelError
        Where there is one group; one row a group; one larger unit, or one group in each; an
        outcome or predictors without variance; more fixed effects than rows, or more
        group-level ones than groups, or unit-level ones than units; collinear predictors;
        nothing left to vary within groups.
    """
    _require_groups(sums)
    require_units(sums)
    _require_spread(sums, outcome, predictors)
    _require_enough(sums, predictors)
    _require_independent(sums, predictors)
    require_levels_apart(sums, predictors)
    return _residual_within(sums, outcome, predictors)


def require_regression(sums: GroupSums, outcome: str, predictors: tuple[str, ...]) -> None:
    """Refuse data from which ordinary regression with clustered errors cannot be estimated.

    Parameters
    ----------
    sums : GroupSums
        Sums of the outcome and the predictors.
    outcome : str
        The outcome; it may be the same in all rows of a group.
    predictors : tuple of str
        The predictors, without the intercept.

    Raises
    ------
    ModelError
        Where the outcome or predictors have no variance; there are more coefficients than rows,
        or more group-level ones than groups; or predictors are collinear.
    """
    _require_spread(sums, outcome, predictors)
    _require_enough(sums, predictors)
    _require_independent(sums, predictors)


def _id(sums: GroupSums) -> str:
    only = sums.ids[0]
    return repr(masked(only) if isinstance(only, str) else only)


def _require_groups(sums: GroupSums) -> None:
    if sums.n_groups == 1:
        raise ModelError(
            f"All {counted(sums.n_rows, 'row')} have the same {sums.group} ({_id(sums)}); variance "
            f"between groups needs at least two.{_lost(sums)}",
            hint="With one predictor at least 3 groups are needed, and results are worth reading "
            "with 10 or more. Check the group column, and what is missing in the others.",
        )
    if sums.counts.max() == 1:
        raise ModelError(
            f"Every {sums.group} has one row only, so variance between groups cannot be told "
            "from variance within them.",
            hint="Check the group column: is it the id of the rows? Where every group does have "
            "one row there is no mixed model; fit_cluster_ols() in Python is ordinary regression.",
        )


def _lost(sums: GroupSums) -> str:
    """Say how many groups went with the rows that were left out."""
    if not sums.n_groups_dropped:
        return ""
    return (
        f" {counted(sums.n_groups_dropped, 'group')} more of {sums.group} had no row without a "
        f"missing value ({listed([f'{name} {n:,}' for name, n in sums.missing.items()])} missing)."
    )


def _flat(sums: GroupSums, name: str) -> bool:
    offset = abs(float(sums.centres[sums.place(name)]))
    return not sums.standard_deviation(name) > NO_SPREAD * offset


def _require_spread(sums: GroupSums, outcome: str, predictors: tuple[str, ...]) -> None:
    rows = counted(sums.n_rows, "row")
    if _flat(sums, outcome):
        value = sums.centres[sums.place(outcome)]
        raise ModelError(
            f"The outcome {outcome!r} does not vary: it is {value:g} in all {rows}, or so nearly "
            "that its differences cannot be told from rounding.",
            hint="Check the column and how it was scored; of a very large number, take a constant "
            "away first.",
        )
    flat = [name for name in predictors if _flat(sums, name)]
    if flat:
        raise ModelError(
            f"No variance in {listed(_labels(sums, flat))}: the same value in all {rows}"
            + (" that are complete." if sums.n_dropped else "."),
            hint="What is the same for everyone can go with nothing: choose another predictor, or "
            "check the column.",
            failures=[
                {"predictor": name, "value": float(sums.centres[sums.place(name)])} for name in flat
            ],
        )


def _labels(sums: GroupSums, names: Sequence[str]) -> list[str]:
    return [sums.labels[sums.place(name)] for name in names]


def _require_enough(sums: GroupSums, predictors: tuple[str, ...]) -> None:
    n_effects = len(predictors) + 1
    if sums.n_rows <= n_effects:
        raise ModelError(
            f"{counted(n_effects, 'fixed effect')} (with the intercept) cannot be estimated from "
            f"{counted(sums.n_rows, 'row')}.",
            hint="Use fewer predictors.",
        )
    of_groups = [name for name in predictors if sums.varying[sums.place(name)] == 0]
    if sums.n_groups <= len(of_groups) + 1:
        raise ModelError(
            f"{listed(_labels(sums, of_groups))} and the intercept differ only between groups, and "
            f"there are only {counted(sums.n_groups, 'group')} of {sums.group}: nothing is left to "
            f"estimate the variance between groups.{_lost(sums)}",
            hint=f"At least {len(of_groups) + 2} groups are needed for so many, and results are "
            "worth reading with several times as many: use fewer predictors that are constant "
            "within a group, or more groups.",
        )


def _require_independent(sums: GroupSums, predictors: tuple[str, ...]) -> None:
    """Take the predictors one after the other, and refuse those the earlier ones make up."""
    table = correlations(sums, predictors)
    kept: list[int] = []
    failures, named = [], []
    for place, name in enumerate(predictors):
        weights = np.linalg.solve(table[np.ix_(kept, kept)], table[kept, place])
        if 1.0 - table[place, kept] @ weights > COLLINEAR:
            kept.append(place)
            continue
        parts = [
            predictors[earlier]
            for earlier, weight in zip(kept, weights, strict=True)
            if abs(weight) > np.sqrt(COLLINEAR)
        ]
        failures.append({"predictor": name, "follows from": listed(parts)})
        named.append(f"{_labels(sums, [name])[0]} follows from {listed(_labels(sums, parts))}")
    if failures:
        raise ModelError(
            f"The predictors are collinear, or nearly: {'; '.join(named)}.",
            hint="Leave out one of the predictors named.",
            failures=failures,
        )


def correlations(sums: GroupSums, predictors: tuple[str, ...]) -> Floats:
    """Return the correlations of columns over rows, shape (k, k)."""
    chosen = [sums.place(name) for name in predictors]
    totals = sums.totals[chosen]
    squares = sums.crossproducts[np.ix_(chosen, chosen)] - np.outer(totals, totals) / sums.n_rows
    scale = np.sqrt(np.diag(squares))
    table: Floats = squares / np.outer(scale, scale)
    return table


def _residual_within(sums: GroupSums, outcome: str, predictors: tuple[str, ...]) -> float:
    own = sums.place(outcome)
    total = float(sums.crossproducts[own, own])
    moving = [sums.place(name) for name in predictors if sums.varying[sums.place(name)] > 0]
    scale = np.sqrt(np.diag(sums.within)[moving])
    products = sums.within[np.ix_(moving, moving)] / np.outer(scale, scale)
    target = sums.within[moving, own] / scale
    # Within parts may be collinear where the predictors are not: least squares, not solve.
    weights, _, rank, _ = np.linalg.lstsq(products, target, rcond=COLLINEAR)
    residual = float(sums.within[own, own] - target @ weights)
    n_left = sums.n_rows - sums.n_groups - int(rank)
    if residual > NO_RESIDUAL * total and n_left > 0:
        return residual
    if sums.varying[own] == 0:
        raise ModelError(
            f"{outcome!r} does not vary within any {sums.group}: no residual variance.",
            hint="Is the outcome a property of the group? Then use one row a group and ordinary "
            "regression.",
        )
    raise ModelError(
        f"The predictors leave no residual variance of {outcome!r} within {sums.group} "
        f"({counted(sums.n_rows, 'row')}, {counted(sums.n_groups, 'group')}).",
        hint="Is the outcome among the predictors under another name? Or use fewer predictors.",
    )
