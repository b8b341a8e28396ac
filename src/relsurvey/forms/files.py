"""Put several files in their place: all of them or none."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from relsurvey.errors import OutputError
from relsurvey.files import ensure_free, written_whole

__all__ = ["write_all"]


def write_all(
    content: Mapping[str, bytes],
    out: Path | None,
    *,
    folder: str,
    suffix: str,
    force: bool,
    keep: Iterable[Path],
) -> tuple[Path, ...]:
    """Write files to a place.

    Parameters
    ----------
    content : mapping of str to bytes
        By name, relative to the place and with ``/``.
    out : pathlib.Path or None
        A single file goes there, or into it where it is a folder; several go into it.
    folder : str
        The name of the file without its ending, or of the folder of several, where ``out``
        names none.
    suffix : str
        What a single file ends in; empty where the files are always a folder.
    force : bool
        Whether a file that is there may be replaced.
    keep : iterable of pathlib.Path
        Files that are never replaced.

    Returns
    -------
    tuple of pathlib.Path
        The files.

    Raises
    ------
    OutputError
        Where the place is taken or cannot be written to; then everything is as it was.
    """
    if suffix and len(content) == 1:
        ((_, data),) = content.items()
        # With the format in it: two platforms may use the same ending.
        name = f"{folder.removesuffix(suffix.replace('.', '-'))}{suffix}"
        target = Path(name) if out is None else out / name if out.is_dir() else out
        ensure_free(target, force=force, suffixes=(suffix,), keep=keep)
        with written_whole(target) as temporary:
            temporary.write_bytes(data)
        return (target,)
    if suffix and out is not None and out.suffix.lower() == suffix and not out.is_dir():
        raise OutputError(
            f"{len(content)} files are written ({', '.join(content)}); {out} would hold one.",
            hint="Name a folder, or one language.",
        )
    return _write_folder(content, Path(folder) if out is None else out, force=force, keep=keep)


def _write_folder(
    content: Mapping[str, bytes], folder: Path, *, force: bool, keep: Iterable[Path]
) -> tuple[Path, ...]:
    targets = {folder / PurePosixPath(name): data for name, data in content.items()}
    _check_folder(folder, targets, force=force, keep=list(keep))
    beside = folder if folder.is_dir() else folder.parent
    try:
        staging = Path(tempfile.mkdtemp(dir=beside, prefix=f".{folder.name[:40]}-"))
    except OSError as problem:
        raise OutputError(f"{folder} cannot be written: {problem.strerror}.") from problem
    try:
        new = staging / "new"
        for target, data in targets.items():
            path = new / target.relative_to(folder)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        _move(new, staging / "before", list(targets), folder)
    except OSError as problem:
        raise OutputError(f"{folder} cannot be written: {problem.strerror}.") from problem
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return tuple(targets)


def _check_folder(folder: Path, targets: Iterable[Path], *, force: bool, keep: list[Path]) -> None:
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder} is a file; several files are written, so a folder is needed.")
    above = folder if folder.is_dir() else folder.parent
    if not above.is_dir():
        raise OutputError(f"There is no folder {above}.", hint="Make it first, or name another.")
    if not os.access(above, os.W_OK):
        raise OutputError(f"No permission to write in {above}.", hint="Name another folder.")
    for target in targets:
        if target.parent.is_dir():
            ensure_free(target, force=force, keep=keep)
        elif target.parent.exists():
            raise OutputError(f"{target.parent} is a file; a folder is needed there.")


def _move(new: Path, before: Path, targets: list[Path], folder: Path) -> None:
    """Rename every file into its place; where one fails, take all of them back."""
    done: list[tuple[Path, Path]] = []
    made: list[Path] = []

    def rename(source: Path, target: Path) -> None:
        missing = [one for one in (target.parent, *target.parent.parents) if not one.exists()]
        for one in reversed(missing):
            one.mkdir()
            made.append(one)
        source.rename(target)
        done.append((source, target))

    try:
        for target in targets:
            name = target.relative_to(folder)
            if target.exists():
                (before / name).parent.mkdir(parents=True, exist_ok=True)
                rename(target, before / name)
            rename(new / name, target)
    except BaseException:
        for source, target in reversed(done):
            target.rename(source)
        for one in reversed(made):
            one.rmdir()
        raise
