"""Off-scale values: found in one aggregated pass, listed only when there are some."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import reduce
from operator import and_
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.errors import ScoringError, listed
from relsurvey.frames import float_array, float_columns, spreadsheet_rows
from relsurvey.scoring.answers import Answers
from relsurvey.scoring.columns import require_numbers

__all__ = ["plain", "require_on_scale"]

# A million rows with a wrong scale would otherwise become sixteen million dictionaries.
MOST_FAILURES = 100_000


def require_on_scale(answers: Answers, items: Sequence[str]) -> None:
    """Make sure that every number is a code of the instrument, or declared as none.

    On a lazy frame it is a query of its own, one pass of aggregations; the values themselves
    are read only where that pass found something.

    Parameters
    ----------
    answers : Answers
        Codes as answered.
    items : sequence of str
        The item columns.

    Raises
    ------
    ScoringError
        Where a column is not numeric, or a value is off the scale; ``.failures`` then has
        ``row`` (that of the file for responses; otherwise as in a spreadsheet, whose heading
        is row 1), ``column`` and ``value``.
    """
    require_numbers(answers.frame, items)
    if not isinstance(answers.frame, nw.LazyFrame):
        columns = float_columns(_collected(answers, items))
        if any(_off(column, answers).any() for column in columns):
            raise _as_error(answers, items)
        return
    schema = answers.frame.collect_schema()
    signs = [
        expression.alias(f"{item} {sign}")
        for item in items
        for sign, expression in _signs(item, answers, whole=schema[item].is_integer()).items()
    ]
    table = answers.frame.select(*signs).collect()
    # A column without any answer has no smallest value: None, NaN or pandas' NA.
    row = zip(table.columns, table.row(0), strict=True)
    seen = {name: value for name, value in row if not pd.isna(value)}
    found = [item for item in items if _is_off(item, seen, answers)]
    if found:
        raise _as_error(answers, found)


def _signs(item: str, answers: Answers, *, whole: bool) -> dict[str, nw.Expr]:
    """Return what is to be found out about a column, as aggregations.

    Where the codes are consecutive whole numbers, as they mostly are, the smallest and the
    largest value and whether there is a fraction are enough; otherwise every code is compared.
    """
    column = nw.col(item) if whole else nw.col(item).cast(nw.Float64)
    for blank in answers.blanks:
        column = nw.when(column != plain(blank)).then(column)
    if _consecutive(answers):
        ends = {"lowest": column.min(), "highest": column.max()}
        return ends if whole else ends | {"fraction": (column.floor() < column).any()}
    known = column if whole else column.fill_nan(None)
    codes = [plain(value) for value in answers.codes]
    return {"off": reduce(and_, [~known.is_null(), *[known != code for code in codes]]).any()}


def _is_off(item: str, seen: Mapping[str, Any], answers: Answers) -> bool:
    lowest, highest = seen.get(f"{item} lowest"), seen.get(f"{item} highest")
    scale = answers.instrument.response_scale
    below = lowest is not None and lowest < scale.minimum
    above = highest is not None and highest > scale.maximum
    return bool(below or above or seen.get(f"{item} fraction") or seen.get(f"{item} off"))


def _consecutive(answers: Answers) -> bool:
    codes = answers.codes
    return all(code == codes[0] + step for step, code in enumerate(codes)) and codes[0] % 1 == 0


def _off(values: npt.NDArray[np.float64], answers: Answers) -> npt.NDArray[np.bool_]:
    """Say which values are neither a code, nor declared as none, nor missing."""
    allowed = np.array([*answers.codes, *answers.blanks])
    return ~(np.isin(values, allowed) | np.isnan(values))


def _as_error(answers: Answers, columns: Sequence[str]) -> ScoringError:
    table = _collected(answers, columns)
    values, rows = float_array(table), spreadsheet_rows(table)
    where = np.argwhere(_off(values, answers))
    failures = [
        {"row": int(rows[i]), "column": columns[j], "value": plain(values[i, j])}
        for i, j in where[:MOST_FAILURES]
    ]
    found = [columns[j] for j in np.unique(where[:, 1])]
    extra = [plain(value) for value in answers.blanks if math.isfinite(value)]
    count = "1 value is" if len(where) == 1 else f"{len(where):,} values are"
    more = f" The first {MOST_FAILURES:,} are listed." if len(where) > MOST_FAILURES else ""
    return ScoringError(
        f"{count} not on the scale of {answers.instrument.id}, in {listed(found)}.{more}",
        hint=f"Allowed: {listed([plain(code) for code in answers.codes], most=20)}"
        f"{f'; as no answer or does not apply: {listed(extra)}' if extra else ''}; or empty. "
        "Correct the values, or recode them before scoring: nothing is averaged in.",
        failures=failures,
    )


def _collected(answers: Answers, columns: Sequence[str]) -> nw.DataFrame[Any]:
    picked = answers.frame.select(*[nw.col(name).cast(nw.Float64) for name in columns])
    return picked.collect() if isinstance(picked, nw.LazyFrame) else picked


def plain(value: float) -> int | float:
    """Return a whole number as an integer: 7, not 7.0.

    Examples
    --------
    >>> plain(7.0), plain(3.5)
    (7, 3.5)
    """
    return int(value) if float(value).is_integer() else float(value)
