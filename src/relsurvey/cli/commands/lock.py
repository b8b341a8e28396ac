"""``relsurvey lock``: freeze the plan of a study before anybody looks at the answers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from relsurvey.cli import options
from relsurvey.cli.output import say


def lock(
    study: Annotated[Path, typer.Argument(help="The study file.", show_default=False)],
    force: Annotated[
        bool, typer.Option("--force", help="Lock again; the new lock says when the old one was.")
    ] = False,
    json: options.Json = False,
) -> None:
    """Freeze a study file, so that the report can say whether the study was done as planned.

    Writes a lock (study.lock) beside it; the data need not be there yet.
    """
    from relsurvey.study.lock import lock_study

    made = lock_study(study, force=force)
    say(made.summary(), made, as_json=json)
