"""``relsurvey instruments compare``, ``readability`` and ``content-validity``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from relsurvey.cli import options
from relsurvey.cli.output import say

__all__ = ["compare", "content_validity", "readability"]

Named = Annotated[str, typer.Argument(help="Id, or a YAML file of your own.", show_default=False)]


def compare(
    a: Annotated[str, typer.Argument(help="The original: id or YAML file.", show_default=False)],
    b: Annotated[
        str, typer.Argument(help="What was made of it: id or YAML file.", show_default=False)
    ],
    json: options.Json = False,
) -> None:
    """List what was kept, reworded, added and dropped between two instruments, and why."""
    from relsurvey.adaptation import compare_instruments

    result = compare_instruments(a, b)
    say(result.summary(), result, as_json=json)


def readability(
    instrument: Named,
    wording: options.Wording = None,
    locale: Annotated[
        str | None,
        typer.Option("--locale", help="One language, such as en-GB-x-easy; all if not given."),
    ] = None,
    json: options.Json = False,
) -> None:
    """Estimate the reading age of every item; those above eleven come first."""
    from relsurvey.adaptation import readability as estimated

    result = estimated(instrument, wording=wording, locale=locale)
    say(result.summary(), result, as_json=json)


def content_validity(
    instrument: Named,
    ratings: Annotated[
        Path,
        typer.Argument(
            help="CSV or XLSX of ratings from 1 to 4: columns rater, group, item, relevance; or "
            "rater, group and one column an item.",
            show_default=False,
        ),
    ],
    json: options.Json = False,
) -> None:
    """Say which items a panel finds relevant: I-CVI, modified kappa and S-CVI of each group."""
    from relsurvey.adaptation import content_validity as indices
    from relsurvey.intake import read_table

    result = indices(instrument, read_table(ratings))
    say(result.summary(), result, as_json=json)
