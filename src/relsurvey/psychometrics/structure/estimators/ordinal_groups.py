"""What ordinal items leave of the rows of each group: thresholds, correlations, covariances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import narwhals as nw
import numpy as np
import numpy.typing as npt

from relsurvey.errors import ModelError, listed
from relsurvey.moments.tables import MOST_CODES, ItemTables, item_tables
from relsurvey.psychometrics.polychoric_covariance import (
    asymptotic_covariance,
    influence_of,
    require_estimates,
)
from relsurvey.psychometrics.polychoric_fit import PolychoricFit, fit_polychoric

if TYPE_CHECKING:
    from relsurvey.psychometrics.structure.data import StructureData

__all__ = ["OrdinalGroup", "ordinal_groups"]

Array: TypeAlias = npt.NDArray[np.float64]
ITEMS = "model"


@dataclass(frozen=True, slots=True, eq=False)
class OrdinalGroup:
    """One group.

    Attributes
    ----------
    fit : PolychoricFit
        Thresholds and polychoric correlations.
    observed : ndarray, shape (s,)
        Thresholds item by item, then the lower triangle of correlations by columns.
    gamma : ndarray, shape (s, s)
        n times the covariance of these.
    n, n_total : int
        Rows that answer every item, and rows given.
    """

    fit: PolychoricFit
    observed: Array
    gamma: Array
    n: int
    n_total: int

    @property
    def weights(self) -> Array:
        """One over n times the variance of each statistic, shape (s,)."""
        weights: Array = 1 / np.diag(self.gamma)
        return weights


def ordinal_groups(data: StructureData) -> tuple[tuple[OrdinalGroup, ...], tuple[str, ...]]:
    """Estimate what is observed in each group, from the rows that answer every item.

    A category that nobody in one of the groups chose is joined, in every group, with the next
    lower one (the lowest with the next higher), until every group has answers in all of them.

    Parameters
    ----------
    data : StructureData
        Rows by group.

    Returns
    -------
    groups : tuple of OrdinalGroup
    notes : tuple of str
        Categories joined, cells filled, in sentences.

    Raises
    ------
    ModelError
        Where an item is not ordinal, does not vary in a group, or is in perfect order with
        another; ``.failures`` names all of them.
    """
    frames = [group.frame for group in data.groups]
    tables = [_tables(frame, data.items) for frame in frames]
    labels = [group.label for group in data.groups]
    _require_ordinal(tables, labels)
    notes: list[str] = []
    joined = [_joined([table.codes[i] for table in tables]) for i in range(len(data.items))]
    if any(len(set(ranks.values())) < len(ranks) for ranks in joined):
        notes += [_say(item, ranks) for item, ranks in zip(data.items, joined, strict=True)]
        frames = [_recoded(frame, data.items, joined) for frame in frames]
        tables = [_tables(frame, data.items) for frame in frames]
    groups = []
    for frame, table, label in zip(frames, tables, labels, strict=True):
        group = _group(frame, table)
        where = "" if label is None else f" in group {label!r}"
        notes += [f"Polychoric correlations{where}: {note}." for note in group.fit.notes]
        groups.append(group)
    return tuple(groups), tuple(note for note in notes if note)


def _tables(frame: nw.DataFrame[Any], items: Sequence[str]) -> ItemTables:
    return item_tables(frame, {ITEMS: items})[ITEMS]


def _group(frame: nw.DataFrame[Any], tables: ItemTables) -> OrdinalGroup:
    fit = fit_polychoric(tables)
    require_estimates(fit)
    gamma = asymptotic_covariance(frame, tables, influence_of(tables, fit))
    first, second = np.triu_indices(len(tables.columns), 1)
    observed = np.concatenate([*fit.thresholds, fit.correlation[first, second]])
    return OrdinalGroup(fit, observed, gamma, tables.n, tables.n_total)


def _require_ordinal(tables: Sequence[ItemTables], labels: Sequence[Any]) -> None:
    failures = []
    for table, label in zip(tables, labels, strict=True):
        where = {} if label is None else {"group": label}
        for place, name in enumerate(table.columns):
            why = _fault(table, place)
            if why:
                failures.append({"item": name, **where, "why": why})
    if failures:
        names = listed(list(dict.fromkeys(row["item"] for row in failures)))
        raise ModelError(
            f"WLSMV needs ordinal items that vary in every group; these do not: {names}.",
            hint='Leave them out of the model, or treat the items as continuous (estimator="ML").',
            failures=failures,
        )


def _fault(table: ItemTables, place: int) -> str:
    """Say why an item cannot be used in a group; nothing where it can."""
    if table.columns[place] in table.measures:
        return f"more than {MOST_CODES} different values: not an ordinal item"
    if not table.answered[place]:
        return "nobody answered it"
    if table.n == 0:
        return "" if not table.answered.all() else "no row answers every item"
    return "does not vary" if len(table.codes[place]) < 2 else ""


def _joined(codes: Sequence[Array]) -> dict[float, int]:
    """Return the rank of every code, codes that are joined having the same."""
    every = sorted({float(code) for own in codes for code in own})
    bins = [[code] for code in every]
    place = _lacking(bins, codes)
    while place is not None and len(bins) > 1:
        into = max(place - 1, 0)
        bins[into : into + 2] = [bins[into] + bins[into + 1]]
        place = _lacking(bins, codes)
    return {code: rank for rank, inside in enumerate(bins) for code in inside}


def _lacking(bins: Sequence[Sequence[float]], codes: Sequence[Array]) -> int | None:
    """Return the first category without an answer in one of the groups."""
    for place, inside in enumerate(bins):
        if not all(np.isin(own, inside).any() for own in codes):
            return place
    return None


def _say(item: str, ranks: dict[float, int]) -> str:
    together = [
        [code for code, own in ranks.items() if own == rank] for rank in set(ranks.values())
    ]
    words = [" and ".join(f"{code:g}" for code in inside) for inside in together if len(inside) > 1]
    if not words:
        return ""
    return (
        f"{item}: categories {listed(words)} were joined in every group, because nobody in one of "
        "the groups chose one of them."
    )


def _recoded(
    frame: nw.DataFrame[Any], items: Sequence[str], joined: Sequence[dict[float, int]]
) -> nw.DataFrame[Any]:
    columns = [
        nw.col(name).replace_strict(
            list(ranks), [float(rank) for rank in ranks.values()], return_dtype=nw.Float64
        )
        for name, ranks in zip(items, joined, strict=True)
    ]
    whole = ~nw.any_horizontal(
        *[nw.col(n).is_null() | nw.col(n).is_nan() for n in items], ignore_nulls=True
    )
    return frame.filter(whole).select(*columns)
