"""The cells of a workbook as text, as the person who typed them saw them."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

__all__ = ["cell_text", "has_lost_digits"]

# A spreadsheet keeps fifteen digits of a number; what is typed beyond them becomes zeros.
_MOST_DIGITS = 15
_ZEROS = re.compile(r"0{2,}")


def cell_text(value: Any, number_format: Callable[[], str | None]) -> str:
    """Return the value of a cell as text.

    Parameters
    ----------
    value : object
        What the cell holds: text, a number, a truth value, a date, a time or nothing.
    number_format : callable
        Says how a number is shown; asked for whole numbers only, because it takes long.

    Examples
    --------
    >>> cell_text(7, lambda: "000"), cell_text(3.0, lambda: None), cell_text(1e-7, lambda: None)
    ('007', '3', '0.0000001')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number_text(value, number_format)
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    return str(value.isoformat() if hasattr(value, "isoformat") else value)


def has_lost_digits(value: Any) -> bool:
    """Say whether a value is a number so long that a spreadsheet may have changed its end.

    Examples
    --------
    >>> has_lost_digits(123456789012345), has_lost_digits(1.2345678901234568e17)
    (False, True)
    """
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isfinite(value) and abs(value) >= 10**_MOST_DIGITS


def _number_text(value: float, number_format: Callable[[], str | None]) -> str:
    if not math.isfinite(value):
        return str(value)
    if value != int(value):
        # Never in scientific notation, which no id was ever typed in.
        return format(Decimal(repr(value)), "f")
    text = str(int(value))
    zeros = number_format() if value >= 0 else None
    # An id such as 7 in a cell formatted "000" is 007 to the person who typed it.
    return text.zfill(len(zeros)) if zeros and _ZEROS.fullmatch(zeros) else text
