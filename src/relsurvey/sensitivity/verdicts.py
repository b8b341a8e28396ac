"""A sentence over several versions of one slope."""

from __future__ import annotations

import math
from collections.abc import Sequence

from relsurvey.sensitivity.check import SLOPE, VERDICTS, Version
from relsurvey.sensitivity.slope import Slope
from relsurvey.text import and_list, readable

__all__ = ["versions_sentence"]


def versions_sentence(versions: Sequence[Version], primary: Slope) -> str:
    """Say in how far slopes agree with the primary one.

    Parameters
    ----------
    versions : sequence of Version
        Those that are no slope are passed over.
    primary : Slope
        What they are compared with.

    Returns
    -------
    str
        One or two sentences.

    Examples
    --------
    >>> same = Version("without a", Slope(estimate=0.4, conf_low=0.1, conf_high=0.7))
    >>> other = Version("without b", Slope(estimate=0.2, conf_low=-0.1, conf_high=0.5))
    >>> main = Slope(estimate=0.5, conf_low=0.2, conf_high=0.8)
    >>> versions_sentence([same, other], main)
    'Slopes lie between 0.20 and 0.40, the primary one at 0.50. The verdict is another one here:
    without b (not shown, interval includes zero).'
    """
    slopes = [one for one in versions if one.quantity == SLOPE]
    found = [one for one in slopes if not math.isnan(one.found.estimate)]
    missing = [one.name for one in slopes if math.isnan(one.found.estimate)]
    parts = [_range(found, primary)] if found else []
    turned = [one.name for one in found if one.same_direction(primary) is False]
    other = [one for one in found if one.name not in turned and one.same_verdict(primary) is False]
    if turned:
        parts.append(f"The sign is the other one here: {and_list(turned)}.")
    if other:
        said = and_list([f"{one.name} ({_bare(one.found.verdict)})" for one in other])
        parts.append(f"The verdict is another one here: {said}.")
    if found and not turned and not other:
        parts.append("Direction and verdict stay the same.")
    if missing:
        parts.append(f"No slope can be estimated here: {and_list(missing)}.")
    return " ".join(parts)


def _bare(verdict: str) -> str:
    """Return the words for a verdict without brackets of their own."""
    return VERDICTS[verdict].replace(" (", ", ").removesuffix(")")


def _range(found: Sequence[Version], primary: Slope) -> str:
    estimates = [one.found.estimate for one in found]
    low, high = readable(min(estimates)), readable(max(estimates))
    main = readable(primary.estimate)
    if low != high:
        return f"Slopes lie between {low} and {high}, the primary one at {main}."
    noun = "The slope is" if len(found) == 1 else "The slopes are"
    return f"{noun} {low}, {'as is the primary one' if main == low else f'the primary one {main}'}."
