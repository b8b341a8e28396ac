"""The explicit map from items to headings: a mapping, or a YAML file of lines ``item: heading``."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import RootModel

from relsurvey.documents import Fault, read_yaml, validate
from relsurvey.errors import IntakeError, listed, suggestion

__all__ = ["ColumnsLike", "read_column_map"]

ColumnsLike = Mapping[str, str] | str | os.PathLike[str]


class _ColumnMap(RootModel[dict[str, str | int | float]]):
    """Item ids and headings; a heading may look like a number."""


def read_column_map(columns: ColumnsLike | None, known: tuple[str, ...]) -> dict[str, str]:
    """Return the heading of each item that is mapped.

    Parameters
    ----------
    columns : mapping, path or None
        As given to ``read_responses``.
    known : tuple of str
        Ids that may be mapped.

    Returns
    -------
    dict of str to str
        Heading by id; empty where nothing was given.

    Raises
    ------
    IntakeError
        Where the file cannot be read or an id is not known; every fault is in ``.failures``.

    Examples
    --------
    >>> read_column_map({"A1": "Question 1"}, ("A1", "A2"))
    {'A1': 'Question 1'}
    """
    if columns is None:
        return {}
    if isinstance(columns, Mapping):
        faults = list(_unknown(columns, known=known))
        if faults:
            raise IntakeError(
                "The column map names what the instrument does not have.",
                failures=[
                    {"key": fault.place[-1], "found": fault.found, "allowed": fault.allowed}
                    for fault in faults
                ],
            )
        return {item: str(heading) for item, heading in columns.items()}
    raw = read_yaml(Path(columns), IntakeError, "column map")
    document = validate(raw, _ColumnMap, IntakeError, "column map", partial(_unknown, known=known))
    return {item: str(heading) for item, heading in document.root.items()}


def _unknown(content: Mapping[str, Any], known: tuple[str, ...]) -> Iterator[Fault]:
    for item in content:
        if item not in known:
            near = suggestion(str(item), known)
            guess = f"; did you mean {near!r}?" if near else ""
            yield Fault((item,), f"unknown item {item!r}", f"one of: {listed(known)}{guess}")
