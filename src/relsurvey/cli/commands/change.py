"""``relsurvey change``: how a score changed from wave to wave, and where people were trained."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from relsurvey.cli import options
from relsurvey.cli.figures import FigureFile, check_figure, save_figure
from relsurvey.cli.output import check_out, say, write_table


def change(
    file: Annotated[
        Path,
        typer.Argument(
            help="Table of all waves, one row an answer (CSV or XLSX).", show_default=False
        ),
    ],
    outcome: Annotated[
        str, typer.Option("--outcome", help="Column of the score.", show_default=False)
    ],
    wave: Annotated[str, typer.Option("--wave", help="Column that tells waves apart.")] = "wave",
    group: Annotated[str | None, typer.Option("--group", help="Column of the worker's id.")] = None,
    team: options.TeamColumn = None,
    person: Annotated[
        str | None,
        typer.Option("--person", help="Column of the person's id, the same in all waves."),
    ] = None,
    trained: Annotated[
        str | None,
        typer.Option(
            "--trained", help="Column of 1 and 0: was the team trained, the same in all waves."
        ),
    ] = None,
    trained_team: Annotated[
        list[str] | None,
        typer.Option("--trained-team", help="Instead: a team that was trained; may be repeated."),
    ] = None,
    order: Annotated[
        list[str] | None,
        typer.Option("--order", help="A wave, from the first to the last; to be repeated."),
    ] = None,
    baseline: Annotated[
        str | None, typer.Option("--baseline", help="Wave that others are compared with.")
    ] = None,
    reliability: Annotated[
        float | None,
        typer.Option("--reliability", help="Of the score, for counts of reliable change."),
    ] = None,
    sd: Annotated[
        float | None, typer.Option("--sd", help="Of the score, if not that at the baseline.")
    ] = None,
    lower_is_better: Annotated[
        bool, typer.Option("--lower-is-better", help="A fall is an improvement.")
    ] = False,
    confidence: Annotated[
        float, typer.Option("--confidence", min=0.5, max=0.999, help="Level of the intervals.")
    ] = 0.95,
    threshold: Annotated[
        int, typer.Option("--threshold", min=5, help="Fewest people in a number that is shown.")
    ] = 10,
    missing_token: options.Tokens = None,
    out: options.Out = None,
    figure: FigureFile = None,
    force: options.Force = False,
    json: options.Json = False,
) -> None:
    """Estimate how a score changed over waves; with --trained, beside others who were not trained.

    --out writes the change of every wave as a table.
    """
    if trained is not None and trained_team:
        raise typer.BadParameter("Give a column or teams, not both.", param_hint="--trained")
    import relsurvey as rs
    from relsurvey.intake import numeric_columns, read_table

    check_out(out, force=force, inputs=(file,))
    check_figure(figure, force=force, inputs=(file, out))
    numbers = [outcome, *([] if trained is None else [trained])]
    table = numeric_columns(
        read_table(file), numbers, missing=tuple(missing_token or ()), source=file.name
    )
    result = rs.change(
        table, outcome, wave=wave, person=person, group=group, team=team,
        trained=trained or trained_team or None, order=order or None, baseline=baseline,
        reliability=reliability, sd=sd, higher_is_better=not lower_is_better,
        confidence=confidence, threshold=threshold,
    )  # fmt: skip
    if out is not None:
        write_table(result.to_frame(), out, force=force)
    if figure is not None:
        save_figure(result.plot(), figure, force=force)
    say(result.summary(), result, as_json=json)
