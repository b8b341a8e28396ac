"""From arrays to the tables of a study: codes, ids and traits."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.instruments import Instrument
from relsurvey.planning.items import ItemParameters

__all__ = ["coded_answers", "not_applicable_code", "table", "trait_columns"]

Real = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def coded_answers(
    items: ItemParameters,
    categories: npt.NDArray[np.int64],
    blank: Flags,
    not_applicable: Flags,
    code: float | str,
) -> pd.DataFrame:
    """Write categories as the codes of an export, as answered: not reversed.

    Parameters
    ----------
    items : ItemParameters
        The items; J of them with K codes.
    categories : numpy.ndarray of int, shape (n, J)
        Categories in keyed direction, from 0 to K - 1.
    blank, not_applicable : numpy.ndarray of bool, shape (n, J)
        Cells without an answer; where both hold, the cell is blank.
    code : float or str
        The code of "does not apply".

    Returns
    -------
    pandas.DataFrame, shape (n, J)
        Numbers, NaN where blank; of dtype object where ``code`` is text and occurs.
    """
    as_answered = np.where(items.reversed, items.codes.size - 1 - categories, categories)
    codes = items.codes[as_answered]
    if isinstance(code, str) and not_applicable.any():
        codes = codes.astype(object)
    codes[not_applicable] = code if not_applicable.any() else math.nan
    codes[blank] = math.nan
    return pd.DataFrame(codes, columns=list(items.item_ids))


def not_applicable_code(instrument: Instrument) -> float | str:
    """Return the first code for "does not apply", as a number where it is one; NaN for none."""
    declared = instrument.response_scale.not_applicable
    if not declared:
        return math.nan
    try:
        number = float(declared[0].code)
    except ValueError:
        return declared[0].code
    return number if math.isfinite(number) else declared[0].code


def trait_columns(items: ItemParameters, traits: Real) -> pd.DataFrame:
    """Name the domain traits, shape (n, D), by their domains."""
    return pd.DataFrame(traits, columns=[f"trait_{domain}" for domain in items.domain_ids])


def table(leading: Mapping[str, Any], rest: pd.DataFrame) -> pd.DataFrame:
    """Put columns in front of a table."""
    return pd.concat([pd.DataFrame(dict(leading)), rest], axis=1)
