"""``relsurvey plan``: how many workers and service users to ask, or what can be found."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import typer

from relsurvey.cli import options
from relsurvey.cli.figures import FigureFile, check_figure, save_figure
from relsurvey.cli.output import check_out, note, say
from relsurvey.cli.progress import counted_progress
from relsurvey.errors import ModelError

USUAL_POWER = 0.80
USUAL_STUDIES = 1_000
# Where an option is not called as the parameter is.
OPTIONS = {
    "n_workers": "--workers",
    "users_per_worker": "--users",
    "n_teams": "--teams",
    "user_count_cv": "--users-cv",
    "replicates": "--simulate",
    "n_jobs": "--jobs",
}
SETTINGS = {
    "method='simulation'": "--simulate",
    "items=True": "--items",
    "covariates=1": "--covariates 1",
}
PARAMETER = re.compile(r"[a-z]+(?:_[a-z]+)*")
OF_SEVERAL_WORDS = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
JOINING = frozenset({"and", "or"})


def plan(
    icc: Annotated[
        float,
        typer.Option(
            "--icc", help="Share of the outcome's variance between workers.", show_default=False
        ),
    ],
    correlation: Annotated[
        float | None,
        typer.Option(
            "--correlation",
            help="Of the worker's score with the mean experience of "
            "the worker's service users, both without error.",
        ),
    ] = None,
    standardised_slope: Annotated[
        float | None,
        typer.Option("--standardised-slope", help="The same as SD of the outcome per SD."),
    ] = None,
    slope: Annotated[
        float | None,
        typer.Option("--slope", help="The same in points per point; needs the two SDs."),
    ] = None,
    predictor_sd: Annotated[
        float, typer.Option("--predictor-sd", help="SD of the worker score, for --slope.")
    ] = 1.0,
    outcome_sd: Annotated[
        float, typer.Option("--outcome-sd", help="SD of the outcome, for --slope.")
    ] = 1.0,
    workers: Annotated[int | None, typer.Option("--workers", help="Workers asked.")] = None,
    users: Annotated[
        float | None, typer.Option("--users", help="Service users asked about each worker.")
    ] = None,
    power: Annotated[
        float | None,
        typer.Option(
            "--power",
            help="Power wanted; .80 if not given, unless everything else is: "
            "then it is worked out.",
        ),
    ] = None,
    reliability_predictor: Annotated[
        float, typer.Option("--reliability-predictor", help="Of the worker score.")
    ] = 1.0,
    reliability_outcome: Annotated[
        float, typer.Option("--reliability-outcome", help="Of one service user's score.")
    ] = 1.0,
    teams: Annotated[int | None, typer.Option("--teams", help="Teams of the workers.")] = None,
    workers_per_team: Annotated[
        float | None, typer.Option("--workers-per-team", help="In place of --teams.")
    ] = None,
    team_share: Annotated[
        float, typer.Option("--team-share", help="Share of workers' variance between teams.")
    ] = 0.0,
    attrition_workers: Annotated[
        float, typer.Option("--attrition-workers", help="Share of workers who do not answer.")
    ] = 0.0,
    attrition_users: Annotated[
        float, typer.Option("--attrition-users", help="Share of service users who do not.")
    ] = 0.0,
    covariates: Annotated[int, typer.Option("--covariates", help="Covariates.")] = 0,
    r_squared_between: Annotated[
        float, typer.Option("--r-squared-between", help="What they explain between workers.")
    ] = 0.0,
    r_squared_within: Annotated[
        float, typer.Option("--r-squared-within", help="What they explain within workers.")
    ] = 0.0,
    users_cv: Annotated[
        float, typer.Option("--users-cv", help="Unequal numbers: SD of users over their mean.")
    ] = 0.0,
    ceiling: Annotated[
        float | None,
        typer.Option("--ceiling", help="Share at the best possible score (with --simulate)."),
    ] = None,
    alpha: Annotated[float, typer.Option("--alpha", help="Level of the two-sided test.")] = 0.05,
    simulate: Annotated[
        int | None,
        typer.Option("--simulate", help="Simulate so many studies through the model itself."),
    ] = None,
    items: Annotated[
        bool, typer.Option("--items", help="Simulate whole questionnaires (slow).")
    ] = False,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the studies of --simulate.")] = 1,
    backend: Annotated[
        Literal["processes", "threads", "dask"],
        typer.Option("--backend", help="Where studies are simulated; dask uses a running cluster."),
    ] = "processes",
    jobs: Annotated[int | None, typer.Option("--jobs", help="Processes or threads.")] = None,
    address: Annotated[
        str | None,
        typer.Option("--address", help="Of the Dask scheduler (or DASK_SCHEDULER_ADDRESS)."),
    ] = None,
    figure: FigureFile = None,
    out: options.Out = None,
    force: options.Force = False,
    json: options.Json = False,
) -> None:
    """Work out workers, service users, the association or power from the other three.

    Leave out what is to be worked out: --workers, --users, the association (--correlation,
    --standardised-slope or --slope) or --power.
    """
    from relsurvey.planning.power import power as work_out
    from relsurvey.tables import write_csv

    check_out(out, force=force)
    check_figure(figure, force=force, inputs=(out,))
    association = (correlation, standardised_slope, slope)
    open_ones = [workers, users, next((one for one in association if one is not None), None)]
    if power is None and None in open_ones:
        power = USUAL_POWER
    try:
        with counted_progress("Simulating studies", quiet=simulate is None or json) as progress:
            result = work_out(
                n_workers=workers,
                users_per_worker=users,
                correlation=correlation,
                standardised_slope=standardised_slope,
                slope=slope,
                power=power,
                icc=icc,
                predictor_sd=predictor_sd,
                outcome_sd=outcome_sd,
                reliability_predictor=reliability_predictor,
                reliability_outcome=reliability_outcome,
                n_teams=teams,
                workers_per_team=workers_per_team,
                team_share=team_share,
                attrition_workers=attrition_workers,
                attrition_users=attrition_users,
                covariates=covariates,
                r_squared_between=r_squared_between,
                r_squared_within=r_squared_within,
                user_count_cv=users_cv,
                ceiling=ceiling,
                alpha=alpha,
                method="formula" if simulate is None else "simulation",
                items=items,
                replicates=USUAL_STUDIES if simulate is None else simulate,
                seed=seed,
                backend=backend,
                n_jobs=jobs,
                address=address,
                progress=progress,
            )
    except ModelError as problem:
        raise _in_options(problem) from None
    if out is not None:
        write_csv(result.to_frame(), out, force=force)
        note(f"Wrote {out}.")
    if figure is not None:
        save_figure(result.plot(), figure, force=force)
    say(result.summary(), result, as_json=json)


def _in_options(problem: ModelError) -> Exception:
    """Say an error in the words of the command line; faults of the call make it a wrong call."""
    hint = None if problem.hint is None else _named(problem.hint)
    if not problem.failure_rows:
        return ModelError(_named(problem.message), hint=hint)
    faults = [_fault(row) for row in problem.failure_rows]
    return typer.BadParameter("\n".join([problem.message, *faults, *([hint] if hint else [])]))


def _fault(row: dict[str, Any]) -> str:
    """Return one fault: the options, what they were given, and what is allowed."""
    names = PARAMETER.sub(lambda found: _option(found[0]), row["parameter"])
    return f"- {names}{_given(row['value'])}; allowed: {_named(row['allowed'])}"


def _given(value: Any) -> str:
    if value is True:
        return ""
    if isinstance(value, tuple):
        return f" ({' and '.join(f'{one:g}' for one in value)})"
    return f" {value:g}" if isinstance(value, float) else f" {value}"


def _named(text: str) -> str:
    """Put options in the place of the parameters that a text names."""
    for setting, option in SETTINGS.items():
        text = text.replace(setting, option)
    return OF_SEVERAL_WORDS.sub(lambda found: _option(found[0]), text)


def _option(name: str) -> str:
    if name in JOINING:
        return name
    return OPTIONS.get(name, f"--{name.replace('_', '-')}")
