"""Write what a run found: all of it or nothing, what may leave the building apart from the rest."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from relsurvey.errors import OutputError
from relsurvey.one_at_a_time import LOCK_NAME, alone_in
from relsurvey.personal import refuse_personal
from relsurvey.pseudonyms import KEY_NAME, id_columns, key_mark, load_key, read_key
from relsurvey.reporting.write import file_name
from relsurvey.study.beside import Beside
from relsurvey.study.described import manifest_of
from relsurvey.study.manifest import (
    MANIFEST,
    PARTS,
    RESTRICTED,
    SHAREABLE,
    hashes_in,
    read_manifest,
    written,
)
from relsurvey.study.own_files import foreign_files, outputs_of, refuse_clashes
from relsurvey.study.restricted import restricted_names, rows_of_persons, write_restricted
from relsurvey.study.shareable import SHAREABLE_NAMES, reports_of, write_shareable

if TYPE_CHECKING:
    from relsurvey.study.plan import StudyPlan
    from relsurvey.study.result import StudyResult

__all__ = ["check_folder", "check_key", "write_outputs"]

ASIDE = "before"
_STAGED = {*PARTS, MANIFEST, ASIDE, LOCK_NAME}


def check_folder(folder: Path, *, force: bool, plan: StudyPlan | None = None) -> Path:
    """Make sure, before any work, that results can be written to a folder.

    Parameters
    ----------
    folder : pathlib.Path
        Where they are to be.
    force : bool
        Whether results that are there may be replaced.
    plan : StudyPlan, optional
        What will be run: files of somebody else that bear the names of its results are refused
        too, which would only be noticed at the end otherwise.

    Raises
    ------
    OutputError
        Where it is a file, holds results already (without ``force``), has a manifest of
        something else, or cannot be written to.
    """
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder} is a file; a folder is needed for the results.")
    taken = [name for name in (*PARTS, MANIFEST) if (folder / name).exists()]
    if taken and not force:
        raise OutputError(
            f"{folder} already holds results ({', '.join(taken)}); they are kept as they are.",
            hint="Choose another folder with --out, or give --force to replace them.",
        )
    if MANIFEST in taken:
        _require_own(folder)
    _require_folders(folder)
    if plan is not None:
        names = _names(plan) | set(outputs_of(folder))
        refuse_clashes(
            path for path in foreign_files(folder) if path.relative_to(folder).as_posix() in names
        )
    nearest = folder
    while not nearest.exists():
        nearest = nearest.parent
    if not nearest.is_dir() or not os.access(nearest, os.W_OK):
        raise OutputError(f"No permission to write in {nearest}.", hint="Name another folder.")
    return folder


def _require_own(folder: Path) -> None:
    """Refuse to replace a manifest that is something else's: many programs have one."""
    try:
        read_manifest(folder)
    except OutputError as problem:
        raise OutputError(
            f"{folder / MANIFEST} is there and is not one that this version of relsurvey wrote; "
            "it is kept as it is.",
            hint="Choose another folder with --out, or move that file away.",
        ) from problem


def _require_folders(folder: Path) -> None:
    """Refuse a file or a link where a part of the results is to be: it would be lost."""
    for part in PARTS:
        place = folder / part
        if place.is_symlink() or (place.exists() and not place.is_dir()):
            raise OutputError(
                f"{place} is {'a link' if place.is_symlink() else 'a file'}, where a folder of the "
                "results is to be; it is kept as it is.",
                hint="Move it away, or choose another folder with --out.",
            )


def _names(plan: StudyPlan) -> set[str]:
    """Return what a run calls its files, as far as the plan alone tells."""
    reports = {
        file_name(audience, format_)
        for audience in plan.report.audiences
        for format_ in plan.report.formats
    }
    return {f"{SHAREABLE}/{name}" for name in (*reports, *SHAREABLE_NAMES)} | {
        f"{RESTRICTED}/{name}" for name in restricted_names()
    }


def check_key(folder: Path, key: str | Path | None) -> None:
    """Make sure, before any work, that a key file which is there can be used.

    Raises
    ------
    OutputError
        Where it is not a key, or can be read by others than its owner.
    """
    path = _key_of(folder, key)
    if path.exists():
        read_key(path)


def _key_of(folder: Path, key: str | Path | None) -> Path:
    return folder.parent / KEY_NAME if key is None else Path(key)


