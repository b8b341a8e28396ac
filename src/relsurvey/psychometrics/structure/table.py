"""The parameter table: every cell of the model matrices in every group, free, fixed or equal.

Per group the model is Sigma = L (I - B)^-1 Psi (I - B)^-T L' + Theta and
mu = nu + L (I - B)^-1 alpha (LISREL, all variables y): L is ``lambda`` (items by factors), B is
``beta`` (lower factors by higher ones). Ordinal items have thresholds ``tau`` and a scale
``delta`` (one over the standard deviation of the answer that is behind the categories); their
residual variances are no parameters but follow from the scale, and they have no intercept.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.psychometrics.structure.cells import Matrix, Structure

__all__ = ["FIXED", "SYMMETRIC", "GroupCells", "Parameter", "ParameterTable"]

Array: TypeAlias = npt.NDArray[np.float64]
Places: TypeAlias = npt.NDArray[np.intp]

FIXED = -1
SYMMETRIC = ("psi", "theta")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One cell in one group.

    Attributes
    ----------
    matrix : str
        ``lambda``, ``beta``, ``psi``, ``theta``, ``nu``, ``alpha``, ``tau`` or ``delta``.
    row, column : int
        Positions among the items or the factors of the table; for ``tau`` the item and the
        number of the threshold from 0; for vectors the column is 0. In symmetric matrices each
        cell stands once.
    group : int
        Position among the groups.
    index : int
        Which free parameter it is; -1 where it is fixed. Equal parameters share an index.
    value : float
        What it is fixed at; NaN where it is free.
    label : str
        As written in the model; an empty text else.
    """

    matrix: Matrix
    row: int
    column: int
    group: int
    index: int
    value: float
    label: str = ""

    @property
    def free(self) -> bool:
        """Whether it is estimated."""
        return self.index != FIXED


@dataclass(frozen=True, slots=True)
class GroupCells:
    """The cells of one matrix in one group, as arrays for filling and for derivatives.

    Attributes
    ----------
    base : ndarray
        The matrix (or vector) with all fixed values.
    rows, columns, index : ndarray of int, shape (cells,)
        Where the free ones are and which parameters they are.
    """

    base: Array
    rows: Places
    columns: Places
    index: Places


@dataclass(frozen=True)
class ParameterTable:
    """All parameters of a model in all groups.

    Attributes
    ----------
    structure : Structure
        The model.
    groups : tuple
        Labels; one entry, ``None``, where there are no groups.
    rows : tuple of Parameter
        Every cell that is free or not zero, group by group.
    means : bool
        Whether the means are modelled (``nu``, ``alpha``).
    thresholds : mapping of str to int
        Ordinal items and how many thresholds each has; empty where none is ordinal.
    """

    structure: Structure
    groups: tuple[Hashable, ...]
    rows: tuple[Parameter, ...]
    means: bool
    thresholds: Mapping[str, int]

    @property
    def items(self) -> tuple[str, ...]:
        """The items, in the order of the rows of every covariance matrix."""
        return self.structure.items

    @property
    def factors(self) -> tuple[str, ...]:
        """The factors, in the order of the columns of ``lambda``."""
        return self.structure.factors

    @cached_property
    def n_free(self) -> int:
        """How many different free parameters there are."""
        return 1 + max((row.index for row in self.rows), default=FIXED)

    @cached_property
    def higher_order(self) -> bool:
        """Whether factors load on factors."""
        return any(row.matrix == "beta" for row in self.rows)

    @cached_property
    def _cells(self) -> dict[tuple[str, int], GroupCells]:
        found: dict[tuple[str, int], list[Parameter]] = {}
        for row in self.rows:
            found.setdefault((row.matrix, row.group), []).append(row)
        return {
            (matrix, group): self._group_cells(matrix, found.get((matrix, group), []))
            for group in range(len(self.groups))
            for matrix in self.shapes
        }

    @cached_property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of every matrix."""
        p, m = len(self.items), len(self.factors)
        most = max(self.thresholds.values(), default=0)
        return {
            "lambda": (p, m),
            "beta": (m, m),
            "psi": (m, m),
            "theta": (p, p),
            "nu": (p,),
            "alpha": (m,),
            "tau": (p, most),
            "delta": (p,),
        }

    def cells(self, matrix: Matrix, group: int) -> GroupCells:
        """Return where the free and the fixed cells of a matrix are in a group."""
        return self._cells[matrix, group]

    def _group_cells(self, matrix: str, rows: Sequence[Parameter]) -> GroupCells:
        shape = self.shapes[matrix]
        base = np.ones(shape) if matrix == "delta" else np.zeros(shape)
        if matrix == "tau":
            base[:] = np.nan
        for row in rows:
            if not row.free:
                base[(row.row, row.column)[: len(shape)]] = row.value
                if matrix in SYMMETRIC:
                    base[row.column, row.row] = row.value
        free = [row for row in rows if row.free]
        places = np.array([(row.row, row.column, row.index) for row in free], dtype=np.intp)
        places = places.reshape(-1, 3)
        return GroupCells(base, *(np.ascontiguousarray(places[:, i]) for i in range(3)))

    def named(self, row: Parameter) -> tuple[str, str, str]:
        """Return left side, operator and right side of a parameter as models are written.

        Operators are ``=~`` (is measured by), ``~~`` (variance or covariance), ``~1``
        (intercept or mean), ``|`` (threshold) and ``~*~`` (scale).
        """
        items, factors = self.items, self.factors
        if row.matrix == "lambda":
            return factors[row.column], "=~", items[row.row]
        if row.matrix == "beta":
            return factors[row.column], "=~", factors[row.row]
        if row.matrix in SYMMETRIC:
            names = factors if row.matrix == "psi" else items
            return names[row.row], "~~", names[row.column]
        if row.matrix == "tau":
            return items[row.row], "|", f"t{row.column + 1}"
        if row.matrix == "delta":
            return items[row.row], "~*~", items[row.row]
        return (factors if row.matrix == "alpha" else items)[row.row], "~1", ""

    def spoken(self, index: int) -> str:
        """Return the name of a free parameter for a message, such as ``trust =~ q1``."""
        row = next(row for row in self.rows if row.index == index)
        left, operator, right = self.named(row)
        name = f"{left} {operator} {right}".strip()
        shared = sum(other.index == index for other in self.rows) > 1
        where = len(self.groups) > 1 and not shared
        return f"{name} in group {self.groups[row.group]}" if where else name

    def extended(self, more: Sequence[Parameter]) -> ParameterTable:
        """Return the table with further free cells, each a parameter of its own, at the end."""
        places = {(row.matrix, row.row, row.column, row.group) for row in more}
        kept = [
            row for row in self.rows if (row.matrix, row.row, row.column, row.group) not in places
        ]
        added = [replace(row, index=self.n_free + i, value=math.nan) for i, row in enumerate(more)]
        return replace(self, rows=(*kept, *added))
