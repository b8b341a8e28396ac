"""Waves in their order: found where values tell it, asked for where they do not."""

from __future__ import annotations

import numbers
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt

from relsurvey.errors import ModelError, listed, suggestion
from relsurvey.moments.group_columns import Column, Floats
from relsurvey.moments.group_ids import group_codes
from relsurvey.text import counted

__all__ = ["Codes", "Waves", "read_waves"]

Codes = npt.NDArray[np.intp]

FEWEST, MOST = 2, 12
DAYS_A_YEAR = 365.25
YEAR_MONTH = re.compile(r"\d{4}-\d{2}")


@dataclass(frozen=True, slots=True, eq=False)
class Waves:
    """The wave of each row; K waves.

    Attributes
    ----------
    codes : numpy.ndarray of int
        Shape (n,): the wave's place in order, -1 where it is missing.
    labels : tuple of str
        Shape (K,): what the waves are called, in order.
    times : numpy.ndarray
        Shape (K,): when they were, from the first on, in ``unit``.
    unit : str
        "wave" (steps), "year" (of dates), or "unit of <column>" (of numbers).
    found_by : str
        How the order was found.
    """

    codes: Codes
    labels: tuple[str, ...]
    times: Floats
    unit: str
    found_by: str


def read_waves(column: Column, name: str, order: Sequence[Any] | None) -> Waves:
    """Put waves in order.

    Parameters
    ----------
    column : numpy.ndarray or narwhals.Series
        The wave of each row: numbers, dates, an ordered categorical, or text.
    name : str
        The column, for messages.
    order : sequence, optional
        The waves from the first to the last; needed where they are words.

    Returns
    -------
    Waves
        In order.

    Raises
    ------
    ModelError
        Where the order cannot be known, is not that of the waves there are, or there is one wave
        only or more than twelve.
    """
    codes, ids = _codes(column, name)
    found = list(ids)
    _require_several(found, name)
    if order is not None:
        keys, unit, how = _as_given(found, order, name), "wave", "as given"
    else:
        keys, unit, how = _as_known(found, name, _categories(column))
    places = np.argsort(np.array(keys, dtype=np.float64), kind="stable")
    rank = np.empty(len(found), dtype=np.intp)
    rank[places] = np.arange(len(found))
    times = np.array(keys, dtype=np.float64)[places]
    if len(set(keys)) < len(keys):
        raise ModelError(
            f"Different values of {name!r} mean the same wave: {listed(list(map(repr, found)))}.",
            hint="Write each wave in one way.",
        )
    return Waves(
        np.where(codes >= 0, rank[codes], -1),
        tuple(_label(found[place]) for place in places),
        times - times[0],
        unit,
        how,
    )


def _codes(column: Column, name: str) -> tuple[Codes, npt.NDArray[np.object_]]:
    """Return codes and values; what cannot be told apart is said of waves, not of ids."""
    try:
        return group_codes(column, name)
    except ModelError as problem:
        fault = problem.message.removeprefix(f"The id column {name!r} ").rstrip(".")
        raise ModelError(
            f"The column {name!r}, which tells waves apart, {fault}.",
            hint="Write all waves in one way: all as numbers, all as dates, or all as text.",
        ) from problem


def _require_several(found: Sequence[Any], name: str) -> None:
    if len(found) < FEWEST:
        only = f": {_label(found[0])!r}" if found else ""
        raise ModelError(
            f"The column {name!r} holds {counted(len(found), 'wave')}{only}; change needs two.",
            hint="Put the tables of all waves below each other, with a column that tells them "
            "apart.",
        )
    if len(found) > MOST:
        raise ModelError(
            f"The column {name!r} holds {len(found):,} different values; at most {MOST} waves can "
            "be told apart.",
            hint="Give the wave of each answer, not the day it was given on.",
        )


def _categories(column: Column) -> list[Any] | None:
    """Return the categories of an ordered categorical, in order; ``None`` for anything else."""
    if not isinstance(column, nw.Series):
        return None
    dtype = getattr(column.to_native(), "dtype", None)
    if getattr(dtype, "ordered", False) is True:
        return list(dtype.categories)  # type: ignore[union-attr]
    return list(column.cat.get_categories()) if column.dtype == nw.Enum else None


def _as_given(found: Sequence[Any], order: Sequence[Any], name: str) -> list[float]:
    wanted = [_label(one) for one in ([order] if isinstance(order, str) else order)]
    there = [_label(one) for one in found]
    failures: list[dict[str, Any]] = [
        {"wave": one, "problem": f"in {name!r}, not in the order given"}
        for one in there
        if one not in wanted
    ]
    for one in dict.fromkeys(wanted):
        if one not in there:
            near = suggestion(one, there)
            guess = f"; did you mean {near!r}?" if near else ""
            failures.append({"wave": one, "problem": f"given, not in {name!r}{guess}"})
        if wanted.count(one) > 1:
            failures.append({"wave": one, "problem": "given more than once"})
    if failures:
        raise ModelError(
            f"The order given is not that of the waves in {name!r}.",
            hint=f"Name each once, from the first to the last; there are {listed(there)}.",
            failures=failures,
        )
    return [float(wanted.index(one)) for one in there]


def _as_known(
    found: Sequence[Any], name: str, categories: Sequence[Any] | None
) -> tuple[list[float], str, str]:
    if categories is not None:
        return [float(categories.index(one)) for one in found], "wave", "that of the categories"
    if all(isinstance(one, numbers.Real | np.bool_) for one in found):
        return [float(one) for one in found], f"unit of {name}", "by number"
    if all(hasattr(one, "toordinal") for one in found):
        return [one.toordinal() / DAYS_A_YEAR for one in found], "year", "by date"
    texts = [str(one) for one in found]
    as_numbers = [_number(one) for one in texts]
    if all(one is not None for one in as_numbers):
        return [one for one in as_numbers if one is not None], f"unit of {name}", "by number"
    dates = [_date(one) for one in texts]
    if all(one is not None for one in dates):
        days = [one.toordinal() / DAYS_A_YEAR for one in dates if one is not None]
        return days, "year", "by date"
    flags = " ".join(f"--order {shlex.quote(one)}" for one in texts)
    raise ModelError(
        f"Which wave of {name!r} comes first is not known: {listed(list(map(repr, texts)))}.",
        hint=f"Name all of them from the first to the last. Were this their order: order={texts} "
        f"({flags}). Words are not put in order by their letters.",
    )


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def _date(text: str) -> date | None:
    text = text.strip()
    try:
        return date.fromisoformat(f"{text}-01" if YEAR_MONTH.fullmatch(text) else text)
    except ValueError:
        return None


def _label(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat()).removesuffix("T00:00:00")
    return str(value)
