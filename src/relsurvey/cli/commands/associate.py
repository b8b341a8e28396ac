"""``relsurvey associate``: does the one go with the other, in a table that is linked already."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from relsurvey.cli import options
from relsurvey.cli.output import check_out, note, say


def associate(
    file: Annotated[
        Path,
        typer.Argument(help="Table with one row a service user (CSV or XLSX).", show_default=False),
    ],
    outcome: Annotated[
        str,
        typer.Option("--outcome", help="Column of what service users said.", show_default=False),
    ],
    predictor: Annotated[
        str, typer.Option("--predictor", help="Column of the worker's score.", show_default=False)
    ],
    group: Annotated[str, typer.Option("--group", help="Column of the worker's id.")] = "worker_id",
    covariate: Annotated[
        list[str] | None, typer.Option("--covariate", help="A further column; may be repeated.")
    ] = None,
    confidence: Annotated[
        float, typer.Option("--confidence", min=0.5, max=0.999, help="Level of the intervals.")
    ] = 0.95,
    missing_token: options.Tokens = None,
    out: options.Out = None,
    force: options.Force = False,
    json: options.Json = False,
) -> None:
    """Fit a random-intercept model of an outcome on a worker's score.

    An empty cell is a missing value; any other text in a number column is an error unless it is
    named with --missing-token.
    """
    import relsurvey as rs
    from relsurvey.intake import numeric_columns, read_table
    from relsurvey.tables import write_csv

    check_out(out, force=force, inputs=(file,))
    covariates = tuple(covariate or ())
    tokens = tuple(missing_token or ())
    table = numeric_columns(
        read_table(file), [outcome, predictor, *covariates], missing=tokens, source=file.name
    )
    result = rs.associate(
        table, outcome, predictor, covariates=covariates, group=group, confidence=confidence
    )
    if out is not None:
        write_csv(result.model.to_frame(), out, force=force)
        note(f"Wrote {out}.")
    say(result.summary(), result, as_json=json)
