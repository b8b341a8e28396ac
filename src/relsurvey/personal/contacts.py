"""Where a person can be reached: e-mail, telephone, internet address, postcode.

References
----------
Ofcom, National Telephone Numbering Plan (UK numbers). ITU-T E.164 (international numbers).
Royal Mail, Programmers' Guide to the Postcode Address File (form of a postcode, its areas).
"""

from __future__ import annotations

import ipaddress
import itertools
import re

__all__ = ["has_email", "has_ip_address", "has_phone", "has_postcode"]

# Every repetition is bounded, so that a cell of a million letters takes no longer than it should.
_LOCAL = r"[\w.%+'-]{1,64}"
_TOP_LEVELS = "com|org|net|co|uk|ac|nhs|gov|edu|info|eu|me|de|at|ch|fr|es|it|nl|se|ie|pl"
_EMAIL = re.compile(
    rf"{_LOCAL}\s{{0,2}}@\s{{0,2}}(?:[\w-]{{1,63}}(?:\.|\s\.\s)){{1,8}}[^\W\d_]{{2,24}}"
)
_WITHOUT_DOT = re.compile(r"(?<![\w@])[^\W\d_][\w.+'-]{1,63}@[^\W\d_][\w-]{2,62}(?![\w@])")
_BRACKETED_AT = re.compile(r"[\[({<]\s?at\s?[\])}>]", re.IGNORECASE)
_DISGUISED_EMAIL = re.compile(
    rf"{_LOCAL}\s{{0,2}}[\[({{<]\s?at\s?[\])}}>]\s{{0,2}}[\w-]{{1,63}}"
    r"\s{0,2}(?:[\[({<]\s?dot\s?[\])}>]|\.|\bdot\b)\s{0,2}[^\W\d_]{2,24}",
    re.IGNORECASE,
)
_SPOKEN_EMAIL = re.compile(rf"{_LOCAL} at [\w-]{{1,63}} dot (?:{_TOP_LEVELS})\b", re.IGNORECASE)

# Not the tail of a longer number, code or decimal.
_BEFORE = r"(?<![\w+@])(?<!\d[.,:/])(?<!\w-)"
_AFTER = r"(?!\w)(?![.,:/-]\d)"
_NO_DATE = r"(?!\d\d?([./-])\d\d?\1\d{2,4}(?!\1?\d))"
_PHONE = re.compile(
    rf"{_BEFORE}{_NO_DATE}\(?(?:\+\d|0(?!\.))(?:[ \t().\-/]{{0,3}}\d){{8,16}}{_AFTER}"
)
_AMERICAN = re.compile(rf"{_BEFORE}(?:\([2-9]\d\d\) ?|[2-9]\d\d-)\d{{3}}-\d{{4}}{_AFTER}")
_UK_FROM_ABROAD = re.compile(r"0044[1-9]\d{8,9}")
_UK = re.compile(r"0(?:[18]\d{8,9}|[2379]\d{9}|5[56]\d{8})")

_IP4 = re.compile(r"(?<![\w.-])\d{1,3}(?:\.\d{1,3}){3}(?!\w)(?!\.\d)")
# Versions of programs are written alike; they begin low, and none of their parts is long.
_VERSION = re.compile(r"[0-2](?:\.\d{1,2}){3}")
_IP6 = re.compile(
    r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,8}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4})(?![\w:])"
)

_AREAS = (
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY "
    "E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD "
    "LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG "
    "SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
)
_POSTCODE = re.compile(
    rf"(?<![\w+/.-])(?:{'|'.join(sorted(_AREAS.split(), key=len, reverse=True))})"
    r"\d(?:\d|[A-HJKPSTUVWXY])?( {0,2})\d([ABD-HJLNP-UW-Z]{2})(?![\w-])",
    re.IGNORECASE,
)
_ORDINALS = frozenset({"st", "nd", "rd", "th"})


def has_email(text: str) -> bool:
    """Say whether an e-mail address stands in a text, also one that is spelt out.

    Examples
    --------
    >>> has_email("write to <a.b@c.org>"), has_email("a.b (at) c (dot) org"), has_email("me @ home")
    (True, True, False)
    """
    if "@" in text and (_EMAIL.search(text) or _WITHOUT_DOT.search(text)):
        return True
    if _BRACKETED_AT.search(text) and _DISGUISED_EMAIL.search(text):
        return True
    return " at " in text and " dot " in text and _SPOKEN_EMAIL.search(text) is not None


def has_phone(text: str) -> bool:
    """Say whether a telephone number stands in a text.

    British numbers in any grouping; others with their country's code, or grouped behind a zero.

    Examples
    --------
    >>> has_phone("ring 07700 900123"), has_phone("+49 30 901820"), has_phone("0.1234567890")
    (True, True, False)
    """
    found = (match[0] for match in _PHONE.finditer(text))
    return any(map(_is_phone, found)) or _AMERICAN.search(text) is not None


def _is_phone(found: str) -> bool:
    groups = re.findall(r"\d+", found)
    digits = "".join(groups)
    if found.lstrip("(").startswith("+"):
        return 9 <= len(digits) <= 15 and digits[0] != "0"
    if len(groups) == 1:
        # Other ids begin with zeros too; without groups only what a British number can be.
        return _UK.fullmatch(digits) is not None or _UK_FROM_ABROAD.fullmatch(digits) is not None
    if max(map(len, groups)) == 1:
        return digits.startswith("07") and len(digits) == 11
    if digits.startswith("00"):
        return len(groups[0]) > 2 and 11 <= len(digits) <= 16
    is_decimal = len(groups) == 2 and "." in found
    is_list = all(group.startswith("0") for group in groups)
    # Two numbers beside each other are found as one; the first has to be whole groups of it.
    ends = itertools.accumulate(map(len, groups))
    return digits[1] != "0" and not is_decimal and not is_list and any(n in (10, 11) for n in ends)


def has_ip_address(text: str) -> bool:
    """Say whether an internet address (version 4 or 6) stands in a text.

    Examples
    --------
    >>> has_ip_address("192.0.2.1"), has_ip_address("2001:db8::17"), has_ip_address("300.1.2.3")
    (True, True, False)
    >>> has_ip_address("2.10.1.0")
    False
    """
    found = [match[0] for match in _IP4.finditer(text)] if text.count(".") > 2 else []
    if text.count(":") > 1:
        found += [one[0] for one in _IP6.finditer(text) if len(re.sub(r"\W", "", one[0])) > 4]
    return any(map(_is_address, found))


def _is_address(text: str) -> bool:
    if _VERSION.fullmatch(text):
        return False
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def has_postcode(text: str) -> bool:
    """Say whether a full British postcode stands in a text.

    Examples
    --------
    >>> has_postcode("I live in sw1a 1aa"), has_postcode("B12 3rd dose"), has_postcode("Q1 2AB")
    (True, False, False)
    """
    return any(match[2] not in _ORDINALS for match in _POSTCODE.finditer(text))
