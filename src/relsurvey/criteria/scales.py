"""The criteria of reliability and measurement error of a scale."""

from __future__ import annotations

import math

from relsurvey.criteria.reading import COSMIN, Reading, decided, reached
from relsurvey.text import digits_beside, number

__all__ = ["RELIABLE", "internal_consistency", "measurement_error", "retest_reliability"]

RELIABLE = 0.70


def internal_consistency(
    scale: str, alpha: float, *, structure: bool | None, reason: str = ""
) -> Reading:
    """Read an alpha: at least .70, and evidence that the scale is one dimension.

    Parameters
    ----------
    scale : str
        What the alpha is of.
    alpha : float
        NaN where there is none.
    structure : bool or None
        Whether the structure of the scale was found to hold; ``None`` where it was not looked
        at, which leaves the criterion open however high alpha is.
    reason : str
        What is said where alpha is NaN, or what the evidence on the structure is.

    Returns
    -------
    Reading

    Examples
    --------
    >>> internal_consistency("SEC", 0.81, structure=None).verdict
    'not known'
    >>> internal_consistency("SEC", 0.61, structure=None).verdict
    'not met'
    """
    known = not math.isnan(alpha)
    enough = known and alpha >= RELIABLE
    if not known:
        because = reason or "there is no alpha"
    elif not enough:
        because = "alpha is below .70"
    elif structure is None:
        because = reason or "alpha is enough, but whether the scale is one dimension is not known"
    else:
        because = reason or f"the structure {'holds' if structure else 'does not hold'}"
    judged = known and not (enough and structure is None)
    return Reading(
        scale,
        f"alpha {number(alpha, digits_beside(alpha, RELIABLE, 3))}",
        "alpha of at least .70, where there is evidence that the scale is one dimension",
        COSMIN,
        decided(known=judged, holds=enough and bool(structure)),
        because,
    )


def retest_reliability(about: str, icc: float, *, reason: str = "") -> Reading:
    """Read an intraclass correlation: at least .70."""
    known = not math.isnan(icc)
    return Reading(
        about,
        f"ICC {number(icc, digits_beside(icc, RELIABLE, 3))}",
        "an intraclass correlation (or weighted kappa) of at least .70",
        COSMIN,
        decided(known=known, holds=known and icc >= RELIABLE),
        reason or ("no ICC" if not known else reached(holds=icc >= RELIABLE)),
    )


def measurement_error(
    about: str, detectable: float, important: float | None = None, *, reason: str = ""
) -> Reading:
    """Read the smallest detectable change: smaller than the change that matters to people.

    Parameters
    ----------
    about : str
        The scale.
    detectable : float
        MDC95 in units of the score.
    important : float, optional
        The minimal important change; without it the criterion is open.
    reason : str
        What is said where the figure is NaN.
    """
    figure = f"smallest detectable change {number(detectable, 2)}"
    known = important is not None and not math.isnan(detectable)
    if math.isnan(detectable):
        because = reason or "it could not be computed"
    elif important is None:
        because = "what change matters to the people asked (MIC) has not been established"
    else:
        because = f"the change that matters is {number(important, 2)}"
    holds = important is not None and detectable < important
    if known or important is None:
        because += "; COSMIN asks for it from repeated measurement"
    criterion = "smaller than the minimal important change (MIC)"
    return Reading(about, figure, criterion, COSMIN, decided(known=known, holds=holds), because)
