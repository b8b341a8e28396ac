"""``relsurvey check``: can the answers of a survey be trusted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relsurvey.cli import options
from relsurvey.cli.output import check_out, note, save_table, say

if TYPE_CHECKING:
    import pandas as pd

    from relsurvey.quality import QualityResult


def check(
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
    attention: Annotated[
        list[str] | None,
        typer.Option("--attention", help="An attention item and its right answer: ATT1=3."),
    ] = None,
    rule: Annotated[
        list[str] | None,
        typer.Option("--rule", help="Another threshold for a rule: too_fast=1.5."),
    ] = None,
    any_run: Annotated[
        bool,
        typer.Option(
            "--any-run", help="Flag one answer throughout also where it does not contradict itself."
        ),
    ] = False,
    keep_ids: options.KeepIds = False,
    key: options.KeyFile = None,
    force: options.Force = False,
    json: options.Json = False,
) -> None:
    """Check the answers: gaps, straight lines, outliers, copies, items; nobody is dropped.

    Prints how many were flagged by which rule and which items stand out; --out writes one row a
    respondent, with the flags.
    """
    import relsurvey as rs
    from relsurvey.quality import check_quality

    check_out(out, force=force, inputs=(file, instrument, columns, wording, dictionary), key=key)
    expected = _pairs(attention, "--attention", "ATT1=3")
    limits = {
        name: _number(name, text) for name, text in _pairs(rule, "--rule", "too_fast=1.5").items()
    }
    responses = rs.read_responses(
        file,
        instrument,
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
    result = check_quality(
        responses, attention=expected, thresholds=limits, contradicting=not any_run
    )
    if not json:
        note(f"{file.name}: {responses.log.recognised}")
        for entry in responses.log.warnings:
            note(f"{entry.what} {entry.why}")
    if out is not None:
        save_table(_rows(result), out, force=force, keep_ids=keep_ids, key=key)
    value = {
        "instrument": responses.instrument.id,
        "file": file.name,
        "platform": responses.platform,
        "warnings": [f"{entry.what} {entry.why}" for entry in responses.log.warnings],
        **result.to_dict(),
        "out": None if out is None else str(out),
    }
    say(result.summary(), value, as_json=json)


def _rows(result: QualityResult) -> pd.DataFrame:
    """Return one row a respondent: the measures, the rules that flag them, and why."""
    flags = result.flags.groupby("row", sort=False)[["rule", "why"]].agg("; ".join)
    flags.columns = ["flags", "why"]
    rows = result.respondents.join(flags, on="row")
    return rows.fillna({"flags": "", "why": ""})


def _pairs(words: list[str] | None, option: str, example: str) -> dict[str, str]:
    found = {}
    for word in words or []:
        name, sign, value = word.partition("=")
        if not sign or not name.strip() or not value.strip():
            raise typer.BadParameter(
                f"{word!r} is not NAME=VALUE, as in {example}", param_hint=option
            )
        found[name.strip()] = value.strip()
    return found


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise typer.BadParameter(
            f"{name}={text}: {text!r} is no number", param_hint="--rule"
        ) from None
