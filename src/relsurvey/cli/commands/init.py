"""``relsurvey init``: a study file to start from."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from relsurvey.cli import options
from relsurvey.files import ensure_free, written_whole
from relsurvey.resources import study_template


def init(
    file: Annotated[Path, typer.Argument(help="Where to write it.")] = Path("study.yaml"),
    force: options.Force = False,
) -> None:
    """Write a commented study file; change it, then run it."""
    target = ensure_free(file, force=force)
    with written_whole(target) as temporary:
        temporary.write_text(study_template(), encoding="utf-8")
    typer.echo(
        f"Wrote {target}. Change it, then: relsurvey run {shlex.quote(str(target))} --out results"
    )
