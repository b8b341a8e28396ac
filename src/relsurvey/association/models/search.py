"""Find the variance ratio of the largest likelihood, among all its local maxima."""

from __future__ import annotations

import numpy as np

from relsurvey.association.models.likelihood import LikelihoodSums, Profile, profile

__all__ = ["minimise"]

GRID_POINTS = 32
SMALLEST_RATIO = 1e-6  # of 1 / (largest group): below it, the deviance is that of theta = 0
MOST_STEPS = 200
STEP_TOLERANCE = 1e-12


def minimise(sums: LikelihoodSums, residual_within: float, *, reml: bool) -> tuple[Profile, bool]:
    """Find the theta of the smallest deviance among all its local minima and theta = 0.

    The likelihood of this model can have two maxima, one of them at theta = 0; so a grid of
    slopes brackets every minimum, and each is followed to the end.

    Parameters
    ----------
    sums : LikelihoodSums
        The data.
    residual_within : float
        Residual sum of squares within groups, above 0; it bounds theta.
    reml : bool
        Restricted (REML) or full maximum likelihood.

    Returns
    -------
    best : Profile
        At the one best theta (G = 1).
    converged : bool
        Whether the search ended because the step became negligible.

    References
    ----------
    Henn, L., & Hodges, J. S. (2014). Multiple local maxima in restricted likelihoods and
    posterior distributions for mixed linear models. International Statistical Review, 82(1),
    90-105.
    """
    start = profile(sums, np.zeros(1), reml=reml)
    lowest = SMALLEST_RATIO / sums.sizes.max()
    # Beyond this the log determinant of V rises faster than the residual can still fall.
    highest = max(10.0 * sums.n_rows * start.residual[0, 0] / residual_within, 1e3 * lowest)
    grid = profile(sums, np.geomspace(lowest, highest, GRID_POINTS), reml=reml)
    falls = np.concatenate([start.slope, grid.slope]) < 0
    minima = [
        _newton(sums, *_bracket(start if turn == 0 else grid, grid, turn), reml=reml)
        for turn in np.flatnonzero(falls[:-1] & ~falls[1:]).tolist()
    ]
    if not falls[0]:
        minima.append((start, True))
    if not minima:
        return profile(sums, grid.theta[-1:], reml=reml), False
    return min(minima, key=lambda found: float(found[0].deviance[0]))


def _bracket(below: Profile, grid: Profile, turn: int) -> tuple[float, float, float]:
    """Return two points between which the slope changes sign, and a guess where.

    The guess inverts the cubic that has slope and curvature of both points, in log theta.
    """
    last = max(turn - 1, 0)
    low, high = float(below.theta[last]), float(grid.theta[turn])
    if low == 0:
        return low, high, 0.5 * high
    theta = np.array([low, high])
    slope = theta * [below.slope[last], grid.slope[turn]]
    curvature = slope + theta**2 * [below.curvature[last], grid.curvature[turn]]
    if curvature.min() <= 0:
        return low, high, float(np.sqrt(low * high))
    rise = slope[1] - slope[0]
    share = -slope[0] / rise
    (u, w), (start, end) = np.log(theta), rise / curvature
    along = share * share * (3.0 - 2.0 * share)
    bend = share * (1.0 - share) * ((1.0 - share) * start - share * end)
    return low, high, float(np.clip(np.exp(u + along * (w - u) + bend), low, high))


def _newton(
    sums: LikelihoodSums, low: float, high: float, theta: float, *, reml: bool
) -> tuple[Profile, bool]:
    """Solve slope = 0 between two points where it changes sign; halve where Newton leaves them."""
    for _ in range(MOST_STEPS):
        here = profile(sums, np.array([theta]), reml=reml)
        slope, curvature = float(here.slope[0]), float(here.curvature[0])
        low, high = (theta, high) if slope < 0 else (low, theta)
        step = slope / curvature if curvature > 0 else high - low
        if min(abs(step), high - low) <= STEP_TOLERANCE * theta:
            return here, True
        theta = theta - step if low < theta - step < high else 0.5 * (low + high)
    return here, False
