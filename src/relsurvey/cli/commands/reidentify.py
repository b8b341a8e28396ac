"""``relsurvey reidentify``: from pseudonyms back to ids, for the holder of the key."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relsurvey.cli import options
from relsurvey.cli.output import note
from relsurvey.errors import OutputError, listed
from relsurvey.files import ensure_free, written_whole
from relsurvey.pseudonyms import is_pseudonym, read_key

if TYPE_CHECKING:
    from relsurvey.study.reidentify import Reidentified

EXIT_UNKNOWN = 1
KINDS = ("worker", "respondent", "team")


def reidentify(
    what: Annotated[
        list[str],
        typer.Argument(help="A CSV file with pseudonyms, or pseudonyms.", show_default=False),
    ],
    key: Annotated[
        Path, typer.Option("--key", help="The key they were made with.", show_default=False)
    ],
    study: Annotated[
        Path | None, typer.Option("--study", help="The study file; its exports hold the ids.")
    ] = None,
    ids: Annotated[
        Path | None, typer.Option("--ids", help="A table that holds the ids, without a study.")
    ] = None,
    column: Annotated[
        str | None, typer.Option("--column", help="The column of --ids that holds them.")
    ] = None,
    kind: Annotated[
        str, typer.Option("--kind", help="What they name: worker, respondent or team.")
    ] = "worker",
    out: options.Out = None,
    force: options.Force = False,
) -> None:
    """Say whose pseudonyms are, by hashing every id of the exports again with the key.

    What comes out names people: it is printed, or written to a file that only you can read.
    Exit code 0: all were found; 1: some were not.
    """
    table = _table(what)
    _require_source(study, ids, column, kind)
    inputs = [path for path in (table, key, study, ids) if path is not None]
    if out is not None:
        ensure_free(out, force=force, suffixes=(".csv",), keep=inputs)
    secret = read_key(key)
    from relsurvey.study.reidentify import (
        ids_in_column,
        ids_of_study,
        reidentify_table,
        reidentify_words,
    )

    known = ids_of_study(study) if study else ids_in_column(str(ids), str(column), kind)
    if table is None:
        result = reidentify_words(what, known, secret)
    else:
        result = reidentify_table(table, known, secret)
    _give(result, out, None if study else kind)
    if result.unknown:
        raise typer.Exit(EXIT_UNKNOWN)


def _table(what: list[str]) -> Path | None:
    """Return the table that is named; none where pseudonyms are."""
    strange = [word for word in what if not is_pseudonym(word)]
    if not strange:
        return None
    if len(what) == 1 and Path(what[0]).exists():
        return Path(what[0])
    capitals = [word.upper() for word in strange if is_pseudonym(word.upper())]
    guess = f" Did you mean {listed(capitals)}?" if capitals else ""
    form = f"P- and 16 capital letters or digits from 2 to 7, such as P-FTU3CUSCFTEZEUDR.{guess}"
    if len(what) > 1:
        raise typer.BadParameter(f"{listed(strange)}: give one CSV file, or pseudonyms: {form}")
    raise OutputError(
        f"{what[0]} is neither a pseudonym nor a file that is there.",
        hint=f"A pseudonym is {form} Otherwise give a CSV file that relsurvey wrote.",
    )


def _require_source(study: Path | None, ids: Path | None, column: str | None, kind: str) -> None:
    if (study is None) == (ids is None):
        raise typer.BadParameter("name the ids with --study, or with --ids and --column.")
    if ids is not None and column is None:
        raise typer.BadParameter("--ids needs --column, the column that holds them.")
    if kind not in KINDS:
        raise typer.BadParameter(f"--kind is one of {', '.join(KINDS)}; it is {kind!r}.")


def _give(result: Reidentified, out: Path | None, kind: str | None) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(result.rows)
    if out is None:
        typer.echo(text.getvalue(), nl=False)
    else:
        with written_whole(out, private=True) as temporary:
            temporary.write_text(text.getvalue(), encoding="utf-8", newline="\n")
        note(f"Wrote {out}; only you can read it. Delete it when it has served.")
    note(f"{len(result.found):,} of {len(result.found) + len(result.unknown):,} were found.")
    if result.unknown:
        others = [f"--kind {one}" for one in KINDS if one != kind]
        third = "" if kind is None else f", or they name no {kind} ({' or '.join(others)})"
        note(
            f"Not found: {listed(result.unknown)}. They were made with another key, or their ids "
            f"are not in these files{third}."
        )
