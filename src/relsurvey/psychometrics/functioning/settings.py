"""The settings of a search for differential item functioning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from relsurvey.errors import ModelError
from relsurvey.options import require_choice, require_flag
from relsurvey.psychometrics.grouping import require_minimum_group

__all__ = ["ADJUSTMENTS", "Adjustment", "Matching", "Settings", "checked"]

Adjustment: TypeAlias = Literal["benjamini-hochberg", "holm", "none"]
Matching: TypeAlias = Literal["rest", "scale"]

# What statsmodels calls them.
ADJUSTMENTS = {"benjamini-hochberg": "fdr_bh", "holm": "holm", "none": None}


@dataclass(frozen=True, slots=True)
class Settings:
    """As in ``differential_functioning``, checked."""

    matching: Matching
    purify: bool
    adjust: Adjustment
    alpha: float
    minimum_group: int


def checked(matching: Any, purify: Any, adjust: Any, alpha: Any, minimum_group: Any) -> Settings:
    """Return the settings, or say which of them cannot be.

    Raises
    ------
    ModelError
        At the first that cannot be.
    """
    require_choice("matching", matching, ("rest", "scale"), ModelError)
    require_choice("adjust", adjust, tuple(ADJUSTMENTS), ModelError)
    require_flag("purify", purify)
    if not isinstance(alpha, float) or not 0 < alpha < 1:
        raise ModelError(
            f"alpha must be a number between 0 and 1; it is {alpha!r}.", hint="Usual: alpha=0.05."
        )
    return Settings(matching, purify, adjust, alpha, require_minimum_group(minimum_group))
