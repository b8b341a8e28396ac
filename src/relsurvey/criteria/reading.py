"""A figure beside its criterion, as a table and as a text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from relsurvey.text import wrapped

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "COSMIN",
    "COSMIN_BIAS",
    "TERWEE",
    "Reading",
    "Verdict",
    "decided",
    "reached",
    "readings_frame",
    "readings_text",
]

Verdict: TypeAlias = Literal["met", "not met", "not known"]

COSMIN = (
    "COSMIN, criteria for good measurement properties "
    "(Prinsen et al. 2018, doi 10.1007/s11136-018-1798-3)"
)
COSMIN_BIAS = (
    "COSMIN risk of bias checklist, very good (Mokkink et al. 2018, doi 10.1007/s11136-017-1765-4)"
)
TERWEE = "Terwee et al. 2007, doi 10.1016/j.jclinepi.2006.03.012"


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure beside its criterion.

    Attributes
    ----------
    about : str
        What the figure is of: a scale, an item, a model.
    figure : str
        The figure in words.
    criterion : str
        What is asked of it.
    source : str
        Who asks it.
    verdict : {"met", "not met", "not known"}
        Whether it is met.
    because : str
        What decides it, or what is missing for a verdict.
    """

    about: str
    figure: str
    criterion: str
    source: str
    verdict: Verdict
    because: str


def decided(*, known: bool, holds: bool) -> Verdict:
    """Return the verdict on what may not be known."""
    if not known:
        return "not known"
    return "met" if holds else "not met"


def reached(*, holds: bool) -> str:
    """Say whether a bar is reached."""
    return "it is reached" if holds else "it is not reached"


def readings_frame(readings: Iterable[Reading]) -> pd.DataFrame:
    """Return readings as a frame, one row each, the columns being the fields."""
    import pandas as pd

    columns = list(Reading.__dataclass_fields__)
    return pd.DataFrame([asdict(reading) for reading in readings], columns=columns)


def readings_text(readings: Iterable[Reading]) -> list[str]:
    """Return readings as lines for a terminal, under one line for each criterion.

    Examples
    --------
    >>> from relsurvey.criteria import missing_answers
    >>> lines = readings_text([missing_answers("SEC1", 0.2)])
    >>> lines[0]
    'Criterion: missing in at most 10 % of the answers'
    >>> lines[-1]
    '  SEC1: not met (missing 20.0 %; too many)'
    """
    by_criterion: dict[tuple[str, str], list[Reading]] = {}
    for reading in readings:
        by_criterion.setdefault((reading.criterion, reading.source), []).append(reading)
    lines: list[str] = []
    for (criterion, source), group in by_criterion.items():
        lines += ["", *wrapped(f"Criterion: {criterion}"), *wrapped(f"({source})")]
        for reading in group:
            text = f"{reading.about}: {reading.verdict} ({reading.figure}; {reading.because})"
            lines += wrapped(text, indent="  ", hanging="    ")
    return lines[1:]
