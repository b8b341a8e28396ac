"""Cells of SPSS and Stata files as texts: numbers, dates and times that are stored as numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from relsurvey.intake.text_column import Coded, TextColumn

__all__ = ["Shown", "labelled_cells", "number_text", "shown_as"]

Shown = Callable[[NDArray[np.float64]], list[str]]

# SPSS counts seconds from the first day of the Gregorian calendar, Stata days or milliseconds
# from 1960 (%tC counts leap seconds too, of which there are 27 at most; they are left in).
_SPSS_START = np.datetime64("1582-10-14", "us")
_STATA_START = np.datetime64("1960-01-01", "us")
_SPSS_KINDS = (
    ("datetime", re.compile(r"(?:DATETIME|YMDHMS)[\d.]*")),
    ("date", re.compile(r"[AEJS]?DATE[\d.]*")),
    ("time", re.compile(r"[DM]?TIME[\d.]*")),
)
_STATA_KINDS = (
    ("datetime", re.compile(r"%-?t[cC].*")),
    ("date", re.compile(r"%-?t?d.*")),
)
_MICROSECONDS = {"date": 86_400_000_000, "datetime": 1_000}
_YEARS = (np.datetime64("0001-01-01", "us"), np.datetime64("9999-12-31", "us"))


@dataclass(frozen=True, eq=False)
class _LabelledCells:
    """Cells as the file stores them: numbers, texts, or both; ``None`` and NaN are blank."""

    values: NDArray[Any]
    show: Shown

    def __len__(self) -> int:
        return len(self.values)

    def text(self, place: int) -> str:
        value = self.values[place]
        if isinstance(value, str):
            return value
        return "" if pd.isna(value) else self.show(np.array([value], dtype=np.float64))[0]

    def coded(self) -> Coded:
        codes, distinct = pd.factorize(self.values, use_na_sentinel=True)
        texts = self._texts(distinct)
        blank = codes < 0
        if blank.any():
            if "" not in texts:
                texts.append("")
            codes = np.where(blank, texts.index(""), codes)
        return tuple(texts), codes.astype(np.int32)

    def _texts(self, distinct: NDArray[Any]) -> list[str]:
        if distinct.dtype != object:
            return self.show(distinct.astype(np.float64))
        numbers = [place for place, one in enumerate(distinct) if not isinstance(one, str)]
        shown = self.show(distinct[numbers].astype(np.float64))
        texts: list[str] = distinct.tolist()
        for place, text in zip(numbers, shown, strict=True):
            texts[place] = text
        return texts


def labelled_cells(cells: Sequence[Any], show: Shown, *, strings: bool = False) -> TextColumn:
    """Return a column of a labelled file as text.

    Parameters
    ----------
    cells : sequence of float, str or None
        As stored; a column of numbers may hold the letters of Stata's missing values.
    show : callable
        Makes texts of numbers.
    strings : bool
        Whether it is a column of strings, of which "007" is one.

    Returns
    -------
    TextColumn
        Made of the cells when somebody asks for it.

    Examples
    --------
    >>> labelled_cells([1.0, None, "a", 2.5], number_text).texts
    ('1', 'a', '2.5', '')
    """
    try:
        values: NDArray[Any] = np.array(cells, dtype=object if strings else np.float64)
    except ValueError:
        values = np.array(cells, dtype=object)
    return TextColumn.of(_LabelledCells(values, show))


def number_text(numbers: NDArray[np.float64]) -> list[str]:
    """Return numbers as a person writes them: whole ones without a point.

    Examples
    --------
    >>> number_text(np.array([1.0, -2.5, 0.1, 1e300]))
    ['1', '-2.5', '0.1', '1e+300']
    """
    whole = (numbers == np.floor(numbers)) & (np.abs(numbers) < 1e15)
    return [
        str(int(number)) if is_whole else repr(number)
        for number, is_whole in zip(numbers.tolist(), whole.tolist(), strict=True)
    ]


def shown_as(form: str) -> Shown:
    """Return how the numbers of a column are shown, by the format the file gives it.

    Parameters
    ----------
    form : str
        Such as ``F8.2`` or ``DATETIME20`` (SPSS), ``%tc`` or ``%tdD/N/Y`` (Stata).

    Returns
    -------
    callable
        Gives dates and times as ISO 8601. Numbers that are no date of the years 1 to 9999 stay
        numbers.

    Examples
    --------
    >>> seconds = np.array([13744980000.0])
    >>> shown_as("ADATE10")(seconds), shown_as("DATETIME20")(seconds), shown_as("F8.2")(seconds)
    (['2018-05-06'], ['2018-05-06 10:00:00'], ['13744980000'])
    """
    for kind, pattern in _STATA_KINDS if form.startswith("%") else _SPSS_KINDS:
        if pattern.fullmatch(form):
            if kind == "time":
                return _clock
            stata = form.startswith("%")
            unit = _MICROSECONDS[kind] if stata else 1_000_000
            start = _STATA_START if stata else _SPSS_START
            return lambda numbers: _dates(numbers, start, unit, with_time=kind == "datetime")
    return number_text


def _dates(
    numbers: NDArray[np.float64], start: np.datetime64, unit: int, *, with_time: bool
) -> list[str]:
    with np.errstate(over="ignore"):
        gone = numbers * unit
    first, last = ((end - start) / np.timedelta64(1, "us") for end in _YEARS)
    usual = (gone >= first) & (gone <= last)
    # What a clock shows has milliseconds at most; a double of this size holds little more.
    thousandths: NDArray[np.int64] = np.round(np.where(usual, gone, 0.0) / 1_000).astype(np.int64)
    stamps: NDArray[np.datetime64] = start.astype("datetime64[ms]") + thousandths.astype(
        "timedelta64[ms]"
    )
    finest: Literal["s", "ms"] = "ms" if (thousandths % 1_000).any() else "s"
    texts = np.datetime_as_string(stamps, unit=finest if with_time else "D")
    return [
        text.replace("T", " ") if is_date else plain
        for text, is_date, plain in zip(
            texts.tolist(), usual.tolist(), number_text(numbers), strict=True
        )
    ]


def _clock(numbers: NDArray[np.float64]) -> list[str]:
    """Return seconds as hours, minutes and seconds; a span may have more than 24 hours."""
    texts = []
    for number in numbers.tolist():
        minutes, seconds = divmod(round(abs(number), 3), 60)
        hours, minutes = divmod(int(minutes), 60)
        whole = f"{int(seconds):02d}" if seconds == int(seconds) else f"{seconds:06.3f}"
        texts.append(f"{'-' if number < 0 else ''}{hours:02d}:{minutes:02d}:{whole}")
    return texts
