"""``relsurvey verify``: check results against their hashes, and against the study run again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from relsurvey.cli import options
from relsurvey.cli.output import say
from relsurvey.cli.processes import usual_jobs
from relsurvey.cli.progress import told

EXIT_DIFFERENT = 1


def verify(
    results: Annotated[Path, typer.Argument(help="The results folder.", show_default=False)] = Path(
        "results"
    ),
    study: Annotated[
        Path | None,
        typer.Option("--study", help="The study file, where it is not where it was."),
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option("--key", help="Key file of the pseudonyms (relsurvey.key beside the folder)."),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Compare hashes only; run nothing again.")
    ] = False,
    json: options.Json = False,
) -> None:
    """Check that results are what their study gives, byte for byte.

    Inputs, definitions, study file and outputs are held against the hashes in manifest.json; then
    the study is run again and every file compared. Exit code 0: all the same; 1: something is not.
    """
    jobs = usual_jobs()
    from relsurvey.study.verify import verify_results

    with told(quiet=json) as progress:
        found = verify_results(
            results, study=study, key=key, quick=quick, jobs=jobs, progress=progress
        )
    say(found.summary(), {**found.to_dict(), "same": found.same}, as_json=json)
    if not found.same:
        raise typer.Exit(EXIT_DIFFERENT)
