"""Write a report as a Word document."""

from relsurvey.reporting.writers.docx.writer import as_docx

__all__ = ["as_docx"]
