"""``relsurvey reliability``: do the items of each scale hang together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relsurvey.cli import options
from relsurvey.cli.output import check_out, note, say
from relsurvey.cli.reading import json_head, read_survey

if TYPE_CHECKING:
    from relsurvey.intake import Responses
    from relsurvey.psychometrics.levels import LevelsResult


def reliability(
    file: Annotated[
        Path, typer.Argument(help="The export of a survey platform.", show_default=False)
    ],
    instrument: options.InstrumentName,
    missing: options.Missing = "listwise",
    confidence: Annotated[
        float, typer.Option("--confidence", min=0.5, max=0.999, help="Level of the intervals.")
    ] = 0.95,
    bootstrap: Annotated[
        int,
        typer.Option(
            "--bootstrap", min=0, help="Samples for a second interval of alpha, such as 2000."
        ),
    ] = 0,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, help="Seed of what is drawn, to draw it again.")
    ] = None,
    items: Annotated[bool, typer.Option("--items", help="Show the items too.")] = False,
    worker: options.WorkerColumn = None,
    by_worker: Annotated[
        bool,
        typer.Option(
            "--by-worker", help="Show reliability within and between workers too (with --worker)."
        ),
    ] = False,
    out: options.Out = None,
    columns: options.Columns = None,
    wording: options.Wording = None,
    platform: options.Platform = "auto",
    dictionary: options.Dictionary = None,
    unknown: options.Unknown = "stop",
    force: options.Force = False,
    json: options.Json = False,
) -> None:
    """Alpha with its interval, omega, split halves and measurement error of every scale.

    Below the tables stands how each figure reads against the criteria of COSMIN (met, not met,
    or what is missing to say so), and at the end what each column is.
    """
    import relsurvey as rs
    from relsurvey.criteria import readings_frame
    from relsurvey.tables import write_csv

    if by_worker and worker is None:
        raise typer.BadParameter(
            "it needs the column of the worker's id: --worker COLUMN.", param_hint="--by-worker"
        )
    check_out(out, force=force, inputs=(file, instrument, columns, wording, dictionary))
    responses = read_survey(
        file,
        instrument,
        quiet=json,
        worker=worker,
        platform=platform,
        columns=columns,
        wording=wording,
        dictionary=dictionary,
        unknown=unknown,
    )
    result = rs.reliability(
        responses, missing=missing, confidence=confidence, bootstrap=bootstrap, seed=seed
    )
    analysis = rs.item_analysis(responses, missing=missing)
    levels = _by_level(responses) if by_worker else None
    if out is not None:
        write_csv(result.to_frame(), out, force=force)
        note(f"Wrote {out}.")
    value = {
        **json_head(responses, file, out),
        "missing": missing,
        "confidence": confidence,
        "bootstrap": bootstrap,
        "seed": seed,
        "scales": result.to_frame(),
        "items": analysis.to_frame(),
        "by_worker": None if levels is None else levels.shareable,
        "readings": readings_frame([*result.readings, *(levels.readings if levels else ())]),
    }
    shown = [result, analysis if items else None, levels]
    texts = [part.summary() for part in shown if part is not None]
    say("\n\n".join([*texts, result.legend()]), value, as_json=json)


def _by_level(responses: Responses) -> LevelsResult:
    from relsurvey.psychometrics.levels import reliability_by_level

    return reliability_by_level(responses, group="worker_id")
