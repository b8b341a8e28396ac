"""How far a respondent's answers lie from everybody's: Mahalanobis distance.

References
----------
Mahalanobis PC (1936). On the generalised distance in statistics. Proceedings of the National
Institute of Sciences of India 2:49-55.
Meade AW, Craig SB (2012). Identifying careless responses in survey data. Psychological Methods
17(3):437-455. doi 10.1037/a0028085.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.linalg import cholesky, solve_triangular
from scipy.special import chdtrc

from relsurvey.errors import listed
from relsurvey.moments.saturated import SaturatedMoments
from relsurvey.quality.alike import group_numbers
from relsurvey.quality.sheet import AnswerSheet

__all__ = ["Distances", "distances", "telling_items"]

Array: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Distances:
    """Squared distances of n respondents.

    Attributes
    ----------
    squared : ndarray, shape (n,)
        NaN for a respondent without an answer, or where there is none at all (see ``note``).
    df : ndarray of int, shape (n,)
        Items that it rests on.
    p_value : ndarray, shape (n,)
        From the chi-squared distribution, as if answers were normal.
    note : str
        What it does not rest on, or why there is none.
    """

    squared: Array
    df: npt.NDArray[np.int64]
    p_value: Array
    note: str


def distances(sheet: AnswerSheet, items: Sequence[int], moments: SaturatedMoments) -> Distances:
    """Return the squared Mahalanobis distance of each respondent from the mean of all.

    Parameters
    ----------
    sheet : AnswerSheet
        Of n respondents.
    items : sequence of int
        Positions of the items it rests on, from ``telling_items``.
    moments : SaturatedMoments
        Of the keyed answers to them.

    Notes
    -----
    The covariance has n - 1 below. Where answers are missing, mean and covariance are the
    maximum likelihood estimates (EM), the covariance times n / (n - 1), and a respondent's
    distance is taken over the items answered, with as many degrees of freedom. Items that
    nobody answered, or nobody differs on, are left out. The sign of an item does not matter.
    """
    used = list(items)
    nothing = np.full(sheet.n, np.nan)
    df = sheet.there[used].sum(axis=0, dtype=np.int64)
    obstacle = _too_little(sheet, used) or moments.note * bool(np.isnan(moments.covariance).any())
    if obstacle:
        return Distances(nothing, df, nothing, f"No Mahalanobis distance: {obstacle}.")
    covariance = moments.covariance * moments.n / (moments.n - 1)
    centred = sheet.keyed[used] - moments.mean[:, None]
    squared = _by_pattern(centred, sheet.there[used], covariance)
    rest = [name for item, name in enumerate(sheet.items) if item not in used]
    left_out = f"{listed(rest)} left out: nobody differs on it" if rest else ""
    notes = "; ".join(part for part in (left_out, moments.note) if part)
    note = f"Mahalanobis distance: {notes}." if notes else ""
    return Distances(squared, df, np.asarray(chdtrc(df, squared)), note)


def telling_items(sheet: AnswerSheet) -> list[int]:
    """Return the positions of the items on which people differ."""
    return [
        item
        for item, (given, there) in enumerate(zip(sheet.given, sheet.there, strict=True))
        if there.any() and given[there].min() < given[there].max()
    ]


def _too_little(sheet: AnswerSheet, used: Sequence[int]) -> str:
    if not sheet.n:
        return "there is no respondent"
    return "" if len(used) > 1 else "there are not two items on which people differ"


def _by_pattern(centred: Array, there: npt.NDArray[np.bool_], covariance: Array) -> Array:
    """Take the distance over the items answered, all rows of a pattern at once."""
    squared = np.full(centred.shape[1], np.nan)
    group = group_numbers(there.astype(np.int64), 2)
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    for rows in np.split(order, starts[1:]):
        seen = np.flatnonzero(there[:, rows[0]])
        if len(seen):
            lower = cholesky(covariance[np.ix_(seen, seen)], lower=True)
            solved = solve_triangular(lower, centred[np.ix_(seen, rows)], lower=True)
            squared[rows] = (solved**2).sum(axis=0)
    return squared
