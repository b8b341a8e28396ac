"""``relsurvey link``: give every service user the scores of their worker."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from relsurvey.cli import options
from relsurvey.cli.output import check_out, save_table, say
from relsurvey.pseudonyms import ID_COLUMNS


def link(
    workers: Annotated[
        Path,
        typer.Argument(help="Table with one row a worker, such as scores.", show_default=False),
    ],
    service_users: Annotated[
        Path, typer.Argument(help="Table with one row a service user.", show_default=False)
    ],
    on: Annotated[str, typer.Option("--on", help="Column of the worker's id in both.")] = (
        "worker_id"
    ),
    team: options.TeamColumn = None,
    out: options.Out = None,
    keep_ids: options.KeepIds = False,
    key: options.KeyFile = None,
    force: options.Force = False,
    json: options.Json = False,
) -> None:
    """Join one worker row to many service-user rows, and say who could not be joined."""
    import relsurvey as rs
    from relsurvey.intake import read_table

    check_out(out, force=force)
    linked = rs.link(read_table(workers), read_table(service_users), on=on, team=team)
    if out is not None:
        kinds = ID_COLUMNS | {on: "worker"} | ({team: "team"} if team else {})
        save_table(linked.frame, out, force=force, keep_ids=keep_ids, key=key, kinds=kinds)
    say(linked.summary(), linked.log, as_json=json)
