"""Read a panel's ratings of relevance: one row a rating, or one row a rater."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import narwhals as nw

from relsurvey.errors import IntakeError, listed, suggestion
from relsurvey.frames import spreadsheet_rows
from relsurvey.instruments import Instrument, fold_label

__all__ = ["ALL", "Rating", "ratings_of"]

ALL = "all"
WHO = ("rater", "group")
WHAT = ("item", "relevance")
PASSED_OVER = ("comment", "gist", "note")
SHAPES = (
    "Either one row a rating, with the columns rater, group, item and relevance, or one row a "
    "rater, with the columns rater and group and one column an item, headed by its id."
)
_RATING = re.compile(r"([1-4])(\.0*)?")


@dataclass(frozen=True)
class Rating:
    """What one person said of one item; ``relevance`` is None where nothing was said."""

    row: int
    rater: str
    group: str
    item: str
    relevance: int | None


Fault = Mapping[str, Any]


def ratings_of(instrument: Instrument, frame: Any) -> list[Rating]:
    """Read ratings, every fault at once.

    Parameters
    ----------
    instrument : Instrument
        The instrument whose items were rated.
    frame : frame
        Eager: pandas, Polars or PyArrow; of one of the two shapes, told apart by the headings.
        The columns ``comment``, ``gist`` and ``note`` are passed over.

    Returns
    -------
    list of Rating
        In the order of the rows, blank ratings included.

    Raises
    ------
    IntakeError
        Where the headings are of neither shape or of both, or a cell is not what it has to be;
        ``.failures`` has ``row, column, value, fault``. No rater is named in it.
    """
    table = _frame(frame)
    names = {str(name).strip(): str(name) for name in table.columns}
    is_long = _is_long(instrument, [str(name).strip() for name in table.columns])
    rows = [
        {name: _text(record[column]) for name, column in names.items()}
        for record in table.iter_rows(named=True)
    ]
    numbered = list(zip(map(int, spreadsheet_rows(frame)), rows, strict=True))
    filled = [(number, row) for number, row in numbered if any(row.values())]
    if not filled:
        raise IntakeError("The ratings hold no row.", hint=SHAPES)
    faults: list[Fault] = []
    read = _long if is_long else _wide
    ratings = list(read(instrument, filled, faults.append))
    faults += _who(filled)
    if faults:
        _refuse(sorted(faults, key=lambda fault: fault["row"]))
    return ratings


def _frame(frame: Any) -> nw.DataFrame[Any]:
    if isinstance(frame, str | os.PathLike):
        raise IntakeError(
            "The ratings are a table, not a file name.",
            hint="Read the file first: relsurvey.intake.read_table(path).",
        )
    try:
        return nw.from_native(frame, eager_only=True, pass_through=False)
    except nw.exceptions.DuplicateError as problem:
        raise IntakeError("A heading of the ratings stands twice.", hint=SHAPES) from problem


def _is_long(instrument: Instrument, headings: list[str]) -> bool:
    items = [name for name in headings if name in instrument.items.ids]
    long = [name for name in WHAT if name in headings]
    faults = [{"column": name, "fault": "missing"} for name in WHO if name not in headings]
    faults += _strange(instrument, headings)
    if items and long:
        both = f"{listed([*long, *items])} stand side by side: one row a rating, or one a rater?"
        faults.append({"column": long[0], "fault": both})
    elif len(long) == 1:
        (missing,) = set(WHAT) - set(long)
        faults.append({"column": missing, "fault": "missing"})
    elif not items and not long:
        faults.append({"column": "item", "fault": "missing; and no column is headed by an item"})
    if faults:
        raise IntakeError(
            "The headings of the ratings are not as they have to be.", hint=SHAPES, failures=faults
        )
    return bool(long)


def _strange(instrument: Instrument, headings: list[str]) -> Iterator[dict[str, str]]:
    known = (*WHO, *WHAT, *instrument.items.ids)
    for name in dict.fromkeys(headings):
        if headings.count(name) > 1:
            yield {"column": name, "fault": "stands twice"}
        if name not in (*known, *PASSED_OVER):
            near = suggestion(name, known, 0.7)
            guess = f"did you mean {near!r}?" if near else "neither an item nor a known heading"
            yield {"column": name, "fault": guess}


def _long(
    instrument: Instrument, rows: Iterable[tuple[int, dict[str, str]]], tell: Callable[[Fault], Any]
) -> Iterator[Rating]:
    first: dict[tuple[str, str], int] = {}
    for number, row in rows:
        name = row["item"]
        if name not in instrument.items.ids:
            near = suggestion(name, instrument.items.ids)
            guess = f"did you mean {near!r}?" if near else f"{instrument.id} has no such item"
            tell(_fault(number, "item", name, guess if name else "blank"))
            continue
        before = first.setdefault((row["rater"], name), number)
        if before != number and row["rater"]:
            what = f"rated by the same person before, in row {before}"
            tell(_fault(number, "item", name, what))
        yield from _rating(number, row, name, "relevance", tell)


def _wide(
    instrument: Instrument, rows: Iterable[tuple[int, dict[str, str]]], tell: Callable[[Fault], Any]
) -> Iterator[Rating]:
    first: dict[str, int] = {}
    for number, row in rows:
        before = first.setdefault(row["rater"], number)
        if before != number and row["rater"]:
            tell(_fault(number, "rater", "", f"the same person as in row {before}"))
        for name in instrument.items.ids:
            if name in row:
                yield from _rating(number, row, name, name, tell)


def _rating(
    number: int, row: dict[str, str], item: str, column: str, tell: Callable[[Fault], Any]
) -> Iterator[Rating]:
    text = row[column]
    match = _RATING.fullmatch(text)
    if text and match is None:
        tell(_fault(number, column, text, "a rating is 1, 2, 3 or 4"))
        return
    yield Rating(number, row["rater"], row["group"], item, int(match[1]) if match else None)


def _who(rows: Iterable[tuple[int, dict[str, str]]]) -> Iterator[Fault]:
    """Tell of blank raters and groups, groups spelled in two ways, and raters in two groups."""
    spelled: dict[str, tuple[int, str]] = {}
    placed: dict[str, tuple[int, str]] = {}
    for number, row in rows:
        yield from (_fault(number, column, "", "blank") for column in WHO if not row[column])
        group = row["group"]
        if not group or not row["rater"]:
            continue
        if fold_label(group) == ALL:
            yield _fault(number, "group", group, "this word stands for all groups together")
        first, same = spelled.setdefault(fold_label(group), (number, group))
        before, placed_in = placed.setdefault(row["rater"], (number, group))
        if same != group:
            yield _fault(number, "group", group, f"written {same!r} in row {first}")
        elif placed_in != group:
            what = f"the same person is in the group {placed_in!r} in row {before}"
            yield _fault(number, "group", group, what)


def _fault(row: int, column: str, value: str, fault: str) -> Fault:
    return {"row": row, "column": column, "value": value, "fault": fault}


def _refuse(faults: list[Fault]) -> NoReturn:
    one = len(faults) == 1
    count = "one cell is not as it has" if one else f"{len(faults)} cells are not as they have"
    raise IntakeError(
        f"The ratings cannot be used: {count} to be.",
        hint="Mend the file. A rating that was not given is left blank; every rater has one id "
        "and one group.",
        failures=faults,
    )


def _text(value: Any) -> str:
    # A missing value is None, or a NaN, which does not equal itself.
    return "" if value is None or value != value else str(value).strip()
