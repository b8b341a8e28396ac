"""Ratings in long form as a complete table: a row a target, a column a rater."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.errors import ModelError
from relsurvey.moments.group_columns import (
    Columns,
    number_matrix,
    require_finite,
    take_columns,
)
from relsurvey.moments.group_ids import group_codes
from relsurvey.text import counted

__all__ = ["Gaps", "Ratings", "complete_ratings"]

Floats: TypeAlias = npt.NDArray[np.float64]
Gaps: TypeAlias = Literal["stop", "listwise"]

FEWEST_RATINGS = 5


@dataclass(frozen=True, slots=True)
class Ratings:
    """A complete table of n targets by k raters, and how many targets were left out of it."""

    table: Floats
    left_out: int


def complete_ratings(data: Any, targets: str, raters: str, ratings: str, missing: Gaps) -> Ratings:
    """Turn rows into a table of targets by raters without gaps.

    Parameters
    ----------
    data, targets, raters, ratings, missing
        As in ``icc``.

    Returns
    -------
    Ratings
        The targets sorted by their ratings.

    Raises
    ------
    ModelError
        As ``icc``.
    """
    columns = take_columns(data, [targets, raters, ratings])
    target, target_ids = group_codes(columns.by_name[targets], targets)
    rater, rater_ids = group_codes(columns.by_name[raters], raters)
    rating = number_matrix(columns, [ratings])
    require_finite(rating, [ratings], columns)
    _require_ids(columns, {targets: target, raters: rater})
    _require_once(columns, target, rater, (target_ids, rater_ids))
    table = np.full((len(target_ids), len(rater_ids)), np.nan)
    table[target, rater] = rating[0]
    gaps = np.isnan(table)
    lacking = gaps.any(axis=1)
    if missing == "stop" and lacking.any():
        raise _lacking(gaps, target_ids, rater_ids)
    kept = table[~lacking]
    if len(kept) < 2 or len(rater_ids) < 2:
        raise ModelError(
            f"An intraclass correlation needs two targets and two raters; there are {len(kept)} "
            f"with every rating and {len(rater_ids)}.",
            hint=f"Check the columns {targets!r} and {raters!r}: each row is one rating of one "
            "target by one rater (or on one occasion).",
        )
    if kept.size < FEWEST_RATINGS:
        raise ModelError(
            f"{kept.size} ratings are too few for an intraclass correlation.",
            hint="Add targets or raters: with two of each there is one degree of freedom.",
        )
    # Sorted, so that the order of the rows does not even touch the rounding.
    kept = kept[np.lexsort(kept.T)]
    return Ratings(kept, int(lacking.sum()))


def _require_ids(columns: Columns, codes: dict[str, npt.NDArray[np.intp]]) -> None:
    rows = columns.rows()
    failures = [
        {"row": int(rows[place]), "column": name}
        for name, found in codes.items()
        for place in np.flatnonzero(found < 0)
    ]
    if failures:
        raise ModelError(
            f"{counted(len(failures), 'rating')} without an id.",
            hint="Each row needs its target and its rater. (Rows as in a spreadsheet.)",
            failures=failures,
        )


def _require_once(
    columns: Columns,
    target: npt.NDArray[np.intp],
    rater: npt.NDArray[np.intp],
    ids: tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]],
) -> None:
    cells = target * len(ids[1]) + rater
    _, first = np.unique(cells, return_index=True)
    again = np.setdiff1d(np.arange(len(cells)), first)
    if not len(again):
        return
    rows = columns.rows()
    raise ModelError(
        f"{counted(len(again), 'rating')} of a target that the same rater has rated already.",
        hint="One rating a target and rater: take their mean first, or the one that counts.",
        failures=[
            {"row": int(rows[i]), "target": ids[0][target[i]], "rater": ids[1][rater[i]]}
            for i in again
        ],
    )


def _lacking(
    gaps: npt.NDArray[np.bool_],
    targets: npt.NDArray[np.object_],
    raters: npt.NDArray[np.object_],
) -> ModelError:
    without = np.flatnonzero(gaps.any(axis=1))
    return ModelError(
        f"{len(without):,} of {counted(len(targets), 'target')} "
        f"{'lacks' if len(without) == 1 else 'lack'} the rating of a rater.",
        hint='To use complete targets only: missing="listwise".',
        failures=[
            {"target": targets[i], "lacks": ", ".join(str(one) for one in raters[gaps[i]])}
            for i in without
        ],
    )
