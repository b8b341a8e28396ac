"""Write reports of a run that is over, from what it stored; nothing is read or computed again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from relsurvey.errors import OutputError, ReportError
from relsurvey.files import sha256_of
from relsurvey.one_at_a_time import alone_in
from relsurvey.reporting.stored import FIGURES, VIEWS, from_json
from relsurvey.reporting.write import FORMATS, file_name, save_reports
from relsurvey.study.manifest import (
    MANIFEST,
    RESTRICTED,
    SHAREABLE,
    Manifest,
    note_outputs,
    read_manifest,
)
from relsurvey.study.own_files import foreign_files, refuse_clashes
from relsurvey.text import and_list, counted
from relsurvey.views import Audience, Report

__all__ = ["write_stored_reports"]

_AGAIN = "Run the study again: relsurvey run <study file> --out <folder>."


def write_stored_reports(
    results: str | Path,
    *,
    formats: Sequence[str] = ("html",),
    audiences: Sequence[Audience] = ("technical",),
    out: str | Path | None = None,
    force: bool = False,
) -> tuple[Path, ...]:
    """Write reports of the results in a folder, all that were asked for or none.

    Parameters
    ----------
    results : str or pathlib.Path
        What ``relsurvey run`` wrote.
    formats, audiences : sequence of str
        Every format is written for every reader, but for tables of a report that has none.
    out : str or pathlib.Path, optional
        Folder to write into, made if it is not there; ``shareable/`` of the results if not given.
    force : bool
        Whether files that are there under the names of these reports may be replaced: in the
        results only those that relsurvey wrote and nobody has edited since, in another folder
        whoever wrote them. Other files are never touched.

    Returns
    -------
    tuple of pathlib.Path
        Every file.

    Raises
    ------
    ReportError
        Where the results are of another version, what they store was changed, or only tables
        were asked for and no report has any.
    OutputError
        Where there are no results, a report is there already (without ``force``, or not as
        relsurvey wrote it), ``out`` is the restricted part of results, somebody else is writing
        there, or the file system refuses.
    """
    results = Path(results)
    manifest = read_manifest(results)
    shareable = results / SHAREABLE
    target = shareable if out is None else Path(out)
    _refuse_restricted(target)
    inside = target.resolve() == shareable.resolve()
    reports = _read(results, manifest, linked=inside)
    wanted = {
        target / file_name(audience, format_): (reports[audience], format_)
        for audience in dict.fromkeys(audiences)
        for format_ in dict.fromkeys(formats)
        if FORMATS[format_].fits(reports[audience])
    }
    if not wanted:
        raise ReportError(
            f"The report for {and_list(list(audiences))} has no tables, and "
            f"{and_list(list(formats))} would hold nothing else.",
            hint="Ask for html, docx or markdown; or for the tables of the report for technical "
            "readers (--audience technical).",
        )
    _make(target)
    with alone_in(results if inside else target):
        if not force:
            _refuse_taken(wanted)
        elif inside:
            ours = {shareable / path.relative_to(target) for path in _files_of(wanted)}
            refuse_clashes(ours.intersection(foreign_files(results)))
        files = save_reports(wanted, force=force)
        if inside:
            note_outputs(results, files)
    return files


def _files_of(wanted: Mapping[Path, tuple[Report, str]]) -> Iterator[Path]:
    """Yield every file that reports will be; of a format that gets a folder, those in it."""
    for path, (report, format_) in wanted.items():
        if FORMATS[format_].suffix:
            yield path
        else:
            yield from (path / name for name in FORMATS[format_].write(report))


def _read(results: Path, manifest: Manifest, *, linked: bool) -> dict[Audience, Report]:
    """Read the stored reports, once it is sure that they are what the run wrote."""
    if manifest.other_version:
        raise ReportError(manifest.other_version, hint=_AGAIN)
    shareable = results / SHAREABLE
    stored = [f"{SHAREABLE}/{VIEWS}"]
    stored += [name for name in manifest.outputs if name.startswith(f"{SHAREABLE}/{FIGURES}/")]
    faults = []
    for name in stored:
        path = results / name
        if not path.is_file():
            faults.append({"file": name, "problem": "is not there"})
        elif sha256_of(path) != manifest.outputs.get(name):
            faults.append({"file": name, "problem": "was changed since the run"})
    if faults:
        raise ReportError(
            f"{results} does not hold what its run stored, so that no report is made of it.",
            hint=_AGAIN,
            failures=faults,
        )
    text = (shareable / VIEWS).read_text(encoding="utf-8")
    return from_json(text, shareable / FIGURES, linked=linked)


def _refuse_restricted(target: Path) -> None:
    """Keep what may be shared out of the folder that nothing of may be."""
    place = target.resolve()
    for folder in (place, *place.parents):
        if folder.name == RESTRICTED and (folder.parent / MANIFEST).exists():
            raise OutputError(
                f"{target} is the restricted part of results, of which nothing is to be shared; "
                "reports are.",
                hint="Leave --out away, or name another folder.",
            )


def _make(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder} is a file; a folder is needed for the reports.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise OutputError(f"{folder} cannot be made: {problem.strerror}.") from problem


def _refuse_taken(wanted: Iterable[Path]) -> None:
    """Name every report that is there already, before one is written."""
    taken = [path for path in wanted if path.exists() or path.is_symlink()]
    if taken:
        raise OutputError(
            f"{counted(len(taken), 'report')} of those asked for "
            f"{'is' if len(taken) == 1 else 'are'} there already; nothing was written.",
            hint="Ask for the others only, choose another folder with --out, or give --force to "
            "replace them.",
            failures=[{"file": str(path)} for path in taken],
        )
