"""What each quantity of an association says, for the last column of its table."""

from __future__ import annotations

import math

from relsurvey.association import AssociationResult
from relsurvey.reporting.numbers import p_value, percent
from relsurvey.reporting.wording import Said, adjusted

__all__ = [
    "correlation_words",
    "design_words",
    "explained_words",
    "icc_words",
    "size_words",
    "slope_words",
]


def slope_words(said: Said) -> str:
    """Explain the slope."""
    return (
        f"points of {said.outcome.title} for one point of {said.predictor.title}"
        f"{adjusted(said.covariates)}"
    )


def icc_words(icc: float) -> str:
    """Explain the intraclass correlation."""
    if not math.isfinite(icc):
        return "could not be computed"
    return (
        f"{percent(icc)} of the variance of service users' scores lies between workers, the rest "
        "between people with the same worker"
    )


def explained_words(share: float, said: Said) -> str:
    """Explain the share of variance between workers that goes with the predictor."""
    if not math.isfinite(share):
        return "could not be computed: there is no variance between workers to share out"
    if share < 0:
        return "the estimate is below zero, which is read as none"
    together = " and the covariates together" if said.covariates else ""
    return f"of the variance between workers goes with the worker's score{together}"


def size_words(correlation: float, low: float, high: float) -> str:
    """Name a correlation on Cohen's yardstick; nothing where its interval holds zero.

    References
    ----------
    Cohen J (1988). Statistical power analysis for the behavioral sciences, 2nd ed., ch. 3:
    small .10, medium .30, large .50.

    Examples
    --------
    >>> [size_words(r, r - 0.03, r + 0.03) for r in (0.04, -0.2, 0.41, 0.7)]
    ['below what Cohen calls small', 'what Cohen calls small', 'what Cohen calls medium',
    'what Cohen calls large']
    >>> size_words(0.2, -0.1, 0.5)
    ''
    """
    size = abs(correlation)
    if not (low > 0 or high < 0):
        return ""
    if size < 0.1:
        return "below what Cohen calls small"
    word = "small" if size < 0.3 else "medium" if size < 0.5 else "large"
    return f"what Cohen calls {word}"


def correlation_words(association: AssociationResult, said: Said) -> str:
    """Explain the correlation at the level of workers."""
    r, low, high = (
        association.correlation,
        association.correlation_low,
        association.correlation_high,
    )
    if not math.isfinite(r):
        return "could not be computed"
    parts = (
        "workers' scores with the means of their service users",
        "not adjusted for the covariates" if said.covariates else "",
        size_words(r, low, high),
        p_value(association.correlation_p),
    )
    return "; ".join(part for part in parts if part)


def design_words() -> str:
    """Explain the design effect."""
    return (
        "how many times as many answers are needed, compared with independent ones, since people "
        "share workers"
    )
