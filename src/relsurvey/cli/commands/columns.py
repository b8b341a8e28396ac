"""``relsurvey columns``: which column of an export is which item, as a map to check."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from relsurvey.cli import options
from relsurvey.cli.output import note, say
from relsurvey.files import ensure_free, written_whole


def columns(
    file: Annotated[
        Path, typer.Argument(help="The export of a survey platform.", show_default=False)
    ],
    instrument: options.InstrumentName,
    write: Annotated[
        Path | None, typer.Option("--write", "-w", help="Write the map to this YAML file.")
    ] = None,
    given: options.Columns = None,
    wording: options.Wording = None,
    platform: options.Platform = "auto",
    dictionary: options.Dictionary = None,
    force: options.Force = False,
    json: options.Json = False,
) -> None:
    """Find the column of every item, show what is unclear, and draft a map to check.

    The map goes back in with --columns and is then taken as it stands.
    """
    from relsurvey.intake import draft_columns

    if write is not None:
        inputs = [
            Path(path)
            for path in (file, instrument, given, wording, dictionary)
            if path is not None
        ]
        ensure_free(write, force=force, suffixes=(".yaml", ".yml"), keep=inputs)
    draft = draft_columns(
        file,
        instrument,
        platform=platform,
        columns=given,
        wording=wording,
        dictionary=dictionary,
    )
    if write is not None:
        with written_whole(write) as temporary:
            temporary.write_text(draft.to_yaml(), encoding="utf-8")
        note(f"Wrote {write}. Check it, then give it back with --columns {write}.")
    if not json:
        for found in draft.personal:
            note(found)
    say(draft.summary(), draft, as_json=json)
