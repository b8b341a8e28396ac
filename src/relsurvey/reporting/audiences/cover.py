"""What stands on every report of a study, whoever it is written for."""

from __future__ import annotations

from relsurvey.reporting.material import Material
from relsurvey.reporting.plain import plain
from relsurvey.views import Audience, Headline, Notice, Report, Section

__all__ = ["report_of"]


def report_of(
    material: Material,
    audience: Audience,
    notices: tuple[Notice, ...],
    headline: Headline,
    sections: tuple[Section, ...],
) -> Report:
    """Put what one reader is told under the study's title, question and date."""
    study = material.study
    version = study.provenance.software.get("relsurvey", "")
    return Report(
        title=plain(study.title),
        question=plain(study.question) if study.question else None,
        date=plain(study.provenance.created),
        audience=audience,
        notices=notices,
        headline=headline,
        sections=sections,
        maker=plain(f"relsurvey {version}").strip(),
    )
