"""``relsurvey sensitivity``: what could fool us, in a table that is linked already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from relsurvey.cli import options
from relsurvey.cli.figures import FigureFile, check_figure, save_figure
from relsurvey.cli.output import check_out, note, say
from relsurvey.cli.progress import told

if TYPE_CHECKING:
    import pandas as pd

Flag: TypeAlias = str | None


def sensitivity(
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
    team: options.TeamColumn = None,
    covariate: Annotated[
        list[str] | None,
        typer.Option("--covariate", help="A further column, numbers or words; may be repeated."),
    ] = None,
    chosen_by: Annotated[
        Flag, typer.Option("--chosen-by", help="Column of 0 and 1: chosen by the worker.")
    ] = None,
    proxy: Annotated[
        Flag, typer.Option("--proxy", help="Column of 0 and 1: somebody else answered.")
    ] = None,
    present: Annotated[
        Flag, typer.Option("--present", help="Column of 0 and 1: the worker was there.")
    ] = None,
    careless: Annotated[
        Flag, typer.Option("--careless", help="Column of 0 and 1: the answer looks careless.")
    ] = None,
    not_applicable: Annotated[
        list[str] | None,
        typer.Option(
            "--not-applicable",
            help="'as best=COLUMN': the outcome scored by another rule for answers that do not "
            "apply; may be repeated.",
        ),
    ] = None,
    highest: Annotated[
        float | None, typer.Option("--highest", help="The highest score the outcome can have.")
    ] = None,
    length: Annotated[
        Flag, typer.Option("--length", help="Column: length of the relationship.")
    ] = None,
    stage: Annotated[
        Flag, typer.Option("--stage", help="Column: stage of the relationship.")
    ] = None,
    required: Annotated[
        Flag, typer.Option("--required", help="Column: involvement required or asked for.")
    ] = None,
    continuity: Annotated[
        Flag, typer.Option("--continuity", help="Column: continuity of the worker.")
    ] = None,
    minimum_users: Annotated[
        list[int] | None,
        typer.Option(
            "--minimum-users", min=1, help="Fewest users of a worker (1, 2, 3 and 5); repeatable."
        ),
    ] = None,
    workers: Annotated[
        Path | None,
        typer.Option("--workers", help="The workers' table from before linking: who is missing?"),
    ] = None,
    service_users: Annotated[
        Path | None,
        typer.Option("--service-users", help="The service users' table from before linking."),
    ] = None,
    imputations: Annotated[
        int, typer.Option("--impute", min=0, help="Impute missing answers so often, such as 20.")
    ] = 0,
    tipping_point: Annotated[
        bool,
        typer.Option("--delta", help="How far off missing answers would have to be to matter."),
    ] = False,
    permutations: Annotated[
        int, typer.Option("--permutations", min=0, help="Dealings of the scores; 0 for none.")
    ] = 500,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the random numbers.")] = 1,
    confidence: Annotated[
        float, typer.Option("--confidence", min=0.5, max=0.999, help="Level of the intervals.")
    ] = 0.95,
    missing_token: options.Tokens = None,
    figure: FigureFile = None,
    out: options.Out = None,
    force: options.Force = False,
    json: options.Json = False,
) -> None:
    """Ask the question again with one thing changed at a time, then in all ways together.

    First the primary slope beside one check after the other; then the specification curve: every
    combination of with and without covariates, who is left out, how many users a worker needs,
    how answers that do not apply are scored, and the model; drawn with --figure.
    A check for which a column is not named is listed as not run. An empty cell is a missing
    value. With --impute and --delta missing answers are imputed, as like and as unlike others.
    """
    import relsurvey as rs
    from relsurvey.sensitivity.checks.flagged import FLAGS
    from relsurvey.tables import write_csv

    if imputations == 1:
        raise typer.BadParameter("Two or more, or 0 for none.", param_hint="--impute")
    inputs = tuple(path for path in (file, workers, service_users) if path is not None)
    check_out(out, force=force, inputs=inputs)
    check_figure(figure, force=force, inputs=(*inputs, out))
    scored = _scored(not_applicable or ())
    covariates = tuple(dict.fromkeys(covariate or ()))
    flags: dict[str, Any] = {
        "chosen_by": chosen_by,
        "proxy": proxy,
        "present": present,
        "careless": careless,
    }
    moderators: dict[str, Any] = {
        "length": length,
        "stage": stage,
        "required": required,
        "continuity": continuity,
    }
    numbers = [outcome, predictor, *scored.values(), *filter(None, flags.values())]
    either = [*covariates, *filter(None, moderators.values())]
    minimum = tuple(minimum_users or (1, 2, 3, 5))
    tokens = tuple(missing_token or ())
    table = _read(file, numbers, either, tokens)
    whole: dict[str, Any] = {
        name: None if path is None else _side(path, (outcome, predictor), covariates, tokens)
        for name, path in (("workers", workers), ("service_users", service_users))
    }
    common: dict[str, Any] = {"group": group, "team": team, "confidence": confidence}
    with told(quiet=json) as tell:
        checks = rs.check_sensitivity(
            table, outcome, predictor, covariates=covariates, not_applicable=scored,
            highest=highest, minimum_users=minimum, imputations=imputations,
            tipping_point=tipping_point, seed=seed, progress=tell, **whole, **flags,
            **moderators, **common,
        )  # fmt: skip
        curve = rs.specification_curve(
            table,
            [outcome, *scored.values()],
            predictor,
            covariate_sets=[covariates, ()] if covariates else None,
            minimum_users=minimum,
            exclusions={flag.name: column for flag in FLAGS if (column := flags[flag.option])},
            permutations=permutations,
            seed=seed,
            progress=_numbered(tell),
            **common,
        )
    if out is not None:
        write_csv(checks.to_frame(), out, force=force)
        note(f"Wrote {out}.")
    if figure is not None:
        save_figure(curve.plot(), figure, force=force)
    text = f"{checks.summary()}\n\n{curve.summary()}"
    say(text, {"checks": checks, "specification_curve": curve}, as_json=json)


def _numbered(tell: Callable[[str], None] | None) -> Callable[[int, int], None] | None:
    """Return what tells of specifications by their number."""
    if tell is None:
        return None
    return lambda done, count: tell(f"Specification {done:,} of {count:,}")


def _side(
    file: Path, numbers: tuple[str, ...], either: tuple[str, ...], tokens: tuple[str, ...]
) -> pd.DataFrame:
    """Read the table of one side from before linking, with those of the columns that it has."""
    from relsurvey.intake import covariate_columns, numeric_columns, read_table

    table = read_table(file)
    words = [name for name in either if name in table.columns]
    there = [name for name in numbers if name in table.columns]
    table = covariate_columns(table, words, missing=tokens, source=file.name)
    return numeric_columns(table, there, missing=tokens, source=file.name)


def _scored(given: list[str] | tuple[str, ...]) -> Mapping[str, str]:
    """Return columns by what was done, from 'as best=COLUMN'."""
    found = {}
    for entry in given:
        label, equals, column = entry.rpartition("=")
        if not equals or not label or not column:
            raise typer.BadParameter(
                f"{entry!r} is not of the form 'what was done=COLUMN'.",
                param_hint="--not-applicable",
            )
        found[label.strip()] = column.strip()
    return found


def _read(
    file: Path, numbers: list[str], either: list[str], tokens: tuple[str, ...]
) -> pd.DataFrame:
    """Read the table; columns that may be numbers or words become numbers where all cells are."""
    from relsurvey.intake import covariate_columns, numeric_columns, read_table

    table = covariate_columns(read_table(file), either, missing=tokens, source=file.name)
    return numeric_columns(table, list(dict.fromkeys(numbers)), missing=tokens, source=file.name)
