"""Say on a terminal what is being worked on; nothing where nobody watches."""

from __future__ import annotations

import contextlib
import shutil
import sys
from collections.abc import Callable, Iterator

__all__ = ["counted_progress", "told"]

BAR_WIDTH = 30
LINE_AGAIN, REST_AWAY = "\r", "\x1b[K"  # back to the first column; clear from there


@contextlib.contextmanager
def told(*, quiet: bool = False) -> Iterator[Callable[[str], None] | None]:
    """Show the name of the step that is running on stderr.

    Parameters
    ----------
    quiet : bool
        Whether nothing is to be shown, as where JSON was asked for.

    Yields
    ------
    callable or None
        To be called with the name of each step; ``None`` where stderr is no terminal.
    """
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    console = Console(stderr=True)
    with console.status("Reading") as status:
        yield lambda step: status.update(step)


@contextlib.contextmanager
def counted_progress(
    what: str, *, quiet: bool = False
) -> Iterator[Callable[[int, int], None] | None]:
    """Show on one line of stderr how much of something is done; nothing of it is left behind.

    Parameters
    ----------
    what : str
        What is being done, at the beginning of the line.
    quiet : bool
        Whether nothing is to be shown, as where JSON was asked for.

    Yields
    ------
    callable or None
        To be called with the parts done and the parts there are; ``None`` where stderr is no
        terminal.

    Notes
    -----
    The line is written over itself, and only by whoever says that a part is done: no thread
    draws at the same moment, and a line is never longer than the terminal is wide, so that
    none is broken and left above the next.
    """
    if quiet or not sys.stderr.isatty():
        yield None
        return

    def show(text: str) -> None:
        sys.stderr.write(f"{LINE_AGAIN}{text[: _columns()]}{REST_AWAY}")
        sys.stderr.flush()

    show(what)
    try:
        yield lambda done, total: show(f"{what} {_bar(done, total)} {done:,} of {total:,}")
    finally:
        show("")


def _columns() -> int:
    """Return how many characters fit without the cursor going to the next line."""
    return max(shutil.get_terminal_size().columns - 1, 1)


def _bar(done: int, total: int) -> str:
    filled = BAR_WIDTH * done // max(total, 1)
    return "[" + "#" * filled + "." * (BAR_WIDTH - filled) + "]"
