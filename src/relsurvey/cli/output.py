"""What commands print and write: text or JSON on stdout, tables to files, notes on stderr."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from relsurvey.files import ensure_free
from relsurvey.pseudonyms import KEY_NAME
from relsurvey.results import json_ready

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["check_out", "check_rows", "note", "note_new_key", "save_table", "say", "write_table"]


def say(text: str, value: Any, *, as_json: bool) -> None:
    """Print a result on stdout, as text or as JSON."""
    typer.echo(json.dumps(json_ready(value), indent=2, ensure_ascii=False) if as_json else text)


def note(text: str) -> None:
    """Print a remark on stderr, out of the way of results."""
    typer.echo(text, err=True)


def check_out(
    out: Path | None,
    *,
    force: bool,
    inputs: Iterable[str | Path | None] = (),
    key: Path | None = None,
) -> None:
    """Refuse an output place before any work is done; an input or a key is never replaced."""
    if out is not None:
        named = [Path(path) for path in (*inputs, key) if path is not None]
        keep = [*named, out.parent / KEY_NAME]
        ensure_free(out, force=force, suffixes=(".csv",), keep=keep)


def write_table(frame: pd.DataFrame, out: Path, *, force: bool) -> None:
    """Write figures, no rows of persons, as CSV, and say so."""
    from relsurvey.tables import write_csv

    write_csv(frame, out, force=force)
    note(f"Wrote {out}.")


def save_table(
    frame: pd.DataFrame,
    out: Path,
    *,
    force: bool,
    keep_ids: bool,
    key: Path | None,
    kinds: dict[str, str] | None = None,
) -> None:
    """Write rows of persons: owner-only, ids as pseudonyms unless they are to be kept.

    Raises
    ------
    OutputError
        Where a column looks like personal data; nothing is written then.
    """
    from relsurvey.pseudonyms import load_key, pseudonymised
    from relsurvey.tables import write_csv

    check_rows({out: frame}, keep_ids=keep_ids, kinds=kinds)
    if not keep_ids:
        key = key or out.parent / KEY_NAME
        made = not key.exists()
        frame = pseudonymised(frame, load_key(key), kinds)
        if made:
            note_new_key(key)
    write_csv(frame, out, force=force, private=True)
    note(
        f"Wrote {len(frame)} rows to {out} (ids {'as they are' if keep_ids else 'as pseudonyms'})."
    )


def check_rows(
    frames: Mapping[Path, pd.DataFrame], *, keep_ids: bool, kinds: dict[str, str] | None = None
) -> None:
    """Refuse, before anything is written, rows of persons that hold personal data."""
    from relsurvey.personal import refuse_personal
    from relsurvey.pseudonyms import id_columns

    ids = kinds or id_columns()
    refuse_personal(frames, hidden=() if keep_ids else ids, ids=ids)


def note_new_key(key: Path) -> None:
    """Say that there is a key now, and what to do with it."""
    note(f"Made the key {key}. Keep it, and keep it apart from the results.")
