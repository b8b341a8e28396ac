"""The group of each row: any column that came with the answers, its labels as given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.errors import ModelError, listed, suggestion
from relsurvey.intake import Responses
from relsurvey.options import require_names
from relsurvey.scoring.columns import as_frame, text_labels

__all__ = [
    "FEWEST_SHOWN",
    "Grouping",
    "eager",
    "group_table",
    "grouping",
    "names_of",
    "require_minimum_group",
    "require_no_id",
]

Codes: TypeAlias = npt.NDArray[np.intp]

MOST_GROUPS = 50
# Columns of the meta table of responses, whatever they were called in the file.
IDENTITIES = ("respondent_id", "worker_id", "team")
FEWEST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Grouping:
    """Which group each of n rows belongs to.

    Attributes
    ----------
    name : str
        The column.
    labels : tuple of str
        The groups: numbers by size, anything else by alphabet.
    codes : ndarray of int, shape (n,)
        Position in ``labels``; -1 where the group is not known.
    """

    name: str
    labels: tuple[str, ...]
    codes: Codes


def eager(data: Any) -> Any:
    """Return responses as they are, and a frame read into memory, its columns named by texts.

    Answers and groups have to come from the same rows: a lazy frame is run once.
    """
    if isinstance(data, Responses):
        return data
    frame = as_frame(text_labels(data))
    return frame.collect() if isinstance(frame, nw.LazyFrame) else frame


def names_of(by: str | Iterable[str]) -> tuple[str, ...]:
    """Return the columns to group by, each once.

    Raises
    ------
    ModelError
        Where none is named, or what is given is no name.
    """
    return require_names("by", by, hint='For instance by="gender", or by=["gender", "language"].')


def require_minimum_group(minimum: Any) -> int:
    """Return the size that a group needs, or say that it cannot be.

    Raises
    ------
    ModelError
        Where it is no whole number of at least 10.
    """
    whole = isinstance(minimum, int | np.integer) and not isinstance(minimum, bool)
    if not whole or minimum < FEWEST_SHOWN:
        raise ModelError(
            f"minimum_group must be a whole number of at least {FEWEST_SHOWN}; it is {minimum!r}.",
            hint="Of smaller groups nothing is shown: what is said could be traced to a person.",
        )
    return int(minimum)


def require_no_id(name: str) -> None:
    """Refuse a column of responses that says who it was, or of whom or whose team.

    Raises
    ------
    ModelError
        Where the groups would be persons, or workers with results of their own.
    """
    if name in IDENTITIES:
        raise ModelError(
            f"{name!r} says who it was about or from, and makes no groups to be compared.",
            hint="Name a column that many people share, such as a gender or a language. What "
            "workers differ in is a matter of relsurvey agreement, which names nobody.",
        )


def grouping(data: Any, name: str, items: Iterable[str] = ()) -> Grouping:
    """Find the groups in a column.

    Parameters
    ----------
    data : Responses or narwhals.DataFrame
        As `eager` returns it. Of responses, ``context`` is looked at first, then ``meta``.
    name : str
        The column: numbers, texts, categories or truth values.
    items : iterable of str
        Columns that are answers to the items, which make no groups of themselves.

    Returns
    -------
    Grouping
        Missing values, and texts of blanks only, are no group.

    Raises
    ------
    ModelError
        Where there is no such column, it is one of the items or (of responses) says who somebody
        is, mixes kinds of values, or holds
        so many different ones that it is no grouping.

    Examples
    --------
    >>> frame = eager(pd.DataFrame({"sex": [2.0, None, 1.0, 2.0]}))
    >>> found = grouping(frame, "sex")
    >>> found.labels, found.codes.tolist()
    (('1', '2'), [1, -1, 0, 1])
    """
    if name in set(items):
        raise ModelError(
            f"{name!r} is one of the items, and cannot make the groups too.",
            hint="Name a column that says who answered, such as a gender or a language.",
        )
    if isinstance(data, Responses):
        require_no_id(name)
    codes, found = _coded(group_table(data, name)[name].to_list(), name)
    kinds = {"number" if isinstance(key, int | float) else "text" for key in found}
    if len(kinds) > 1:
        raise ModelError(
            f"The column {name!r} mixes numbers and texts, so its groups cannot be told.",
            hint="Write every group in one way.",
        )
    if len(found) > MOST_GROUPS:
        raise ModelError(
            f"The column {name!r} holds {len(found):,} different values; {MOST_GROUPS} groups are "
            "the most.",
            hint="Name a column of groups; cut a number such as age into bands first.",
        )
    order = sorted(range(len(found)), key=found.__getitem__)
    rank = np.empty(len(found) + 1, dtype=np.intp)
    rank[order], rank[-1] = np.arange(len(found)), -1  # what is missing stays missing
    return Grouping(name, tuple(_label(found[place]) for place in order), rank[codes])


def group_table(data: Any, name: str) -> Any:
    """Return the table that holds a column to group by.

    Parameters
    ----------
    data : Responses or narwhals.DataFrame
        As `eager` returns it. Of responses, ``context`` is looked at first, then ``meta``.
    name : str
        The column.

    Raises
    ------
    ModelError
        Where there is no such column.
    """
    tables = [data.context, data.meta] if isinstance(data, Responses) else [data]
    there: list[str] = []
    for table in tables:
        columns = [str(column) for column in table.columns]
        if name in columns:
            return table
        there += columns
    near = suggestion(name, there)
    guess = f"Did you mean {near!r}? " if near else ""
    raise ModelError(
        f"There is no column {name!r} to group by.",
        hint=f"{guess}There are: {listed(there) or 'none'}.",
    )


def _coded(column: list[Any], name: str) -> tuple[Codes, list[Any]]:
    """Return which value each row holds, -1 for a missing or blank one, and the values."""
    values = np.empty(len(column), dtype=object)
    values[:] = column
    try:
        codes, found = pd.factorize(values)
    except TypeError as problem:
        raise ModelError(
            f"The column {name!r} does not hold groups: its values cannot be compared.",
            hint="A group is a text, a number or a truth value, one in each row.",
        ) from problem
    keys = [_key(value) for value in found]
    kept = np.array([not isinstance(key, str) or bool(key.strip()) for key in keys], dtype=bool)
    place = np.append(np.where(kept, np.cumsum(kept) - 1, -1), -1)
    return place[codes], [key for key, keep in zip(keys, kept, strict=True) if keep]


def _key(value: Any) -> Any:
    plain = value.item() if isinstance(value, np.generic) else value
    return plain if isinstance(plain, bool | int | float) else str(plain)


def _label(key: Any) -> str:
    # Whole numbers become decimals in pandas where one is missing; nobody meant "2.0".
    whole = isinstance(key, float) and key.is_integer()
    return str(int(key)) if whole else str(key)
