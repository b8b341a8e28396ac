"""Note what a run was made from: files by their hash, instruments, versions, date, command."""

from __future__ import annotations

import datetime as dt
import os
import platform
from importlib import metadata
from typing import TYPE_CHECKING

from relsurvey.study.result import Provenance
from relsurvey.version import __version__

if TYPE_CHECKING:
    from relsurvey.intake import Responses

__all__ = ["now", "provenance_of", "software_here", "today"]

LIBRARIES = ("numpy", "pandas", "scipy", "narwhals", "pingouin", "matplotlib")


def provenance_of(
    surveys: tuple[Responses, ...], seed: int, command: str, created: str | None = None
) -> Provenance:
    """Collect the provenance of a run.

    Parameters
    ----------
    surveys : tuple of Responses
        What was read.
    seed : int
        The seed in use.
    command : str
        What was asked for.
    created : str, optional
        The date (ISO) of a run that is repeated; today's if not given.
    """
    software = software_here()
    return Provenance(
        inputs=tuple((one.path.name, one.digest, one.n) for one in surveys),
        instruments=tuple(
            (one.instrument.id, one.instrument.version, one.instrument.digest) for one in surveys
        ),
        software=software,
        seed=seed,
        command=command,
        created=created or today(),
    )


def software_here() -> dict[str, str]:
    """Return the versions of this package, of Python and of the libraries that compute."""
    software = {"Python": platform.python_version(), "relsurvey": __version__}
    return software | {name: metadata.version(name) for name in LIBRARIES}


def now() -> dt.datetime:
    """Return the time in UTC, or that of SOURCE_DATE_EPOCH, for builds that must repeat."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return dt.datetime.fromtimestamp(int(epoch), dt.UTC) if epoch else dt.datetime.now(dt.UTC)


def today() -> str:
    """Return the date in UTC (ISO), or that of SOURCE_DATE_EPOCH."""
    return now().date().isoformat()
