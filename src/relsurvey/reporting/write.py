"""Write reports to files: all of them or none, never over something unasked."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from relsurvey.errors import OutputError
from relsurvey.files import ensure_free, written_whole
from relsurvey.reporting.asked import ensure_audience, ensure_format
from relsurvey.reporting.writers import FORMATS
from relsurvey.views import Audience, Report

if TYPE_CHECKING:
    from relsurvey.reporting.subject import StudyLike

__all__ = ["FORMATS", "file_name", "save_reports", "write_report"]


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
        The file to write; for "csv" a folder, which is made if it is not there.
    format : {"html", "docx", "markdown", "latex", "csv", "xlsx"}
        "html" is one self-contained page that needs no scripts; "docx" a Word document;
        "markdown" text, with what figures show in words; "latex", "csv" and "xlsx" have the
        tables only.
    audience : {"technical", "service", "plain"}
        Who it is written for.
    force : bool
        Whether a file that is there may be replaced.

    Returns
    -------
    pathlib.Path
        The file or folder.

    Raises
    ------
    ReportError
        Where there is no such format or reader, or ``result`` is not a study result.
    OutputError
        Where ``path`` is a folder (or is not, for "csv"), exists already (without ``force``), or
        cannot be written to.

    Notes
    -----
    The same result gives the same bytes. The report shows no worker's own result; counts below
    the study's threshold, and what would give them away, are withheld or rounded (see
    ``relsurvey.reporting.disclosure``).

    Examples
    --------
    >>> import relsurvey as rs
    >>> rs.write_report("a study", "report.doc", format="word")
    Traceback (most recent call last):
    relsurvey.errors.ReportError: There is no report format 'word'.
    The formats are: html, docx, markdown, latex, csv, xlsx. Did you mean 'docx'?
    """
    # Here, because reports that are stored already are written without anything that computes.
    from relsurvey.reporting.build import build_report
    from relsurvey.reporting.subject import ensure_study

    ensure_format(format)
    ensure_audience(audience)
    ensure_study(result)
    path = Path(path)
    _ensure_place(path, format, force=force)
    save_reports({path: (build_report(result, audience), format)}, force=force)
    return path


def file_name(audience: Audience, format_: str) -> str:
    """Return what a report is called where several lie in one folder.

    Examples
    --------
    >>> file_name("technical", "html"), file_name("plain", "docx"), file_name("service", "csv")
    ('report.html', 'report-plain.docx', 'report-service-tables')
    """
    stem = "report" if audience == "technical" else f"report-{audience}"
    return f"{stem}{FORMATS[format_].suffix or '-tables'}"


def save_reports(
    wanted: Mapping[Path, tuple[Report, str]], *, force: bool = False
) -> tuple[Path, ...]:
    """Write reports, all of them or none.

    Parameters
    ----------
    wanted : mapping of pathlib.Path to (Report, str)
        Where each shall be, and in which format.
    force : bool
        Whether files that are there may be replaced.

    Returns
    -------
    tuple of pathlib.Path
        Every file, in order; of a format that gets a folder, the files in it.

    Raises
    ------
    OutputError
        Where a place is taken or cannot be written to; nothing has been written then.
    """
    for path, (_, format_) in wanted.items():
        _ensure_place(path, format_, force=force)
    content: dict[Path, bytes] = {}
    folders: list[Path] = []
    for path, (report, format_) in wanted.items():
        files = FORMATS[format_].write(report)
        folders += [path] if "" not in files and not path.exists() else []
        content |= {path / name if name else path: data for name, data in files.items()}
    for path in content:
        if path.parent not in folders:
            ensure_free(path, force=force)
    _write_all(content, folders)
    return tuple(content)


def _write_all(content: Mapping[Path, bytes], folders: Iterable[Path]) -> None:
    """Write every file beside its place first, and move them there when all are complete."""
    with contextlib.ExitStack() as stack:
        for folder in folders:
            try:
                folder.mkdir()
            except OSError as problem:
                raise OutputError(f"{folder} cannot be made: {problem.strerror}.") from problem
            stack.enter_context(_removed_on_failure(folder))
        for path, data in content.items():
            stack.enter_context(written_whole(path)).write_bytes(data)


@contextlib.contextmanager
def _removed_on_failure(folder: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError):
            folder.rmdir()
        raise


def _ensure_place(path: Path, format_: str, *, force: bool) -> None:
    """Make sure, before a report is made, that it can be put where it was asked for."""
    if FORMATS[format_].suffix:
        ensure_free(path, force=force)
    elif path.exists() and not path.is_dir():
        raise OutputError(f"{path} is a file; {format_} needs a folder for its files.")
    elif not path.exists():
        ensure_free(path, force=force)
