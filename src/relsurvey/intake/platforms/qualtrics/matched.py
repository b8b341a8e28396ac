"""What came of matching the columns of an export to a survey definition."""

from __future__ import annotations

from dataclasses import dataclass, field

from relsurvey.intake.platforms.qualtrics.definition import Match

__all__ = ["Matched"]


@dataclass(frozen=True)
class Matched:
    """What was found.

    Attributes
    ----------
    belongs : bool
        Whether the definition is that of the file.
    why : str
        Why not.
    faults : list of dict
        The questions that are missing or say something else.
    columns : dict of int to Match
        By position.
    unknown : list of str
        Names of columns with answers that the definition does not have.
    contradicted : list of dict
        Columns that are another row or question in the definition than in the file: their
        ``column``, and what stands in either.
    reworded : list of str
        Names of columns whose question has other words in the definition.
    """

    belongs: bool
    why: str
    faults: list[dict[str, str]]
    columns: dict[int, Match]
    unknown: list[str]
    contradicted: list[dict[str, str]] = field(default_factory=list)
    reworded: list[str] = field(default_factory=list)
