"""Models as text, in the style of lavaan: ``=~`` for loadings and ``~~`` for covariances.

::

    trust =~ q1 + q2 + q3      # trust is measured by q1, q2 and q3
    calm  =~ q4 + a*q5 + a*q6  # the same label: equal
    q1 ~~ q4                   # a residual covariance
    trust ~~ 0*calm            # fixed at 0: uncorrelated
    calm ~~ NA*calm            # free, whatever the default is

A line ends at its end or at ``;``, and goes on where it ends with ``+`` or the next one begins
with it. ``#`` and ``!`` begin a comment. Anything else is refused, with the line shown.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from relsurvey.errors import ModelError
from relsurvey.psychometrics.structure.cells import (
    Cell,
    Matrix,
    Structure,
    simple_structure,
)

__all__ = ["parsed"]

_NAME = r"[^\W\d][\w.]*"
_NUMBER = r"-?(?:\d+\.?\d*|\.\d+)(?:[eE]-?\d+)?"
_STATEMENT = re.compile(rf"\s*({_NAME})\s*(=~|~~)\s*(.*?)\s*$", re.DOTALL)
_TERM = re.compile(rf"(?:({_NUMBER}|{_NAME})\s*\*\s*)?({_NAME})$")
_COMMENT = re.compile(r"[#!].*")


@dataclass(slots=True)
class _Term:
    """What was said of one pair of names."""

    value: float = math.nan
    label: str = ""
    given: bool = False


def parsed(text: str) -> Structure:
    """Read a model from its text.

    Parameters
    ----------
    text : str
        As said at the top of this module.

    Returns
    -------
    Structure
        Factors that load on no other factor are correlated.

    Raises
    ------
    ModelError
        Where a line is not understood; every such line is in ``.failures``.

    Examples
    --------
    >>> model = parsed("trust =~ q1 + q2 + q3; q1 ~~ q2")
    >>> [(cell.row, cell.column) for cell in model.of("theta")][-1]
    ('q1', 'q2')
    """
    said: dict[tuple[str, str, str], _Term] = {}
    faults: list[dict[str, object]] = []
    for line, statement in _statements(text):
        problem = _read(statement, said)
        if problem:
            faults.append({"line": line, "found": statement, "problem": problem})
    if faults:
        raise ModelError(
            "The text of the model is not understood.",
            hint="Allowed: 'factor =~ item + item', 'name ~~ name', each name with a number*, "
            "NA* or label* before it if need be; # begins a comment.",
            failures=faults,
        )
    return _structure(said)


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield statements with the number of their first line, continued lines put together."""
    start, held = 0, ""
    lines = [_COMMENT.sub("", line).strip() for line in text.splitlines()]
    for place, line in enumerate(lines, start=1):
        if not line:
            continue
        start = start if held else place
        held = f"{held} {line}".strip()
        following = next((other for other in lines[place:] if other), "")
        if (held.endswith(("+", "~", "*")) and following) or following.startswith(("+", "*")):
            continue
        yield from ((start, part.strip()) for part in held.split(";") if part.strip())
        held = ""


def _read(statement: str, said: dict[tuple[str, str, str], _Term]) -> str:
    """Add what a statement says to ``said``; return what is wrong with it."""
    match = _STATEMENT.match(statement)
    if not match:
        return "neither 'factor =~ items' nor 'name ~~ name'"
    left, operator, right = match.groups()
    for piece in right.split("+"):
        term = _TERM.match(piece.strip())
        if not term:
            return f"{piece.strip() or 'nothing'!r} is no name, with or without a modifier"
        modifier, name = term.groups()
        if operator == "=~" and name == left:
            return f"{left} is measured by itself"
        problem = _modify(said.setdefault(_key(operator, left, name, said), _Term()), modifier)
        if problem:
            return problem
    return ""


def _key(
    operator: str, left: str, right: str, said: dict[tuple[str, str, str], _Term]
) -> tuple[str, str, str]:
    turned = (operator, right, left)
    return turned if operator == "~~" and turned in said else (operator, left, right)


def _modify(term: _Term, modifier: str | None) -> str:
    if modifier is None:
        return ""
    if modifier == "NA":
        term.given = True
        return "" if math.isnan(term.value) else "it is both fixed and free"
    if re.fullmatch(_NUMBER, modifier):
        if term.given:
            return "it is fixed or freed twice"
        term.value, term.given = float(modifier), True
        return ""
    if term.label and term.label != modifier:
        return f"two labels, {term.label!r} and {modifier!r}"
    term.label = modifier
    return ""


def _structure(said: dict[tuple[str, str, str], _Term]) -> Structure:
    loadings = [(left, right) for operator, left, right in said if operator == "=~"]
    if not loadings:
        raise ModelError("The model has no factor.", hint="For instance 'trust =~ q1 + q2 + q3'.")
    factors = {factor for factor, _ in loadings}
    items = {part for _, part in loadings} - factors
    given = []
    for (operator, left, right), term in said.items():
        matrix = _matrix(operator, left, right, factors, items)
        row, column = (right, left) if operator == "=~" else (left, right)
        given.append(Cell(matrix, row, column, term.value, term.label, term.given))
    return simple_structure(loadings, given=given)


def _matrix(operator: str, left: str, right: str, factors: set[str], items: set[str]) -> Matrix:
    if operator == "=~":
        return "beta" if right in factors else "lambda"
    if {left, right} <= factors:
        return "psi"
    if {left, right} <= items:
        return "theta"
    stray = next((name for name in (left, right) if name not in factors | items), "")
    raise ModelError(
        f"'{left} ~~ {right}': "
        + (f"{stray} is in no '=~'." if stray else "one is a factor and the other an item."),
        hint="Covariances are between two items or between two factors of the model.",
    )
