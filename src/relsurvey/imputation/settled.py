"""Whether several chains have come to tell the same."""

from __future__ import annotations

import math

from relsurvey.imputation.posterior import Floats

__all__ = ["potential_scale_reduction"]

FEWEST_ROUNDS = 4


def potential_scale_reduction(chains: Floats) -> float:
    """Return how much wider a figure spreads over all chains than within one.

    Parameters
    ----------
    chains : numpy.ndarray
        Shape (chains, rounds): the figure after each round. The first half is left out.

    Returns
    -------
    float
        About 1 where all chains tell the same; NaN for fewer than two chains or four rounds, or
        where the figure never moves.

    References
    ----------
    Gelman, A., & Rubin, D. B. (1992). Inference from iterative simulation using multiple
    sequences. Statistical Science, 7(4), 457-472, without their correction for degrees of freedom.

    Examples
    --------
    >>> import numpy as np
    >>> apart = np.array([[0.0, 1.0, 0.0, 1.0], [5.0, 6.0, 5.0, 6.0]])
    >>> round(potential_scale_reduction(apart), 2)
    5.05
    """
    n_chains, rounds = chains.shape
    if n_chains < 2 or rounds < FEWEST_ROUNDS:
        return math.nan
    later = chains[:, rounds // 2 :]
    length = later.shape[1]
    within = float(later.var(axis=1, ddof=1).mean())
    if not within > 0:
        return math.nan
    between = float(later.mean(axis=1).var(ddof=1))
    return math.sqrt((length - 1) / length + between / within)
