"""Where simulated studies are drawn: here, in processes or threads, or on a Dask cluster."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from relsurvey.errors import ModelError

__all__ = ["BACKENDS", "SCHEDULER", "Progress", "Runner"]

BACKENDS = ("processes", "threads", "dask")
SCHEDULER = "DASK_SCHEDULER_ADDRESS"
SECONDS_TO_CONNECT = 10
HOW_TO_START = (
    "Start one and give its address, for instance tcp://127.0.0.1:8786, here or in the variable "
    f"{SCHEDULER} (a distributed.Client of a running program is found too); or leave the backend "
    "out."
)

Task = TypeVar("Task")
Found = TypeVar("Found")
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Runner:
    """Runs a function over tasks.

    Attributes
    ----------
    backend : {"processes", "threads", "dask"}
        Where.
    n_jobs : int
        Processes or threads; with 1, nothing is started.
    address : str or None
        Of the Dask scheduler.
    progress : callable or None
        Called with the number of tasks done, and of all.
    """

    backend: str = "processes"
    n_jobs: int = 1
    address: str | None = None
    progress: Progress | None = None

    def run(self, function: Callable[[Task], Found], tasks: Sequence[Task]) -> list[Found]:
        """Run the function on every task.

        Parameters
        ----------
        function : callable
            Of one task, found by its name in a module.
        tasks : sequence
            Arguments.

        Returns
        -------
        list
            What it gave, in the order of the tasks.

        Raises
        ------
        ModelError
            Where no Dask cluster can be reached.
        """
        if self.backend == "dask":
            return self._gathered(_on_dask(function, tasks, self.address), len(tasks))
        if self.n_jobs == 1:
            return self._gathered(enumerate(map(function, tasks)), len(tasks))
        return self._gathered(self._with_joblib(function, tasks), len(tasks))

    def _with_joblib(
        self, function: Callable[[Task], Found], tasks: Sequence[Task]
    ) -> Iterable[tuple[int, Found]]:
        from joblib import Parallel, delayed

        pool = Parallel(
            n_jobs=self.n_jobs,
            backend="loky" if self.backend == "processes" else "threading",
            return_as="generator_unordered",
        )
        found: Iterable[tuple[int, Found]] = pool(
            delayed(_numbered)(function, place, task) for place, task in enumerate(tasks)
        )
        return found

    def _gathered(self, found: Iterable[tuple[int, Found]], count: int) -> list[Found]:
        results: dict[int, Found] = {}
        for place, result in found:
            results[place] = result
            if self.progress is not None:
                self.progress(len(results), count)
        return [results[place] for place in range(count)]


def _numbered(function: Callable[[Task], Found], place: int, task: Task) -> tuple[int, Found]:
    return place, function(task)


def _on_dask(
    function: Callable[[Task], Found], tasks: Sequence[Task], address: str | None
) -> Iterator[tuple[int, Found]]:
    """Run the tasks on the cluster that is there; none is ever started."""
    client, own = _client(address)
    try:
        from distributed import as_completed

        completed: Callable[..., Any] = as_completed

        futures = [
            client.submit(_numbered, function, place, task, pure=False)
            for place, task in enumerate(tasks)
        ]
        for future in completed(futures):
            yield future.result()
    finally:
        if own:
            client.close()


def _client(address: str | None) -> tuple[Any, bool]:
    """Return a client of the running cluster, and whether it was made here."""
    try:
        import distributed
    except ImportError:
        raise ModelError(
            "The backend 'dask' needs the package distributed, which is not installed.",
            hint="Install relsurvey[dask], or leave the backend out.",
        ) from None
    cluster: Any = distributed
    where = address or os.environ.get(SCHEDULER)
    if where is None:
        try:
            return cluster.default_client(), False
        except ValueError:
            raise ModelError("No Dask cluster is running.", hint=HOW_TO_START) from None
    try:
        return cluster.Client(where, timeout=SECONDS_TO_CONNECT), True
    except (OSError, ValueError, TypeError) as problem:
        raise ModelError(
            f"No Dask cluster answers at {where!r} ({type(problem).__name__}).", hint=HOW_TO_START
        ) from None
