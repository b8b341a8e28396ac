"""Power of the test of a worker-level slope where workers are nested in teams.

The slope is estimated twice, within teams and between the means of teams, and the model's
estimate is the mean of the two, each weighted by its precision. With equal numbers the two and
their residual mean squares are independent, so the power is an integral over the two spreads
of worker scores and the two mean squares. The test is the one of Kenward and Roger: the variance
of a mean weighted by estimated precisions is larger than it looks, and its degrees of freedom
lie between those of the two parts; for two independent parts this is Meier's result.

A worker score with error is a worse measure of the worker than of the team, whose mean it is
averaged over; so the two slopes differ, and each enters with its own attenuation.

References
----------
Meier, P. (1953). Variance of a weighted mean. Biometrics, 9(1), 59-73, equations 8 and 12.
Kenward, M. G., & Roger, J. H. (1997). Small sample inference for fixed effects from restricted
maximum likelihood. Biometrics, 53(3), 983-997.
Konstantopoulos, S. (2008). The power of the test for treatment effects in three-level cluster
randomized designs. Journal of Research on Educational Effectiveness, 1(1), 66-88.
Snijders, T. A. B., & Bosker, R. J. (2012). Multilevel analysis (2nd ed.), ch. 11. Sage.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, stdtrit

from relsurvey.planning.power.formula_two_levels import chi_squared_nodes

__all__ = ["Stratum", "three_level_power"]

Floats = npt.NDArray[np.float64]

SPREAD_POINTS = 5
MEAN_SQUARE_POINTS = 18


@dataclass(frozen=True, slots=True)
class Stratum:
    """One of the two places where the slope can be seen: within teams, or between them.

    Attributes
    ----------
    slope : float
        What the regression of this part has as its slope.
    spread : float
        Variance of the observed worker score in this part.
    residual : float
        Variance of the outcome about the regression in this part.
    df : float
        Degrees of freedom of the part, the slope not yet taken off.
    """

    slope: float
    spread: float
    residual: float
    df: float

    @property
    def information(self) -> float:
        """Expected information on the slope."""
        return self.df * self.spread / self.residual


def three_level_power(
    inside: Stratum, teams: Stratum, *, floor: float, alpha: float = 0.05
) -> float:
    """Return the power of the test of a worker-level slope, teams being a level.

    Parameters
    ----------
    inside, teams : Stratum
        Within teams, per worker; between teams, in the same units: the residual variance of a
        team mean and the variance of its scores, both times the number of its workers.
    floor : float
        What a worker's residual variance is where workers do not differ.
    alpha : float
        Level of the two-sided test.

    Returns
    -------
    float
        The probability of p < alpha; 0 where a part has no degrees of freedom.

    Examples
    --------
    >>> inside = Stratum(slope=0.2, spread=0.8, residual=0.12, df=30)
    >>> teams = Stratum(slope=0.2, spread=1.6, residual=0.2, df=9)
    >>> round(three_level_power(inside, teams, floor=0.1), 2)
    0.85
    """
    total = inside.information + teams.information
    shares = inside.information / total, teams.information / total
    # What the restricted likelihood knows of each variance, the slope being shared (Kenward &
    # Roger's expected information, its off-diagonal left out).
    dfs = (
        inside.df - 2.0 * shares[0] + shares[0] ** 2,
        teams.df - 2.0 * shares[1] + shares[1] ** 2,
    )
    if min(dfs) <= 0.5:
        return 0.0
    s1, on_s1 = chi_squared_nodes(inside.df, SPREAD_POINTS)
    s2, on_s2 = chi_squared_nodes(teams.df, SPREAD_POINTS)
    q1, on_q1 = chi_squared_nodes(dfs[0], MEAN_SQUARE_POINTS)
    q2, on_q2 = chi_squared_nodes(dfs[1], MEAN_SQUARE_POINTS)
    spreads = (inside.spread * s1)[:, None, None, None], (teams.spread * s2)[:, None, None]
    squares = (inside.residual * q1 / dfs[0])[:, None], teams.residual * q2 / dfs[1]
    rejected = _rejected(inside, teams, spreads, _estimated(squares, dfs, floor), dfs, alpha)
    return float(np.einsum("abcd,a,b,c,d->", rejected, on_s1, on_s2, on_q1, on_q2))


def _estimated(
    squares: tuple[Floats, Floats], dfs: tuple[float, float], floor: float
) -> tuple[Floats, Floats]:
    """Return the variances as estimated: none smaller than that of the level below it."""
    low, high = np.broadcast_arrays(*squares)
    pooled = (dfs[0] * low + dfs[1] * high) / sum(dfs)
    below = high < low
    return (
        np.maximum(np.where(below, pooled, low), floor),
        np.maximum(np.where(below, pooled, high), floor),
    )


def _rejected(
    inside: Stratum,
    teams: Stratum,
    spreads: tuple[Floats, Floats],
    estimated: tuple[Floats, Floats],
    dfs: tuple[float, float],
    alpha: float,
) -> Floats:
    """Return the chance of a significant slope at every point of the integral."""
    precisions = spreads[0] / estimated[0], spreads[1] / estimated[1]
    total = precisions[0] + precisions[1]
    first, second = precisions[0] / total, precisions[1] / total
    # Meier's equations 8 and 12: the estimated variance, and its degrees of freedom.
    larger = 1.0 + 4.0 * first * second * (1.0 / dfs[0] + 1.0 / dfs[1])
    error = np.sqrt(larger / total)
    df = 1.0 / (first**2 / dfs[0] + second**2 / dfs[1])
    truth = np.sqrt(
        first**2 * inside.residual / spreads[0] + second**2 * teams.residual / spreads[1]
    )
    centre = (first * inside.slope + second * teams.slope) / truth
    limit = stdtrit(df, 1.0 - alpha / 2.0) * error / truth
    return np.asarray(ndtr(centre - limit) + ndtr(-centre - limit), dtype=np.float64)
