"""``relsurvey agreement``: may answers be put together by worker, and are the means reliable."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relsurvey.cli import options
from relsurvey.cli.failures import EXIT_INPUT
from relsurvey.cli.output import check_out, note, save_table, say
from relsurvey.cli.reading import json_head, read_survey

if TYPE_CHECKING:
    from relsurvey.agreement import ScalesAgreement

OWN_NULL = "own"


def agreement(
    file: Annotated[
        Path,
        typer.Argument(help="The export of the service users' survey.", show_default=False),
    ],
    instrument: options.InstrumentName,
    worker: Annotated[
        str,
        typer.Option(
            "--worker",
            help="Column of the worker's id, or of another group such as the team.",
            show_default=False,
        ),
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
        int, typer.Option("--threshold", min=5, help="Fewest groups in a cell that is shown.")
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
    """ICC(1), ICC(2), r_wg(j) and average deviation of every scale, by worker or other group.

    No group is named; --out writes the figures of every group, with pseudonyms.
    """
    from relsurvey.agreement import scale_agreement

    check_out(out, force=force, inputs=(file, instrument, columns, wording, dictionary), key=key)
    shares = None if null is None else {OWN_NULL: _shares(null)}
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
    result = scale_agreement(responses, nulls=shares, confidence=confidence, threshold=threshold)
    if out is not None:
        save_table(result.group_rows(), out, force=force, keep_ids=keep_ids, key=key)
    value = {
        **json_head(responses, file, out),
        "confidence": confidence,
        "threshold": threshold,
        **result.to_dict(),
    }
    said = f"Groups: {file.name}, column {worker!r}.\n\n"
    every = [f"\n\n{one.summary()}" for one in result.results.values()] if details else []
    say(said + result.summary() + "".join(every), value, as_json=json)
    if not _any_figure(result):
        note("Nothing could be computed; why stands in the notes.")
        raise typer.Exit(EXIT_INPUT)


def _shares(text: str) -> list[float]:
    try:
        return [float(part) for part in text.replace(",", " ").split()]
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is no list of shares, one a category from the lowest: .05,.15,.35,.45",
            param_hint="--null",
        ) from None


def _any_figure(result: ScalesAgreement) -> bool:
    """Say whether a single ICC or r_wg was found."""
    figures = ["icc1", "icc_reml", "rwg_j_mean", "rwg_j_p50", "ad_mean_average"]
    return bool(result.table.reindex(columns=figures).notna().to_numpy().any())
