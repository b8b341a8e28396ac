"""Keep two processes from writing into one folder at the same moment."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from relsurvey.errors import OutputError

__all__ = ["LOCK_NAME", "alone_in"]

LOCK_NAME = ".relsurvey.lock"


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold a folder while something is written into it.

    The system itself lets go of it when a process ends, however it ends, so that nothing is in
    the way after a crash.

    Parameters
    ----------
    folder : pathlib.Path
        It is there already.

    Raises
    ------
    OutputError
        Where another process holds it, or the file system refuses.
    """
    path = folder / LOCK_NAME
    handle = _taken(path)
    try:
        yield
    finally:
        # Taken away while it is held: whoever waits for the old file sees that it is gone.
        with contextlib.suppress(OSError):
            path.unlink()
        os.close(handle)


def _taken(path: Path) -> int:
    while True:
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as problem:
            raise OutputError(
                f"{path.parent} cannot be written to: {problem.strerror}."
            ) from problem
        try:
            _hold(handle)
        except OSError as problem:
            os.close(handle)
            raise OutputError(
                f"Another relsurvey is writing into {path.parent} at this moment.",
                hint="Wait until it has ended, then call this command again.",
            ) from problem
        if _is_still_there(handle, path):
            return handle
        os.close(handle)


def _is_still_there(handle: int, path: Path) -> bool:
    """Say whether the file that is held is the one of that name, and not one taken away since."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except OSError:
        return False


def _hold(handle: int) -> None:
    """Hold a file, or raise where another process holds it."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
