"""The search for the best values, from several starts."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.psychometrics.structure.admissible import admissible
from relsurvey.psychometrics.structure.estimators.protocol import Estimator
from relsurvey.psychometrics.structure.starts import start_values
from relsurvey.psychometrics.structure.vanishing import at_zero, settled_at_zero, without
from relsurvey.psychometrics.structure.walk import Found, Walk

__all__ = ["Found", "minimise"]

Array: TypeAlias = npt.NDArray[np.float64]

# Of one start. The flattest solutions that were met took 200; where the objective falls without
# end, no number is enough.
MOST_STEPS = 250
MOST_DAMPING = 1e12
FEWEST_STARTS = 2
HOPELESS = 5  # starts without any arrival
MOST_STARTS = 12
MOST_WORK = 1500  # steps over all starts, from which no new start is tried
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
        The best of all. It has not converged where a start came lower without arriving, unless
        that one was on its way to values that cannot be (a variance falling below zero without
        end) and this one is possible: no such way leads to a solution.
    """
    ends: list[Found] = []
    for theta in start_values(estimator):
        end = _descend(estimator, theta, min(MOST_STEPS, max(1, work // starts)))
        ends.append(end if end.converged else _at_boundary(estimator, end) or end)
        spent = len(ends) >= MOST_STARTS or sum(end.steps for end in ends) >= work
        if len(ends) >= starts and (spent or _agree(ends) or _hopeless(ends)):
            break
    arrived = [end for end in ends if end.converged]
    best = lowest = min(ends, key=lambda end: end.value)
    # An end without arrival counts only where it is lower than every arrival.
    if arrived:
        best = min(arrived, key=lambda end: end.value)
        if lowest.value < best.value - SAME:
            best = _instead(estimator, best, lowest)
    others = sum(end.value > best.value + SAME for end in ends)
    return replace(best, starts=len(ends), others=others)


def _instead(estimator: Estimator, arrived: Found, lower: Found) -> Found:
    """Return what counts where a start came lower than the best arrival, but did not arrive."""
    runs_away = not admissible(estimator, lower.theta)
    if runs_away and admissible(estimator, arrived.theta):
        return replace(arrived, lower=lower.value)
    return lower


def _at_boundary(estimator: Estimator, end: Found) -> Found | None:
    """Return the solution in which loadings that have become small are 0, if it is one."""
    table = estimator.table
    gone = at_zero(table, end.theta)
    if not 0 < len(gone) < table.n_free:
        return None
    smaller = estimator.with_table(without(table, gone))
    rest = _descend(smaller, np.delete(end.theta, gone), MOST_STEPS)
    if not rest.converged or not rest.value <= end.value + SAME:
        return None
    rest = replace(rest, steps=end.steps + rest.steps)
    return settled_at_zero(estimator, gone, rest)


def _agree(ends: list[Found]) -> bool:
    values = [end.value for end in ends]
    if not np.isfinite(values).all() or not all(end.converged for end in ends):
        return False
    return max(values) - min(values) <= SAME


def _hopeless(ends: list[Found]) -> bool:
    """Whether no start has arrived, all having been given as many steps as any."""
    gone = all(not end.converged and end.steps >= MOST_STEPS for end in ends)
    return gone and len(ends) >= HOPELESS


def _descend(estimator: Estimator, start: Array, most_steps: int = MOST_STEPS) -> Found:
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
