"""Write a table of results as CSV that is whole, private where it must be, and safe to open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from relsurvey.files import ensure_free, written_whole

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["neutralised", "restored", "write_csv"]

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def neutralised(text: object) -> object:
    """Put an apostrophe before a text that a spreadsheet would run as a formula.

    Numbers are left alone.

    References
    ----------
    OWASP, CSV Injection.

    Examples
    --------
    >>> neutralised("=1+1"), neutralised("Ann"), neutralised(-1.5)
    ("'=1+1", 'Ann', -1.5)
    """
    return f"'{text}" if isinstance(text, str) and text.startswith(FORMULA_STARTS) else text


def restored(text: str) -> str:
    """Take the apostrophe off again that ``neutralised`` puts before a formula's first sign.

    Examples
    --------
    >>> restored("'=1+1"), restored("'tis"), restored("Ann")
    ('=1+1', "'tis", 'Ann')
    """
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA_STARTS) else text


def write_csv(
    frame: pd.DataFrame, path: str | Path, *, force: bool = False, private: bool = False
) -> Path:
    """Write a frame as UTF-8 CSV, whole or not at all.

    Parameters
    ----------
    frame : pandas.DataFrame
        What to write; missing values become empty cells, the index is left out.
    path : str or pathlib.Path
        Where to.
    force : bool
        Whether a file that is there may be replaced.
    private : bool
        Whether only the owner may read the file.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    OutputError
        Where a file is there already, or the place cannot be written to.
    """
    target = ensure_free(path, force=force)
    safe = frame.rename(columns=lambda name: neutralised(str(name)))
    for position, (_, column) in enumerate(frame.items()):
        if column.dtype.kind not in "biufM":
            safe.isetitem(position, column.map(neutralised, na_action="ignore").array)
    with written_whole(target, private=private) as temporary:
        safe.to_csv(temporary, index=False, encoding="utf-8", lineterminator="\n")
    return target
