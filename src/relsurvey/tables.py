"""Write a table of results as CSV that is whole, private where it must be, and safe to open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from relsurvey.files import ensure_free, written_whole

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    # The distinct cells of a column as they stand in the file, and which of them each row has.
    Cells: TypeAlias = tuple[npt.NDArray[np.object_], npt.NDArray[np.intp]]

__all__ = ["neutralised", "restored", "write_csv"]

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_QUOTED = (",", '"', "\n", "\r")
_ROWS_AT_ONCE = 20_000


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
    with written_whole(target, private=private) as temporary:
        _write(frame, temporary)
    return target


def _write(frame: pd.DataFrame, path: Path) -> None:
    """Write the rows, a distinct value of a column made into text once only."""
    columns = [_cells(column) for _, column in frame.items()]
    if len(columns) == 1:  # an empty line would be no row
        texts, _ = columns[0]
        texts[texts == ""] = '""'
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(",".join(_all_safe([*map(str, frame.columns)])) + "\n")
        for start in range(0, len(frame) if columns else 0, _ROWS_AT_ONCE):
            rows = slice(start, start + _ROWS_AT_ONCE)
            cells = (texts[places[rows]].tolist() for texts, places in columns)
            stream.write("\n".join(map(",".join, zip(*cells, strict=True))) + "\n")


def _cells(column: pd.Series) -> Cells:
    """Return the cells of a column as pandas would write them, texts neutralised."""
    import numpy as np
    import pandas as pd

    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "biuf":
        return _numbers(column.to_numpy())
    if pd.api.types.infer_dtype(column, skipna=True) == "string":
        places, distinct = pd.factorize(column)
        return _as_array([*_all_safe(distinct.tolist()), ""]), places
    return _anything(column)


def _numbers(values: npt.NDArray[np.generic]) -> Cells:
    import numpy as np
    import pandas as pd

    # By their bits, as minus zero equals zero and is not written like it.
    whole = values.dtype.kind != "f"
    bits = values if whole else values.view(f"i{values.dtype.itemsize}")
    places, found = pd.factorize(bits)
    distinct = np.asarray(found) if whole else np.asarray(found).view(values.dtype)
    texts = distinct.astype(str).astype(object)
    if not whole:
        texts[np.isnan(distinct)] = ""
    return texts, places


def _anything(column: pd.Series) -> Cells:
    """Return cells of dates, of mixed values, of whatever pandas has to be asked about."""
    import csv
    import io

    import numpy as np

    if column.dtype.kind not in "biufM":
        column = column.map(neutralised, na_action="ignore")
    text = column.to_frame().to_csv(index=False, header=False, lineterminator="\n")
    cells = [_quoted(cell) for (cell,) in csv.reader(io.StringIO(text, newline=""))]
    return _as_array(cells), np.arange(len(cells))


def _as_array(texts: Iterable[str]) -> npt.NDArray[np.object_]:
    import numpy as np

    return np.array(list(texts), dtype=object)


def _all_safe(texts: list[str]) -> list[str]:
    """Neutralise many texts, and quote those that need it; mostly none does."""
    safe = [f"'{text}" if text.startswith(FORMULA_STARTS) else text for text in texts]
    together = "".join(safe)
    return [*map(_quoted, safe)] if any(sign in together for sign in _QUOTED) else safe


def _quoted(text: str) -> str:
    """Put quotes around a cell that could not be read back without them."""
    if any(sign in text for sign in _QUOTED):
        return '"' + text.replace('"', '""') + '"'
    return text
