"""The few words that are the same in every format, and a report's day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from relsurvey.reporting.plain import shortened
from relsurvey.views import Audience, Report

__all__ = ["KICKERS", "LIMITS", "day", "foot", "heading", "led"]

KICKERS: Mapping[Audience, str] = {
    "technical": "Study report",
    "service": "Summary for services",
    "plain": "What we found",
}
LIMITS = "What this does not show"
LONGEST_TITLES: Mapping[Audience, int | None] = {"technical": None, "service": 300, "plain": 150}


def heading(report: Report) -> str:
    """Return the title that stands above a report; those of few pages have room for a short one."""
    longest = LONGEST_TITLES[report.audience]
    return report.title if longest is None else shortened(report.title, longest)


def led(name: str) -> str:
    """Return the name that leads a point, closed by a full stop unless it is closed already.

    Examples
    --------
    >>> led("Few workers"), led("Is it a straight line?")
    ('Few workers.', 'Is it a straight line?')
    """
    return name if name.endswith((".", "?", "!")) else f"{name}."


def foot(report: Report) -> str:
    """Return what stands at the foot of a report."""
    return (
        f"Made with {report.maker}. No single worker's or service user's result is in this report."
    )


def day(report: Report) -> dt.datetime:
    """Return the report's date as a time that files can carry."""
    return dt.datetime.fromisoformat(report.date).replace(tzinfo=dt.UTC)
