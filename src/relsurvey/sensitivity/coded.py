"""Covariates in words as indicators that hold whatever rows are asked of later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from relsurvey.association.models.categories import encode_categories
from relsurvey.moments.group_columns import number_matrix, take_columns

__all__ = ["Coded", "Floats", "coded_covariates"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """Indicators of categories, their names by category, and what to know of them."""

    columns: Mapping[str, Floats]
    categories: Mapping[str, tuple[str, ...]]
    notes: tuple[str, ...]


def coded_covariates(frame: Any, names: Sequence[str]) -> Coded:
    """Return indicators of those covariates that are categories, whatever rows are asked later."""
    encode_categories(frame, names)  # all faults of all of them at once
    columns: dict[str, Floats] = {}
    categories: dict[str, tuple[str, ...]] = {}
    notes: list[str] = []
    for name in names:
        # Each by itself: a level that has no complete row in one question may have some in another.
        encoded = encode_categories(frame, [name])
        if name not in encoded.parts:
            continue
        parts = encoded.parts[name]
        values = number_matrix(take_columns(encoded.data, parts), parts)
        columns |= dict(zip(parts, values, strict=True))
        categories[name] = parts
        notes += encoded.notes
    return Coded(columns, categories, tuple(notes))