def write_outputs(
    result: StudyResult,
    folder: Path,
    *,
    keep_ids: bool,
    key: Path | None,
    force: bool = True,
    beside: Beside | None = None,
) -> None:
    """Write the reports, the scores, the figures and the manifest of a run.

    Everything is made in a temporary folder beside the results and moved when it is complete.
    That folder is also the sign that somebody is writing: a second run into the same results
    is refused.

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
    force : bool
        Whether results that are there may be replaced; another run may have written some since
        the folder was checked.
    beside : Beside, optional
        A second process, that draws while this one writes.

    Raises
    ------
    OutputError
        Where rows of persons hold personal data, another run is writing there, or the file
        system refuses.
    """
    kinds = id_columns(result.linked.log.renamed)
    # Before a key is made, or a folder: what is refused leaves nothing behind.
    refuse_personal(
        {
            Path(RESTRICTED) / f"{name}.csv": frame
            for name, frame in rows_of_persons(result).items()
        },
        hidden=() if keep_ids else kinds,
        ids=kinds,
    )
    with _staging(folder) as staging:
        check_folder(folder, force=force)
        secret = None if keep_ids else load_key(_key_of(folder, key))
        reports = reports_of(result, beside or Beside(1))
        # First, while the figures of the reports are drawn.
        write_restricted(result, staging / RESTRICTED, secret)
        write_shareable(reports, result.plan.report, staging / SHAREABLE)
        mark = None if secret is None else key_mark(secret)
        manifest = manifest_of(result, hashes_in(staging), folder, key=mark)
        (staging / MANIFEST).write_text(written(manifest), encoding="utf-8", newline="\n")
        _move(staging, folder)


@contextlib.contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """Give an empty folder beside the results that nobody else can have at the same moment."""
    staging = folder.parent / f".{folder.name[:40]}-being-written"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        staging.mkdir(mode=0o700, exist_ok=True)
    except OSError as problem:
        raise OutputError(f"{folder} cannot be written: {problem.strerror}.") from problem
    with contextlib.ExitStack() as held:
        try:
            held.enter_context(alone_in(staging))
        except OutputError as problem:
            raise OutputError(
                f"Another run is writing to {folder} at this moment; nothing was written.",
                hint="Wait for it, or choose another folder with --out.",
            ) from problem
        try:
            _clear(staging, folder)
            yield staging
        except OSError as problem:
            raise OutputError(f"{folder} cannot be written: {problem.strerror}.") from problem
        finally:
            _remove(staging)


def _clear(staging: Path, folder: Path) -> None:
    """Take away what a run left that was stopped half-way; never what is somebody's own."""
    foreign = sorted({path.name for path in staging.iterdir()} - _STAGED)
    if foreign:
        raise OutputError(
            f"{folder} cannot be written: {staging}, where results are put together, holds "
            f"something else ({', '.join(foreign)}).",
            hint="Move it away, or choose another folder with --out.",
        )
    for name in _STAGED - {LOCK_NAME}:
        if (staging / name).is_dir():
            shutil.rmtree(staging / name)
        else:
            (staging / name).unlink(missing_ok=True)


def _remove(staging: Path) -> None:
    """Take the folder away, unless it holds what is somebody's own."""
    with contextlib.suppress(OSError):
        if {path.name for path in staging.iterdir()} <= _STAGED:
            shutil.rmtree(staging, ignore_errors=True)


def _move(staging: Path, folder: Path) -> None:
    """Put the parts and the manifest in their place, or nothing; what else is there stays.

    Every rename is noted, so that all of them can be taken back where one fails.
    """
    folder.mkdir(exist_ok=True)
    _require_folders(folder)
    foreign = foreign_files(folder)
    refuse_clashes(path for path in foreign if _clashes(path, staging / path.relative_to(folder)))
    aside = staging / ASIDE
    aside.mkdir()
    renamed: list[tuple[Path, Path]] = []

    def rename(source: Path, target: Path) -> None:
        source.rename(target)
        renamed.append((source, target))

    try:
        for part in (*PARTS, MANIFEST):
            new, place = staging / part, folder / part
            if place.exists():
                for other in foreign:
                    target = staging / other.relative_to(folder)
                    if place in other.parents and not target.is_dir():
                        target.parent.mkdir(parents=True, exist_ok=True)
                        rename(other, target)
                rename(place, aside / part)
            rename(new, place)
    except OSError:
        for source, target in reversed(renamed):
            target.rename(source)
        raise


def _clashes(path: Path, new: Path) -> bool:
    """Say whether a file cannot stay where it is beside what is new."""
    stays = new.is_dir() and path.is_dir() and not path.is_symlink()
    return (new.exists() and not stays) or any(above.is_file() for above in new.parents)
