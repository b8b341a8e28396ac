"""Several questions asked of one input, and everything that is wrong with it said at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from relsurvey.errors import ModelError

__all__ = ["Faults"]

T = TypeVar("T")


class Faults:
    """Collects errors on the options of one call, to raise them together.

    Examples
    --------
    >>> from relsurvey.options import require_confidence, require_flag
    >>> faults = Faults()
    >>> faults.of("confidence", lambda: require_confidence(95))
    >>> faults.of("sure", lambda: require_flag("sure", "yes"))
    >>> faults.refuse()
    Traceback (most recent call last):
    relsurvey.errors.ModelError: 2 options cannot be used.
      - option 'confidence', problem 'confidence must be a number between 0 and 1; it is 95.'
      - option 'sure', problem "sure must be True or False; it is 'yes'."
    """

    def __init__(self) -> None:
        self._found: dict[str, ModelError] = {}

    def of(self, option: str, check: Callable[[], T]) -> T | None:
        """Run a check; keep its error under the option, or return what it gives."""
        try:
            return check()
        except ModelError as problem:
            self._found[option] = problem
            return None

    def refuse(self) -> None:
        """Raise what was found: one error as it is, several as one.

        Raises
        ------
        ModelError
            Where a check failed.
        """
        if len(self._found) == 1:
            raise next(iter(self._found.values()))
        if self._found:
            raise ModelError(
                f"{len(self._found)} options cannot be used.",
                failures=[
                    {
                        "option": option,
                        "problem": problem.message,
                        **({"hint": problem.hint} if problem.failure_rows else {}),
                    }
                    for option, problem in self._found.items()
                ],
            )
