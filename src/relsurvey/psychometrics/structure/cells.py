"""A factor model as the cells of its matrices that are not zero.

A `Structure` knows no data, no groups and no estimator. How the factors get their scale is
decided when the parameter table is made of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, TypeAlias

from relsurvey.errors import ModelError, listed

__all__ = ["Cell", "Matrix", "Structure", "simple_structure"]

Matrix: TypeAlias = Literal["lambda", "beta", "psi", "theta", "nu", "alpha", "tau", "delta"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One entry of a model matrix that is not zero by default.

    Attributes
    ----------
    matrix : {"lambda", "beta", "psi", "theta"}
        Loadings of items; loadings of factors; factor (residual) covariances; residual
        covariances of items.
    row, column : str
        Names: of an item and a factor for ``lambda``, of the lower and the higher factor for
        ``beta``, of two factors or two items else.
    value : float
        What it is fixed at; NaN where it is free.
    label : str
        Cells with the same label are equal; an empty text where it has none.
    given : bool
        Whether the value or the freedom was written down, so that the scaling of the factors
        leaves it alone.
    """

    matrix: Matrix
    row: str
    column: str
    value: float = math.nan
    label: str = ""
    given: bool = False

    @property
    def free(self) -> bool:
        """Whether it is to be estimated."""
        return math.isnan(self.value)


@dataclass(frozen=True)
class Structure:
    """A factor model.

    Attributes
    ----------
    items : tuple of str
        In the order in which the model first names them.
    factors : tuple of str
        Factors of items first, then those of a higher order.
    cells : tuple of Cell
        Every entry that is not zero. Residual variances and factor variances are all there.
    name : str
        What it is called in tables.
    """

    items: tuple[str, ...]
    factors: tuple[str, ...]
    cells: tuple[Cell, ...]
    name: str = "model"

    def of(self, matrix: Matrix) -> list[Cell]:
        """Return the cells of one matrix, in order."""
        return [cell for cell in self.cells if cell.matrix == matrix]

    def items_of(self, factor: str) -> tuple[str, ...]:
        """Return the items that load on a factor directly."""
        return tuple(
            cell.row for cell in self.of("lambda") if cell.column == factor and cell.value != 0
        )

    def parts_of(self, factor: str) -> tuple[str, ...]:
        """Return the factors that load on a factor of a higher order."""
        return tuple(
            cell.row for cell in self.of("beta") if cell.column == factor and cell.value != 0
        )

    @property
    def loaded_factors(self) -> frozenset[str]:
        """Factors that load on another factor."""
        return frozenset(cell.row for cell in self.of("beta"))


def simple_structure(
    loadings: Sequence[tuple[str, str]],
    *,
    uncorrelated: Iterable[str] = (),
    given: Iterable[Cell] = (),
    name: str = "",
) -> Structure:
    """Fill a model up from who loads on what.

    Parameters
    ----------
    loadings : sequence of (str, str)
        Pairs of a factor and what loads on it, an item or another factor.
    uncorrelated : iterable of str
        Factors without covariances to others.
    given : iterable of Cell
        Cells that were written down; they stand in place of the default ones.
    name : str
        Of the model; made of the number of factors if not given.
    """
    factors = tuple(dict.fromkeys(factor for factor, _ in loadings))
    lower = {part for _, part in loadings if part in factors}
    items = tuple(dict.fromkeys(part for _, part in loadings if part not in factors))
    holding = {factor for factor, part in loadings if part in items}
    ordered = tuple(sorted(factors, key=lambda factor: factor not in holding))
    cells: dict[tuple[Matrix, str, str], Cell] = {}
    for factor, part in loadings:
        matrix: Matrix = "beta" if part in factors else "lambda"
        cells[matrix, part, factor] = Cell(matrix, part, factor)
    _require_no_circle(cells, ordered)
    cells |= {("theta", item, item): Cell("theta", item, item) for item in items}
    cells |= {("psi", factor, factor): Cell("psi", factor, factor) for factor in ordered}
    apart = lower | set(uncorrelated)
    for one, other in combinations([f for f in ordered if f not in apart], 2):
        cells["psi", one, other] = Cell("psi", one, other)
    for cell in given:
        mirrored = (cell.matrix, cell.column, cell.row)
        key = mirrored if mirrored in cells else (cell.matrix, cell.row, cell.column)
        cells[key] = Cell(*key, value=cell.value, label=cell.label, given=cell.given)
    return Structure(items, ordered, tuple(cells.values()), name or _called(len(factors)))


def _called(n_factors: int) -> str:
    return "one factor" if n_factors == 1 else f"{n_factors} factors"


def _require_no_circle(
    cells: Mapping[tuple[Matrix, str, str], Cell], factors: Sequence[str]
) -> None:
    above: dict[str, set[str]] = {factor: set() for factor in factors}
    for matrix, row, column in cells:
        if matrix == "beta":
            above[row].add(column)
    for _ in factors:
        for factor in factors:
            above[factor] |= {higher for mid in above[factor] for higher in above[mid]}
    circle = [factor for factor in factors if factor in above[factor]]
    if circle:
        raise ModelError(
            f"The factors {listed(circle)} load on each other in a circle.",
            hint="A factor of a higher order is made of factors that are not made of it.",
        )
