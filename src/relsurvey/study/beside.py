"""A second process, so that two things can be worked out at once."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from types import TracebackType
from typing import Any, TypeVar

from relsurvey.with_pingouin import made_ready

__all__ = ["Beside", "usual_jobs"]

Found = TypeVar("Found")


def usual_jobs() -> int:
    """Return how many processes the command line uses: two, or one where there is one core."""
    return 2 if (os.cpu_count() or 1) > 1 else 1


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
        self._executor: Any = None
        if jobs > 1:
            # This one needs no guard in the script of whoever calls, as Python's own would.
            from joblib.externals.loky import ProcessPoolExecutor

            self._executor = ProcessPoolExecutor(max_workers=1)
            self._executor.submit(_made_ready)

    def begin(self, work: Callable[..., Found], *given: Any) -> Callable[[], Found]:
        """Begin some work; what comes back gives its result, or raises what it raised.

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
        result: Callable[[], Found] = self._executor.submit(work, *given).result
        return result

    def __enter__(self) -> Beside:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        """End the other process; work that nobody will ask for any more is given up."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, kill_workers=problem is not None)


def _made_ready() -> None:
    """Load what takes long to load, before it is needed."""
    for room in ("relsurvey.association.panel", "relsurvey.reporting.figures.style"):
        importlib.import_module(room)
    made_ready()
