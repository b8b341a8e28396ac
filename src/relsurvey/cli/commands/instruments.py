"""``relsurvey instruments``: list them, show one, check a file, export one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from relsurvey.cli import options
from relsurvey.cli.commands import instrument_adaptation, instrument_export
from relsurvey.cli.output import say

app = typer.Typer(
    help="List the instruments, show one, check a file of your own, or export one.",
    no_args_is_help=True,
)


@app.command("list")
def list_(json: options.Json = False) -> None:
    """List the instruments that come with relsurvey."""
    import relsurvey as rs

    table = rs.list_instruments()
    columns = ["id", "version", "status", "respondent", "n_items", "n_scales", "title"]
    form = "{:<10}  {:<8}  {:<10}  {:<12}  {:>5}  {:>6}  {}"
    lines = [form.format("id", "version", "status", "answered by", "items", "scales", "title")]
    lines += [
        form.format(*(str(value).replace("_", " ") for value in values))
        for values in table[columns].to_numpy().tolist()
    ]
    say("\n".join(lines), table, as_json=json)


@app.command("show")
def show(
    instrument: Annotated[
        str, typer.Argument(help="Id, or a YAML file of your own.", show_default=False)
    ],
    wording: options.Wording = None,
    yaml: Annotated[
        bool, typer.Option("--yaml", help="Print the definition file, to copy and change.")
    ] = False,
    json: options.Json = False,
) -> None:
    """Show what an instrument asks, how it is scored, and where it comes from."""
    from relsurvey.instruments import describe, load_instrument, with_wording

    definition = load_instrument(instrument)
    if yaml and definition.path is not None:
        typer.echo(definition.path.read_text(encoding="utf-8"), nl=False)
        return
    if wording is not None:
        definition = with_wording(definition, wording)
    say(describe(definition), definition, as_json=json)


@app.command("validate")
def validate(
    file: Annotated[Path, typer.Argument(help="The YAML file.", show_default=False)],
    json: options.Json = False,
) -> None:
    """Check an instrument file; all faults are listed at once."""
    from relsurvey.instruments import load_instrument

    definition = load_instrument(file)
    counts = f"items: {len(definition.items)}, scales: {len(definition.scales)}"
    value = {"id": definition.id, "version": definition.version, "valid": True}
    say(
        f"{file} is a valid instrument: {definition.id} {definition.version}, {counts}.",
        value,
        as_json=json,
    )


app.command("export")(instrument_export.export)
app.command("compare")(instrument_adaptation.compare)
app.command("readability")(instrument_adaptation.readability)
app.command("content-validity")(instrument_adaptation.content_validity)
