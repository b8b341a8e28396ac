"""``relsurvey demo``: the whole job on the sample study that comes with the package."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from relsurvey.cli import options
from relsurvey.cli.commands.run import perform, tell


def demo(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the results.")] = Path(
        "demo-results"
    ),
    force: options.ForceResults = False,
    json: options.Json = False,
) -> None:
    """Run the sample study (simulated; nobody in it is real) and say where the report is."""
    from relsurvey.resources import shipped

    study = shipped("sample") / "study.yaml"
    result, key = perform(study, out, "relsurvey demo", keep_ids=False, key=None, force=force)
    tell(result, key, as_json=json)
