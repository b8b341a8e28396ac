"""Read an export for a command: say on stderr what it was taken for and what to look at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relsurvey.cli.output import note

if TYPE_CHECKING:
    from relsurvey.intake import Responses

__all__ = ["json_head", "read_survey"]


def read_survey(
    file: Path,
    instrument: str,
    *,
    quiet: bool,
    keep_absent: Sequence[str] = (),
    **options: Any,
) -> Responses:
    """Read an export.

    Parameters
    ----------
    file, instrument
        As given on the command line.
    quiet : bool
        Whether nothing is said on stderr, as where JSON was asked for.
    keep_absent
        Columns that are wanted; those that reading left out are kept by reading again.
    **options
        Of ``read_responses``.
    """
    import relsurvey as rs

    responses = rs.read_responses(file, instrument, **options)
    there = {*responses.context, *responses.meta}
    absent = [name for name in dict.fromkeys(keep_absent) if name not in there]
    if absent:
        responses = rs.read_responses(file, instrument, keep=absent, **options)
    if not quiet:
        note(f"{file.name}: {responses.log.recognised}")
        for line in (*responses.log.left_out, *responses.log.warning_lines):
            note(line)
    return responses


def json_head(responses: Responses, file: Path, out: Path | None) -> dict[str, Any]:
    """Return what the JSON of every command on one survey begins with."""
    return {
        "instrument": responses.instrument.id,
        "file": file.name,
        "platform": responses.platform,
        "warnings": list(responses.log.warning_lines),
        "out": None if out is None else str(out),
    }
