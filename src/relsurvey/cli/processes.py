"""How a command that works for long shares the machine's cores."""

from __future__ import annotations

import os

__all__ = ["usual_jobs"]

_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def usual_jobs() -> int:
    """Return how many processes to use: two, or one where there is one core.

    Numerical libraries get one thread in each of them, unless the user has said how many: more
    would only wait for each other, and sums are then made in the same order on every machine.
    They read this when they are loaded, so it is called before they are.
    """
    for name in _THREADS:
        os.environ.setdefault(name, "1")
    return 2 if (os.cpu_count() or 1) > 1 else 1
