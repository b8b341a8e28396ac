"""``relsurvey structure``: do the items form the scales they are meant to form."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from relsurvey.cli import options
from relsurvey.cli.output import check_out, note, say
from relsurvey.cli.reading import json_head, read_survey
from relsurvey.options import Estimation

if TYPE_CHECKING:
    from relsurvey.intake import Responses
    from relsurvey.psychometrics.structure.compare_result import StructureResult

EXPLAINED = (
    "A factor model says which items are answered alike because they ask about the same thing. "
    "Chi-square, CFI, TLI, RMSEA and SRMR say how far the answers are from what a model "
    "expects: CFI and TLI near 1 and RMSEA and SRMR near 0 are good. BIC compares models: lower "
    "is better supported. What is asked of each figure, and whether it is met, stands below."
)
MOST_INDICES = 10


def structure(
    file: Annotated[
        Path, typer.Argument(help="The export of a survey platform.", show_default=False)
    ],
    instrument: options.InstrumentName,
    model: Annotated[
        str | None,
        typer.Option("--model", help="A model of the instrument, to be shown with its loadings."),
    ] = None,
    estimator: Annotated[
        Estimation,
        typer.Option(
            "--estimator",
            help="ML: complete rows. FIML: incomplete rows too. WLSMV: answers as ordered "
            "categories.",
        ),
    ] = "ML",
    loadings: Annotated[
        bool, typer.Option("--loadings", help="Show the loadings of the model that is chosen.")
    ] = False,
    group: Annotated[
        str | None,
        typer.Option("--group", help="Column of groups: does the model hold in all of them."),
    ] = None,
    dif: Annotated[
        list[str] | None,
        typer.Option(
            "--dif",
            help="Column of groups: do they answer items alike at the same score; may be repeated.",
        ),
    ] = None,
    modification: Annotated[
        bool, typer.Option("--modification", help="Show what the chosen model leaves out.")
    ] = False,
    explore: Annotated[
        bool, typer.Option("--explore", help="Find factors without a model: how many, and which.")
    ] = False,
    seed: Annotated[int, typer.Option("--seed", help="Of the draws of --explore.")] = 1,
    out: options.Out = None,
    columns: options.Columns = None,
    wording: options.Wording = None,
    platform: options.Platform = "auto",
    dictionary: options.Dictionary = None,
    unknown: options.Unknown = "stop",
    force: options.Force = False,
    json: options.Json = False,
) -> None:
    """Fit the factor models of an instrument side by side, and say what they are worth."""
    from relsurvey.psychometrics.structure.compare import compare_models
    from relsurvey.tables import write_csv

    check_out(out, force=force, inputs=(file, instrument, columns, wording, dictionary))
    wanted = [name for name in (group, *(dif or ())) if name is not None]
    reading = {"platform": platform, "columns": columns, "wording": wording,
               "dictionary": dictionary, "unknown": unknown}  # fmt: skip
    _require_no_ids(wanted)
    responses = read_survey(file, instrument, quiet=json, keep_absent=wanted, **reading)
    _require_model(responses, model)
    if not json:
        for line in _without_group(responses, wanted):
            note(line)
    compared = compare_models(responses, estimator=estimator)
    if out is not None:
        write_csv(compared.to_frame(), out, force=force)
        note(f"Wrote {out}.")
    chosen = model or _default(compared)
    parts: dict[str, Any] = {"comparison": compared}
    if chosen and (loadings or model):
        parts["model"] = compared.fits.get(chosen) or _unfitted(compared, chosen)
    if modification:
        parts["modification_indices"] = _indices(compared, chosen)
    if group is not None:
        parts["invariance"] = _ladder(responses, chosen, group, estimator)
    if dif:
        parts["differential_functioning"] = _functioning(responses, dif)
    if explore:
        parts |= _explored(responses, seed)
    value = {
        **json_head(responses, file, out),
        "rows_without_group": _without_group(responses, wanted),
        "chosen_model": chosen,
        **{name: _ready(part) for name, part in parts.items()},
    }
    say(_text(parts), value, as_json=json)


def _require_no_ids(wanted: list[str]) -> None:
    """Refuse columns that name people before anything is read or fitted."""
    from relsurvey.psychometrics.grouping import require_no_id

    for name in wanted:
        require_no_id(name)


def _without_group(responses: Responses, wanted: list[str]) -> list[str]:
    """Say how many rows have no value in a column of groups; they are in none of them."""
    lines = []
    for name in dict.fromkeys(wanted):
        source = responses.context if name in responses.context else responses.meta
        blank = int(source[name].isna().sum())
        if blank:
            lines.append(f"{blank:,} of {responses.n:,} rows have no {name}: they are in no group.")
    return lines


def _require_model(responses: Responses, model: str | None) -> None:
    from relsurvey.errors import listed, suggestion

    known = tuple(responses.instrument.models)
    if model is None or model in known:
        return
    near = suggestion(model, known)
    guess = f" Did you mean {near!r}?" if near else ""
    raise typer.BadParameter(
        f"{responses.instrument.id} has no model {model!r}.{guess} Allowed: {listed(known)}.",
        param_hint="--model",
    )


def _default(compared: StructureResult) -> str:
    """Return the best supported model, or else the first that was fitted and is not one factor."""
    several = [name for name, fit in compared.fits.items() if len(fit.factors) > 1]
    return compared.best or next(iter([*several, *compared.fits]), "")


def _unfitted(compared: StructureResult, model: str) -> str:
    notes = dict(zip(compared.table["model"], compared.table["note"], strict=True))
    return f"{model} could not be fitted: {notes[model]}"


def _indices(compared: StructureResult, chosen: str) -> Any:
    """Return the largest modification indices of a model, or why there are none."""
    if chosen not in compared.fits:
        return "No model could be fitted, so there is nothing to say of what one leaves out."
    return compared.fits[chosen].modification_indices.head(MOST_INDICES)


def _ladder(responses: Responses, chosen: str, group: str, estimator: Estimation) -> Any:
    from relsurvey.errors import ModelError
    from relsurvey.psychometrics.structure.ladder import invariance

    if not chosen:
        return "No model could be fitted, so none can be compared between groups."
    try:
        return invariance(responses, chosen, group=group, estimator=estimator)
    except ModelError as problem:
        return f"Measurement invariance of {chosen} by {group} could not be tested. {problem}"


def _functioning(responses: Responses, dif: list[str]) -> Any:
    from relsurvey.psychometrics.functioning import differential_functioning

    return differential_functioning(responses, by=dif)


def _explored(responses: Responses, seed: int) -> dict[str, Any]:
    """Return adequacy, the number of factors and the factors, or why there are none."""
    from relsurvey.errors import ModelError
    from relsurvey.psychometrics.exploratory import efa, parallel_analysis, sampling_adequacy

    parts: dict[str, Any] = {}
    try:
        parts["adequacy"] = sampling_adequacy(responses)
        parts["parallel_analysis"] = parallel_analysis(responses, seed=seed)
        parts["efa"] = efa(responses, max(parts["parallel_analysis"].n_factors, 1))
    except ModelError as problem:
        parts["exploration"] = f"The items could not be explored any further. {problem}"
    return parts


def _ready(part: Any) -> Any:
    """Return a part for JSON; the fits behind a comparison or a ladder are left out of it."""
    from relsurvey.results import Result

    if not isinstance(part, Result):
        return part
    whole = part.to_dict()
    return {name: value for name, value in whole.items() if name != "fits"}


def _text(parts: dict[str, Any]) -> str:
    from relsurvey.results import Result
    from relsurvey.text import wrapped

    texts = ["\n".join(wrapped(EXPLAINED))]
    for name, part in parts.items():
        if isinstance(part, Result):
            texts.append(part.summary())
        elif name == "modification_indices" and not isinstance(part, str):
            texts.append(_indices_text(part))
        else:
            lines = str(part).splitlines()
            texts.append("\n".join(line for text in lines for line in wrapped(text)))
    return "\n\n\n".join(texts)


def _indices_text(indices: Any) -> str:
    from relsurvey.text import aligned, number, wrapped

    words = [name for name in indices if indices[name].dtype.kind not in "fiu"]
    rows = [
        {name: str(value) if name in words else number(value, 2) for name, value in row.items()}
        for row in indices.to_dict(orient="records")
    ]
    text = (
        "What the model leaves out, and by how much chi-square would fall with it (modification "
        "indices). Each was found in these rows: let theory, not this list, change a model."
    )
    return "\n".join([*wrapped(text), *aligned(rows, left=words)])
