"""What is asked of pingouin. The only module that knows it, because it is GPL-3."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "correlation_bayes_factor",
    "intraclass_correlation",
    "made_ready",
    "pearson",
    "rank_correlation",
]


@contextmanager
def _pingouin() -> Iterator[Any]:
    """Give pingouin, its warnings held back: it works out more than is asked of it here."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        import pingouin

        yield pingouin


def made_ready() -> None:
    """Load pingouin, which takes a second or two, before it is asked anything."""
    with _pingouin():
        pass


def pearson(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Return Pearson's r and its two-sided p value.

    Parameters
    ----------
    x, y : numpy.ndarray
        Shape (n,), without missing values.

    Returns
    -------
    (float, float)
        As pingouin gives them, in full.

    References
    ----------
    Vallat R (2018). Pingouin: statistics in Python. Journal of Open Source Software 3(31):1026.
    """
    # It also computes a Bayes factor and power, not used here, that warn near r = 1.
    with _pingouin() as pingouin:
        row = pingouin.corr(x, y, method="pearson").iloc[0]
    return float(row["r"]), float(row["p_val"])


def intraclass_correlation(
    data: pd.DataFrame, *, targets: str, raters: str, ratings: str
) -> pd.DataFrame:
    """Return the six intraclass correlations of Shrout and Fleiss.

    Parameters
    ----------
    data : pandas.DataFrame
        Long form, one row a rating; every target rated once by every rater, nothing missing.
    targets, raters, ratings : str
        Its columns.

    Returns
    -------
    pandas.DataFrame
        As pingouin gives it; its limits are rounded, so they are left out.

    References
    ----------
    Shrout PE, Fleiss JL (1979). Intraclass correlations: uses in assessing rater reliability.
    Psychological Bulletin 86(2):420-428. doi 10.1037/0033-2909.86.2.420.
    """
    with _pingouin() as pingouin:
        table: pd.DataFrame = pingouin.intraclass_corr(
            data, targets=targets, raters=raters, ratings=ratings
        )
    return table.drop(columns=[name for name in table if str(name).startswith("CI")])


def rank_correlation(
    x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], method: str
) -> tuple[float, float]:
    """Return a correlation of ranks and its two-sided p value.

    Parameters
    ----------
    x, y : numpy.ndarray
        Shape (n,), without missing values.
    method : {"spearman", "kendall"}
        Spearman's rho, or Kendall's tau-b.

    Returns
    -------
    (float, float)
        As pingouin gives them, in full; its limits are rounded, so they are left out.

    References
    ----------
    Vallat R (2018). Pingouin: statistics in Python. Journal of Open Source Software 3(31):1026.
    """
    with _pingouin() as pingouin:
        row = pingouin.corr(x, y, method=method).iloc[0]
    return float(row["r"]), float(row["p_val"])


def correlation_bayes_factor(r: float, n: int, width: float = 1.0) -> float:
    """Return the Bayes factor of a correlation against none.

    Parameters
    ----------
    r : float
        Pearson's correlation.
    n : int
        How many pairs it rests on.
    width : float
        Width of the stretched beta prior on the correlation; 1 is uniform from -1 to 1.

    Returns
    -------
    float
        BF10, two-sided; infinite where it is too large to be held.

    References
    ----------
    Ly A, Verhagen J, Wagenmakers E-J (2016). Harold Jeffreys's default Bayes factor hypothesis
    tests: explanation, extension, and application in psychology. Journal of Mathematical
    Psychology 72:19-32. doi 10.1016/j.jmp.2015.06.004. Equation 25.
    """
    with _pingouin() as pingouin:
        try:
            return float(pingouin.bayesfactor_pearson(r, n, method="ly", kappa=width))
        except OverflowError:
            return float("inf")
