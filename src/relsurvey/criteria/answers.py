"""The criteria of what people answered: the ends of the scale, and what is missing."""

from __future__ import annotations

import math

from relsurvey.criteria.reading import TERWEE, Reading, decided
from relsurvey.text import share

__all__ = ["HIGHEST_AT_END", "HIGHEST_MISSING", "floor_and_ceiling", "missing_answers"]

ITEM_MISSING = "usage in reports on service experience; no rule of COSMIN"
HIGHEST_AT_END = 0.15
HIGHEST_MISSING = 0.10


def floor_and_ceiling(about: str, floor: float, ceiling: float) -> Reading:
    """Read the shares at the lowest and the highest answer: at most 15 % each."""
    known = not (math.isnan(floor) or math.isnan(ceiling))
    high = [
        name for name, value in (("lowest", floor), ("highest", ceiling)) if value > HIGHEST_AT_END
    ]
    if not known:
        because = "no shares could be computed"
    elif high:
        because = f"too many give the {' and the '.join(high)} answer"
    else:
        because = "neither end holds more"
    return Reading(
        about,
        f"lowest answer {share(floor)}, highest {share(ceiling)}",
        "at most 15 % at either end",
        TERWEE,
        decided(known=known, holds=not high),
        because,
    )


def missing_answers(about: str, missing: float) -> Reading:
    """Read the share of answers that are missing: at most 10 %."""
    known = not math.isnan(missing)
    holds = known and missing <= HIGHEST_MISSING
    because = "nobody was asked" if not known else ("it is not exceeded" if holds else "too many")
    return Reading(
        about,
        f"missing {share(missing)}",
        "missing in at most 10 % of the answers",
        ITEM_MISSING,
        decided(known=known, holds=holds),
        because,
    )
