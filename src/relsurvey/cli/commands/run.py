"""``relsurvey run``: the whole job, from a study file to a report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relsurvey.cli import options
from relsurvey.cli.output import note_new_key, say
from relsurvey.cli.processes import usual_jobs
from relsurvey.pseudonyms import KEY_NAME

if TYPE_CHECKING:
    from relsurvey.study import StudyResult


def run(
    study: Annotated[Path, typer.Argument(help="The study file.", show_default=False)],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the results.")] = Path(
        "results"
    ),
    keep_ids: options.KeepIds = False,
    key: options.KeyFile = None,
    force: options.ForceResults = False,
    json: options.Json = False,
) -> None:
    """Score both surveys, check the scales, link, associate, and write the report."""
    command = f"relsurvey run {study.name} --out {out.name}{' --keep-ids' * keep_ids}"
    result, key = perform(study, out, command, keep_ids=keep_ids, key=key, force=force)
    tell(result, key, as_json=json)


def tell(result: StudyResult, key: Path | None, *, as_json: bool) -> None:
    """Print what a run found, and every place that it wrote to."""
    from relsurvey.study.summary import summary_of

    say(summary_of(result, key), result, as_json=as_json)


def perform(
    study: Path, out: Path, command: str, *, keep_ids: bool, key: Path | None, force: bool
) -> tuple[StudyResult, Path | None]:
    """Run a study with a progress bar on stderr; return what it found, and the key if it has one.

    The bar is shown where stderr is a terminal.
    """
    jobs = usual_jobs()
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from relsurvey.study import STEPS, run_study

    columns = (TextColumn("{task.description:<14}"), BarColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(STEPS[0], total=len(STEPS))

        def advance(step: str) -> None:
            bar.update(task, description=step, completed=STEPS.index(step))

        made = None if keep_ids else key or out.parent / KEY_NAME
        is_new = made is not None and not made.exists()
        result = run_study(
            study,
            out,
            force=force,
            keep_ids=keep_ids,
            key=key,
            command=command,
            jobs=jobs,
            progress=advance,
        )
    if made is not None and is_new:
        note_new_key(made)
    return result, made
