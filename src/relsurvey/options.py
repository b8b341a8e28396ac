"""Options that several functions take, and what they may be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from numbers import Integral, Real
from typing import Literal, TypeAlias

from relsurvey.errors import ModelError, RelSurveyError, listed, suggestion

__all__ = [
    "Estimation",
    "require_choice",
    "require_confidence",
    "require_flag",
    "require_name",
    "require_names",
    "require_number",
    "require_whole",
]

# The ways of estimation of a factor model, for type checkers and for the command line; what
# there is, is found in the classes of psychometrics/structure/estimators.
Estimation: TypeAlias = Literal["ML", "FIML", "WLSMV"]


def require_confidence(confidence: object) -> None:
    """Refuse a coverage that is no probability between 0 and 1."""
    number = isinstance(confidence, Real) and not isinstance(confidence, bool)
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
    if not isinstance(value, str) or value not in allowed:
        near = suggestion(str(value), allowed)
        guess = f"Did you mean {near!r}? " if near else ""
        raise error(f"{name} cannot be {value!r}.", hint=f"{guess}Allowed: {listed(allowed)}.")


def require_whole(
    name: str,
    value: object,
    *,
    lowest: int,
    highest: int | None = None,
    error: type[RelSurveyError] = ModelError,
    hint: str = "",
) -> int:
    """Return a whole number between two limits, or refuse what is none.

    Examples
    --------
    >>> require_whole("seed", 7, lowest=0)
    7
    >>> require_whole("seed", 0.5, lowest=0)
    Traceback (most recent call last):
    relsurvey.errors.ModelError: seed has to be a whole number from 0; it is 0.5.
    """
    limits = f"from {lowest}" + ("" if highest is None else f" to {highest}")
    if isinstance(value, Integral) and not isinstance(value, bool):
        found = int(value)
        if found >= lowest and (highest is None or found <= highest):
            return found
    raise error(f"{name} has to be a whole number {limits}; it is {value!r}.", hint=hint)


def require_number(
    name: str,
    value: object,
    *,
    lowest: float,
    below: float,
    error: type[RelSurveyError] = ModelError,
    hint: str = "",
) -> float:
    """Return a number from one limit to below another, or refuse what is none.

    Examples
    --------
    >>> require_number("percentile", 95, lowest=50, below=100)
    95.0
    """
    if isinstance(value, Real) and not isinstance(value, bool) and lowest <= float(value) < below:
        return float(value)
    raise error(
        f"{name} has to be a number from {lowest:g} and below {below:g}; it is {value!r}.",
        hint=hint,
    )


def require_name(name: str, value: object, *, hint: str = "") -> str:
    """Return the name of one column, or refuse what is none.

    Examples
    --------
    >>> require_name("group", None)
    Traceback (most recent call last):
    relsurvey.errors.ModelError: group has to be the name of a column; it is None.
    """
    if not isinstance(value, str) or not value:
        raise ModelError(f"{name} has to be the name of a column; it is {value!r}.", hint=hint)
    return value


def require_names(
    name: str, value: object, *, error: type[RelSurveyError] = ModelError, hint: str = ""
) -> tuple[str, ...]:
    """Return a name or several as names, each once, or refuse what is none.

    Examples
    --------
    >>> require_names("by", "sex"), require_names("by", ["sex", "age", "sex"])
    (('sex',), ('sex', 'age'))
    >>> require_names("by", 5)
    Traceback (most recent call last):
    relsurvey.errors.ModelError: by has to be a name, or several; it is 5.
    """
    names = [value] if isinstance(value, str) else value
    if isinstance(names, Iterable) and not isinstance(names, bytes):
        found = list(names)
        if found and all(isinstance(one, str) for one in found):
            return tuple(dict.fromkeys(found))
    raise error(f"{name} has to be a name, or several; it is {value!r}.", hint=hint)
