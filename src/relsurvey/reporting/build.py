"""Put a report together: the answer first, then how sure, then the detail."""

from __future__ import annotations

from relsurvey.reporting.material import gathered
from relsurvey.reporting.plain import plain
from relsurvey.reporting.sections.association import association_section
from relsurvey.reporting.sections.cautions import cautions_section
from relsurvey.reporting.sections.exclusions import exclusions_section
from relsurvey.reporting.sections.flow import flow_section
from relsurvey.reporting.sections.headline import headline, notices
from relsurvey.reporting.sections.methods import methods_section
from relsurvey.reporting.sections.provenance import provenance_section
from relsurvey.reporting.sections.reliability import reliability_section
from relsurvey.reporting.sections.scores import scores_section
from relsurvey.reporting.subject import StudyLike
from relsurvey.reporting.views import Report

__all__ = ["build_report"]

SECTIONS = (
    flow_section,
    scores_section,
    reliability_section,
    association_section,
    exclusions_section,
    methods_section,
    cautions_section,
    provenance_section,
)


def build_report(study: StudyLike) -> Report:
    """Make the views of a study's report.

    Parameters
    ----------
    study : StudyResult
        What a run found.

    Returns
    -------
    Report
        Everything a writer needs; what may not be shown is not in it.
    """
    material = gathered(study)
    version = study.provenance.software.get("relsurvey", "")
    return Report(
        title=plain(study.title),
        question=plain(study.question) if study.question else None,
        date=plain(study.provenance.created),
        kind="study",
        notices=notices(material),
        headline=headline(material),
        sections=tuple(part for section in SECTIONS if (part := section(material)) is not None),
        maker=plain(f"relsurvey {version}").strip(),
    )
