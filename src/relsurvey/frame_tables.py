"""Any result's frame as a table for people: titles for columns, numbers as they are read."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

from relsurvey.text import counted
from relsurvey.views import Table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["column_title", "frame_table"]

MOST_ROWS = 12
MOST_COLUMNS = 14
MISSING = "–"
MINUS = "−"

# Of a number the first three digits that differ from zero, and never more than four decimals.
DIGITS = 3
MOST_PLACES = 4

_P_VALUES = ("p", "p_value", "p_adjusted", "p_holm", "p_max_t", "correlation_p")

_WHOLE_TITLES = {
    "p": "p",
    "p_value": "p",
    "n": "n",
    "conf_low": "Interval, from",
    "conf_high": "Interval, to",
    "sd": "SD",
    "std_error": "Standard error",
    "df": "Degrees of freedom",
    "df_num": "Degrees of freedom, first",
    "df_den": "Degrees of freedom, second",
    "k": "Questions",
}
_WORDS = {
    "icc": "ICC", "sd": "SD", "se": "standard error", "ci": "interval", "aic": "AIC", "bic": "BIC",
    "cfi": "CFI", "tli": "TLI", "rmsea": "RMSEA", "srmr": "SRMR", "df": "df", "reml": "REML",
    "rwg": "r_wg", "id": "id", "cvi": "CVI", "cvr": "CVR", "iqr": "IQR", "vif": "VIF", "r": "r",
}  # fmt: skip
_SMALL = ("r", "rwg", "df")  # signs, which no capital may change
_ENDS = {"low": "from", "high": "to"}


def frame_table(
    frame: pd.DataFrame,
    *,
    id: str,  # noqa: A002
    caption: str,
    full: bool = False,
) -> Table:
    """Return a frame as a table for people.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a thing.
    id, caption : str
        Of the table.
    full : bool
        Whether all rows and columns are shown; if not, the first ones and how many there are more.

    Returns
    -------
    Table
        Numbers have three digits that count, thousands set apart; what is missing (NaN, None)
        is an en dash. A note says how much was cut.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"scale": ["RIA", "SA"], "n_items": [4, 4], "alpha": [0.8123, None]})
    >>> table = frame_table(frame, id="reliability", caption="Reliability")
    >>> table.columns, table.rows
    (('Scale', 'Number of items', 'Alpha'), (('RIA', '4', '0.812'), ('SA', '4', '–')))
    """
    shown = frame if full else frame.iloc[:MOST_ROWS, :MOST_COLUMNS]
    texts = [column_texts(name, list(shown.iloc[:, place])) for place, name in enumerate(shown)]
    words = {place for place in range(shown.shape[1]) if not _is_numeric(shown.iloc[:, place])}
    return Table(
        id=id,
        caption=caption,
        columns=tuple(column_title(name) for name in shown),
        rows=tuple(zip(*texts, strict=True)),
        notes=_cut(frame, shown),
        text_columns=frozenset({0, *words}),
    )


def column_title(name: Hashable) -> str:
    """Return the heading of a column for people.

    Names of other making than ours (of items, of a user's columns) stay as they are.

    Examples
    --------
    >>> [column_title(name) for name in ("alpha_low", "n_workers", "p_value", "RIA1", "icc1")]
    ['Alpha, from', 'Number of workers', 'p', 'RIA1', 'ICC1']
    """
    text = str(name)
    if text in _WHOLE_TITLES:
        return _WHOLE_TITLES[text]
    if not text.replace("_", "a").isalnum() or text != text.lower() or not text:
        return text
    first, *rest = text.split("_")
    if first == "n" and rest:
        return " ".join(["Number of", *(_word(word) for word in rest)])
    *middle, last = [first, *rest]
    ending = f", {_ENDS[last]}" if middle and last in _ENDS else f" {_word(last)}"
    title = (" ".join(_word(word) for word in middle) + ending).strip()
    return title if first.rstrip("0123456789") in _SMALL else title[0].upper() + title[1:]


def _word(word: str) -> str:
    letters = word.rstrip("0123456789")
    return _WORDS.get(letters, letters) + word[len(letters) :]


def _is_numeric(column: pd.Series[Any]) -> bool:
    return column.dtype.kind in "iuf"


def _cut(frame: pd.DataFrame, shown: pd.DataFrame) -> tuple[str, ...]:
    rows, columns = (frame.shape[axis] - shown.shape[axis] for axis in (0, 1))
    more = [counted(rows, "row")] if rows else []
    more += [counted(columns, "column")] if columns else []
    return (f"There are {' and '.join(more)} more: to_frame() has them all.",) if more else ()


def column_texts(name: Hashable, values: Sequence[Any]) -> list[str]:
    """Return the texts of a column, all numbers in it with as many decimals."""
    if str(name) in _P_VALUES:
        return [_p_value(value) if _is_number(value) else _text(value) for value in values]
    places = _places([float(value) for value in values if _is_number(value)])
    return [_number(float(v), places) if _is_number(v) else _text(v) for v in values]


def _is_number(value: object) -> bool:
    # A flag is a number to Python, and not to a reader.
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


def _places(numbers: Sequence[float]) -> int:
    """Return the decimals that show the digits of the number in the middle."""
    if all(number.is_integer() for number in numbers):
        return 0
    sizes = sorted(abs(number) for number in numbers if number)
    middle = sizes[len(sizes) // 2]
    return min(max(DIGITS - 1 - math.floor(math.log10(middle)), 0), MOST_PLACES)


def _number(value: float, places: int) -> str:
    return f"{round(value, places) + 0.0:,.{places}f}".replace("-", MINUS)


def _p_value(value: float) -> str:
    return "< .001" if value < 0.001 else f"{value:.3f}".removeprefix("0")


def _text(value: Any) -> str:
    import pandas as pd  # whoever has a frame has loaded it

    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(_text(entry) for entry in value) or MISSING
    if pd.isna(value) or value == "":
        return MISSING
    if type(value).__name__ in ("bool", "bool_"):
        return "yes" if value else "no"
    if isinstance(value, Integral | Real):
        return str(value).replace("inf", "∞").replace("-", MINUS)
    return " ".join(str(value).split())
