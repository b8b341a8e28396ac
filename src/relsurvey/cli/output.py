"""What commands print and write: text or JSON on stdout, tables to files, notes on stderr."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from relsurvey.files import ensure_free
from relsurvey.results import json_ready

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["check_out", "note", "save_table", "say"]


def say(text: str, value: Any, *, as_json: bool) -> None:
    """Print a result on stdout, as text or as JSON."""
    typer.echo(json.dumps(json_ready(value), indent=2, ensure_ascii=False) if as_json else text)


def note(text: str) -> None:
    """Print a remark on stderr, out of the way of results."""
    typer.echo(text, err=True)


def check_out(out: Path | None, *, force: bool) -> None:
    """Refuse an output place before any work is done."""
    if out is not None:
        ensure_free(out, force=force)


def save_table(
    frame: pd.DataFrame,
    out: Path,
    *,
    force: bool,
    keep_ids: bool,
    key: Path | None,
    kinds: dict[str, str] | None = None,
) -> None:
    """Write rows of persons: owner-only, ids as pseudonyms unless they are to be kept."""
    from relsurvey.pseudonyms import KEY_NAME, load_key, pseudonymised
    from relsurvey.tables import write_csv

    if not keep_ids:
        key = key or out.parent / KEY_NAME
        if not key.exists():
            note(f"Made the key {key}. Keep it, and keep it apart from the results.")
        frame = pseudonymised(frame, load_key(key), kinds)
    write_csv(frame, out, force=force, private=True)
    note(
        f"Wrote {len(frame)} rows to {out} (ids {'as they are' if keep_ids else 'as pseudonyms'})."
    )
