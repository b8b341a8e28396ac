"""The search for the best values, from several starts."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.psychometrics.structure.estimators.protocol import Estimator
from relsurvey.psychometrics.structure.starts import start_values
from relsurvey.psychometrics.structure.walk import Found, Walk

__all__ = ["Found", "minimise"]

Array: TypeAlias = npt.NDArray[np.float64]

MOST_STEPS = 400
MOST_DAMPING = 1e12
FEWEST_STARTS = 2
MOST_STARTS = 12
MOST_WORK = 2000  # steps over all starts, from which no new start is tried
SAME = 1e-4  # of the objective, in which two starts have found the same


def minimise(estimator: Estimator, *, starts: int = FEWEST_STARTS, work: int = MOST_WORK) -> Found:
    """Find the values of the parameters at which the objective is smallest.

    Parameters
    ----------
    estimator : Estimator
        What is minimised, and the moments to start from.
    starts : int
        Starts that are tried in any case. Where they do not agree, up to twelve are.
    work : int
        Steps over all starts, from which no new start is tried. Less of it gives up sooner where
        nothing is found.

    Returns
    -------
    Found
        The best of all. It has not converged where any start came lower without arriving.
    """
    ends: list[Found] = []
    for theta in start_values(estimator):
        ends.append(_descend(estimator, theta, min(MOST_STEPS, max(1, work // starts))))
        spent = len(ends) >= MOST_STARTS or sum(end.steps for end in ends) >= work
        if len(ends) >= starts and (spent or _agree(ends)):
            break
    arrived = [end for end in ends if end.converged]
    best = lowest = min(ends, key=lambda end: end.value)
    # An end without arrival counts only where it is lower than every arrival.
    if arrived:
        best = min(arrived, key=lambda end: end.value)
        best = lowest if lowest.value < best.value - SAME else best
    others = sum(end.value > best.value + SAME for end in ends)
    return replace(best, starts=len(ends), others=others)


def _agree(ends: list[Found]) -> bool:
    values = [end.value for end in ends]
    if not np.isfinite(values).all() or not all(end.converged for end in ends):
        return False
    return max(values) - min(values) <= SAME


def _descend(estimator: Estimator, start: Array, most_steps: int) -> Found:
    walk = Walk(estimator, start)
    reason = "no start gave a possible covariance matrix"
    while math.isfinite(walk.point.value):
        reason = "the search did not settle"
        last = walk.last_step()
        if last is not None:
            return walk.arrive(last)
        if walk.steps >= most_steps or walk.damping > MOST_DAMPING:
            break
        walk.advance()
    return walk.end(reason)
