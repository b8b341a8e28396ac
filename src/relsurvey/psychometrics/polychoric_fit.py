"""Thresholds and polychoric correlations from the tables of items, all pairs at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from relsurvey.errors import listed
from relsurvey.moments.tables import MOST_CODES, ItemTables
from relsurvey.psychometrics.polychoric_likelihood import PairLikelihood, highest

__all__ = ["PairCells", "PolychoricFit", "fit_polychoric", "pair_cells"]

Array: TypeAlias = npt.NDArray[np.float64]
Truths: TypeAlias = npt.NDArray[np.bool_]
Places: TypeAlias = npt.NDArray[np.int64]

HALF = 0.5
ROUNDING = 1e-12  # what it leaves of an eigenvalue of zero


@dataclass(frozen=True, slots=True, eq=False)
class PairCells:
    """The tables of p pairs of items side by side, filled up to c categories each.

    Attributes
    ----------
    first, second : ndarray of int, shape (p,)
        The items; ``first`` comes before ``second``, and pairs stand as a lower triangle does
        when it is read column by column.
    counts : ndarray, shape (p, c, c)
        Rows by cell: categories of the first item, then of the second.
    bounds : ndarray, shape (k, c + 1)
        Thresholds of each item between minus and plus infinity; plus infinity behind its last.
    """

    first: Places
    second: Places
    counts: Array
    bounds: Array

    @property
    def limits(self) -> tuple[Array, Array]:
        """Bounds of the first and the second item, shapes (p, c + 1, 1) and (p, 1, c + 1)."""
        return self.bounds[self.first][:, :, None], self.bounds[self.second][:, None, :]


@dataclass(frozen=True, slots=True, eq=False)
class PolychoricFit:
    """Thresholds and polychoric correlations of k items.

    Attributes
    ----------
    columns : tuple of str, length k
        The items.
    thresholds : tuple of ndarray, length k
        Between the codes of each item, on the standard normal scale; one fewer than its codes.
    correlation : ndarray, shape (k, k)
        NaN in the rows and columns of an item of which there is none.
    unusable : dict of str to str
        Items without correlations, and why.
    empty_cell : tuple of (int, int)
        Pairs of two-category items with one empty cell, which were given half a row.
    ordered : tuple of (int, int)
        Pairs that are in perfect order, so that the estimate is 1 or -1.
    empty_pairs : tuple of (int, int)
        Pairs that share no rows, or over whose rows an item does not vary (pairwise).
    n : int
        Rows used, as in ``ItemTables``.
    """

    columns: tuple[str, ...]
    thresholds: tuple[Array, ...]
    correlation: Array
    unusable: dict[str, str]
    empty_cell: tuple[tuple[int, int], ...]
    ordered: tuple[tuple[int, int], ...]
    empty_pairs: tuple[tuple[int, int], ...]
    n: int

    @property
    def usable(self) -> list[int]:
        """The items that have correlations."""
        return [i for i, name in enumerate(self.columns) if name not in self.unusable]

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the correlations has to be told; empty where there is nothing."""
        reasons = dict.fromkeys(self.unusable.values())
        alike = {why: [n for n, own in self.unusable.items() if own == why] for why in reasons}
        lines = [f"{listed(names)}: {why}" for why, names in alike.items()]
        for i, j in self.empty_pairs:
            lines.append(
                f"{self._pair(i, j)}: the rows that both answered hold no table with two rows "
                "and two columns: no correlation"
            )
        for i, j in self.empty_cell:
            lines.append(
                f"{self._pair(i, j)}: a cell of the 2 x 2 table is empty; half a row was moved "
                "into it and the margins kept"
            )
        for i, j in self.ordered:
            lines.append(f"{self._pair(i, j)}: in perfect order, the correlation is at its limit")
        if not self.unusable and not self.empty_pairs and len(self.columns) > 1:
            smallest = float(np.linalg.eigvalsh(self.correlation)[0])
            if smallest <= ROUNDING * len(self.columns):
                shown = f"{smallest:.2g}" if smallest < -ROUNDING else "0"
                lines.append(
                    f"the matrix is not positive definite (smallest eigenvalue {shown}); "
                    "it stands as estimated, nothing was smoothed"
                )
        return tuple(lines)

    def _pair(self, i: int, j: int) -> str:
        return f"{self.columns[i]} and {self.columns[j]}"


def fit_polychoric(tables: ItemTables) -> PolychoricFit:
    """Estimate thresholds from the single answers, then every correlation from its table.

    The two-step maximum likelihood: thresholds are the normal quantiles of the cumulative
    shares, and given these each correlation maximises the likelihood of its own table. The
    climb is a Newton method that is kept between bounds known to hold the maximum, and goes on
    until steps are below 1e-13.

    Parameters
    ----------
    tables : ItemTables
        Of k items.

    Returns
    -------
    PolychoricFit
        An item that nobody answered, that did not vary or that has too many codes has NaN
        correlations, with the reason. In a 2 x 2 table with one empty cell half a row is moved
        into it, all margins kept, as in lavaan; larger tables are taken as they are. Two items
        in perfect order have the correlation 1 or -1 (pairwise: where that is likeliest).

    References
    ----------
    Olsson U (1979). Maximum likelihood estimation of the polychoric correlation coefficient.
    Psychometrika 44(4):443-460. doi 10.1007/BF02296207.
    """
    k = len(tables.columns)
    unusable = {name: why for i, name in enumerate(tables.columns) if (why := _why(tables, i))}
    usable = [i for i, name in enumerate(tables.columns) if name not in unusable]
    correlation = np.full((k, k), np.nan)
    correlation[usable, usable] = 1.0
    cells = pair_cells(tables, usable)
    counts, moved = _filled_in(cells)
    rho, at_limit, empty = _correlations(cells, counts)
    correlation[cells.first, cells.second] = correlation[cells.second, cells.first] = rho
    return PolychoricFit(
        columns=tables.columns,
        thresholds=tuple(_thresholds(tables, i) for i in range(k)),
        correlation=correlation,
        unusable=unusable,
        empty_cell=_marked(cells, moved),
        ordered=_marked(cells, at_limit),
        empty_pairs=_marked(cells, empty),
        n=tables.n,
    )


