"""Intraclass correlations of groups of unequal size, from sums per group."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import fdtrc, fdtri

from relsurvey.moments.groups import GroupSums

__all__ = ["Estimate", "OneWay", "one_way", "stepped_up"]

NAN = math.nan


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate with its limits; NaN where it has none.

    Attributes
    ----------
    value, low, high : float
        The estimate and its confidence limits.
    """

    value: float
    low: float = NAN
    high: float = NAN


@dataclass(frozen=True, slots=True)
class OneWay:
    """The one-way random-effects analysis of variance; J groups, N rows.

    Attributes
    ----------
    n_rows, n_groups : int
        N and J.
    mean_size : float
        N / J.
    n0 : float
        The size that stands for unequal groups: (N - sum n_j^2 / N) / (J - 1); NaN for one group.
    balanced : bool
        Whether all groups have the same size.
    ms_between, ms_within : float
        Mean squares, in squared units of the outcome; NaN where there are no degrees of freedom.
    f_statistic, p_value : float
        Test that groups do not differ; exact under normality, whatever the sizes.
    smith_error : float
        Standard error of the ICC(1) with n0 after Smith (1957).
    obstacle : str
        Why there is no ICC at all; empty where there is one.
    """

    n_rows: int
    n_groups: int
    mean_size: float
    n0: float
    balanced: bool
    ms_between: float
    ms_within: float
    f_statistic: float
    p_value: float
    smith_error: float
    obstacle: str

    @property
    def df_between(self) -> int:
        """Degrees of freedom between groups."""
        return self.n_groups - 1

    @property
    def df_within(self) -> int:
        """Degrees of freedom within groups."""
        return self.n_rows - self.n_groups

    @property
    def test(self) -> dict[str, float]:
        """The F test and what it is made of, by name."""
        return {
            "f_statistic": self.f_statistic,
            "df_between": float(self.df_between),
            "df_within": float(self.df_within),
            "p_value": self.p_value,
            "ms_between": self.ms_between,
            "ms_within": self.ms_within,
            "smith_std_error": self.smith_error,
        }

    def icc1(self, size: float, confidence: float) -> Estimate:
        """Return ICC(1) = (MSB - MSW) / (MSB + (size - 1) MSW) with its limits.

        Parameters
        ----------
        size : float
            ``mean_size`` or ``n0``.
        confidence : float
            Coverage of the limits. They turn those of F (Searle 1971, ch. 9), exact where groups
            are of one size, and an approximation otherwise (Donner 1986).
        """
        if self.obstacle:
            return Estimate(NAN)
        low, high = (_ratio(f, size) for f in self._f_limits(confidence))
        return Estimate(_ratio(self.f_statistic, size), low, high)

    def icc2(self, confidence: float) -> Estimate:
        """Return ICC(2) = (MSB - MSW) / MSB with its limits; see ``icc1``."""
        if self.obstacle or self.ms_between == 0:
            return Estimate(NAN)
        low, high = (1.0 - 1.0 / f if f > 0 else NAN for f in self._f_limits(confidence))
        return Estimate(1.0 - 1.0 / self.f_statistic, low, high)

    def _f_limits(self, confidence: float) -> tuple[float, float]:
        if math.isinf(self.f_statistic):
            return NAN, NAN
        tail = (1.0 - confidence) / 2.0
        upper, lower = (
            float(fdtri(self.df_between, self.df_within, p)) for p in (1.0 - tail, tail)
        )
        return self.f_statistic / upper, self.f_statistic / lower


def _ratio(f: float, size: float) -> float:
    return 1.0 if math.isinf(f) else (f - 1.0) / (f + size - 1.0)


def stepped_up(one: Estimate, size: float) -> Estimate:
    """Return an ICC(1) as the reliability of the mean of ``size`` rows, limits alike.

    A negative ICC is kept negative; NaN where it is so low that the formula has no meaning.
    """
    return Estimate(*(_stepped(value, size) for value in (one.value, one.low, one.high)))


def _stepped(icc: float, size: float) -> float:
    below = 1.0 + (size - 1.0) * icc
    return size * icc / below if below > 0 else NAN


def one_way(sums: GroupSums, outcome: str) -> OneWay:
    """Analyse the variance of an outcome between and within groups.

    Parameters
    ----------
    sums : GroupSums
        With the outcome among its columns.
    outcome : str
        The outcome.

    Returns
    -------
    OneWay
        Mean squares and the F test; where there is no ICC, ``obstacle`` says why.

    References
    ----------
    Bliese PD (2000). In Klein & Kozlowski (eds), Multilevel theory, research, and methods in
    organizations, 349-381.
    Donner A (1986). International Statistical Review 54(1):67-82.
    Searle SR (1971). Linear models, ch. 9 and 10. Wiley.
    Smith CAB (1957). Annals of Human Genetics 21(4):363-373.
    """
    sizes = sums.counts
    n, groups = sums.n_rows, sums.n_groups
    n0 = (n - float(sizes @ sizes) / n) / (groups - 1) if groups > 1 else NAN
    between, within = _mean_squares(sums, outcome)
    obstacle = _obstacle(sums, between, within)
    f = NAN if obstacle else (between / within if within > 0 else math.inf)
    p = float(fdtrc(groups - 1, n - groups, f)) if math.isfinite(f) else (NAN if obstacle else 0.0)
    icc = NAN if obstacle else _ratio(f, n0)
    return OneWay(
        n_rows=n,
        n_groups=groups,
        mean_size=n / groups,
        n0=n0,
        balanced=bool(np.ptp(sizes) == 0),
        ms_between=between,
        ms_within=within,
        f_statistic=f,
        p_value=p,
        smith_error=_smith(sizes, n0, icc),
        obstacle=obstacle,
    )


def _mean_squares(sums: GroupSums, outcome: str) -> tuple[float, float]:
    place = sums.place(outcome)
    n, groups, square = sums.n_rows, sums.n_groups, float(sums.units[place]) ** 2
    own = sums.sums[:, place]
    between = float(own @ (own / sums.counts)) - float(own.sum()) ** 2 / n
    if sums.equal_means(outcome):
        between = 0.0  # what is left is rounding
    within = float(sums.within[place, place])
    return (
        square * max(between, 0.0) / (groups - 1) if groups > 1 else NAN,
        square * within / (n - groups) if n > groups else NAN,
    )


def _obstacle(sums: GroupSums, between: float, within: float) -> str:
    if sums.n_groups == 1:
        return "there is one group only, and groups cannot be told apart"
    if sums.counts.max() == 1:
        return (
            "every group has one person only, so differences between groups cannot be told from "
            "those between people"
        )
    return "the outcome does not vary" if between == 0 and within == 0 else ""


def _smith(sizes: np.ndarray[tuple[int], np.dtype[np.float64]], n0: float, icc: float) -> float:
    """Return the large-sample standard error of the ICC(1) with n0."""
    if math.isnan(icc):
        return NAN
    n, groups = float(sizes.sum()), len(sizes)
    second, third = float(sizes @ sizes), float(sizes @ sizes**2)
    spread = second - 2.0 * third / n + second**2 / n**2
    within = (1.0 + (n0 - 1.0) * icc) ** 2 / (n - groups)
    between = (groups - 1) * (1.0 - icc) * (1.0 + icc * (2.0 * n0 - 1.0)) + icc**2 * spread
    variance = 2.0 * (1.0 - icc) ** 2 / n0**2 * (within + between / (groups - 1) ** 2)
    return math.sqrt(max(variance, 0.0))
