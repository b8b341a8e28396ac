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
from relsurvey.frames import spreadsheet_rows
from relsurvey.intake.files.containers import read_container
from relsurvey.intake.files.records import MOST_FAILURES
from relsurvey.intake.fold import shown, shown_answer, trimmed
from relsurvey.intake.long_numbers import refuse_long_numbers
from relsurvey.intake.text_column import TextColumn
from relsurvey.personal import masked_answer
from relsurvey.tables import restored

__all__ = ["covariate_columns", "numeric_columns", "read_table"]


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
        Text columns, missing where blank. Ids stay as they are: "007" is "007". The index,
        named "row", is the row in the file as a spreadsheet counts. An apostrophe before one of
        = + - @ is taken off: relsurvey writes it there, so that no spreadsheet takes the text
        for a formula.

    Raises
    ------
    IntakeError
        Where the file cannot be read as a table, a heading stands twice, or a workbook holds
        a number of more than fifteen digits, the last of which it does not keep.

    See Also
    --------
    numeric_columns : turn some of the columns to numbers.
    """
    table = read_container(Path(path))
    refuse_long_numbers(table, table.long_numbers)
    heading = [restored(trimmed(text)) for text in table.heading]
    names = [text or f"column_{i}" for i, text in enumerate(heading, start=1)]
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise IntakeError(
            f"{table.path.name} has more than one column with the heading "
            f"{listed([shown(name) for name in twice])}.",
            hint="Give every column a heading of its own.",
        )
    blanks = {trimmed(token) for token in missing}
    columns = (TextColumn(tuple(map(restored, one.trimmed)), one.codes) for one in table.columns)
    table = table.replaced(columns=tuple(columns))
    return pd.DataFrame({name: table.answers(i, blanks) for i, name in enumerate(names)})


def numeric_columns(
    frame: pd.DataFrame,
    names: Sequence[str],
    *,
    missing: Iterable[str] = (),
    source: str | None = None,
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
    source : str, optional
        Name of the file, for messages.

    Returns
    -------
    pandas.DataFrame
        The frame with these columns as float64, NaN where missing; all others unchanged.

    Raises
    ------
    IntakeError
        Where there is no such column, or a cell is not a number. ``.failures`` has
        ``row, column, value``; rows are those of the index named "row", otherwise they are
        counted as in a spreadsheet whose heading is row 1. A column of words alone stands there
        once, with the first of its rows and its different words.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"worker": ["007", "008"], "score": ["3.5", "-"]})
    >>> numeric_columns(frame, ["score"], missing=["-"])["score"].tolist()
    [3.5, nan]
    """
    _require_columns(frame, names, source)
    blanks = {"", *(trimmed(token) for token in missing)}
    rows = spreadsheet_rows(frame)
    result = frame.copy()
    counts: Counter[str] = Counter()
    faults: list[dict[str, Any]] = []
    words: dict[str, Counter[str]] = {}
    for name in dict.fromkeys(names):
        if frame[name].dtype.kind in "iuf":
            result[name] = frame[name].astype("float64")
            continue
        numbers, wrong = _numbers(frame[name], blanks)
        result[name] = numbers
        texts = Counter(frame[name][wrong].astype("str"))
        if texts and np.isnan(numbers).all() and not any(map(_has_digit, texts)):
            words[name] = texts
            first = int(rows[int(np.flatnonzero(wrong)[0])])
            faults.append({"row": first, "column": name, "value": f"words: {_distinct(texts)}"})
            continue
        counts.update(texts)
        faults += [
            {
                "row": int(rows[place]),
                "column": name,
                "value": masked_answer(str(frame[name].iloc[place])),
            }
            for place in np.flatnonzero(wrong)[: max(0, MOST_FAILURES - len(faults))]
        ]
    if counts or words:
        raise _not_numbers(counts, words, faults, source)
    return result


def covariate_columns(
    frame: pd.DataFrame,
    names: Sequence[str],
    *,
    missing: Iterable[str] = (),
    source: str | None = None,
) -> pd.DataFrame:
    """Turn text columns to numbers, but for those in which no cell is a number: these are words.

    Parameters
    ----------
    frame, names, missing, source
        As in ``numeric_columns``.

    Returns
    -------
    pandas.DataFrame
        The frame with these columns as float64, or as text that is missing where blank.

    Raises
    ------
    IntakeError
        Where there is no such column, or one holds both numbers and words.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"age": ["31", ""], "stage": ["new", "-"]})
    >>> covariate_columns(frame, ["age", "stage"], missing=["-"]).isna().sum().tolist()
    [1, 1]
    """
    _require_columns(frame, names, source)
    blanks = {"", *(trimmed(token) for token in missing)}
    words = [name for name in dict.fromkeys(names) if _of_words(frame[name], blanks)]
    numbers = [name for name in names if name not in words]
    result = numeric_columns(frame, numbers, missing=missing, source=source)
    for name in words:
        texts = frame[name].astype("str").map(trimmed, na_action="ignore")
        result[name] = texts.where(~texts.isin(blanks))
    return result


def _of_words(column: pd.Series[Any], blanks: set[str]) -> bool:
    """Whether a column has texts and none of them is a number."""
    if column.dtype.kind in "biuf":
        return False
    texts = [trimmed(str(text)) for text in column.dropna().unique()]
    said = [text for text in texts if text not in blanks]
    return bool(said) and all(_number(text) is None for text in said)


def _require_columns(frame: pd.DataFrame, names: Sequence[str], source: str | None) -> None:
    unknown = [name for name in dict.fromkeys(names) if name not in frame.columns]
    if not unknown:
        return
    there = [str(name) for name in frame.columns]
    guesses = [near for name in unknown if (near := suggestion(name, there))]
    guess = f"Did you mean {listed(guesses)}? " if guesses else ""
    where = f" in {source}" if source else ""
    raise IntakeError(
        f"There is no column {listed([shown(name) for name in unknown])}{where}.",
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


def _has_digit(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


def _distinct(texts: Counter[str]) -> str:
    """Return different texts and how many cells hold each, the most frequent first."""
    return listed([f"{shown_answer(text)} ({count:,})" for text, count in texts.most_common()], 6)


def _not_numbers(
    counts: Counter[str],
    words: dict[str, Counter[str]],
    faults: list[dict[str, Any]],
    source: str | None,
) -> IntakeError:
    parts = [
        f"{shown(name)} holds words and no numbers: {_distinct(texts)}."
        for name, texts in words.items()
    ]
    hints = []
    if words:
        hints.append("Code words as numbers first, such as yes as 1 and no as 0.")
    if counts:
        commas = any("," in value for value in counts)
        total = counts.total()
        noun = "cell that is" if total == 1 else "cells that are"
        cut = len(faults) - len(words) < total
        unlisted = f" The first {len(faults) - len(words):,} are listed." if cut else ""
        parts.append(f"{total:,} {noun} not a number: {_distinct(counts)}.{unlisted}")
        hints.append("Mend these cells.")
        if commas:
            hints.append("A decimal comma is not read as a number: write 3.5, not 3,5.")
    hints.append("Where a text means no value, name it with --missing-token / missing=.")
    return IntakeError(
        f"{f'{source}: ' if source else ''}{' '.join(parts)}",
        hint=" ".join(hints),
        failures=faults,
    )
