"""The report for researchers and journals: the answer first, then every figure behind it.

The order is that of STROBE: what was asked, how, who took part, what was found, what limits it;
where the figures come from and a checklist stand at the end.
"""

from __future__ import annotations

from relsurvey.reporting.audiences.cover import report_of
from relsurvey.reporting.material import Material
from relsurvey.reporting.numbered import numbered
from relsurvey.reporting.sections.agreement import agreement_section
from relsurvey.reporting.sections.association import association_section
from relsurvey.reporting.sections.background import background_section
from relsurvey.reporting.sections.cautions import cautions_section
from relsurvey.reporting.sections.characteristics import characteristics_section
from relsurvey.reporting.sections.checklist import checklist_section
from relsurvey.reporting.sections.exclusions import exclusions_section
from relsurvey.reporting.sections.flow import flow_section
from relsurvey.reporting.sections.headline import headline, notices
from relsurvey.reporting.sections.instruments import instruments_section
from relsurvey.reporting.sections.methods import methods_section
from relsurvey.reporting.sections.missing import missing_section
from relsurvey.reporting.sections.provenance import provenance_section
from relsurvey.reporting.sections.references import references_section
from relsurvey.reporting.sections.reliability import reliability_section
from relsurvey.reporting.sections.scores import scores_section
from relsurvey.reporting.sections.sensitivity import sensitivity_section
from relsurvey.reporting.sections.specification import specification_section
from relsurvey.reporting.sections.structure import structure_section
from relsurvey.reporting.sections.teams import teams_section
from relsurvey.views import Report, Section

__all__ = ["technical_report"]

SECTIONS = (
    background_section,
    instruments_section,
    methods_section,
    flow_section,
    characteristics_section,
    missing_section,
    scores_section,
    reliability_section,
    structure_section,
    agreement_section,
    association_section,
    teams_section,
    sensitivity_section,
    specification_section,
    exclusions_section,
    cautions_section,
    provenance_section,
)


def technical_report(material: Material) -> Report:
    """Make the report for researchers and journals."""
    return report_of(
        material, "technical", notices(material), headline(material), _sections(material)
    )


def _sections(material: Material) -> tuple[Section, ...]:
    """Make all sections; the last two are made from what the others hold."""
    made = numbered([part for section in SECTIONS if (part := section(material)) is not None])
    (checklist,) = numbered([checklist_section(material, made)], after=made)
    return (*made, references_section(material, [*made, checklist]), checklist)
