"""Read a table that no instrument describes, such as one that is linked already."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from relsurvey.errors import IntakeError, listed, suggestion
from relsurvey.intake.fold import shown, trimmed
from relsurvey.intake.platforms import read_export
from relsurvey.intake.records import MOST_FAILURES

__all__ = ["numeric_columns", "read_table"]

_ROWS = "spreadsheet_rows"


def read_table(path: str | os.PathLike[str], *, missing: Iterable[str] = ()) -> pd.DataFrame:
    """Read a CSV or XLSX table, every cell as text.

    Parameters
    ----------
    path : str or path
        The file.
    missing : iterable of str, optional
        Texts that stand for a missing value, beside blank cells. There are no others: "NA"
        is a text unless it is named here.

    Returns
    -------
    pandas.DataFrame
        Text columns, missing where blank. Ids stay as they are: "007" is "007".

    Raises
    ------
    IntakeError
        Where the file cannot be read as a table, or a heading stands twice.

    See Also
    --------
    numeric_columns : turn some of the columns to numbers.
    """
    table = read_export(Path(path))
    names = [trimmed(text) or f"column_{i}" for i, text in enumerate(table.heading, start=1)]
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise IntakeError(
            f"{table.path.name} has more than one column with the heading "
            f"{listed([shown(name) for name in twice])}.",
            hint="Give every column a heading of its own.",
        )
    blanks = {trimmed(token) for token in missing}
    frame = pd.DataFrame(
        {name: column.answers(blanks) for name, column in zip(names, table.columns, strict=True)}
    )
    if not np.array_equal(table.rows, np.arange(2, len(frame) + 2)):
        # Kept so that a fault found later is named by its row in the file.
        frame.attrs[_ROWS] = tuple(table.rows.tolist())
    return frame


def numeric_columns(
    frame: pd.DataFrame, names: Sequence[str], *, missing: Iterable[str] = ()
) -> pd.DataFrame:
    """Turn text columns to numbers, every cell or none.

    Parameters
    ----------
    frame : pandas.DataFrame
        As ``read_table`` returns it.
    names : sequence of str
        The columns.
    missing : iterable of str, optional
        Texts that stand for a missing value, beside blank cells.

    Returns
    -------
    pandas.DataFrame
        The frame with these columns as float64, NaN where missing; all others unchanged.

    Raises
    ------
    IntakeError
        Where there is no such column, or a cell is not a number. ``.failures`` has
        ``row, column, value``; rows count as in a spreadsheet whose heading is row 1.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"worker": ["007", "008"], "score": ["3.5", "-"]})
    >>> numeric_columns(frame, ["score"], missing=["-"])["score"].tolist()
    [3.5, nan]
    """
    _require_columns(frame, names)
    blanks = {"", *(trimmed(token) for token in missing)}
    rows = frame.attrs.get(_ROWS, ())
    if len(rows) != len(frame):
        rows = range(2, len(frame) + 2)
    result = frame.copy()
    faults: list[dict[str, Any]] = []
    for name in dict.fromkeys(names):
        if frame[name].dtype.kind in "iuf":
            result[name] = frame[name].astype("float64")
            continue
        numbers, wrong = _numbers(frame[name], blanks)
        result[name] = numbers
        faults += [
            {"row": int(rows[place]), "column": name, "value": str(frame[name].iloc[place])}
            for place in np.flatnonzero(wrong)[:MOST_FAILURES]
        ]
    if faults:
        raise _not_numbers(faults)
    return result


def _require_columns(frame: pd.DataFrame, names: Sequence[str]) -> None:
    unknown = [name for name in dict.fromkeys(names) if name not in frame.columns]
    if not unknown:
        return
    there = [str(name) for name in frame.columns]
    guesses = [near for name in unknown if (near := suggestion(name, there))]
    guess = f"Did you mean {listed(guesses)}? " if guesses else ""
    raise IntakeError(
        f"There is no column {listed([shown(name) for name in unknown])}.",
        hint=f"{guess}Columns: {listed(there)}.",
    )


def _numbers(column: pd.Series[Any], blanks: set[str]) -> tuple[pd.Series[float], Any]:
    codes, distinct = pd.factorize(column.astype("str"), use_na_sentinel=False)
    texts = ["" if pd.isna(text) else trimmed(str(text)) for text in distinct]
    values = [float("nan") if text in blanks else _number(text) for text in texts]
    numbers = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    wrong = np.array([value is None for value in values], dtype=bool)
    return pd.Series(numbers[codes], index=column.index, name=column.name), wrong[codes]


def _number(text: str) -> float | None:
    # float() would also take "nan", "infinity", "1_000" and digits of other scripts.
    if not text.isascii() or set(text) - set("0123456789.+-eE"):
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if np.isfinite(number) else None


def _not_numbers(faults: list[dict[str, Any]]) -> IntakeError:
    counts = Counter(str(fault["value"]) for fault in faults)
    named = [f"{shown(value)} ({count})" for value, count in counts.most_common()]
    commas = any("," in value for value in counts)
    comma_hint = " A decimal comma is not read as a number: write 3.5, not 3,5." if commas else ""
    noun = "cell that is" if len(faults) == 1 else "cells that are"
    return IntakeError(
        f"{len(faults):,} {noun} not a number: {listed(named, 6)}.",
        hint=f"Mend these cells, or declare a text that means no value as missing.{comma_hint}",
        failures=faults,
    )
