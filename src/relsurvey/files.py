"""Write files whole or not at all, never over something unasked, and tell files by their hash."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from relsurvey.errors import OutputError

__all__ = ["ensure_free", "sha256_of", "written_whole"]


def ensure_free(
    path: str | Path, *, force: bool, suffixes: tuple[str, ...] = (), keep: Iterable[Path] = ()
) -> Path:
    """Make sure that a result can be written to ``path``, before any work is done.

    Parameters
    ----------
    path : str or pathlib.Path
        The file to be written.
    force : bool
        Whether a file that is there may be replaced.
    suffixes : tuple of str
        What the name may end in, such as ``(".csv",)``; anything if empty.
    keep : iterable of pathlib.Path
        Files that are never replaced, forced or not: what is being read, and the key.

    Returns
    -------
    pathlib.Path
        The path.

    Raises
    ------
    OutputError
        Where it exists and ``force`` is false, is one of ``keep``, is a folder, has another
        ending, or its folder is missing or cannot be written to.
    """
    path = Path(path)
    if suffixes and path.suffix.lower() not in suffixes:
        raise OutputError(
            f"{path.name} would be written as {suffixes[0].lstrip('.').upper()}; its name has to "
            f"end in {' or '.join(suffixes)}.",
        )
    if path.resolve() in {other.resolve() for other in keep}:
        raise OutputError(
            f"{path} is an input of this command; it is never written over.",
            hint="Choose another name for the output.",
        )
    if path.is_dir():
        raise OutputError(f"{path} is a folder; a file name is needed.")
    # A link to what is not there (yet) is there: to replace it would cut it.
    if (path.exists() or path.is_symlink()) and not force:
        raise OutputError(
            f"{path} is already there and is kept as it is.",
            hint="Choose another name, or give --force to replace it.",
        )
    folder = path.parent
    if not folder.is_dir():
        raise OutputError(f"There is no folder {folder}.", hint="Make it first, or name another.")
    if not os.access(folder, os.W_OK):
        raise OutputError(f"No permission to write in {folder}.", hint="Name another folder.")
    return path


@contextlib.contextmanager
def written_whole(path: str | Path, *, private: bool = False) -> Iterator[Path]:
    """Give a temporary path in the same folder, renamed to ``path`` when all went well.

    Parameters
    ----------
    path : str or pathlib.Path
        Where the file shall be in the end.
    private : bool
        Whether only its owner may read it (mode 600).

    Yields
    ------
    pathlib.Path
        An empty file to write to. If the block raises, it is removed and ``path`` is untouched.

    Raises
    ------
    OutputError
        Where the file system refuses (permission, full disk).
    """
    path = Path(path)
    try:
        handle, name = tempfile.mkstemp(
            dir=path.parent, prefix=f".{path.name[:40]}-", suffix=".part"
        )
        os.close(handle)
    except OSError as problem:
        raise OutputError(f"{path} cannot be written: {problem.strerror}.") from problem
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o600 if private else 0o666 & ~_umask())
        temporary.replace(path)
    except OSError as problem:
        raise OutputError(f"{path} cannot be written: {problem.strerror}.") from problem
    finally:
        temporary.unlink(missing_ok=True)


def _umask() -> int:
    """Return the modes that the user takes away from new files."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def sha256_of(path: str | Path) -> str:
    """Return the SHA-256 of a file's bytes as 64 hex digits."""
    digest = hashlib.sha256()
    with Path(path).open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
