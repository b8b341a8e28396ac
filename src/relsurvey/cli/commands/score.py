"""``relsurvey score``: answers of one survey in, scores out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from relsurvey.cli import options
from relsurvey.cli.output import check_out, note, save_table, say
from relsurvey.cli.reading import json_head, read_survey

if TYPE_CHECKING:
    import pandas as pd

    from relsurvey.instruments import Instrument


def score(
    file: Annotated[
        Path, typer.Argument(help="The export of a survey platform.", show_default=False)
    ],
    instrument: options.InstrumentName,
    out: options.Out = None,
    respondent: options.RespondentColumn = None,
    worker: options.WorkerColumn = None,
    team: options.TeamColumn = None,
    wave: options.WaveColumn = None,
    columns: options.Columns = None,
    wording: options.Wording = None,
    platform: options.Platform = "auto",
    dictionary: options.Dictionary = None,
    unknown: options.Unknown = "stop",
    min_answered: Annotated[
        int | None,
        typer.Option("--min-answered", min=1, help="Answers a scale needs, not its own rule."),
    ] = None,
    not_applicable: Annotated[
        options.NotApplicable | None,
        typer.Option("--not-applicable", help="What 'does not apply' counts for."),
    ] = None,
    keep_ids: options.KeepIds = False,
    key: options.KeyFile = None,
    force: options.Force = False,
    json: options.Json = False,
) -> None:
    """Score the answers of one survey.

    Prints how many were scored, mean and SD a scale; --out writes the scores of every respondent.
    """
    import relsurvey as rs

    check_out(out, force=force, inputs=(file, instrument, columns, wording, dictionary), key=key)
    responses = read_survey(
        file,
        instrument,
        quiet=True,  # the whole log is shown below
        id=respondent,
        worker=worker,
        team=team,
        wave=wave,
        platform=platform,
        columns=columns,
        wording=wording,
        dictionary=dictionary,
        unknown=unknown,
    )
    scores = rs.score(responses, min_answered=min_answered, not_applicable=not_applicable)
    rows = _overview(scores, responses.instrument)
    if out is not None:
        save_table(scores, out, force=force, keep_ids=keep_ids, key=key)
    if not json:
        note(responses.log.summary())
    value = {
        **json_head(responses, file, out),
        "respondents": responses.n,
        "scales": rows,
    }
    say(_text(rows, out), value, as_json=json)


def _overview(scores: pd.DataFrame, instrument: Instrument) -> list[dict[str, Any]]:
    return [
        {
            "scale": scale.id,
            "title": scale.title,
            "scored": int(scores[scale.id].notna().sum()),
            "not_scored": int(scores[scale.id].isna().sum()),
            "mean": float(scores[scale.id].mean()),
            "sd": float(scores[scale.id].std()),
        }
        for scale in instrument.scales
    ]


def _text(rows: list[dict[str, Any]], out: Path | None) -> str:
    wide = max(len(str(row["scale"])) for row in rows)
    wide_title = max(len(str(row["title"])) for row in rows)
    lines = [f"{'scale':<{wide}}  {'':<{wide_title}}  scored  not scored   mean     SD"]
    lines += [
        f"{row['scale']:<{wide}}  {row['title']:<{wide_title}}  {row['scored']:>6}"
        f"  {row['not_scored']:>10}  {row['mean']:5.2f}  {row['sd']:5.2f}"
        for row in rows
    ]
    if out is None:
        lines += ["", "Add --out scores.csv to save the scores of every respondent."]
    return "\n".join(lines)
