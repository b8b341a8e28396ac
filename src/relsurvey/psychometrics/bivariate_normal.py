"""The bivariate normal distribution, for whole arrays of limits and correlations at once."""

from __future__ import annotations

import math
from functools import cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

__all__ = ["binormal_cdf", "binormal_pdf"]

Array: TypeAlias = npt.NDArray[np.float64]

# The integral over the correlation is smooth enough for so many Gauss points up to so large a
# correlation; above the last, the form that expands around a correlation of one is used.
POINTS = ((0.3, 6), (0.75, 12), (0.925, 20))
STEEP = POINTS[-1][0]
STEEP_POINTS = 20
TWO_PI = 2 * math.pi


def binormal_cdf(x: npt.ArrayLike, y: npt.ArrayLike, rho: npt.ArrayLike) -> Array:
    """Return the probability that two correlated standard normal variables stay below x and y.

    Parameters
    ----------
    x, y : array_like
        Upper limits, standard scale; they may be infinite.
    rho : array_like
        Correlations from -1 to 1. The three are broadcast against each other.

    Returns
    -------
    ndarray
        Of the common shape; NaN where an argument is NaN. The absolute error is of the order
        of 1e-15, for correlations near and at -1 and 1 too.

    References
    ----------
    Drezner Z, Wesolowsky GO (1990). On the computation of the bivariate normal integral.
    Journal of Statistical Computation and Simulation 35:101-107. doi 10.1080/00949659008811236.
    Genz A (2004). Numerical computation of rectangular bivariate and trivariate normal and t
    probabilities. Statistics and Computing 14:251-260. doi 10.1023/B:STCO.0000035304.20635.31.

    Examples
    --------
    >>> round(float(binormal_cdf(0.0, 0.0, 0.5)), 10)  # 1/4 + arcsin(1/2) / 2 pi
    0.3333333333
    """
    h, k, r = np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in (x, y, rho)))
    shape = h.shape
    h, k, r = h.ravel(), k.ravel(), r.ravel()
    # An end at infinity leaves one variable, or nothing; NaN stays NaN.
    probability = np.where(np.isfinite(r), ndtr(np.minimum(h, k)), np.nan)
    probability = np.where(np.isneginf(h) | np.isneginf(k), 0.0, probability)
    finite = np.isfinite(h) & np.isfinite(k)
    size = np.abs(r)
    below = 0.0
    for most, points in POINTS:
        chosen = finite & (size >= below) & (size < most)
        if chosen.any():
            probability[chosen] = _moderate(h[chosen], k[chosen], r[chosen], points)
        below = most
    steep = finite & (size >= STEEP)
    if steep.any():
        probability[steep] = _steep(h[steep], k[steep], r[steep])
    probability[np.isnan(h) | np.isnan(k)] = np.nan
    clipped: Array = np.clip(probability, 0.0, 1.0).reshape(shape)
    return clipped


def binormal_pdf(x: npt.ArrayLike, y: npt.ArrayLike, rho: npt.ArrayLike) -> Array:
    """Return the density of two correlated standard normal variables; 0 at infinite x or y.

    It is also the derivative of ``binormal_cdf`` with respect to the correlation.

    Parameters
    ----------
    x, y : array_like
        Where.
    rho : array_like
        Correlations between -1 and 1, both excluded.

    Returns
    -------
    ndarray
        Of the common shape.

    References
    ----------
    Plackett RL (1954). A reduction formula for normal multivariate integrals. Biometrika
    41:351-360. doi 10.1093/biomet/41.3-4.351 (the derivative).

    Examples
    --------
    >>> round(float(binormal_pdf(0.0, 0.0, 0.0)) * 2 * math.pi, 10)
    1.0
    """
    h, k, r = (np.asarray(value, dtype=np.float64) for value in (x, y, rho))
    there = np.isfinite(h) & np.isfinite(k)
    h, k = np.where(there, h, 0.0), np.where(there, k, 0.0)
    rest = (1 - r) * (1 + r)
    exponent = -(((h - k) ** 2 + 2 * (1 - r) * h * k) / (2 * rest))
    density: Array = np.where(there, np.exp(exponent) / (TWO_PI * np.sqrt(rest)), 0.0)
    return density


@cache
def _gauss(points: int) -> tuple[Array, Array]:
    """Return the nodes between 0 and 1, and the weights, which sum to one."""
    nodes, weights = np.polynomial.legendre.leggauss(points)
    halved = (nodes + 1) / 2, weights / 2
    for kept in halved:
        kept.flags.writeable = False  # every later call gets these very arrays
    return halved


def _moderate(h: Array, k: Array, r: Array, points: int) -> Array:
    """Integrate the density over the correlation, as an angle, from independence on."""
    nodes, weights = _gauss(points)
    angle = np.arcsin(r)
    sine = np.sin(angle[:, None] * nodes)
    product, squares = (h * k)[:, None], ((h * h + k * k) / 2)[:, None]
    density = np.exp((sine * product - squares) / ((1 - sine) * (1 + sine)))
    total: Array = ndtr(h) * ndtr(k) + angle / TWO_PI * (density @ weights)
    return total


def _steep(h: Array, k: Array, r: Array) -> Array:
    """Start from a correlation of one (or minus one) and take off what is missing from it.

    With a negative correlation the second variable is mirrored: P(X<h, Y<k) is then P(X<h)
    less P(X<h, -Y<-k).
    """
    negative = r < 0
    k_turned = np.where(negative, -k, k)
    at_one = ndtr(np.minimum(h, k_turned))
    positive = at_one - _missing(h, k_turned, np.abs(r))
    turned: Array = np.where(negative, ndtr(h) - positive, positive)
    # Differences of nearly equal probabilities: the bound of Frechet keeps them in order.
    lowest = np.maximum(0.0, ndtr(h) - ndtr(-k))
    return np.where(negative, np.maximum(turned, lowest), turned)


def _missing(h: Array, k: Array, r: Array) -> Array:
    """Return the integral of the density from a correlation of r up to one.

    In terms of the root of 1 - rho squared the density is exp(-b / (2 x squared)) times a
    smooth function. Its expansion up to the fourth power of x is integrated exactly, and only
    what is left of it by Gauss points.
    """
    nodes, weights = _gauss(STEEP_POINTS)
    rest = (1 - r) * (1 + r)
    a = np.sqrt(rest)
    gap, product = (h - k) ** 2, h * k
    c, d = (4 - product) / 8, (12 - product) / 16
    x = np.square(a[:, None] * nodes)  # 1 - rho squared at the nodes
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        tail = np.where(a > 0, np.exp(-(gap / rest + product) / 2), 0.0)
        series = a * tail * (1 - c * (gap - rest) * (1 - d * gap / 5) / 3 + c * d * rest**2 / 5)
        b = np.sqrt(gap)
        far = np.where(a > 0, ndtr(-b / a), 0.0)
        left = math.sqrt(TWO_PI) * far * b * (1 - c * gap * (1 - d * gap / 5) / 3)
        series -= np.where(far > 0, np.exp(-product / 2) * left, 0.0)
        root = np.sqrt(1 - x)
        weight = np.exp(-(gap[:, None] / x + product[:, None]) / 2)
        exact = np.exp(-product[:, None] * (1 - root) / (2 * (1 + root))) / root
        shape = exact - (1 + c[:, None] * x * (1 + d[:, None] * x))
        rough = np.where(weight > 0, weight * shape, 0.0) @ weights * a
    total: Array = (series + np.where(a > 0, rough, 0.0)) / TWO_PI
    return total
