"""Branching logic: which rows of an export meet the condition under which a field is shown.

REDCap writes the same blank for a question that was hidden and for one that was not answered.
Where a condition only compares fields of the same row with codes, it can be evaluated again
(REDCap's help on branching logic: ``[field] = 'code'``, ``<>``, ``and``, ``or``, brackets, and
``[field(code)] = '1'`` for a box). Functions, calculations, comparisons of size and fields of
other events are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

__all__ = ["Comparison", "Condition", "Joined", "comparisons", "met", "read_condition"]

_TOKEN = re.compile(
    r"""\s*(?:(?P<bracket>[()])|(?P<word>and|or)\b|(?P<sign><>|!=|=)
    |\[(?P<field>[a-z][a-z0-9_]*)(?:\((?P<code>[^()\[\]]+)\))?\]
    |'(?P<single>[^']*)'|"(?P<double>[^"]*)"|(?P<number>-?\d+(?:\.\d+)?))\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_MOST_BRACKETS = 50


@dataclass(frozen=True)
class Comparison:
    """A field, or a box of one, that holds a value; or does not, where it is not ``same``."""

    field: str
    code: str
    value: str
    same: bool


@dataclass(frozen=True)
class Joined:
    """Conditions of which all (``and``) or any (``or``) have to be met."""

    word: str
    parts: tuple[Comparison | Joined, ...]


Condition = Comparison | Joined


def read_condition(logic: str) -> Condition | None:
    """Read branching logic; ``None`` where it is more than comparisons with a code.

    Parameters
    ----------
    logic : str
        As in the data dictionary.

    Examples
    --------
    >>> read_condition("[helped] = '1'")
    Comparison(field='helped', code='', value='1', same=True)
    >>> read_condition("datediff([born], 'today', 'y') > 17") is None
    True
    """
    tokens = _tokens(logic)
    if not tokens or logic.count("(") > _MOST_BRACKETS:
        return None
    try:
        found, end = _joined(tokens, 0, "or")
    except (IndexError, ValueError):
        return None
    return found if end == len(tokens) else None


def _tokens(logic: str) -> list[re.Match[str]]:
    """Return the parts of a condition; none where any is not known."""
    found: list[re.Match[str]] = []
    place = 0
    while place < len(logic):
        token = _TOKEN.match(logic, place)
        if token is None:
            return []
        found.append(token)
        place = token.end()
    return found


def _joined(tokens: Sequence[re.Match[str]], place: int, word: str) -> tuple[Condition, int]:
    """Read parts joined by a word; "and" binds more closely than "or"."""
    parts = []
    while True:
        one, place = _joined(tokens, place, "and") if word == "or" else _part(tokens, place)
        parts.append(one)
        if place == len(tokens) or (tokens[place]["word"] or "").lower() != word:
            return (parts[0] if len(parts) == 1 else Joined(word, tuple(parts))), place
        place += 1


def _part(tokens: Sequence[re.Match[str]], place: int) -> tuple[Condition, int]:
    if tokens[place]["bracket"] == "(":
        found, end = _joined(tokens, place + 1, "or")
        if tokens[end]["bracket"] != ")":
            raise ValueError(place)
        return found, end + 1
    first, sign, second = tokens[place : place + 3]
    if second["field"]:
        first, second = second, first
    if not (first["field"] and sign["sign"]) or (value := _value(second)) is None:
        raise ValueError(place)
    same = sign["sign"] == "="
    return Comparison(first["field"].lower(), first["code"] or "", value, same), place + 3


def _value(token: re.Match[str]) -> str | None:
    return next(
        (token[kind] for kind in ("single", "double", "number") if token[kind] is not None), None
    )


def comparisons(condition: Condition) -> Iterator[Comparison]:
    """Yield the comparisons in a condition."""
    if isinstance(condition, Comparison):
        yield condition
    else:
        for part in condition.parts:
            yield from comparisons(part)


def met(
    condition: Condition, holds: Callable[[Comparison], NDArray[np.bool_]]
) -> NDArray[np.bool_]:
    """Return in which rows a condition is met.

    Parameters
    ----------
    condition : Condition
        The condition.
    holds : callable
        In which rows the field of a comparison holds the value.

    Returns
    -------
    ndarray of bool
        One a row.
    """
    if isinstance(condition, Comparison):
        found = holds(condition)
        return found if condition.same else ~found
    join = np.logical_and if condition.word == "and" else np.logical_or
    return reduce(join, (met(part, holds) for part in condition.parts))
