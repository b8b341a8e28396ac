"""What can go wrong, one error class a room, and how a message is put together.

A message says what is wrong, where (file, row, column, value), what is allowed and what to
do. All faults of one input are reported at once: the message shows the first of them and
``.failures`` holds every one as a table.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "InstrumentError",
    "IntakeError",
    "LinkError",
    "ModelError",
    "OutputError",
    "RelSurveyError",
    "ReportError",
    "ScoringError",
    "StudyError",
    "listed",
    "suggested_file",
    "suggestion",
]

SHOWN_FAILURES = 12


class RelSurveyError(Exception):
    """Root of every error this package raises on purpose.

    Parameters
    ----------
    message : str
        What is wrong and where, in one or two plain sentences.
    hint : str, optional
        What to do about it.
    failures : iterable of mappings, optional
        One mapping a fault, for instance ``{"row": 7, "column": "RIA1", "value": "9"}``.
        Rows are counted as a spreadsheet shows them: the heading is row 1.

    Attributes
    ----------
    message, hint : str
        As given (``hint`` may be ``None``).
    failures : pandas.DataFrame
        Every fault, one row each; no rows where the message says it all.

    Examples
    --------
    >>> error = RelSurveyError("The file is empty.", hint="Export it again.")
    >>> print(error)
    The file is empty.
    Export it again.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        failures: Iterable[Mapping[str, Any]] = (),
    ) -> None:
        self.message = message
        self.hint = hint
        self.failure_rows: list[dict[str, Any]] = [dict(row) for row in failures]
        super().__init__(message)

    @property
    def failures(self) -> pd.DataFrame:
        """Every fault as a table, one row each."""
        import pandas as pd

        return pd.DataFrame(self.failure_rows)

    def __str__(self) -> str:
        lines = [self.message]
        lines += [
            "  - " + ", ".join(f"{key} {value!r}" for key, value in row.items())
            for row in self.failure_rows[:SHOWN_FAILURES]
        ]
        unseen = len(self.failure_rows) - SHOWN_FAILURES
        if unseen > 0:
            lines.append(f"  ... and {unseen} more")
        if self.hint:
            lines.append(self.hint)
        return "\n".join(lines)


class InstrumentError(RelSurveyError):
    """An instrument file or a wording pack is not valid."""


class IntakeError(RelSurveyError):
    """An export file cannot be read, or holds answers the instrument does not know."""


class ScoringError(RelSurveyError):
    """A frame cannot be scored: a column is missing or a value is off the scale."""


class LinkError(RelSurveyError):
    """Workers and service users cannot be joined."""


class ModelError(RelSurveyError):
    """A model cannot be fitted to these data."""


class ReportError(RelSurveyError):
    """A report cannot be made of what was given."""


class StudyError(RelSurveyError):
    """A study file is not valid."""


class OutputError(RelSurveyError):
    """A result cannot be written where it was asked for."""


def listed(words: Sequence[object], most: int = 12) -> str:
    """Join words for a message, the first few only.

    Examples
    --------
    >>> listed(["a", "b", "c"], most=2)
    'a, b and 1 more'
    >>> listed(["a"])
    'a'
    """
    shown = ", ".join(str(word) for word in words[:most])
    unseen = len(words) - most
    return f"{shown} and {unseen} more" if unseen > 0 else shown


def suggestion(word: str, allowed: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Name the allowed word that ``word`` is most likely a slip for.

    Parameters
    ----------
    word : str
        What was said.
    allowed : iterable of str
        What could have been said.
    cutoff : float
        How alike they have to be, from 0 to 1.

    Examples
    --------
    >>> suggestion("titel", ["title", "version"])
    'title'
    >>> suggestion("zzz", ["title"]) is None
    True
    """
    choices = {choice.casefold(): choice for choice in allowed}
    near = difflib.get_close_matches(word.casefold(), list(choices), n=1, cutoff=cutoff)
    return choices[near[0]] if near else None


def suggested_file(name: str, there: Iterable[str]) -> str | None:
    """Name the file that ``name`` is most likely a slip for; endings do not make names alike.

    Examples
    --------
    >>> suggested_file("worker.csv", ["workers.csv"]), suggested_file("nope.csv", ["oe.csv"])
    ('workers.csv', None)
    """
    stems = {PurePath(other).stem: other for other in there if other != name}
    near = suggestion(PurePath(name).stem, stems, cutoff=0.8)
    return stems[near] if near else None
