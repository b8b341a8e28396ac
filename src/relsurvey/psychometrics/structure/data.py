"""The rows a model is fitted to: keyed items, group by group."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import narwhals as nw
import numpy as np
import numpy.typing as npt

from relsurvey.errors import ModelError, listed, suggestion
from relsurvey.frames import float_array
from relsurvey.instruments import Instrument, InstrumentLike
from relsurvey.intake import Responses
from relsurvey.moments.group_columns import as_column, take_columns
from relsurvey.moments.group_ids import group_codes
from relsurvey.scoring import keyed_items
from relsurvey.scoring.answers import answers_of, instrument_of
from relsurvey.scoring.columns import Frame, as_frame, require_columns, text_labels
from relsurvey.scoring.keying import keyed
from relsurvey.scoring.validity import require_on_scale

__all__ = ["GroupRows", "StructureData", "columns_of", "large_groups", "structure_data"]

Array: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GroupRows:
    """The rows of one group.

    Attributes
    ----------
    label : hashable
        Of the group; ``None`` where there are no groups.
    frame : narwhals.DataFrame
        Keyed items as floats, in the order of the model; null or NaN is no answer.
    """

    label: Hashable
    frame: nw.DataFrame[Any]

    @property
    def rows(self) -> Array:
        """The answers, shape (n, p); NaN where there is none."""
        return float_array(self.frame)


@dataclass(frozen=True, slots=True)
class StructureData:
    """All rows that belong to a group.

    Attributes
    ----------
    items : tuple of str, length p
    groups : tuple of GroupRows
        Sorted by label; one entry with the label ``None`` where there are no groups.
    n_total : int
        Rows given, also those without a group.
    without_group : int
        Rows left out because nothing stands in the group column.
    instrument : Instrument or None
    left_out : tuple
        Labels of groups that are too small; ``n_total`` is without their rows, which else could
        be told by subtraction.
    """

    items: tuple[str, ...]
    groups: tuple[GroupRows, ...]
    n_total: int
    without_group: int
    instrument: Instrument | None
    left_out: tuple[Hashable, ...] = ()


def columns_of(data: Any) -> list[str]:
    """Return the names of the columns there are, as texts."""
    if isinstance(data, Responses):
        return [str(name) for name in data.items.columns]
    return [str(name) for name in as_frame(text_labels(data)).collect_schema().names()]


def structure_data(
    data: Any,
    items: Sequence[str],
    instrument: InstrumentLike | None = None,
    group: Any = None,
) -> StructureData:
    """Key the items of a model and part the rows by group.

    Parameters
    ----------
    data : Responses, or a pandas, Polars (eager or lazy) or PyArrow frame
        One row a respondent.
    items : sequence of str
        The items of the model.
    instrument : Instrument, str or path, optional
        Where given (or brought by the responses), its reversed items are turned here.
    group : str, or a column of labels with one entry a row, optional
        A column of the data (of responses: of ``meta`` or ``context``). Which group each row
        belongs to: integers, texts, categories or truth values.

    Returns
    -------
    StructureData
        Rows without a group are left out and counted.

    Raises
    ------
    ModelError
        Where the group column is unknown, or fewer than two groups are in it.
    ScoringError
        As ``keyed_items``.
    """
    found = instrument_of(data, instrument)
    table = _collected(_keyed(data, items, found))
    if group is None:
        return StructureData(tuple(items), (GroupRows(None, table),), len(table), 0, found)
    codes, labels = _groups(data, group, len(table))
    order = _sorted(labels)
    groups = [
        GroupRows(_plain_label(labels[code]), table.filter((codes == code).tolist()))
        for code in order
    ]
    if len(groups) < 2:
        named = listed([repr(part.label) for part in groups]) or "no label at all"
        raise ModelError(
            f"A comparison needs two groups or more; found {named}.",
            hint="Check the group column, or leave group out.",
        )
    missing = int(np.count_nonzero(codes < 0))
    return StructureData(tuple(items), tuple(groups), len(table), missing, found)


def large_groups(data: StructureData, minimum: int, *, gaps: bool) -> StructureData:
    """Return the data without the groups that are too small for anything to be shown of them.

    Parameters
    ----------
    data : StructureData
        With or without groups.
    minimum : int
        Rows that a group needs.
    gaps : bool
        Whether rows with an unanswered item count.

    Raises
    ------
    ModelError
        Where fewer than two groups are left.
    """
    if len(data.groups) < 2:
        return data
    small = [group for group in data.groups if _usable(group, gaps=gaps) < minimum]
    large = tuple(group for group in data.groups if all(group is not one for one in small))
    if len(large) < 2:
        raise ModelError(
            f"Fewer than two groups are large enough to be compared: each needs {minimum} rows "
            f"{'with an answer' if gaps else 'that answer every item'}.",
            hint="Name a column with fewer groups, or put groups together.",
        )
    return replace(
        data,
        groups=large,
        n_total=data.n_total - sum(len(group.frame) for group in small),
        left_out=tuple(group.label for group in small),
    )


def _usable(group: GroupRows, *, gaps: bool) -> int:
    given = ~np.isnan(group.rows)
    return int((given.any(axis=1) if gaps else given.all(axis=1)).sum())


def _keyed(data: Any, items: Sequence[str], instrument: Instrument | None) -> Frame:
    if instrument is None:
        return keyed_items(data, scales={"model": list(items)}).frame
    unscored = [item for item in items if item not in instrument.item_ids]
    if unscored:
        raise ModelError(
            f"{listed(unscored)} is no scored item of {instrument.id}.",
            hint=f"Its items: {listed(instrument.item_ids)}.",
        )
    answers = answers_of(data, instrument)
    require_columns(answers.frame, list(items))
    require_on_scale(answers, list(items))
    return answers.frame.select(*[keyed(item, answers).alias(item) for item in items])


def _collected(frame: Frame) -> nw.DataFrame[Any]:
    return frame.collect() if isinstance(frame, nw.LazyFrame) else frame


def _groups(data: Any, group: Any, n_rows: int) -> tuple[npt.NDArray[np.intp], list[Any]]:
    if isinstance(group, str):
        column = _column(data, group)
        name = group
    else:
        name = "group"
        column = take_columns({name: group}, [name]).by_name[name]
    codes, labels = group_codes(column, name)
    if len(codes) != n_rows:
        raise ModelError(
            f"The group column has {len(codes):,} entries and the data have {n_rows:,} rows.",
            hint="Give one label a row, or the name of a column of the data.",
        )
    return codes, list(labels)


def _column(data: Any, name: str) -> Any:
    tables = [data]
    if isinstance(data, Responses):
        tables = [data.meta, data.context]
    frames = [as_frame(text_labels(table)) for table in tables]
    names = [str(column) for frame in frames for column in frame.collect_schema().names()]
    for frame in frames:
        if name in frame.collect_schema().names():
            return as_column(_collected(frame.select(name)).get_column(name))
    near = suggestion(name, names)
    guess = f"Did you mean {near!r}? " if near else ""
    raise ModelError(
        f"There is no group column {name!r}.",
        hint=f"{guess}The data have: {listed(names) or 'no column'}.",
    )


def _sorted(labels: Sequence[Any]) -> list[int]:
    """Return positions in the order of the labels, so that the order of rows does not matter."""
    return sorted(range(len(labels)), key=lambda i: _sort_key(labels[i]))


def _sort_key(label: Any) -> tuple[int, float, str]:
    number = isinstance(label, int | float | np.number | np.bool_)
    return (0, float(label), "") if number else (1, 0.0, str(label))


def _plain_label(label: Any) -> Hashable:
    plain = label.item() if isinstance(label, np.generic) else label
    if isinstance(plain, float) and plain.is_integer():
        return int(plain)
    return plain if isinstance(plain, str | int | float) else str(plain)
