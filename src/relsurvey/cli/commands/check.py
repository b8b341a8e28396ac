"""``relsurvey check``: can the answers of a survey be trusted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relsurvey.cli import options
from relsurvey.cli.failures import EXIT_INPUT
from relsurvey.cli.output import check_out, note, save_table, say
from relsurvey.cli.reading import json_head, read_survey

if TYPE_CHECKING:
    import pandas as pd

    from relsurvey.quality import QualityResult

# Counts of people; in a table that stands beside row numbers the short names read as one.
COUNTS = {
    "duplicate_of": "others_with_same_answers",
    "duplicate_of_same_worker": "others_with_same_answers_and_worker",
}


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
        typer.Option(
            "--rule",
            help="Another threshold for a rule: too_fast=1.5. The rules are in the first table "
            "that is printed.",
        ),
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
    from relsurvey.quality import check_quality

    check_out(out, force=force, inputs=(file, instrument, columns, wording, dictionary), key=key)
    expected = _pairs(attention, "--attention", "ATT1=3")
    limits = _limits(rule)
    responses = read_survey(
        file,
        instrument,
        quiet=json,
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
    if out is not None:
        save_table(_rows(result), out, force=force, keep_ids=keep_ids, key=key)
    value = {
        **json_head(responses, file, out),
        **result.to_dict(),
    }
    say(result.summary(), value, as_json=json)
    if not result.items["n"].sum():
        note("Nobody answered anything: nothing could be computed from the answers.")
        raise typer.Exit(EXIT_INPUT)


def _rows(result: QualityResult) -> pd.DataFrame:
    """Return one row a respondent: the measures, the rules that flag them, and why."""
    flags = result.flags.groupby("row", sort=False)[["rule", "why"]].agg("; ".join)
    flags.columns = ["flags", "why"]
    rows = result.respondents.join(flags, on="row").rename(columns=COUNTS)
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


def _limits(words: list[str] | None) -> dict[str, float]:
    """Return the thresholds of --rule; a rule or a threshold that cannot be is a wrong call."""
    from relsurvey.errors import ModelError
    from relsurvey.quality.rules import thresholds_of

    given = {
        name: _number(name, text) for name, text in _pairs(words, "--rule", "too_fast=1.5").items()
    }
    try:
        thresholds_of(given)
    except ModelError as problem:
        raise typer.BadParameter(str(problem), param_hint="--rule") from None
    return given


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise typer.BadParameter(
            f"{name}={text}: {text!r} is no number", param_hint="--rule"
        ) from None