def pair_cells(tables: ItemTables, items: Sequence[int]) -> PairCells:
    """Lay the tables of all pairs of some items side by side.

    Parameters
    ----------
    tables : ItemTables
        Of k items.
    items : sequence of int
        Those with at least two codes.

    Returns
    -------
    PairCells
    """
    sizes = np.diff(tables.starts)
    most = max((int(sizes[i]) for i in items), default=2)
    pairs = [(i, j) for place, i in enumerate(items) for j in items[place + 1 :]]
    counts = np.zeros((len(pairs), most, most))
    for place, (i, j) in enumerate(pairs):
        counts[place, : sizes[i], : sizes[j]] = tables.table(i, j)
    bounds = np.full((len(sizes), most + 1), np.inf)
    bounds[:, 0] = -np.inf
    for i in items:
        bounds[i, 1 : sizes[i]] = _thresholds(tables, i)
    ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return PairCells(ends[:, 0], ends[:, 1], counts, bounds)


def _why(tables: ItemTables, item: int) -> str:
    """Say why an item has no polychoric correlations; nothing where it has."""
    if tables.columns[item] in tables.measures:
        return f"more than {MOST_CODES} different values: not an ordinal item"
    codes = len(tables.codes[item])
    if codes == 0:
        answered = int(tables.answered[item])
        return "nobody answered it" if answered == 0 else "no row with an answer is left"
    return "does not vary: no threshold and no correlation" if codes == 1 else ""


def _thresholds(tables: ItemTables, item: int) -> Array:
    counts = tables.counts(item)
    quantiles: Array = ndtri(np.cumsum(counts)[:-1] / max(counts.sum(), 1))
    return quantiles


def _filled_in(cells: PairCells) -> tuple[Array, Truths]:
    """Move half a row into the one empty cell of a 2 x 2 table, all margins kept."""
    two = np.isposinf(cells.bounds[:, 2])
    small = two[cells.first] & two[cells.second]
    corner = cells.counts[:, :2, :2]
    varied = (corner.sum(axis=1) > 0).all(axis=1) & (corner.sum(axis=2) > 0).all(axis=1)
    moved = small & varied & ((corner == 0).sum(axis=(1, 2)) == 1)
    diagonal = (corner[:, 0, 0] == 0) | (corner[:, 1, 1] == 0)
    half = np.where(moved, np.where(diagonal, HALF, -HALF), 0.0)
    filled = cells.counts.copy()
    filled[:, :2, :2] += half[:, None, None] * np.array([[1.0, -1.0], [-1.0, 1.0]])
    return filled, moved


def _correlations(cells: PairCells, counts: Array) -> tuple[Array, Truths, Truths]:
    """Return the correlations, which of them are at a limit, and which pairs have none."""
    empty = ((counts.sum(axis=2) > 0).sum(axis=1) < 2) | ((counts.sum(axis=1) > 0).sum(axis=1) < 2)
    order = np.where(empty, 0.0, _perfect_order(counts))
    likelihood = PairLikelihood(counts, *cells.limits)
    rho = np.full(len(counts), np.nan)
    there, ordered = np.flatnonzero(~empty), np.flatnonzero(order)
    rho[there] = highest(likelihood, there)
    # Pairwise, the thresholds come of other rows too, and the limit need not be the best.
    best, limit = (likelihood.value(ordered, own[ordered]) for own in (rho, order))
    at_limit = np.zeros(len(rho), dtype=bool)
    at_limit[ordered] = limit >= best - ROUNDING * np.abs(best)
    rho[at_limit] = order[at_limit]
    return rho, at_limit, empty


def _perfect_order(counts: Array) -> Array:
    """Return 1 or -1 where the answers to one item never fall (rise) with those to the other.

    Only there can the likelihood rise up to that limit; elsewhere some cell that was met would
    be impossible there.
    """
    met = (counts > 0).astype(np.float64)
    above = np.cumsum(met, axis=1) - met  # met in lower categories of the first item
    upward = np.flip(np.cumsum(np.flip(above, 2), axis=2), 2) - above
    downward = np.cumsum(above, axis=2) - above
    rising = (met * upward).sum(axis=(1, 2)) == 0
    falling = (met * downward).sum(axis=(1, 2)) == 0
    order: Array = np.where(rising, 1.0, np.where(falling, -1.0, 0.0))
    return order


def _marked(cells: PairCells, flags: Truths) -> tuple[tuple[int, int], ...]:
    return tuple(
        (int(i), int(j)) for i, j in zip(cells.first[flags], cells.second[flags], strict=True)
    )
