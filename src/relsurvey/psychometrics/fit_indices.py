"""Indices of fit from a chi-square and its degrees of freedom, for every kind of factor model.

Without degrees of freedom nothing was tested, and all of them are NaN; so they are where the
chi-square is not known.
"""

from __future__ import annotations

import math

from scipy.special import chndtr

__all__ = ["CONFIDENCE", "comparative_fit", "rmsea", "rmsea_limits", "tucker_lewis"]

CONFIDENCE = 0.90  # of the interval of RMSEA, as is usual


def comparative_fit(chisq: float, df: float, null_chisq: float, null_df: float) -> float:
    """Return CFI: how much of the misfit of the baseline model the model takes away.

    Parameters
    ----------
    chisq, df : float
        Of the model.
    null_chisq, null_df : float
        Of the baseline model, in which no two items are related.

    References
    ----------
    Bentler PM (1990). Comparative fit indexes in structural models. Psychological Bulletin
    107(2):238-246. doi 10.1037/0033-2909.107.2.238.
    """
    if not df > 0 or math.isnan(chisq + null_chisq):
        return math.nan
    excess = max(chisq - df, 0.0)
    possible = max(null_chisq - null_df, excess)
    return 1.0 if possible == 0 else 1 - excess / possible


def tucker_lewis(chisq: float, df: float, null_chisq: float, null_df: float) -> float:
    """Return TLI, which can lie outside 0 to 1.

    It says how far the model is from the baseline model to a perfect one, chi-square over its
    degrees of freedom being the measure. Where that of the baseline model is no larger than 1,
    which a perfect model has on average, there is no such way, and it is NaN.

    Parameters
    ----------
    chisq, df, null_chisq, null_df : float
        As in `comparative_fit`.

    References
    ----------
    Tucker LR, Lewis C (1973). A reliability coefficient for maximum likelihood factor
    analysis. Psychometrika 38(1):1-10. doi 10.1007/BF02291170.

    Examples
    --------
    >>> round(tucker_lewis(30.0, 20, 200.0, 28), 4), tucker_lewis(10.0, 20, 25.0, 28)
    (0.9186, nan)
    """
    if not df > 0 or not null_chisq > null_df:
        return math.nan
    ratio, null_ratio = chisq / df, null_chisq / null_df
    return (null_ratio - ratio) / (null_ratio - 1)


def rmsea(chisq: float, df: float, divisor: float) -> float:
    """Return RMSEA: misfit for each degree of freedom and row.

    Parameters
    ----------
    chisq, df : float
        Of the model.
    divisor : float
        Rows, or rows less one, as the chi-square has it; over the number of groups.

    References
    ----------
    Steiger JH (1998). A note on multiple sample extensions of the RMSEA fit index. Structural
    Equation Modeling 5(4):411-419. doi 10.1080/10705519809540115.
    """
    if not df > 0 or math.isnan(chisq):
        return math.nan
    return math.sqrt(max(chisq - df, 0.0) / (df * divisor))


def rmsea_limits(chisq: float, df: float, divisor: float) -> tuple[float, float]:
    """Return the limits of the 90 % interval of RMSEA, by the noncentral chi-square.

    Parameters
    ----------
    chisq, df, divisor : float
        As in `rmsea`.

    References
    ----------
    Browne MW, Cudeck R (1992). Alternative ways of assessing model fit. Sociological Methods &
    Research 21(2):230-258. doi 10.1177/0049124192021002005.

    Examples
    --------
    >>> [round(limit, 4) for limit in rmsea_limits(85.3, 24, 301)]
    [0.0714, 0.1137]
    """
    if not df > 0 or not math.isfinite(chisq):
        return math.nan, math.nan
    tail = (1 - CONFIDENCE) / 2
    low, high = (_noncentrality(chisq, df, share) for share in (1 - tail, tail))
    return math.sqrt(low / (df * divisor)), math.sqrt(high / (df * divisor))


def _noncentrality(chisq: float, df: float, share: float) -> float:
    """Return the noncentrality under which a chi-square is at this quantile; 0 if none is."""

    def above(noncentrality: float) -> bool:
        return float(chndtr(chisq, df, noncentrality)) > share

    if not above(0.0):
        return 0.0
    low, high = 0.0, max(chisq, 1.0)
    while above(high):
        low, high = high, 2 * high
    while (middle := (low + high) / 2) not in (low, high):
        low, high = (middle, high) if above(middle) else (low, middle)
    return middle
