"""The manifest of a run that has just ended.

Apart from the manifest itself, which is read where no study is: when reports are written again.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from relsurvey.files import sha256_of
from relsurvey.study.lock import files_of, lock_path, surveys_of
from relsurvey.study.manifest import Definition, Manifest, NamedFile
from relsurvey.study.provenance import now
from relsurvey.version import __version__

if TYPE_CHECKING:
    from relsurvey.study.result import StudyResult

__all__ = ["manifest_of"]


def manifest_of(
    result: StudyResult, outputs: dict[str, str], folder: Path, *, key: str | None
) -> Manifest:
    """Describe a run whose files are complete.

    Parameters
    ----------
    result : StudyResult
        What was found.
    outputs : dict of str to str
        As ``hashes_in`` gives it.
    folder : pathlib.Path
        Where the results will be.
    key : str or None
        The mark of the key; ``None`` where ids are written as they are.
    """
    provenance, source = result.provenance, result.source
    surveys = surveys_of(result.plan)
    definitions = dict(zip(surveys, provenance.instruments, strict=True))
    return Manifest(
        relsurvey=__version__,
        study=None if source is None else _beside(source, folder),
        lock=None if source is None or result.lock is None else _beside(lock_path(source), folder),
        inputs=dict(_inputs(result)),
        definitions={
            survey: Definition(id=id_, version=version, sha256=digest)
            for survey, (id_, version, digest) in definitions.items()
        },
        software=provenance.software,
        seed=provenance.seed,
        command=provenance.command,
        ids="as they are" if key is None else "pseudonyms",
        key=key,
        created=provenance.created,
        started=_time(result.started),
        ended=_time(now()),
        outputs=outputs,
    )


def _inputs(result: StudyResult) -> Iterator[tuple[str, NamedFile]]:
    """Yield every file that was read; of an export, the hash of what was really read."""
    surveys = surveys_of(result.plan)
    for survey, (name, digest, _) in zip(surveys, result.provenance.inputs, strict=True):
        yield f"{survey}.file", NamedFile(file=name, sha256=digest)
    if result.source is None:
        return
    for key, one in files_of(result.plan, result.source.parent).items():
        if not key.endswith(".file"):
            yield key, NamedFile(file=str(one["name"]), sha256=str(one["sha256"]))


def _beside(path: Path, folder: Path) -> NamedFile:
    try:
        name = Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # on another drive
        name = path.name
    return NamedFile(file=name, sha256=sha256_of(path))


def _time(moment: dt.datetime | None) -> str:
    return (moment or now()).isoformat(timespec="seconds")
