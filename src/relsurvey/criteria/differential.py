"""The criteria of differential item functioning."""

from __future__ import annotations

import math

from relsurvey.criteria.reading import COSMIN, COSMIN_BIAS, Reading, decided
from relsurvey.text import counted, number

__all__ = ["LARGEST_R2_CHANGE", "functioning", "functioning_sample"]

LARGEST_R2_CHANGE = 0.02
ROWS_PER_GROUP = 200


def functioning(about: str, r2_change: float, *, reason: str = "") -> Reading:
    """Read the McFadden R-squared change of an item between groups: below .02."""
    known = not math.isnan(r2_change)
    holds = known and r2_change < LARGEST_R2_CHANGE
    words = "any difference is small" if holds else "the groups differ at the same score"
    return Reading(
        about,
        f"McFadden R-squared change {number(r2_change, 4)}",
        "no important differential item functioning (McFadden R-squared change below .02)",
        COSMIN,
        decided(known=known, holds=holds),
        reason or (words if known else "it could not be computed"),
    )


def functioning_sample(about: str, group: str, n: int) -> Reading:
    """Read the smallest group of a test of differential item functioning: 200 people.

    Examples
    --------
    >>> functioning_sample("SEC by language", "Welsh", 60).verdict
    'not met'
    """
    return Reading(
        about,
        f"the smallest group, {group}, has {counted(n, 'row')}",
        f"at least {ROWS_PER_GROUP} rows in each group, where regression compares them",
        COSMIN_BIAS,
        "met" if n >= ROWS_PER_GROUP else "not met",
        "there are enough" if n >= ROWS_PER_GROUP else "what is there may be missed",
    )
