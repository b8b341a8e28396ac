"""The mean and the covariance that fit incomplete rows best: the saturated normal model.

Maximum likelihood by the EM algorithm from sums by missing-data pattern, made faster by
squared extrapolation: of two EM steps, the way they bend says how far to go.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.errors import listed
from relsurvey.moments.likelihood import Likelihood, normal_likelihood
from relsurvey.moments.patterns import PatternMoments
from relsurvey.text import counted

__all__ = ["SaturatedMoments", "identification", "saturated_moments"]

Array: TypeAlias = npt.NDArray[np.float64]

# An EM step this small, in standard deviations of the items, is no step. Extrapolated EM can
# fail to get below it where rounding is all that is left, so the likelihood is asked as well.
SMALL_STEP = 1e-12
STEPS = 5_000
# A correlation matrix with an eigenvalue this small has items that follow from the others, and
# the likelihood has no maximum.
SINGULAR = 1e-8
SHARE = 0.1  # of the largest weight, from which an item counts as part of such a dependence


@dataclass(frozen=True, slots=True)
class SaturatedMoments:
    """Maximum likelihood estimates of an unrestricted normal model.

    Attributes
    ----------
    columns : tuple of str, length k
        The items.
    n : int
        Rows with at least one answer.
    mean : ndarray, shape (k,)
        NaN where the model is not identified.
    covariance : ndarray, shape (k, k)
        With n below, not n - 1; NaN likewise.
    log_likelihood : float
        Casewise, with its constants; NaN likewise.
    steps : int
        EM steps that were taken.
    converged : bool
        Whether the last EM step moved nothing.
    note : str
        Why there is no estimate, or why it should not be read; empty where all is well.
    """

    columns: tuple[str, ...]
    n: int
    mean: Array
    covariance: Array
    log_likelihood: float
    steps: int
    converged: bool
    note: str


@dataclass(frozen=True, slots=True)
class _Point:
    """A mean and a covariance of standardised items, and the likelihood there."""

    mean: Array
    covariance: Array
    likelihood: Likelihood

    @property
    def value(self) -> float:
        return self.likelihood.value


def saturated_moments(moments: PatternMoments) -> SaturatedMoments:
    """Estimate the mean and the covariance of items from incomplete rows.

    Parameters
    ----------
    moments : PatternMoments
        Of k items.

    Returns
    -------
    SaturatedMoments
        With complete rows, their mean and their covariance with divisor n.

    Notes
    -----
    Answers are missing at random where whether one is missing depends on nothing but the
    answers that were given; then these are the estimates of choice, where means and
    covariances of complete rows can be biased.

    References
    ----------
    Dempster AP, Laird NM, Rubin DB (1977). Maximum likelihood from incomplete data via the EM
    algorithm. Journal of the Royal Statistical Society B 39(1):1-38.
    Varadhan R, Roland C (2008). Simple and globally convergent methods for accelerating the
    convergence of any EM algorithm. Scandinavian Journal of Statistics 35(2):335-353.
    doi 10.1111/j.1467-9469.2007.00585.x.

    Examples
    --------
    >>> import narwhals as nw, pandas as pd
    >>> from relsurvey.moments.patterns import pattern_moments
    >>> rows = pd.DataFrame({"a": [1.0, 2, 3, 4], "b": [1.0, 3, 2, None]})
    >>> found = saturated_moments(pattern_moments(nw.from_native(rows), ["a", "b"]))
    >>> found.mean.round(4).tolist(), found.covariance.round(4).tolist()
    ([2.5, 2.25], [[1.25, 0.625], [0.625, 0.8125]])
    """
    obstacles = identification(moments)
    if obstacles:
        return _nothing(moments, "; ".join(obstacles))
    centre, variance = moments.item_moments()
    unit = np.sqrt(variance)
    point, steps, converged = _climb(_standardised(moments, centre, unit))
    if _singular(point.covariance):
        return replace(_nothing(moments, _dependence(moments, point.covariance)), steps=steps)
    note = "" if converged else f"the EM algorithm did not converge in {steps:,} steps"
    return SaturatedMoments(
        columns=moments.columns,
        n=moments.n,
        mean=centre + unit * point.mean,
        covariance=point.covariance * np.outer(unit, unit),
        log_likelihood=point.value - float(moments.answered @ np.log(unit)),
        steps=steps,
        converged=converged,
        note=note,
    )


def identification(moments: PatternMoments) -> list[str]:
    """Say what keeps a mean or a covariance from being estimated at all.

    Parameters
    ----------
    moments : PatternMoments
        Of k items.

    Returns
    -------
    list of str
        No entry where everything can be estimated.
    """
    if not moments.n:
        return ["no row has an answer"]
    names, answered = moments.columns, moments.answered
    few = [
        f"{name} ({counted(int(count), 'answer')})"
        for name, count in zip(names, answered, strict=True)
        if count < 2
    ]
    if few:
        return [f"two answers or more are needed of {listed(few)}"]
    obstacles = []
    _, variance = moments.item_moments()
    constant = [name for name, spread in zip(names, variance, strict=True) if not spread > 0]
    if constant:
        verb = "does" if len(constant) == 1 else "do"
        obstacles.append(f"{listed(constant)} {verb} not vary")
    apart = [
        f"{names[i]} and {names[j]}" for i, j in np.argwhere(np.triu(moments.pair_n == 0)).tolist()
    ]
    if apart:
        obstacles.append(f"no row answers both {listed(apart, most=4)}")
    return obstacles


def _dependence(moments: PatternMoments, covariance: Array) -> str:
    """Say which items follow from each other, where the estimates have come so far."""
    among = list(moments.columns)
    if not np.isfinite(covariance).all():
        covariance = _of_whole_rows(moments)
    if np.isfinite(covariance).all():
        weights = np.abs(np.linalg.eigh(covariance)[1][:, 0])
        among = [among[place] for place in np.flatnonzero(weights > SHARE * weights.max())]
    return (
        f"the covariance matrix is not positive definite: {listed(among, most=6)} follow from "
        "each other, or there are too few rows for so many items"
    )


def _of_whole_rows(moments: PatternMoments) -> Array:
    """Return the correlations of the rows with every answer; NaN where they are too few."""
    k = len(moments.columns)
    if not moments.observed[0].all() or moments.counts[0] <= k:
        return np.full((k, k), np.nan)
    unit = np.sqrt(np.diag(moments.covariance[0]))
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Array = moments.covariance[0] / np.outer(unit, unit)
    return found


def _nothing(moments: PatternMoments, note: str) -> SaturatedMoments:
    k = len(moments.columns)
    return SaturatedMoments(
        columns=moments.columns,
        n=moments.n,
        mean=np.full(k, np.nan),
        covariance=np.full((k, k), np.nan),
        log_likelihood=math.nan,
        steps=0,
        converged=False,
        note=note,
    )


def _standardised(moments: PatternMoments, centre: Array, unit: Array) -> PatternMoments:
    """Return the sums of items with mean 0 and variance 1, so that steps have one scale."""
    return replace(
        moments,
        mean=(moments.mean - centre) / unit,
        covariance=moments.covariance / np.outer(unit, unit),
    )


def _climb(moments: PatternMoments) -> tuple[_Point, int, bool]:
    k = len(moments.columns)
    point = _at(moments, np.zeros(k), np.eye(k))
    best, steps = math.inf, 0
    while steps < STEPS:
        one = _em(moments, point)
        two = _em(moments, one)
        steps += 2
        moved = _size(one, point)
        if moved < SMALL_STEP or (moved < 100 * SMALL_STEP and moved >= best):
            return two, steps, True
        if _singular(two.covariance):
            return two, steps, False
        best = min(best, moved)
        point = _extrapolated(moments, point, one, two)
    return point, steps, False


def _at(moments: PatternMoments, mean: Array, covariance: Array) -> _Point:
    return _Point(mean, covariance, normal_likelihood(moments, mean, covariance))


def _em(moments: PatternMoments, point: _Point) -> _Point:
    """Take one EM step, which is the slope of the likelihood seen through the covariance."""
    covariance, slope = point.covariance, point.likelihood
    shift = covariance @ slope.for_mean / moments.n
    grown = covariance + 2 * covariance @ slope.for_covariance @ covariance / moments.n
    grown -= np.outer(shift, shift)
    return _at(moments, point.mean + shift, (grown + grown.T) / 2)


def _extrapolated(moments: PatternMoments, start: _Point, one: _Point, two: _Point) -> _Point:
    """Go on in the direction of two steps; if that is not uphill, be content with the two."""
    step, bend = [], []
    for a, b, c in (
        (start.mean, one.mean, two.mean),
        (start.covariance, one.covariance, two.covariance),
    ):
        step.append(b - a)
        bend.append(c - 2 * b + a)
    turned = math.sqrt(sum(float((part**2).sum()) for part in bend))
    length = math.sqrt(sum(float((part**2).sum()) for part in step))
    if not turned > 0 or not length > turned:
        return two
    far = length / turned
    mean, covariance = (
        a + 2 * far * s + far**2 * b
        for a, s, b in zip((start.mean, start.covariance), step, bend, strict=True)
    )
    jump = _at(moments, mean, covariance)
    return jump if jump.value >= two.value else two


def _size(new: _Point, old: _Point) -> float:
    mean, covariance = np.abs(new.mean - old.mean), np.abs(new.covariance - old.covariance)
    return float(max(mean.max(), covariance.max()))


def _singular(covariance: Array) -> bool:
    if not np.isfinite(covariance).all():
        return True
    deviations = np.sqrt(np.maximum(np.diag(covariance), np.finfo(float).tiny))
    smallest = np.linalg.eigvalsh(covariance / np.outer(deviations, deviations))[0]
    return bool(not smallest > SINGULAR)
