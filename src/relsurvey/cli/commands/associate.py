"""``relsurvey associate``: does the one go with the other, in a table that is linked already."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from relsurvey.cli import options
from relsurvey.cli.figures import FigureFile, check_figure, save_figure
from relsurvey.cli.output import check_out, note, say
from relsurvey.cli.progress import told

if TYPE_CHECKING:
    from relsurvey.association import AssociationResult
    from relsurvey.association.family import FamilyResult
    from relsurvey.association.panel import Companions


def associate(
    file: Annotated[
        Path,
        typer.Argument(help="Table with one row a service user (CSV or XLSX).", show_default=False),
    ],
    outcome: Annotated[
        list[str],
        typer.Option(
            "--outcome",
            help="Column of what service users said; several make a family.",
            show_default=False,
        ),
    ],
    predictor: Annotated[
        list[str],
        typer.Option(
            "--predictor",
            help="Column of the worker's score; several make a family.",
            show_default=False,
        ),
    ],
    group: Annotated[str, typer.Option("--group", help="Column of the worker's id.")] = "worker_id",
    team: Annotated[
        str | None, typer.Option("--team", help="Column of the worker's team: a level of its own.")
    ] = None,
    covariate: Annotated[
        list[str] | None,
        typer.Option("--covariate", help="A further column, numbers or words; may be repeated."),
    ] = None,
    confidence: Annotated[
        float, typer.Option("--confidence", min=0.5, max=0.999, help="Level of the intervals.")
    ] = 0.95,
    smallest_effect: Annotated[
        float | None,
        typer.Option(
            "--smallest-effect",
            help="Smallest slope of interest, in standard deviations of the outcome for one of the "
            "predictor.",
        ),
    ] = None,
    primary: Annotated[
        str | None,
        typer.Option(
            "--primary",
            help="Of a family, the pair fixed beforehand and not adjusted: OUTCOME:PREDICTOR.",
        ),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="The primary method alone, without the others.")
    ] = False,
    reliability: Annotated[
        float | None,
        typer.Option("--reliability", help="Alpha or omega of the worker's score."),
    ] = None,
    best: Annotated[
        float | None,
        typer.Option("--best", help="Value of the outcome that counts as the best answer."),
    ] = None,
    band: Annotated[
        list[float] | None,
        typer.Option("--band", help="Where a band of the outcome begins; may be repeated."),
    ] = None,
    bootstraps: Annotated[
        int, typer.Option("--bootstraps", min=0, help="Draws of workers; 0 for none.")
    ] = 2_000,
    permutations: Annotated[
        int, typer.Option("--permutations", min=0, help="Orders of the scores; 0 for none.")
    ] = 10_000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of everything drawn.")] = 1,
    missing_token: options.Tokens = None,
    out: options.Out = None,
    figure: FigureFile = None,
    force: options.Force = False,
    json: options.Json = False,
) -> None:
    """Fit a random-intercept model of an outcome on a worker's score.

    Other methods stand beside it, and it is said where they disagree. With several outcomes or
    predictors every pair is fitted, and p values are adjusted for how many there are. An empty
    cell is a missing value; any other text in a number column is an error unless it is named with
    --missing-token.
    """
    import relsurvey as rs

    pair, several = _pair(primary), len(outcome) > 1 or len(predictor) > 1
    if pair is not None and not several:
        raise typer.BadParameter(
            "There is one pair only, and it is the primary one.", param_hint="--primary"
        )
    check_out(out, force=force, inputs=(file,))
    check_figure(figure, force=force, inputs=(file, out))
    covariates = tuple(covariate or ())
    table = _table(file, [*outcome, *predictor], covariates, tuple(missing_token or ()))
    common: dict[str, Any] = {
        "covariates": covariates, "group": group, "team": team, "confidence": confidence,
        "smallest_effect": smallest_effect,
    }  # fmt: skip
    if several:
        with told(quiet=json):
            family = rs.associate_family(
                table, outcome, predictor, primary=pair, permutations=permutations,
                seed=seed, alpha=1 - confidence, **common,
            )  # fmt: skip
        _write(family, family.to_frame(), out, figure, force=force)
        say(family.summary(), family, as_json=json)
        return
    result = rs.associate(table, outcome[0], predictor[0], **common)
    panel = None
    if not quick:
        common.pop("smallest_effect")
        with told(quiet=json) as tell:
            panel = rs.companions(
                table, outcome[0], predictor[0], reliability=reliability, best=best,
                bands=band or None,
                bootstraps=bootstraps, permutations=permutations, seed=seed, progress=tell,
                **common,
            )  # fmt: skip
    _write(result, result.model.to_frame(), out, figure, force=force)
    text = result.summary() if panel is None else f"{result.summary()}\n\n{panel.summary()}"
    say(text, _value(result, panel), as_json=json)


def _pair(primary: str | None) -> tuple[str, str] | None:
    """Take OUTCOME:PREDICTOR apart."""
    if primary is None:
        return None
    outcome, colon, predictor = primary.partition(":")
    if not colon or not outcome or not predictor:
        raise typer.BadParameter(
            f"{primary!r} is not of the form OUTCOME:PREDICTOR.", param_hint="--primary"
        )
    return outcome, predictor


def _table(
    file: Path, columns: list[str], covariates: tuple[str, ...], tokens: tuple[str, ...]
) -> Any:
    """Read the table; covariates that hold words stay words."""
    from relsurvey.intake import covariate_columns, numeric_columns, read_table

    table = covariate_columns(read_table(file), covariates, missing=tokens, source=file.name)
    return numeric_columns(table, columns, missing=tokens, source=file.name)


def _write(
    result: AssociationResult | FamilyResult,
    frame: Any,
    out: Path | None,
    figure: Path | None,
    *,
    force: bool,
) -> None:
    from relsurvey.tables import write_csv

    if out is not None:
        write_csv(frame, out, force=force)
        note(f"Wrote {out}.")
    if figure is not None:
        save_figure(result.plot(), figure, force=force)


def _value(result: AssociationResult, panel: Companions | None) -> dict[str, Any]:
    """Return the JSON: the association, and the other methods beside it without its copy."""
    value = result.to_dict()
    if panel is not None:
        value["companions"] = {
            name: part for name, part in panel.to_dict().items() if name != "primary"
        }
    return value
