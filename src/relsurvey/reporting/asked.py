"""Whether a report can be had in the format, and for the reader, that somebody names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from relsurvey.errors import ReportError, listed, suggestion
from relsurvey.reporting.writers import FORMATS, OTHER_NAMES
from relsurvey.views import AUDIENCES, Audience

__all__ = ["ensure_audience", "ensure_format"]


# What somebody may call the readers that a report is written for.
_READERS: Mapping[str, Audience] = {
    "managers": "service",
    "services": "service",
    "practice": "service",
    "everyone": "plain",
    "everybody": "plain",
    "participants": "plain",
    "public": "plain",
    "service users": "plain",
    "workers": "plain",
    "journal": "technical",
    "researchers": "technical",
    "reviewers": "technical",
    "scientific": "technical",
}


def ensure_format(format_: str) -> None:
    """Make sure that reports are written in such a format.

    Raises
    ------
    ReportError
        Where there is none; the message names what was probably meant.
    """
    if format_.strip(". ").lower() == "pdf":
        raise ReportError(
            "There is no report format 'pdf'.",
            hint="Write the report as html, open it in a browser and print it: browsers can save "
            "what they print as a PDF file.",
        )
    _ensure_known(
        format_, f"There is no report format {format_!r}.", "formats", FORMATS, OTHER_NAMES
    )


def ensure_audience(audience: str) -> None:
    """Make sure that reports are written for such a reader.

    Raises
    ------
    ReportError
        Where there is none.
    """
    message = f"No report is written for {audience!r}."
    _ensure_known(audience, message, "readers", AUDIENCES, _READERS)


def _ensure_known(
    word: str, message: str, what: str, allowed: Iterable[str], other_names: Mapping[str, str]
) -> None:
    names = list(allowed)
    if word not in names:
        near = suggestion(word.strip(". "), [*names, *other_names])
        near = other_names.get(near or "", near)
        guess = f" Did you mean {near!r}?" if near else ""
        raise ReportError(message, hint=f"The {what} are: {listed(names)}.{guess}")
