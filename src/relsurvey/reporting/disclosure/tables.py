"""Hide cells of a table of counts, and as many others as it takes that none can be worked out.

A table has one row for each category and one column for each of the groups people fall into; its
column totals are known from elsewhere, and its row totals are shown beside it. A one-way table
has one column. Cells are hidden before anything is rounded.

Which other cells are hidden goes by their place, never by their size: somebody who knows the
rule could work out from the choice of a cell how large it is, and then the one it protects.
Rows follow each other in a ring; what stands below a small cell is hidden until the small one
can be anything from the smallest to the largest small count, even for somebody who can tell from
the place of the hidden cells which of them are small.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from relsurvey.reporting.disclosure.audit import Known, bounds, covers
from relsurvey.reporting.disclosure.rules import Disclosure

__all__ = ["Suppressed", "knowledge", "suppressed"]

Bools = NDArray[np.bool_]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Suppressed:
    """A table of counts and which of them are hidden.

    Attributes
    ----------
    counts : numpy.ndarray, shape (n_rows, n_columns)
        The true ones.
    hidden : numpy.ndarray of bool, shape (n_rows, n_columns)
        Cells that are not shown.
    hidden_totals : numpy.ndarray of bool, shape (n_rows,)
        Row totals that are not shown.
    """

    counts: Counts
    hidden: Bools
    hidden_totals: Bools


def suppressed(counts: Counts, rules: Disclosure, role: str) -> Suppressed:
    """Hide small counts, and others until solving the table's sums gives no small one away.

    Parameters
    ----------
    counts : numpy.ndarray of int, shape (n_rows, n_columns)
        People in each cell; every person is in one of them.
    rules : Disclosure
        What is small, and how shown counts are rounded.
    role : str
        Whose counts they are.

    Returns
    -------
    Suppressed
        Where all cells are hidden and a small one could still be narrowed down, the margins
        alone give it away; they are protected with the counts of the whole report.

    Examples
    --------
    >>> counts = np.array([[40], [4], [15], [60]])
    >>> suppressed(counts, Disclosure(10), "worker").hidden.ravel().tolist()
    [False, True, True, False]
    """
    small = np.vectorize(rules.is_small, otypes=[bool])
    table = Suppressed(counts, *[np.zeros(shape, bool) for shape in (counts.shape, len(counts))])
    # The row below goes with each small count, needed or not: who saw that it was not needed
    # would know that both are small.
    for row in np.flatnonzero(small(counts).any(axis=1)).tolist():
        table = _with_rows(table, row, 1, totals=counts.shape[1] == 1)
    for row in np.flatnonzero(small(counts.sum(axis=1))).tolist():
        table = _with_rows(table, row, 1, totals=True)
    reach = [1] * len(counts)
    while (found := _failing(table, rules, role)) is not None:
        row, of_totals = found
        reach[row] += 1
        # Where hiding cells of every row is not enough, the row totals go as well.
        totals = of_totals or counts.shape[1] == 1 or reach[row] >= len(counts)
        if table.hidden_totals.all():
            break
        table = _with_rows(table, row, reach[row], totals=totals)
    return table


def _with_rows(table: Suppressed, row: int, below: int, *, totals: bool) -> Suppressed:
    rows = np.arange(row, row + min(below, len(table.counts) - 1) + 1) % len(table.counts)
    hidden, hidden_totals = table.hidden.copy(), table.hidden_totals.copy()
    hidden[rows] = True
    hidden_totals[rows] |= totals
    return replace(table, hidden=hidden, hidden_totals=hidden_totals)


def knowledge(table: Suppressed, rules: Disclosure, role: str) -> list[Known]:
    """Return what readers know of the cells: all that is shown, and how it may be rounded."""
    n_rows, n_columns = table.counts.shape
    places = np.arange(table.counts.size).reshape(n_rows, n_columns)
    known = [_about(places.ravel(), table.counts.sum(), rules, role)]
    known += [_about(places[:, j], table.counts[:, j].sum(), rules, role) for j in range(n_columns)]
    sums = [(table.counts[i].sum(), places[i], table.hidden_totals[i]) for i in range(n_rows)]
    sums += [
        (table.counts[i, j], places[i, j : j + 1], table.hidden[i, j])
        for i, j in np.ndindex(n_rows, n_columns)
    ]
    known += [_about(where, count, rules, role) for count, where, hidden in sums if not hidden]
    return known


def _about(places: NDArray[np.int64], count: int, rules: Disclosure, role: str) -> Known:
    """Return what a count that is written by the rules tells."""
    parts, count = tuple(places.tolist()), int(count)
    if rules.is_small(count):
        return Known(parts, rules.least, rules.threshold - 1)
    could = rules.could_be(rules.shown(count, role), role)
    return Known(parts, could[0], could[-1])


def _kinds(table: Suppressed, rules: Disclosure) -> list[Known]:
    """Return what somebody knows who can tell by their place which hidden cells are small."""
    kinds = []
    for place in np.flatnonzero(table.hidden.ravel()).tolist():
        count = int(table.counts.ravel()[place])
        if rules.is_small(count):
            kinds.append(Known((place,), rules.least, rules.threshold - 1))
        elif count == 0:
            kinds.append(Known((place,), 0, 0))
        else:
            kinds.append(Known((place,), rules.threshold, np.inf))
    return kinds


def _failing(table: Suppressed, rules: Disclosure, role: str) -> tuple[int, bool] | None:
    """Return the first small count that could be narrowed down: its row, and if it is a total."""
    known, size = [*knowledge(table, rules, role), *_kinds(table, rules)], table.counts.size
    places = np.arange(size).reshape(table.counts.shape)
    for row, counts in enumerate(table.counts):
        sums = [(int(counts.sum()), places[row], True)]
        sums += [(int(n), places[row, j : j + 1], False) for j, n in enumerate(counts)]
        for count, parts, of_totals in sums:
            if rules.is_small(count):
                found = bounds(size, known, parts.tolist())
                if not covers(found, rules.least, rules.threshold - 1):
                    return row, of_totals
    return None
