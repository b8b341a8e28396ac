"""Say on a terminal what is being worked on; nothing where nobody watches."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

__all__ = ["told"]


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
