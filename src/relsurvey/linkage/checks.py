"""What makes linking impossible, said so that it can be mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import numpy as np

from relsurvey.errors import LinkError, listed, suggestion
from relsurvey.linkage.ids import SIDES, Ids, near_miss

__all__ = [
    "HEADING_ROWS",
    "eager_frame",
    "nobody_linked",
    "require_columns",
    "require_same_kind",
    "rows_by_id",
]

HEADING_ROWS = 2  # the first row of data is row 2 of a spreadsheet
IDS_SHOWN = 3


def eager_frame(data: Any, side: str) -> nw.DataFrame[Any]:
    """Return a side as a frame, collected; it has rows and unique column names."""
    try:
        native: nw.DataFrame[Any] | nw.LazyFrame[Any] = nw.from_native(data)
    except TypeError as problem:
        raise LinkError(
            f"For {SIDES[side]} a frame is needed; this is a {type(data).__name__}.",
            hint="Give a pandas or Polars frame; of answers that were read, responses.to_frame().",
        ) from problem
    except nw.exceptions.DuplicateError as problem:
        raise LinkError(
            f"{SIDES[side].capitalize()} has columns of the same name.",
            hint="Rename them so that each is unique.",
        ) from problem
    frame = native.collect() if isinstance(native, nw.LazyFrame) else native
    if len(frame) == 0:
        raise LinkError(f"{SIDES[side].capitalize()} has no rows.", hint="Check what was read.")
    return frame


def require_columns(sides: Mapping[str, nw.DataFrame[Any]], on: str, team: str | None) -> None:
    """Refuse column names that are not there, with the likely slip."""
    failures = []
    for side, frame in sides.items():
        if on not in frame.columns:
            failures.append(_missing_column(on, frame.columns, SIDES[side]))
    everywhere = [*sides["workers"].columns, *sides["service_users"].columns]
    if team is not None and team not in everywhere:
        failures.append(_missing_column(team, everywhere, "either table"))
    if failures:
        raise LinkError(
            "A column needed for linking is not there.",
            hint="Workers and service users need the worker's id under the same name; "
            "rename a column, or name it with on=... or team=....",
            failures=failures,
        )


def _missing_column(name: str, columns: Sequence[str], where: str) -> dict[str, str]:
    fault = {"column": name, "missing in": where}
    near = suggestion(name, columns)
    if near:
        fault["did you mean"] = near
    return {**fault, "columns": listed(columns)}


def require_same_kind(ids: Mapping[str, Ids], on: str) -> None:
    """Refuse text ids on one side and numbers on the other."""
    if {column.kind for column in ids.values()} == {"text", "numbers"}:
        faults = [{"table": SIDES[side], "ids are": column.kind} for side, column in ids.items()]
        raise LinkError(
            f"The ids in {on!r} are text in one table and numbers in the other, so '007' and 7 "
            "could be one worker or two.",
            hint="Read ids as text on both sides, so that they stay as they are: "
            f"pandas.read_csv(path, dtype={{{on!r}: str}}).",
            failures=faults,
        )


def rows_by_id(ids: Ids, on: str) -> dict[str, int]:
    """Return the row (from 0) of each worker id; refuse ids that are there twice."""
    twice = np.flatnonzero(np.bincount(ids.codes[ids.codes >= 0]) > 1)
    failures = [
        {
            on: ids.texts[code],
            "rows": listed((np.flatnonzero(ids.codes == code) + HEADING_ROWS).tolist()),
        }
        for code in twice
    ]
    if failures:
        raise LinkError(
            f"{len(failures)} worker id{'s are' if len(failures) > 1 else ' is'} there more than "
            "once; each worker needs one row.",
            hint="Keep one row a worker (the later answer, or one wave). "
            "Rows are counted as in a spreadsheet: the heading is row 1.",
            failures=failures,
        )
    rows = np.flatnonzero(ids.codes >= 0)
    return {ids.texts[ids.codes[row]]: int(row) for row in rows}


def nobody_linked(ids: Mapping[str, Ids], on: str) -> LinkError:
    """Return the error that says how the ids of the two sides look."""
    empty = [SIDES[side] for side, column in ids.items() if not column.texts]
    if empty:
        return LinkError(
            f"No worker could be linked: all ids are blank in {' and '.join(empty)}.",
            hint=f"Is {on!r} the right column?",
        )
    shown = [
        {"table": SIDES[side], "first ids": listed([repr(t) for t in column.texts[:IDS_SHOWN]])}
        for side, column in ids.items()
    ]
    near = near_miss(ids["service_users"].texts, ids["workers"].texts)
    hint = "Are these ids of the same kind, and from the same study?"
    if near:
        ways = listed([f"{way} ({count})" for way, count in near.items()])
        count = sum(near.values())
        hint = (
            f"{count} id{'s' if count > 1 else ''} would match but for how "
            f"{'they are' if count > 1 else 'it is'} written: {ways}. Ids are never changed "
            "here; make them the same in both tables first."
        )
    return LinkError("No service user has the id of any worker.", hint=hint, failures=shown)
