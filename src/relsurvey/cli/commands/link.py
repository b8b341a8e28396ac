"""``relsurvey link``: give every service user the scores of their worker."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from relsurvey.cli import options
from relsurvey.cli.output import check_out, check_rows, save_table, say
from relsurvey.pseudonyms import id_columns


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
    unmatched: Annotated[
        Path | None,
        typer.Option("--unmatched", help="List who could not be joined in this CSV file."),
    ] = None,
    keep_ids: options.KeepIds = False,
    key: options.KeyFile = None,
    force: options.Force = False,
    json: options.Json = False,
) -> None:
    """Join one worker row to many service-user rows, and say who could not be joined."""
    import relsurvey as rs
    from relsurvey.intake import read_table

    check_out(out, force=force, inputs=(workers, service_users), key=key)
    check_out(unmatched, force=force, inputs=(workers, service_users, out), key=key)
    linked = rs.link(read_table(workers), read_table(service_users), on=on, team=team)
    kinds = id_columns(linked.log.renamed) | {on: "worker"}
    if linked.team is not None:
        kinds[linked.team] = "team"
    pairs = ((out, linked.frame), (unmatched, linked.log.unmatched()))
    tables = {path: frame for path, frame in pairs if path is not None}
    check_rows(tables, keep_ids=keep_ids, kinds=kinds)
    for path, frame in tables.items():
        save_table(frame, path, force=force, keep_ids=keep_ids, key=key, kinds=kinds)
    say(linked.summary(), linked.log, as_json=json)
