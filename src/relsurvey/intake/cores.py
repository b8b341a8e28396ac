"""Do the same to several columns on all cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

__all__ = ["together"]

Given = TypeVar("Given")
Made = TypeVar("Made")


def together(work: Callable[[Given], Made], things: Iterable[Given]) -> list[Made]:
    """Return what the work makes of each thing, in their order.

    Parameters
    ----------
    work : callable
        Mostly NumPy or Arrow, which let other threads run while they compute.
    things : iterable
        What it is called with, one after the other.

    Returns
    -------
    list
        One result a thing. The first exception of the work is raised.

    Examples
    --------
    >>> together(len, ["a", "bcd"])
    [1, 3]
    """
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return list(threads.map(work, things))
