"""Make the reports of a study, one for each reader, before anybody decides how they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from relsurvey.reporting.asked import ensure_audience
from relsurvey.reporting.audiences.plain import plain_report
from relsurvey.reporting.audiences.service import service_report
from relsurvey.reporting.audiences.technical import technical_report
from relsurvey.reporting.material import Material, gathered
from relsurvey.reporting.subject import StudyLike
from relsurvey.reporting.withheld import with_log
from relsurvey.views import AUDIENCES, Audience, Report

__all__ = ["build_report", "build_reports"]

_REPORTS: dict[Audience, Callable[[Material], Report]] = {
    "technical": technical_report,
    "service": service_report,
    "plain": plain_report,
}


def build_report(study: StudyLike, audience: Audience = "technical") -> Report:
    """Make the views of a study's report.

    Parameters
    ----------
    study : StudyResult
        What a run found.
    audience : {"technical", "service", "plain"}
        Who it is written for.

    Returns
    -------
    Report
        Everything a writer needs; what may not be shown is not in it.

    Raises
    ------
    ReportError
        Where there is no such reader.
    """
    return build_reports(study, [audience])[audience]


def build_reports(
    study: StudyLike, audiences: Iterable[Audience] = AUDIENCES
) -> dict[Audience, Report]:
    """Make the views of several reports of one study, which share their disclosure rules.

    Parameters
    ----------
    study : StudyResult
        What a run found.
    audiences : iterable of {"technical", "service", "plain"}
        Who they are written for.

    Returns
    -------
    dict of str to Report
        In the order asked for.

    Raises
    ------
    ReportError
        Where there is no such reader.
    """
    wanted = tuple(dict.fromkeys(audiences))
    for audience in wanted:
        ensure_audience(audience)
    material = gathered(study)
    return {audience: with_log(_REPORTS[audience](material), material) for audience in wanted}
