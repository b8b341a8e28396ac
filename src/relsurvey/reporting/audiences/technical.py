"""The report for researchers and journals: the answer first, then every figure behind it."""

from __future__ import annotations

from relsurvey.reporting.material import Material
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
from relsurvey.views import Report

__all__ = ["technical_report"]

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


def technical_report(material: Material) -> Report:
    """Make the report for researchers and journals."""
    study = material.study
    version = study.provenance.software.get("relsurvey", "")
    return Report(
        title=plain(study.title),
        question=plain(study.question) if study.question else None,
        date=plain(study.provenance.created),
        audience="technical",
        notices=notices(material),
        headline=headline(material),
        sections=tuple(part for section in SECTIONS if (part := section(material)) is not None),
        maker=plain(f"relsurvey {version}").strip(),
    )
