"""Names of columns as they are given, and those that a result keeps for itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from relsurvey.errors import ModelError

__all__ = ["INTERCEPT", "RESIDUAL", "column_names", "require_free_names"]

INTERCEPT = "(Intercept)"
RESIDUAL = "residual"


def column_names(given: str | Sequence[str] | None, role: str) -> tuple[str, ...]:
    """Return one name, several or none as a tuple."""
    if given is None:
        return ()
    if isinstance(given, str):
        return (given,)
    if not isinstance(given, Iterable):
        raise ModelError(
            f"{role} are the names of columns; {given!r} is of type {type(given).__name__}.",
            hint=f"Give a list of names, for instance {role}=['reflection'].",
        )
    return tuple(given)


def require_free_names(predictors: Sequence[str], group: str, nested_in: str | None = None) -> None:
    """Refuse columns called like something of the result, which would hide it."""
    levels = [("group", group), ("nested_in", nested_in)]
    taken = [(role, name) for role, name in levels if name == RESIDUAL]
    taken += [("predictor", name) for name in predictors if name == INTERCEPT]
    for role, name in taken:
        raise ModelError(
            f"The {role} column is called {name!r}, as a part of every result is.",
            hint="Give the column another name first.",
        )
