"""Write what a run found: all of it or nothing, what may leave the building apart from the rest."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from relsurvey.errors import OutputError
from relsurvey.personal import refuse_personal
from relsurvey.pseudonyms import KEY_NAME, id_columns, load_key, pseudonymised
from relsurvey.reporting import write_report
from relsurvey.tables import write_csv

if TYPE_CHECKING:
    import pandas as pd

    from relsurvey.study.result import StudyResult

__all__ = ["check_folder", "write_outputs"]

SHAREABLE = "shareable"
RESTRICTED = "restricted"
PARTS = (SHAREABLE, RESTRICTED)

_READ_ME = {
    SHAREABLE: (
        "What may be shown to others: reports in which small counts are withheld and nobody's\n"
        "own result appears. Read a report before you send it.\n"
    ),
    RESTRICTED: (
        "What must stay with the research team: scores of persons, linked rows, the log of what\n"
        "was read, and figures in which small counts are not withheld. Ids are pseudonyms unless\n"
        "the run was told to keep them; who holds the key file can tell whose they are.\n"
    ),
}


def check_folder(folder: Path, *, force: bool) -> Path:
    """Make sure, before any work, that results can be written to a folder.

    Raises
    ------
    OutputError
        Where it is a file, holds results already (without ``force``), or cannot be written to.
    """
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder} is a file; a folder is needed for the results.")
    taken = [name for name in PARTS if (folder / name).exists()]
    if taken and not force:
        raise OutputError(
            f"{folder} already holds results ({', '.join(taken)}); they are kept as they are.",
            hint="Choose another folder with --out, or give --force to replace them.",
        )
    nearest = folder
    while not nearest.exists():
        nearest = nearest.parent
    if not nearest.is_dir() or not os.access(nearest, os.W_OK):
        raise OutputError(f"No permission to write in {nearest}.", hint="Name another folder.")
    return folder


def write_outputs(result: StudyResult, folder: Path, *, keep_ids: bool, key: Path | None) -> None:
    """Write the report, the scores and the figures of a run.

    Everything is made in a temporary folder beside the results and moved when it is complete.

    Parameters
    ----------
    result : StudyResult
        What was found.
    folder : pathlib.Path
        Checked with ``check_folder``.
    keep_ids : bool
        Whether ids are written as they are.
    key : pathlib.Path or None
        The key file for pseudonyms; beside ``folder`` if not given.

    Raises
    ------
    OutputError
        Where rows of persons hold personal data, or the file system refuses.
    """
    kinds = id_columns(result.linked.log.renamed)
    # Before a key is made, or a folder: what is refused leaves nothing behind.
    refuse_personal(
        {
            Path(RESTRICTED) / f"{name}.csv": frame
            for name, frame in _rows_of_persons(result).items()
        },
        hidden=() if keep_ids else kinds,
        ids=kinds,
    )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name[:40]}-"))
    except OSError as problem:
        raise OutputError(f"{folder} cannot be written: {problem.strerror}.") from problem
    try:
        secret = None if keep_ids else load_key(key or folder.parent / KEY_NAME)
        _write_shareable(result, staging / SHAREABLE)
        _write_restricted(result, staging / RESTRICTED, secret)
        _move(staging, folder)
    except OSError as problem:
        raise OutputError(f"{folder} cannot be written: {problem.strerror}.") from problem
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _write_shareable(result: StudyResult, folder: Path) -> None:
    folder.mkdir()
    (folder / "README.txt").write_text(_READ_ME[SHAREABLE], encoding="utf-8")
    for format_ in result.plan.report.formats:
        write_report(result, folder / f"report.{format_}", format=format_)


def _write_restricted(result: StudyResult, folder: Path, secret: bytes | None) -> None:
    folder.mkdir(mode=0o700)
    (folder / "README.txt").write_text(_READ_ME[RESTRICTED], encoding="utf-8")
    (folder / "README.txt").chmod(0o600)
    kinds = id_columns(result.linked.log.renamed)
    for name, frame in _restricted_tables(result).items():
        safe = frame if secret is None else pseudonymised(frame, secret, kinds)
        write_csv(safe, folder / f"{name}.csv", private=True)
    path = folder / "results.json"
    path.write_text(json.dumps(result.to_dict(), indent=2) + "\n", encoding="utf-8")
    path.chmod(0o600)


def _rows_of_persons(result: StudyResult) -> dict[str, pd.DataFrame]:
    return {
        "worker_scores": result.workers.scores,
        "service_user_scores": result.service_users.scores,
        "linked": result.linked.frame,
        "unmatched": result.linked.log.unmatched(),
        "worker_quality": result.workers.quality.respondents,
        "worker_flags": result.workers.quality.flags,
        "service_user_quality": result.service_users.quality.respondents,
        "service_user_flags": result.service_users.quality.flags,
    }


def _restricted_tables(result: StudyResult) -> dict[str, pd.DataFrame]:
    tables = {**_rows_of_persons(result), "associations": result.to_frame()}
    if result.companions is not None:
        tables["companions"] = result.companions.to_frame()
    if result.family is not None:
        tables["family"] = result.family.to_frame()
    for name, survey in (("workers", result.workers), ("service_users", result.service_users)):
        tables[f"{name}_reliability"] = survey.reliability.to_frame()
        tables[f"{name}_items"] = survey.items.to_frame()
        tables[f"{name}_answers"] = survey.quality.items
        tables[f"{name}_rules"] = survey.quality.rules
        tables[f"{name}_intake_log"] = survey.responses.log.to_frame()
    return tables


def _move(staging: Path, folder: Path) -> None:
    """Put both parts in their place, or neither; what else is in the folder stays in it.

    Every rename is noted, so that all of them can be taken back where one fails.
    """
    folder.mkdir(exist_ok=True)
    aside = staging / "before"
    aside.mkdir()
    renamed: list[tuple[Path, Path]] = []

    def rename(source: Path, target: Path) -> None:
        source.rename(target)
        renamed.append((source, target))

    try:
        for part in PARTS:
            new, place = staging / part, folder / part
            if place.exists():
                for other in sorted(place.iterdir()):
                    if not (new / other.name).exists():
                        rename(other, new / other.name)
                rename(place, aside / part)
            rename(new, place)
    except OSError:
        for source, target in reversed(renamed):
            target.rename(source)
        raise
