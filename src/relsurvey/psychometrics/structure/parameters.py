"""How the parameters of a model are laid out: scales of factors, and equality across groups."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from relsurvey.errors import ModelError, listed
from relsurvey.options import require_choice, require_names
from relsurvey.psychometrics.structure.cells import Cell, Matrix, Structure
from relsurvey.psychometrics.structure.table import (
    FIXED,
    SYMMETRIC,
    GroupCells,
    Parameter,
    ParameterTable,
)

__all__ = [
    "EQUAL",
    "FIXED",
    "SYMMETRIC",
    "GroupCells",
    "Parameter",
    "ParameterTable",
    "parameter_table",
    "require_equal",
]

EQUAL = ("loadings", "intercepts", "thresholds", "residuals")


def require_equal(equal: Iterable[str]) -> tuple[str, ...]:
    """Return what is to be equal across groups, checked."""
    if isinstance(equal, Iterable) and not isinstance(equal, str):
        equal = tuple(equal)
    wanted = () if equal == () else require_names("equal", equal, hint=f"Any of {listed(EQUAL)}.")
    for word in wanted:
        require_choice("equal", word, EQUAL, ModelError)
    return wanted


def parameter_table(
    structure: Structure,
    *,
    groups: Sequence[Hashable] = (None,),
    std_lv: bool = True,
    equal: Iterable[str] = (),
    means: bool | None = None,
    thresholds: Mapping[str, int] | None = None,
) -> ParameterTable:
    """Lay out the parameters of a model in all groups.

    Parameters
    ----------
    structure : Structure
        The model.
    groups : sequence
        Labels; the first group is the one that the others are compared with.
    std_lv : bool
        Whether factors get their scale by a (residual) variance of 1, or by a loading of 1 of
        the first item; a variance or loading that the model itself fixes or frees is left alone.
    equal : iterable of {"loadings", "intercepts", "thresholds", "residuals"}
        What is equal across groups. With equal loadings, the variances that ``std_lv`` fixes
        are free in later groups; with equal intercepts or thresholds, so are the means of the
        factors that items load on (and the scales of ordinal items, unless residuals are equal).
    means : bool, optional
        Whether means are modelled; where there are several groups if not given.
    thresholds : mapping of str to int, optional
        Ordinal items and how many thresholds each has.

    Returns
    -------
    ParameterTable
        Free parameters are numbered in the order of the rows.

    Examples
    --------
    >>> from relsurvey.psychometrics.structure.specification import structure_of
    >>> table = parameter_table(structure_of({"f": ["a", "b", "c"]}))
    >>> table.n_free, [table.named(row) for row in table.rows if not row.free]
    (6, [('f', '~~', 'f')])
    """
    wanted = require_equal(equal)
    if "thresholds" in wanted or "intercepts" in wanted:
        wanted = (*wanted, "intercepts", "thresholds")
    modelled = means if means is not None else len(groups) > 1
    cells = _scaled(structure, std_lv=std_lv)
    layout = _Layout(structure, frozenset(wanted), dict(thresholds or {}))
    for group in range(len(groups)):
        layout.add_covariances(group, cells)
        layout.add_thresholds(group)
        if modelled or thresholds:
            layout.add_means(group)
    return ParameterTable(
        structure, tuple(groups), tuple(layout.rows), modelled or bool(thresholds), layout.ordinal
    )


def _scaled(structure: Structure, *, std_lv: bool) -> list[tuple[Cell, bool]]:
    """Return the cells with the scale of the factors fixed, and whether that fixed them."""
    fixed: dict[tuple[str, str, str], float] = {}
    labels: set[str] = set()
    for factor in structure.factors:
        variance = next(c for c in structure.of("psi") if c.row == c.column == factor)
        loadings = [c for c in structure.cells if c.matrix in ("lambda", "beta")]
        marker = next(cell for cell in loadings if cell.column == factor)
        if std_lv and not variance.given:
            fixed["psi", factor, factor] = 1.0
        elif not std_lv and not marker.given:
            fixed[marker.matrix, marker.row, factor] = 1.0
            labels |= {marker.label} - {""}
    scaled = []
    for cell in structure.cells:
        value = fixed.get((cell.matrix, cell.row, cell.column))
        if value is None and cell.label in labels:
            value = 1.0
        scaled.append((cell if value is None else replace(cell, value=value), value is not None))
    return scaled


class _Layout:
    """Rows of a table as they are added, and which of them share an index."""

    def __init__(
        self, structure: Structure, equal: frozenset[str], ordinal: Mapping[str, int]
    ) -> None:
        self.structure = structure
        self.equal = equal
        self.ordinal = ordinal
        self.rows: list[Parameter] = []
        self.shared: dict[Hashable, int] = {}
        self.n_free = 0
        self.place = {name: i for i, name in enumerate(structure.items)}
        self.factor_place = {name: i for i, name in enumerate(structure.factors)}

    def add_covariances(self, group: int, cells: Sequence[tuple[Cell, bool]]) -> None:
        """Add loadings, factor covariances and residual covariances."""
        for cell, by_scaling in cells:
            rows = self.place if cell.matrix in ("lambda", "theta") else self.factor_place
            columns = self.place if cell.matrix == "theta" else self.factor_place
            place = rows[cell.row], columns[cell.column]
            diagonal = cell.row == cell.column
            if cell.matrix == "theta" and diagonal and cell.row in self.ordinal:
                continue
            released = group and by_scaling and cell.matrix == "psi" and "loadings" in self.equal
            value = math.nan if released else cell.value
            loading = cell.matrix in ("lambda", "beta") and "loadings" in self.equal
            residual = cell.matrix == "theta" and diagonal and "residuals" in self.equal
            self._add(cell.matrix, place, group, value, cell.label, equal=loading or residual)

    def add_means(self, group: int) -> None:
        """Add intercepts of items and means of factors."""
        for item, place in self.place.items():
            value = 0.0 if item in self.ordinal else math.nan
            self._add("nu", (place, 0), group, value, equal="intercepts" in self.equal)
        for factor, place in self.factor_place.items():
            # A factor of factors keeps its mean at 0: only one of the two levels can move.
            free = group and "intercepts" in self.equal and self.structure.items_of(factor)
            self._add("alpha", (place, 0), group, math.nan if free else 0.0)

    def add_thresholds(self, group: int) -> None:
        """Add thresholds and scales of ordinal items."""
        equal = "thresholds" in self.equal
        for item, count in self.ordinal.items():
            for number in range(count):
                self._add("tau", (self.place[item], number), group, math.nan, equal=equal)
        for item in self.ordinal:
            free = group and equal and "residuals" not in self.equal
            self._add("delta", (self.place[item], 0), group, math.nan if free else 1.0)

    def _add(
        self,
        matrix: Matrix,
        place: tuple[int, int],
        group: int,
        value: float,
        label: str = "",
        *,
        equal: bool = False,
    ) -> None:
        index = FIXED
        if math.isnan(value):
            keys: list[Any] = [("label", label)] if label else []
            keys += [(matrix, place)] if equal else []
            found = next((self.shared[key] for key in keys if key in self.shared), None)
            index = self.n_free if found is None else found
            self.n_free = max(self.n_free, index + 1)
            self.shared.update(dict.fromkeys(keys, index))
        self.rows.append(Parameter(matrix, *place, group, index, value, label))
