"""Note what a run was made from: files by their hash, instruments, versions, date, command."""

from __future__ import annotations

import datetime as dt
import os
import platform
from importlib import metadata
from typing import TYPE_CHECKING

from relsurvey import __version__
from relsurvey.study.result import Provenance

if TYPE_CHECKING:
    from relsurvey.intake import Responses

__all__ = ["provenance_of"]

LIBRARIES = ("numpy", "pandas", "scipy", "narwhals", "pingouin", "matplotlib")


def provenance_of(surveys: tuple[Responses, ...], seed: int, command: str) -> Provenance:
    """Collect the provenance of a run.

    Parameters
    ----------
    surveys : tuple of Responses
        What was read.
    seed : int
        The seed in use.
    command : str
        What was asked for.
    """
    software = {"Python": platform.python_version()}
    software["relsurvey"] = __version__
    software |= {name: metadata.version(name) for name in LIBRARIES}
    return Provenance(
        inputs=tuple((one.path.name, one.digest, one.n) for one in surveys),
        instruments=tuple(
            (one.instrument.id, one.instrument.version, one.instrument.digest) for one in surveys
        ),
        software=software,
        seed=seed,
        command=command,
        created=_today(),
    )


def _today() -> str:
    """Return today's date in UTC, or that of SOURCE_DATE_EPOCH, for builds that must repeat."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    now = dt.datetime.fromtimestamp(int(epoch), dt.UTC) if epoch else dt.datetime.now(dt.UTC)
    return now.date().isoformat()
