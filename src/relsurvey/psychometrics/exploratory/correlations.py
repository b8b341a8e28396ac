"""The correlations that an exploratory analysis starts from, and what stands in their way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

import narwhals as nw
import numpy as np
import numpy.typing as npt

from relsurvey.errors import ModelError, listed, suggestion
from relsurvey.instruments import Instrument, InstrumentLike
from relsurvey.moments.items import ItemMoments, MissingRule, item_moments
from relsurvey.moments.pair_correlations import pair_correlations
from relsurvey.options import require_choice
from relsurvey.psychometrics.consistency import correlation_of
from relsurvey.psychometrics.exploratory.extraction import SMALLEST
from relsurvey.psychometrics.polychoric import polychoric
from relsurvey.psychometrics.reasons import constant_items, obstacle
from relsurvey.psychometrics.structure.data import structure_data
from relsurvey.scoring.answers import instrument_of
from relsurvey.scoring.columns import Frame, as_frame, text_labels
from relsurvey.scoring.items import ScaleChoice, keyed_items
from relsurvey.text import counted

__all__ = ["Correlation", "ItemCorrelations", "item_correlations", "perfect_pairs", "singular"]

Array: TypeAlias = npt.NDArray[np.float64]
Correlation: TypeAlias = Literal["pearson", "polychoric"]

ALL = "items"
PERFECT = 1 - 1e-10
FEWEST_IDS = 20  # rows, from which as many different values are no answers on a scale


@dataclass(frozen=True, slots=True)
class ItemCorrelations:
    """Correlations of p items.

    Attributes
    ----------
    columns : tuple of str, length p
        The items, sorted by name, so that nothing follows from the order they came in.
    given : tuple of str, length p
        The same in the order they came in.
    matrix : ndarray, shape (p, p)
        NaN in the rows and columns of items that have none.
    n, n_total : int
        Rows used (pairwise: the smallest number that two items share) and given.
    frame : narwhals.DataFrame
        Keyed items as floats; null or NaN is no answer.
    trouble : str
        Why there are no correlations, or not all; empty where there are.
    notes : tuple of str
        What else has to be known.
    """

    columns: tuple[str, ...]
    given: tuple[str, ...]
    matrix: Array
    n: int
    n_total: int
    frame: nw.DataFrame[Any]
    trouble: str
    notes: tuple[str, ...]

    def required(self) -> Array:
        """Return the matrix, or refuse where it has holes.

        Raises
        ------
        ModelError
            With the reason.
        """
        if self.trouble:
            raise ModelError(
                f"There are no correlations to analyse: {self.trouble}.",
                hint="Leave such items out, or see what happened to their answers.",
            )
        return self.matrix


def item_correlations(
    data: Any,
    instrument: InstrumentLike | None,
    items: Sequence[str] | None,
    scales: ScaleChoice | None,
    *,
    correlation: Correlation,
    missing: MissingRule,
) -> ItemCorrelations:
    """Key the items and correlate them.

    Parameters
    ----------
    data : Responses, or a pandas, Polars (eager or lazy) or PyArrow frame
        One row a respondent.
    instrument : Instrument, str or path, optional
        The definition; its reversed items are turned.
    items : sequence of str, optional
        Which items.
    scales : str, iterable of str, or mapping of str to sequence of columns, optional
        Their items, together.
    correlation : {"pearson", "polychoric"}
        Which.
    missing : {"listwise", "pairwise"}
        From which rows.

    Returns
    -------
    ItemCorrelations

    Raises
    ------
    ModelError
        Where an option cannot be, or ``items`` and ``scales`` are both given.
    ScoringError
        As ``keyed_items``.
    """
    require_choice("correlation", correlation, get_args(Correlation), ModelError)
    require_choice("missing", missing, get_args(MissingRule), ModelError)
    frame, notes = _frame(data, instrument, items, scales)
    given = tuple(str(name) for name in frame.columns)
    columns = tuple(sorted(given))
    moments = item_moments(frame, {ALL: columns}, missing=missing)[ALL]
    trouble = _trouble(moments)
    pairwise = missing == "pairwise" and not trouble
    matrix = pair_correlations(frame, columns) if pairwise else correlation_of(moments.covariance)
    trouble = trouble or _holes(columns, matrix)
    if correlation == "polychoric" and not trouble:
        matrix, trouble, more = _polychoric(frame, columns, missing)
        notes += more
    np.fill_diagonal(matrix, np.where(np.isnan(np.diag(matrix)), np.nan, 1.0))
    return ItemCorrelations(
        columns, given, matrix, moments.n, moments.n_total, frame, trouble, tuple(notes)
    )


def _frame(
    data: Any,
    instrument: InstrumentLike | None,
    items: Sequence[str] | None,
    scales: ScaleChoice | None,
) -> tuple[nw.DataFrame[Any], list[str]]:
    """Return the keyed items, and what has to be said about which they are."""
    if items is not None and scales is not None:
        raise ModelError("Name items or scales, not both.", hint="Scales stand for their items.")
    found = instrument_of(data, instrument)
    if items is not None:
        names = _named(items)
        _require_known(names, found)
        return structure_data(data, names, found).groups[0].frame, []
    notes: list[str] = []
    if found is None and scales is None:
        scales, notes = _numeric_columns(data)
    keyed = keyed_items(data, found, scales).frame
    return keyed.collect() if isinstance(keyed, nw.LazyFrame) else keyed, notes


def _named(items: Any) -> list[str]:
    names = [str(name) for name in items] if _is_list(items) else []
    if not names or len(set(names)) < len(names):
        raise ModelError(
            f"items has to be a list of items, each named once; it is {items!r}.",
            hint='For instance items=["q1", "q2", "q3", "q4"]; for all, leave it out.',
        )
    return names


def _is_list(items: Any) -> bool:
    return isinstance(items, Iterable) and not isinstance(items, str | bytes)


def _require_known(names: Sequence[str], instrument: Instrument | None) -> None:
    known = instrument.item_ids if instrument else names
    unknown = [name for name in names if name not in known]
    if unknown:
        near = suggestion(unknown[0], known)
        guess = f"Did you mean {near!r}? " if near else ""
        raise ModelError(
            f"{listed(unknown)} is no scored item of {instrument.id if instrument else ''}.",
            hint=f"{guess}Its items: {listed(list(known))}.",
            failures=[{"item": name} for name in unknown],
        )


def _numeric_columns(data: Any) -> tuple[dict[str, list[str]], list[str]]:
    frame = as_frame(text_labels(data))
    schema = frame.collect_schema()
    numeric = [str(name) for name, kind in schema.items() if kind.is_numeric()]
    others = [str(name) for name in schema if str(name) not in numeric]
    if not numeric:
        raise ModelError(
            "The data have no column of numbers.",
            hint="Items have to be numbers (codes); read_responses turns labels into codes.",
        )
    note = (
        f"no items were named: taken as items: {counted(len(numeric), 'numeric column')} "
        f"({listed(numeric)})"
    )
    notes = [f"{note}; left out: {listed(others)}" if others else note]
    ids = _like_ids(frame, [name for name in numeric if schema[name].is_integer()])
    if ids:
        notes.append(
            f"{listed(ids)}: a different whole number in every row, as of an id; if "
            f"{'it is' if len(ids) == 1 else 'they are'} no item, name the items with items="
        )
    return {ALL: numeric}, notes


def _like_ids(frame: Frame, columns: Sequence[str]) -> list[str]:
    """Return the columns that hold as many different values as there are rows, and many."""
    if not columns:
        return []
    chosen = frame.select(*columns)
    table = chosen.collect() if isinstance(chosen, nw.LazyFrame) else chosen
    rows = len(table)
    return [name for name in columns if rows >= FEWEST_IDS and table[name].n_unique() == rows]


def _trouble(moments: ItemMoments) -> str:
    reason = obstacle(moments)
    if reason:
        return reason
    constant = constant_items(moments)
    return (
        f"{listed(constant)} {'does' if len(constant) == 1 else 'do'} not vary" if constant else ""
    )


def _holes(columns: Sequence[str], matrix: Array) -> str:
    pairs = [f"{columns[i]} and {columns[j]}" for i, j in np.argwhere(np.isnan(matrix)) if i < j]
    return f"in the rows that answer both, one does not vary: {listed(pairs)}" if pairs else ""


def _polychoric(
    frame: nw.DataFrame[Any], columns: Sequence[str], missing: MissingRule
) -> tuple[Array, str, list[str]]:
    found = polychoric(frame.to_native(), items=list(columns), missing=missing)
    matrix = found.to_numpy(dtype=float, copy=True)
    holes = [name for name, row in zip(columns, matrix, strict=True) if np.isnan(row).any()]
    trouble = f"no polychoric correlation with {listed(holes)}" if holes else ""
    return matrix, trouble, [str(note) for note in found.attrs["notes"]]


def perfect_pairs(correlations: ItemCorrelations) -> list[str]:
    """Name the pairs of items that correlate perfectly, such as an item that stands twice."""
    names, matrix = correlations.columns, np.abs(correlations.matrix)
    return [f"{names[i]} and {names[j]}" for i, j in np.argwhere(np.triu(matrix, 1) >= PERFECT)]


def singular(correlations: ItemCorrelations, missing: MissingRule) -> str:
    """Say why the matrix cannot be inverted; an empty text where it can."""
    smallest = float(np.linalg.eigvalsh(correlations.matrix)[0])
    if smallest > SMALLEST:
        return ""
    twins = perfect_pairs(correlations)
    rows, items = correlations.n, len(correlations.columns)
    if twins:
        why = f"{listed(twins, most=4)} correlate perfectly"
    elif rows <= items:
        why = f"{items} items need more than {items} rows, and there are {rows}"
    elif smallest > -SMALLEST:
        why = "an item follows from the others"
    elif missing == "pairwise":
        why = "correlations from different rows contradict each other"
    else:
        why = "correlations that were estimated pair by pair contradict each other"
    return f"the correlation matrix is not positive definite ({why})"
