"""The columns of an aggregation: how they are named, and the one that makes the groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from relsurvey.errors import ModelError, listed
from relsurvey.psychometrics.grouping import eager, group_table

__all__ = ["group_column", "require_names"]


def require_names(outcome: Any, group: Any, items: Sequence[Any] = ()) -> None:
    """Refuse columns that are not named by texts, or that cannot be the same.

    Raises
    ------
    ModelError
        Where a name is no text, an item is named twice, or the group is the outcome or an item.
    """
    wrong = [name for name in (outcome, group, *items) if not isinstance(name, str)]
    if wrong:
        kinds = listed([f"{name!r} is of type {type(name).__name__}" for name in wrong])
        raise ModelError(
            f"A column is named by a text; {kinds}.",
            hint="Give one name as the outcome, one as the group, and items as a list of names. "
            "Where a table's own column names are numbers: frame.rename(columns=str).",
        )
    named = Counter([*items, group, *([] if outcome in items else [outcome])])
    twice = [name for name, count in named.items() if count > 1]
    if twice:
        raise ModelError(
            f"{listed([repr(name) for name in twice])} is used more than once.",
            hint="The group is another column than the outcome and the items, and each item is "
            "named once.",
        )


def group_column(data: Any, group: str) -> Any:
    """Return the column that makes the groups, as the table it is in has it.

    Parameters
    ----------
    data : Responses, frame or mapping of arrays
        Of responses, columns that were kept are looked at too.
    group : str
        The column.

    Raises
    ------
    ModelError
        Where there is no such column.

    Examples
    --------
    >>> group_column({"team": [1, 1, 2]}, "team")
    [1, 1, 2]
    """
    if isinstance(data, Mapping):
        group_table(pd.DataFrame(columns=list(data)), group)
        return data[group]
    column = group_table(eager(data), group)[group]
    return column if isinstance(column, pd.Series) else column.to_native()
