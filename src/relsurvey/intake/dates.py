"""Dates and times as platforms write them, read only where their order cannot be mistaken."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute

from relsurvey.intake.fold import SPACE
from relsurvey.intake.text_column import TextColumn

__all__ = ["Times", "read_times"]

_ISO = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
)
_OFFSET = r":\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})$"
# Google Forms ends its times in "GMT+1", Kobo and ODK in "+01:00".
_PARTS = (
    r"^(?P<a>\d{1,4})[/.\-](?P<b>\d{1,2})[/.\-](?P<c>\d{1,4})\.?"
    r"(?:[,\sT]+(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:\.\d+)?)?"
    r"\s*(?P<half>[AaPp]\.?\s?[Mm]\.?)?"
    r"\s*(?P<zone>Z|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?|UTC|GMT)?)?$"
)
_NUMBERS, _TEXTS = ("a", "b", "c", "hour", "minute", "second"), ("half", "zone")
_AHEAD = r"(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?$"
_LOOKED_AT = 1_000
_UTC = "Times are UTC: the file gives their offsets."


@dataclass(frozen=True, eq=False)
class Times:
    """Times of a column.

    Attributes
    ----------
    stamps : ndarray of datetime64[s], shape (n_rows,)
        As the clock on the wall showed; in UTC where the file gives offsets. NaT where blank
        or not read.
    unread : int
        How many cells hold something that was not read.
    note : str
        What to know: that the order of day and month is not told, or that times are UTC.
    """

    stamps: NDArray[np.datetime64]
    unread: int
    note: str


def read_times(column: TextColumn, *alike: TextColumn) -> Times:
    """Read a column of dates or times.

    The year first, or day and month in an order that some cell proves (there is no month 13).
    Where nothing proves it, nothing is read: a guess would be wrong for half the world.

    Parameters
    ----------
    column : TextColumn
        Cells as text.
    *alike : TextColumn
        Columns that the same program wrote the same way; they prove the order too.

    Returns
    -------
    Times
        One a row.

    Examples
    --------
    >>> column = TextColumn(("4/28/2021 11:21", ""), np.array([0, 1], dtype=np.int32))
    >>> read_times(column).stamps[0]
    np.datetime64('2021-04-28T11:21:00')
    """
    texts, by_row = _texts(column)
    sample = [text for text in texts[:_LOOKED_AT].to_pylist() if text]
    if sample and all(map(_ISO.fullmatch, sample)):
        values, note = _iso(texts, zoned=any(re.search(_OFFSET, text) for text in sample))
    else:
        parts = _parts(texts)
        orders = _orders(parts)
        for one in alike:
            orders |= _orders(_parts(_texts(one)[0]))
        values, note = _in_parts(parts, orders)
    filled = compute.not_equal(texts, "").to_numpy(zero_copy_only=False)
    unread = filled & np.isnat(values)
    if by_row:
        return Times(values, int(unread.sum()), note)
    return Times(column.spread(values), int(column.spread(unread).sum()), note)


def _texts(column: TextColumn) -> tuple[pa.Array, bool]:
    """Return the texts without the spaces around them, and whether there is one a row.

    A time stands in few rows: where the reader holds the cells as Arrow text, to find the
    distinct ones first would cost more than to read them all.
    """
    held = column.arrow()
    if held is not None:
        cells = held.combine_chunks() if isinstance(held, pa.ChunkedArray) else held
        return compute.utf8_trim(cells, characters=SPACE), True
    # A text that no row holds any more (a heading) says nothing of how dates are written.
    used = zip(column.trimmed, column.used.tolist(), strict=True)
    return pa.array([text if one else "" for text, one in used], pa.string()), False


def _iso(texts: pa.Array, *, zoned: bool) -> tuple[NDArray[np.datetime64], str]:
    try:
        read = _or_null(texts, texts).cast(pa.timestamp("us", tz="UTC" if zoned else None))
        stamps = read.to_numpy(zero_copy_only=False).astype("datetime64[s]")
        return stamps, _UTC if zoned else ""
    except pa.ArrowInvalid:
        return _iso_slowly(texts)


def _iso_slowly(texts: pa.Array) -> tuple[NDArray[np.datetime64], str]:
    # Arrow stops at the first cell that is no date; pandas leaves it out, and is slower.
    slower = pd.to_datetime(texts.to_pandas(), format="ISO8601", errors="coerce", utc=True)
    zoned = compute.any(compute.match_substring_regex(texts, _OFFSET)).as_py()
    stamps = slower.dt.tz_localize(None).to_numpy().astype("datetime64[s]")
    return stamps, _UTC if zoned else ""


def _or_null(texts: pa.Array, cells: pa.Array) -> pa.Array:
    return compute.if_else(compute.equal(texts, ""), None, cells)


def _parts(texts: pa.Array) -> pd.DataFrame:
    found = compute.extract_regex(texts, pattern=_PARTS)
    parts = {}
    for name in _TEXTS + _NUMBERS:
        cells = compute.struct_field(found, name)
        cells = _or_null(cells, cells)
        parts[name] = (cells.cast(pa.float64()) if name in _NUMBERS else cells).to_pandas()
    return pd.DataFrame(parts).assign(
        year_first=compute.match_substring_regex(texts, r"^\d{4}\D").to_pandas()
    )


def _orders(parts: pd.DataFrame) -> set[str]:
    """Return which of day and month some cell proves to stand first."""
    first, second = (parts.loc[~parts["year_first"], name] for name in ("a", "b"))
    proven = {"day": (first > 12) & (second <= 12), "month": (second > 12) & (first <= 12)}
    return {order for order, cells in proven.items() if cells.any()}


def _in_parts(parts: pd.DataFrame, orders: set[str]) -> tuple[NDArray[np.datetime64], str]:
    year_first = parts["year_first"].to_numpy()
    note = ""
    if len(orders) != 1 and (~year_first & parts["a"].notna()).any():
        what = "contradict each other on" if orders else "do not tell"
        note = f"The dates {what} whether the day or the month stands first; they were not read."
        parts = parts.where(parts["year_first"])
    a, b, c = (parts[name].to_numpy(float) for name in "abc")
    day, month = (a, b) if "day" in orders else (b, a)
    pieces = {
        "year": np.where(year_first, a, np.where(c < 100, c + 2000, c)),
        "month": np.where(year_first, b, month),
        "day": np.where(year_first, c, day),
        "hour": _hours(parts),
        # pandas would carry minute 75 over into the next hour.
        "minute": parts["minute"].fillna(0).where(lambda minute: minute < 60),
        "second": parts["second"].fillna(0).where(lambda second: second < 60),
    }
    read = pd.to_datetime(pd.DataFrame(pieces), errors="coerce").to_numpy()
    clock: NDArray[np.datetime64] = read.astype("datetime64[s]")
    stamps: NDArray[np.datetime64] = np.subtract(clock, _offsets(parts["zone"]))
    return stamps, note or (_UTC if parts["zone"].notna().any() else "")


def _hours(parts: pd.DataFrame) -> NDArray[np.float64]:
    hour = parts["hour"].fillna(0).to_numpy(float)
    half = parts["half"].astype("str").str[:1].str.lower().fillna("").to_numpy()
    # 12 a.m. is midnight; 13 p.m. is no hour, and makes no date.
    twelve = np.where((half != "") & ((hour < 1) | (hour > 12)), np.nan, hour % 12)
    hour = np.where(hour < 24, hour, np.nan)
    return np.where(half == "", hour, np.where(half == "p", twelve + 12, twelve))


def _offsets(zones: pd.Series[str]) -> NDArray[np.timedelta64]:
    """Return how far each time zone is ahead of UTC."""
    ahead = zones.astype("str").str.extract(_AHEAD)
    hours, minutes = (pd.to_numeric(ahead[name]).fillna(0) for name in ("hours", "minutes"))
    seconds = (hours * 3600 + minutes * 60).to_numpy().astype(np.int64)
    signed = np.where(ahead["sign"] == "-", -seconds, seconds)
    return signed.astype("timedelta64[s]")
