"""What a text is made of, as far as a file format minds."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["as_number", "is_right_to_left", "is_wordy", "xml_text"]

# XML 1.0, production 2; the rest cannot stand in a Word or Excel file, escaped or not.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NUMBER = re.compile(r"[−-]?(?:(?:0|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d*)(?:\.\d+)?|\.\d+)", re.ASCII)
LONGEST_NUMBER = 15  # digits; a spreadsheet has no more


def xml_text(text: str) -> str:
    r"""Return text without the characters that XML cannot hold.

    Examples
    --------
    >>> xml_text("a\x00b\ufffec")
    'abc'
    """
    return _NOT_XML.sub("", text)


def is_right_to_left(text: str) -> bool:
    """Say whether a text is read from the right: its first letter of any direction decides.

    References
    ----------
    Unicode Standard Annex 9, rules P2 and P3.

    Examples
    --------
    >>> is_right_to_left("1. שלום and more"), is_right_to_left("Shalom שלום")
    (True, False)
    """
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False


def is_wordy(text: str) -> bool:
    """Say whether a cell in a column of numbers holds words, which may be broken into lines.

    Examples
    --------
    >>> is_wordy("0.11 to 0.32"), is_wordy("fewer than 10")
    (False, True)
    """
    return any(word.isalpha() and len(word) > 3 for word in text.split())


def as_number(text: str) -> tuple[str, int] | None:
    """Read a text that is a number and nothing else.

    Returns
    -------
    (str, int) or None
        The number as programs write it, and its decimals; ``None`` where it is a text: an id
        with zeros before it, more digits than a spreadsheet has, a sign of relation.

    Examples
    --------
    >>> as_number("−1,203.50"), as_number(".86"), as_number("007"), as_number("p < .001")
    (('-1203.50', 2), ('0.86', 2), None, None)
    """
    if not _NUMBER.fullmatch(text) or sum(map(str.isdigit, text)) > LONGEST_NUMBER:
        return None
    plain = text.replace(",", "").replace("−", "-")
    sign, body = ("-", plain[1:]) if plain.startswith("-") else ("", plain)
    whole, _, decimals = body.partition(".")
    return f"{sign}{whole or '0'}{'.' * bool(decimals)}{decimals}", len(decimals)
