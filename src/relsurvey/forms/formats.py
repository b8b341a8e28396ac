"""The formats an instrument can be written in, and where the writer of each one is.

A writer is loaded when it is used: some need a library that nothing else needs.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass

from relsurvey.errors import OutputError, suggestion
from relsurvey.forms.form import Form

__all__ = ["FORMATS", "Format", "find_format"]


@dataclass(frozen=True)
class Format:
    """A format, and how to write it.

    Attributes
    ----------
    name : str
        As it is asked for.
    title : str
        As people call it.
    suffix : str
        What the file ends in; empty where the format is a folder of several files.
    purpose : str
        What it is for, in one sentence.
    several_languages : bool
        Whether one set of files holds several languages. Where not, every language makes files
        of its own.
    module, function : str
        Where the writer is. The module may have a function ``remarks`` of the same forms, too.
    """

    name: str
    title: str
    suffix: str
    purpose: str
    several_languages: bool
    module: str
    function: str

    def write(self, forms: Sequence[Form]) -> dict[str, bytes]:
        """Return the files by relative name; ``forms`` is one form a language, default first."""
        files: dict[str, bytes] = getattr(self._module(), self.function)(forms)
        return files

    def remarks(self, forms: Sequence[Form]) -> tuple[str, ...]:
        """Return what the format could not say, or had to say otherwise."""
        remarks = getattr(self._module(), "remarks", None)
        return tuple(remarks(forms)) if remarks else ()

    def _module(self) -> object:
        return importlib.import_module(f"relsurvey.forms.{self.module}")


def _format(
    name: str, title: str, suffix: str, purpose: str, *, several: bool = False, module: str = ""
) -> Format:
    function = f"write_{name.replace('-', '_')}"
    return Format(name, title, suffix, purpose, several, module or name.replace("-", "_"), function)


FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        _format("xlsform", "XLSForm", ".xlsx",
                "A form for KoboToolbox, ODK and Survey123, in several languages.",
                several=True),
        _format("redcap", "REDCap data dictionary", ".csv",
                "A project of REDCap, the items as a matrix."),
        _format("limesurvey", "LimeSurvey survey structure", ".txt",
                "A survey of LimeSurvey, the items as an array, with assessment values.",
                several=True),
        _format("qualtrics", "Qualtrics advanced text", ".txt",
                "A survey of Qualtrics, the items as a matrix with recode values."),
        _format("fhir", "FHIR Questionnaire (R4)", ".json",
                "A questionnaire for health records, with ordinal values.", several=True),
        _format("reproschema", "ReproSchema", "",
                "A versioned protocol of linked JSON files.", several=True),
        _format("psych-ds", "Psych-DS", "",
                "A description of a data set of answers, to go beside the data."),
        _format("bids", "BIDS phenotype", "",
                "A description of a table of answers in a BIDS data set."),
        _format("html", "HTML form", ".html",
                "A page to read or print.", module="paper_html"),
        _format("docx", "Word form", ".docx",
                "A document to print or change.", module="paper_docx"),
        _format("codebook", "Codebook", "",
                "Every column, code and label, for an archive or a colleague.", several=True),
    )
}  # fmt: skip


def find_format(name: str) -> Format:
    """Return the format of that name.

    Raises
    ------
    OutputError
        Where there is none; the likely one is named.

    Examples
    --------
    >>> find_format("redcap").suffix
    '.csv'
    """
    if name not in FORMATS:
        near = suggestion(name, FORMATS)
        guess = f"Did you mean {near!r}? " if near else ""
        raise OutputError(
            f"There is no format {name!r}.", hint=f"{guess}Known: {', '.join(FORMATS)}."
        )
    return FORMATS[name]
