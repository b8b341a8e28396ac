"""Say what was found: tables, figures and sentences, and a report that can be sent."""

from __future__ import annotations

from relsurvey.reporting.build import build_report
from relsurvey.reporting.disclosure import Disclosure
from relsurvey.reporting.figures.association import plot_association
from relsurvey.reporting.figures.reliability import plot_reliability
from relsurvey.reporting.write import FORMATS, write_report

__all__ = [
    "FORMATS",
    "Disclosure",
    "build_report",
    "plot_association",
    "plot_reliability",
    "write_report",
]
