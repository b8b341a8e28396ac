"""What somebody can work out: bounds of a count from everything that is known of its sums.

Each cell that is shown, each margin and each rounded number says that a sum of counts lies
between two numbers. The smallest and the largest value that a hidden count can then have are
found by an integer program, so that no way of adding and subtracting is forgotten.

References
----------
Fischetti M, Salazar JJ (2000). Models and algorithms for optimizing cell suppression in tabular
data with linear constraints. Journal of the American Statistical Association 95:916-928.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Known", "bounds", "covers"]

INFEASIBLE = 2  # SciPy's status


@dataclass(frozen=True)
class Known:
    """Something readers know: a sum of counts lies between two numbers.

    Attributes
    ----------
    parts : tuple of int
        Positions of the counts that are added.
    least, most : float
        Between what their sum lies; ``inf`` for no upper end.
    """

    parts: tuple[int, ...]
    least: float
    most: float


def bounds(n: int, known: Sequence[Known], parts: Sequence[int]) -> tuple[float, float]:
    """Return the smallest and the largest value that a sum of hidden counts can have.

    Parameters
    ----------
    n : int
        How many counts there are; none is below zero.
    known : sequence of Known
        All that readers know.
    parts : sequence of int
        Positions of the counts whose sum is asked for.

    Returns
    -------
    tuple of float
        Both ends; NaN where no whole numbers fit what is known, which no true table does.

    Examples
    --------
    Of three counts with a sum of 20, one is shown:

    >>> bounds(3, [Known((0, 1, 2), 20, 20), Known((2,), 14, 14)], [0])
    (0.0, 6.0)
    """
    # SciPy's optimisers take their time to load, and most reports need none.
    from scipy.optimize import LinearConstraint, milp

    wanted = _indicator(n, parts)
    rows = np.array([_indicator(n, one.parts) for one in known])
    limits = (
        LinearConstraint(rows, [one.least for one in known], [one.most for one in known])
        if known
        else ()
    )
    ends = []
    for sign in (1.0, -1.0):
        found = milp(sign * wanted, integrality=np.ones(n, dtype=np.int64), constraints=limits)
        if found.x is not None:
            ends.append(float(round(sign * found.fun)))
        else:  # nothing fits, or there is no upper end
            ends.append(np.nan if found.status == INFEASIBLE else np.inf)
    return ends[0], ends[1]


def covers(found: tuple[float, float], least: int, most: int) -> bool:
    """Say whether a count that is bounded like this can still be anything it must be able to be.

    Examples
    --------
    >>> covers((0, 12), 1, 9), covers((1, 5), 1, 9)
    (True, False)
    """
    return found[0] <= least and found[1] >= most


def _indicator(n: int, parts: Sequence[int]) -> NDArray[np.float64]:
    row = np.zeros(n)
    row[list(parts)] = 1.0
    return row
