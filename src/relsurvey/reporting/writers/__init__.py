"""How a report becomes files: one module a format; a writer takes views and computes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from relsurvey.reporting.writers.csv_tables import as_csv, tables_of
from relsurvey.reporting.writers.docx import as_docx
from relsurvey.reporting.writers.html import as_html
from relsurvey.reporting.writers.latex import as_latex
from relsurvey.reporting.writers.markdown import as_markdown
from relsurvey.reporting.writers.workbook import as_xlsx
from relsurvey.views import Report

__all__ = ["FORMATS", "OTHER_NAMES", "Writer"]


@dataclass(frozen=True)
class Writer:
    """A format that reports are written in.

    Attributes
    ----------
    suffix : str
        Of the file, with its dot; empty for a format of several files, which get a folder.
    write : callable
        Takes a ``Report``; returns the bytes of each file by its name, where a format of one file
        has the empty name.
    tables_only : bool
        Whether it holds the tables and nothing else of a report.
    """

    suffix: str
    write: Callable[[Report], Mapping[str, bytes]]
    tables_only: bool = False

    def fits(self, report: Report) -> bool:
        """Whether there is anything in a report that this format holds."""
        return not self.tables_only or bool(tables_of(report))


def _file(write: Callable[[Report], bytes]) -> Callable[[Report], Mapping[str, bytes]]:
    return lambda report: {"": write(report)}


def _text(write: Callable[[Report], str]) -> Callable[[Report], Mapping[str, bytes]]:
    return lambda report: {"": write(report).encode("utf-8")}


FORMATS: Mapping[str, Writer] = {
    "html": Writer(".html", _text(as_html)),
    "docx": Writer(".docx", _file(as_docx)),
    "markdown": Writer(".md", _text(as_markdown)),
    "latex": Writer(".tex", _text(as_latex), tables_only=True),
    "csv": Writer("", as_csv, tables_only=True),
    "xlsx": Writer(".xlsx", _file(as_xlsx), tables_only=True),
}

OTHER_NAMES: Mapping[str, str] = {
    "word": "docx",
    "doc": "docx",
    "md": "markdown",
    "excel": "xlsx",
    "xls": "xlsx",
    "tex": "latex",
    "htm": "html",
    "web": "html",
}
