"""Ids as text, exactly as they stand; and what would make two of them equal."""

from __future__ import annotations

import numbers
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt

from relsurvey.errors import LinkError
from relsurvey.moments.group_columns import group_codes

__all__ = ["SIDES", "Ids", "near_miss", "read_ids"]

SIDES = {"workers": "the workers' table", "service_users": "the service users' table"}
INVISIBLE = str.maketrans("", "", "\ufeff\u200b\u200c\u200d\u2060")


@dataclass(frozen=True, slots=True, eq=False)
class Ids:
    """A column of ids.

    Attributes
    ----------
    codes : numpy.ndarray of int
        Shape (rows,): the position of the row's id in ``texts``; -1 where missing or blank.
    texts : list of str
        The different ids, in the order they appear. Text stays exactly as it is; a whole number
        is written without a decimal point, also where the column is float because one is missing.
    kind : {"text", "numbers", "nothing"}
        What the column holds; "nothing" where all ids are blank.
    """

    codes: npt.NDArray[np.intp]
    texts: list[str]
    kind: str

    @property
    def n_blank(self) -> int:
        """Number of rows without an id."""
        return int((self.codes < 0).sum())

    def by_row(self) -> npt.NDArray[np.object_]:
        """Return the id of each row, ``None`` where there is none."""
        rows: npt.NDArray[np.object_] = np.array([*self.texts, None], dtype=object)[self.codes]
        return rows


def read_ids(series: nw.Series[Any], side: str) -> Ids:
    """Read ids as text.

    Parameters
    ----------
    series : narwhals.Series
        The id column.
    side : {"workers", "service_users"}
        For messages.

    Returns
    -------
    Ids
        The column.

    Raises
    ------
    LinkError
        Where the column mixes text and numbers.
    """
    codes, labels = group_codes(series)
    kinds = {"numbers" if isinstance(label, numbers.Number) else "text" for label in labels}
    if len(kinds) > 1:
        raise LinkError(
            f"The id column {series.name!r} of {SIDES[side]} mixes text and numbers.",
            hint="Read ids as text, so that '007' stays '007': "
            f"pandas.read_csv(path, dtype={{{series.name!r}: str}}).",
        )
    return Ids(codes, [_text(label) for label in labels], next(iter(kinds), "nothing"))


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _trimmed(text: str) -> str:
    return text.translate(INVISIBLE).strip()


def _folded(text: str) -> str:
    return _trimmed(text).casefold()


def _without_zeros(text: str) -> str:
    return _folded(text).lstrip("0")


def _without_decimals(text: str) -> str:
    folded = _folded(text)
    whole, point, decimals = folded.rpartition(".")
    return _without_zeros(whole if point and decimals and not decimals.strip("0") else folded)


WAYS: Mapping[str, Callable[[str], str]] = {
    "spaces around it": _trimmed,
    "capital letters": _folded,
    "leading zeros": _without_zeros,
    "a decimal point": _without_decimals,
}


def near_miss(ids: Iterable[str], others: Collection[str]) -> dict[str, int]:
    """Count ids that differ from one of the others only in how they are written.

    Parameters
    ----------
    ids : iterable of str
        Ids that found no match; each is counted as often as it is given.
    others : collection of str
        The ids of the other side.

    Returns
    -------
    dict of str to int
        What they differ in, the mildest difference that explains it, and how many; only where
        there are any. Nothing is ever matched on this ground.

    Examples
    --------
    >>> near_miss(["W1 ", "w2", "W3"], ["W1", "W2"])
    {'spaces around it': 1, 'capital letters': 1}
    """
    looser = {way: {loosen(other) for other in others} for way, loosen in WAYS.items()}
    found = dict.fromkeys(WAYS, 0)
    for text in ids:
        for way, loosen in WAYS.items():
            if loosen(text) in looser[way]:
                found[way] += 1
                break
    return {way: count for way, count in found.items() if count}
