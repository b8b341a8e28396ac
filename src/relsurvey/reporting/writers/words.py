"""The few words that are the same in every format, and a report's day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from relsurvey.reporting.plain import LONGEST_TITLE, shortened
from relsurvey.views import Audience, Report

__all__ = ["KICKERS", "LIMITS", "LONGEST_TITLES", "day", "foot", "heading", "led"]

KICKERS: Mapping[Audience, str] = {
    "technical": "Study report",
    "service": "Summary for services",
    "plain": "About a study you took part in",
}
LIMITS = "What this does not show"
LONGEST_TITLES: Mapping[Audience, int] = {
    "technical": LONGEST_TITLE, "service": LONGEST_TITLE, "plain": 110,
}  # fmt: skip


def heading(report: Report) -> str:
    """Return the title that stands above a report; a page in big type has room for a short one."""
    return shortened(report.title, LONGEST_TITLES[report.audience])


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
