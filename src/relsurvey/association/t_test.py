"""The t test of an estimate against zero, and its interval: the same for every method."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr, stdtrit

from relsurvey.moments.group_columns import Floats

__all__ = ["t_test", "t_test_of_one"]


def t_test(
    estimate: npt.ArrayLike, std_error: npt.ArrayLike, df: npt.ArrayLike, confidence: float
) -> dict[str, Floats]:
    """Test estimates against zero, two-sided, and give them their intervals.

    Parameters
    ----------
    estimate, std_error, df : array-like
        Of any shapes that fit together; infinite ``df`` is a z test.
    confidence : float
        Coverage of the intervals.

    Returns
    -------
    dict of str to numpy.ndarray
        estimate, std_error, df, statistic, p_value, conf_low, conf_high. NaN stays NaN; without
        any error the statistic is infinite, or NaN for an estimate of zero.

    Examples
    --------
    >>> found = t_test([0.4, 0.0], [0.1, 0.1], 30.0, 0.95)
    >>> found["statistic"].tolist(), found["conf_low"].round(3).tolist()
    ([4.0, 0.0], [0.196, -0.204])
    """
    estimate, std_error, df = (
        np.asarray(given, dtype=np.float64) for given in (estimate, std_error, df)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = estimate / std_error
    half = stdtrit(df, 0.5 + confidence / 2.0) * std_error
    return {
        "estimate": estimate,
        "std_error": std_error,
        "df": df,
        "statistic": statistic,
        "p_value": 2.0 * stdtr(df, -np.abs(statistic)),
        "conf_low": estimate - half,
        "conf_high": estimate + half,
    }


def t_test_of_one(
    estimate: float, std_error: float, df: float, confidence: float
) -> dict[str, float]:
    """Test one estimate as `t_test` does; test and interval are NaN where there is no error.

    Examples
    --------
    >>> found = t_test_of_one(0.4, 0.0, 30.0, 0.95)
    >>> found["std_error"], found["p_value"]
    (0.0, nan)
    """
    usable = std_error if std_error > 0 and df > 0 else np.nan
    found = {name: float(one) for name, one in t_test(estimate, usable, df, confidence).items()}
    return {**found, "std_error": std_error}
