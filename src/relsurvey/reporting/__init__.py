"""Say what was found: tables, figures and sentences, and a report that can be sent."""

from __future__ import annotations

from relsurvey.reporting.build import build_report
from relsurvey.reporting.disclosure import Disclosure
from relsurvey.reporting.figures.agreement import plot_agreement
from relsurvey.reporting.figures.association import plot_association
from relsurvey.reporting.figures.change import plot_change
from relsurvey.reporting.figures.family import plot_family
from relsurvey.reporting.figures.parallel import plot_parallel
from relsurvey.reporting.figures.power import plot_power
from relsurvey.reporting.figures.quality import plot_quality
from relsurvey.reporting.figures.reliability import plot_reliability
from relsurvey.reporting.figures.specification import plot_specification_curve
from relsurvey.reporting.figures.spread import plot_spread
from relsurvey.reporting.write import FORMATS, write_report

__all__ = [
    "FORMATS",
    "Disclosure",
    "build_report",
    "plot_agreement",
    "plot_association",
    "plot_change",
    "plot_family",
    "plot_parallel",
    "plot_power",
    "plot_quality",
    "plot_reliability",
    "plot_specification_curve",
    "plot_spread",
    "write_report",
]
