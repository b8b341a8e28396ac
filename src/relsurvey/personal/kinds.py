"""What kind of personal data one text looks like."""

from __future__ import annotations

import re
from collections.abc import Callable

from relsurvey.personal.contacts import has_email, has_ip_address, has_phone, has_postcode
from relsurvey.personal.label_words import is_label
from relsurvey.personal.names import has_name, is_first_name
from relsurvey.personal.numbers import (
    has_birth_date,
    has_insurance_number,
    has_nhs_number,
    is_date,
)
from relsurvey.personal.plain import unobscured

__all__ = ["KINDS", "masked", "masked_answer", "personal_kind", "personal_kinds"]

# One of them, and several, as the end of "looks like".
KINDS = {
    "email": ("an e-mail address", "e-mail addresses"),
    "nhs_number": ("an NHS number", "NHS numbers"),
    "national_insurance_number": ("a National Insurance number", "National Insurance numbers"),
    "ip_address": ("an IP address", "IP addresses"),
    "phone": ("a phone number", "phone numbers"),
    "date_of_birth": ("a date of birth", "dates of birth"),
    "postcode": ("a postcode", "postcodes"),
    "name": ("a name", "names"),
    "address": ("an address", "addresses"),
    "location": ("a location", "locations"),
    "personal": ("personal data", "personal data"),
}

_DIGIT = re.compile(r"\d")
_NUMBERS = {"nhs_number", "national_insurance_number", "ip_address", "phone"}
_LONGEST_LABEL = 24
_MOST_WORDS = 3
_FEWEST_DIGITS = 9
# Two capitalised words, or two words joined by a point: no label, and perhaps a rare name.
_LIKE_A_NAME = re.compile(r"\b[^\W\d_a-z][^\W\d_]+\s+[^\W\d_a-z]|[^\W\d_]\.[^\W\d_]{2}")
_BREAK = re.compile(r"[\s,]")

# Most certain first: a text with an NHS number in three groups is not a telephone number.
_WITH_DIGITS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("nhs_number", has_nhs_number),
    ("national_insurance_number", has_insurance_number),
    ("ip_address", has_ip_address),
    ("phone", has_phone),
    ("date_of_birth", has_birth_date),
    ("postcode", has_postcode),
)


def personal_kind(text: str) -> str | None:
    """Say what personal data a text looks like.

    A judgement on the text alone: it errs towards seeing something in a sentence, and towards
    seeing nothing in a short label or a code.

    Parameters
    ----------
    text : str
        A cell. Wide digits, no-break spaces and invisible signs do not hide anything.

    Returns
    -------
    str or None
        One of ``KINDS``, the most certain where there are several; ``None`` where nothing looks
        personal. Dates are judged only where the text itself says that somebody was born;
        "address", "location" and "personal" are never told from a text, only from a heading.

    Examples
    --------
    >>> personal_kind("My worker Sarah Jones, 07700 900123")
    'phone'
    >>> personal_kind("My worker Sarah Jones"), personal_kind("Very Much")
    ('name', None)
    """
    plain = unobscured(text)
    if has_email(plain):
        return "email"
    if plain.count(":") > 1 and has_ip_address(plain):
        return "ip_address"
    if _DIGIT.search(plain):
        for kind, has in _WITH_DIGITS:
            if has(plain):
                return kind
    return "name" if _BREAK.search(plain) and has_name(plain) else None


def masked(text: str) -> str:
    """Return a text for a message: as it is, or what it looks like if that is personal data.

    Examples
    --------
    >>> masked("sarah@example.org"), masked("Quite often")
    ('[looks like an e-mail address]', 'Quite often')
    """
    kind = personal_kind(text)
    return text if kind is None else f"[looks like {KINDS[kind][0]}]"


def personal_kinds(text: str) -> tuple[str, ...]:
    """Return every kind of personal data that a text looks like, the most certain first.

    Examples
    --------
    >>> personal_kinds("My worker Sarah Jones, sarah@example.org")
    ('email', 'name')
    """
    first = personal_kind(text)
    if first is None:
        return ()
    plain = unobscured(text)
    found = [first]
    for kind, has in (*_WITH_DIGITS, ("name", has_name)):
        # One number may have the form of two kinds.
        if kind in found or (kind in _NUMBERS and _NUMBERS.intersection(found)):
            continue
        if has(plain):
            found.append(kind)
    return tuple(found)


def masked_answer(text: str) -> str:
    """Return a cell that should hold an answer for a message: only a number or a label as it is.

    What people typed where an answer belongs may say anything of anybody; so texts that are
    longer than labels are, dates, first names and long numbers are described, not shown.

    Examples
    --------
    >>> masked_answer("Quite often"), masked_answer("1980-03-12")
    ('Quite often', '[looks like a date]')
    >>> masked_answer("she lives next to the church")
    '[text, 28 characters]'
    """
    safe = masked(text)
    if safe != text:
        return safe
    plain = unobscured(text).strip()
    if is_date(plain):
        return "[looks like a date]"
    words = plain.split()
    if any(map(is_first_name, (word.strip(".,;:!?()'") for word in words))):
        return "[looks like a name]"
    digits = sum(map(str.isdigit, plain))
    if digits >= _FEWEST_DIGITS and not any(map(str.isalpha, plain)):
        return f"[number, {digits} digits]"
    if is_label(plain):
        return text
    short = len(plain) <= _LONGEST_LABEL and len(words) <= _MOST_WORDS
    return text if short and not _LIKE_A_NAME.search(plain) else f"[text, {len(text)} characters]"
