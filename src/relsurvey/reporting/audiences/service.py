"""The report for a service manager: two pages, what was found and what to consider."""

from __future__ import annotations

import dataclasses

from relsurvey.reporting.audiences.technical import technical_report
from relsurvey.reporting.material import Material
from relsurvey.views import Report

__all__ = ["service_report"]


def service_report(material: Material) -> Report:
    """Make the report."""
    return dataclasses.replace(technical_report(material), audience="service", sections=())
