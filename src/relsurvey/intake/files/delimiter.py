"""Which character separates the cells of a text file, found from its heading."""

from __future__ import annotations

import csv
import io
import itertools
import re

__all__ = ["DELIMITERS", "declared_delimiter", "find_delimiter"]

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_RECORDS_COMPARED = 20
_DECLARATION = re.compile(r'"?sep=([,;\t])"?(?:\r|\n)', re.IGNORECASE)


def declared_delimiter(sample: str) -> str | None:
    r"""Return the delimiter that the first line names, as Excel writes and reads it.

    Parameters
    ----------
    sample : str
        The beginning of the file.

    Returns
    -------
    str or None
        ``None`` where the first line is not such a line, but the heading.

    Examples
    --------
    >>> declared_delimiter("sep=;\nid;A1\n"), declared_delimiter("id;A1\n")
    (';', None)
    """
    declaration = _DECLARATION.match(sample)
    return declaration[1] if declaration else None


def find_delimiter(sample: str) -> str:
    r"""Find the delimiter: the one that splits the heading line outside quotes.

    Where more than one does (a heading with a comma in a file of semicolons), it is the one
    by which the next records have as many cells as the heading; where that does not settle
    it, the one that gives most cells.

    Parameters
    ----------
    sample : str
        The beginning of the file.

    Returns
    -------
    str
        A comma (also where nothing splits the heading), a semicolon or a tab.

    Examples
    --------
    >>> find_delimiter('id;"A1, how often";A2\n1;2;3\n')
    ';'
    >>> find_delimiter('id;Well, really, never;A2\n1;2;3\n')
    ';'
    """
    ranks: dict[str, tuple[bool, int]] = {}
    for delimiter in DELIMITERS:
        widths = _widths(sample, delimiter)
        if widths and widths[0] > 1:
            ranks[delimiter] = (len(set(widths)) == 1, widths[0])
    return max(ranks, key=ranks.__getitem__) if ranks else ","


def _widths(sample: str, delimiter: str) -> list[int]:
    """Return the number of cells of the first records that are not blank."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, strict=True)
    widths: list[int] = []
    try:
        widths.extend(map(len, itertools.islice(filter(None, reader), _RECORDS_COMPARED)))
    except csv.Error:
        # Quotes that do not fit this delimiter; or the sample ends within a quoted cell.
        return widths
    return widths[:-1] if len(widths) > 1 and not sample.endswith(("\n", "\r")) else widths
