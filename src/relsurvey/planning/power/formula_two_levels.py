"""Power of the test of a worker-level slope in a random-intercept model, without simulation.

With the same number n of service users for every worker, all that the restricted likelihood
sees of normal data is three independent numbers: the sum of squares of the worker score left
after the covariates, the residual sum of squares of the worker means, and that within workers,
each a chi-squared times its variance. The estimate of the variance between workers is above
zero where the mean square between exceeds the one within; then the test is Student's t on the
worker means, and Satterthwaite's degrees of freedom are their residual ones. Otherwise the
estimate is zero, both sums of squares are pooled, and the test is that of ordinary regression
on all service users. So the power is an integral over the three, done here by quadrature: with
equal numbers it is exact, the chance of a zero variance and the chance of an unlucky spread of
worker scores included.

Unequal numbers enter through the information that a worker is expected to give.

References
----------
Snijders, T. A. B., & Bosker, R. J. (2012). Multilevel analysis (2nd ed.), ch. 11. Sage.
Raudenbush, S. W. (1997). Statistical analysis and optimal design for cluster randomized
trials. Psychological Methods, 2(2), 173-185.
Moerbeek, M., & Teerenstra, S. (2016). Power analysis of trials with multilevel data. CRC Press.
Gatsonis, C., & Sampson, A. R. (1989). Multiple correlation: exact power and sample size
calculations. Psychological Bulletin, 106(3), 516-524 (the predictor drawn, not fixed).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import chdtr, gammaincinv, ndtr, stdtrit

from relsurvey.planning.power.sizes import Sizes

__all__ = ["chi_squared_nodes", "two_level_power"]

Floats = npt.NDArray[np.float64]

SCORE_POINTS = 12
BETWEEN_POINTS = 40
WITHIN_POINTS = 6
NEVER = 1e-12
MOST_SMOOTH = 12
FURTHEST_SCORE = 5.5  # beyond it lie 4 in a hundred million


@lru_cache
def legendre(points: int) -> tuple[Floats, Floats]:
    """Return nodes and weights of Gauss and Legendre on -1 to 1."""
    return _real(np.polynomial.legendre.leggauss(points))


def _real(arrays: tuple[Any, Any]) -> tuple[Floats, Floats]:
    return np.asarray(arrays[0], dtype=np.float64), np.asarray(arrays[1], dtype=np.float64)


def chi_squared_nodes(df: float, points: int) -> tuple[Floats, Floats]:
    """Return quantiles of a chi-squared, and weights that sum to 1.

    Parameters
    ----------
    df : float
        Degrees of freedom, above 0.
    points : int
        How many: up to 12, nodes of Gauss and Hermite of the normal scores of the quantiles, for
        what is smooth; more of them are those of Gauss and Legendre, which bear a bend.

    Returns
    -------
    quantiles, weights : numpy.ndarray
        Each of shape (points,): the expectation of f is the sum of weights times f(quantiles).

    Examples
    --------
    >>> quantiles, weights = chi_squared_nodes(9.0, 24)
    >>> float(round(weights @ quantiles, 3)), float(round(weights @ quantiles**2, 2))
    (9.0, 99.0)
    """
    scores, weights = _normal_nodes(points)
    quantiles = np.asarray(2.0 * gammaincinv(df / 2.0, ndtr(scores)), dtype=np.float64)
    return quantiles, weights / weights.sum()


@lru_cache
def _normal_nodes(points: int) -> tuple[Floats, Floats]:
    if points <= MOST_SMOOTH:
        return _real(np.polynomial.hermite_e.hermegauss(points))
    nodes, steps = legendre(points)
    scores = FURTHEST_SCORE * nodes
    return _real((scores, steps * np.exp(-0.5 * scores**2)))


def two_level_power(
    slope: float,
    *,
    between: float,
    within: float,
    n_workers: int,
    sizes: Sizes,
    n_between: int = 0,
    n_within: int = 0,
    alpha: float = 0.05,
) -> float:
    """Return the power of the test of a worker-level slope.

    Parameters
    ----------
    slope : float
        Of the outcome, per standard deviation of the observed worker score.
    between, within : float
        Variances that are left between workers and within them; ``within`` above 0.
    n_workers : int
        Workers with at least one service user.
    sizes : Sizes
        Service users of a worker, from 1.
    n_between, n_within : int
        Covariates at each level; they go with nothing but the outcome.
    alpha : float
        Level of the two-sided test.

    Returns
    -------
    float
        The probability of p < alpha; 0 where there are no degrees of freedom left.

    Examples
    --------
    With one service user each, the test is that of a correlation:

    >>> from relsurvey.planning.power.sizes import user_sizes
    >>> one = user_sizes(1.0)
    >>> round(two_level_power(0.3, between=0.0, within=0.91, n_workers=84, sizes=one), 3)
    0.8
    """
    left = n_workers - 2 - n_between
    if left < 1:
        return 0.0
    # What each worker tells of the slope, were the variances known (Moerbeek & Teerenstra, ch. 3).
    weights = 1.0 / (between + within / sizes.values)
    first, second = (float(sizes.chances @ weights**k) for k in (1, 2))
    df, df_within = left * first**2 / second, n_workers * (sizes.mean - 1.0) - n_within
    spread, of_spread = _information(sizes, weights, n_workers, n_between)
    mean_square, of_mean_square = chi_squared_nodes(df, BETWEEN_POINTS)
    shift = np.abs(slope) * np.sqrt(spread)
    critical = stdtrit(df, 1.0 - alpha / 2.0)
    regular = _rejected(shift, critical * np.sqrt(mean_square / df))
    if df_within < 1:
        return float(of_spread @ regular @ of_mean_square)
    ratio = (1.0 / first) / (1.0 / first - between)  # of the variances of a mean, times users
    # The variance is estimated as above zero where the mean square within is the smaller one.
    chance: Floats = np.asarray(chdtr(df_within, df_within * mean_square / df * ratio))
    spread, true_variance = _pooled_information(sizes, weights, n_workers, n_between)
    pooled = _pooled_power(
        np.abs(slope) * np.sqrt(spread), mean_square, chance, (df, df_within), ratio, alpha,
        true_variance / within,
    )  # fmt: skip
    return float(of_spread @ (chance * regular + pooled) @ of_mean_square)


def _information(
    sizes: Sizes, weights: Floats, n_workers: int, n_between: int
) -> tuple[Floats, Floats]:
    """Return quantiles of the weighted sum of squares of the worker score, and their weights.

    A quadratic form in normals: a chi-squared of the same mean and variance stands for it. The
    numbers of service users are drawn too, which adds to its variance.
    """
    first, second, third = (float(sizes.chances @ weights**k) for k in (1, 2, 3))
    count = n_workers - n_between
    trace = count * first - second / first
    of_square = count * second - 2.0 * third / first + (second / first) ** 2
    drawn = n_workers * (second - first**2)
    df = 2.0 * trace**2 / (2.0 * of_square + drawn)
    quantiles, chances = chi_squared_nodes(df, SCORE_POINTS)
    return trace / df * quantiles, chances


def _pooled_information(
    sizes: Sizes, weights: Floats, n_workers: int, n_between: int
) -> tuple[Floats, float]:
    """Return what is known of the slope where the variance between workers is taken as zero.

    Every service user then counts the same, which is not the best weighting. Returned are the
    quantiles of the information that is left, and by how much the variance of the slope is more
    than one over the sum of squares.
    """
    mean = sizes.mean
    claimed, _ = _information(sizes, sizes.values, n_workers, n_between)
    true_over_claimed = float(sizes.chances @ (sizes.values**2 / weights)) / mean
    return claimed / true_over_claimed, true_over_claimed


def _rejected(shift: Floats, limit: Floats) -> Floats:
    """Return the chance of a significant slope for shifts (S,) and limits (B,), shape (S, B)."""
    return np.asarray(
        ndtr(shift[:, None] - limit) + ndtr(-shift[:, None] - limit), dtype=np.float64
    )


def _pooled_power(
    shift: Floats,
    mean_square: Floats,
    chance: Floats,
    dfs: tuple[float, float],
    ratio: float,
    alpha: float,
    true_variance: float,
) -> Floats:
    """Return the chance of a zero variance and a significant slope, shape (S, B)."""
    df, df_within = dfs
    critical = stdtrit(df + df_within, 1.0 - alpha / 2.0)
    found = np.zeros((len(shift), len(mean_square)))
    if chance.min() > 1.0 - NEVER:
        return found
    nodes, weights = legendre(WITHIN_POINTS)
    for node, weight in zip(0.5 + 0.5 * nodes, 0.5 * weights, strict=True):
        place = chance + node * (1.0 - chance)
        square_within = 2.0 * gammaincinv(df_within / 2.0, np.minimum(place, 1.0 - 1e-15))
        pooled = (ratio * mean_square + square_within) / (df + df_within)
        limit = critical * np.sqrt(pooled / true_variance)
        found += weight * (1.0 - chance) * _rejected(shift, limit)
    return found
