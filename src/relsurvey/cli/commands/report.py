"""``relsurvey report``: reports for other readers or in other formats, without a new run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from relsurvey.cli.output import note
from relsurvey.text import counted

if TYPE_CHECKING:
    from relsurvey.views import Audience


def report(
    results: Annotated[
        Path, typer.Argument(help="The results folder of a run.", show_default=False)
    ] = Path("results"),
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            "-f",
            help="html, docx (Word), markdown, or the tables as latex, csv or xlsx (Excel); "
            "several with commas between them. html if not given.",
        ),
    ] = None,
    audiences: Annotated[
        list[str] | None,
        typer.Option(
            "--audience",
            "-a",
            help="Who it is written for: technical, service or plain; several with commas between "
            "them. technical if not given.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Folder to write into (the results' shareable/)."),
    ] = None,
    force: Annotated[
        bool,
        typer.Option(
            "--force",
            help="Replace reports that are there: in the results only those that nobody has "
            "edited, in another folder (--out) whatever has their names.",
        ),
    ] = False,
) -> None:
    """Write reports of a run that is over, for other readers or in other formats.

    Nothing is computed again: the reports are made of what the run stored in shareable/
    (views.json and figures/), and only if these files are as the run wrote them. Whether all the
    rest is, says relsurvey verify.
    """
    from relsurvey.reporting.asked import ensure_audience, ensure_format

    wanted = _words(formats, "html")
    readers = _words(audiences, "technical")
    _refuse_unknown([(ensure_format, wanted), (ensure_audience, readers)])

    from relsurvey.study.stored_reports import write_stored_reports

    files = write_stored_reports(
        results,
        formats=wanted,
        audiences=cast("list[Audience]", readers),
        out=out,
        force=force,
    )
    for line in _told(files, results, out):
        typer.echo(line)
    for name in _left_out(files, [(who, one) for who in readers for one in wanted]):
        note(f"There is no {name}: that report has no tables.")


def _left_out(files: Iterable[Path], asked: Iterable[tuple[str, str]]) -> list[str]:
    """Return the names of tables that were asked for, of reports that have none."""
    from relsurvey.reporting.write import file_name

    written = {name for path in files for name in (path.name, path.parent.name)}
    names = (file_name(cast("Audience", who), one) for who, one in asked)
    return [name for name in names if name not in written]


def _told(files: Sequence[Path], results: Path, out: Path | None) -> list[str]:
    """Return a line a file; of a format that gets a folder, a line a folder."""
    from relsurvey.study.manifest import SHAREABLE

    target = results / SHAREABLE if out is None else out
    counts = Counter(path if path.parent == target else path.parent for path in files)
    return [
        f"Wrote {path}" if path in files else f"Wrote {path} ({counted(count, 'file')})"
        for path, count in counts.items()
    ]


def _words(given: Iterable[str] | None, usual: str) -> list[str]:
    """Take lists with commas apart, each word once; an option that is given empty stays so."""
    if given is None:
        return [usual]
    words = [word.strip() for one in given for word in one.split(",")]
    return list(dict.fromkeys(filter(None, words))) or [""]


def _refuse_unknown(asked: Sequence[tuple[Callable[[str], None], Sequence[str]]]) -> None:
    """Say of every word that is no format and no reader what was probably meant, all at once."""
    from relsurvey.errors import ReportError

    faults = []
    for check, words in asked:
        for word in words:
            try:
                check(word)
            except ReportError as problem:
                faults.append(str(problem).replace("\n", " "))
    if faults:
        raise typer.BadParameter("\n".join(faults))
