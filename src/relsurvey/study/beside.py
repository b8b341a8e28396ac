"""A second process, so that two things can be worked out at once."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import connection
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, TypeVar

__all__ = ["Beside"]

Found = TypeVar("Found")


class Beside:
    """Work that goes on in another process while this one does something else.

    Parameters
    ----------
    jobs : int
        1: everything in this process, when it is asked for; 2: in a process of its own, at once.

    Examples
    --------
    >>> with Beside(1) as beside:
    ...     found = beside.begin(max, 3, 5)
    ...     found()
    5
    """

    def __init__(self, jobs: int) -> None:
        self._executor: ProcessPoolExecutor | None = None
        if jobs > 1:
            # On Linux the process is a copy of this one: nothing is loaded twice, and what both
            # only read lies in memory once.
            method = "fork" if sys.platform == "linux" else "spawn"
            context = multiprocessing.get_context(method)
            told, self._tell = context.Pipe(duplex=False)
            self._executor = ProcessPoolExecutor(
                max_workers=1, mp_context=context, initializer=_obey, initargs=(told,)
            )

    def begin(self, work: Callable[..., Found], *given: Any) -> Callable[[], Found]:
        """Begin some work; what comes back gives its result, or raises what it raised.

        What the other process has not come to when its result is asked for is done in this one.

        Parameters
        ----------
        work : callable
            A function at the top of a module; it and what it is given go to the other process.
        *given
            What it is called with.

        Returns
        -------
        callable
            Waits for the result.
        """
        if self._executor is None:
            return lambda: work(*given)
        with warnings.catch_warnings():
            # Newer Pythons warn of any copy of a process that has threads; those that are here
            # (a progress bar, idle ones of numerical libraries) hold nothing that the copy needs.
            warnings.filterwarnings("ignore", category=DeprecationWarning)
            future = self._executor.submit(work, *given)
        return lambda: work(*given) if future.cancel() else future.result()

    def __enter__(self) -> Beside:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        """End the other process; where something went wrong, in the middle of its work."""
        if self._executor is None:
            return
        if problem is not None:
            self._tell.send("stop")
        self._executor.shutdown(wait=True, cancel_futures=True)


def _obey(told: Connection) -> None:
    """End this process when it is told to, or when the one that wants its results is gone."""
    # Ctrl-C reaches both; the first process decides what becomes of this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    first = multiprocessing.parent_process()
    if first is None:
        raise RuntimeError("This is the first process.")
    signs: list[Any] = [first.sentinel, told]

    def watch() -> None:
        connection.wait(signs)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
