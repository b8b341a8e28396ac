"""The kinds of value an instrument file may hold, each with the words that say what is allowed.

Nothing is bent to fit: a number in quotes is text, and ``true`` is not 1.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
)

__all__ = [
    "Count",
    "Doi",
    "Id",
    "Locale",
    "Localised",
    "Number",
    "Real",
    "Share",
    "Text",
    "Version",
    "at_least",
    "is_locale",
    "plain_number",
]

# Beyond any code or score, and well inside what a float holds.
LARGEST_NUMBER = 1e15

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_VERSION = re.compile(
    r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
    r"(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?"
)


def plain_number(value: Any) -> int | float | None:
    """Return the value if it is a finite number (``true`` is none), else ``None``."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return value if abs(value) <= LARGEST_NUMBER else None


def _number(value: Any) -> int | float:
    number = plain_number(value)
    if number is None:
        raise ValueError("a number, without quotes")
    return number


def _real(value: Any) -> float:
    return float(_number(value))


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError("a whole number of at least 1, without quotes")
    return value


def _share(value: Any) -> Fraction:
    try:
        # Through text, so that 0.75 is three quarters and not its binary neighbour.
        share = Fraction(0) if isinstance(value, bool) else Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        share = Fraction(0)
    if not 0 < share <= 1:
        raise ValueError('a share above 0 and up to 1, such as "2/3" or 0.75')
    return share


def at_least(count: int) -> BeforeValidator:
    """Return a validator that wants as many entries, before any of them is looked at.

    Pydantic's own ``min_length`` counts the entries that passed, so that one fault in a list of
    one would be told as an empty list too.
    """

    def enough(value: Any) -> Any:
        if isinstance(value, list | tuple | dict) and len(value) < count:
            raise ValueError(f"at least {count} {'entry' if count == 1 else 'entries'}")
        return value

    return BeforeValidator(enough)


def _id(value: str) -> str:
    if not _ID.fullmatch(value):
        raise ValueError("an id: a letter, then letters, digits, '_' or '-', no spaces")
    return value


def is_locale(value: str) -> bool:
    """Say whether a text is a language tag such as ``en-GB``."""
    return _LOCALE.fullmatch(value) is not None


def _locale(value: str) -> str:
    if not is_locale(value):
        raise ValueError("a language tag such as en-GB or en-GB-x-easy")
    return value


def _doi(value: str) -> str:
    if not _DOI.fullmatch(value):
        raise ValueError("a bare DOI such as 10.7717/peerj.16879, no address before it")
    return value


def _version(value: str) -> str:
    if not _VERSION.fullmatch(value):
        raise ValueError("a semantic version in three parts, such as 1.0.0")
    return value


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Id = Annotated[str, AfterValidator(_id)]
Locale = Annotated[str, AfterValidator(_locale)]
Doi = Annotated[str, AfterValidator(_doi)]
Version = Annotated[str, AfterValidator(_version)]
Number = Annotated[int | float, PlainValidator(_number)]
Real = Annotated[float, PlainValidator(_real)]
Count = Annotated[int, PlainValidator(_count)]
Share = Annotated[Fraction, PlainValidator(_share), PlainSerializer(str)]
Localised = dict[Locale, Text]
