"""``relsurvey reliability``: do the items of each scale hang together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from relsurvey.cli import options
from relsurvey.cli.output import check_out, note, say


def reliability(
    file: Annotated[
        Path, typer.Argument(help="The export of a survey platform.", show_default=False)
    ],
    instrument: options.InstrumentName,
    missing: options.Missing = "listwise",
    confidence: Annotated[
        float, typer.Option("--confidence", min=0.5, max=0.999, help="Level of the intervals.")
    ] = 0.95,
    items: Annotated[bool, typer.Option("--items", help="Show the items too.")] = False,
    out: options.Out = None,
    columns: options.Columns = None,
    wording: options.Wording = None,
    platform: options.Platform = "auto",
    dictionary: options.Dictionary = None,
    unknown: options.Unknown = "stop",
    force: options.Force = False,
    json: options.Json = False,
) -> None:
    """Alpha with its interval, lambda-6 and item statistics of every scale."""
    import relsurvey as rs
    from relsurvey.tables import write_csv

    check_out(out, force=force, inputs=(file, instrument, columns, wording, dictionary))
    responses = rs.read_responses(
        file,
        instrument,
        platform=platform,
        columns=columns,
        wording=wording,
        dictionary=dictionary,
        unknown=unknown,
    )
    if not json:
        note(f"{file.name}: {responses.log.recognised}")
        for entry in responses.log.warnings:
            note(f"{entry.what} {entry.why}")
    result = rs.reliability(responses, missing=missing, confidence=confidence)
    analysis = rs.item_analysis(responses, missing=missing)
    if out is not None:
        write_csv(result.to_frame(), out, force=force)
        note(f"Wrote {out}.")
    value = {
        "instrument": responses.instrument.id,
        "file": file.name,
        "platform": responses.platform,
        "missing": missing,
        "confidence": confidence,
        "warnings": [f"{entry.what} {entry.why}" for entry in responses.log.warnings],
        "scales": result.to_frame(),
        "items": analysis.to_frame(),
    }
    text = result.summary() + (f"\n\n{analysis.summary()}" if items else "")
    say(text, value, as_json=json)
