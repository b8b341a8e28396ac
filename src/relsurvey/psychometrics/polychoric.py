"""Polychoric correlations: what the correlation of ordinal items would be without the steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from relsurvey.errors import ModelError, listed
from relsurvey.instruments import InstrumentLike
from relsurvey.moments.items import MissingRule
from relsurvey.moments.tables import MOST_CODES, ItemTables, item_tables
from relsurvey.psychometrics.ordinal_items import EVERYTHING, ordinal_items
from relsurvey.psychometrics.polychoric_covariance import asymptotic_variances, influence_of
from relsurvey.psychometrics.polychoric_fit import PolychoricFit, fit_polychoric
from relsurvey.scoring.items import ScaleChoice

__all__ = ["polychoric", "polychoric_details"]


def polychoric(
    data: Any,
    instrument: InstrumentLike | None = None,
    *,
    scales: ScaleChoice | None = None,
    items: Sequence[str] | None = None,
    missing: MissingRule = "listwise",
) -> pd.DataFrame:
    """Return the polychoric correlations of ordinal items.

    Parameters
    ----------
    data : Responses, or a pandas, Polars (eager or lazy) or PyArrow frame
        One row a respondent; items as answered where there is an instrument (they are keyed
        here), keyed already where there is none. A category column is taken by its declared
        order, or by its numbers.
    instrument : Instrument, str or path, optional
        The definition, its id or its file. Responses bring their own.
    scales : str, iterable of str, or mapping of str to sequence of columns, optional
        Only the items of these scales.
    items : sequence of str, optional
        Only these items, in this order. Without an instrument, scales or items, all columns of
        numbers and of ordered categories are items; a note says which columns are not.
    missing : {"listwise", "pairwise"}
        Rows that answer every one of the items, or for the thresholds all answers to an item
        and for each correlation all rows that answer both.

    Returns
    -------
    pandas.DataFrame, shape (k, k)
        Items by items. An item that nobody answered or that did not vary has NaN. In a 2 x 2
        table with one empty cell half a row is moved into it, the margins kept (as in lavaan);
        larger tables are taken as they are. Two items in perfect order have 1 or -1. Nothing
        is smoothed. ``attrs`` holds ``n``, ``n_total`` and ``notes``, a list of sentences that
        says each of these things where it happened.

    Raises
    ------
    ScoringError
        Where a column is missing or not numeric, or a value is off the scale.
    ModelError
        Where an item has more than 20 different values (it is not ordinal), an item is
        unknown, ``items`` is no list of names, no column is ordinal, or ``missing`` cannot be.

    References
    ----------
    Olsson U (1979). Maximum likelihood estimation of the polychoric correlation coefficient.
    Psychometrika 44(4):443-460. doi 10.1007/BF02296207.

    Examples
    --------
    >>> answers = pd.DataFrame({"a": [1, 1, 2, 2, 3, 3, 3, 1], "b": [1, 2, 2, 3, 3, 2, 3, 1]})
    >>> polychoric(answers).round(3)
           a      b
    a  1.000  0.867
    b  0.867  1.000
    """
    tables, fit, notes = _fitted(data, instrument, scales, items, missing)
    names = list(tables.columns)
    frame = pd.DataFrame(fit.correlation, index=names, columns=names)
    frame.attrs = {"n": tables.n, "n_total": tables.n_total, "notes": notes}
    return frame


def polychoric_details(
    data: Any,
    instrument: InstrumentLike | None = None,
    *,
    scales: ScaleChoice | None = None,
    items: Sequence[str] | None = None,
    missing: MissingRule = "listwise",
) -> pd.DataFrame:
    """Return each polychoric correlation with its standard error and what is to be said of it.

    Parameters
    ----------
    data, instrument, scales, items, missing
        As in ``polychoric``.

    Returns
    -------
    pandas.DataFrame
        One row a pair: ``item_1``, ``item_2``, ``n`` (rows behind it), ``correlation``,
        ``std_error`` (asymptotic; NaN with pairwise rows, and at 1 and -1), ``empty_cells`` of
        its table, and ``note``. ``attrs`` as in ``polychoric``.

    Raises
    ------
    ScoringError, ModelError
        As ``polychoric``.

    Examples
    --------
    >>> answers = pd.DataFrame({"a": [1, 1, 2, 2, 3, 3, 3, 1], "b": [1, 2, 2, 3, 3, 2, 3, 1]})
    >>> polychoric_details(answers).round(3)[["item_1", "item_2", "n", "std_error"]]
      item_1 item_2  n  std_error
    0      a      b  8      0.194
    """
    tables, fit, notes = _fitted(data, instrument, scales, items, missing)
    errors = _standard_errors(tables, fit) if missing == "listwise" else {}
    k = len(tables.columns)
    rows = [
        _pair_row(tables, fit, (i, j), errors.get((i, j), np.nan), missing)
        for i in range(k)
        for j in range(i + 1, k)
    ]
    columns = ["item_1", "item_2", "n", "correlation", "std_error", "empty_cells", "note"]
    frame = pd.DataFrame(rows, columns=columns)
    frame.attrs = {"n": tables.n, "n_total": tables.n_total, "notes": notes}
    return frame


def _fitted(
    data: Any,
    instrument: InstrumentLike | None,
    scales: ScaleChoice | None,
    items: Sequence[str] | None,
    missing: MissingRule,
) -> tuple[ItemTables, PolychoricFit, list[str]]:
    """Return the tables, what was fitted to them, and what is to be said of both."""
    frame, names, notes = ordinal_items(data, instrument, scales, items)
    tables = item_tables(frame, {EVERYTHING: names}, missing=missing)[EVERYTHING]
    if tables.measures:
        raise ModelError(
            f"Polychoric correlations are of ordinal items; these have more than {MOST_CODES} "
            f"different values: {listed(tables.measures)}.",
            hint="Leave them out (items=...), or correlate them as the measures they are.",
            failures=[{"item": name} for name in tables.measures],
        )
    fit = fit_polychoric(tables)
    return tables, fit, [*notes, *fit.notes]


def _standard_errors(tables: ItemTables, fit: PolychoricFit) -> dict[tuple[int, int], float]:
    """Return the standard error of the correlations, NaN where one has none."""
    influence = influence_of(tables, fit)
    _, variances = asymptotic_variances(influence, tables)
    errors = np.sqrt(variances / max(tables.n, 1))
    pairs = zip(influence.cells.first, influence.cells.second, strict=True)
    return {(int(i), int(j)): float(error) for (i, j), error in zip(pairs, errors, strict=True)}


def _pair_row(
    tables: ItemTables, fit: PolychoricFit, pair: tuple[int, int], error: float, missing: str
) -> dict[str, Any]:
    i, j = pair
    table = tables.table(i, j)
    return {
        "item_1": tables.columns[i],
        "item_2": tables.columns[j],
        "n": int(table.sum()),
        "correlation": float(fit.correlation[i, j]),
        "std_error": error,
        "empty_cells": int((table == 0).sum()),
        "note": _pair_note(fit, pair, missing),
    }


def _pair_note(fit: PolychoricFit, pair: tuple[int, int], missing: str) -> str:
    i, j = pair
    bad = [f"{n}: {fit.unusable[n]}" for n in (fit.columns[i], fit.columns[j]) if n in fit.unusable]
    if bad:
        return "; ".join(bad)
    notes = []
    if pair in fit.empty_pairs:
        notes.append("the rows that both answered hold no table with two rows and two columns")
    if pair in fit.empty_cell:
        notes.append("one empty cell of the 2 x 2 table: half a row moved into it, margins kept")
    if pair in fit.ordered:
        notes.append("in perfect order: at its limit, no standard error")
    elif missing == "pairwise":
        notes.append("rows differ by pair: no standard error")
    return "; ".join(notes)
