"""``relsurvey agreement``: may answers be put together by worker, and are the means reliable."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from relsurvey.cli import options
from relsurvey.cli.output import check_out, note, save_table, say

OWN_NULL = "own"


def agreement(
    file: Annotated[
        Path,
        typer.Argument(help="The export of the service users' survey.", show_default=False),
    ],
    instrument: options.InstrumentName,
    worker: Annotated[
        str, typer.Option("--worker", help="Column of the worker's id.", show_default=False)
    ],
    null: Annotated[
        str | None,
        typer.Option(
            "--null",
            help="A null distribution of your own: shares of the answers from the lowest, such "
            "as '.05,.15,.35,.45'.",
        ),
    ] = None,
    confidence: Annotated[
        float, typer.Option("--confidence", min=0.5, max=0.999, help="Level of the intervals.")
    ] = 0.95,
    threshold: Annotated[
        int, typer.Option("--threshold", min=5, help="Fewest workers in a cell that is shown.")
    ] = 10,
    details: Annotated[bool, typer.Option("--details", help="Show every scale in full.")] = False,
    out: options.Out = None,
    columns: options.Columns = None,
    wording: options.Wording = None,
    platform: options.Platform = "auto",
    dictionary: options.Dictionary = None,
    unknown: options.Unknown = "stop",
    keep_ids: options.KeepIds = False,
    key: options.KeyFile = None,
    force: options.Force = False,
    json: options.Json = False,
) -> None:
    """ICC(1), ICC(2), r_wg(j) and average deviation of every scale, by worker.

    No worker is named; --out writes the figures of every worker, with pseudonyms.
    """
    import relsurvey as rs
    from relsurvey.agreement import scale_agreement

    check_out(out, force=force, inputs=(file, instrument, columns, wording, dictionary), key=key)
    shares = None if null is None else {OWN_NULL: _shares(null)}
    responses = rs.read_responses(
        file,
        instrument,
        worker=worker,
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
    result = scale_agreement(responses, nulls=shares, confidence=confidence, threshold=threshold)
    if out is not None:
        save_table(result.group_rows(), out, force=force, keep_ids=keep_ids, key=key)
    value = {
        "instrument": responses.instrument.id,
        "file": file.name,
        "platform": responses.platform,
        "confidence": confidence,
        "threshold": threshold,
        "warnings": [f"{entry.what} {entry.why}" for entry in responses.log.warnings],
        **result.to_dict(),
        "out": None if out is None else str(out),
    }
    every = [f"\n\n{one.summary()}" for one in result.results.values()] if details else []
    say(result.summary() + "".join(every), value, as_json=json)


def _shares(text: str) -> list[float]:
    from relsurvey.errors import ModelError

    try:
        return [float(part) for part in text.replace(",", " ").split()]
    except ValueError:
        raise ModelError(
            f"--null is a list of shares; {text!r} is not.",
            hint="One share a category from the lowest, for instance --null .05,.15,.35,.45",
        ) from None
