"""Means before and after of units themselves: the plain checks beside the model."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from relsurvey.association.t_test import t_test_of_one
from relsurvey.evaluation.rows import ChangeRows
from relsurvey.evaluation.waves import Codes
from relsurvey.moments.group_columns import Floats

__all__ = ["Difference", "mean_of", "paired_means", "welch"]


@dataclass(frozen=True, slots=True)
class Difference:
    """A mean, or a difference of two, with its t test; NaN where it cannot be tested.

    Attributes
    ----------
    estimate, std_error, df, statistic, p_value, conf_low, conf_high : float
        As everywhere.
    n : int
        Units.
    sd : float
        Standard deviation over units of what is averaged; NaN for a difference of two groups.
    """

    estimate: float
    std_error: float
    df: float
    statistic: float
    p_value: float
    conf_low: float
    conf_high: float
    n: int
    sd: float = math.nan


def paired_means(
    rows: ChangeRows, codes: Codes, last: int | None = None
) -> tuple[Codes, Floats, Floats]:
    """Return the units seen at the baseline and at the last wave, and their means there.

    Parameters
    ----------
    rows : ChangeRows
        The answers.
    codes : numpy.ndarray of int
        The unit of each row.
    last : int, optional
        Another wave instead of the last.

    Returns
    -------
    units : numpy.ndarray of int
        Their codes.
    before, after : numpy.ndarray
        Their means.
    """
    size = int(codes.max()) + 1
    means = []
    for wave in (rows.baseline, rows.last if last is None else last):
        here = rows.at(wave)
        counts = np.bincount(codes[here], minlength=size)
        totals = np.bincount(codes[here], weights=rows.y[here], minlength=size)
        means.append(np.where(counts > 0, totals / np.maximum(counts, 1), np.nan))
    both = np.flatnonzero(~np.isnan(means[0]) & ~np.isnan(means[1]))
    return both, means[0][both], means[1][both]


def mean_of(values: Floats, confidence: float) -> Difference:
    """Test a mean against zero: Student's t, one value a unit."""
    n = len(values)
    if n == 0:
        return _tested(math.nan, math.nan, math.nan, confidence, 0)
    sd = float(values.std(ddof=1)) if n > 1 else math.nan
    return _tested(float(values.mean()), sd / math.sqrt(n), n - 1.0, confidence, n, sd)


def welch(one: Floats, other: Floats, confidence: float) -> Difference:
    """Test the difference of two means (one less other) without taking variances as equal.

    References
    ----------
    Welch, B. L. (1947). The generalization of Student's problem when several different
    population variances are involved. Biometrika, 34(1-2), 28-35.
    """
    n = len(one) + len(other)
    if not len(one) or not len(other):
        return _tested(math.nan, math.nan, math.nan, confidence, n)
    estimate = float(one.mean() - other.mean())
    if min(len(one), len(other)) < 2:
        return _tested(estimate, math.nan, math.nan, confidence, n)
    parts = [float(group.var(ddof=1)) / len(group) for group in (one, other)]
    spread = sum(parts)
    squares = sum(
        part**2 / (len(group) - 1) for part, group in zip(parts, (one, other), strict=True)
    )
    df = spread**2 / squares if squares > 0 else math.nan
    return _tested(estimate, math.sqrt(spread), df, confidence, n)


def _tested(
    estimate: float, error: float, df: float, confidence: float, n: int, sd: float = math.nan
) -> Difference:
    # Where all units change alike there is nothing to judge chance by: NaN.
    return Difference(n=n, sd=sd, **t_test_of_one(estimate, error, df, confidence))
