"""The rows of groups that are compared: keyed items, and groups that are large enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from relsurvey.errors import ModelError, listed
from relsurvey.instruments import Instrument
from relsurvey.psychometrics.grouping import FEWEST_SHOWN, Grouping
from relsurvey.psychometrics.structure.data import structure_data

__all__ = ["LadderRows", "ladder_rows"]


@dataclass(frozen=True, slots=True)
class LadderRows:
    """The rows that are compared.

    Attributes
    ----------
    items : pandas.DataFrame, shape (n, p)
        Keyed answers.
    labels : list of str, length n
        The group of each row.
    sizes : dict of str to int
        Rows by group, of the groups that are compared.
    left_out : list of str
        Groups that are too small.
    needed : int
        Rows that a group needs.
    withheld : bool
        Whether the sizes are not to be shown, because together with a total they would tell how
        many the few people are who were left out.
    """

    items: pd.DataFrame
    labels: list[str]
    sizes: dict[str, int]
    left_out: list[str]
    needed: int
    withheld: bool


def ladder_rows(
    table: Any,
    items: tuple[str, ...],
    instrument: Instrument | None,
    groups: Grouping,
    *,
    gaps: bool,
    minimum: int,
) -> LadderRows:
    """Key the items, and keep the rows of groups that are large enough.

    Parameters
    ----------
    table : Responses or narwhals.DataFrame
        As ``eager`` returns it.
    items : tuple of str, length p
        Of the model.
    instrument : Instrument or None
    groups : Grouping
        Of the rows of ``table``.
    gaps : bool
        Whether rows with unanswered items can be used.
    minimum : int
        Rows that a group needs; it also needs a row more than there are items.

    Raises
    ------
    ModelError
        Where fewer than two groups are large enough, or an item does not vary in one.
    """
    (everybody,) = structure_data(table, items, instrument).groups
    answers = pd.DataFrame(everybody.rows, columns=list(items))
    given = answers.notna()
    usable = given.any(axis="columns") if gaps else given.all(axis="columns")
    there = usable.to_numpy() & (groups.codes >= 0)
    counts = np.bincount(groups.codes[there], minlength=len(groups.labels))
    needed = max(minimum, len(items) + 1)
    sizes = {
        label: int(count)
        for label, count in zip(groups.labels, counts, strict=True)
        if count >= needed
    }
    left_out = [label for label in groups.labels if label not in sizes]
    if len(sizes) < 2:
        raise ModelError(
            f"Fewer than two groups by {groups.name!r} are large enough to be compared: each "
            f"needs {needed} rows (a row more than the model has items, and {minimum}).",
            hint="Name a column with fewer groups, put groups together, or fit a smaller model.",
        )
    hidden = int(counts.sum()) - sum(sizes.values())
    names = np.array([*groups.labels, ""], dtype=object)[groups.codes]
    kept = there & np.isin(names, list(sizes))
    rows = LadderRows(
        answers[kept].reset_index(drop=True),
        names[kept].tolist(),
        sizes,
        left_out,
        needed,
        withheld=0 < hidden < FEWEST_SHOWN,
    )
    _require_variation(rows, groups.name)
    return rows


def _require_variation(rows: LadderRows, name: str) -> None:
    spread = rows.items.groupby(rows.labels).nunique()
    flat = [str(item) for item in spread if (spread[item] < 2).any()]
    if flat:
        # Which group that is would tell something of everybody in it.
        raise ModelError(
            f"In a group by {name!r} the answers to {listed(flat)} do not vary: the groups cannot "
            "be compared on it.",
            hint="Leave the item out of the model, or put groups together.",
            failures=[{"item": item} for item in flat],
        )
