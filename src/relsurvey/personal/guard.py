"""The last look before rows of persons are written: no column may hold what names a person."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relsurvey.errors import OutputError, listed
from relsurvey.personal.headings import heading_kind
from relsurvey.personal.id_names import naming_ids
from relsurvey.personal.kinds import KINDS, masked
from relsurvey.personal.scan import personal_texts
from relsurvey.pseudonyms import id_columns

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["refuse_personal"]

_ROWS_NAMED = 5
_COLUMNS_NAMED = 6


def refuse_personal(
    frames: Mapping[Path, pd.DataFrame], *, hidden: Collection[str] = (), ids: Collection[str] = ()
) -> None:
    """Stop before tables are written that hold personal data.

    Looked at are columns of text: by their name (a column "Email" or "First name" with anything
    in it) and by their cells (e-mail addresses, phone, NHS and National Insurance numbers, IP
    addresses, postcodes, dates of birth, names in free text). Numbers are scores. A column of
    ids all of one piece is not refused for the few that look like a number of that kind by
    chance; see `personal_texts`. Ids of people that are written as they are must look like ids:
    see `naming_ids`.

    Parameters
    ----------
    frames : mapping of path to pandas.DataFrame
        What is about to be written, and where.
    hidden : collection of str
        Columns that are written as pseudonyms; they may hold anything.
    ids : collection of str
        Columns of ids, for the remedy. Where it is a mapping, its values say of what: ids of a
        "team" may be words.

    Raises
    ------
    OutputError
        ``.failures`` has ``file, column, looks like, cells, rows``; never what stands there.
        Rows are those that the file would have, its heading being row 1.

    Examples
    --------
    >>> import pandas as pd
    >>> refuse_personal({Path("a.csv"): pd.DataFrame({"worker_id": ["007"], "RC": [4.5]})})
    """
    faults = [
        {"file": path.name, **fault}
        for path, frame in frames.items()
        for fault in _faults(frame, hidden, ids)
    ]
    if not faults:
        return
    columns = list(dict.fromkeys(fault["column"] for fault in faults))
    kept = [name for name in columns if name in ids]
    remedies = []
    if kept:
        remedies.append(
            "Leave out --keep-ids, so that ids are written as pseudonyms, or give people study "
            "ids that name nobody: an id of several words, or a date, may be somebody's name or "
            "day of birth."
        )
    if len(kept) < len(columns):
        remedies.append(
            "Delete such columns from the input, or replace what they hold by codes; comments "
            "that name people stay in the export."
        )
    raise OutputError(
        f"Nothing was written: {listed([repr(name) for name in columns], _COLUMNS_NAMED)} "
        f"{'looks' if len(columns) == 1 else 'look'} like personal data.",
        hint=" ".join(remedies),
        failures=faults,
    )


def _faults(
    frame: pd.DataFrame, hidden: Collection[str], ids: Collection[str]
) -> Iterator[dict[str, Any]]:
    of_what = ids if isinstance(ids, Mapping) else id_columns()
    for position, name in enumerate(map(str, frame.columns)):
        column = frame.iloc[:, position]
        if name in hidden or column.dtype.kind in "biufcmM":
            continue
        person = name in ids and of_what.get(name) != "team"
        for kind, rows in _rows_by_kind(name, column, person=person).items():
            yield {
                "column": masked(name),
                "looks like": KINDS[kind][1] if kind in KINDS else kind,
                "cells": len(rows),
                "rows": listed(rows, _ROWS_NAMED),
            }


def _rows_by_kind(name: str, column: pd.Series[Any], *, person: bool) -> dict[str, list[int]]:
    import numpy as np

    codes, distinct = column.factorize()
    texts = [str(value) for value in distinct]
    asked = heading_kind(name)
    if asked is not None and asked.sure:
        kinds = {place: asked.kind for place, text in enumerate(texts) if text.strip()}
    else:
        kinds = (naming_ids(texts) if person else {}) | personal_texts(texts)
    rows: dict[str, list[int]] = {}
    for kind in dict.fromkeys(kinds.values()):
        places = [place for place, found in kinds.items() if found == kind]
        rows[kind] = [int(row) + 2 for row in np.flatnonzero(np.isin(codes, places))]
    return rows
