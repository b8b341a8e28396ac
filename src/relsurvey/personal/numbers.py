"""Numbers that stand for one person: NHS number, National Insurance number, date of birth.

References
----------
NHS Data Dictionary, NHS Number (modulus 11 check digit).
HMRC, National Insurance Manual NIM39110 (form of a National Insurance number).
"""

from __future__ import annotations

import re

__all__ = [
    "has_birth_date",
    "has_insurance_number",
    "has_nhs_number",
    "is_date",
    "is_nhs_number",
    "is_written_together",
    "year_of",
]

_LENGTH = 10
_NHS = re.compile(
    r"(?<![\w+])(?<!\d[.,:/])(?<!\w-)(\d{3})([ .-]{0,2})(\d{3})\2(\d{4})(?!\w)(?![.,:/-]\d)"
)
_SPACED = re.compile(r"\s*\d(?:[ .-]{0,2}\d){9}\s*")
# Where a text says what it is, a mistyped digit does not make it any less so.
_SAID = re.compile(
    r"\bnhs(?: ?(?:number|num|no|nr|id))?\.?[\s:=,][\s:=,-]{0,2}(?:is |was )?"
    r"\d(?:[ .-]{0,2}\d){7,9}(?!\d)",
    re.IGNORECASE,
)
_INSURANCE = re.compile(
    r"(?<![\w-])(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
    r"[ -]?\d\d([ -]?)\d\d\1\d\d[ -]?[A-D](?![\w-])",
    re.IGNORECASE,
)
_MONTHS = (
    "jan|feb|mar|mär|apr|avr|abr|may|mai|mei|maj|mag|jun|juin|jul|juil|aug|août|ago|sep|set|"
    "oct|okt|ott|nov|dec|dez|dic|déc|ene|gen|lug|giu|fév"
)
_DATE = (
    r"(?:\d{1,2}(?:st|nd|rd|th)?\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:\d{4}|\d\d)"
    r"|\d{4}[./-]\d{1,2}[./-]\d{1,2}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|\.)?[\s-](?:of\s|de\s)?(?:{_MONTHS})[^\W\d_]{{0,7}}\.?(?:\s(?:de|del)\s|[\s,-]{{1,2}})\d{{2,4}}"
    rf"|(?:{_MONTHS})[^\W\d_]{{0,7}}\.?\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}})(?!\d)"
)
_WHOLE_DATE = re.compile(rf"{_DATE}(?:[T ]00:00(?::00)?(?:\.0+)?)?", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_TOGETHER = re.compile(r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d")
_BIRTH = re.compile(
    r"\b(?:born|d\.?o\.?b|date of birth|birth ?(?:date|day)|geboren|geburtsdatum|geb|née?|"
    r"naissance|nacid[oa]|nacimiento|nat[oa] il|nascita|geboortedatum|född|födelsedatum)"
    rf"\.?[\s:=,(][^\d\n]{{0,20}}{_DATE}",
    re.IGNORECASE,
)


def is_nhs_number(digits: str) -> bool:
    """Say whether ten digits are an NHS number: the last one checks the others.

    Ten times the same digit would pass, and is not one: it is what people type to get past a
    field.

    Examples
    --------
    >>> is_nhs_number("9434765919"), is_nhs_number("9434765918"), is_nhs_number("9999999999")
    (True, False, False)
    """
    if len(digits) != _LENGTH or not (digits.isascii() and digits.isdecimal()):
        return False
    total = sum(
        int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)
    )
    # A remainder of 1 would need the check digit 10; such numbers are not given out.
    return (11 - total % 11) % 11 == int(digits[-1]) and len(set(digits)) > 1


def has_nhs_number(text: str) -> bool:
    """Say whether an NHS number stands in a text: in one piece, as 3, 3 and 4 digits, or as said.

    A text of nothing but ten digits may have them in any groups.

    Examples
    --------
    >>> has_nhs_number("NHS no. 943 476 5919"), has_nhs_number("943 476 5918")
    (True, False)
    """
    if any(is_nhs_number(one[1] + one[3] + one[4]) for one in _NHS.finditer(text)):
        return True
    if _SPACED.fullmatch(text) and _is_one_number(re.findall(r"\d+", text)):
        return True
    return _SAID.search(text) is not None


def _is_one_number(groups: list[str]) -> bool:
    # 01 02 03 04 05 is a list, whatever its last digit.
    is_list = max(map(len, groups)) < 3 and any(group.startswith("0") for group in groups)
    return not is_list and is_nhs_number("".join(groups))


def has_insurance_number(text: str) -> bool:
    """Say whether a National Insurance number stands in a text.

    Examples
    --------
    >>> has_insurance_number("AB 12 34 56 C"), has_insurance_number("GB123456A")
    (True, False)
    """
    return _INSURANCE.search(text) is not None


def has_birth_date(text: str) -> bool:
    """Say whether a text says when somebody was born.

    Examples
    --------
    >>> has_birth_date("I was born on 12/3/1980"), has_birth_date("completed 12/3/2020")
    (True, False)
    """
    return _BIRTH.search(text) is not None


def is_date(text: str) -> bool:
    """Say whether a cell holds a date and nothing else but midnight.

    Examples
    --------
    >>> is_date("1980-03-12"), is_date("12 March 1980"), is_date("1980-03-12 11:20:07")
    (True, True, False)
    """
    return _WHOLE_DATE.fullmatch(text.strip()) is not None


def year_of(text: str) -> int | None:
    """Return the year of a cell that holds a date and nothing else; None without four digits.

    Examples
    --------
    >>> year_of("12 March 1980"), year_of("12/3/80"), year_of("7")
    (1980, None, None)
    """
    found = _YEAR.search(text) if is_date(text) else None
    return int(found[0]) if found else None


def is_written_together(text: str) -> bool:
    """Say whether eight digits can be a day, a month and a year in that order.

    Examples
    --------
    >>> is_written_together("12031980"), is_written_together("99031980")
    (True, False)
    """
    return _TOGETHER.fullmatch(text.strip()) is not None
