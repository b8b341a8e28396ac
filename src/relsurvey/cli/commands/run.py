"""``relsurvey run``: the whole job, from a study file to a report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from relsurvey.cli import options
from relsurvey.cli.output import say

if TYPE_CHECKING:
    from relsurvey.study import StudyResult


def run(
    study: Annotated[Path, typer.Argument(help="The study file.", show_default=False)],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the results.")] = Path(
        "results"
    ),
    keep_ids: options.KeepIds = False,
    key: options.KeyFile = None,
    force: options.Force = False,
    json: options.Json = False,
) -> None:
    """Score both surveys, check the scales, link, associate, and write the report."""
    result = perform(study, out, keep_ids=keep_ids, key=key, force=force)
    say(result.summary(), as_value(result), as_json=json)


def perform(
    study: Path, out: Path, *, keep_ids: bool, key: Path | None, force: bool
) -> StudyResult:
    """Run a study with a progress bar on stderr (where that is a terminal)."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from relsurvey.study import STEPS, run_study

    columns = (TextColumn("{task.description:<14}"), BarColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(STEPS[0], total=len(STEPS))

        def tell(step: str) -> None:
            bar.update(task, description=step, completed=STEPS.index(step))

        return run_study(
            study,
            out,
            force=force,
            keep_ids=keep_ids,
            key=key,
            command=f"relsurvey run {study.name}",
            progress=tell,
        )


def as_value(result: StudyResult) -> dict[str, Any]:
    """Return what ``--json`` prints of a run."""
    return {
        "title": result.title,
        "report": str(result.report_path),
        "folder": str(result.folder),
        "linkage": result.linked.log,
        "reliability": {
            survey.instrument.id: survey.reliability.to_frame()
            for survey in (result.workers, result.service_users)
        },
        "primary": result.primary,
        "secondary": result.secondary,
        "provenance": result.provenance,
    }
