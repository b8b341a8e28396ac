"""Write a study's report to a file."""

from __future__ import annotations

from pathlib import Path

from relsurvey.errors import ReportError, listed, suggestion
from relsurvey.files import ensure_free, written_whole
from relsurvey.reporting.build import build_report, ensure_audience
from relsurvey.reporting.subject import StudyLike, ensure_study
from relsurvey.reporting.writers import FORMATS
from relsurvey.views import Audience

__all__ = ["FORMATS", "write_report"]


def write_report(
    result: StudyLike,
    path: str | Path,
    *,
    format: str = "html",  # noqa: A002
    audience: Audience = "technical",
    force: bool = False,
) -> Path:
    """Write a study's report, whole or not at all.

    Parameters
    ----------
    result : StudyResult
        What ``relsurvey.run_study`` returned.
    path : str or pathlib.Path
        The file to write.
    format : {"html"}
        What kind of file: "html" is one self-contained page that needs no scripts.
    audience : {"technical", "service", "plain"}
        Who it is written for.
    force : bool
        Whether a file that is there may be replaced.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    ReportError
        Where there is no such format or reader, or ``result`` is not a study result.
    OutputError
        Where ``path`` is a folder, exists already (without ``force``), or cannot be written to.

    Notes
    -----
    The same result gives the same bytes. The report shows no worker's own result; counts below
    the study's threshold, and what would give them away, are withheld or rounded (see
    ``relsurvey.reporting.disclosure``).

    Examples
    --------
    >>> import relsurvey as rs
    >>> rs.write_report("a study", "report.htm", format="htm")
    Traceback (most recent call last):
    relsurvey.errors.ReportError: There is no report format 'htm'.
    The formats are: html. Did you mean 'html'?
    """
    if format not in FORMATS:
        near = suggestion(format, FORMATS)
        guess = f" Did you mean {near!r}?" if near else ""
        raise ReportError(
            f"There is no report format {format!r}.",
            hint=f"The formats are: {listed(list(FORMATS))}.{guess}",
        )
    ensure_audience(audience)
    ensure_study(result)
    target = ensure_free(path, force=force)
    files = FORMATS[format].write(build_report(result, audience))
    with written_whole(target) as temporary:
        temporary.write_bytes(files[""])
    return target
