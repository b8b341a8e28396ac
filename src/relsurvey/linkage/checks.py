"""What makes linking impossible, said so that it can be mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.errors import LinkError, listed, suggestion
from relsurvey.linkage.ids import SIDES, Ids, near_miss
from relsurvey.personal import masked
from relsurvey.pseudonyms import is_pseudonym

__all__ = [
    "eager_frame",
    "nobody_linked",
    "require_columns",
    "require_same_kind",
    "rows_by_id",
]

SHAPES_FROM, SHAPES_SHOWN = 50, 3


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
    strange = [repr(name) for name in frame.columns if not isinstance(name, str)]
    if strange:
        raise LinkError(
            f"{SIDES[side].capitalize()} has column names that are not text: {listed(strange)}.",
            hint="Make them text first: frame.rename(columns=str).",
        )
    return _in_own_byte_order(frame)


def _in_own_byte_order(frame: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
    """Turn numbers written by another kind of machine, of which pandas cannot choose rows."""
    data = frame.to_native()
    if not isinstance(data, pd.DataFrame):
        return frame
    turned = {
        name: dtype.newbyteorder("=")
        for name, dtype in data.dtypes.items()
        if isinstance(dtype, np.dtype) and not dtype.isnative
    }
    return nw.from_native(data.astype(turned), eager_only=True) if turned else frame


def require_columns(sides: Mapping[str, nw.DataFrame[Any]], on: str, team: str | None) -> None:
    """Refuse column names that are not there, with the likely slip."""
    for option, name in (("on", on), ("team", team or "")):
        if not isinstance(name, str):
            raise LinkError(
                f"{option} is the name of one column; {name!r} is of type {type(name).__name__}.",
                hint="Give it as a text, for instance on='worker_id', team='team'.",
            )
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
            "rename a column, or name the column with --on / on= (the team with --team / team=).",
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


def rows_by_id(ids: Ids, on: str, rows: npt.NDArray[np.int64]) -> dict[str, int]:
    """Return the place (from 0) of each worker id; refuse ids that are there twice.

    Parameters
    ----------
    ids : Ids
        The workers'.
    on : str
        The column, for messages.
    rows : numpy.ndarray of int
        The row of each worker in the file, for messages.
    """
    places = np.flatnonzero(ids.codes >= 0)
    if len(places) == len(ids.texts):
        return {ids.texts[ids.codes[place]]: int(place) for place in places}
    order = places[np.argsort(ids.codes[places], kind="stable")]
    groups = np.split(order, np.flatnonzero(np.diff(ids.codes[order])) + 1)
    failures = [
        {on: masked(ids.texts[ids.codes[group[0]]]), "rows": listed(rows[group].tolist())}
        for group in groups
        if len(group) > 1
    ]
    raise LinkError(
        f"{len(failures):,} worker id{'s are' if len(failures) > 1 else ' is'} there more than "
        "once; each worker needs one row.",
        hint="Keep one row a worker in the file: the later answer, or the rows of one wave "
        "(change between waves is asked with relsurvey change). "
        "Rows are counted as in a spreadsheet: the heading is row 1.",
        failures=failures,
    )


def nobody_linked(ids: Mapping[str, Ids], on: str) -> LinkError:
    """Return the error that says how the ids of the two sides look."""
    empty = [SIDES[side] for side, column in ids.items() if not column.texts]
    if empty:
        return LinkError(
            f"No worker could be linked: all ids are blank in {' and '.join(empty)}.",
            hint=f"Is {on!r} the right column?",
        )
    shown = [
        {"table": SIDES[side], "ids look like": listed(_shapes(column.texts))}
        for side, column in ids.items()
    ]
    near = near_miss(ids["service_users"].texts, ids["workers"].texts)
    hint = (
        "Probably one of the two columns does not hold the worker's id, or the tables are not of "
        "the same study. Name the right column: worker: in a study file, --on or on= for tables."
    )
    if any(all(map(is_pseudonym, column.texts)) for column in ids.values()):
        hint = (
            "These are pseudonyms made with different keys, or only one side has pseudonyms: "
            "score both with the same --key."
        )
    elif near:
        ways = listed([f"{way} ({count})" for way, count in near.items()])
        count = sum(near.values())
        hint = (
            f"{count} id{'s' if count > 1 else ''} would match but for how "
            f"{'they are' if count > 1 else 'it is'} written: {ways}. Ids are never changed "
            "here; make them the same in both tables first."
        )
    return LinkError("No service user has the id of any worker.", hint=hint, failures=shown)


def _shapes(texts: Sequence[str]) -> list[str]:
    """Return how the first ids look, without telling one: "AA999" for "ZW048"."""
    shapes = (
        "".join(
            "9" if c.isdigit() else "A" if c.isupper() else "a" if c.isalpha() else c for c in t
        )
        for t in texts[:SHAPES_FROM]
        if masked(t) == t
    )
    personal = sorted({masked(t) for t in texts[:SHAPES_FROM] if masked(t) != t})
    return [*personal, *map(repr, dict.fromkeys(shapes))][:SHAPES_SHOWN]
