"""Options that several functions take, and what they may be."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from relsurvey.errors import ModelError, RelSurveyError, listed, suggestion

__all__ = ["require_choice", "require_confidence", "require_flag"]


def require_confidence(confidence: object) -> None:
    """Refuse a coverage that is no probability between 0 and 1."""
    number = isinstance(confidence, float | int | np.floating | np.integer)
    if not number or not 0.0 < float(confidence) < 1.0:  # type: ignore[arg-type]
        raise ModelError(
            f"confidence must be a number between 0 and 1; it is {confidence!r}.",
            hint="For 95% intervals: confidence=0.95.",
        )


def require_flag(name: str, value: object) -> None:
    """Refuse what is neither True nor False."""
    if not isinstance(value, bool):
        raise ModelError(
            f"{name} must be True or False; it is {value!r}.", hint="A text counts as neither."
        )


def require_choice(
    name: str, value: object, allowed: Sequence[str], error: type[RelSurveyError]
) -> None:
    """Refuse what is none of the words allowed."""
    if value not in allowed:
        near = suggestion(str(value), allowed)
        guess = f"Did you mean {near!r}? " if near else ""
        raise error(f"{name} cannot be {value!r}.", hint=f"{guess}Allowed: {listed(allowed)}.")
