"""Ids as text, exactly as they stand; and what would make two of them equal."""

from __future__ import annotations

import numbers
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt

from relsurvey.errors import LinkError
from relsurvey.instruments import without_invisible
from relsurvey.moments.group_columns import as_column
from relsurvey.moments.group_ids import group_codes
from relsurvey.tables import restored

__all__ = ["SIDES", "Ids", "look_alikes", "near_miss", "read_ids"]

SIDES = {"workers": "the workers' table", "service_users": "the service users' table"}


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
        Where the column mixes text and numbers, or holds floats too large to be told apart.
    """
    codes, labels = group_codes(
        as_column(series), series.name, where=f" of {SIDES[side]}", error=LinkError
    )
    kinds = {"numbers" if isinstance(label, numbers.Number) else "text" for label in labels[:1]}
    return Ids(codes, [_text(label) for label in labels], next(iter(kinds), "nothing"))


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _trimmed(text: str) -> str:
    return without_invisible(text).strip()


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _folded(text: str) -> str:
    return _composed(text.casefold())


def _without_zeros(text: str) -> str:
    return text.lstrip("0")


def _without_decimals(text: str) -> str:
    whole, point, decimals = text.rpartition(".")
    return whole if point and decimals and not decimals.strip("0") else text


# Each way is applied to what those before it have left, so that the first to help is the mildest.
WAYS: Mapping[str, Callable[[str], str]] = {
    "spaces around it": _trimmed,
    "the Unicode form of accented letters": _composed,
    "an apostrophe in front, as relsurvey writes before = + - @": restored,
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
    counts = Counter(ids)
    forms = {text: text for text in counts}
    known = set(others)
    found: dict[str, int] = {}
    for way, loosen in WAYS.items():
        if not forms:
            break
        known = {loosen(text) for text in known}
        forms = {text: loosen(form) for text, form in forms.items()}
        near = [text for text, form in forms.items() if form in known]
        if near:
            found[way] = sum(counts[text] for text in near)
        forms = {text: form for text, form in forms.items() if form not in known}
    return found


def look_alikes(ids: Iterable[str]) -> dict[str, int]:
    """Count ids that differ from another one only in how they are written.

    Parameters
    ----------
    ids : iterable of str
        Ids of one side.

    Returns
    -------
    dict of str to int
        What they differ in, the mildest difference that makes them one, and how many ids it
        would make fewer; only where there are any. They are never made one on this ground.

    Examples
    --------
    >>> look_alikes(["5", "5.0", "05", "6"])
    {'leading zeros': 1, 'a decimal point': 1}
    """
    forms = set(ids)
    found: dict[str, int] = {}
    for way, loosen in WAYS.items():
        loosened = {loosen(form) for form in forms}
        if len(loosened) < len(forms):
            found[way] = len(forms) - len(loosened)
        forms = loosened
    return found
