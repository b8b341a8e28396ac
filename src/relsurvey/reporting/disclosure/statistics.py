"""Statistics beside which the number of people could be worked out, made from the number shown.

An interval of alpha, or of a correlation, follows from the estimate and the number of people; so
does a p value from slope, interval and degrees of freedom. Where that number is rounded, they are
made for display from the rounded one: then they tell no more than it does, and agree with it.
"""

from __future__ import annotations

import math
from dataclasses import replace

from relsurvey.association.equivalence import Equivalence, equivalence
from relsurvey.reporting.coarse_shares import nearest

__all__ = ["correlation_of", "equivalence_of_rounded", "p_of_rounded", "rounded_df"]

FEWEST = 4  # Fisher's interval needs n - 3 > 0


def correlation_of(r: float, n: int, confidence: float) -> tuple[float, float, float]:
    """Return interval and p of a correlation of so many pairs.

    Parameters
    ----------
    r : float
        Pearson's.
    n : int
        Pairs, as shown.
    confidence : float
        Coverage of the interval.

    Returns
    -------
    tuple of float
        Lower and upper end by Fisher's z, and the two-sided p; NaN where n is below four or r
        is no number.

    Examples
    --------
    >>> [round(value, 3) for value in correlation_of(0.37, 15, 0.95)]
    [-0.176, 0.742, 0.175]
    """
    from scipy.special import ndtri, stdtr

    if n < FEWEST or not abs(r) < 1:
        return (r, r, 0.0) if abs(r) == 1 else (math.nan, math.nan, math.nan)
    half = float(ndtri(0.5 + confidence / 2)) / math.sqrt(n - 3)
    t = abs(r) * math.sqrt((n - 2) / (1 - r * r))
    centre = math.atanh(r)
    return math.tanh(centre - half), math.tanh(centre + half), 2 * float(stdtr(n - 2, -t))


def rounded_df(df: float, base: int) -> float:
    """Return degrees of freedom as coarse as counts of people.

    Examples
    --------
    >>> rounded_df(11.8, 5), rounded_df(1.2, 5), rounded_df(float("inf"), 5)
    (10.0, 5.0, inf)
    """
    return float(max(nearest(round(df), base), base)) if math.isfinite(df) else df


def p_of_rounded(half: float, estimate: float, df: float, confidence: float) -> float:
    """Return the p value of an estimate with this interval, by t with such degrees of freedom.

    It is below one minus the confidence just where the interval leaves zero out, so that no
    verdict is changed.

    Parameters
    ----------
    half : float
        Half the width of the interval.
    estimate : float
        In its middle.
    df : float
        Degrees of freedom, as shown.
    confidence : float
        Coverage of the interval.

    Returns
    -------
    float
        NaN where the interval or the degrees of freedom are not known.

    Examples
    --------
    >>> round(p_of_rounded(0.265, 0.085, 10, 0.95), 2), round(p_of_rounded(1, 1, 10, 0.95), 3)
    (0.49, 0.05)
    """
    from scipy.special import ndtri, stdtr, stdtrit

    if not (half > 0 and math.isfinite(estimate) and df > 0):
        return math.nan
    tail = 0.5 + confidence / 2
    normal = math.isinf(df)
    reach = float(ndtri(tail) if normal else stdtrit(df, tail))
    t = abs(estimate) / half * reach
    return math.erfc(t / math.sqrt(2)) if normal else 2 * float(stdtr(df, -t))


def equivalence_of_rounded(held: Equivalence, df: float) -> Equivalence:
    """Return an equivalence test remade from its wide interval and such degrees of freedom.

    Beside the interval that is shown, the narrow one and the p values of the exact test would
    tell the degrees of freedom.

    Parameters
    ----------
    held : Equivalence
        As computed.
    df : float
        Degrees of freedom, as shown.

    Returns
    -------
    Equivalence
        The same test, its verdict remade with it; as it is where there was none.

    Examples
    --------
    >>> exact = equivalence(0.02, 0.03, 43.2, 0.1)
    >>> remade = equivalence_of_rounded(exact, rounded_df(exact.df, 5))
    >>> remade.verdict, round(exact.interval_high - remade.interval_high, 9)
    ('none that matters', 0.0)
    """
    from scipy.special import ndtri, stdtrit

    half = held.interval_high - held.estimate
    if not half > 0:
        return held
    tail = 1 - held.alpha / 2
    reach = float(ndtri(tail) if math.isinf(df) else stdtrit(df, tail))
    remade = equivalence(held.estimate, half / reach, df, held.margin, held.alpha)
    return replace(remade, margin_standardised=held.margin_standardised)
