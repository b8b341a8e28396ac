"""How well common factors reproduce a correlation matrix."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc

from relsurvey.psychometrics.exploratory.extraction import discrepancy
from relsurvey.psychometrics.fit_indices import rmsea, rmsea_limits, tucker_lewis

__all__ = ["degrees_of_freedom", "fit_figures"]

Array: TypeAlias = npt.NDArray[np.float64]


def degrees_of_freedom(p: int, k: int) -> int:
    """Return ((p - k)^2 - (p + k)) / 2: correlations less what k factors of p items take up.

    Examples
    --------
    >>> degrees_of_freedom(25, 5), degrees_of_freedom(3, 1), degrees_of_freedom(2, 1)
    (185, 0, -1)
    """
    return ((p - k) ** 2 - (p + k)) // 2


def fit_figures(correlation: Array, model: Array, n: int, k: int) -> dict[str, float]:
    """Return the figures of fit.

    Parameters
    ----------
    correlation, model : ndarray, shape (p, p)
        As observed, and as factors and uniquenesses have it.
    n : int
        Rows.
    k : int
        Factors.

    Returns
    -------
    dict of str to float
        ``objective``, the maximum-likelihood discrepancy F at the solution, whatever the method;
        ``chisq`` = (n - 1 - (2p + 5)/6 - 2k/3) F with ``df`` and ``p_value`` (Bartlett 1951);
        ``rmsea`` = sqrt((chisq - df) / (df (n - 1))), zero where that is negative, with
        ``rmsea_low`` and ``rmsea_high`` (90%, from the noncentral chi-square); ``tli``
        (Tucker & Lewis 1973) against the model of no factors, ``null_chisq`` with ``null_df``,
        at the same multiplier, NaN where that is no worse than chance; ``bic`` = chisq - df
        log n (below zero: preferred to the saturated model); ``srmr``, the root mean square of
        the residuals, diagonal included; ``rms``, the same without the diagonal. NaN where there
        is no degree of freedom, and where a matrix is not positive definite or the multiplier
        is not above zero.

    Notes
    -----
    R psych's ``fa`` has the same chi-square, TLI, BIC and ``rms``. Its RMSEA divides the
    chi-square by df n and subtracts 1/(n - 1); the difference vanishes as n grows.

    References
    ----------
    Bartlett MS (1951). The effect of standardization on a chi-square approximation in factor
    analysis. Biometrika 38(3/4):337-344. doi 10.2307/2332580.
    Tucker LR, Lewis C (1973). A reliability coefficient for maximum likelihood factor analysis.
    Psychometrika 38(1):1-10. doi 10.1007/BF02291170.
    Steiger JH (1990). Structural model evaluation and modification. Multivariate Behavioral
    Research 25(2):173-180. doi 10.1207/s15327906mbr2502_4.
    """
    p = len(correlation)
    df, null_df = degrees_of_freedom(p, k), p * (p - 1) // 2
    multiplier = n - 1 - (2 * p + 5) / 6 - 2 * k / 3
    objective = max(discrepancy(correlation, model), 0.0)
    scale = multiplier if multiplier > 0 else math.nan
    chisq, null_chisq = scale * objective, scale * discrepancy(correlation, np.eye(p))
    low, high = rmsea_limits(chisq, df, n - 1)
    residual = correlation - model
    off = residual[np.triu_indices(p, 1)]
    half = residual[np.triu_indices(p)]
    return {
        "chisq": chisq,
        "df": df,
        "p_value": float(chdtrc(df, chisq)) if df > 0 else math.nan,
        "rmsea": rmsea(chisq, df, n - 1),
        "rmsea_low": low,
        "rmsea_high": high,
        "tli": tucker_lewis(chisq, df, null_chisq, null_df),
        "bic": chisq - df * math.log(n) if df > 0 else math.nan,
        "srmr": float(np.sqrt((half**2).mean())),
        "rms": float(np.sqrt((off**2).mean())),
        "objective": objective,
        "null_chisq": null_chisq,
        "null_df": null_df,
    }
