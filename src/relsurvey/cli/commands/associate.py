"""``relsurvey associate``: does the one go with the other, in a table that is linked already."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from relsurvey.cli import options
from relsurvey.cli.figures import FigureFile, check_figure, save_figure
from relsurvey.cli.output import check_out, say, write_table
from relsurvey.cli.progress import told

if TYPE_CHECKING:
    from relsurvey.association import AssociationResult
    from relsurvey.association.family import FamilyResult


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
    moderator: Annotated[
        str | None,
        typer.Option(
            "--moderator",
            help="Column of a third property, by which the slope may differ.",
            show_default=False,
        ),
    ] = None,
    within: Annotated[
        list[str] | None,
        typer.Option(
            "--within",
            help="A covariate entered as its difference from the worker's mean, and that mean. "
            "Without it, all that vary within workers are.",
        ),
    ] = None,
    confidence: Annotated[
        float, typer.Option("--confidence", min=0.5, max=0.999, help="Level of the intervals.")
    ] = 0.95,
    smallest_effect: Annotated[
        float | None,
        typer.Option(
            "--smallest-effect",
            min=0,
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
        typer.Option("--reliability", min=0, max=1, help="Alpha or omega of the worker's score."),
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
        int | None,
        typer.Option(
            "--bootstraps",
            min=0,
            help="Draws of workers (2,000; none above 2,000 workers); 0 for none.",
        ),
    ] = None,
    permutations: Annotated[
        int | None,
        typer.Option(
            "--permutations",
            min=0,
            help="Orders of the scores (10,000; 1,000 above 2,000 workers); 0 for none.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of everything drawn.")] = 1,
    missing_token: options.Tokens = None,
    out: options.Out = None,
    figure: FigureFile = None,
    spread: Annotated[
        Path | None,
        typer.Option("--spread", help="Draw how workers' means spread, into this file."),
    ] = None,
    force: options.Force = False,
    json: options.Json = False,
) -> None:
    """Fit a random-intercept model of an outcome on a worker's score.

    Other methods stand beside it, and it is said where they disagree. With several outcomes or
    predictors every pair is fitted, and p values are adjusted for how many there are. An empty
    cell is a missing value; any other text in a number column is an error unless it is named with
    --missing-token.
    """
    pair, several = _pair(primary), len(outcome) > 1 or len(predictor) > 1
    single = {"--reliability": reliability, "--best": best, "--band": band, "--spread": spread,
              "--quick": quick or None, "--moderator": moderator}  # fmt: skip
    _require_a_use(single, several=several, quick=quick, pair=pair)
    check_out(out, force=force, inputs=(file,))
    check_figure(figure, force=force, inputs=(file, out))
    check_figure(spread, force=force, inputs=(file, out, figure))
    covariates = tuple(dict.fromkeys([*(covariate or ()), *(within or ())]))
    numbers = [*outcome, *predictor, *([] if moderator is None else [moderator])]
    numbers = list(dict.fromkeys(numbers))
    table = _table(file, numbers, covariates, tuple(missing_token or ()))
    question: dict[str, Any] = {
        "covariates": covariates, "group": group, "team": team, "confidence": confidence,
        "split_covariates": tuple(within) if within else True,
    }  # fmt: skip
    drawing: dict[str, Any] = {"permutations": permutations, "seed": seed}
    result: AssociationResult | FamilyResult
    if several:
        result, frame, parts = _family(
            table, outcome, predictor, pair, smallest_effect, question | drawing, quiet=json
        )
    else:
        companions = {"reliability": reliability, "best": best, "bands": band or None,
                      "bootstraps": bootstraps, **drawing}  # fmt: skip
        result, frame, parts = _single(
            table, outcome[0], predictor[0], smallest_effect, moderator, question,
            None if quick else companions, quiet=json,
        )  # fmt: skip
    if out is not None:
        write_table(frame, out, force=force)
    if figure is not None:
        moderation = getattr(result, "moderation", None)
        save_figure((moderation or result).plot(), figure, force=force)
    if spread is not None:
        from relsurvey.reporting import plot_spread

        save_figure(plot_spread(cast("AssociationResult", result)), spread, force=force)
    text = "\n\n".join([result.summary(), *(part.summary() for part in parts.values())])
    say(text, {**result.to_dict(), **_ready(parts)}, as_json=json)


def _require_a_use(
    single: Mapping[str, object], *, several: bool, quick: bool, pair: tuple[str, str] | None
) -> None:
    """Refuse options that would play no part, rather than leave them out unsaid."""
    given = [name for name, value in single.items() if value is not None]
    if several and given:
        raise typer.BadParameter(
            "It is for one outcome and one predictor only.", param_hint=", ".join(given)
        )
    if pair is not None and not several:
        raise typer.BadParameter(
            "There is one pair only, and it is the primary one.", param_hint="--primary"
        )
    unused = [name for name in given if name in ("--reliability", "--best", "--band")]
    if quick and unused:
        raise typer.BadParameter(
            "It is for the methods that --quick leaves out.", param_hint=", ".join(unused)
        )


def _family(
    table: Any,
    outcomes: list[str],
    predictors: list[str],
    pair: tuple[str, str] | None,
    smallest_effect: float | None,
    options: dict[str, Any],
    *,
    quiet: bool,
) -> tuple[FamilyResult, Any, dict[str, Any]]:
    import relsurvey as rs

    with told(quiet=quiet):
        family = rs.associate_family(
            table, outcomes, predictors, primary=pair, smallest_effect=smallest_effect,
            alpha=1 - options["confidence"], **options,
        )  # fmt: skip
    return family, family.to_frame(), {}


def _single(
    table: Any,
    outcome: str,
    predictor: str,
    smallest_effect: float | None,
    moderator: str | None,
    question: dict[str, Any],
    companions: dict[str, Any] | None,
    *,
    quiet: bool,
) -> tuple[AssociationResult, Any, dict[str, Any]]:
    """Answer one question; beside it the other methods and what measurement error takes."""
    import relsurvey as rs

    parts: dict[str, Any] = {}
    result = rs.associate(
        table, outcome, predictor, smallest_effect=smallest_effect, moderator=moderator,
        **question,
    )  # fmt: skip
    if companions is None:
        return result, _fitted(result), parts
    with told(quiet=quiet) as tell:
        parts["companions"] = rs.companions(
            table, outcome, predictor, progress=tell, **companions, **question
        )
        if companions["reliability"] is not None:
            parts["measurement_error"] = rs.measurement_error(
                table, outcome, predictor, reliability=companions["reliability"],
                seed=companions["seed"], **question,
            )  # fmt: skip
    return result, _fitted(result), parts


def _fitted(result: AssociationResult) -> Any:
    """Return the model that was asked about, term by term: the one with the moderator, if any."""
    fitted = result if result.moderation is None else result.moderation
    return fitted.model.to_frame()


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


def _ready(parts: dict[str, Any]) -> dict[str, Any]:
    """Return what stands beside an association for JSON; the panel without its own copy of it."""
    ready = {name: part.to_dict() for name, part in parts.items()}
    ready.get("companions", {}).pop("primary", None)
    return ready
