"""The report for the people who answered: one page in plain words."""

from __future__ import annotations

import dataclasses

from relsurvey.reporting.audiences.technical import technical_report
from relsurvey.reporting.material import Material
from relsurvey.views import Report

__all__ = ["plain_report"]


def plain_report(material: Material) -> Report:
    """Make the report."""
    return dataclasses.replace(technical_report(material), audience="plain", sections=())
