"""``relsurvey instruments export``: an instrument as a file for a survey platform or a printer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from relsurvey.cli import options
from relsurvey.cli.output import note, say

__all__ = ["export"]

FormatName = Literal[
    "xlsform", "redcap", "limesurvey", "qualtrics", "fhir", "reproschema", "psych-ds", "bids",
    "html", "docx", "codebook",
]  # fmt: skip


def export(
    instrument: Annotated[
        str, typer.Argument(help="Id, or a YAML file of your own.", show_default=False)
    ],
    to: Annotated[FormatName, typer.Option("--to", help="The format.", show_default=False)],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", help="File, or folder where there are several (by the id if not given)."
        ),
    ] = None,
    wording: options.Wording = None,
    locale: Annotated[
        list[str] | None,
        typer.Option("--locale", help="Language tag such as en-GB; again for each further one."),
    ] = None,
    filling: Annotated[
        list[str] | None,
        typer.Option("--filling", help="Placeholder and text: worker='my support worker'."),
    ] = None,
    force: options.Force = False,
    json: options.Json = False,
) -> None:
    """Write an instrument for a survey platform, an archive or a printer."""
    from relsurvey.forms import export_instrument

    done = export_instrument(
        instrument,
        to,
        out,
        wording=wording,
        locale=locale or None,
        fillings=_fillings(filling or []),
        force=force,
    )
    if json:
        say("", done, as_json=True)
        return
    say("\n".join(str(path) for path in done.files), done, as_json=False)
    for remark in done.remarks:
        note(f"- {remark}")


def _fillings(words: list[str]) -> dict[str, str]:
    """Part ``name=text`` at the first equals sign."""
    fillings: dict[str, str] = {}
    for word in words:
        name, equals, text = word.partition("=")
        name = name.strip()
        if not equals or not name:
            raise typer.BadParameter(f"{word!r} is not of the form name=text.")
        if name in fillings:
            raise typer.BadParameter(f"{name!r} is filled twice.")
        fillings[name] = text.strip()
    return fillings
