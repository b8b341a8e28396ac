"""Why a statistic of a scale could not be computed, or should not be read as it stands."""

from __future__ import annotations

import math

import numpy as np

from relsurvey.errors import listed
from relsurvey.moments.items import ItemMoments
from relsurvey.psychometrics.consistency import item_rest_correlation

__all__ = ["constant_items", "doubts", "obstacle"]


def obstacle(moments: ItemMoments) -> str:
    """Say what stands in the way of any covariance; an empty text where nothing does."""
    if moments.n_total == 0:
        return "no rows"
    unanswered = [
        name for name, count in zip(moments.columns, moments.answered, strict=True) if not count
    ]
    if unanswered:
        return f"nobody answered {listed(unanswered)}"
    if moments.n >= 2:
        return ""
    rows = "1 row has" if moments.n == 1 else f"{moments.n} rows have"
    if moments.n == int(moments.used.min()):
        every = "an answer" if len(moments.columns) == 1 else "every item answered"
        return f"{rows} {every}; 2 are needed"
    i, j = np.unravel_index(int(moments.pair_n.argmin()), moments.pair_n.shape)
    return f"{rows} both {moments.columns[i]} and {moments.columns[j]} answered; 2 are needed"


def constant_items(moments: ItemMoments) -> list[str]:
    """Return the items without variance."""
    variances = np.diag(moments.covariance)
    return [name for name, v in zip(moments.columns, variances, strict=True) if v == 0]


def doubts(moments: ItemMoments, values: dict[str, float]) -> list[str]:
    """Explain what is missing or odd among the coefficients of a scale with covariances."""
    notes = []
    constant = constant_items(moments)
    if len(constant) == len(moments.columns):
        return ["no item varies"]
    if constant:
        verb, have = ("does", "has") if len(constant) == 1 else ("do", "have")
        notes.append(
            f"{listed(constant)} {verb} not vary and so {have} no correlations: no standardised "
            "alpha, lambda-6 or mean inter-item r"
        )
    alpha = values["alpha"]
    if math.isnan(alpha):
        notes.append("the sum of the items has no variance: no alpha")
    elif alpha < 0:
        notes.append(_why_negative(moments))
    elif alpha > 1:
        notes.append("alpha above 1 comes of covariances from different rows: no interval")
    if not constant and math.isnan(values["alpha_standardised"]):
        notes.append("the sum of the standardised items has no variance: no standardised alpha")
    if not constant and math.isnan(values["lambda6"]):
        notes.append(
            "the correlation matrix is not positive definite (an item follows from the others, "
            "or there are too few rows): no lambda-6"
        )
    return notes


def _why_negative(moments: ItemMoments) -> str:
    r = item_rest_correlation(moments.covariance)
    opposed = [f"{moments.columns[i]} ({r[i]:.2f})" for i in np.argsort(r) if r[i] < 0]
    if not opposed:
        return "alpha is negative: the items do not go together"
    return (
        "alpha is negative: the items do not go together, or one is keyed the wrong way round; "
        f"check those with a negative item-rest r: {listed(opposed, most=4)}"
    )
