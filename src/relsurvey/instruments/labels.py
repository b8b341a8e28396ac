"""When two labels are the same label: case, spacing and invisible characters do not count."""

from __future__ import annotations

import unicodedata

__all__ = ["fold_label"]

# Soft hyphen, zero-width and direction marks, byte order mark: exports leave them inside cells.
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_SINGLE, _DOUBLE, _DASHES = "‘’‚‛′´`", "“”„‟″", "‐‑‒–—"
_PLAIN = str.maketrans(
    {
        **dict.fromkeys(_INVISIBLE, ""),
        **dict.fromkeys(_SINGLE, "'"),
        **dict.fromkeys(_DOUBLE, '"'),
        **dict.fromkeys(_DASHES, "-"),
    }
)


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
