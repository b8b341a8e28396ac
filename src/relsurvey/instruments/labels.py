"""When two labels are the same label: case, spacing and invisible characters do not count."""

from __future__ import annotations

import unicodedata

__all__ = ["INVISIBLE", "fold_label", "without_invisible"]

# Soft hyphen, zero-width and direction marks, byte order mark: exports leave them inside cells.
INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_SINGLE, _DOUBLE, _DASHES = "‘’‚‛′´`", "“”„‟″", "‐‑‒–—"
_PLAIN = str.maketrans(
    {
        **dict.fromkeys(INVISIBLE, ""),
        **dict.fromkeys(_SINGLE, "'"),
        **dict.fromkeys(_DOUBLE, '"'),
        **dict.fromkeys(_DASHES, "-"),
    }
)

_NOTHING = dict.fromkeys(map(ord, INVISIBLE))


def without_invisible(text: str) -> str:
    r"""Return the text without the characters that nobody sees.

    Examples
    --------
    >>> without_invisible("\ufeff007\u200b")
    '007'
    """
    return text.translate(_NOTHING)


def fold_label(text: str) -> str:
    r"""Return the form of a label in which it is compared.

    Parameters
    ----------
    text : str
        A label or a wording, as written by a person or found in an export.

    Returns
    -------
    str
        Without case, without invisible characters, every run of spaces (no-break ones too)
        one space, curly quotes and long dashes as plain ones.

    Examples
    --------
    >>> fold_label("\ufeffStrongly\u00a0 Agree ")
    'strongly agree'
    """
    # Signs first: the normal form would take an accent that stands for a quote apart.
    plain = unicodedata.normalize("NFKC", text.translate(_PLAIN))
    # Folding case can take a character apart, so the normal form is made once more.
    return unicodedata.normalize("NFKC", " ".join(plain.casefold().split()))
