"""Which of two factor models is a special case of the other: only what can be proved.

A model is nested in another where every covariance matrix it can imply is one that the other
can imply too. Here that is proved from the two structures, by one of four rules:

1. Some cells of the larger model are zero in the smaller one.
2. The larger model has simple structure and all its factors correlate freely, and each of its
   factors lies within one factor of the smaller model: two factors that correlate perfectly are
   one, and any relation between factors is a special case of free correlations.
3. One factor is a second-order model whose first-order factors have no variance of their own.
4. A second-order model is a bifactor model whose loadings are proportional within each group
   factor (Schmid & Leiman 1957; Yung, Thissen & McLeod 1999).

References
----------
Schmid J, Leiman JM (1957). Psychometrika 22(1):53-61. doi 10.1007/BF02289209.
Yung YF, Thissen D, McLeod LD (1999). Psychometrika 64(2):113-128. doi 10.1007/BF02294531.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations, permutations
from typing import Any, NamedTuple, TypeAlias

from relsurvey.psychometrics.structure.specification import Cell, Structure

__all__ = ["Nesting", "nested_pairs", "why_nested"]

Parts: TypeAlias = frozenset[Any]

DROPPED = "a factor of the larger model is left out as a whole, so that p is rough"


class Nesting(NamedTuple):
    """The names of a model and of one it is a special case of, and what to know of a test."""

    inner: str
    outer: str
    why: str
    note: str


def nested_pairs(structures: Mapping[str, Structure]) -> list[Nesting]:
    """Return every pair of models of which one is provably a special case of the other.

    Parameters
    ----------
    structures : mapping of str to Structure
        By name.

    Returns
    -------
    list of Nesting
        Through others too: what is nested in a model is nested in all that hold that one.

    Examples
    --------
    >>> from relsurvey.psychometrics.structure.specification import structure_of
    >>> one = structure_of({"all": ["a", "b", "c", "d"]})
    >>> two = structure_of({"x": ["a", "b"], "y": ["c", "d"]})
    >>> [pair[:3] for pair in nested_pairs({"one": one, "two": two})]
    [('one', 'two', 'factors that correlate perfectly are one')]
    """
    found: dict[tuple[str, str], Nesting] = {}
    for (inner, small), (outer, large) in permutations(structures.items(), 2):
        why = why_nested(small, large)
        if why:
            dropped = DROPPED if _drops_factor(small, large) else ""
            found[inner, outer] = Nesting(inner, outer, why, dropped)
    for middle in structures:
        for inner, outer in permutations(structures, 2):
            first, second = found.get((inner, middle)), found.get((middle, outer))
            if first and second and (inner, outer) not in found:
                note = first.note or second.note
                found[inner, outer] = Nesting(inner, outer, f"through {middle}", note)
    # Both ways round: the two say the same, and there is nothing to test.
    return [pair for pair in found.values() if (pair.outer, pair.inner) not in found]


def why_nested(inner: Structure, outer: Structure) -> str:
    """Say by what ``inner`` is a special case of ``outer``; an empty text where it is not proved.

    Models of different items are never nested.
    """
    if set(inner.items) != set(outer.items):
        return ""
    rules = (
        (_by_zeros, "some of what is free is zero"),
        (_by_merging, "factors that correlate perfectly are one"),
        (_one_in_second_order, "first-order factors have no variance of their own"),
        (_second_order_in_bifactor, "loadings are proportional within each group factor"),
    )
    return next((why for rule, why in rules if rule(inner, outer)), "")


def _by_zeros(inner: Structure, outer: Structure) -> bool:
    small, large = _signed(inner), _signed(outer)
    if small is None or large is None or not small.items() <= large.items():
        return False
    absent = [key for key in large if key not in small]
    kept_labels = {large[key][1] for key in small} - {None}
    return all(
        (large[key][0] is None or large[key][0] == 0 or key[0] == "psi")
        and large[key][1] not in kept_labels
        for key in absent
    )


def _signed(structure: Structure) -> dict[tuple[str, Any, Any], tuple[Any, Any]] | None:
    """Return cells under names that do not depend on what factors are called.

    ``None`` where two factors hold the same parts, so that they cannot be told apart.
    """
    parts = _parts(structure)
    if len(set(parts.values())) < len(parts):
        return None

    def key(cell: Cell) -> tuple[str, Any, Any]:
        ends = (parts.get(cell.row, cell.row), parts.get(cell.column, cell.column))
        # Symmetric cells have no first and second end.
        symmetric = cell.matrix in ("psi", "theta")
        return (cell.matrix, frozenset(ends), None) if symmetric else (cell.matrix, *ends)

    alike: dict[str, frozenset[Any]] = {
        label: frozenset(key(cell) for cell in structure.cells if cell.label == label)
        for label in {cell.label for cell in structure.cells if cell.label}
    }
    return {
        key(cell): (None if cell.free else cell.value, alike.get(cell.label))
        for cell in structure.cells
    }


def _parts(structure: Structure) -> dict[str, Parts]:
    """Return what every factor is made of, all the way down."""
    parts: dict[str, Parts] = {}

    def of(factor: str) -> Parts:
        if factor not in parts:
            below = frozenset(of(lower) for lower in structure.parts_of(factor))
            parts[factor] = frozenset(structure.items_of(factor)) | below
        return parts[factor]

    for factor in structure.factors:
        of(factor)
    return parts


def _drops_factor(inner: Structure, outer: Structure) -> bool:
    """Whether a factor of the larger model has no loading at all in the smaller one."""
    return _by_zeros(inner, outer) and len(inner.factors) < len(outer.factors)


def _by_merging(inner: Structure, outer: Structure) -> bool:
    coarse, fine = _partition(inner), _partition(outer)
    if coarse is None or fine is None or outer.of("beta"):
        return False
    linked = {frozenset((c.row, c.column)) for c in outer.of("psi") if c.free and not c.label}
    all_linked = all(frozenset(pair) in linked for pair in combinations(outer.factors, 2))
    return all_linked and all(any(part <= whole for whole in coarse) for part in fine)


def _one_in_second_order(inner: Structure, outer: Structure) -> bool:
    coarse = _partition(inner)
    return coarse is not None and len(coarse) == 1 and _single_second_order(outer) is not None


def _second_order_in_bifactor(inner: Structure, outer: Structure) -> bool:
    first = _single_second_order(inner)
    if first is None or outer.of("beta") or not _plain_items(outer):
        return False
    free_pairs = [c for c in outer.of("psi") if c.row != c.column and c.value != 0]
    parts = [frozenset(outer.items_of(factor)) for factor in outer.factors]
    whole = frozenset(outer.items)
    return not free_pairs and len(parts) == len(set(parts)) and set(parts) == {whole, *first}


def _single_second_order(structure: Structure) -> set[Parts] | None:
    """Return the first-order partition where one factor stands over all of its factors."""
    first, over = _partition(structure), {cell.column for cell in structure.of("beta")}
    if first is None or len(over) != 1 or any(c.given or c.label for c in structure.of("beta")):
        return None
    (top,) = over
    lower = set(structure.factors) - {top}
    covaried = [c for c in structure.of("psi") if c.row != c.column]
    return first if set(structure.parts_of(top)) == lower and not covaried else None


def _partition(structure: Structure) -> set[Parts] | None:
    """Return the items of every first-order factor where each item loads on one, freely."""
    loaded = [cell.row for cell in structure.of("lambda")]
    if len(loaded) != len(set(loaded)) or not _plain_items(structure):
        return None
    holding = [factor for factor in structure.factors if structure.items_of(factor)]
    return {frozenset(structure.items_of(factor)) for factor in holding}


def _plain_items(structure: Structure) -> bool:
    """Whether loadings of items are all free and unequal, and residuals uncorrelated."""
    loadings, residuals = structure.of("lambda"), structure.of("theta")
    free = all(cell.free and not cell.label for cell in [*loadings, *residuals])
    return free and all(cell.row == cell.column for cell in residuals)
